"""Tests the kernel through real Jupyter clients.

usage: kernel/test [--java PATH]... [NAME]...

Installs the kernel into a folder of its own, once for every JDK from 17 to 25 that is found (or for those named), and runs the tests with it:
all of them, or those of the modules named (--help lists them). Needs a build (mvn package) and Debian's packages jupyter-nbconvert, jupyter-client and python3-jupyter-kernel-test, or the same from pip.
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
MODULES = ["conformance", "protocol", "interrupts", "cells", "errors", "magics", "displays", "memory", "speed", "installing"]


def jdks():
    """One JDK for each version that is installed, by its java."""
    homes = [os.environ["JAVA_HOME"]] if os.environ.get("JAVA_HOME") else []
    if shutil.which("java"):
        homes.append(pathlib.Path(shutil.which("java")).resolve().parent.parent)
    homes += sorted(pathlib.Path("/usr/lib/jvm").glob("*")) if pathlib.Path("/usr/lib/jvm").is_dir() else []
    found = {}
    for home in map(pathlib.Path, homes):
        if (home / "bin" / "javac").exists() and (home / "release").exists():
            version = re.search(r'JAVA_VERSION="(?:1\.)?(\d+)', (home / "release").read_text())
            if version and 17 <= int(version.group(1)) <= 25:
                found.setdefault(int(version.group(1)), home / "bin" / "java")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--java", action="append", default=[])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MODULES))
    arguments = parser.parse_args()
    unknown = [name for name in arguments.names if name not in MODULES]
    if unknown:
        parser.error(f"there are no tests called {', '.join(unknown)}; there are {', '.join(MODULES)}")
    javas = arguments.java or [str(java) for java in jdks().values()]
    if not javas:
        sys.exit("kernel/test: there is no JDK from 17 to 25. On Debian and Ubuntu: apt-get install openjdk-17-jdk-headless")
    sys.path.insert(0, str(HERE))
    good = True
    for java in javas:
        with tempfile.TemporaryDirectory(prefix="espalier-kernel-") as folder:
            print(f"\n{java}", flush=True)
            install = subprocess.run([HERE.parent / "install", "--prefix", folder, "--java", java], capture_output=True, text=True)
            if install.returncode != 0:
                print(install.stdout + install.stderr)
                good = False
                continue
            os.environ.update(JUPYTER_PATH=f"{folder}/share/jupyter", JUPYTER_RUNTIME_DIR=f"{folder}/runtime", KERNEL_TEST_JAVA=java,
                              KERNEL_TEST_PREFIX=folder)
            suite = unittest.TestSuite(unittest.defaultTestLoader.loadTestsFromName(name) for name in arguments.names or MODULES)
            good = unittest.TextTestRunner(verbosity=2).run(suite).wasSuccessful() and good
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
