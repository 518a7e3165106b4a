"""Do no harm: what plumb leaves in the server's host cache, from which MySQL blocks hosts (error 1129).

First the negative control: a prober that reads the greeting and leaves is blocked. Then many probes of each kind
leave no mark. PLUMB_HARM_PROBES=2000 makes the long run of it.
"""

import os
import unittest

from database import PASSWORD, Database
from lab import Lab
from process import wait_until
from scenario import find
from settings_server import balancer_back, connect_and_close, stand_in
from standin import read_journal
from vpc import DB, HOST, PORT, ZONES

PROBES = int(os.environ.get("PLUMB_HARM_PROBES", "30"))
ERRORS = "SELECT COALESCE(SUM(SUM_CONNECT_ERRORS), 0) FROM performance_schema.host_cache"
# MySQL forgives a host at its next successful login: kinds that log in could hide their own harm, so the
# failures that it counts are read as well.
MARKS = ("SELECT COALESCE(SUM(COUNT_HANDSHAKE_ERRORS), 0) FROM performance_schema.host_cache")


class HarmTest(unittest.TestCase):
    database = Database

    @classmethod
    def setUpClass(cls):
        cls.lab = Lab(cls.database)
        cls.addClassCleanup(cls.lab.close)

    def setUp(self):
        self.lab.database.sql("TRUNCATE TABLE performance_schema.host_cache; SET GLOBAL max_connect_errors = 10")

    def normal_client(self):
        return self.lab.client.run(
            "mariadb", "--no-defaults", "--connect-timeout=5", "-h", ZONES[0], f"-P{PORT}", "-uapp", f"-p{PASSWORD}",
            "-N", "-B", "-e", "SELECT 1", check=False)

    def test_negative_control(self):
        """Without it the rest proves nothing: this server does block a careless prober."""
        connect_and_close(self.lab, 15)
        self.assertIn("is blocked", self.normal_client().stderr)

    def harmless(self, expected_exit, *words):
        for _ in range(PROBES):
            run = self.lab.plumb("check", f"{HOST}:{PORT}", "--connect-to", ZONES[0], *words)
            self.assertEqual(run.exit, expected_exit, run.out + run.err)
        self.assertEqual(int(self.lab.database.sql(ERRORS)), 0, self.cache())
        self.assertEqual(int(self.lab.database.sql(MARKS)), 0, self.cache())
        self.assertEqual(self.normal_client().stdout, "1\n")
        self.assertGreaterEqual(int(self.lab.database.sql("SELECT COUNT(*) FROM performance_schema.host_cache")), 1)

    def cache(self):
        return self.lab.database.sql("SELECT * FROM performance_schema.host_cache\\G")

    def test_without_tls(self):
        self.harmless(0, "--tls", "off")

    def test_with_tls(self):
        self.harmless(0, "--tls", "required")

    def test_wrong_ca(self):
        self.harmless(1, "--ca", self.lab.certificates.other_root)

    def test_wrong_name(self):
        self.harmless(1, "--ca", self.lab.certificates.root, "--server-name", "another.example")

    def test_with_account(self):
        self.harmless(0, "--ca", self.lab.certificates.root, "--user", "app", "--password-file", self.lab.password)

    def test_wrong_password(self):
        self.harmless(1, "--ca", self.lab.certificates.root, "--user", "app", "--password-file", self.lab.wrong_password)

    def test_unknown_plugin(self):
        self.harmless(1, "--ca", self.lab.certificates.root, "--user", "strange", "--password-file", self.lab.password)

    def test_all_addresses_of_a_healthy_endpoint(self):
        for _ in range(3):
            self.assertEqual(self.lab.plumb("check", *self.lab.arguments()).exit, 0)
        self.assertEqual(int(self.lab.database.sql(ERRORS)), 0, self.cache())

    def test_tls_that_cannot_complete_is_tried_three_times_at_most(self):
        """Against a server that goes silent, or leaves, in the middle of TLS: its journal counts our connections."""
        for behaviour in ("stall:5", "stall:6", "close:5", "close:6"):
            with self.subTest(behaviour):
                journal = f"{self.lab.vpc.nlb.directory}/journal-{behaviour}"
                self.addCleanup(balancer_back, self.lab)
                stand_in(self.lab, behaviour, self.lab.certificates.chain("good"), self.lab.certificates.key,
                         "--journal", journal)
                self.lab.plumb("check", f"{HOST}:{PORT}", "--connect-to", ZONES[0], "--ca", self.lab.certificates.root,
                               "--timeout", "6s")
                wait_until(lambda: self.is_complete(journal), "the stand-in's journal")
                balancer_back(self.lab)
                broken = [step for step in read_journal(journal)[1] if step >= 3]
                self.assertGreaterEqual(len(broken), 1)
                self.assertLessEqual(len(broken), 3)

    def is_complete(self, journal):
        """plumb has ended, but the stand-in may not have noticed yet."""
        accepted, ended = read_journal(journal)
        return accepted == len(ended) > 0

    def test_tls_that_a_real_server_refuses(self):
        with self.lab.scenario(find("tls-old")):
            self.lab.database.sql("TRUNCATE TABLE performance_schema.host_cache")
            run = self.lab.plumb("check", f"{HOST}:{PORT}", "--connect-to", ZONES[0], "--ca", self.lab.certificates.root)
            self.assertIn("tls-protocol-version", run.out + run.err)
            self.assertLessEqual(int(self.lab.database.sql(ERRORS)), 3, self.cache())
