"""Servers that misbehave: each probe ends in its time, with a cause that fits, and shows nothing unprintable."""

import os
import re
import statistics
import unittest
from concurrent.futures import ThreadPoolExecutor

from lab import Lab
from report_schema import validate
from settings_server import balancer_back, stand_in
from vpc import HOST, PORT, ZONES

TIMEOUT = 2.0
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
# Nobody can say more about a conversation that ends where none should than where it ended.
CUT_SHORT = {"mysql-eof-before-greeting", "mysql-no-greeting-timeout", "unclassified"}
TLS_CUT_SHORT = {"tls-eof-during-handshake", "unclassified"}
AT_FIRST_PACKET = {"mysql-proxy-protocol-mismatch", *TLS_CUT_SHORT}
BEHAVIOURS = {
    "silent": {"mysql-no-greeting-timeout"},
    "ssh": {"mysql-not-mysql-server"},
    "garbage": {"mysql-not-mysql-server", "unclassified"},
    "zeros": {"mysql-not-mysql-server", "unclassified"},
    "flood": {"mysql-not-mysql-server", "unclassified"},
    "flood-packet": {"mysql-not-mysql-server", "unclassified"},
    "escape-greeting": {"tls-server-without-ssl"},
    "escape-error": {"mysql-access-denied-1045", "unclassified"},
    "drip:0": CUT_SHORT,
    "drip:3": TLS_CUT_SHORT,
    "close:0": {"mysql-eof-before-greeting"},
    "close:1": CUT_SHORT,
    "close:2": CUT_SHORT,
    "close:3": AT_FIRST_PACKET,
    "stall:1": CUT_SHORT,
    "stall:2": CUT_SHORT,
    **{f"{verb}:{step}": TLS_CUT_SHORT for verb in ("close", "stall") for step in (4, 5, 6)},
    **{f"close:{step}": {"mysql-server-shutting-down-1053", "unclassified"} for step in (7, 8, 9)},
    **{f"stall:{step}": {"mysql-connect-timeout-handshake"} for step in (7, 8, 9)},
    "stall:3": TLS_CUT_SHORT,
}


class HostileTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab()
        cls.addClassCleanup(cls.lab.close)

    def lateness(self):
        """Seconds that this machine, and a build with a sanitizer, take for nothing at all, just now."""
        return statistics.median(self.lab.plumb("--version").seconds for _ in range(3))

    def in_time(self, *words):
        """A machine that is busy with something else is late once; a probe that overruns is late each time."""
        for _ in range(3):
            run = self.lab.plumb(*words)
            if run.seconds <= TIMEOUT + 0.1 or run.seconds <= TIMEOUT + 0.1 + self.lateness():
                return run
        self.fail(f"took {run.seconds:.3f} s, three times too long: {words}")

    def check(self, behaviour):
        self.addCleanup(balancer_back, self.lab)
        stand_in(self.lab, behaviour, self.lab.certificates.chain("good"), self.lab.certificates.key)
        words = ["check", f"{HOST}:{PORT}", "--connect-to", ZONES[0], "--ca", self.lab.certificates.root,
                 "--timeout", f"{TIMEOUT:.0f}s"]
        with ThreadPoolExecutor() as beside:  # they wait for the most part
            json_run, text_run = beside.map(lambda output: self.in_time(*words, *output), (("-o", "json"), ()))
        report = json_run.report
        self.assertEqual((report["outcome"], json_run.exit), ("failed", 1), report["findings"])
        self.assertIn(report["cause"], BEHAVIOURS[behaviour], report["findings"])
        validate(report)
        for run in (json_run, text_run):
            self.assertIsNone(CONTROL.search(run.out + run.err))
            self.assertNotIn("Sanitizer", run.err)
            self.assertLess(len(run.out), 200_000)


def make_test(behaviour):
    return lambda self: self.check(behaviour)


for _behaviour in BEHAVIOURS:
    setattr(HostileTest, "test_" + _behaviour.replace(":", "_at_step_").replace("-", "_"), make_test(_behaviour))
