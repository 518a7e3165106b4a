"""A real TiDB, whose program PLUMB_TIDB_SERVER names, with the store that is built into it (unistore): no PD, no TiKV.

It takes MariaDB's place behind the load balancer, and the name promises it. Its accounts: `app` by
mysql_native_password, `modern` by caching_sha2_password.
"""

import os
import unittest

import enclosure
from database import PASSWORD, Database
from process import stop, wait_until
from vpc import HOST

PROGRAM = os.environ.get("PLUMB_TIDB_SERVER", "")
HOW = ("no TiDB: PLUMB_TIDB_SERVER names no tidb-server. A release of it is at https://github.com/pingcap/tidb, and "
       "`tiup install tidb` lays one under ~/.tiup/components/tidb/")


def is_there():
    return os.access(PROGRAM, os.X_OK)


def need_tidb():
    if not is_there():
        raise unittest.SkipTest(HOW)
    enclosure.search_system_paths()


class TiDb(Database):
    name, port = HOST, 3306
    accounts = f"""
CREATE USER 'app'@'%' IDENTIFIED WITH mysql_native_password BY '{PASSWORD}';
CREATE USER 'modern'@'%' IDENTIFIED WITH caching_sha2_password BY '{PASSWORD}';
"""

    def _bootstrap(self):
        directory = self.host.directory
        self.socket = f"{directory}/tidb.sock"
        self.common = ['host = "::"', f"port = {self.port}", f'socket = "{self.socket}"', 'store = "unistore"',
                       f'path = "{directory}/tidb"', f'temp-dir = "{directory}/tidb-temp"',
                       f'tmp-storage-path = "{directory}/tidb-storage"',
                       f'log.slow-query-file = "{directory}/tidb-slow.log"', 'log.level = "warn"',
                       "status.report-status = false"]

    def start(self, chain="good", extra=(), environment=None):
        """`extra`: lines of TiDB's configuration file, as `instance.max_connections = 5`."""
        stop(self.process)
        host, lines = self.host, [*self.common, *extra]
        if chain is not None:
            host.run("cp", self.certificates.chain(chain), f"{host.directory}/server.chain")
            lines += [f'security.ssl-cert = "{host.directory}/server.chain"',
                      f'security.ssl-key = "{self.certificates.key}"']
        config = host.write("tidb.toml", "\n".join(lines) + "\n")
        self.process = host.start(PROGRAM, "--config", config, log="tidb", environment=environment)
        wait_until(self._answers, "tidb-server", seconds=180)  # the first start makes the system tables
        if not self.sql("SELECT User FROM mysql.user WHERE User='app'"):
            self.sql(self.accounts)

    def _answers(self):
        if self.process.poll() is not None:
            raise SystemExit("tidb-server ended: " + self.host.log("tidb")[-2000:])
        return self.sql("SELECT 1") == "1"

    def demand_tls(self, on):
        """A variable and no longer an option; TiDB takes ON only from who uses TLS himself."""
        self.host.run("mariadb", "--no-defaults", "--ssl", "-uroot", "-h127.0.0.1", f"-P{self.port}", "-e",
                      f"SET GLOBAL require_secure_transport = {'ON' if on else 'OFF'}")

    def serve_chain(self, chain):
        self.host.run("cp", self.certificates.chain(chain), f"{self.host.directory}/server.chain")
        self.sql("ALTER INSTANCE RELOAD TLS")
