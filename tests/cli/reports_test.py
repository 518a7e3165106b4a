"""The six formats on stdout, and nothing else there."""

import json
import unittest

from fake_server import FakeServer, closed_port
from program import Program, normalised


class Reports(Program):
    def setUp(self):
        super().setUp()
        self.closed = f"127.0.0.1:{closed_port()}"

    def test_text(self):
        run = self.plumb("check", self.closed)
        self.assertEqual((run.returncode, run.stderr), (1, ""))
        lines = normalised(run.stdout).split("\n")
        self.assertEqual(lines[0], "127.0.0.1:PORT   FAILED   tcp-refused-no-listener")
        self.assertIn("Who must act: client", run.stdout)

    def test_json_of_one_and_of_two(self):
        one = json.loads(self.plumb("check", self.closed, "-o", "json").stdout)
        self.assertEqual(one["schema"], "plumb.report/1")
        two = json.loads(self.plumb("check", self.closed, self.closed, "-o", "json").stdout)
        self.assertEqual((two["schema"], len(two["reports"])), ("plumb.fleet/1", 2))

    def test_jsonl_ends_with_a_summary(self):
        lines = self.plumb("check", self.closed, self.closed, "-o", "jsonl").stdout.splitlines()
        self.assertEqual([json.loads(line)["schema"] for line in lines],
                         ["plumb.report/1", "plumb.report/1", "plumb.summary/1"])

    def test_html_is_one_file(self):
        run = self.plumb("check", self.closed, "-o", "html")
        self.assertTrue(run.stdout.lower().startswith("<!doctype html>"))
        self.assertNotRegex(run.stdout, r"(src|href)=\"https?:[^\"]*\.(js|css|png)")

    def test_nagios(self):
        run = self.plumb("check", self.closed, "-o", "nagios")
        self.assertEqual((run.returncode, run.stderr), (2, ""))
        self.assertIn("CRITICAL", run.stdout.split("\n")[0])
        with FakeServer() as server:
            run = self.plumb("check", server.target, "-o", "nagios")
            self.assertEqual(run.returncode, 0)
            self.assertIn("OK", run.stdout.split("\n")[0])
            self.assertIn("|", run.stdout.split("\n")[0])

    def test_prometheus(self):
        run = self.plumb("check", self.closed, "-o", "prometheus")
        self.assertIn("# TYPE probe_success gauge", run.stdout)
        self.assertRegex(run.stdout, r"(?m)^probe_success(\{[^}]*\})? 0$")


if __name__ == "__main__":
    unittest.main()
