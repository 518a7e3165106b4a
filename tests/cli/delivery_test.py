"""Getting the report out: full disks, closed pipes, saved files, colour, signals."""

import json
import os
import pty
import signal
import subprocess
import time
import unittest

from fake_server import FakeServer, closed_port
from program import PLUMB, Program

ESCAPE = "\x1b["


class Delivery(Program):
    def setUp(self):
        super().setUp()
        self.closed = f"127.0.0.1:{closed_port()}"

    def test_full_disk_on_stdout(self):
        for arguments in (("check", self.closed), ("check", self.closed, "-o", "html"),
                          ("check", self.closed, "-o", "nagios")):
            with open("/dev/full", "w") as full:
                run = self.plumb(*arguments, stdout=full)
            self.assertEqual((run.returncode, run.stderr), (
                3, "plumb: the report could not be written to stdout: No space left on device\n"))
        for command in ("causes", "selftest", "--help"):
            with open("/dev/full", "w") as full:
                run = self.plumb(command, stdout=full)
            self.assertEqual((run.returncode, run.stderr),
                             (3, "plumb: stdout could not be written: No space left on device\n"))

    def test_reader_that_went_away(self):
        read, write = os.pipe()
        os.close(read)
        run = self.plumb("check", self.closed, stdout=write)
        os.close(write)
        self.assertEqual((run.returncode, run.stderr),
                         (3, "plumb: the report could not be written to stdout: Broken pipe\n"))

    def test_full_disk_on_save_keeps_the_report(self):
        run = self.plumb("check", self.closed, "--save", "/dev/full")
        self.assertEqual(run.returncode, 3)
        self.assertIn("tcp-refused-no-listener", run.stdout)
        self.assertEqual(run.stderr,
                         "plumb: the evidence could not be saved to /dev/full: No space left on device\n")

    def test_save_where_there_is_no_directory(self):
        run = self.plumb("check", self.closed, "--save", "/nonexistent/file")
        self.assertEqual((run.returncode, run.stderr), (
            3, "plumb: the evidence could not be saved to /nonexistent/file: No such file or directory\n"))

    def test_save_is_private_and_replays_to_the_same_report(self):
        saved = self.path("evidence")
        live = self.plumb("check", self.closed, "-o", "json", "--save", saved)
        self.assertEqual(os.stat(saved).st_mode & 0o777, 0o600)
        self.assertEqual(os.listdir(self.directory), ["evidence"])
        again = self.plumb("replay", saved, "-o", "json")
        self.assertEqual((again.returncode, again.stderr), (1, ""))
        self.assertEqual(json.loads(again.stdout), json.loads(live.stdout))
        with open(saved) as file:
            piped = self.plumb("replay", "-", "-o", "json", stdin=file.read())
        self.assertEqual(piped.stdout, again.stdout)
        self.assertEqual(self.plumb("replay", saved, "-o", "nagios").returncode, 2)
        self.assertIn("dns-nxdomain", self.plumb("replay", saved, "--explain").stdout)

    def test_replay_of_something_else(self):
        run = self.plumb("replay", self.file("x", "not evidence\n"))
        self.assertEqual((run.returncode, run.stdout), (2, ""))
        self.assertIn("line 1", run.stderr)
        self.assertEqual(self.plumb("replay", self.file("empty", "")).returncode, 2)

    def on_terminal(self, *arguments, env=None):
        environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
        environment.update({"TERM": "xterm"}, **(env or {}))
        ours, theirs = pty.openpty()
        process = subprocess.Popen([PLUMB, *arguments], stdout=theirs, stderr=subprocess.PIPE, env=environment)
        os.close(theirs)
        seen = b""
        while True:
            try:
                more = os.read(ours, 4096)
            except OSError:
                break
            if not more:
                break
            seen += more
        os.close(ours)
        process.communicate(timeout=20)
        return seen.decode()

    def test_colour_only_on_a_terminal_that_wants_it(self):
        self.assertIn(ESCAPE, self.on_terminal("check", self.closed))
        self.assertNotIn(ESCAPE, self.on_terminal("check", self.closed, "--no-color"))
        self.assertNotIn(ESCAPE, self.on_terminal("check", self.closed, env={"NO_COLOR": "1"}))
        self.assertNotIn(ESCAPE, self.on_terminal("check", self.closed, env={"TERM": "dumb"}))
        self.assertNotIn(ESCAPE, self.plumb("check", self.closed).stdout)

    def test_signals_end_a_run_within_a_second_with_a_report(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            self.in_time(1, lambda: self.interrupted(number))

    def interrupted(self, number):
        with FakeServer("silent") as server:
            process = subprocess.Popen([PLUMB, "check", "--no-metadata", server.target, "--timeout", "30s", "-o", "json"],
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            while not server.connections:
                time.sleep(0.01)
            began = time.monotonic()
            process.send_signal(number)
            out, err = process.communicate(timeout=20)
            self.assertEqual((process.returncode, err), (3, ""))
            self.assertEqual(json.loads(out)["outcome"], "unknown")
            return time.monotonic() - began


if __name__ == "__main__":
    unittest.main()
