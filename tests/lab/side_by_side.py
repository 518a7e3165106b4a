"""Many labs before one client: every scenario in a lab of its own, and a machine beside them that reaches all of them.

    fleet ──┬── client 1 ── router 1 … db 1      10.65.11.10, 203.0.113.1      what lab 1 knows as 10.0.11.10, 203.0.113.10
            ├── client 2 ── router 2 … db 2      10.66.11.10, 203.0.113.2
            └── …

A lab is a process in namespaces of its own, as everywhere here, and all labs have the same addresses. Its client is therefore a
router for the fleet: it translates the fleet's addresses of this lab into the lab's own and lends the fleet its own address.
Names differ by the lab's number too, in labels that no profile looks at; the fleet's resolver holds all of them.

What belongs to the client (its files, its firewall, its resolver, the cloud it is in) is one for all targets of a process, so
scenarios of that cannot stand here: `reason_against` says which and why.

`side_by_side.py SCENARIO NUMBER NETNS` is one lab: a line of JSON when the fault holds, the end with its standard input.
"""

import json
import os
import re
import subprocess
import sys
import types

import enclosure
import mysql_server
from database import Database
from host import hardware_address
from resolver import HEALTHY, PLACES
from scenario import find
from vpc import CLIENT, OLD_ENDPOINT, PUBLIC, SILENT_HOPS, ZONES, v6

HERE = os.path.abspath(__file__)
MOST = 180  # numbers of labs
FLEET, CLIENT_OF_A_LAB = types.SimpleNamespace(name="fleet"), types.SimpleNamespace(name="client")
OF_THE_CLIENT = {"hosts", "resolv-conf", "forwarder", "trust-store", "sidecar", "descriptors", "interface", "local-ports"}
OF_ITS_RESOLVER = {"access", "broken", "frozen", "forward", "strip", "zone", "soa"}
DIFFERS = {"connects-at-random": "every seventh connection gets through, whoever makes it",
           "reverse-name-slow": "the first login alone meets the silent resolver"}


def reason_against(scenario):
    """Why this scenario cannot stand beside others before one client; "" where it can."""
    if scenario.name in DIFFERS:
        return DIFFERS[scenario.name]
    if scenario.database == "mysql" and not mysql_server.is_there():
        return "no MySQL here"
    for setting in (*scenario.given, *scenario.settings):
        (kind, value), = setting.items()
        if kind in OF_THE_CLIENT or (kind == "route" and value["host"] == "client"):
            return f"{kind} is the client's"
        if kind == "packets" and value["at"] in ("client-output", "resolver"):
            return f"packets at {value['at']} are the client's, or its resolver's"
        if kind == "resolver" and OF_ITS_RESOLVER & set(value):
            return "the resolver is the client's"
    if any("metadata" in setting for setting in scenario.settings):
        return "where it is, is the client's"
    return ""


def address_in(number, address):
    """The fleet's address for one of lab `number`'s."""
    if address == PUBLIC:
        return f"203.0.113.{number}"
    if ":" in address:
        return v6(address_in(number, next(own for own in (*ZONES, OLD_ENDPOINT) if v6(own) == address)))
    return address.replace("10.0.", f"10.{64 + number}.", 1) if address in (*ZONES, OLD_ENDPOINT) else address


def name_in(number, name):
    name = re.sub(r"\b(us-east|eu-central|ap-southeast)-1", rf"\g<1>-{number}", name)
    name = name.replace("a1b2c3d4", f"a1b2c3{number:02x}")
    return re.sub(r"\b(db|mysql)(\.corp\.example|\.lab\.example)$", rf"\g<1>{number}\2", name)


def answer_in(number, answer):
    if answer.startswith("cname "):
        return "cname " + name_in(number, answer[len("cname "):])
    return address_in(number, answer)


def names_in(number, names):
    return {name_in(number, name): [answer_in(number, address) for answer in answers for address in PLACES.get(answer, [answer])]
            for name, answers in names.items()}


def ends(number):
    """(the lab's, the fleet's) addresses on the cable between them."""
    return tuple(f"172.16.{number}.{end}" for end in (1, 2))


def know(host, device, neighbour, its_device, addresses):
    """The kernel's table of neighbours is one for all namespaces and holds 1,024 that it found itself; who is told to it for good
    does not count. Without this, packets of a hundred labs are lost."""
    told = hardware_address(neighbour, its_device)
    host.run("ip", "-batch", "-", input="".join(
        f"neighbour replace {address} lladdr {told} dev {device} nud permanent\n" for address in addresses))


def introduce(vpc):
    """Each machine of a lab to those at the other ends of its cables."""
    for one, device, other, other_device in ((vpc.client, "eth0", vpc.router, "client"), (vpc.resolver, "eth0", vpc.router, "resolver"),
                                             (vpc.endpoint, "eth0", vpc.router, "endpoint"), (vpc.endpoint, "nlb", vpc.nlb, "eth0"),
                                             (vpc.nlb, "db", vpc.db, "eth0")):
        for host, own, neighbour, its in ((one, device, other, other_device), (other, other_device, one, device)):
            lines = neighbour.run("ip", "-o", "address", "show", "dev", its).stdout.splitlines()
            know(host, own, neighbour, its, [line.split()[3].split("/")[0] for line in lines])


def open_way(lab, number, netns):
    """A cable into the fleet's namespace, and the translation."""
    client, device, there = lab.client, "fleet", f"lab{number}"
    subprocess.run(["ip", "link", "add", device, "address", hardware_address(client, device), "netns", str(client.holder.pid),
                    "type", "veth", "peer", "name", there, "address", hardware_address(FLEET, there),
                    "netns", f"/proc/self/fd/{netns}"], check=True, pass_fds=[netns])
    client.add_address(device, f"{ends(number)[0]}/24", f"{v6(ends(number)[0])}/64")
    know(client, device, FLEET, there, [ends(number)[1], v6(ends(number)[1])])
    client.forward()
    client.nft(SILENT_HOPS)
    own = (*ZONES, OLD_ENDPOINT)
    for family, there, lent in (("ip", own + (PUBLIC,), CLIENT), ("ip6", tuple(map(v6, own)), v6(CLIENT))):
        pairs = ", ".join(f"{address_in(number, address)} : {address}" for address in there)
        client.nft(f"""table {family} way {{
  chain come {{ type nat hook prerouting priority dstnat; iifname "{device}" dnat to {family} daddr map {{ {pairs} }}; }}
  chain leave {{ type nat hook postrouting priority srcnat; oifname "eth0" snat to {lent}; }}
}}""")


def entry_of(lab, scenario, number):
    """What the fleet's list says of this lab, and what belongs on the command line. `ca` and `password` are still the lab's words."""
    now = {"host": lab.name, "port": lab.port, "ca": "root", **lab.command}
    host = now["host"]
    renamed = address_in(number, name_in(number, host))
    target = f"[{renamed}]" if ":" in renamed else renamed
    target += "" if now["port"] == "none" else f":{now['port']}"
    entry = {"target": f"mysql://{now['user']}@{target}/{now['schema']}" if "schema" in now else target,
             "labels": {"scenario": scenario.name}}
    entry |= {key: now[key] for key in ("profile", "purpose", "server_name", "user") if key in now and (key, "schema" in now) != ("user", True)}
    if "connect_to" in now:
        entry["connect_to"] = address_in(number, now["connect_to"])
    if now["ca"] != "none":
        entry["ca"] = now["ca"]
        if name_in(number, host) != host:
            entry.setdefault("server_name", host)
    if "user" in now:
        entry["password_file"] = now.get("password", "right")
    words = [*scenario.args, "--timeout", scenario.timeout, *(["--tls", now["tls"]] if "tls" in now else []),
             *([f"-{now['family']}"] if "family" in now else [])]
    return entry, words


class Small(Database):
    def start(self, chain="good", extra=(), environment=None):
        super().start(chain, ("--performance-schema=OFF", "--max-connections=20", "--table-open-cache=32", *extra), environment)


class Nobody(Database):
    """A stand-in is before it in any case."""

    def _bootstrap(self):
        pass

    def start(self, chain="good", extra=(), environment=None):
        pass

    def sql(self, statement):
        raise RuntimeError("there is no database here")


class Member:
    """The other end of `main`: one scenario that holds."""

    def __init__(self, scenario, number, fleet):
        self.scenario, self.number, self._fleet = scenario, number, fleet
        netns = os.open(f"/proc/{fleet.holder.pid}/ns/net", os.O_RDONLY)
        environment = {name: value for name, value in os.environ.items() if name != enclosure.INSIDE}
        self._process = subprocess.Popen(["/usr/bin/python3", "-B", HERE, scenario.name, str(number), str(netns)], pass_fds=[netns],
                                         env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        os.close(netns)

    def reach(self):
        """Waits until the fault holds, and lays the fleet's routes to it."""
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.scenario.name}: its lab ended")
        self.entry, self.words, self.names = json.loads(line)
        (gateway, here), number = ends(self.number), self.number
        self._fleet.add_address(f"lab{number}", f"{here}/24", f"{v6(here)}/64")
        know(self._fleet, f"lab{number}", CLIENT_OF_A_LAB, "fleet", [gateway, v6(gateway)])
        for places, way in ((f"10.{64 + number}.0.0/16", gateway), (f"203.0.113.{number}/32", gateway),
                            *((f"{v6(f'10.{64 + number}.{zone}.0')}/64", v6(gateway)) for zone in (11, 12, 13))):
            self._fleet.route("add", places, "via", way)

    def close(self):
        self._process.kill()  # and the kernel takes its namespaces away
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()


def database_for(scenario):
    """As small a one as tells the scenario: there are many labs, and the statistics are most of a server's memory."""
    kinds = {next(iter(setting)) for setting in (*scenario.given, *scenario.settings)}
    if scenario.database == "mysql":
        return mysql_server.MySql
    if {"server", "starter-gateway"} & kinds:
        return Nobody
    return Database if {"sql", "broken-connections", "sessions", "database"} & kinds else Small


def main(words):
    enclosure.enter([HERE, *words])
    from lab import Lab
    scenario, number = find(words[0]), int(words[1])
    lab = Lab(database_for(scenario))
    introduce(lab.vpc)
    open_way(lab, number, int(words[2]))
    with lab.scenario(scenario):
        names = {**HEALTHY, **lab.names}["names"]
        print(json.dumps([*entry_of(lab, scenario, number), names_in(number, names)]), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1:])
