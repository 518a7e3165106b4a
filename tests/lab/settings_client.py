"""Settings of the client: what its user types, what the cloud tells it of itself, and what it lacks."""

import contextlib
import json
import os

from process import stop, wait_for_listener
from vpc import CLIENT, v6

WORD, NUMBER = {"type": "string"}, {"type": "integer"}
COMMAND = {
    "type": "object", "additionalProperties": False, "minProperties": 1,
    "properties": {
        "host": WORD, "port": {"anyOf": [NUMBER, {"const": "none"}]}, "schema": WORD, "ca": {"enum": [
            "root", "other-root", "system", "none", "le1", "le1-le2", "r12", "rds2019", "rdsg1"]},
        "user": WORD, "password": {"enum": ["right", "wrong"]}, "tls": WORD, "connect_to": WORD, "family": {"enum": [4, 6]},
        "vpc_resolver": WORD, "server_name": WORD, "profile": WORD, "pinned_target": WORD, "purpose": WORD,
        "replica_version": WORD}}


@contextlib.contextmanager
def command(lab, value):
    before = lab.command
    lab.command = {**before, **value}
    try:
        yield
    finally:
        lab.command = before


METADATA = {
    "type": "object", "additionalProperties": False, "required": ["provider"],
    "properties": {"provider": {"enum": ["aws", "azure", "gcp", "alibaba", "none"]}, "region": WORD, "zone": WORD, "vpc": WORD,
                   "cidr": WORD, "groups": {"type": "array", "items": WORD}, "ahead_s": NUMBER}}
ABOUT = {"region": "us-east-1", "zone": "us-east-1a", "vpc": "vpc-0a1b2c3d4e5f60718", "cidr": "10.0.0.0/16",
         "groups": ["sg-0c11e27000000001"], "ahead_s": 0}
ELSEWHERE = {"azure": {"region": "eastus", "zone": "1"}, "gcp": {"region": "us-east1", "zone": "us-east1-b"},
             "alibaba": {"region": "ap-southeast-1", "zone": "ap-southeast-1a"}}


def start_metadata(lab, value):
    said = {**ABOUT, **ELSEWHERE.get(value["provider"], {}), **value}
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "metadata.py")
    process = lab.vpc.router.start("/usr/bin/python3", "-B", program, json.dumps(said), log="metadata")
    wait_for_listener(lab.vpc.router, 80, "the metadata service")
    return process


@contextlib.contextmanager
def metadata(lab, value):
    """The cloud's metadata service; `none`: this host is in no cloud."""
    stop(lab.metadata)
    lab.metadata = None if value["provider"] == "none" else start_metadata(lab, value)
    silent = value["provider"] == "none"
    if silent:
        lab.vpc.router.nft("table inet nobody { chain input { type filter hook prerouting priority raw; "
                           "ip daddr { 169.254.0.0/16, 100.100.0.0/16 } drop; }\n}")
    try:
        yield
    finally:
        if silent:
            lab.vpc.router.nft("delete table inet nobody")
        stop(lab.metadata)
        lab.metadata = start_metadata(lab, {"provider": "aws"})


@contextlib.contextmanager
def local_ports(lab, value):
    """How many local ports are free for connections to leave from."""
    held = None
    path = "/proc/sys/net/ipv4/ip_local_port_range"
    if not value:
        lab.client.run("sh", "-c", f"echo 40000 40003 > {path}")
        code = ("import socket, time\nheld = []\nfor port in range(40000, 40004):\n s = socket.socket(socket.AF_INET6)\n"
                " s.bind(('::', port))\n s.listen()\n held.append(s)\nprint('held', flush=True)\ntime.sleep(600)\n")
        held = lab.client.start("/usr/bin/python3", "-c", code, log="ports")
        wait_for_listener(lab.client, 40003, "the ports")
    try:
        yield
    finally:
        stop(held)
        lab.client.run("sh", "-c", f"echo 32768 60999 > {path}")


@contextlib.contextmanager
def descriptors(lab, value):
    """The limit of open files that plumb starts with."""
    lab.prefix = ["prlimit", f"--nofile={value}:{value}"]
    try:
        yield
    finally:
        lab.prefix = []


@contextlib.contextmanager
def interface(lab, value):
    if value == "up":
        yield
        return
    lab.client.run("ip", "link", "set", "eth0", "down")
    try:
        yield
    finally:
        lab.client.run("ip", "link", "set", "eth0", "up")
        for address in (CLIENT, v6(CLIENT)):  # a downed link loses its IPv6 addresses and every route
            present = lab.client.run("ip", "-o", "address", "show", "dev", "eth0").stdout
            if f" {address}/" not in present:
                lab.client.add_address("eth0", f"{address}/{64 if ':' in address else 24}")
        lab.client.route("replace", "default", "via", "10.0.1.1")
        lab.client.route("replace", "default", "via", v6("10.0.1.1"))


@contextlib.contextmanager
def trust_store(lab, value):
    """The system's store of roots: the lab's, somebody else's, or nothing."""
    lab.client.run("mount", "-t", "tmpfs", "store", "/etc/ssl/certs/")
    if value != "empty":
        lab.client.run("cp", lab.certificates.bundle(value), "/etc/ssl/certs/ca-certificates.crt")
    try:
        yield
    finally:
        lab.client.run("umount", "/etc/ssl/certs/")


SIDECAR = {"enum": ["absent", "present"]}


@contextlib.contextmanager
def sidecar(lab, value):
    """A transparent proxy on the client, as a service mesh puts it there: it takes every connection and ends this protocol's."""
    if value == "absent":
        yield
        return
    code = ("import socket\ns = socket.socket(socket.AF_INET6)\ns.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)\n"
            "s.bind(('::', 15001))\ns.listen(64)\nwhile True:\n c, _ = s.accept()\n c.close()\n")
    proxy = lab.client.start("/usr/bin/python3", "-c", code, log="sidecar")
    wait_for_listener(lab.client, 15001, "the proxy")
    lab.client.nft("table inet sidecar { chain out { type nat hook output priority -100\n"
                   "ip daddr 169.254.0.0/16 return\ntcp dport != { 53, 80 } redirect to :15001\n}\n}")
    try:
        yield
    finally:
        lab.client.nft("delete table inet sidecar")
        stop(proxy)


CLIENTS = {"command": (COMMAND, command), "metadata": (METADATA, metadata), "local-ports": (NUMBER, local_ports),
           "descriptors": (NUMBER, descriptors), "interface": ({"enum": ["up", "down"]}, interface),
           "trust-store": ({"enum": ["root", "other-root", "empty"]}, trust_store), "sidecar": (SIDECAR, sidecar)}
