"""Settings of the provider's side: load balancer, stand-ins for servers that cannot be run here, database, accounts."""

import contextlib
import json
import os

import starter_gateway
from database import NAMES
from process import stop, wait_for_listener, wait_until
from vpc import PORT, ZONES

WORD, NUMBER, YES = {"type": "string"}, {"type": "integer"}, {"type": "boolean"}
WORDS = {"type": "array", "items": WORD}
ERROR = {"type": "array", "minItems": 3, "maxItems": 3, "prefixItems": [NUMBER, WORD, WORD]}
# MariaDB refuses old TLS under Debian's OpenSSL policy, so the policy can be lifted for the server alone.
OLD_POLICY = ("openssl_conf = a\n[a]\nssl_conf = b\n[b]\nsystem_default = c\n"
              "[c]\nMinProtocol = TLSv1\nCipherString = ALL:@SECLEVEL=0\n")


def stand_in(lab, behaviour, *words):
    """Puts a misbehaving server in the load balancer's place."""
    lab.balancer.stop()
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "standin.py")
    lab.held = [lab.vpc.nlb.start("/usr/bin/python3", "-B", program, str(lab.port), behaviour, *words, log="standin")]
    wait_for_listener(lab.vpc.nlb, lab.port, behaviour)


def balancer_back(lab):
    for process in lab.held:
        stop(process)
    lab.held = []
    lab.balancer.start()


STAND_IN = {
    "type": "object", "additionalProperties": False, "required": ["behaviour"],
    "properties": {
        "behaviour": WORD, "certificate": WORD, "version": WORD, "client_certificate": YES, "ciphers": WORD, "refuses": ERROR,
        "rules": {"type": "array", "items": {
            "type": "object", "additionalProperties": False, "required": ["error"],
            "properties": {"user": WORD, "tls": YES, "error": ERROR}}}}}


@contextlib.contextmanager
def server(lab, value):
    """A stand-in (standin.py) where the load balancer listens; `behaviour: real` leaves the real one there."""
    if value["behaviour"] == "real":
        yield
        return
    script = {key: value[key] for key in ("version", "client_certificate", "ciphers", "refuses", "rules") if key in value}
    with speaking(lab, value["behaviour"], script, value.get("certificate", "good")):
        yield


@contextlib.contextmanager
def speaking(lab, behaviour, script, chain="good"):
    tls = [] if chain == "none" else [lab.certificates.chain(chain), lab.certificates.key]
    try:
        stand_in(lab, behaviour, *tls, "--script", json.dumps(script))
        yield
    finally:
        balancer_back(lab)


STARTER = {"type": "object", "additionalProperties": False,
           "properties": {"endpoint": {"enum": ["public", "private"]}, "state": {"enum": sorted(starter_gateway.STATES)}, "certificate": WORD}}


@contextlib.contextmanager
def starter(lab, value):
    """The stand-in for TiDB Cloud Starter's gateway (starter_gateway.py) where the load balancer listens."""
    script = starter_gateway.script(value.get("endpoint", "private"), value.get("state", "healthy"))
    with speaking(lab, "script", script, value.get("certificate", "good")):
        yield


@contextlib.contextmanager
def port(lab, value):
    """The port of the service. What changes the load balancer or the endpoint's group comes behind it."""
    lab.serve_at(value)
    try:
        yield
    finally:
        lab.serve_at(PORT)


BALANCER = {
    "type": "object", "additionalProperties": False,
    "properties": {
        "kind": {"enum": ["haproxy", "forwarder", "stopped"]}, "mode": {"enum": ["tcp", "http"]}, "target": WORD, "port": NUMBER,
        "backend": WORD, "bind": WORD, "tls": YES, "listeners": {"type": "array", "items": NUMBER}}}


@contextlib.contextmanager
def balancer(lab, value):
    """`listeners`: ports that are not dropped; `backend`: further words of haproxy's server line."""
    words = {key: value[key] for key in ("kind", "mode", "target", "port", "backend", "bind") if key in value}
    if value.get("tls"):
        words["certificate"] = lab.vpc.nlb.write("listener.pem", "".join(
            open(path, encoding="ascii").read() for path in (lab.certificates.chain("good"), lab.certificates.key)))
    lab.vpc.listeners(value.get("listeners", [value.get("port", lab.port)]))
    try:
        if value.get("kind") == "stopped":
            lab.balancer.stop()
        else:
            lab.balancer.start(**words)
        yield
    finally:
        lab.vpc.listeners()
        lab.balancer.start()


DATABASE = {"type": "object", "additionalProperties": False,
            "properties": {"options": WORDS, "tls": YES, "old_policy": YES, "runs": YES}}


@contextlib.contextmanager
def database(lab, value):
    """The server's options; `tls: false`: without a certificate; `runs: false`: it is down."""
    environment = None
    if value.get("old_policy"):
        environment = {"OPENSSL_CONF": lab.db_host.write("openssl.cnf", OLD_POLICY)}
    try:
        if not value.get("runs", True):
            lab.database.stop()
        elif value:
            lab.database.start(chain="good" if value.get("tls", True) else None, extra=value.get("options", ()),
                               environment=environment)
        yield
    finally:
        if value:
            lab.database.start()


@contextlib.contextmanager
def certificate(lab, value):
    lab.database.serve_chain(value)
    try:
        yield
    finally:
        lab.database.serve_chain("good")


SQL = {"type": "object", "additionalProperties": False, "required": ["do", "undo"], "properties": {"do": WORD, "undo": WORD}}


@contextlib.contextmanager
def sql(lab, value):
    """Statements of the server's administrator: accounts in whatever state, and back."""
    try:
        lab.database.sql(value["do"])
        yield
    finally:
        lab.database.sql(value["undo"])


@contextlib.contextmanager
def earlier_login(lab, value):
    """Somebody logged in with this account over TLS: MySQL now knows its scramble and needs no password in full."""
    run = lab.plumb("check", lab.target, "--tls", "required", "--user", value, "--password-file", lab.password)
    if run.exit != 0:
        raise RuntimeError(f"the earlier login failed: {run.out}")
    yield


def connect_and_close(lab, times):
    """What a prober does that reads the greeting and leaves."""
    code = (f"import socket\nfor _ in range({times}):\n s = socket.create_connection(('{ZONES[0]}', {lab.port}))\n"
            " s.recv(4096)\n s.close()\n")
    lab.client.run("/usr/bin/python3", "-c", code)


@contextlib.contextmanager
def broken_connections(lab, value):
    """So many connections were dropped before their login, by somebody else behind the same load balancer."""
    lab.database.sql("SET GLOBAL max_connect_errors = 5")
    connect_and_close(lab, value)
    try:
        yield
    finally:
        lab.database.sql("SET GLOBAL max_connect_errors = 100; TRUNCATE TABLE performance_schema.host_cache")


def a_session(lab):
    return lab.db_host.start("mariadb", "--no-defaults", "--skip-ssl", "-uroot", f"--socket={lab.database.socket}",
                             "-e", "SELECT SLEEP(600)", log="crowd")


def is_full(lab):
    try:
        lab.database.sql("SELECT 1")
    except RuntimeError as error:
        return "1040" in str(error)
    lab.held.append(a_session(lab))  # the question itself may have taken the last place from the crowd
    return False


@contextlib.contextmanager
def sessions(lab, value):
    """So many sessions on a server that takes ten and one of its administrator's."""
    lab.database.sql("SET GLOBAL max_connections = 10")
    lab.held = [a_session(lab) for _ in range(value)]
    try:
        if value > 10:
            wait_until(lambda: is_full(lab), "the crowd")
        yield
    finally:
        for process in lab.held:
            stop(process)
        lab.held = []
        lab.database.start()


REVERSE_NAMES = {"enum": ["known", "silent-resolver", "none"]}


@contextlib.contextmanager
def reverse_names(lab, value):
    """Whether the database finds a name for the load balancer: in its hosts file, in vain, or at a resolver that is silent."""
    host = lab.db_host
    if value == "known":
        yield
        return
    host.write("hosts", "127.0.0.1 localhost\n")
    if value == "silent-resolver":
        host.write("resolv.conf", "nameserver 10.0.30.1\noptions timeout:6 attempts:1\n")
        lab.vpc.nlb.nft("table inet silence { chain input { type filter hook input priority 0; udp dport 53 drop; }\n}")
    lab.database.sql("TRUNCATE TABLE performance_schema.host_cache")
    try:
        yield
    finally:
        host.write("hosts", NAMES)
        host.write("resolv.conf", "")
        if value == "silent-resolver":
            lab.vpc.nlb.nft("delete table inet silence")
        lab.database.sql("TRUNCATE TABLE performance_schema.host_cache")


SERVERS = {"port": (NUMBER, port), "server": (STAND_IN, server), "starter-gateway": (STARTER, starter), "balancer": (BALANCER, balancer), "database": (DATABASE, database),
           "certificate": (WORD, certificate), "sql": (SQL, sql), "earlier-login": (WORD, earlier_login), "broken-connections": (NUMBER, broken_connections),
           "sessions": (NUMBER, sessions), "reverse-names": (REVERSE_NAMES, reverse_names)}
