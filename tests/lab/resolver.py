"""The VPC's resolver, a real unbound, and beside it a forwarder of the customer's own, a real dnsmasq.

Unbound asks itself for zones of which it holds the files, so that CNAMEs are followed and names that do not exist
are denied with the zone's SOA, as in the world. A private zone holds the endpoint's addresses, as private DNS
makes it.
"""

from process import stop, wait_until
from vpc import CLOUD_RESOLVER, HOST, OLD_ENDPOINT, OWN_HOST, PUBLIC, RESOLVER, ZONES, v6

FORWARDER = "10.0.0.3"
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
  interface: {cloud}
  interface: 127.0.0.1
  access-control: 10.0.0.0/8 {access}
  access-control: fd00::/16 {access}
  access-control: 127.0.0.0/8 {loopback}
  do-not-query-localhost: no
  module-config: "iterator"
  root-hints: ""
{server}
{zones}
remote-control:
  control-enable: no
"""
ZONE = """
auth-zone:
  name: "{name}"
  zonefile: "{path}"
  for-downstream: no
  for-upstream: yes
  fallback-enabled: no
"""
FORWARD = """
forward-zone:
  name: "{name}"
  forward-addr: {address}@53
"""
PLACES = {
    "zones": [*ZONES, *map(v6, ZONES)], "zones4": list(ZONES), "zones6": [v6(zone) for zone in ZONES],
    "zone1": [ZONES[0]], "zone2": [ZONES[1]], "zone3": [ZONES[2]], "two-zones": list(ZONES[:2]),
    "public": [PUBLIC], "old": [OLD_ENDPOINT],
}
HEALTHY = {"names": {HOST: ["zones"], OWN_HOST: ["zones"], "tools.test": [FORWARDER]}, "access": "allow", "broken": False, "zone": None, "soa": None,
           "forward": None, "strip": False, "turns": True}


def records(name, answers):
    """Lines of a zone file. `answers`: words of PLACES, addresses, or `cname TARGET`."""
    lines = []
    for answer in answers:
        if answer.startswith("cname "):
            lines.append(f"{name}. 60 IN CNAME {answer[6:]}.")
        else:
            lines += [f"{name}. 60 IN {'AAAA' if ':' in address else 'A'} {address}"
                      for address in PLACES.get(answer, [answer])]
    return lines


class Resolver:
    def __init__(self, host):
        self.host = host
        self.process = None

    def start(self, **wanted):
        """`names`: name to answers; `zone` and `soa`: the zone that denies other names, and the server it names;
        `forward`: who knows the lab's zone instead; `strip`: unbound's private-address; `turns`: each answer begins with another address."""
        stop(self.process)
        now = {**HEALTHY, **wanted}
        path = self.host.write("unbound.conf", SETTINGS.format(
            access=now["access"], loopback="refuse" if now["broken"] else "allow", resolver6=v6(RESOLVER), cloud=CLOUD_RESOLVER,
            server=("  private-address: 10.0.0.0/8\n  private-address: fd00::/8\n" if now["strip"] else "")
            + f"  rrset-roundrobin: {'yes' if now['turns'] else 'no'}",
            zones=FORWARD.format(name=".", address="127.0.0.1") if now["broken"] else self._zones(now)))
        self.process = self.host.start("unbound", "-d", "-c", path, log="unbound")
        wait_until(self._answers, "unbound")

    def _zones(self, now):
        zones = {}
        for name, answers in now["names"].items():
            zones.setdefault(name.split(".", 1)[1], []).extend(records(name, answers))
        if now["forward"]:
            zones.pop(HOST.split(".", 1)[1], None)
        for name in ("." if now["forward"] else now["zone"] or HOST.split(".", 1)[1], "."):
            zones.setdefault(name, [])
        texts = []
        for number, (name, lines) in enumerate(zones.items()):
            apex = "." if name == "." else name + "."
            server = f"{now['soa']}." if now["soa"] and name == now["zone"] else "ns." + apex.lstrip(".")
            head = [f"{apex} 60 IN SOA {server} admin.{apex.lstrip('.')} 1 60 60 60 60", f"{apex} 60 IN NS {server}"]
            path = self.host.write(f"zone-{number}", "\n".join([*head, *lines]) + "\n")
            texts.append(ZONE.format(name=apex, path=path))
        if now["forward"]:
            texts.append(FORWARD.format(name=HOST.split(".", 1)[1], address=now["forward"]))
        return "".join(texts)

    def _answers(self):
        if self.process.poll() is not None:
            raise SystemExit("unbound ended: " + self.host.log("unbound"))
        return ":53 " in self.host.run("ss", "-lnu").stdout

    def freeze(self):
        self.process.send_signal(19)  # SIGSTOP: it takes questions and never answers

    def thaw(self):
        self.process.send_signal(18)

    def stop(self):
        stop(self.process)
        self.process = None


class Forwarder:
    """dnsmasq on the resolver's second address; what it does not know itself it asks unbound."""

    def __init__(self, host):
        self.host = host
        self.process = None

    def start(self, names=None, options=()):
        self.stop()
        words = [f"--local=/{name}/" for name in names or {}]
        words += [f"--address=/{name}/{address}" for name, answers in (names or {}).items()
                 for answer in answers for address in PLACES.get(answer, [answer])]
        self.process = self.host.start(
            "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--user=root",
            "--pid-file=", f"--listen-address={FORWARDER}", "--bind-interfaces", "--cache-size=0", f"--server={RESOLVER}", *words,
            *(f"--{option}" for option in options), log="dnsmasq")
        wait_until(lambda: f"{FORWARDER}:53 " in self.host.run("ss", "-lnu").stdout, "dnsmasq")

    def stop(self):
        stop(self.process)
        self.process = None
