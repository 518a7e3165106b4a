"""Settings of the way between client and database: packet filters at the places where a cloud has them, routes, delay.

A setting is a context manager (lab, value): it holds inside the `with`. Beside it stands the JSON Schema of its value.
"""

import contextlib
import os

from process import stop, wait_until
from vpc import OLD_ENDPOINT, PUBLIC, ZONES, v6

ADDRESSES = {"zone1": ZONES[0], "zone2": ZONES[1], "zone3": ZONES[2], "old": OLD_ENDPOINT, "public": PUBLIC}
# place: (host, hook, what else a packet must match there)
PLACES = {
    "client-output": ("client", "output", ""),                       # the client's own firewall
    "client-group": ("router", "forward", 'iifname "client"'),       # egress rules of the client's security group
    "client-subnet-out": ("router", "forward", 'iifname "client"'),  # network ACLs have no state and two directions
    "client-subnet-in": ("router", "forward", 'oifname "client"'),
    "endpoint-subnet-in": ("router", "forward", 'oifname "endpoint"'),
    "endpoint-subnet-out": ("router", "forward", 'iifname "endpoint"'),
    "firewall": ("router", "forward", ""),                           # an appliance between the subnets
    "resolver": ("resolver", "prerouting", ""),
    "endpoint": ("endpoint", "prerouting", 'iifname "eth0"'),        # the endpoint as a whole, or one zone of it
    "balancer": ("nlb", "prerouting", 'iifname "eth0"'),             # the load balancer's security group
    "balancer-out": ("nlb", "forward", 'oifname "db"'),
    "target-group": ("db", "input", 'iifname "eth0"'),               # the database's security group
}
VERDICTS = {"drop": "drop", "accept": "accept", "prohibit": "reject with icmpx admin-prohibited",
            "port-unreachable": "reject with icmpx port-unreachable", "reset": "reject with tcp reset"}
NUMBER, WORD = {"type": "integer"}, {"type": "string"}
PORTS = {"type": ["integer", "string"], "pattern": r"^\d+(-\d+)?$"}
PACKETS = {
    "type": "object", "additionalProperties": False, "required": ["at", "verdict"],
    "properties": {
        "at": {"enum": sorted(PLACES)}, "verdict": {"enum": sorted(VERDICTS)}, "protocol": {"enum": ["tcp", "udp"]},
        "port": PORTS, "source_port": PORTS, "to": {"enum": sorted(ADDRESSES)}, "longer_than": NUMBER,
        "established": {"const": True}, "of_each": {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2},
        "only_syn": {"const": True}}}


def conditions(value):
    words = []
    if "protocol" in value:
        words.append(f"meta l4proto {value['protocol']}")
    for key, field in (("port", "th dport"), ("source_port", "th sport")):
        if key in value:
            words.append(f"{field} {value[key]}")
    if "only_syn" in value:
        words.append("tcp flags & (syn|ack) == syn")
    if "established" in value:
        words.append("ct state established")
    if "longer_than" in value:
        words.append(f"meta length > {value['longer_than']}")
    if "of_each" in value:  # [1, 3]: one of every three
        words.append(f"numgen inc mod {value['of_each'][1]} < {value['of_each'][0]}")
    return " ".join(words)


@contextlib.contextmanager
def packets(lab, value):
    host, hook, where = PLACES[value["at"]]
    destinations = [""]
    if "to" in value:
        address = ADDRESSES[value["to"]]
        destinations = [f"ip daddr {address}", f"ip6 daddr {v6(address)}"]
    lab.tables += 1
    table = f"inet setting_{lab.tables}"
    priority = "raw" if hook == "prerouting" else "-5"
    rules = "\n".join(f"{where} {destination} {conditions(value)} {VERDICTS[value['verdict']]}" for destination in destinations)
    machine = getattr(lab.vpc, host)
    # Neighbours of IPv6 find each other by packets, as those of IPv4 do by ARP, which no filter here sees.
    rules = f"icmpv6 type {{ nd-neighbor-solicit, nd-neighbor-advert }} accept\n{rules}"
    machine.nft(f"table {table} {{ chain filter {{ type filter hook {hook} priority {priority}\n{rules}\n}}\n}}")
    try:
        yield
    finally:
        machine.nft(f"delete table {table}")


ENDPOINT_GROUP = {"type": "object", "additionalProperties": False, "required": ["ports"],
                  "properties": {"ports": {"type": "array", "items": NUMBER}, "sources": {"type": "array", "items": WORD}}}


@contextlib.contextmanager
def endpoint_group(lab, value):
    """The endpoint's security group: ports that are let in, and from where."""
    lab.vpc.open_security_group(value["ports"], value.get("sources", ()))
    try:
        yield
    finally:
        lab.vpc.open_security_group()


ROUTE = {"type": "object", "additionalProperties": False, "required": ["host", "to", "type"],
         "properties": {"host": {"enum": ["client", "router"]}, "to": {"enum": ["endpoint", "ipv6"]},
                        "type": {"enum": ["via", "none", "prohibit", "unreachable", "blackhole"]}}}


def subnets():
    for zone in ZONES:
        subnet = zone.rsplit(".", 1)[0] + ".0"
        yield f"{subnet}/24"
        yield f"{v6(subnet)}/64"


@contextlib.contextmanager
def route(lab, value):
    host, kind = getattr(lab.vpc, value["host"]), value["type"]
    if kind == "via":
        yield
        return
    if value["to"] == "ipv6":
        host.route("del", "default", "via", v6("10.0.1.1"))
        try:
            yield
        finally:
            host.route("add", "default", "via", v6("10.0.1.1"))
        return
    if value["host"] == "router":
        lab.vpc.route_to_endpoint("del")
    if kind != "none":
        for subnet in subnets():
            host.route("add", kind, subnet)
    try:
        yield
    finally:
        if kind != "none":
            for subnet in subnets():
                host.route("del", kind, subnet)
        if value["host"] == "router":
            lab.vpc.route_to_endpoint("add")


INTERNET = {"enum": ["open", "closed"]}


@contextlib.contextmanager
def internet(lab, value):
    """Whether the way to public addresses is open; closed as it is in a private subnet."""
    if value == "closed":
        yield
        return
    lab.vpc.router.nft("flush chain inet vpc no_internet")
    try:
        yield
    finally:
        lab.vpc.router.nft(f"add rule inet vpc no_internet ip daddr {PUBLIC} drop")


DELAY = {"type": "object", "additionalProperties": False, "required": ["ms"],
         "properties": {"ms": NUMBER, "jitter_ms": NUMBER, "loss_percent": NUMBER}}
DELAYED = "slow0"


@contextlib.contextmanager
def delay(lab, value):
    """Every packet of the client waits in a relay; some are lost."""
    if not value["ms"]:
        yield
        return
    router, loss = lab.vpc.router, value.get("loss_percent", 0)
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "relay.py")
    relay = router.start("/usr/bin/python3", "-B", program, DELAYED, str(value["ms"]), str(value.get("jitter_ms", 0)), log="relay")
    wait_until(lambda: DELAYED in router.run("ip", "link").stdout, "the relay")
    router.run("ip", "link", "set", DELAYED, "up")
    for family in ("-4", "-6"):
        router.run("ip", family, "rule", "add", "iif", "client", "table", "100")
        router.run("ip", family, "route", "add", "default", "dev", DELAYED, "table", "100")
    router.nft("table inet loss { chain filter { type filter hook forward priority -6\n"
               f"iifname \"{DELAYED}\" numgen random mod 100 < {loss} drop\n}}\n}}")
    try:
        yield
    finally:
        router.nft("delete table inet loss")
        for family in ("-4", "-6"):
            router.run("ip", family, "rule", "del", "iif", "client", "table", "100")
        stop(relay)


WAY = {"packets": (PACKETS, packets), "endpoint-group": (ENDPOINT_GROUP, endpoint_group), "route": (ROUTE, route),
       "internet": (INTERNET, internet), "delay": (DELAY, delay)}
