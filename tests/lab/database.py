"""A real MariaDB behind the load balancer.

Performance schema and name resolution are on and the load balancer's address has a reverse name: only then does the
server keep its host cache, in which the harm that a prober does is counted (measured, see harm_test.py).
"""

import shutil

from process import stop, wait_until
from vpc import DB, HOST, OWN_HOST, v6

PASSWORD = "correct horse 1"
NAMES = f"""127.0.0.1 localhost
10.0.30.1 nlb.lab
{v6('10.0.30.1')} nlb.lab
10.0.20.1 peering.lab
{DB} db.lab
"""
ACCOUNTS = f"""
FLUSH PRIVILEGES;
CREATE USER 'app'@'%' IDENTIFIED VIA mysql_native_password USING PASSWORD('{PASSWORD}');
CREATE USER 'strange'@'%' IDENTIFIED VIA ed25519 USING PASSWORD('{PASSWORD}');
FLUSH PRIVILEGES;
"""
SYSTEM_TABLES = ("mysql_system_tables.sql", "mysql_performance_tables.sql", "mysql_system_tables_data.sql")


class Database:
    # The name promises TiDB, so that is what greets: a greeting of MariaDB's own would be a fault.
    name, greets_as = HOST, "8.0.11-TiDB-v8.1.1"

    def __init__(self, host, certificates):
        self.host, self.certificates = host, certificates
        self.process = None
        self.socket = f"{host.directory}/mariadb.sock"
        host.write("hosts", NAMES)
        self.common = [
            "mariadbd", "--no-defaults", "--user=root", f"--datadir={host.directory}/data", f"--tmpdir={host.directory}",
            "--innodb-buffer-pool-size=16M", "--innodb-log-file-size=4M", "--innodb-flush-method=fsync",
            "--aria-pagecache-buffer-size=8M", "--key-buffer-size=1M"]
        self._bootstrap()

    def _bootstrap(self):
        """What mariadb-install-db does, without its changes to the installed plugin directory."""
        host = self.host
        host.run("mkdir", f"{host.directory}/data", f"{host.directory}/data/mysql")
        script = ["use mysql;", "set @auth_root_socket=NULL;"]
        for name in SYSTEM_TABLES:
            with open(f"/usr/share/mysql/{name}", encoding="utf-8") as file:
                script.append(file.read())
        script.append("DELETE FROM mysql.global_priv WHERE User='' OR Host NOT IN ('localhost');")
        script.append("DROP DATABASE IF EXISTS test;")
        host.run(*self.common, "--bootstrap", "--silent-startup", input="\n".join(script))

    def start(self, chain="good", extra=(), environment=None):
        """`chain`: the name of the chain that is served; None: a server without TLS."""
        stop(self.process)
        tls = ["--skip-ssl"]
        if chain is not None:
            shutil.copy(self.certificates.chain(chain), f"{self.host.directory}/server.chain")
            tls = [f"--ssl-cert={self.host.directory}/server.chain", f"--ssl-key={self.certificates.key}"]
        self.process = self.host.start(
            *self.common, f"--socket={self.socket}", "--port=3306", "--bind-address=*", "--performance-schema=ON",
            *([f"--version={self.greets_as}"] if self.greets_as else []), "--skip-name-resolve=0",
            "--plugin-load-add=auth_ed25519", f"--pid-file={self.host.directory}/pid",
            *tls, *extra, log="mariadb", environment=environment)
        wait_until(self._answers, "mariadbd")
        if not self.sql("SELECT User FROM mysql.user WHERE User='app'"):
            self.sql(ACCOUNTS)

    def _answers(self):
        if self.process.poll() is not None:
            raise SystemExit("mariadbd ended: " + self.host.log("mariadb")[-2000:])
        return self.sql("SELECT 1") == "1"

    def serve_chain(self, chain):
        """Another certificate without a restart."""
        shutil.copy(self.certificates.chain(chain), f"{self.host.directory}/server.chain")
        self.sql("FLUSH SSL")

    def sql(self, statement):
        return self.host.run("mariadb", "--no-defaults", "--skip-ssl", "-uroot", f"--socket={self.socket}", "-N", "-B",
                             "-e", statement).stdout.strip()

    def stop(self):
        stop(self.process)
        self.process = None


class PlainDatabase(Database):
    """Greets as MariaDB, under a name that promises nothing."""
    name, greets_as = OWN_HOST, None
