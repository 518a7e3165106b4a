"""The failover trap: a load balancer's target is an address, and the database's name follows the writer. From a network
that reaches both, plumb asks the name's server and the registered address who they are. Real servers: the writer is a
MariaDB; at the registered address stands its replica, the same turned into a writer, a MySQL, a TiDB, or nobody.
"""

import unittest

import mysql_server
import tidb_server
from database import PASSWORD, PlainDatabase
from lab import Lab
from mysql_server import MySql
from mysql_test import need_chroot
from process import wait_until
from report_schema import validate
from vpc import DB, OWN_HOST, STANDBY

WRITER = ("--log-bin=binlog", "--server-id=1")
REPLICA = ("--server-id=2", "--read-only=ON")
FOLLOW = """
CHANGE MASTER TO MASTER_HOST='{host}', MASTER_USER='replica', MASTER_PASSWORD='{password}', MASTER_LOG_FILE='{file}',
  MASTER_LOG_POS={position};
START SLAVE;
"""


class Pinned(unittest.TestCase):
    standby_database, options = PlainDatabase, REPLICA

    @classmethod
    def setUpClass(cls):
        cls.lab = Lab(PlainDatabase)
        cls.addClassCleanup(cls.lab.close)
        cls.lab.database.start(extra=WRITER)
        cls.host = cls.lab.vpc.add_standby()
        cls.addClassCleanup(cls.host.close)
        cls.standby = cls.standby_database(cls.host, cls.lab.certificates)
        cls.standby.start(extra=cls.options)
        cls.addClassCleanup(cls.standby.stop)
        cls.name_leads_to(DB)

    @classmethod
    def name_leads_to(cls, address):
        cls.lab.resolver.start(names={OWN_HOST: [address]})

    def check(self, pinned, *words, ca="root", timeout="10s"):
        run = self.lab.plumb("check", f"{OWN_HOST}:3306", "--pinned-target", pinned, "--ca", self.lab.certificates.bundle(ca),
                             "--user", "app", "--password-file", self.lab.password, "--timeout", timeout, "-o", "json", *words)
        self.assertNotIn(PASSWORD, run.out + run.err)
        validate(run.report)
        return run

    def stale(self, run, severity="error"):
        finding = run.report["findings"][0]
        self.assertEqual((finding["id"], finding["severity"], finding["confidence"]),
                         ("tcp-target-ip-stale", severity, "certain"), run.report["findings"])
        self.assertEqual((run.report["outcome"], run.exit), ("degraded", 1 if severity == "error" else 0))
        return finding

    def identities(self, run):
        return {seen["endpoint"]: seen["facts"] for seen in run.report["evidence"]
                if seen["phase"] == "session" and seen["facts"].get("path.experiment") == "pinned-target"}


class FailoverTest(Pinned):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        writer = cls.lab.database
        writer.sql(f"CREATE USER 'replica'@'%' IDENTIFIED BY '{PASSWORD}'; GRANT REPLICATION SLAVE ON *.* TO 'replica'@'%'")
        file, position = writer.sql("SHOW MASTER STATUS").split("\t")[:2]
        cls.standby.sql(FOLLOW.format(host=DB, password=PASSWORD, file=file, position=position))
        writer.sql("CREATE DATABASE shop")
        wait_until(lambda: cls.standby.sql("SHOW DATABASES LIKE 'shop'"), "the replica")

    def test_the_address_that_the_name_gives_is_no_fault(self):
        run = self.check(DB)
        self.assertEqual((run.report["outcome"], run.exit), ("ok", 0), run.report["findings"])
        self.assertEqual(self.identities(run), {})

    def test_a_replica_answers(self):
        run = self.check(STANDBY)
        finding = self.stale(run)
        self.assertIn("A reader answers there (read_only is ON", finding["summary"])
        self.assertIn("1290 or 1836", finding["summary"])
        self.assertIn("mysql-read-only-target", finding["remedy"][0]["text"])
        register, deregister = [step["command"] for step in finding["remedy"] if "command" in step]
        self.assertIn(f"Id={DB},", register)
        self.assertIn(f"Id={STANDBY},", deregister)
        told = self.identities(run)
        self.assertEqual(told[f"{STANDBY}:3306"]["session.read_only_by"], ["read_only"])
        self.assertEqual(told[f"{DB}:3306"]["session.read_only_by"], [])
        self.assertEqual(told[f"{DB}:3306"]["session.server_uuid"], self.lab.database.sql("SELECT @@server_uid"))
        # It is true.
        denied = self.lab.client.run("mariadb", "--no-defaults", "--skip-ssl", "-h", STANDBY, "-uapp", f"-p{PASSWORD}", "-e",
                                      "CREATE DATABASE lost", check=False)
        self.assertIn("ERROR 1290", denied.stderr)

    def test_an_old_writer_answers(self):
        self.standby.sql("SET GLOBAL read_only = OFF")
        self.addCleanup(self.standby.sql, "SET GLOBAL read_only = ON")
        summary = self.stale(self.check(STANDBY))["summary"]
        self.assertIn("Another server answers there and takes writes", summary)
        for server in (self.lab.database, self.standby):
            self.assertIn(server.sql("SELECT @@server_uid"), summary)

    def test_the_name_leads_to_the_reader_and_the_writer_is_pinned(self):
        self.name_leads_to(STANDBY)
        self.addCleanup(self.name_leads_to, DB)
        finding = self.stale(self.check(DB), "warning")
        self.assertIn("Another server answers there and takes writes", finding["summary"])
        self.assertIn("itself a reader (read_only is ON)", finding["summary"])
        self.assertNotIn(STANDBY, " ".join(step.get("command", "") for step in finding["remedy"]))

    def test_the_same_server_answers_at_both(self):
        second = "10.0.30.77"
        self.lab.db_host.add_address("eth0", f"{second}/24")
        finding = self.stale(self.check(second), "warning")
        self.assertIn("The same server still answers there and takes writes", finding["summary"])

    def test_nobody_answers(self):
        run = self.check("10.0.31.99", timeout="4s")
        self.assertIn("Nobody answers there any more", self.stale(run)["summary"])

    def test_a_certificate_that_is_not_proven_gets_no_account(self):
        run = self.check(STANDBY, "--tls", "required", ca="other-root")
        summary = self.stale(run)["summary"]
        self.assertIn("it was not asked which", summary)
        self.assertNotIn(f"{STANDBY}:3306", self.identities(run))
        logins = [seen for seen in run.report["evidence"] if seen["phase"] == "login" and seen["endpoint"] == f"{STANDBY}:3306"]
        self.assertEqual([seen["facts"]["mysql.login.as"] for seen in logins], ["anonymous"])


class RefusalTest(Pinned):
    def test_an_account_that_is_refused_there_is_sent_once(self):
        self.standby.sql(f"ALTER USER 'app'@'%' IDENTIFIED BY 'another {PASSWORD}'")
        before = int(self.standby.sql("SHOW GLOBAL STATUS LIKE 'Aborted_connects'").split()[1])
        self.assertIn("it refuses the account", self.stale(self.check(STANDBY))["summary"])
        after = int(self.standby.sql("SHOW GLOBAL STATUS LIKE 'Aborted_connects'").split()[1])
        self.assertEqual(after - before, 1)


class MySqlTest(Pinned):
    standby_database, options = MySql, ("--super-read-only=ON",)

    @classmethod
    def setUpClass(cls):
        need_chroot()
        MySql.accounts, kept = "SET GLOBAL super_read_only=OFF;" + MySql.accounts + "SET GLOBAL super_read_only=ON;", MySql.accounts
        try:
            super().setUpClass()
        finally:
            MySql.accounts = kept

    def test_a_mysql_that_is_read_only(self):
        run = self.check(STANDBY)
        self.assertIn("read_only, super_read_only is ON", self.stale(run)["summary"])
        self.assertRegex(self.identities(run)[f"{STANDBY}:3306"]["session.server_uuid"], "^[0-9a-f-]{36}$")


class TiDbTest(Pinned):
    standby_database, options = tidb_server.TiDb, ()

    @classmethod
    def setUpClass(cls):
        tidb_server.need_tidb()
        super().setUpClass()

    def test_a_tidb_has_no_uuid_of_its_own(self):
        run = self.check(STANDBY)
        self.assertIn("Another server answers there and takes writes", self.stale(run)["summary"])
        self.assertEqual(self.identities(run)[f"{STANDBY}:3306"]["session.server_uuid"].strip("0-"), "")


# ./dev test --full has them, and tries them; a skip would fail CI, which cannot have them.
if not mysql_server.is_there():
    del MySqlTest
if not tidb_server.is_there():
    del TiDbTest
