"""Many targets of one name at real resolvers: each is asked once while its answer is true, and anew by who waits for a change."""

import re
import unittest

from lab import Lab
from report_schema import validate
from resolver import FORWARDER
from vpc import RESOLVER

GONE = "gone.a1b2c3d4.clusters.tidb-cloud.com"
LOG = ("log-queries", "log-facility=-")


def questions(report, kind="A"):
    """The facts of the questions for addresses, without the application's view."""
    return [o["facts"] for o in report["evidence"] if o["facts"].get("dns.question.type") == kind]


class NamesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab()
        cls.addClassCleanup(cls.lab.close)

    def setUp(self):
        self.lab.forwarder.start(options=LOG)
        self.asked_before = len(self.asked(""))

    def asked(self, name):
        return re.findall(rf"query\[(\w+)\] {re.escape(name)}", self.lab.vpc.resolver.log("dnsmasq"))

    def reports(self, target, resolver, count=5):
        run = self.lab.plumb("check", *[target] * count, "--tls", "off", "--resolver", resolver, "-o", "json")
        self.assertEqual(len(run.report["reports"]), count, run.err)
        for report in run.report["reports"]:
            validate(report)
        return run.report["reports"]

    def test_dnsmasq_is_asked_once_for_both_families(self):
        reports = self.reports(self.lab.target, FORWARDER)
        self.assertEqual({r["outcome"] for r in reports}, {"ok"}, reports[0]["findings"])
        self.assertEqual(sorted(self.asked("")[self.asked_before:]), ["A", "AAAA"])
        for kind in ("A", "AAAA"):
            shared = [facts.get("dns.shared", False) for r in reports for facts in questions(r, kind)]
            self.assertEqual(sorted(shared), [False, True, True, True, True])

    def test_what_unbound_denies_is_shared_and_diagnosed_alike(self):
        reports = self.reports(f"{GONE}:4000", RESOLVER)
        self.assertEqual({(r["outcome"], r["cause"]) for r in reports}, {("failed", reports[0]["cause"])})
        shared = [facts.get("dns.shared", False) for r in reports for facts in questions(r)]
        self.assertEqual(sorted(shared), [False, True, True, True, True])
        alone = self.lab.plumb("check", f"{GONE}:4000", "--tls", "off", "--resolver", RESOLVER, "-o", "json").report
        self.assertEqual([f["id"] for f in alone["findings"]], [f["id"] for f in reports[-1]["findings"]])

    def test_who_waits_for_a_change_asks_anew_within_the_ttl(self):
        run = self.lab.plumb("wait", self.lab.target, "--for", "failed", "--deadline", "4s", "--interval", "1s",
                             "--tls", "off", "--resolver", FORWARDER, "-o", "json")
        self.assertEqual(run.exit, 1, run.err)
        self.assertGreaterEqual(self.asked("")[self.asked_before:].count("A"), 3)
        self.assertNotIn("dns.shared", run.out)
