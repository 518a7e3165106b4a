"""The scenarios marked `smoke`, in real parts: each gives its cause in JSON, on the screen and as exit code.

`./dev lab score` judges all of them.
"""

import re
import unittest

from lab import Lab
from report_schema import validate
from scenario import HEALTHY, all_scenarios

SCENARIOS = [scenario for scenario in all_scenarios() if scenario.smoke]
COMMAND = re.compile(r" {4}\S")  # a line to paste is not broken
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


class FaultsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab()
        cls.addClassCleanup(cls.lab.close)

    def check(self, fault):
        with self.lab.scenario(fault) as typed:
            words = ["check", *typed, "--timeout", fault.timeout]
            json_run = self.lab.plumb(*words, "-o", "json")
            text_run = self.lab.plumb(*words)
        report = json_run.report
        said = [f"{f['id']} ({f['severity']}, {f['confidence']}): {f['summary']}" for f in report["findings"]]
        self.assertEqual(report["outcome"], fault.outcome, said)
        if fault.outcome in ("failed", "degraded"):
            self.assertEqual(report["cause"], fault.cause, said)
        else:
            self.assertNotIn("cause", report)
        if fault.cause:
            self.assertEqual(report["findings"][0]["id"], fault.cause, said)
            self.assertIn(fault.cause, text_run.out)
        self.assertEqual((json_run.exit, text_run.exit), (fault.exit, fault.exit), text_run.out + text_run.err)
        self.assertIsNone(CONTROL.search(text_run.out), "a control character on the screen")
        prose = [line for line in text_run.out.splitlines() if not COMMAND.match(line)]
        for line in prose:  # a path or a name is pasted, so it is not broken
            self.assertTrue(len(line) <= 80 or len(line.split()) == 1, text_run.out)
        self.assertEqual(json_run.err, "")
        validate(report)

    def test_healthy(self):
        self.check(HEALTHY)

    def test_ca_file_that_cannot_be_read_is_wrong_usage(self):
        run = self.lab.plumb("check", self.lab.target, "--ca", "/nowhere/ca.pem")
        self.assertEqual(run.exit, 2)
        self.assertIn("/nowhere/ca.pem", run.err)
        self.assertEqual(run.out, "")

    def test_healthy_again_when_all_faults_are_off(self):
        """Every setting undoes itself: without it the scenarios would judge each other."""
        for fault in SCENARIOS:
            with self.lab.scenario(fault):
                pass
        self.check(HEALTHY)


def make_test(fault):
    return lambda self: self.check(fault)


for _fault in SCENARIOS:
    _test = make_test(_fault)
    _test.__doc__ = f"{_fault.story} → {_fault.cause}"
    setattr(FaultsTest, "test_" + _fault.name.replace("-", "_"), _test)
