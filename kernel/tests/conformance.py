"""The Jupyter project's own conformance suite, with nothing left out."""

import jupyter_kernel_test

# Math.absExact came with Java 15.
ABS = ["abs(", "absExact("]


class Conformance(jupyter_kernel_test.KernelTests):
    kernel_name = "espalier"
    language_name = "java"
    file_extension = ".jshell"
    code_hello_world = 'System.out.println("hello, world");'
    code_stderr = 'System.err.println("oops");'
    completion_samples = [
        {"text": "Math.ab", "matches": ABS},
        {"text": '"text".isEm', "matches": ["isEmpty()"]},
        {"text": "int early = 3;\nint later = earl", "matches": ["early"]},
        {"text": "%tim", "matches": ["time"]},
    ]
    complete_code_samples = ["int a = 1;", "int a = 1", "1 + 1", "class A { int b; }", "for (int i = 0; i < 3; i++) { }", "%magics", "// nothing"]
    incomplete_code_samples = ["int f() {", "for (int i = 0; i < 3; i++) {", 'String s = """', "Math.max(1,", "/* no end"]
    invalid_code_samples = [")", "int a = );"]
    code_page_something = "%help Math.max"
    code_generate_error = 'throw new IllegalStateException("on purpose");'
    code_execute_result = [
        {"code": "1 + 2", "result": "3"},
        {"code": '"a" + "b"', "result": "ab"},
        {"code": "Table.create(\"t\", IntColumn.create(\"a\", 1, 2))", "mime": "text/html"},
    ]
    code_display_data = [
        {"code": "display(html(\"<b>x</b>\"))", "mime": "text/html"},
        {"code": "display(new java.awt.image.BufferedImage(3, 2, 1))", "mime": "image/png"},
    ]
    code_history_pattern = "1*2"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.max"
    code_clear_output = "clearOutput()"


del jupyter_kernel_test.KernelTests  # It would be run by itself, without a kernel.
