"""What a Java kernel should do besides the protocol, through a real client."""
import statistics
import time
import unittest

from jupyter_client.manager import start_new_kernel

TIMEOUT = 120


class Behaviour(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.manager, cls.client = start_new_kernel(kernel_name="espalier", startup_timeout=TIMEOUT)

    @classmethod
    def tearDownClass(cls):
        cls.client.stop_channels()
        cls.manager.shutdown_kernel(now=True)

    def run_cell(self, code, interrupt_after=None):
        """The reply's content, the printed text, the results' text, and the seconds from the interrupt (or the start) to the reply."""
        began = time.monotonic()
        message = self.client.execute(code)
        printed, results = [], []
        if interrupt_after is not None:
            time.sleep(interrupt_after)
            began = time.monotonic()
            self.manager.interrupt_kernel()
        while True:
            reply = self.client.get_shell_msg(timeout=TIMEOUT)
            if reply["parent_header"].get("msg_id") == message:
                break
        seconds = time.monotonic() - began
        while True:
            output = self.client.get_iopub_msg(timeout=TIMEOUT)
            if output["parent_header"].get("msg_id") != message:
                continue
            if output["msg_type"] == "stream":
                printed.append(output["content"]["text"])
            elif output["msg_type"] in ("execute_result", "display_data"):
                results.append(output["content"]["data"].get("text/plain", ""))
            elif output["msg_type"] == "status" and output["content"]["execution_state"] == "idle":
                return reply["content"], "".join(printed), "".join(results), seconds

    def ok(self, code):
        reply, printed, result, _ = self.run_cell(code)
        self.assertEqual("ok", reply["status"], reply)
        return result or printed

    def test_every_loop_can_be_interrupted_and_variables_are_kept(self):
        self.ok("int kept = 41;")
        self.ok("var data = sample(); var net = resNet(8, data); accuracy(net, data)")
        loops = ["while (true) { }", "for (;;) { try { Thread.sleep(1000); } catch (InterruptedException e) { } }", "Thread.sleep(60_000);",
                 "retrain(net, ft(), epochs(500), data);"]
        for loop in loops:
            with self.subTest(loop):
                reply, _, _, seconds = self.run_cell(loop, interrupt_after=5 if "retrain" in loop else 1)
                self.assertEqual("error", reply["status"])
                self.assertLess(seconds, 10)
                self.assertEqual("42", self.ok("kept + 1"))

    def test_twenty_interrupts_in_a_row(self):
        for _ in range(20):
            reply, _, _, _ = self.run_cell("while (true) { }", interrupt_after=.3)
            self.assertEqual("error", reply["status"])
        self.assertEqual("2", self.ok("1 + 1"))

    def test_redefining_a_method_keeps_what_was_computed_with_it(self):
        self.ok("int twice(int x) { return 2 * x; }")
        self.ok("var list = new ArrayList<>(List.of(twice(4)));")
        self.ok("int twice(int x) { return 3 * x; }")
        self.assertEqual("[8]", self.ok("list"))
        self.assertEqual("12", self.ok("twice(4)"))

    def test_classes_that_need_each_other_stand_in_one_cell(self):
        self.ok("class Ping { Pong other; int depth(int n) { return n == 0 ? 0 : new Pong().depth(n - 1) + 1; } }\n"
                "class Pong { Ping other; int depth(int n) { return n == 0 ? 0 : new Ping().depth(n - 1) + 1; } }")
        self.assertEqual("5", self.ok("new Ping().depth(5)"))

    def test_records_lambdas_text_blocks_and_missing_semicolons(self):
        self.assertEqual("[4, 9]", self.ok("record Point(int x, int y) { }\nvar points = List.of(new Point(2, 0), new Point(3, 1))\n"
                                           "points.stream().map(p -> p.x() * p.x()).toList()"))
        self.assertEqual("a\nb", self.ok('"""\n    a\n    b"""'))

    def test_cells_behind_a_failing_one_are_aborted(self):
        first = self.client.execute('Thread.sleep(500); throw new RuntimeException("stop");')
        second = self.client.execute("1 + 1")
        states = {}
        while len(states) < 2:
            reply = self.client.get_shell_msg(timeout=TIMEOUT)
            states[reply["parent_header"].get("msg_id")] = reply["content"]["status"]
        self.assertEqual("error", states[first])
        self.assertEqual("aborted", states[second])

    def test_an_error_names_the_cell_and_the_line(self):
        reply, _, _, _ = self.run_cell("int one = 1;\nint zero = 0;\nint bad = one / zero;")
        text = "\n".join(reply["traceback"])
        self.assertEqual("ArithmeticException", reply["ename"].split(".")[-1])
        self.assertIn("line 3", text)

    def test_five_thousand_lines_are_printed_in_order(self):
        _, printed, _, seconds = self.run_cell("for (int i = 0; i < 5000; i++) System.out.println(i);")
        self.assertEqual([str(i) for i in range(5000)], printed.split())
        self.assertLess(seconds, 5)

    def test_an_unknown_magic_says_which_exist(self):
        reply, printed, _, _ = self.run_cell("%nonsense")
        self.assertEqual("error", reply["status"])
        self.assertIn("%time", "".join(reply["traceback"]) + printed)

    def test_trivial_cells_are_quick(self):
        self.ok("1 + 1")
        seconds = [self.run_cell(f"{i} + 1")[3] for i in range(40)]
        print(f"a trivial cell: {1000 * statistics.median(seconds):.1f} ms, median of 40")
        self.assertLess(statistics.median(seconds), .5)


if __name__ == "__main__":
    unittest.main()
