"""Lines that begin with a percent sign."""

import pathlib
import subprocess
import tempfile
import zipfile

import nbformat
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
        (self.folder / "a folder").mkdir()
        (self.folder / "one.jar").rename(self.folder / "a folder" / "the jar.jar")
        for path in (f'"{self.folder}/a folder/the jar.jar"', f"{self.folder}/a folder/the jar.jar", f"{self.folder}/a\\ folder/*.jar"):
            self.kernel.ok("%jars " + path)
        self.assertEqual("1", self.kernel.ok('Arrays.stream(System.getProperty("java.class.path").split(":")).filter(p -> p.endsWith("the jar.jar")).count()').value())
        self.assertEqual("6", self.kernel.ok("extra.InFolder.two() + extra.InJar.two() + extra.AmongJars.two()").value())
        self.assertIn("there is no", self.refused("%classpath /nowhere/some.jar"))

    def test_an_added_jar_brings_what_it_has_for_java_kernels(self):
        (self.folder / "Greeter.java").write_text(
            "package extra; public class Greeter implements org.dflib.jjava.jupyter.Extension {\n"
            "    public void install(org.dflib.jjava.jupyter.kernel.BaseKernel kernel) {\n"
            "        kernel.getMagicsRegistry().registerLineMagic(\"greet\", (one, arguments) -> \"hello, \" + arguments.get(0));\n"
            "        kernel.getMagicsRegistry().registerCellMagic(\"shout\", (one, arguments, body) -> body.toUpperCase());\n    }\n}\n")
        class_path = self.kernel.ok('System.getProperty("java.class.path")').value()
        subprocess.run(["javac", "--release", "17", "-cp", class_path, "-d", self.folder / "classes", self.folder / "Greeter.java"], check=True)
        with zipfile.ZipFile(self.folder / "greeter.jar", "w") as out:
            out.write(self.folder / "classes" / "extra" / "Greeter.class", "extra/Greeter.class")
            out.writestr("META-INF/services/org.dflib.jjava.jupyter.Extension", "extra.Greeter\n")
        self.kernel.ok(f"%classpath {self.folder}/greeter.jar")
        self.assertEqual("hello, you", self.kernel.ok("%greet you").value())
        self.assertEqual("ABC", self.kernel.ok("%%shout\nabc").value())

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

    def test_maven_says_which_version_stays_in_use(self):
        text = self.kernel.ok("%maven com.google.guava:guava:20.0").text()
        self.assertNotIn("Added", text)
        self.assertRegex(text, r"guava 33[\w.-]+ stays in use, not 20.0")
        self.assertIn("Nothing to add", self.kernel.ok("%maven org.apache.commons:commons-math3:3.6.1").text())

    def test_a_project_brings_its_dependencies(self):
        text = self.kernel.ok("// what we need\n%%loadFromPOM\n<dependency>\n  <groupId>com.google.guava</groupId>\n  <artifactId>guava</artifactId>\n"
                              "  <version>20.0</version>\n</dependency>").text()
        self.assertIn("stays in use", text)
        self.assertIn("no <dependency>", self.refused("%%loadFromPOM\nnothing"))
        self.kernel.ok("%dependency /add com.google.guava:guava:20.0 --optional")
        self.assertIn("stays in use", self.kernel.ok("%dependency /resolve").text())

    def test_load_runs_notebooks_with_and_without_their_ending(self):
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# text"), nbformat.v4.new_code_cell("// first\n%%time\nint forty = 40;"),
                                                   nbformat.v4.new_code_cell("int answer() {\n    return forty + 2;\n}"), nbformat.v4.new_code_cell("answer()")])
        nbformat.write(notebook, self.folder / "other book.ipynb")
        self.assertEqual("42", self.kernel.ok(f"%load {self.folder}/other book.ipynb").value())
        self.assertEqual("42", self.kernel.ok(f"%load {self.folder}/other book").value())
        (self.folder / "broken.ipynb").write_text("{}")
        self.assertIn("no notebook", self.refused(f"%load {self.folder}/broken.ipynb"))

    def test_a_magics_value_can_be_given_to_a_variable(self):
        self.kernel.ok("var t = %time 1 + 1")
        self.assertEqual("2", self.kernel.ok("t").value())

    def test_commands_of_the_shell_run(self):
        for code in ("!echo hello", "%system echo hello", "%sh echo hello", "%%bash\necho hello", "// say it\n%%sh\necho hello"):
            self.assertEqual("hello\n", self.kernel.ok(code).text())
        self.kernel.ok('String word = "he";')
        self.assertEqual("hello\n", self.kernel.ok("!echo \\{word}llo").text())
        self.assertIn("ended with 3", self.refused("%%bash\nexit 3"))
        self.assertEqual("false", self.kernel.ok("boolean echo = true;\n!echo").value())

    def test_variables_are_listed(self):
        self.kernel.ok('String listed = "a\\nb";')
        for code in ("/vars", "%whos", "%jshell /vars"):
            self.assertIn("String listed = a | b", self.kernel.ok(code).text())
        self.assertIn("import java.util.*", self.kernel.ok("/imports").text())

    def matches(self, code):
        return self.kernel.reply(self.kernel.client.complete(code))["content"]["matches"]

    def test_magics_and_their_files_complete(self):
        (self.folder / "with space").mkdir()
        (self.folder / "with space" / "one.jar").write_text("")
        self.assertIn("maven", self.matches("int a = 1;\n%ma"))
        self.assertIn("load", self.matches("%"))
        self.assertEqual(["time"], self.matches("%%ti"))
        self.assertIn("bash", self.matches("int a;\n%%"))
        self.assertNotIn("maven", self.matches("%%"))
        self.assertEqual([f"{self.folder}/with space/"], self.matches(f"%load {self.folder}/wi"))
        self.assertEqual([f"{self.folder}/with space/one.jar"], self.matches(f"int a;\n%classpath {self.folder}/with space/o"))

    def test_magics_are_listed_with_help_and_unknown_ones_say_which_exist(self):
        text = self.kernel.ok("%magics").text()
        for name in ("time", "load", "classpath", "maven", "help", "magics"):
            self.assertIn("%" + name, text)
            self.assertIn("%" + name, self.refused("%nonsense"))
        self.assertIn("%%time", self.refused("%%nonsense\n1"))

    def test_a_percent_sign_within_java_is_no_magic(self):
        self.assertEqual("1", self.kernel.ok("7\n    % time(3)\n".replace("time(3)", "3")).value())
        self.assertEqual("%time 1", self.kernel.ok('"""\n%time 1"""').value())
