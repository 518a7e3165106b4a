"""The lab: the VPC with its real servers, and plumb in the client's place."""

import contextlib
import json
import os
import subprocess
import time

from balancer import Balancer
from certificates import Certificates
from database import PASSWORD, Database
from enclosure import STATE
from process import stop
from resolver import Forwarder, Resolver
from scenario import holding
from settings_client import start_metadata
from vpc import HOST, PORT, Vpc

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CACHE = os.environ.get("PLUMB_LAB_CACHE", f"{ROOT}/build/lab-cache")


def plumb_binary():
    return os.path.abspath(os.environ.get("PLUMB", f"{ROOT}/build/release/plumb"))


class Run:
    """One run of plumb: exit code, outputs, wall-clock time from process start to end."""

    def __init__(self, command, done, seconds):
        self.command, self.seconds = command, seconds
        self.exit, self.out, self.err = done.returncode, done.stdout, done.stderr

    @property
    def report(self):
        try:
            return json.loads(self.out)
        except json.JSONDecodeError as error:
            raise AssertionError(f"no JSON: exit {self.exit}\n{self.out}\n{self.err}") from error


class Lab:
    def __init__(self, database=Database):
        self.certificates = Certificates(CACHE, HOST)
        self.vpc = Vpc()
        self.client, self.db_host = self.vpc.client, self.vpc.db
        self.resolver, self.balancer = Resolver(self.vpc.resolver), Balancer(self.vpc.nlb)
        self.forwarder = Forwarder(self.vpc.resolver)
        self.database = database(self.vpc.db, self.certificates)
        self.database.start()
        self.resolver.start()
        self.balancer.start()
        self.password = self.client.write("password", PASSWORD + "\n")
        self.wrong_password = self.client.write("wrong-password", "incorrect\n")
        self.metadata = start_metadata(self, {"provider": "aws"})
        self.name = database.name
        self.target, self.port = f"{self.name}:{PORT}", PORT
        # What settings change, beside the servers (settings_*.py).
        self.held = []  # programs that a setting keeps running
        self.tables = 0
        self.names, self.command, self.prefix = {}, {}, []

    def serve_at(self, port):
        """The port that the service is offered on: at the load balancer, in the endpoint's group, and for who types one."""
        self.port = self.vpc.port = self.balancer.port = port
        self.vpc.open_security_group()
        self.vpc.listeners()
        self.balancer.start()

    def arguments(self):
        """What the user types after `plumb check`, now."""
        now = {"host": self.name, "port": self.port, "ca": "root", **self.command}
        host = f"[{now['host']}]" if ":" in str(now["host"]) else now["host"]
        words = [host if now["port"] == "none" else f"{host}:{now['port']}"]
        if "schema" in now:
            words = [f"mysql://{now['user']}@{words[0]}/{now['schema']}"]
        elif "user" in now:
            words += ["--user", now["user"]]
        if "user" in now:
            words += ["--password-file", self.wrong_password if now.get("password") == "wrong" else self.password]
        if now["ca"] != "none":
            words += ["--ca", "system" if now["ca"] == "system" else self.certificates.bundle(now["ca"])]
        if "family" in now:
            words.append(f"-{now['family']}")
        for key in ("tls", "connect_to", "vpc_resolver", "server_name", "profile", "pinned_target", "purpose", "replica_version"):
            if key in now:
                words += ["--" + key.replace("_", "-"), now[key]]
        return words

    def plumb_path(self):
        return plumb_binary()

    def plumb(self, *words, timeout=60, **options):
        command = [plumb_binary(), *words]
        if not os.access(command[0], os.X_OK):
            raise RuntimeError(f"plumb is not built: {command[0]}")
        started = time.monotonic()
        done = subprocess.run(self.client.command([*self.prefix, *command]), capture_output=True, text=True, timeout=timeout,
                              stdin=subprocess.DEVNULL, **options)
        return Run(command, done, time.monotonic() - started)

    @contextlib.contextmanager
    def scenario(self, scenario, variant="fault"):
        """The scenario holds inside the `with`, which gives the words that its user types after `plumb check`."""
        with holding(self, dict(scenario.variants())[variant]):
            yield [*self.arguments(), *scenario.args]

    def close(self):
        """For the next lab in the same namespaces; the last one is taken down with them."""
        stop(self.metadata)
        for server in (self.database, self.balancer, self.forwarder, self.resolver):
            server.stop()
        self.vpc.close()

    def state_file(self, name):
        return f"{STATE}/client/{name}"
