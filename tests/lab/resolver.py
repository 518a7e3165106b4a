"""The VPC's resolver: a real unbound with real zones.

The private zone holds the endpoint's addresses, as private DNS makes it; without it the same name is answered
with the provider's public address, as in the world outside.
"""

from process import stop, wait_until
from vpc import HOST, PUBLIC, RESOLVER, ZONES, v6

SETTINGS = """
server:
  directory: ""
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  logfile: ""
  do-daemonize: no
  interface: 10.0.0.2
  interface: {resolver6}
  interface: 127.0.0.1
  access-control: 10.0.1.0/24 {access}
  access-control: fd00::/16 {access}
  access-control: 127.0.0.0/8 {loopback}
  do-not-query-localhost: no
  module-config: "iterator"
  root-hints: ""
  local-zone: "test." static
  local-data: "tools.test. 60 A 10.0.0.3"
{zones}
{forward}
remote-control:
  control-enable: no
"""
SERVFAIL = """
forward-zone:
  name: "."
  forward-addr: 127.0.0.1@53
"""


class Resolver:
    def __init__(self, host):
        self.host = host
        self.process = None

    def start(self, zones="private", access="allow"):
        """`zones`: private, public, none (the name does not exist), broken (a forwarder that refuses)."""
        stop(self.process)
        name = HOST.split(".", 1)[1]
        lines = [f'  local-zone: "{name}." static',
                 f'  local-data: "{name}. 60 SOA ns.{name}. admin.{name}. 1 60 60 60 60"']
        addresses = {"private": [*ZONES, *map(v6, ZONES)], "public": [PUBLIC]}.get(zones, [])
        lines += [f'  local-data: "{HOST}. 60 {"AAAA" if ":" in a else "A"} {a}"' for a in addresses]
        path = self.host.write("unbound.conf", SETTINGS.format(
            access=access, loopback="refuse" if zones == "broken" else "allow", resolver6=v6(RESOLVER), zones="" if zones == "broken" else "\n".join(lines),
            forward=SERVFAIL if zones == "broken" else ""))
        self.process = self.host.start("unbound", "-d", "-c", path, log="unbound")
        wait_until(self._answers, "unbound")

    def _answers(self):
        if self.process.poll() is not None:
            raise SystemExit("unbound ended: " + self.host.log("unbound"))
        return ":53 " in self.host.run("ss", "-lnu").stdout

    def stop(self):
        stop(self.process)
        self.process = None
