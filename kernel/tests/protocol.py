"""What clients rely on beyond the conformance suite: order, silence, aborted cells, input, comms, start and end."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
import unittest

from jupyter_client.session import Session
from kernel import PATIENCE, Kernel, KernelTest, busy, kernel


class Protocol(KernelTest):
    def test_a_silent_cell_shows_nothing_and_counts_nothing(self):
        before = self.kernel.run("1").count
        ran = self.kernel.run("2 + 2", silent=True, store_history=False)
        self.assertEqual([], ran.outputs)
        self.assertEqual(before + 1, self.kernel.run("3").count)

    def test_a_cell_without_history_isnt_counted(self):
        before = self.kernel.run("1").count
        self.kernel.run("\"secret\"", store_history=False)
        self.assertEqual(before + 1, self.kernel.run("2").count)
        message = self.kernel.client.history(hist_access_type="tail", n=5, raw=True, output=False)
        self.assertNotIn("\"secret\"", [entry[2] for entry in self.kernel.reply(message)["content"]["history"]])

    def test_cells_that_wait_behind_a_failing_one_are_aborted(self):
        sent = [self.kernel.client.execute(code) for code in ("Thread.sleep(300); int a = 1 / 0;", "System.out.println(\"ran\")", "1")]
        first, second, third = [self.kernel.finish(message) for message in sent]
        self.assertEqual(["error", "aborted", "aborted"], [first.status, second.status, third.status])
        self.assertEqual([], second.outputs + third.outputs)
        self.assertIsInstance(second.count, int)
        self.kernel.ok("1")

    def test_without_stop_on_error_the_waiting_cells_run(self):
        sent = [self.kernel.client.execute("Thread.sleep(200); int a = 1 / 0;", stop_on_error=False), self.kernel.client.execute("5")]
        first, second = [self.kernel.finish(message) for message in sent]
        self.assertEqual(["error", "ok"], [first.status, second.status])

    def test_a_cell_sent_after_the_error_was_heard_runs(self):
        for _ in range(5):
            self.kernel.failed("int a = 1 / 0;")
            self.kernel.ok("1")

    def test_text_and_displays_keep_their_order(self):
        ran = self.kernel.run('System.out.print("a"); display("b"); System.err.print("c"); System.out.print("d"); 7')
        told = [one["content"].get("text") or one["content"]["data"]["text/plain"] for one in ran.outputs]
        self.assertEqual(["a", "b", "c", "d", "7"], told)

    def test_text_arrives_while_the_cell_runs(self):
        message = self.kernel.client.execute('System.out.println("early"); Thread.sleep(3000);')
        began = time.perf_counter()
        while self.kernel.client.get_iopub_msg(timeout=PATIENCE)["msg_type"] != "stream":
            pass
        self.assertLess(time.perf_counter() - began, 1.5 * busy())
        self.kernel.finish(message)

    def test_many_lines_come_in_few_messages(self):
        ran = self.kernel.run('for (int i = 0; i < 5000; i++) System.out.println("line " + i);')
        self.assertEqual([f"line {i}" for i in range(5000)], ran.text().splitlines())
        self.assertLess(len(ran.of_type("stream")), 60 * busy())

    def test_characters_beyond_ascii_stay_whole(self):
        ran = self.kernel.run('System.out.print("é".repeat(70_000) + "𝄞"); "näïve 漢字 𝄞"')
        self.assertEqual("é" * 70_000 + "𝄞", ran.text())
        self.assertEqual("näïve 漢字 𝄞", ran.value())

    def test_the_cursor_counts_characters_as_python_does(self):
        code = '"𝄞𝄞".isEm'
        content = self.kernel.reply(self.kernel.client.complete(code))["content"]
        self.assertEqual((["isEmpty()"], 5, 9), (content["matches"], content["cursor_start"], content["cursor_end"]))

    def test_completion_tells_signatures(self):
        content = self.kernel.reply(self.kernel.client.complete("Math.floorM"))["content"]
        told = {one["text"]: one for one in content["metadata"]["_jupyter_types_experimental"]}
        self.assertEqual("function", told["floorMod("]["type"])
        self.assertEqual("(int x, int y)", told["floorMod("]["signature"])

    def test_javadoc_is_told_where_sources_are_at_hand(self):
        data = self.kernel.reply(self.kernel.client.inspect("accuracy(", 8))["content"]["data"]
        self.assertIn("accuracy(Network network, Dataset data)", data["text/plain"])
        self.assertGreater(len(data["text/plain"].splitlines()), 1)

    def test_a_print_from_a_background_thread_arrives(self):
        self.kernel.run('new Thread(() -> { try { Thread.sleep(500); } catch (InterruptedException e) { } System.out.println("later"); }).start();')
        deadline = time.time() + 20
        while time.time() < deadline:
            message = self.kernel.client.get_iopub_msg(timeout=PATIENCE)
            if message["msg_type"] == "stream":
                self.assertIn("later", message["content"]["text"])
                return
        self.fail("nothing was printed")

    def test_input_is_asked_for_and_given(self):
        message = self.kernel.client.execute('var lines = new Scanner(System.in); lines.nextLine() + "/" + lines.nextLine()', allow_stdin=True)
        for answer in ("erste", "zweite"):
            question = self.kernel.client.get_stdin_msg(timeout=PATIENCE)
            self.assertEqual("input_request", question["msg_type"])
            self.kernel.client.input(answer)
        self.assertEqual("erste/zweite", self.kernel.finish(message).value())

    def test_waiting_for_input_can_be_interrupted(self):
        message = self.kernel.client.execute("System.in.read()", allow_stdin=True)
        self.kernel.client.get_stdin_msg(timeout=PATIENCE)
        self.kernel.manager.interrupt_kernel()
        self.assertEqual("error", self.kernel.finish(message).status)
        self.assertEqual("3", self.kernel.run("1 + 2").value())

    def test_input_where_nobody_can_type_is_an_error(self):
        ran = self.kernel.run("System.in.read()", allow_stdin=False)
        self.assertIn("takes no input", ran.error()["evalue"])

    def test_user_expressions_are_evaluated(self):
        ran = self.kernel.run("int u = 20;", user_expressions={"good": "u + 1", "bad": "nothing + 1"})
        self.assertEqual("21", ran.reply["user_expressions"]["good"]["data"]["text/plain"])
        self.assertEqual("error", ran.reply["user_expressions"]["bad"]["status"])

    def test_a_display_is_updated_in_place(self):
        ran = self.kernel.run('var shown = display("first"); shown.update("second");')
        first, second = ran.of_type("display_data")[0], ran.of_type("update_display_data")[0]
        self.assertEqual(first["transient"]["display_id"], second["transient"]["display_id"])
        self.assertEqual("second", second["data"]["text/plain"])

    def test_comms_open_talk_and_close(self):
        self.kernel.run(textwrap.dedent('''
            import org.dflib.jjava.jupyter.kernel.*;
            import org.dflib.jjava.jupyter.kernel.comm.*;
            import org.dflib.jjava.jupyter.messages.Message;
            import org.dflib.jjava.jupyter.messages.comm.*;
            class Echo extends Comm {
                Echo(CommManager manager, String id, String target) { super(manager, id, target); }
                protected void onMessage(Message<CommMsgCommand> message) { send(message.getContent().getData()); }
                protected void onClose(Message<CommCloseCommand> message, boolean sending) { }
            }
            BaseKernel.notebookKernel().getCommManager().registerTarget("echo", (manager, id, target, message) -> new Echo(manager, id, target));
            '''))
        shell = self.kernel.client.shell_channel
        for kind, content in (("comm_open", {"comm_id": "c1", "target_name": "echo", "data": {}}),
                              ("comm_msg", {"comm_id": "c1", "data": {"word": "hallo"}})):
            shell.send(self.kernel.client.session.msg(kind, content))
        while True:
            message = self.kernel.client.get_iopub_msg(timeout=PATIENCE)
            if message["msg_type"] == "comm_msg":
                break
        self.assertEqual({"word": "hallo"}, message["content"]["data"])
        info = self.kernel.client.session.msg("comm_info_request", {"target_name": "echo"})
        shell.send(info)
        self.assertEqual({"c1": {"target_name": "echo"}}, self.kernel.reply(info["header"]["msg_id"])["content"]["comms"])
        shell.send(self.kernel.client.session.msg("comm_close", {"comm_id": "c1", "data": {}}))
        info = self.kernel.client.session.msg("comm_info_request", {})
        shell.send(info)
        self.assertEqual({}, self.kernel.reply(info["header"]["msg_id"])["content"]["comms"])

    def test_a_message_with_a_wrong_signature_is_ignored_and_harms_nothing(self):
        stranger = Session(key=b"guessed")
        message = stranger.msg("execute_request", {"code": "System.exit(1)", "silent": False, "store_history": True, "user_expressions": {},
                                                   "allow_stdin": False, "stop_on_error": True})
        stranger.send(self.kernel.client.shell_channel.socket, message)
        self.assertEqual("3", self.kernel.run("1 + 2").value())

    def test_a_redefined_method_keeps_the_variables_that_it_made(self):
        self.kernel.run("class Model { int trained = 7; }\nModel make() { return new Model(); }\nvar model = make();")
        self.kernel.run("Model make() { var m = new Model(); m.trained = Stream.of(1, 2).mapToInt(i -> i).sum(); return m; }")
        self.assertEqual("7", self.kernel.run("model.trained").value())
        self.assertEqual("3", self.kernel.run("make().trained").value())


class Life(unittest.TestCase):
    def test_shutdown_is_answered_and_the_process_ends(self):
        running = Kernel()
        process = running.manager.provisioner.process
        running.client.shutdown()
        reply = running.client.get_control_msg(timeout=PATIENCE)
        self.assertEqual(("shutdown_reply", "ok"), (reply["msg_type"], reply["content"]["status"]))
        process.wait(timeout=20)
        running.client.stop_channels()

    def test_the_kernel_ends_when_its_parent_is_killed(self):
        code = textwrap.dedent("""
            import sys, time
            from jupyter_client.manager import KernelManager
            manager = KernelManager(kernel_name="espalier")
            manager.start_kernel()
            client = manager.client()
            client.start_channels()
            client.wait_for_ready(timeout=120)
            print(manager.provisioner.process.pid, flush=True)
            time.sleep(600)
            """)
        parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        child = int(parent.stdout.readline())
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
        parent.stdout.close()
        deadline = time.time() + 30
        while time.time() < deadline and os.path.exists(f"/proc/{child}") and open(f"/proc/{child}/stat").read().split()[2] != "Z":
            time.sleep(0.2)
        self.assertLess(time.time(), deadline, "the kernel outlived its parent")

    def test_the_kernel_listens_on_the_loopback_address_only(self):
        with kernel() as running:
            pid = running.manager.provisioner.process.pid
            inodes = set()
            for one in os.listdir(f"/proc/{pid}/fd"):
                try:
                    inodes.add(os.readlink(f"/proc/{pid}/fd/{one}"))
                except OSError:
                    pass
            listening = []
            for table in ("tcp", "tcp6"):
                for line in open(f"/proc/{pid}/net/{table}").read().splitlines()[1:]:
                    fields = line.split()
                    if fields[3] == "0A" and f"socket:[{fields[9]}]" in inodes:
                        listening.append(fields[1].split(":")[0])
            self.assertGreaterEqual(len(listening), 5)
            loopback = {"0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000"}
            self.assertEqual(set(), set(listening) - loopback)
