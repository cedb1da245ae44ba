"""The interrupt button ends a cell, whatever it does, and keeps the variables."""

import statistics
import threading
import time

from kernel import KernelTest, within

BAR = 0.3
ENDLESS = {
    "a loop": "while (true) { n++; }",
    "a loop that swallows the interrupt": "while (true) { try { Thread.sleep(10); } catch (InterruptedException e) { } }",
    "a loop that swallows everything": "while (true) { try { n++; } catch (Throwable e) { } }",
    "a sleep": "Thread.sleep(600_000);",
    "a recursion": "int deep(int k) { return k == 0 ? 0 : deep(k - 1) + deep(k - 1); }\ndeep(80)",
    "a stream": "Stream.iterate(1, i -> i + 1).forEach(i -> { });",
    "a parallel stream": "IntStream.iterate(1, i -> 1).parallel().forEach(i -> { });",
    "code that waits for another thread": "Thread t = new Thread(() -> { while (true) { n++; } }); t.start(); t.join();",
    "printing": "while (true) { System.out.println(n++); }",
    "reading a queue": "new java.util.concurrent.ArrayBlockingQueue<Integer>(1).take()",
    "library steps that look at the interrupt": "while (!Thread.interrupted()) { Math.sqrt(n); }\nthrow new InterruptedException();",
}


class Interrupts(KernelTest):
    prepared = "int n = 0; String kept = \"kept\";"

    def interrupted(self, code, after=0.3):
        """How long the cell goes on after the interrupt."""
        sent = []

        def interrupt():
            sent.append(time.perf_counter())
            self.kernel.manager.interrupt_kernel()

        threading.Timer(after, interrupt).start()
        began = time.perf_counter()
        ran = self.kernel.failed(code)
        seconds = began + ran.seconds - sent[0]
        self.assertEqual("Interrupted", ran.error()["ename"], code)
        self.assertEqual("kept", self.kernel.run("kept").value())
        return seconds

    def test_each_kind_of_endless_code_stops(self):
        for name, code in ENDLESS.items():
            with self.subTest(name):
                within(self, BAR, name, lambda code=code: self.interrupted(code, 1.0))

    def test_twenty_in_a_row(self):
        within(self, BAR, "median of 20", lambda: statistics.median(self.interrupted("while (true) { n++; }") for _ in range(20)))

    def test_a_training_run_stops_at_a_step(self):
        self.kernel.ok("var data = sample(); var small = resNet(8, data);")
        within(self, BAR, "a training", lambda: self.interrupted("retrain(small, clr(), epochs(50), data)", 10.0))

    def test_an_interrupted_training_gives_the_epochs_that_were_done(self):
        self.kernel.ok("var few = sample().take(20, 10);")
        self.interrupted("var run = retrain(resNet(8, few), clr(), epochs(100000), few);", 12.0)
        self.assertEqual("true", self.kernel.run("run.history().size() > 0 && run.last() > 0").value())

    def test_the_second_interrupt_leaves_a_deaf_thread_behind(self):
        deaf = "new java.math.BigInteger(\"7\").pow(50_000_000).bitLength()"
        for after in (1.0, 2.0):
            threading.Timer(after, self.kernel.manager.interrupt_kernel).start()
        self.kernel.failed(deaf)
        self.assertEqual("3", self.kernel.run("1 + 2").value())

    def test_a_background_thread_of_an_earlier_cell_goes_on(self):
        self.kernel.run("volatile boolean stop = false; int ticks = 0;\n"
                        "var worker = new Thread(() -> { while (!stop) { ticks++; Thread.yield(); } }); worker.setDaemon(true); worker.start();")
        self.interrupted("while (true) { n++; }")
        self.assertEqual("true", self.kernel.run("worker.isAlive()").value())
        self.kernel.run("stop = true;")

    def test_an_interrupt_when_nothing_runs_harms_nothing(self):
        self.kernel.manager.interrupt_kernel()
        time.sleep(0.5)
        self.assertEqual("3", self.kernel.run("1 + 2").value())

    def test_an_exception_that_looks_like_a_cancellation_is_an_error(self):
        ran = self.kernel.failed("throw new java.util.concurrent.CancellationException(\"mine\");")
        self.assertEqual("mine", ran.error()["evalue"])
