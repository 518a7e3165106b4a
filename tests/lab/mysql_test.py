"""The same against a real MySQL (caching_sha2_password) in a chroot, and what only MySQL has: `./dev test --full`."""

import os
import time
import unittest

import enclosure
import harm_test
import healthy_test
import mysql_server
from database import PASSWORD
from lab import Lab
from mysql_server import MySql
from vpc import HOST, PORT, ZONES

WAIT = os.environ.get("PLUMB_HARM_WAIT", "8s")  # 1h by hand: the length of --retry-auth


def need_chroot():
    if not mysql_server.is_there() or os.environ.get(enclosure.INSIDE) != "root":
        raise unittest.SkipTest("no MySQL chroot: PLUMB_MYSQL_CHROOT, made by ./dev test --full as root")


class MySqlHealthyTest(healthy_test.HealthyTest):
    database = MySql
    version, flavor = "", "mysql"

    @classmethod
    def setUpClass(cls):
        need_chroot()
        super().setUpClass()
        print("MySQL", cls.lab.database.sql("SELECT VERSION()"), flush=True)

    def test_with_an_account_full_and_then_fast(self):
        """The first login after a start needs the password itself (full path), the next only a scramble (fast)."""
        self.lab.database.sql("FLUSH PRIVILEGES")  # empties the server's cache of scrambles
        for _ in range(2):
            self.report("--user", "app", "--password-file", self.lab.password)

    def test_full_path_without_tls_sends_no_password(self):
        self.lab.database.sql("FLUSH PRIVILEGES")
        run = self.lab.plumb("check", self.lab.target, "--tls", "off", "--user", "app", "--password-file", self.lab.password,
                             "-o", "json")
        self.assertEqual(run.exit, 1)
        self.assertEqual(run.report["cause"], "mysql-sha2-needs-secure-channel")


class MySqlHarmTest(harm_test.HarmTest):
    database = MySql
    test_tls_that_a_real_server_refuses = None  # MySQL 8.4 and later know no TLS 1.1

    @classmethod
    def setUpClass(cls):
        need_chroot()
        super().setUpClass()

    def locked(self):
        return self.lab.client.run("mariadb", "--no-defaults", "-h", ZONES[0], f"-P{PORT}", "-ufragile", f"-p{PASSWORD}",
                                   "-e", "SELECT 1", check=False).returncode != 0

    def test_an_account_is_not_locked_by_a_wrong_password_of_ours(self):
        words = [*self.lab.arguments(), "--user", "fragile", "--password-file", self.lab.wrong_password]
        self.assertEqual(self.lab.plumb("check", *words).exit, 1)
        self.assertFalse(self.locked())
        self.lab.plumb("wait", *words, "--for", "ok", "--interval", "200ms", "--deadline", WAIT, timeout=4000)
        self.assertFalse(self.locked())


class MySqlConnectionControlTest(unittest.TestCase):
    """Delayed refusals: MySQL's connection_control at its defaults makes every refused login wait longer."""

    @classmethod
    def setUpClass(cls):
        need_chroot()
        cls.lab = Lab(MySql)
        cls.addClassCleanup(cls.lab.close)
        cls.lab.database.sql("INSTALL COMPONENT 'file://component_connection_control'")

    def waiting_now(self):
        return self.lab.database.sql("SELECT COALESCE(MAX(TIME), 0) FROM performance_schema.processlist "
                                     "WHERE STATE LIKE 'Waiting in connection_control%'")

    def test_fifty_probes_never_hang(self):
        words = ["wait", f"{HOST}:{PORT}", "--connect-to", ZONES[0], "--for", "failed", "--interval", "100ms",
                 "--deadline", "15s", "-o", "json"]
        process = self.lab.client.start(self.lab.plumb_path(), *words, log="wait")
        longest, end = 0, time.monotonic() + 60
        while process.poll() is None and time.monotonic() < end:
            longest = max(longest, int(self.waiting_now()))
            time.sleep(0.2)
        self.assertEqual(process.poll(), 1, self.lab.client.log("wait"))
        self.assertLessEqual(longest, 2)
        self.assertIn('"client-harm-budget-spent"', self.lab.client.log("wait"))
