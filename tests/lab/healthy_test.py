"""A healthy MariaDB behind the endpoint: verify-full with a private root, anonymous and with an account."""

import unittest

from database import PASSWORD, PlainDatabase
from lab import Lab
from report_schema import validate
from vpc import ZONES, v6


def facts(report, phase):
    return [o["facts"] for o in report["evidence"] if o["phase"] == phase]


class HealthyTest(unittest.TestCase):
    database = PlainDatabase
    version, flavor = "10.11", "mariadb"

    @classmethod
    def setUpClass(cls):
        cls.lab = Lab(cls.database)
        cls.addClassCleanup(cls.lab.close)

    def report(self, *words):
        run = self.lab.plumb("check", *self.lab.arguments(), "--tls", "verify-full", "-o", "json", *words)
        self.assertEqual(run.exit, 0, run.out + run.err)
        validate(run.report)
        self.assertEqual(run.report["outcome"], "ok", run.report["findings"])
        self.assertNotIn(PASSWORD, run.out)
        return run.report

    def test_anonymous(self):
        report = self.report()
        peers = {f["network.peer.address"] for f in facts(report, "connect")}
        self.assertEqual(peers, {*ZONES, *map(v6, ZONES)})
        self.assertEqual({f["mysql.error_code"] for f in facts(report, "login")}, {1045})

    def test_greeting_and_certificate_are_facts(self):
        report = self.report()
        greeting, tls = facts(report, "greeting")[0], facts(report, "tls")[0]
        self.assertIn(self.version, greeting["mysql.version"])
        self.assertEqual(greeting["mysql.flavor"], self.flavor)
        self.assertEqual(tls["tls.protocol.version"], "1.3")
        self.assertEqual(len(tls["tls.chain"]), 3)
        self.assertTrue(tls["tls.chain_ok"] and tls["tls.name_ok"] and tls["tls.dates_ok"])

    def test_with_an_account(self):
        report = self.report("--user", "app", "--password-file", self.lab.password)
        self.assertTrue(all("mysql.error_code" not in f for f in facts(report, "login")), facts(report, "login"))

    def test_each_family_alone(self):
        for flag, zones in (("-4", set(ZONES)), ("-6", set(map(v6, ZONES)))):
            peers = {f["network.peer.address"] for f in facts(self.report(flag), "connect")}
            self.assertEqual(peers, zones)

    def test_saved_evidence_is_judged_the_same(self):
        path = self.lab.state_file("evidence.jsonl")
        live = self.report("--save", path)
        again = self.lab.plumb("replay", path, "-o", "json")
        self.assertEqual(again.exit, 0, again.err)
        self.assertEqual(again.report["outcome"], live["outcome"])
        self.assertEqual([f["id"] for f in again.report["findings"]], [f["id"] for f in live["findings"]])
