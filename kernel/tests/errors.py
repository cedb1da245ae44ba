"""What an error says: where in the notebook, what, and nothing about the kernel's own insides."""

import pathlib
import re
import tempfile

from kernel import KernelTest


class Errors(KernelTest):
    def error(self, code):
        ran = self.kernel.failed(code)
        self.number = ran.count
        coloured = "\n".join(ran.error()["traceback"])
        self.assertEqual(set(), set(re.findall(r"\x1b\[[0-9;]*m", coloured)) - {"\x1b[31m", "\x1b[0m"}, "only red, which reads in light and dark")
        return ran.error()["ename"], re.sub(r"\x1b\[[0-9;]*m", "", coloured)

    def test_an_exception_names_cell_and_line_and_no_frame_of_the_kernel(self):
        name, text = self.error("int zero = 0;\n\nint bad = 1 / zero;")
        self.assertEqual("java.lang.ArithmeticException", name)
        self.assertEqual(f"java.lang.ArithmeticException: / by zero\n    at In[{self.number}] line 3", text)

    def test_a_frame_in_an_earlier_cell_names_that_cell(self):
        defined = self.kernel.run("int half(int x) {\n    return x / (x - x);\n}").count
        _, text = self.error("half(4)")
        self.assertIn(f"at In[{defined}] line 2, in half\n    at In[{self.number}] line 1", text)

    def test_causes_are_kept(self):
        _, text = self.error('throw new RuntimeException("outer", new java.io.IOException("inner"));')
        self.assertIn("java.lang.RuntimeException: outer", text)
        self.assertIn("Caused by: java.io.IOException: inner", text)

    def test_an_exception_of_the_notebooks_own_has_its_plain_name(self):
        name, text = self.error('class Mishap extends RuntimeException { Mishap(String s) { super(s); } }\nthrow new Mishap("here");')
        self.assertEqual("Mishap", name)
        self.assertIn("Mishap: here", text)

    def test_a_deep_recursion_is_told_shortly(self):
        name, text = self.error("int down(int n) { return down(n + 1) + 1; }\ndown(0)")
        self.assertEqual("java.lang.StackOverflowError", name)
        self.assertLess(len(text.splitlines()), 45)

    def test_a_compile_error_shows_the_line_with_a_mark_under_it(self):
        name, text = self.error("int a = 1;\nint b = a + missing;")
        self.assertEqual("CompilationError", name)
        lines = text.splitlines()
        self.assertEqual(f"CompilationError: In[{self.number}] line 2: cannot find symbol", lines[0])
        self.assertEqual(lines[1].index("missing"), lines[2].index("^^^^^^^"))
        self.assertNotIn("location:", text)

    def test_every_throwable_is_an_error_of_its_cell_and_the_kernel_lives_on(self):
        for code, name in (("throw new OutOfMemoryError(\"on purpose\");", "OutOfMemoryError"), ("throw new LinkageError();", "LinkageError"),
                           ("throw new ThreadDeath();", "ThreadDeath"), ("throw (RuntimeException) null;", "NullPointerException"), ("assert 1 > 2;", "AssertionError"),
                           ("byte[] b = new byte[Integer.MAX_VALUE]; byte[] c = new byte[Integer.MAX_VALUE]; byte[][] d = new byte[9999][Integer.MAX_VALUE];",
                            "OutOfMemoryError")):
            self.assertEqual("java.lang." + name, self.error(code)[0])
        self.assertEqual("3", self.kernel.run("1 + 2").value())

    def test_what_a_broken_value_throws_while_it_is_shown_is_an_error(self):
        name, _ = self.error('class Shy { public String toString() { throw new IllegalStateException("not shown"); } }\nnew Shy()')
        self.assertEqual("java.lang.IllegalStateException", name)

    def test_a_method_that_lacks_something_is_named_with_it(self):
        self.kernel.ok("/** Prints. */\nvoid shout(Object o) {\n    System.out.println(obj);\n}")
        name, text = self.error('shout("x");')
        self.assertEqual("UnresolvedReference", name)
        self.assertIn("shout can't run: variable obj is not declared yet", text)

    def test_a_class_that_isnt_imported_comes_with_the_import(self):
        self.assertIn("import tech.tablesaw.plotly.components.Figure;", self.error("Figure figure = null;")[1])
        self.assertIn("import javax.swing.SwingWorker;", self.error("SwingWorker<?, ?> worker;")[1])

    def test_what_belongs_into_files_is_told_what_to_write_in_a_cell(self):
        self.assertIn("leave this line out", self.error("package my.pack;")[1])
        ran = self.kernel.ok("return 3;")
        self.assertEqual("3", ran.value())
        self.assertIn("without return: 3", ran.text("stderr"))

    def test_variables_are_called_as_the_reader_calls_them(self):
        self.kernel.ok("String model;")
        self.assertIn('because "model" is null', self.error("model.length()")[1])
        self.kernel.ok("class Plain { }")
        self.assertRegex(self.kernel.ok("new Plain()").value(), r"^Plain@")

    def test_an_error_in_a_loaded_file_names_the_file_and_its_line(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, code, told in (("wrong.jsh", 'int fine = 1;\n\nint wrong = "x";', "wrong.jsh line 3: incompatible types"),
                                     ("bad.jsh", "int nil() {\n    return 1 / 0;\n}\nnil();", "bad.jsh line 2, in nil\n    at bad.jsh line 4")):
                pathlib.Path(folder, name).write_text(code)
                self.assertIn(told, self.error(f"%load {folder}/{name}")[1])

    def test_a_long_line_is_shown_around_the_mark(self):
        _, text = self.error('String s = "' + "a" * 200 + '" + nowhere + "' + "b" * 200 + '";')
        lines = text.splitlines()
        self.assertLess(max(map(len, lines)), 130)
        self.assertEqual(lines[1].index("nowhere"), lines[2].index("^^^^^^^"))

    def test_an_exit_ends_the_cell_and_not_the_kernel(self):
        for code in ("System.exit(0);", "Runnable leave = () -> Runtime.getRuntime().halt(1);\nleave.run();"):
            name, text = self.error(code)
            self.assertEqual("SystemExit", name)
            self.assertIn("would end the kernel", text)
        self.assertEqual("2", self.kernel.ok("1 + 1").value())
