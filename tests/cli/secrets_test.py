"""The content of a password file shows nowhere: not on the screen, not in a file, not in /proc."""

import ctypes
import os
import subprocess
import time
import unittest

from fake_server import FakeServer, closed_port
from program import PLUMB, Program

SECRET = "hunter2-is-not-a-good-one"


def read_like_anybody():
    """Root without the capabilities that read everything; nothing to drop for others."""
    if os.geteuid() == 0:
        dac_override, dac_read_search, pr_capbset_drop = 1, 2, 24
        for capability in (dac_override, dac_read_search):
            ctypes.CDLL(None).prctl(pr_capbset_drop, capability, 0, 0, 0)


class Secrets(Program):
    def assert_clean(self, *texts):
        for text in texts:
            self.assertNotIn(SECRET, text)

    def test_no_format_prints_it(self):
        password = self.file("pw", SECRET + "\n")
        for answer in (None, (1045, b"28000", b"Access denied for user 'app'@'h' (using password: YES)"),
                       (1105, b"HY000", b"your password " + SECRET.encode()[:3])):
            for format_name in ("text", "json", "jsonl", "html", "nagios", "prometheus"):
                with FakeServer(answer) as server:
                    run = self.plumb("check", server.target, "--user", "app", "--password-file", password,
                                     "-o", format_name, "--save", self.path("evidence"), "--explain")
                    self.assertIn("app", server.logins)
                    with open(self.path("evidence")) as saved:
                        self.assert_clean(run.stdout, run.stderr, saved.read())

    def test_odd_bytes_in_it_change_nothing(self):
        odd = self.path("odd")
        with open(odd, "wb") as file:
            file.write(b"\x1b]0;\xff\xfe '\"%s\r\n" + SECRET.encode() + b"\n\n")
        for answer in (None, (1045, b"28000", b"Access denied for user 'app'@'h' (using password: YES)")):
            with FakeServer(answer) as server:
                run = self.plumb("check", server.target, "--user", "app", "--password-file", odd, "-o", "json",
                                 "--save", self.path("evidence"))
                self.assertEqual((run.returncode, server.logins.count("app")), (0 if answer is None else 1, 1))
                with open(self.path("evidence")) as saved:
                    self.assert_clean(run.stdout, run.stderr, saved.read())

    def test_a_url_with_a_password_is_refused_and_not_echoed(self):
        for target in (f"mysql://app:{SECRET}@db:3306/", f"jdbc:mysql://db/?user=app&password={SECRET}",
                       f"app:{SECRET}@db"):
            for command in ("check", "wait"):
                run = self.plumb(command, target)
                self.assertEqual((run.returncode, run.stdout), (2, ""), run.stderr)
                self.assertIn("--password-file", run.stderr)
                self.assert_clean(run.stderr)

    def test_an_option_with_a_password_is_refused_and_not_echoed(self):
        for arguments in (("--password", SECRET), (f"--password={SECRET}",), (f"-p{SECRET}",)):
            run = self.refused("passwords are not taken from the command line: --password-file FILE, or - for "
                               "stdin", "check", "db", *arguments)
            self.assert_clean(run.stderr)

    def test_nothing_in_proc(self):
        password = self.file("pw", SECRET)
        with FakeServer("silent") as server:
            process = subprocess.Popen([PLUMB, "check", "--no-metadata", server.target, "--timeout", "20s", "--user", "app",
                                        "--password-file", password], stdout=subprocess.PIPE, text=True)
            try:
                while not server.connections:
                    time.sleep(0.01)
                for name in ("cmdline", "environ"):
                    with open(f"/proc/{process.pid}/{name}", "rb") as file:
                        self.assertNotIn(SECRET.encode(), file.read())
            finally:
                process.terminate()
                process.communicate(timeout=10)

    def test_unreadable_password_file(self):
        path = self.file("pw", SECRET, 0)
        self.refused(f"cannot read the password file {path}: Permission denied; give --password-file a file "
                     "you may read, or - for stdin", "check", "db", "--user", "app", "--password-file", path, preexec_fn=read_like_anybody)

    def test_a_password_that_cannot_be_one_is_not_echoed(self):
        path = self.file("pw", SECRET + "\0more")
        run = self.refused(f"the password file {path} holds a NUL byte; it must hold the password alone",
                           "check", f"127.0.0.1:{closed_port()}", "--user", "app", "--password-file", path)
        self.assert_clean(run.stderr)


if __name__ == "__main__":
    unittest.main()
