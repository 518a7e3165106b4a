"""The network of the lab, after the drawing in the vendors' PrivateLink pages.

    client ---- router ---- endpoint (3 zones) ---- nlb ---- db
    10.0.1.10     |         10.0.11.10               10.0.20.10  10.0.30.10
               resolver     10.0.12.10
               10.0.0.2     10.0.13.10

The endpoint is what an interface endpoint is: one address per zone, a security group before them, and
address translation into the provider's network. Each address has an IPv6 twin, fd00::10.0.11.10 written in
hexadecimal groups (v6()).

As in a cloud, what is not let through vanishes: no device of the lab says ICMP "time exceeded", an address that
nobody has is silent, and so is a port for which the load balancer has no listener.
"""

from host import Host, link

HOST = "privatelink-19203.a1b2c3d4.clusters.tidb-cloud.com"
OWN_HOST = "mysql.lab.example"  # the same endpoint by a name of the customer's own
PORT = 4000  # of the lab's service, where no setting moves it to another
CLIENT, RESOLVER, NLB, DB = "10.0.1.10", "10.0.0.2", "10.0.20.10", "10.0.30.10"
STANDBY = "10.0.31.10"
ZONES = ("10.0.11.10", "10.0.12.10", "10.0.13.10")
OLD_ENDPOINT = "10.0.11.99"  # where an endpoint stood before it was made again
PUBLIC = "203.0.113.10"

CLOUD_RESOLVER, METADATA, METADATA_ALIBABA = "169.254.169.253", "169.254.169.254", "100.100.100.200"

ENDPOINT_RULES = """
table inet vpc {{
  chain nobody {{
    type filter hook prerouting priority raw;
    ip daddr 10.0.11.0/24 ip daddr != {{ {zones4} }} drop
    ip6 daddr fd00:10:0:11::/64 ip6 daddr != {{ {zones6} }} drop
  }}
  chain translate {{
    type nat hook prerouting priority dstnat;
    ip daddr {{ {zones4}, {public} }} meta l4proto tcp dnat ip to {nlb4}
    ip6 daddr {{ {zones6} }} meta l4proto tcp dnat ip6 to {nlb6}
  }}
  chain source_nat {{ type nat hook postrouting priority srcnat; oifname "nlb" masquerade; }}
  chain security_group {{ }}
  chain forward {{
    type filter hook forward priority 0; policy drop;
    ct state established,related accept
    jump security_group
  }}
  chain input {{
    type filter hook input priority 0; policy drop;
    icmpv6 type {{ nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, nd-router-advert }} accept
  }}
}}
"""
# No internet gateway: packets to public addresses vanish without a word, as they do inside AWS.
ROUTER_RULES = """
table inet vpc {
  chain no_internet { type filter hook forward priority -10; ip daddr 203.0.113.0/24 drop; }
}
"""
SILENT_HOPS = """
table inet hops {
  chain output {
    type filter hook output priority 0;
    icmp type time-exceeded drop
    icmpv6 type time-exceeded drop
  }
}
"""
LISTENER_RULES = """
table inet listeners
delete table inet listeners
table inet listeners {{
  chain input {{ type filter hook prerouting priority raw; iifname "eth0" tcp dport != {{ {ports} }} drop; }}
}}
"""


def v6(address):
    """fd00:0:0:1::10 for 10.0.1.10: the same digits, so that a reader recognises the host."""
    a, b, c, d = address.split(".")
    return f"fd00:{a}:{b}:{c}::{d}"


def both(address, *, prefixes=(24, 64)):
    return f"{address}/{prefixes[0]}", f"{v6(address)}/{prefixes[1]}"


class Vpc:
    def __init__(self):
        self.client, self.router, self.resolver = Host("client"), Host("router"), Host("resolver")
        self.endpoint, self.nlb, self.db = Host("endpoint"), Host("nlb"), Host("db")
        self.port = PORT
        self._lay_cables()
        self._set_routes()
        self.endpoint.nft(ENDPOINT_RULES.format(
            zones4=", ".join(ZONES), zones6=", ".join(map(v6, ZONES)), nlb4=NLB, nlb6=v6(NLB), public=PUBLIC))
        self.router.nft(ROUTER_RULES)
        for host in (self.router, self.endpoint, self.nlb):
            host.nft(SILENT_HOPS)
        self.listeners()
        self.open_security_group()
        self.client.write("resolv.conf", f"nameserver {RESOLVER}\noptions timeout:1 attempts:2\n")

    def close(self):
        for host in (self.client, self.router, self.resolver, self.endpoint, self.nlb, self.db):
            host.close()

    def add_standby(self):
        """A second host for a database, beside the first one behind the load balancer, and a peering through which the client
        reaches both databases by their own addresses. Whoever asks for it closes the host."""
        standby = Host("standby")
        link(self.nlb, "standby", standby, "eth0")
        self.nlb.add_address("standby", "10.0.31.1/24")
        standby.add_address("eth0", f"{STANDBY}/24")
        standby.route("add", "default", "via", "10.0.31.1")
        self.router.route("add", "10.0.30.0/23", "via", "10.0.10.2")
        self.endpoint.route("add", "10.0.30.0/23", "via", NLB)
        self.endpoint.nft("add rule inet vpc forward ip daddr 10.0.30.0/23 tcp dport 3306 accept")
        self.listeners((PORT, 3306))
        return standby

    def _lay_cables(self):
        link(self.client, "eth0", self.router, "client")
        link(self.resolver, "eth0", self.router, "resolver")
        link(self.endpoint, "eth0", self.router, "endpoint")
        link(self.endpoint, "nlb", self.nlb, "eth0")
        link(self.nlb, "db", self.db, "eth0")
        self.client.add_address("eth0", *both(CLIENT))
        self.router.add_address("client", *both("10.0.1.1"))
        self.resolver.add_address("eth0", *both(RESOLVER), *both("10.0.0.3"))
        self.router.add_address("resolver", *both("10.0.0.1"))
        self.router.add_address("endpoint", *both("10.0.10.1"))
        zones = (address for zone in ZONES for address in both(zone, prefixes=(32, 128)))
        self.endpoint.add_address("eth0", *both("10.0.10.2"), *zones)
        self.endpoint.add_address("nlb", *both("10.0.20.1"))
        self.resolver.add_address("eth0", f"{CLOUD_RESOLVER}/32")
        self.router.add_address("lo", f"{METADATA}/32", f"{METADATA_ALIBABA}/32")
        self.nlb.add_address("eth0", *both(NLB))
        self.nlb.add_address("db", *both("10.0.30.1"))
        self.db.add_address("eth0", *both(DB))

    def _set_routes(self):
        for host in (self.router, self.endpoint, self.nlb):
            host.forward()
        self.router.route("add", f"{CLOUD_RESOLVER}/32", "via", RESOLVER)
        for host, gateway in ((self.client, "10.0.1.1"), (self.resolver, "10.0.0.1"), (self.endpoint, "10.0.10.1"),
                              (self.nlb, "10.0.20.1"), (self.db, "10.0.30.1")):
            host.route("add", "default", "via", gateway)
            host.route("add", "default", "via", v6(gateway))
        self.route_to_endpoint("add")
        self.router.route("add", "203.0.113.0/24", "via", "10.0.10.2")

    def route_to_endpoint(self, verb):
        for zone in ZONES:
            subnet = zone.rsplit(".", 1)[0] + ".0"
            self.router.route(verb, f"{subnet}/24", "via", "10.0.10.2")
            self.router.route(verb, f"{v6(subnet)}/64", "via", v6("10.0.10.2"))

    def open_security_group(self, ports=None, sources=()):
        """`ports`: the service's; `sources`: subnets that are let in, each with its IPv6 twin; none: everybody."""
        rules = ["flush chain inet vpc security_group"]
        ports = (self.port,) if ports is None else ports
        wanted = ", ".join(map(str, ports))
        matches = [match for source in sources for match in (f"ip saddr {source}/24 ", f"ip6 saddr {v6(source)}/64 ")]
        for match in matches or [""]:
            if ports:
                rules.append(f"add rule inet vpc security_group {match}tcp dport {{ {wanted} }} accept")
        self.endpoint.nft("\n".join(rules))

    def listeners(self, ports=None):
        """The load balancer drops what comes to any other port."""
        self.nlb.nft(LISTENER_RULES.format(ports=", ".join(map(str, ports or (self.port,)))))
