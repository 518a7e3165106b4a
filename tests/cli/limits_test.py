"""What plumb itself lacks is never the target's fault; and its words are those of the schema."""

import json
import os
import resource
import unittest

from fake_server import FakeServer, closed_port
from program import Program

SCHEMA = os.path.join(os.path.dirname(__file__), "../../docs/schema/plumb.report-1.schema.json")


class Limits(Program):
    def with_descriptors(self, count, *arguments):
        def lower():
            resource.setrlimit(resource.RLIMIT_NOFILE, (count, count))
        return self.plumb(*arguments, preexec_fn=lower)

    def test_too_few_descriptors_are_unknown_and_said(self):
        codes = set()
        with FakeServer() as server:
            for count in range(5, 15):
                for target in (server.target, f"db.example.com:{closed_port()}"):
                    words = ("check", target, "--resolver", f"127.0.0.1:{closed_port()}", "--timeout", "2s")
                    run = self.with_descriptors(count, *words, "-o", "json")
                    nagios = self.with_descriptors(count, *words, "-o", "nagios")
                    codes.add(run.returncode)
                    if run.returncode != 3:
                        self.assertEqual(run.returncode, 0 if target == server.target else 1, (count, run))
                        continue
                    self.assertEqual(nagios.returncode, 3)
                    if not run.stdout:
                        self.assertIn("file descriptors (ulimit -n)", run.stderr, count)
                        continue
                    report = json.loads(run.stdout)
                    self.assertEqual([f["id"] for f in report["findings"]], ["client-fd-limit"], count)
                    self.assertNotIn("cause", report)
        self.assertEqual(codes, {0, 1, 3})

    def test_every_cause_the_program_knows_is_a_word_of_the_schema(self):
        with open(SCHEMA, encoding="utf-8") as file:
            words = json.load(file)["$defs"]["cause"]["enum"]
        known = [cause["id"] for cause in json.loads(self.plumb("causes", "-o", "json").stdout)["causes"]]
        self.assertGreater(len(known), 60)
        self.assertEqual(len(known), len(set(known)))
        self.assertEqual(set(known) - set(words), set())


if __name__ == "__main__":
    unittest.main()
