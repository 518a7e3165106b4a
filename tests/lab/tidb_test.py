"""The same against a real TiDB, and what only TiDB has: `./dev test --full` where there is a tidb-server (tidb_server.py)."""

import os
import signal
import unittest

import healthy_test
from database import PASSWORD
from healthy_test import facts
from lab import Lab
from process import stop, wait_until
from purposes_test import statement_of
from tidb_server import PROGRAM, TiDb, need_tidb
from vpc import PORT, ZONES

CAPABILITIES, TLS = 0x051BA6AF, 0x800  # TiDB pkg/server/server.go, defaultCapability
# A client with only a curve that Go's TLS does not have.
ODD_CLIENT = "openssl_conf = a\n[a]\nssl_conf = b\n[b]\nsystem_default = c\n[c]\nGroups = X448\n"


class TiDbHealthyTest(healthy_test.HealthyTest):
    database = TiDb
    version, flavor = "8.0.11-TiDB-v", "tidb"

    @classmethod
    def setUpClass(cls):
        need_tidb()
        super().setUpClass()
        print("TiDB", cls.lab.database.sql("SELECT VERSION()"), PROGRAM, flush=True)

    def test_greeting(self):
        greeting = facts(self.report(), "greeting")[0]
        self.assertEqual(greeting["mysql.capabilities"], CAPABILITIES | TLS)
        self.assertEqual(greeting["mysql.auth_plugin"], "mysql_native_password")

    def test_caching_sha2_takes_the_full_path_every_time(self):
        for _ in range(2):
            login = facts(self.report("--user", "modern", "--password-file", self.lab.password), "login")[0]
            self.assertEqual(login["mysql.auth_switch"], "caching_sha2_password")
            self.assertEqual((login["mysql.auth_path"], login["mysql.login.ok"]), ("full", True))

    def test_another_default_plugin(self):
        self.lab.database.sql("SET GLOBAL default_authentication_plugin = 'caching_sha2_password'")
        try:
            report = self.report("--user", "app", "--password-file", self.lab.password)
            self.assertEqual(facts(report, "greeting")[0]["mysql.auth_plugin"], "caching_sha2_password")
            self.assertEqual(facts(report, "login")[0]["mysql.auth_switch"], "mysql_native_password")
            self.report("--user", "modern", "--password-file", self.lab.password)
            self.report()
        finally:
            self.lab.database.sql("SET GLOBAL default_authentication_plugin = 'mysql_native_password'")


class TiDbFaultsTest(unittest.TestCase):
    """Each fault with its outcome, cause and what TiDB puts on the wire."""

    @classmethod
    def setUpClass(cls):
        need_tidb()
        cls.lab = Lab(TiDb)
        cls.addClassCleanup(cls.lab.close)
        cls.as_made = True

    def setUp(self):
        if not type(self).as_made:
            self.start()
        type(self).as_made = True

    def start(self, *options, **words):
        type(self).as_made = False
        self.lab.database.start(extra=options, **words)

    def check(self, cause, *words, arguments=None, **options):
        """A run that fails for this cause; gives the report and the facts of the first login or greeting that failed."""
        run = self.lab.plumb("check", *(arguments or self.lab.arguments()), "-o", "json", *words, **options)
        self.assertEqual(run.exit, 1, run.out + run.err)
        self.assertEqual(run.report["outcome"], "failed")
        self.assertEqual(run.report["cause"], cause, [f["id"] for f in run.report["findings"]])
        self.assertNotIn(PASSWORD, run.out)
        greetings = [o for o in run.report["evidence"] if o["phase"] == "greeting" and "failure" not in o]
        self.assertEqual({o["facts"]["mysql.flavor"] for o in greetings} or {"tidb"}, {"tidb"})
        failed = [o for o in run.report["evidence"] if "failure" in o and o["phase"] in ("connect", "greeting", "tls", "login")]
        return run.report, failed[0]

    def account(self, user, wrong=False):
        return "--user", user, "--password-file", self.lab.wrong_password if wrong else self.lab.password

    def test_wrong_password_of_either_plugin(self):
        for user, switch in (("app", None), ("modern", "caching_sha2_password")):
            _, failed = self.check("mysql-access-denied-1045", *self.account(user, wrong=True))
            self.assertEqual(failed["facts"]["mysql.error_code"], 1045)
            self.assertEqual(failed["facts"]["mysql.sqlstate"], "28000")
            self.assertEqual(failed["facts"].get("mysql.auth_switch"), switch)

    def test_caching_sha2_without_tls_sends_no_password(self):
        _, failed = self.check("mysql-sha2-needs-secure-channel", "--tls", "off", *self.account("modern"))
        self.assertTrue(failed["facts"]["mysql.full_auth_withheld"])
        self.assertEqual(failed["facts"]["mysql.error_code"], 1045)

    def test_native_password_without_tls(self):
        run = self.lab.plumb("check", self.lab.target, "--tls", "off", *self.account("app"), "-o", "json")
        self.assertEqual((run.exit, run.report["outcome"]), (0, "ok"), run.out)

    def test_server_without_tls(self):
        self.start(chain=None)
        report, _ = self.check("tls-server-without-ssl")
        self.assertEqual(facts(report, "greeting")[0]["mysql.capabilities"], CAPABILITIES)

    def test_tls_demanded(self):
        self.lab.database.demand_tls(True)
        self.addCleanup(self.lab.database.demand_tls, False)
        for words in ((), self.account("app")):
            _, failed = self.check("mysql-secure-transport-3159", "--tls", "off", *words)
            self.assertEqual(failed["facts"]["mysql.error_code"], 3159)
            self.assertNotIn("mysql.sqlstate", failed["facts"])
        run = self.lab.plumb("check", *self.lab.arguments(), "-o", "json")
        self.assertEqual(run.report["outcome"], "ok", run.out)

    def test_full(self):
        self.start("instance.max_connections = 2")
        crowd = {}
        try:
            for who in ("one", "another"):
                wait_until(lambda: self.stays(crowd, who), who)
            _, failed = self.check("mysql-too-many-connections-1040")
        finally:
            for process in crowd.values():
                stop(process)
        self.assertEqual(failed["phase"], "greeting")  # in the greeting's place
        self.assertNotIn("mysql.sqlstate", failed["facts"])

    def stays(self, crowd, who):
        """Whether it is in and stays there. Whoever asked whether TiDB is up may not be quite gone yet: then once more."""
        if who not in crowd or crowd[who].poll() is not None:
            crowd[who] = self.lab.db_host.start("mariadb", "--no-defaults", "-uroot", f"--socket={self.lab.database.socket}",
                                                "--unbuffered", "-e", "SELECT 'inside'; SELECT SLEEP(600)", log=who)
        return "inside" in self.lab.db_host.log(who)

    def test_tls_upgrade_that_fails(self):
        """TiDB sends an alert, and behind it an ERR in plain text, which must not be taken for TLS."""
        environment = {**os.environ, "OPENSSL_CONF": self.lab.client.write("openssl.cnf", ODD_CLIENT)}
        _, failed = self.check("tls-no-shared-cipher", env=environment)
        self.assertEqual((failed["phase"], failed["failure"]), ("tls", "tls_alert"), failed)

    def test_client_certificate_of_a_stranger(self):
        """In TLS 1.3 that fails after the client has finished its handshake."""
        pki = self.lab.certificates
        self.start(f'security.ssl-ca = "{pki.root}"')
        words = ("--tls-cert", pki.chain("foreign"), "--tls-key", pki.key)
        _, failed = self.check("tls-client-cert-required", *words)
        self.assertEqual((failed["phase"], failed["failure"]), ("login", "tls_alert"), failed)

    def test_shutting_down(self):
        """TiDB closes its listener first of all: who comes from then on is refused, or sees what the load balancer makes of it."""
        self.lab.balancer.start(kind="forwarder")
        type(self).as_made = False
        try:
            os.killpg(self.lab.database.process.pid, signal.SIGTERM)
            self.lab.database.process.wait(timeout=60)
            self.check("tcp-refused-no-listener", arguments=[f"{self.lab.target}", "--connect-to", ZONES[0]])
        finally:
            self.lab.balancer.start()
        self.check("mysql-eof-before-greeting")  # haproxy accepts for a server that is gone

    def test_another_ca(self):
        self.check("tls-wrong-ca-for-deployment",
                   arguments=[f"{self.lab.name}:{PORT}", "--ca", self.lab.certificates.other_root])


class TiDbPurposesTest(unittest.TestCase):
    """What DMS needs of a TiDB: as a target it takes data, as a source it has no binary log (PingCAP: use AWS DMS)."""

    @classmethod
    def setUpClass(cls):
        need_tidb()
        cls.lab = Lab(TiDb)
        cls.addClassCleanup(cls.lab.close)
        cls.lab.database.sql(f"""
CREATE DATABASE shop;
CREATE USER 'loader'@'%' IDENTIFIED BY '{PASSWORD}' REQUIRE SSL;
GRANT ALTER, CREATE, DROP, INDEX, INSERT, UPDATE, DELETE, SELECT ON shop.* TO 'loader'@'%';
GRANT ALL PRIVILEGES ON awsdms_control.* TO 'loader'@'%';
CREATE USER 'repl'@'%' IDENTIFIED BY '{PASSWORD}' REQUIRE SSL;
GRANT SELECT ON *.* TO 'repl'@'%';
""")

    def check(self, purpose, user="loader"):
        run = self.lab.plumb("check", f"mysql://{user}@{self.lab.target}/" + ("shop" if user == "loader" else ""), "--password-file",
                             self.lab.password, "--purpose", purpose, "-o", "json", *self.lab.arguments()[1:])
        self.assertNotIn(PASSWORD, run.out + run.err)
        return run, [f["id"] for f in run.report["findings"]]

    def test_a_clean_target(self):
        for purpose in ("connect", "dms-target"):
            run, found = self.check(purpose)
            self.assertEqual((run.exit, run.report["outcome"], found), (0, "ok", []))
            session = [o for o in run.report["evidence"] if o["phase"] == "session"][0]
            self.assertEqual(session["facts"]["session.server"], "tidb")

    def test_each_broken_setting_of_a_target_is_found_and_mended_as_plumb_says(self):
        for cause, statement in (
                ("mysql-read-only-target", "SET GLOBAL tidb_super_read_only = ON"),
                ("session-sql-mode", "SET GLOBAL sql_mode = CONCAT(@@GLOBAL.sql_mode, ',ANSI_QUOTES')"),
                ("session-time-zone", "SET GLOBAL time_zone = '+02:00'"),
                ("session-missing-grant", "REVOKE INSERT ON shop.* FROM 'loader'@'%'"),
                ("session-awsdms-control-missing", "REVOKE ALL PRIVILEGES ON awsdms_control.* FROM 'loader'@'%'")):
            with self.subTest(statement):
                self.lab.database.sql(statement)
                run, found = self.check("dms-target")
                mends = [statement_of(step.get("command")) for step in run.report["findings"][0]["remedy"]]
                for mend in filter(None, mends):
                    self.lab.database.sql(mend)
                self.assertEqual(found[:1], [cause])
                self.assertEqual(self.check("dms-target")[1], [], mends)

    def test_a_source_gives_its_data_once(self):
        run, found = self.check("dms-source", "repl")
        self.assertIn("session-tidb-full-load-only", found)
        self.assertNotIn("session-log-bin-off", found)
        run, found = self.check("replication-source", "repl")
        self.assertEqual((run.exit, found[:1]), (1, ["session-unsupported-source"]))
