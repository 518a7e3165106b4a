"""Settings of names: what unbound holds, a forwarder beside it, and what the client's files say."""

import contextlib

from resolver import FORWARDER
from vpc import RESOLVER

WORD, NUMBER = {"type": "string"}, {"type": "integer"}
WORDS = {"type": "array", "items": WORD}
NAMES = {"type": "object", "additionalProperties": WORDS}
RESOLVER_SCHEMA = {
    "type": "object", "additionalProperties": False, "minProperties": 1,
    "properties": {"names": NAMES, "access": {"enum": ["allow", "refuse"]}, "broken": {"type": "boolean"},
                   "frozen": {"type": "boolean"}, "zone": WORD, "soa": WORD, "forward": WORD, "strip": {"type": "boolean"}}}


@contextlib.contextmanager
def resolver(lab, value):
    before = lab.names
    lab.names = {**before, **value}
    frozen = lab.names.pop("frozen", False)
    lab.resolver.start(**lab.names)
    if frozen:
        lab.resolver.freeze()
    try:
        yield
    finally:
        if frozen:
            lab.resolver.thaw()
        lab.names = before
        lab.resolver.start(**before)


FORWARDER_SCHEMA = {"type": "object", "additionalProperties": False,
                    "properties": {"names": NAMES, "options": WORDS, "runs": {"type": "boolean"}}}


@contextlib.contextmanager
def forwarder(lab, value):
    """dnsmasq on 10.0.0.3. `runs: false`: nobody is there, and packets to it vanish."""
    host = lab.vpc.resolver
    if not value.get("runs", True):
        host.nft(f"table inet forwarder {{ chain input {{ type filter hook input priority 0; ip daddr {FORWARDER} drop; }}\n}}")
    else:
        lab.forwarder.start(value.get("names"), value.get("options", ()))
    try:
        yield
    finally:
        lab.forwarder.stop()
        if not value.get("runs", True):
            host.nft("delete table inet forwarder")


RESOLV_CONF = {"type": "object", "additionalProperties": False, "required": ["nameservers"],
               "properties": {"nameservers": WORDS, "search": WORD}}


def resolv_conf_text(nameservers, search=None):
    lines = [f"nameserver {server}" for server in nameservers]
    if search:
        lines.append(f"search {search}")
    return "\n".join([*lines, "options timeout:1 attempts:2"]) + "\n"


@contextlib.contextmanager
def resolv_conf(lab, value):
    lab.client.write("resolv.conf", resolv_conf_text(**value))
    try:
        yield
    finally:
        lab.client.write("resolv.conf", resolv_conf_text([RESOLVER]))


HOSTS = {"type": "object", "additionalProperties": WORD}
HEALTHY_HOSTS = "127.0.0.1 localhost\n::1 localhost\n"


@contextlib.contextmanager
def hosts(lab, value):
    """Lines of the client's /etc/hosts: name to address."""
    lab.client.write("hosts", HEALTHY_HOSTS + "".join(f"{address} {name}\n" for name, address in value.items()))
    try:
        yield
    finally:
        lab.client.write("hosts", HEALTHY_HOSTS)


NAMES_OF = {"resolver": (RESOLVER_SCHEMA, resolver), "forwarder": (FORWARDER_SCHEMA, forwarder),
            "resolv-conf": (RESOLV_CONF, resolv_conf), "hosts": (HOSTS, hosts)}
