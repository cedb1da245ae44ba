"""A running kernel, as the tests talk to it."""

import contextlib
import dataclasses
import os
import subprocess
import sys
import time
import unittest

from jupyter_client.manager import KernelManager

PATIENCE = 120


@dataclasses.dataclass
class Ran:
    """What came of a cell."""

    status: str
    count: int
    reply: dict
    outputs: list
    seconds: float

    def text(self, name="stdout"):
        return "".join(one["content"]["text"] for one in self.outputs if one["msg_type"] == "stream" and one["content"]["name"] == name)

    def value(self, kind="text/plain"):
        values = [one["content"]["data"].get(kind) for one in self.outputs if one["msg_type"] == "execute_result"]
        return values[-1] if values else None

    def error(self):
        errors = [one["content"] for one in self.outputs if one["msg_type"] == "error"]
        return errors[-1] if errors else None

    def of_type(self, kind):
        return [one["content"] for one in self.outputs if one["msg_type"] == kind]


class Kernel:
    def __init__(self, name="espalier", **environment):
        self.manager = KernelManager(kernel_name=name)
        began = time.perf_counter()
        self.manager.start_kernel(env={**os.environ, **environment})
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=PATIENCE)
        self.began = began

    def run(self, code, **options):
        began = time.perf_counter()
        return self.finish(self.client.execute(code, **options), began)

    def ok(self, code):
        ran = self.run(code)
        if ran.status != "ok":
            raise AssertionError(f"{code}\nfailed: {ran.error()}")
        return ran

    def failed(self, code):
        ran = self.run(code)
        if ran.status != "error":
            raise AssertionError(f"{code}\nis {ran.status}, not an error")
        return ran

    def finish(self, message, began=None):
        """The reply and all outputs of a cell that was sent."""
        reply = self.reply(message)
        seconds = time.perf_counter() - began if began else 0
        outputs = []
        while True:
            one = self.client.get_iopub_msg(timeout=PATIENCE)
            if one["parent_header"].get("msg_id") != message:
                continue
            if one["msg_type"] == "status":
                if one["content"]["execution_state"] == "idle":
                    break
            elif one["msg_type"] != "execute_input":
                outputs.append(one)
        content = reply["content"]
        return Ran(content["status"], content.get("execution_count"), content, outputs, seconds)

    def reply(self, message, timeout=PATIENCE):
        while True:
            one = self.client.get_shell_msg(timeout=timeout)
            if one["parent_header"].get("msg_id") == message:
                return one

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@contextlib.contextmanager
def kernel(*arguments, **options):
    running = Kernel(*arguments, **options)
    try:
        yield running
    finally:
        running.stop()


class KernelTest(unittest.TestCase):
    """Tests that share one kernel, which has run the cell `prepared`."""

    prepared = ""

    @classmethod
    def setUpClass(cls):
        cls.kernel = Kernel()
        cls.addClassCleanup(cls.kernel.stop)
        cls.kernel.ok(cls.prepared)


# A kernel starts, compiles and answers on all processors, so all of them are asked at once.
BURN = "import time\nwall, cpu = time.perf_counter(), time.process_time()\nwhile time.process_time() - cpu < 0.3:\n    pass\nprint((time.perf_counter() - wall) / 0.3)"


def busy():
    """How many times longer than alone computations on all processors take here now, at least 1: bars on times are for quiet machines."""
    had, stolen = processors()
    burning = [subprocess.Popen([sys.executable, "-S", "-c", BURN], stdout=subprocess.PIPE, text=True) for _ in range(os.cpu_count())]
    stretch = sum(float(one.communicate()[0]) for one in burning) / len(burning)
    had, stolen = processors()[0] - had, processors()[1] - stolen
    return max(1.0, stretch) * (1 + stolen / max(1, had))


def processors():
    """Ticks in which this machine had its processors, and in which others had them that it wanted (Linux as a guest; zeros elsewhere)."""
    try:
        with open("/proc/stat", encoding="ascii") as file:
            user, nice, system, _, _, _, _, stolen = (int(part) for part in file.readline().split()[1:9])
    except OSError:
        return 0, 0
    return user + nice + system, stolen


def within(test, bar, what, measure):
    """That it takes less than so many seconds: the best of three, since what else a machine does makes it slower and never faster. The bar is
    stretched by how busy the machine was before and after."""
    before = busy()
    for attempt in range(3):
        if attempt:
            time.sleep(10)
            before = busy()
        seconds = measure()
        after = busy()
        stretch = (before + after) / 2
        print(f"\n    {what}: {seconds:.3f} s, on a machine {stretch:.1f} times as slow as alone", end="")
        if seconds < bar * stretch:
            return
    test.fail(f"{what}: {seconds:.3f} s, not below {bar * stretch:.3f} s, three times")
