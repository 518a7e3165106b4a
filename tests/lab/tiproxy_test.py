"""A real TiProxy before a real TiDB: that it is told from TiDB itself, and what it says when TiDB is gone."""

import unittest

import healthy_test
from healthy_test import facts
from lab import Lab
from tiproxy_server import PROGRAM, TiProxied, need_tiproxy, version

CAPABILITIES, TLS = 0x053BE6EF, 0x800  # TiProxy pkg/proxy/backend/authenticator.go


class TiProxyHealthyTest(healthy_test.HealthyTest):
    database = TiProxied
    version, flavor = "8.0.11-TiDB-v", "tiproxy"  # TiDB's own version, or the one TiProxy was built with

    @classmethod
    def setUpClass(cls):
        need_tiproxy()
        super().setUpClass()
        print("TiProxy", version(), PROGRAM, "before TiDB", cls.lab.database.sql("SELECT VERSION()"), flush=True)

    def test_greeting(self):
        greeting = facts(self.report(), "greeting")[0]
        self.assertEqual(greeting["mysql.capabilities"], CAPABILITIES | TLS)
        self.assertEqual(greeting["mysql.auth_plugin"], "mysql_native_password")

    def test_caching_sha2(self):
        login = facts(self.report("--user", "modern", "--password-file", self.lab.password), "login")[0]
        self.assertEqual((login["mysql.auth_switch"], login["mysql.auth_path"]), ("caching_sha2_password", "full"))


class TiProxyAloneTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        need_tiproxy()
        cls.lab = Lab(TiProxied)
        cls.addClassCleanup(cls.lab.close)

    def test_without_a_backend(self):
        """TiProxy looks for a backend for 15 s before it says that there is none: only who waits as long is certain."""
        self.lab.database.backend_gone()
        first = self.lab.plumb("check", *self.lab.arguments(), "-o", "json").report["findings"][0]
        self.assertEqual((first["id"], first["confidence"]), ("mysql-tiproxy-no-backend", "likely"))
        run = self.lab.plumb("check", *self.lab.arguments(), "-o", "json", "--timeout", "25s")
        self.assertEqual((run.exit, run.report["outcome"]), (1, "failed"), run.out)
        first = run.report["findings"][0]
        self.assertEqual((first["id"], first["confidence"]), ("mysql-tiproxy-no-backend", "certain"))
        login = next(f for f in facts(run.report, "login") if "mysql.error_code" in f)
        self.assertEqual((login["mysql.error_code"], login["mysql.login.answered_by"]), (1105, "tiproxy"))
