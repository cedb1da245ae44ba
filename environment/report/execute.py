"""Executes one notebook with the kernel `espalier` and writes what came out: REPORTS/NAME.ipynb, .html, and .json for the index.

Does nothing where that was done before with the same cells, build, kernel, results and scale. Exit code: 0, 1 (a cell failed: it is
named on stderr, and the page shows it), 3 (nothing had changed, nothing was executed), 130 (stopped: nothing written). Needs Jupyter's own libraries and Python's, nothing else.
"""
import argparse
import asyncio
import datetime
import hashlib
import os
import pathlib
import re
import signal
import socket
import sys
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbclient.util import ensure_async

from page import KERNEL, Page, text_of, title_and_paragraph, first_picture

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIVE = sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb" and not os.environ.get("CI")
COLOUR = LIVE and not os.environ.get("NO_COLOR")


def main():
    options = arguments()
    source = notebook_file(options.notebook)
    try:
        notebook = nbformat.read(source, as_version=4)
    except Exception as problem:  # nbformat raises whatever its parsers do
        return failed(source.stem, "", f"{source} is no notebook: {first_line(str(problem))}")
    # The scale is part of the name, so that a minute's smoke test never overwrites what took hours.
    page = Page(options.reports, source.stem if options.scale == "smoke" else f"{source.stem}-{options.scale}")
    record = page.record()
    if record.get("made_from") == fingerprint(notebook, options) and page.ipynb.exists() and not options.force:
        page.write_again(record)
        finished(source.stem, f"nothing changed since it ran ({record['time']})", "", options.width)
        return 3

    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    began = time.monotonic()
    error = asyncio.run(execute(notebook, source, options))
    took = duration(time.monotonic() - began)
    title, about = title_and_paragraph(notebook, source.stem)
    code_cells = sum(cell.cell_type == "code" for cell in notebook.cells)
    page.write(notebook, {
        "name": source.stem, "notebook": str(source), "title": title, "about": about, "picture": first_picture(notebook),
        "scale": options.scale, "time": took, "finished": datetime.datetime.now().astimezone().isoformat(timespec="minutes"), "error": error,
        # Taken once more: what a notebook itself adds to the results is no reason to run it again. A failure is always run again.
        "made_from": None if error else fingerprint(notebook, options),
    })
    if error:
        return failed(source.stem, f" after {took}", f"{error}\n  The page shows it: {page.html}")
    finished(source.stem, f"{code_cells} cells", took, options.width)
    return 0


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notebook", help="a file, or the name of one in notebooks/")
    parser.add_argument("--scale", required=True)
    parser.add_argument("--reports", type=pathlib.Path, required=True)
    parser.add_argument("--made-from", required=True, help="the fingerprint of build and kernel")
    parser.add_argument("--width", type=int, default=22, help="of the column of names")
    parser.add_argument("--force", action="store_true")
    return parser.parse_args()


def notebook_file(name):
    for candidate in (ROOT / "notebooks" / f"{name}.ipynb", ROOT / "notebooks" / name, pathlib.Path(name)):
        if candidate.is_file():
            return candidate.resolve()
    sys.exit(f"✗ no notebook is called {name}")


def fingerprint(notebook, options):
    digest = hashlib.sha256()
    for part in (options.scale, options.made_from, *(f"{cell.cell_type}\0{cell.source}" for cell in notebook.cells)):
        digest.update(part.encode() + b"\0")
    for file in sorted(path for path in (ROOT / "results").rglob("*") if path.is_file()):
        digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


# ------------------------------------------------------------------------------------------------------------------ running it


class Execution(NotebookClient):
    """A notebook client that can be stopped, and that remembers the last line that the running cell showed."""

    shown = last_line = ""
    stopped = False

    def stop(self, task):
        self.stopped = True
        task.cancel()

    def process_message(self, message, cell, cell_index):
        content = message["content"]
        if message["msg_type"] in ("stream", "display_data", "update_display_data"):
            text = content.get("text") or "\n" + content.get("data", {}).get("text/plain", "")
            self.shown = self.shown[-1000:] + text_of(text)
            self.last_line = next((part.strip() for part in reversed(re.split(r"[\r\n]+", self.shown)) if part.strip()), "")
        return super().process_message(message, cell, cell_index)


async def execute(notebook, source, options):
    """Runs the cells in order. Returns what went wrong, naming the cell, or None."""
    client = Execution(notebook, kernel_name=KERNEL, timeout=None, startup_timeout=180, resources={"metadata": {"path": str(source.parent)}})
    log = ROOT / "target" / "logs" / f"kernel-{source.stem}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    shows = asyncio.create_task(show(client, source.stem, options.width))
    cell = None
    with log.open("w", encoding="utf-8") as said:
        try:
            async with client.async_setup_kernel(stdout=said, stderr=said):
                # The client's own handlers would end the kernel and let the notebook run into the void: stop this task instead.
                for ending in (signal.SIGINT, signal.SIGTERM):
                    asyncio.get_running_loop().add_signal_handler(ending, client.stop, asyncio.current_task())
                notebook.metadata["language_info"] = await language(client)
                for index, cell in enumerate(notebook.cells):
                    await client.async_execute_cell(cell, index, execution_count=client.code_cells_executed + 1)
        except CellExecutionError as problem:
            return f"{named(client, cell)}: {problem.ename}: {first_line(text_of(problem.evalue), 400)}"
        except (asyncio.CancelledError, DeadKernelError):
            if client.stopped:  # which the client takes for the kernel's death
                progress("")
                sys.exit(130)
            return f"{named(client, cell)}: the kernel died; was there enough memory? Its last words: {last_line_of(log)}"
        except Exception as problem:  # whatever a kernel, its connection or its specification can raise
            return f"the kernel did not start ({reason(problem)}); its last words: {last_line_of(log)}"
        finally:
            shows.cancel()
    return None


def reason(problem):
    """What an exception says, or is; and whether Jupyter can talk to a kernel on this machine at all."""
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            socket.create_connection(server.getsockname(), 1).close()
        network = ""
    except OSError as down:
        network = f"; the loopback interface, by which Jupyter talks to kernels, is down ({down}): ip link set lo up"
    return (str(problem).strip() or type(problem).__name__) + network


async def language(client):
    """What colours the code of the page."""
    reply = await client.async_wait_for_reply(await ensure_async(client.kc.kernel_info()))
    return reply["content"]["language_info"] if reply else {"name": "java"}


async def show(client, name, width):
    """A terminal sees the state every second, a log file every half minute."""
    began, seconds, cells = time.monotonic(), 0, sum(cell.cell_type == "code" for cell in client.nb.cells)
    if not LIVE:
        print(f"  {name:<{width}}  {cells} cells ...", flush=True)
    while True:
        await asyncio.sleep(1)
        seconds += 1
        where = f"cell {client.code_cells_executed} of {cells}" if client.code_cells_executed else "the kernel starts"
        state = f"  {name:<{width}}  {where}, {time.monotonic() - began:.0f} s  {client.last_line}"
        if LIVE:
            progress(state)
        elif seconds % 30 == 0:
            print(state[:140], flush=True)


def named(client, cell):
    """The cell as its page shows it: by number, and by its first line."""
    return f"cell [{client.code_cells_executed}] ({first_line(cell.source, 60)})"


# ------------------------------------------------------------------------------------------------------------------ saying it


def progress(text):
    if LIVE:
        sys.stdout.write(f"\r\033[K{text[:(os.get_terminal_size().columns or 100) - 1]}")
        sys.stdout.flush()


def finished(name, what, took, width):
    progress("")
    green, dim, end = ("\033[32m", "\033[2m", "\033[0m") if COLOUR else ("", "", "")
    print(f"{green}✓{end} {name:<{width}}  {what:<48} {dim}{took:>9}{end}", flush=True)


def failed(name, when, why):
    progress("")
    red, end = ("\033[31m", "\033[0m") if COLOUR else ("", "")
    print(f"{red}✗{end} {name} failed{when}: {why}", file=sys.stderr, flush=True)
    return 1


def duration(seconds):
    tenths = int(seconds * 10)
    return f"{tenths / 10:.1f} s" if tenths < 600 else f"{tenths // 600} min {tenths % 600 // 10:02d} s"


def first_line(text, limit=120):
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= limit else line[:limit - 3] + "..."


def last_line_of(file):
    lines = [line for line in file.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    return f"{lines[-1].strip()} ({file})" if lines else "none"


if __name__ == "__main__":
    sys.exit(main())
