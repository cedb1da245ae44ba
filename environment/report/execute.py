"""Executes one notebook with the kernel `espalier` and writes what came out: REPORTS/<page>.ipynb, .html, and .json for the index.

Does nothing where that was done before from the same cells, build, kernel, results and scale. Exit code: 0, 1 (a cell failed; said
on stderr, and the page shows it), 130 (stopped; nothing written). Runs on Jupyter's own libraries and Python's, nothing else.
"""
import argparse
import asyncio
import datetime
import hashlib
import html
import json
import os
import pathlib
import re
import signal
import sys
import time

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbconvert import HTMLExporter

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent
KERNEL = "espalier"
LIVE = sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb" and not os.environ.get("CI")
COLOUR = LIVE and not os.environ.get("NO_COLOR")


class Execution(NotebookClient):
    """A notebook client that remembers the last line that the running cell showed."""

    last_line = shown = ""

    def process_message(self, message, cell, cell_index):
        content = message["content"]
        if message["msg_type"] in ("stream", "display_data", "update_display_data"):
            text = content.get("text") or "\n" + content.get("data", {}).get("text/plain", "")
            self.shown = self.shown[-1000:] + plain(text)
            self.last_line = next((part.strip() for part in reversed(re.split(r"[\r\n]+", self.shown)) if part.strip()), "")
        return super().process_message(message, cell, cell_index)


def main():
    options = arguments()
    source = notebook_file(options.notebook)
    try:
        notebook = nbformat.read(source, as_version=4)
    except Exception as problem:  # nbformat raises whatever its parsers do
        return failed(source.stem, "", f"{source} is no notebook: {first_line(str(problem))}")
    page = options.reports / (source.stem if options.scale == "smoke" else f"{source.stem}-{options.scale}")
    record = read_json(page.with_suffix(".json"))
    made_from = fingerprint(notebook, options)
    if record.get("made_from") == made_from and page.with_suffix(".ipynb").exists() and not options.force:
        executed = nbformat.read(page.with_suffix(".ipynb"), as_version=4)
        if record.get("page_made_from") != page_fingerprint() or not page.with_suffix(".html").exists():
            write_page(page, executed, record)
        finished(source.stem, f"nothing changed since it ran ({record['time']})", "", options.width)
        return 0

    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    began = time.monotonic()
    error = asyncio.run(execute(notebook, source, options))
    seconds = time.monotonic() - began
    title, about = title_and_paragraph(notebook, source.stem)
    record = {
        "name": source.stem, "notebook": str(source), "scale": options.scale, "title": title, "about": about, "seconds": seconds, "time": duration(seconds),
        "finished": datetime.datetime.now().astimezone().isoformat(timespec="minutes"),
        "cells": sum(cell.cell_type == "code" for cell in notebook.cells), "error": error, "picture": first_picture(notebook),
    }
    write_text(page.with_suffix(".ipynb"), nbformat.writes(notebook))
    if not error:
        # Taken again: what a notebook adds to the results is no reason to run it once more.
        record["made_from"] = fingerprint(notebook, options)
    write_page(page, notebook, record)
    if error:
        return failed(source.stem, f" after {record['time']}", f"{error}\n  The page shows it: {page.with_suffix('.html')}")
    finished(source.stem, f"{record['cells']} cells", record["time"], options.width)
    return 0


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notebook", help="a file, or the name of one in notebooks/")
    parser.add_argument("--scale", required=True)
    parser.add_argument("--reports", type=pathlib.Path, required=True)
    parser.add_argument("--made-from", required=True, help="the fingerprint of build and kernel")
    parser.add_argument("--width", type=int, default=10, help="of the column of names")
    parser.add_argument("--force", action="store_true")
    return parser.parse_args()


def notebook_file(name):
    for candidate in (ROOT / "notebooks" / f"{name}.ipynb", ROOT / "notebooks" / name, pathlib.Path(name)):
        if candidate.is_file():
            return candidate.resolve()
    there = ", ".join(sorted(file.stem for file in (ROOT / "notebooks").glob("*.ipynb"))) or "none"
    sys.exit(f"✗ no notebook is called {name}; in notebooks/ there are: {there}")


def fingerprint(notebook, options):
    digest = hashlib.sha256()
    for part in (options.scale, options.made_from, *(f"{cell.cell_type}\0{cell.source}" for cell in notebook.cells)):
        digest.update(part.encode() + b"\0")
    for file in sorted(path for path in (ROOT / "results").rglob("*") if path.is_file()):
        digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


# ------------------------------------------------------------------------------------------------------------------ running it


async def execute(notebook, source, options):
    """Runs the cells in order. Returns what went wrong, naming the cell, or None."""
    client = Execution(notebook, kernel_name=KERNEL, timeout=None, startup_timeout=180, resources={"metadata": {"path": str(source.parent)}})
    began, index, code_cells = time.monotonic(), 0, sum(cell.cell_type == "code" for cell in notebook.cells)

    async def show():
        seconds = 0
        while True:
            await asyncio.sleep(1)
            seconds += 1
            done = client.code_cells_executed
            state = f"{f'cell {done} of {code_cells}' if done else 'the kernel starts'}, {time.monotonic() - began:.0f} s  {client.last_line}"
            if LIVE:
                progress(f"  {source.stem:<{options.width}}  {state}")
            elif seconds % 30 == 0:
                print(f"  {source.stem:<{options.width}}  {state[:100]}", flush=True)

    if not LIVE:
        print(f"  {source.stem:<{options.width}}  {code_cells} cells ...", flush=True)
    log = ROOT / "target" / "logs" / f"kernel-{source.stem}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    said = log.open("w", encoding="utf-8")
    shown = asyncio.create_task(show())
    try:
        async with client.async_setup_kernel(stdout=said, stderr=said):
            # The client's own handlers would end the kernel and let the notebook run into the void: stop the task instead.
            for ending in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(ending, asyncio.current_task().cancel)
            for index, cell in enumerate(notebook.cells):
                await client.async_execute_cell(cell, index, execution_count=client.code_cells_executed + 1)
    except asyncio.CancelledError:
        progress("")
        sys.exit(130)
    except CellExecutionError as problem:
        return f"{named(client, notebook.cells[index])}: {described(problem)}"
    except DeadKernelError:
        return f"{named(client, notebook.cells[index])}: the kernel died; was there enough memory? What it said last: {last_line_of(log)}"
    except Exception as problem:  # whatever a kernel, its connection or its specification can raise
        return f"the kernel did not start ({problem}); what it said last: {last_line_of(log)}"
    finally:
        shown.cancel()
        said.close()
    return None


def named(client, cell):
    """The cell as its page shows it: by number, and by its first line."""
    return f"cell [{client.code_cells_executed}] ({first_line(cell.source)})"


def described(problem):
    value = plain(getattr(problem, "evalue", "") or "").strip().splitlines()
    return f"{getattr(problem, 'ename', 'error')}: {value[0] if value else ''}".strip()


def progress(text):
    if LIVE:
        width = os.get_terminal_size().columns or 100
        sys.stdout.write(f"\r\033[K{text[:width - 1]}")
        sys.stdout.flush()


def finished(name, what, took, width):
    progress("")
    green, dim, end = ("\033[32m", "\033[2m", "\033[0m") if COLOUR else ("", "", "")
    print(f"{green}✓{end} {name:<{width}}  {what:<56} {dim}{took:>9}{end}", flush=True)


def failed(name, when, why):
    progress("")
    red, end = ("\033[31m", "\033[0m") if COLOUR else ("", "")
    print(f"{red}✗{end} {name} failed{when}: {why}", file=sys.stderr, flush=True)
    return 1


# ------------------------------------------------------------------------------------------------------------------ writing it down


def write_page(page, notebook, record):
    exporter = HTMLExporter(template_name="page", extra_template_basedirs=[str(HERE)])
    exporter.exclude_anchor_links = True
    body, _ = exporter.from_notebook_node(notebook, resources={"espalier": {
        "record": {key: html.escape(str(value)) for key, value in record.items() if key != "picture" and value is not None},
        "ipynb": html.escape(page.with_suffix(".ipynb").name),
        "style": (HERE / "style.css").read_text(encoding="utf-8"),
        "plotly": plotly() if has_figures(notebook) else "",
    }})
    write_text(page.with_suffix(".html"), body)
    record["page_made_from"] = page_fingerprint()
    write_text(page.with_suffix(".json"), json.dumps(record, indent=1))


def page_fingerprint():
    files = sorted(file for file in HERE.rglob("*") if file.suffix in (".css", ".j2", ".py"))
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def has_figures(notebook):
    return any("application/vnd.plotly.v1+json" in output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", []))


def plotly():
    """The library of the interactive figures, for the head of the page, which is read without network. The kernel brings it."""
    library = pathlib.Path(KernelSpecManager().get_kernel_spec(KERNEL).resource_dir, "plotly.min.js")
    return library.read_text(encoding="utf-8").replace("</script", "<\\/script") if library.exists() else ""


def title_and_paragraph(notebook, name):
    """The first heading and the first paragraph below it, as plain text."""
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    heading = re.search(r"^#+\s+(.+?)\s*#*$", text, re.MULTILINE)
    rest = text[heading.end():] if heading else text
    paragraph = next((block for block in re.split(r"\n\s*\n", rest) if not re.match(r"\s*(#|\||>|```|[-*+] |<|!\[|\d+\. )", block) and block.strip()), "")
    return without_markup(heading.group(1)) if heading else name, without_markup(paragraph)


def without_markup(markdown):
    linked = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    return " ".join(re.sub(r"(\*\*|__|`|\*|(?<!\w)_|_(?!\w))", "", linked).split())


def first_picture(notebook):
    pictures = (output.get("data", {}).get("image/png") for cell in notebook.cells for output in cell.get("outputs", []))
    return next((re.sub(r"\s", "", picture) for picture in pictures if picture), None)


def read_json(file):
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def write_text(file, text):
    """Whole or not at all."""
    part = file.with_name(file.name + ".part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, file)


def duration(seconds):
    tenths = int(seconds * 10)
    return f"{tenths / 10:.1f} s" if tenths < 600 else f"{tenths // 600} min {tenths % 600 // 10:02d} s"


def plain(text):
    return re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", "".join(text))


def first_line(source):
    line = next((line.strip() for line in source.splitlines() if line.strip()), "")
    return line if len(line) <= 60 else line[:57] + "..."


def last_line_of(file):
    lines = [line for line in file.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    return f"{lines[-1].strip()} ({file})" if lines else "nothing"


if __name__ == "__main__":
    sys.exit(main())
