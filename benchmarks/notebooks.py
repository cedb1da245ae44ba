"""Runs published Java notebooks as they are, and counts the cells that pass.

usage: benchmarks/notebooks.py [--kernel NAME] [--patience SECONDS] --out FILE NOTEBOOK...

Every notebook runs in a fresh kernel and in its own folder, and goes on after a cell that fails. What fails is told apart: by the network or a file that
isn't there, by the notebook's own libraries (an exception that their code throws), and the rest, for which the kernel answers until somebody has looked.
What fails to compile behind a failed cell is counted with the first failure. Kernels are found as Jupyter finds them (JUPYTER_PATH).
"""
import argparse
import json
import os
import pathlib
import re
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "kernel" / "tests"))
import kernel as kernels  # noqa: E402

NETWORK = re.compile(r"UnknownHost|ConnectException|No route|timed out|SSLHandshake|Could not (find artifact|transfer|resolve)|[Ff]ailed to (download|collect|resolve|read artifact)|"
                     r"was not found in|there is no /\S+\.jar|HTTP/1.1|response code: [45]|[Nn]o such file.*(csv|zip|jpg|png|txt)|IllegalStateException: Failed to download")
COMPILING = re.compile(r"CompilationError|UnresolvedReference|CompilationException|EvaluationInterrupted|cannot find symbol")


def cause(error, first):
    text = f"{error['ename']}: {error['evalue']} {' '.join(error.get('traceback', []))}"
    if NETWORK.search(text):
        return "network"
    if COMPILING.search(text) or "cannot find symbol" in text:
        return first or "rest"
    return "own" if re.match(r"(java|ai|org|com|tech)\.", error["ename"]) else "rest"


def run(path, name, patience, out):
    cells = [source for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"
             for source in ["".join(cell["source"])] if source.strip()]
    counts = {"cells": len(cells), "passed": 0, "network": 0, "own": 0, "rest": 0}
    os.chdir(path.parent)
    kernels.PATIENCE = patience
    first = None
    running = kernels.Kernel(name)
    try:
        for number, source in enumerate(cells, 1):
            try:
                ran = running.run(source, stop_on_error=False)
            except Exception as late:  # the client's, when no answer came
                print(f"{path.stem} cell {number} of {len(cells)}: no answer in {patience} s ({type(late).__name__})", file=out, flush=True)
                counts["rest"] += len(cells) - number + 1
                break
            if ran.status == "ok":
                counts["passed"] += 1
                continue
            error = ran.error() or {"ename": "", "evalue": str(ran.reply)}
            why = cause(error, first)
            first = first or why
            counts[why] += 1
            print(f"{path.stem} cell {number}: {why}: {source.strip().splitlines()[0][:60]!r}: {error['ename']}: {error['evalue'][:300]!r}", file=out, flush=True)
    finally:
        running.stop()
    print(f"== {path.stem} {counts}", file=out, flush=True)
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kernel", default="espalier")
    parser.add_argument("--patience", type=float, default=120)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("notebooks", nargs="+", type=lambda name: pathlib.Path(name).resolve())
    options = parser.parse_args()
    began, total = time.monotonic(), {}
    with options.out.open("w", encoding="utf-8") as out:
        for path in options.notebooks:
            for key, count in run(path, options.kernel, options.patience, out).items():
                total[key] = total.get(key, 0) + count
        print(f"== total {total} in {time.monotonic() - began:.0f} s", file=out)
    print(total)


if __name__ == "__main__":
    main()
