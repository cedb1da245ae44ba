"""The Jupyter project's own suite, with samples in Java for every one of its tests."""
import jupyter_kernel_test


class Conformance(jupyter_kernel_test.KernelTests):
    kernel_name = "espalier"
    language_name = "java"
    file_extension = ".jshell"
    code_hello_world = 'System.out.println("hello, world");'
    code_stderr = 'System.err.println("oops");'
    completion_samples = [
        {"text": "String.valu", "matches": {"valueOf("}},
        {"text": "System.curr", "matches": {"currentTimeMillis()"}},
    ]
    complete_code_samples = ["int a = 3;", "1 + 1", "class Point { int x; }", "for (int i = 0; i < 3; i++) { System.out.println(i); }"]
    incomplete_code_samples = ["class Point {", "for (int i = 0; i < 3; i++) {", "List.of(1,"]
    invalid_code_samples = [")", "}"]
    code_page_something = "%help String.valueOf"
    code_generate_error = 'throw new IllegalStateException("on purpose");'
    code_execute_result = [{"code": "6 * 7", "result": "42"}, {"code": '"a" + "b"', "result": "ab"}]
    code_display_data = [
        {"code": 'display(Table.create("t", IntColumn.create("n", new int[] {1, 2})));', "mime": "text/html"},
        {"code": 'display(plot(72, ft(), clr()));', "mime": "image/png"},
    ]
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "6*"
    code_inspect_sample = "String.valueOf"
    code_clear_output = "clearOutput();"

    @classmethod
    def setUpClass(cls):
        """On a busy machine the first table and the first figure load more classes than the suite waits for."""
        super().setUpClass()
        for sample in cls.code_display_data:
            cls.kc.execute_interactive(sample["code"], timeout=120, output_hook=lambda message: None)
