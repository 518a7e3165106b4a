"""`./dev lab conformance`: the same questions to a real MariaDB, MySQL and TiDB; the answers side by side. None is typed.

    --only NAME…    of mariadb, mysql, tidb, tiproxy
    --record        keeps the packets in tests/support/real_packets.txt, which the unit tests read; of the servers asked only

The questions go straight to the server, past the load balancer: haproxy has its own way to end a connection. A server
that is not here is said, and its column left out.
"""

import argparse
import json
import os
import re
import signal
import textwrap
import time

import enclosure
import mysql_server
import tidb_server
import tiproxy_server
from database import PASSWORD, PlainDatabase
from process import wait_until
from vpc import DB
from wire_client import read_greeting

HERE = os.path.dirname(os.path.abspath(__file__))
PACKETS = os.path.join(os.path.dirname(HERE), "support", "real_packets.txt")
WIDTH = 36
# What plumb asks a server about itself (checks/mysql/identity.hpp).
IDENTITY = ("hostname", "server_id", "server_uuid", "server_uid", "aurora_server_id", "read_only", "super_read_only",
            "innodb_read_only", "tidb_super_read_only", "tidb_restricted_read_only")
SILENCE = 14  # seconds; connect_timeout is 10


class Subject:
    """One server under question. `few`, `plain`: what its options are for a small max_connections, and for no TLS."""
    name, title = "mariadb", "MariaDB"
    database = PlainDatabase
    few = ("--max-connections=10",)
    plain = {"chain": None}
    not_asked = ()
    native = "CREATE USER 'native'@'%' IDENTIFIED BY '{}'"
    sha2 = "CREATE USER 'sha2'@'%' IDENTIFIED WITH caching_sha2_password BY '{}'"

    def __init__(self):
        from lab import Lab
        self.lab = Lab(self.database)
        self.refused = {"native": self.make(self.native), "sha2": self.make(self.sha2)}
        self.recorded = {}
        self.version = self.lab.database.sql("SELECT VERSION()")

    @property
    def known(self):
        """An account that exists here."""
        return "sha2" if self.refused["native"] else "native"

    def make(self, statement):
        """An account by this plugin; the server's own words when it has no such plugin."""
        try:
            self.lab.database.sql(statement.format(PASSWORD))
        except RuntimeError as error:
            return re.sub(r".*ERROR", "ERROR", str(error), flags=re.S).replace(PASSWORD, "…")
        return ""

    def restart(self, options=(), **words):
        self.lab.database.start(extra=options, **words)

    def demand_tls(self, on):
        self.restart(["--require-secure-transport=ON"] if on else [])

    def command(self, words):
        return ["/usr/bin/python3", "-B", f"{HERE}/wire_client.py", DB, "3306", json.dumps(words)]

    def talk(self, record="", **words):
        said = self.lab.vpc.nlb.run(*self.command(words), timeout=120).stdout.splitlines()[-1]
        told = json.loads(said)
        if record and told["packets"]:
            self.recorded[record] = told["packets"]
        return told

    def staying(self, log, **words):
        """A conversation that waits, in the background: ended_of(log) tells its end."""
        host = self.lab.vpc.nlb
        host.start(*self.command({**words, "stay": 60}), log=log)
        wait_until(lambda: "ready" in host.log(log), log)

    def ended_of(self, log):
        host = self.lab.vpc.nlb
        wait_until(lambda: '"end"' in host.log(log), log, seconds=90)
        return json.loads(host.log(log).splitlines()[-1])

    def plumb(self, *words):
        run = self.lab.plumb("check", self.lab.target, "--ca", self.lab.certificates.root, "-o", "json", *words)
        return run.report


class MySqlSubject(Subject):
    name, title = "mysql", "MySQL"
    database = mysql_server.MySql
    plain = {"options": ("--tls-version=",)}
    native = "CREATE USER 'native'@'%' IDENTIFIED WITH mysql_native_password BY '{}'"


class TiDbSubject(Subject):
    name, title = "tidb", "TiDB"
    database = tidb_server.TiDb
    few = ("instance.max_connections = 5",)
    native = "CREATE USER 'native'@'%' IDENTIFIED WITH mysql_native_password BY '{}'"

    def demand_tls(self, on):
        self.lab.database.demand_tls(on)


class TiProxySubject(TiDbSubject):
    """The proxy is asked, not the server behind it, which has no TLS here and would not be the one that ends."""
    name, title = "tiproxy", "TiProxy"
    database = tiproxy_server.TiProxied
    not_asked = ("ask_secure", "ask_shutdown")

    def __init__(self):
        super().__init__()
        self.version = f"{tiproxy_server.version()}, before TiDB {self.version}"


def error_of(payload):
    code = int.from_bytes(payload[1:3], "little")
    marked = payload[3:4] == b"#"
    text = payload[9 if marked else 3:].decode(errors="replace")
    state = payload[4:9].decode() if marked else "no marker"
    return f"{code} ({state}) {text}"


def packet_word(payload):
    """One packet of the server's, in a few words."""
    if payload[:1] == b"\xff":
        return error_of(payload)
    if payload[:1] == b"\xfe":
        return "AuthSwitch " + payload[1:].split(b"\0")[0].decode()
    if payload[:1] == b"\1":
        return payload.hex(" ")
    return {b"\0": "OK", b"\x0a": "greeting"}.get(payload[:1], payload[:16].hex(" "))


def words_of(told, greeting=False):
    packets = [packet_word(bytes.fromhex(payload)) for _, payload in told["packets"]]
    if not greeting and packets[:1] == ["greeting"]:
        packets = packets[1:]
    return " → ".join(packets) or "nothing"


def with_end(told, greeting=False):
    return f"{words_of(told, greeting)}, then {told['end']}"


def greeting_of(told):
    return read_greeting(bytes.fromhex(told["packets"][0][1]))


def plumb_word(report):
    return f"{report['outcome']}: {report['cause']}" if "cause" in report else report["outcome"]


# The questions: each gets a Subject and gives (question, answer) pairs.

def ask_greeting(subject):
    greeting = greeting_of(subject.talk(record="greeting, TLS offered", user="plumb_probe"))
    yield "version in the greeting", greeting["version"]
    report = subject.plumb()
    yield "flavor, as plumb names it", next(o["facts"]["mysql.flavor"] for o in report["evidence"] if "mysql.flavor" in o["facts"])
    yield "capability word, TLS offered", f"0x{greeting['capabilities']:08X}"
    yield "default plugin", greeting["plugin"]
    yield "nonce length byte, reserved bytes", f"{greeting['nonce_length']}, {greeting['reserved']}"


def ask_without_tls(subject):
    subject.restart(**subject.plain)
    told = subject.talk(record="greeting, no TLS", user="plumb_probe")
    yield "capability word, no TLS", f"0x{greeting_of(told)['capabilities']:08X}"
    told = subject.talk(tls="1.3")
    yield "an SSLRequest all the same", rest_of(subject, told, "plain text after an SSLRequest that was not offered")
    yield "plumb, --tls required", plumb_word(subject.plumb("--tls", "required"))
    subject.restart()


def ask_logins(subject):
    yield "anonymous login", with_end(subject.talk(record="anonymous login", user="plumb_probe"))
    for plugin in ("native", "sha2"):
        who = {"user": plugin, "password": PASSWORD, "tls": "1.3"}
        if subject.refused[plugin]:
            yield f"an account by {plugin}, first login", subject.refused[plugin]
            continue
        yield f"an account by {plugin}, first login", words_of(subject.talk(record=f"login by {plugin}, first", **who))
        yield f"an account by {plugin}, second login", words_of(subject.talk(record=f"login by {plugin}, second", **who))
        yield f"{plugin}, wrong password", with_end(subject.talk(record=f"wrong password, {plugin}", **{**who, "password": "no"}))
    yield "AuthSwitch answered with an empty packet", with_end(switched(subject))


def switched(subject):
    """Makes the server ask for another plugin than the client begins with."""
    user = "sha2" if not subject.refused["sha2"] else "native"
    plugin = "mysql_native_password" if user == "sha2" else "caching_sha2_password"
    return subject.talk(record="empty answer to AuthSwitch", user=user, password=PASSWORD, plugin=plugin, switch="empty")


def ask_identity(subject):
    statement = "SHOW GLOBAL VARIABLES WHERE Variable_name IN ({})".format(", ".join(f"'{name}'" for name in IDENTITY))
    told = subject.talk(record="identity", user=subject.known, password=PASSWORD, tls="1.3", ask=statement)
    rows = [bytes.fromhex(payload) for _, payload in told["packets"]][4:-1]  # behind count, two definitions, EOF
    yield "of who it is, it tells", ", ".join(sorted(row[1:1 + row[0]].decode() for row in rows))


def ask_sha2_in_clear(subject):
    """The full path without TLS: after a restart no server has a scramble in its cache."""
    if subject.refused["sha2"]:
        return
    subject.restart()
    told = subject.talk(record="sha2 without TLS, empty packet", user="sha2", password=PASSWORD)
    yield "sha2 without TLS, empty packet for the password", with_end(told)


def ask_tls(subject):
    for version in ("1.3", "1.2", "1.1"):
        told = subject.talk(tls=version)
        yield f"TLS {version}", told.get("tls", words_of(told))
    told = subject.talk(tls="1.1", record="TLS 1.1 alone")
    yield "in plain text after TLS 1.1 was refused", rest_of(subject, told, "plain text after a TLS alert of the server's")
    told = subject.talk(tls="1.2", ca=subject.lab.certificates.other_root)
    yield "in plain text after our TLS 1.2 alert (unknown CA)", rest_of(subject, told, "plain text after a TLS alert of ours")


def rest_of(subject, told, record):
    rest = bytes.fromhex(told.get("rest", ""))
    if len(rest) < 5:
        return f"nothing, then {told['end']}"
    subject.recorded[record] = [[rest[3], rest[4:].hex()]]
    return f"{packet_word(rest[4:])}, then {told['end']}"


def ask_protocol(subject):
    yield "a client without PROTOCOL_41", with_end(subject.talk(record="without PROTOCOL_41", old=True))
    told = subject.talk(user=subject.known, password=PASSWORD, tls="1.3")
    yield "after COM_QUIT", told["end"]
    told = subject.talk(stop="greeting", stay=SILENCE, record="silence after the greeting")
    yield "a client that never answers", f"{with_end(told)}, after {told['waited']:.0f} s"


def ask_secure(subject):
    subject.demand_tls(True)
    yield "require_secure_transport, anonymous in clear", with_end(subject.talk(record="require_secure_transport, anonymous"))
    yield "plumb, --tls off", plumb_word(subject.plumb("--tls", "off"))
    known = {"user": subject.known, "password": PASSWORD}
    subject.talk(tls="1.3", **known)  # a server with a cache of scrambles has this one now
    yield "require_secure_transport, an account in clear", with_end(subject.talk(record="require_secure_transport, account", **known))
    words = ("--tls", "off", "--user", subject.known, "--password-file", subject.lab.password)
    yield "plumb, --tls off, with the account", plumb_word(subject.plumb(*words))
    subject.demand_tls(False)


def ask_full(subject):
    subject.restart(subject.few)
    told = subject.talk(record="max_connections reached", user=subject.known, password=PASSWORD, tls="1.3", times=30)
    yield "max_connections reached", with_end(told, greeting=True)
    subject.restart()


def ask_shutdown(subject):
    """SIGTERM, as systemd and Kubernetes send it. One session is idle, one runs a statement, which a graceful server may wait
    for; one client has only read the greeting, and another logs in when the signal is two seconds old."""
    database, known = subject.lab.database, {"user": subject.known, "password": PASSWORD}
    busy = subject.lab.db_host.start("mariadb", "--no-defaults", "--skip-ssl", "-uroot", f"--socket={database.socket}", "-e",
                                     "SELECT SLEEP(6)", log="busy")
    subject.staying("idle", **known, tls="1.3")
    subject.staying("greeted", stop="greeting")
    subject.staying("late", **known, tls="1.3", pause=3)
    os.killpg(database.process.pid, signal.SIGTERM)
    time.sleep(1)
    yield "shutdown: a new connection, 1 s after the signal", with_end(subject.talk())
    for who, title in (("idle", "an idle session"), ("greeted", "a client that has read the greeting"), ("late", "a login 3 s later")):
        told = subject.ended_of(who)
        said = words_of({"packets": told["packets"][logins_of(who, told):]}, greeting=True)
        yield f"shutdown: {title}", f"{said}, then {told['end']}, after {told['waited']:.0f} s"
    busy.wait(timeout=60)
    yield "shutdown: SELECT SLEEP(6), begun before the signal", subject.lab.db_host.log("busy").strip().splitlines()[-1]
    database.process.wait(timeout=60)
    yield "after it: a new connection", with_end(subject.talk())


def logins_of(who, told):
    """How many packets came before the signal: of an idle session the whole login, else the greeting."""
    return len(told["packets"]) if who == "idle" and told["packets"][-1][1].startswith("00") else 1


QUESTIONS = (ask_greeting, ask_logins, ask_identity, ask_sha2_in_clear, ask_tls, ask_protocol, ask_without_tls, ask_secure, ask_full,
             ask_shutdown)


def ask(subject_class):
    """Name and version of one server, its answers {question: answer}, its recorded packets."""
    subject, answers = subject_class(), {}
    try:
        for question in QUESTIONS:
            if question.__name__ in subject.not_asked:
                continue
            print(f"  {subject.title}: {question.__name__[4:]}", flush=True)
            answers.update(question(subject))
    finally:
        subject.lab.close()
    return f"{subject.title} {subject.version}", answers, subject.recorded


def show(columns):
    """Wrapped cells; a question that a server has no answer to is a dash."""
    fullest_first = sorted(columns.values(), key=len, reverse=True)
    rows = list(dict.fromkeys(question for answers in fullest_first for question in answers))
    for title, cell in (("", list(columns)), *((row, [answers.get(row, "–") for answers in columns.values()]) for row in rows)):
        wrapped = [textwrap.wrap(text, WIDTH) or [""] for text in (title, *cell)]
        for line in range(max(map(len, wrapped))):
            print("  ".join((part[line] if line < len(part) else "").ljust(WIDTH) for part in wrapped).rstrip())
        print("─" * (WIDTH * len(wrapped)))


def record(recorded):
    """server|what|sequence|hex, one packet a line; lines of servers that were not asked stay."""
    kept = []
    if os.path.exists(PACKETS):
        with open(PACKETS, encoding="ascii") as file:
            asked = {title.split(" ")[0] for title in recorded}  # a new version takes the old one's place
            kept = [line for line in file if line.split(" ")[0] not in asked]
    new = [f"{title}|{what}|{sequence}|{payload}\n" for title, packets in recorded.items()
           for what, each in packets.items() for sequence, payload in each
           if (sequence == 0 and payload.startswith("0a")) == what.startswith("greeting")]
    with open(PACKETS, "w", encoding="ascii") as file:
        file.writelines(kept + new)


def parsed(words):
    parser = argparse.ArgumentParser(prog="./dev lab conformance", description=__doc__,
                                     formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", nargs="+", default=["mariadb", "mysql", "tidb", "tiproxy"])
    parser.add_argument("--record", action="store_true")
    return parser.parse_args(words)


def main(options):
    columns, recorded = {}, {}
    for subject in (Subject, MySqlSubject, TiDbSubject, TiProxySubject):
        if subject.name not in options.only:
            continue
        why_not = missing(subject)
        if why_not:
            print(f"!!! LEFT OUT, {subject.title}: {why_not}")
            continue
        title, answers, packets = ask(subject)
        columns[title], recorded[title] = answers, packets
    show(columns)
    if options.record:
        record(recorded)
    return 0 if columns else 1


def missing(subject):
    if subject is MySqlSubject and not mysql_server.is_there():
        return "no MySQL chroot: PLUMB_MYSQL_CHROOT, made by ./dev test --full as root"
    if subject is TiProxySubject and not tiproxy_server.is_there():
        return tiproxy_server.HOW
    return tidb_server.HOW if subject is TiDbSubject and not tidb_server.is_there() else ""
