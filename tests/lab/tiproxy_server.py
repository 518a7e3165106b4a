"""A real TiProxy before a real TiDB, as in front of a Dedicated cluster; PLUMB_TIPROXY names its program.

Its only backend is the TiDB beside it, told over its own interface: no PD. It serves the certificate; TiDB behind it has none.
"""

import os
import re
import subprocess
import unittest

import tidb_server
from process import stop, wait_until
from tidb_server import TiDb

PROGRAM = os.environ.get("PLUMB_TIPROXY", "")
HOW = ("no TiProxy: PLUMB_TIPROXY names no tiproxy. `tiup install tiproxy` lays one under ~/.tiup/components/tiproxy/; "
       "it needs a TiDB as well")
# What a TiProxy has to be told where no PD tells it.
TELL = """
import json, urllib.request
def ask(method, path, body=None):
    request = urllib.request.Request('http://127.0.0.1:3080/api/admin/namespace/' + path, method=method,
                                     data=body and json.dumps(body).encode())
    urllib.request.urlopen(request, timeout=10).read()
ask('PUT', 'default', {'namespace': 'default', 'backend': {'instances': ['127.0.0.1:4001']}})
ask('POST', 'commit')
"""


def is_there():
    return os.access(PROGRAM, os.X_OK) and tidb_server.is_there()


def version():
    said = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True).stdout
    return re.search(r"version (v[^,\s]+)", said).group(1)


def need_tiproxy():
    if not is_there():
        raise unittest.SkipTest(HOW)


class TiProxied(TiDb):
    port = 4001

    def __init__(self, host, certificates):
        self.proxy = None
        super().__init__(host, certificates)

    def start(self, chain="good", extra=(), environment=None):
        """`extra`: lines of TiDB's configuration; the certificate is TiProxy's."""
        stop(self.proxy)
        super().start(None, extra, environment)
        host = self.host
        lines = ['proxy.addr = "[::]:3306"', 'proxy.pd-addrs = ""', 'api.addr = "127.0.0.1:3080"',
                 f'workdir = "{host.directory}/tiproxy"', 'log.level = "warn"', "enable-traffic-replay = false"]
        if chain is not None:
            host.run("cp", self.certificates.chain(chain), f"{host.directory}/server.chain")
            lines += [f'security.server-tls.cert = "{host.directory}/server.chain"',
                      f'security.server-tls.key = "{self.certificates.key}"']
        self.proxy = host.start(PROGRAM, "--config", host.write("tiproxy.toml", "\n".join(lines) + "\n"), log="tiproxy")
        wait_until(self._is_told, "tiproxy", seconds=60)
        wait_until(self._serves, "tiproxy's backend", seconds=60)

    def _is_told(self):
        if self.proxy.poll() is not None:
            raise SystemExit("tiproxy ended: " + self.host.log("tiproxy")[-2000:])
        return self.host.run("/usr/bin/python3", "-c", TELL)

    def _serves(self):
        return self.host.run("mariadb", "--no-defaults", "--skip-ssl", "-uroot", "-h127.0.0.1", "-P3306", "-e", "SELECT 1")

    def backend_gone(self):
        stop(self.process)

    def stop(self):
        stop(self.proxy)
        super().stop()
