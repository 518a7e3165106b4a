"""A real MySQL (8.4 or later) out of a Debian sid chroot, for `./dev test --full` (dev.d/tests.sh makes the chroot).

It takes MariaDB's place behind the load balancer. Its accounts use caching_sha2_password.
"""

import os

import enclosure
from database import PASSWORD, Database
from process import stop, wait_until
from vpc import OWN_HOST

CHROOT = os.environ.get("PLUMB_MYSQL_CHROOT", "")
DATA = "/srv"  # of the chroot, where the lab's state directory is mounted


def is_there():
    # Without a chroot the path would be the machine's own mysqld, which may be MariaDB's.
    return CHROOT != "" and os.access(f"{CHROOT}/usr/sbin/mysqld", os.X_OK) and os.environ.get(enclosure.INSIDE) != "user"


class MySql(Database):
    name = OWN_HOST
    accounts = f"""
CREATE USER 'app'@'%' IDENTIFIED WITH caching_sha2_password BY '{PASSWORD}';
CREATE USER 'strange'@'%' IDENTIFIED WITH sha256_password BY '{PASSWORD}';
CREATE USER 'fragile'@'%' IDENTIFIED BY '{PASSWORD}' FAILED_LOGIN_ATTEMPTS 3 PASSWORD_LOCK_TIME 1;
"""

    def _bootstrap(self):
        host = self.host
        for source, place in ((host.directory, "/srv"), ("/proc", "/proc"), ("/dev", "/dev")):
            host.run("mount", "--rbind", source, CHROOT + place)
        host.run("touch", f"{CHROOT}/etc/hosts")
        host.run("mount", "--bind", f"{host.directory}/hosts", f"{CHROOT}/etc/hosts")
        self.common = ["chroot", CHROOT, "mysqld", "--no-defaults", "--user=root", f"--datadir={DATA}/mysql",
                       "--secure-file-priv=NULL", "--mysqlx=OFF", "--innodb-buffer-pool-size=32M",
                       "--innodb-redo-log-capacity=8M", "--disable-log-bin"]
        host.run(*self.common, "--initialize-insecure")
        self.socket = f"{host.directory}/mysql.sock"

    def start(self, chain="good", extra=(), environment=None):
        stop(self.process)
        host, self.extra = self.host, extra
        host.run("cp", self.certificates.chain(chain), f"{host.directory}/server.chain")
        host.run("cp", self.certificates.key, f"{host.directory}/server.key")
        self.process = host.start(
            *self.common, f"--socket={DATA}/mysql.sock", "--port=3306", f"--ssl-cert={DATA}/server.chain",
            f"--ssl-key={DATA}/server.key", f"--pid-file={DATA}/mysql.pid", *extra, log="mariadb", environment=environment)
        wait_until(self._answers, "mysqld", seconds=60)
        if not self.sql("SELECT User FROM mysql.user WHERE User='app'"):
            self.sql(self.accounts)

    def serve_chain(self, chain):
        """With a restart: ALTER INSTANCE RELOAD TLS refuses the chains of the lab as invalid (3888, measured with 9.7)."""
        self.start(chain, self.extra)
