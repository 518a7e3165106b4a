"""`plumb wait`: until it works, until it fails, until the deadline."""

import json
import signal
import subprocess
import time
import unittest

from fake_server import FakeServer, closed_port
from program import PLUMB, Program, normalised

REFUSED = (1045, b"28000", b"Access denied for user 'app'@'127.0.0.1' (using password: YES)")


class Waiting(Program):
    def setUp(self):
        super().setUp()
        self.closed = f"127.0.0.1:{closed_port()}"

    def test_reached_at_once(self):
        with FakeServer() as server:
            run = self.plumb("wait", server.target, "-o", "json")
            self.assertEqual((run.returncode, json.loads(run.stdout)["outcome"]), (0, "ok"))
            self.assertEqual(normalised(run.stderr), "plumb: TIME 127.0.0.1:PORT ok\n")
        run = self.plumb("wait", self.closed, "--for", "failed")
        self.assertEqual(run.returncode, 0)
        self.assertEqual(normalised(run.stderr), "plumb: TIME 127.0.0.1:PORT failed tcp-refused-no-listener\n")

    def test_deadline_passes(self):
        began = time.monotonic()
        run = self.plumb("wait", self.closed, "--deadline", "1s", "--interval", "100ms", "-o", "json")
        self.assertLess(time.monotonic() - began, 2)
        self.assertEqual((run.returncode, json.loads(run.stdout)["outcome"]), (1, "failed"))
        self.assertEqual(run.stderr.count("\n"), 1, "one line per change of verdict")

    def test_deadline_passes_while_it_works(self):
        with FakeServer() as server:
            run = self.plumb("wait", server.target, "--for", "failed", "--deadline", "1s", "--interval", "100ms", "-q")
            self.assertEqual((run.returncode, run.stderr), (1, ""))
            self.assertGreater(server.connections, 3)

    def test_anonymous_logins_again_and_again_are_advised_against_once(self):
        again = ("--for", "failed", "--deadline", "1s", "--interval", "100ms")
        with FakeServer() as server:
            run = self.plumb("wait", server.target, *again)
            self.assertGreater(server.connections, 3)
            self.assertEqual(run.stderr.count("CREATE USER 'plumb'@'%' IDENTIFIED BY '<password>' REQUIRE SSL; "
                                              "GRANT USAGE ON *.* TO 'plumb'@'%'"), 1)
            run = self.plumb("wait", server.target, *again, "--user", "app", "--password-file", self.file("pw", "x"))
            self.assertNotIn("CREATE USER", run.stderr)
        run = self.plumb("wait", self.closed, "--deadline", "1s", "--interval", "100ms")
        self.assertNotIn("CREATE USER", run.stderr, "no login, nothing kept by a server")

    def test_a_refused_password_is_sent_once(self):
        password = self.file("pw", "wrong")
        with FakeServer(REFUSED) as server:
            self.plumb("wait", server.target, "--deadline", "1500ms", "--interval", "100ms", "--user", "app",
                       "--password-file", password)
            self.assertEqual(server.logins.count("app"), 1)
            self.assertGreater(server.logins.count("plumb_probe"), 1)

    def test_interrupted(self):
        process = subprocess.Popen([PLUMB, "wait", "--no-metadata", self.closed, "--interval", "20s"], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        process.stderr.readline()  # the first attempt is over
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=20)
        self.assertLess(time.monotonic() - began, 1)
        self.assertEqual(process.returncode, 3)
        self.assertIn("tcp-refused-no-listener", out)

    def test_usage_errors_as_in_check(self):
        self.refused("cannot read the password file /nonexistent: No such file or directory; give "
                     "--password-file a file you may read, or - for stdin",
                     "wait", "db", "--user", "app", "--password-file", "/nonexistent")


if __name__ == "__main__":
    unittest.main()
