"""Writes REPORTS/index.html: a card for every page there, from the .json that each execution left. Python's own library only."""
import html
import json
import os
import pathlib
import subprocess
import sys


def main(reports, root, *facts):
    records = [record for file in reports.glob("*.json") if (record := read(file))]
    records.sort(key=lambda record: (record["name"] != "quickstart", record["name"], record["scale"]))
    style = (pathlib.Path(__file__).resolve().parent / "style.css").read_text(encoding="utf-8")
    shown = "".join(f"<dt>{html.escape(name)}</dt><dd>{html.escape(value)}</dd>" for name, value in [("commit", commit(root)), *pairs(facts)] if value)
    write(reports / "index.html", f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Espalier: executed notebooks</title>
<style>
{style}
</style>
</head>
<body>
<nav><span>Espalier</span><span>{len(records)} page{"s" * (len(records) != 1)}</span></nav>
<main>
<h1>How should a pruned network be retrained?</h1>
<p class="lead">The notebooks of this checkout as they ran on this machine. Each page has its code, its figures and its numbers; the executed notebook lies beside it.</p>
<div class="cards">
{"".join(card(record) for record in records)}
</div>
<h2>Made by</h2>
<dl class="facts">{shown}</dl>
</main>
</body>
</html>
""")


def read(file):
    """What the execution left, or None if its notebook is gone or was renamed, since its page would only confuse."""
    try:
        record = json.loads(file.read_text(encoding="utf-8")) | {"page": file.name.removesuffix(".json") + ".html"}
        return record if pathlib.Path(record["notebook"]).exists() else None
    except (ValueError, KeyError):
        return None


def card(record):
    text = {key: html.escape(str(value)) for key, value in record.items()}
    picture = f'<div class="picture"><img alt="" src="data:image/png;base64,{record["picture"]}"></div>' if record.get("picture") \
        else '<div class="picture none"></div>'
    failed = bool(record.get("error"))
    about = f'<p class="bad">{text["error"]}</p>' if failed else f'<p>{html.escape(shortened(record["about"]))}</p>'
    state = '<span class="bad">✗ failed</span>' if failed else '<span class="ok">✓ executed</span>'
    return f"""<a class="card" href="{html.escape(record["page"])}">{picture}<h2>{text["title"]}</h2>{about}
<footer>{state}<span>{text["scale"]} · {text["time"]}</span></footer></a>
"""


def shortened(text, limit=260):
    return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0] + " ..."


def commit(root):
    git = ["git", "-c", "safe.directory=*", "-C", str(root)]
    try:
        name = subprocess.run([*git, "log", "-1", "--format=%h %cs"], capture_output=True, text=True, check=True).stdout.strip()
        changed = subprocess.run([*git, "status", "--porcelain"], capture_output=True, text=True, check=True).stdout.strip()
        return name + (", with changes that are not committed" if changed else "")
    except (OSError, subprocess.CalledProcessError):
        return ""


def pairs(facts):
    return [tuple(fact.split("=", 1)) for fact in facts]


def write(file, text):
    part = file.with_name(file.name + ".part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, file)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), *sys.argv[3:])
