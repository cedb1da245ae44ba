"""The page of an executed notebook: nbconvert's, in this folder's style, whole without network."""
import hashlib
import html
import json
import os
import pathlib
import re

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from nbconvert import HTMLExporter

HERE = pathlib.Path(__file__).resolve().parent
KERNEL = "espalier"


class Page:
    """REPORTS/NAME.html, the executed notebook beside it, and the record that the index reads."""

    def __init__(self, reports, name):
        self.html, self.ipynb, self.json = (reports / (name + ending) for ending in (".html", ".ipynb", ".json"))

    def record(self):
        try:
            return json.loads(self.json.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}

    def write(self, notebook, record):
        exporter = HTMLExporter(template_name="page", extra_template_basedirs=[str(HERE)])
        exporter.exclude_anchor_links = True
        page, _ = exporter.from_notebook_node(notebook, resources={"espalier": {
            "record": {key: html.escape(str(value)) for key, value in record.items() if key != "picture" and value is not None},
            "ipynb": html.escape(self.ipynb.name),
            "style": (HERE / "style.css").read_text(encoding="utf-8"),
            "plotly": plotly() if has_figures(notebook) else "",
        }})
        write_text(self.ipynb, nbformat.writes(notebook))
        write_text(self.html, page)
        # Last: without its record a page counts as not made.
        write_text(self.json, json.dumps({**record, "style": style_of_pages()}, indent=1))

    def write_again(self, record):
        """After a change of the style, without executing anything."""
        if record.get("style") != style_of_pages() or not self.html.exists():
            self.write(nbformat.read(self.ipynb, as_version=4), record)


def style_of_pages():
    return hashlib.sha256(b"\0".join((HERE / file).read_bytes() for file in ("style.css", "page.py", "page/index.html.j2"))).hexdigest()


def has_figures(notebook):
    return any("application/vnd.plotly.v1+json" in output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", []))


def plotly():
    """The library of the interactive figures, once, for the head of the page. The kernel's folder has it."""
    library = pathlib.Path(KernelSpecManager().get_kernel_spec(KERNEL).resource_dir, "plotly.min.js")
    return library.read_text(encoding="utf-8").replace("</script", "<\\/script") if library.exists() else ""


def title_and_paragraph(notebook, name):
    """The first heading, and the first paragraph below it, as plain text."""
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    heading = re.search(r"^#+\s+(.+?)\s*#*$", text, re.MULTILINE)
    blocks = (block for block in re.split(r"\n\s*\n", text[heading.end():] if heading else text) if block.strip())
    no_paragraph = r"\s*(#|\||>|```|[-*+] |<|!\[|\d+\. )"
    return (without_markup(heading.group(1)) if heading else name,
            without_markup(next((block for block in blocks if not re.match(no_paragraph, block)), "")))


def without_markup(markdown):
    linked = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    return " ".join(re.sub(r"(\*\*|__|`|\*|(?<!\w)_|_(?!\w))", "", linked).split())


def first_picture(notebook):
    pictures = (output.get("data", {}).get("image/png") for cell in notebook.cells for output in cell.get("outputs", []))
    return next((re.sub(r"\s", "", "".join(picture)) for picture in pictures if picture), None)


def text_of(output):
    """Without the colours that a terminal would show."""
    return re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", "".join(output))


def write_text(file, text):
    """Whole or not at all."""
    part = file.with_name(file.name + ".part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, file)
