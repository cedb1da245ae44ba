"""What kernel/install says, does and leaves on machines that lack something, and what the installed kernel says there."""

import json
import os
import pathlib
import stat
import subprocess
import tempfile
import unittest

INSTALL = pathlib.Path(__file__).resolve().parent.parent / "install"


def tested_java():
    """Another one in each round of kernel/test."""
    return os.environ.get("KERNEL_TEST_JAVA", "java")


class Installing(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="espalier install ")  # A path with spaces.
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def install(self, *options, **environment):
        return subprocess.run([INSTALL, "--prefix", self.folder / "prefix", *options], capture_output=True, text=True,
                              env={**os.environ, **environment})

    def refused(self, *options, **environment):
        done = self.install(*options, **environment)
        self.assertEqual(1, done.returncode, done.stdout + done.stderr)
        self.assertFalse((self.folder / "prefix" / "share" / "jupyter" / "kernels" / "espalier").exists())
        return done.stderr

    def java_that_says(self, version, modules):
        java = self.folder / "java"
        java.write_text(f"#!/bin/sh\ncase $* in\n*--list-modules*) printf '{modules}\\n' ;;\n"
                        f"*) echo '    java.specification.version = {version}' >&2 ;;\nesac\n")
        java.chmod(java.stat().st_mode | stat.S_IXUSR)
        return java

    def test_an_old_java_is_told_its_version_and_what_to_install(self):
        for version, told in (("1.8", "Java 8"), ("11", "Java 11")):
            said = self.refused("--java", self.java_that_says(version, "java.base"))
            self.assertIn(f"is {told}: too old", said)
            self.assertIn("apt-get install openjdk-17-jdk-headless", said)

    def test_a_java_newer_than_known_is_refused_by_name(self):
        self.assertIn("is Java 31: newer", self.refused("--java", self.java_that_says("31", "jdk.jshell")))

    def test_a_jre_is_told_from_a_jdk(self):
        said = self.refused("--java", self.java_that_says("17", "java.base@17\\njava.desktop@17"))
        self.assertIn("is a JRE", said)
        self.assertIn("apt-get install openjdk-17-jdk-headless", said)

    def test_a_java_that_is_not_there_is_named(self):
        self.assertIn("there is no java at /nowhere/java", self.refused("--java", "/nowhere/java"))

    def test_a_jupyter_that_is_not_there_is_told_with_what_to_install(self):
        said = self.refused("--java", tested_java(), "--jupyter", "/nowhere/jupyter")
        self.assertIn("no working jupyter", said)
        self.assertIn("apt-get install", said)

    def test_options_that_mean_nothing_are_named(self):
        self.assertIn("--heap lots is no size", self.refused("--java", tested_java(), "--heap", "lots"))
        self.assertIn("--device tpu is none", self.refused("--java", tested_java(), "--device", "tpu"))
        self.assertIn("there is no option --colour", self.refused("--colour"))
        self.assertIn("unlike '../other'", self.refused("--name", "../other"))

    def test_the_spec_has_absolute_paths_and_what_was_asked_for_and_can_be_removed(self):
        done = self.install("--java", tested_java(), "--heap", "700m", "--device", "cpu", "--name", "other")
        self.assertEqual(0, done.returncode, done.stderr)
        place = self.folder / "prefix" / "share" / "jupyter" / "kernels" / "other"
        spec = json.loads((place / "kernel.json").read_text())
        argv = spec["argv"]
        self.assertTrue(os.path.isabs(argv[0]) and os.access(argv[0], os.X_OK), argv[0])
        self.assertTrue(all(os.path.isabs(path) for path in argv[argv.index("-cp") + 1].split(":")))
        self.assertIn("-Xmx700m", argv)
        self.assertEqual("cpu", spec["env"]["ESPALIER_DEVICE"])
        self.assertEqual(0, self.install("--name", "other", "--uninstall").returncode)
        self.assertFalse(place.exists())

    def test_a_jre_in_the_place_of_the_jdk_says_so_at_the_start(self):
        """As when the system's packages took the JDK's compiler away after the installation."""
        jlink = pathlib.Path(tested_java()).resolve().parent / "jlink"
        if not jlink.exists() or subprocess.run([jlink, "--add-modules", "java.se", "--output", self.folder / "jre"], capture_output=True).returncode != 0:
            self.skipTest("this JDK can't make a JRE (no jmods)")
        spec = next(pathlib.Path(os.environ["JUPYTER_PATH"]).glob("kernels/espalier/kernel.json"))
        argv = json.loads(spec.read_text())["argv"]
        argv[0] = str(self.folder / "jre" / "bin" / "java")
        argv = [one.replace("{connection_file}", "/nowhere").replace("{resource_dir}", str(spec.parent)) for one in argv]
        done = subprocess.run(argv, capture_output=True, text=True, timeout=60)
        self.assertNotEqual(0, done.returncode)
        self.assertIn("is a JRE", done.stderr)
        self.assertIn("openjdk-17-jdk-headless", done.stderr)
