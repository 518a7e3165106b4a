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
from resolver import Resolver
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
        self.database = database(self.vpc.db, self.certificates)
        self.database.start()
        self.resolver.start()
        self.balancer.start()
        self.password = self.client.write("password", PASSWORD + "\n")
        self.wrong_password = self.client.write("wrong-password", "incorrect\n")
        self.held = []  # programs that a fault keeps running
        self.target = f"{HOST}:{PORT}"

    def arguments(self):
        """What a user of the healthy lab types after `plumb check`."""
        return [self.target, "--ca", self.certificates.root]

    def plumb_path(self):
        return plumb_binary()

    def plumb(self, *words, timeout=60, **options):
        command = [plumb_binary(), *words]
        if not os.access(command[0], os.X_OK):
            raise RuntimeError(f"plumb is not built: {command[0]}")
        started = time.monotonic()
        done = subprocess.run(self.client.command(command), capture_output=True, text=True, timeout=timeout,
                              stdin=subprocess.DEVNULL, **options)
        return Run(command, done, time.monotonic() - started)

    @contextlib.contextmanager
    def fault(self, fault):
        """The fault holds inside the `with`, and is gone after it whatever happens in between."""
        try:
            fault.on(self)
            yield
        finally:
            fault.off(self)

    def close(self):
        """For the next lab in the same namespaces; the last one is taken down with them."""
        for server in (self.database, self.balancer, self.resolver):
            server.stop()
        self.vpc.close()

    def state_file(self, name):
        return f"{STATE}/client/{name}"
