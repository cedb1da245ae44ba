"""How long the kernel lets people wait. The bars are for a quiet machine of two cores, and stretched by how busy this one is."""

import statistics
import time
import unittest

from kernel import Kernel, busy, kernel


class Speed(unittest.TestCase):
    def told(self, what, seconds, bar):
        bar *= busy()
        print(f"\n    {what}: {seconds:.3f} s", end="")
        self.assertLess(seconds, bar)

    def test_the_first_answer_comes_soon_after_the_start(self):
        seconds = []
        for _ in range(5):
            with kernel() as started:
                self.assertEqual("2", started.run("1 + 1").value())
                seconds.append(time.perf_counter() - started.began)
        self.told("first answer, median of 5", statistics.median(seconds), 2.5)

    def test_a_trivial_cell_is_answered_at_once(self):
        with kernel() as running:
            seconds = [running.run(f"{i} + 1").seconds for i in range(250)][50:]
            self.told("trivial cell, median of 200", statistics.median(seconds), 0.03)

    def test_five_thousand_lines_are_printed_quickly(self):
        with kernel() as running:
            code = 'for (int i = 0; i < 5000; i++) System.out.println("line " + i);'
            running.run(code)
            ran = running.run(code)
            self.assertEqual([f"line {i}" for i in range(5000)], ran.text().splitlines())
            self.told("5,000 lines", ran.seconds, 0.5)

    def test_progress_costs_less_than_a_hundredth_of_the_time(self):
        with kernel() as running:
            running.ok("import org.espalier.report.LiveLine;\nvar line = new LiveLine();")
            code = 'for (int i = 0; i < 500; i++) line.end("epoch 3 of 12, loss 0.1234, 1,234 images/s, 56 s left");'
            running.run(code)
            each = running.run(code).seconds / 500
            # A training tells how far it is twice a second.
            self.told("share of the time that progress takes", 2 * each, 0.01)
