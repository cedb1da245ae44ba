"""Lines that begin with a percent sign."""

import pathlib
import subprocess
import tempfile
import zipfile

from kernel import KernelTest


class Magics(KernelTest):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def refused(self, code):
        return self.kernel.failed(code).error()["evalue"]

    def test_time_measures_a_line_and_a_cell_and_shows_their_values(self):
        for code in ("%time Thread.sleep(120)", "%%time\nThread.sleep(60);\nThread.sleep(60);\n7"):
            ran = self.kernel.ok(code)
            self.assertRegex(ran.text(), r"Wall time: (1[2-9]\d|[2-9]\d\d) ms")
        self.assertEqual("7", ran.value())
        self.assertEqual("5", self.kernel.ok("%time 2 + 3").value())

    def test_a_timed_cell_that_fails_is_still_an_error_of_its_own_line(self):
        ran = self.kernel.failed("%%time\nint fine = 1;\nint[] none = null; none[0] = 1;")
        self.assertIn("Wall time", ran.text())
        self.assertIn("line 3", "\n".join(ran.error()["traceback"]))

    def test_load_runs_a_file_of_snippets(self):
        (self.folder / "set up.jsh").write_text("int loaded = 41;\nint more(int x) {\n    return x + 1;\n}\n")
        self.kernel.ok(f"%load {self.folder}/set up.jsh")
        self.assertEqual("42", self.kernel.ok("more(loaded)").value())
        self.assertIn("cannot read", self.refused("%load nowhere.jsh"))

    def test_classpath_takes_folders_jars_and_folders_of_jars(self):
        for name in ("InFolder", "InJar", "AmongJars"):
            (self.folder / f"{name}.java").write_text(f"package extra; public class {name} {{ public static int two() {{ return 2; }} }}")
        subprocess.run(["javac", "--release", "17", "-d", self.folder / "classes", *self.folder.glob("*.java")], check=True)
        (self.folder / "jars").mkdir()
        for jar, name in (("one.jar", "InJar"), ("jars/two.jar", "AmongJars")):
            with zipfile.ZipFile(self.folder / jar, "w") as out:
                out.write(self.folder / "classes" / "extra" / f"{name}.class", f"extra/{name}.class")
            (self.folder / "classes" / "extra" / f"{name}.class").unlink()
        self.assertIn("package extra does not exist", self.refused("import extra.InJar;"))
        self.kernel.ok(f"%classpath {self.folder}/classes {self.folder}/one.jar {self.folder}/jars/*")
        self.assertEqual("6", self.kernel.ok("extra.InFolder.two() + extra.InJar.two() + extra.AmongJars.two()").value())
        self.assertIn("there is no", self.refused("%classpath /nowhere/some.jar"))

    def test_maven_adds_what_is_lacking_and_keeps_the_projects_versions(self):
        # A library that the build has fetched, and that needs one which the kernel runs with in another version.
        ran = self.kernel.ok("%maven org.apache.maven.shared:maven-shared-utils:3.4.2")
        self.assertIn("maven-shared-utils-3.4.2.jar", ran.text())
        self.assertNotIn("slf4j-api", ran.text())
        self.assertEqual("true", self.kernel.ok('org.apache.maven.shared.utils.StringUtils.isEmpty("")').value())

    def test_maven_says_what_it_could_not_find(self):
        self.assertIn("org.nowhere:nothing", self.refused("%maven org.nowhere:nothing:1"))
        self.assertIn("is no library: write group:artifact:version", self.refused("%maven commons-csv"))
        self.assertIn("needs libraries", self.refused("%maven"))

    def test_magics_are_listed_with_help_and_unknown_ones_say_which_exist(self):
        text = self.kernel.ok("%magics").text()
        for name in ("time", "load", "classpath", "maven", "help", "magics"):
            self.assertIn("%" + name, text)
            self.assertIn("%" + name, self.refused("%nonsense"))
        self.assertIn("%%time", self.refused("%%nonsense\n1"))

    def test_a_percent_sign_within_java_is_no_magic(self):
        self.assertEqual("1", self.kernel.ok("7\n    % time(3)\n".replace("time(3)", "3")).value())
        self.assertEqual("%time 1", self.kernel.ok('"""\n%time 1"""').value())
