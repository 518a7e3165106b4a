"""The faults that the lab can inject: how each is switched on and off in real parts, and what plumb must say.

A row's `cause` is the id in the catalogue; `outcome` and `exit` are those of design.md §2.3. `words` are what the
user types in place of the healthy arguments.
"""

import os
import subprocess
from dataclasses import dataclass
from typing import Callable

from process import stop, wait_for_listener, wait_until
from vpc import CLIENT, DB, HOST, NLB, OLD_ENDPOINT, PORT, ZONES, v6


def nothing(_lab):
    pass


@dataclass(frozen=True)
class Fault:
    name: str
    story: str
    cause: str
    on: Callable = nothing
    off: Callable = nothing
    words: Callable = lambda lab: lab.arguments()
    outcome: str = "failed"
    exit: int = 1


# --- names ---

def private_dns_off(lab):
    lab.resolver.start(zones="public")


def resolver_hangs(lab):
    lab.resolver.process.send_signal(19)  # SIGSTOP: it takes questions and never answers


def resolver_back(lab):
    lab.resolver.process.send_signal(18)
    lab.resolver.start()


def second_resolver(lab):
    lab.client.write("resolv.conf", "nameserver 10.0.0.2\nnameserver 10.0.1.53\noptions timeout:1 attempts:2\n")
    lab.vpc.router.nft("add rule inet vpc firewall ip daddr 10.0.1.53 drop")
    lab.client.route("add", "10.0.1.53/32", "via", "10.0.1.1")


def one_resolver(lab):
    lab.client.route("del", "10.0.1.53/32")
    lab.vpc.router.nft("flush chain inet vpc firewall")
    lab.client.write("resolv.conf", "nameserver 10.0.0.2\noptions timeout:1 attempts:2\n")


def old_address_in_hosts(lab):
    lab.client.write("hosts", f"127.0.0.1 localhost\n{OLD_ENDPOINT} {HOST}\n")


def clean_hosts(lab):
    lab.client.write("hosts", "127.0.0.1 localhost\n::1 localhost\n")


# --- the way ---

def zone_dead(lab):
    lab.vpc.endpoint.nft(f"add rule inet vpc zones ip daddr {ZONES[1]} drop\n"
                         f"add rule inet vpc zones ip6 daddr {v6(ZONES[1])} drop")


def zone_alive(lab):
    lab.vpc.endpoint.nft("flush chain inet vpc zones")


def prohibited(lab):
    lab.vpc.router.nft(f"add rule inet vpc firewall tcp dport {PORT} reject with icmpx admin-prohibited")


def permitted(lab):
    lab.vpc.router.nft("flush chain inet vpc firewall")


def interface_gone(lab):
    lab.client.run("ip", "link", "set", "eth0", "down")


def interface_back(lab):
    lab.client.run("ip", "link", "set", "eth0", "up")
    for address in (CLIENT, v6(CLIENT)):  # a downed link loses its IPv6 addresses and every route
        present = lab.client.run("ip", "-o", "address", "show", "dev", "eth0").stdout
        if f" {address}/" not in present:
            lab.client.add_address("eth0", f"{address}/{64 if ':' in address else 24}")
    lab.client.route("replace", "default", "via", "10.0.1.1")
    lab.client.route("replace", "default", "via", v6("10.0.1.1"))


# --- TLS ---

def serves(chain):
    return lambda lab: lab.database.serve_chain(chain)


def without_tls(lab):
    lab.database.start(chain=None)


def only_tls_1_1(lab):
    # MariaDB refuses such a setting under Debian's OpenSSL policy, so the policy is lifted for the server alone.
    policy = lab.db_host.write("openssl.cnf", "openssl_conf = a\n[a]\nssl_conf = b\n[b]\nsystem_default = c\n"
                               "[c]\nMinProtocol = TLSv1\nCipherString = ALL:@SECLEVEL=0\n")
    lab.database.start(extra=["--tls-version=TLSv1.1", "--ssl-cipher=ALL:@SECLEVEL=0"],
                       environment={"OPENSSL_CONF": policy})


def healthy_database(lab):
    lab.database.start()


def empty_store(lab):
    lab.client.run("mount", "-t", "tmpfs", "empty", "/etc/ssl/certs/")


def full_store(lab):
    lab.client.run("umount", "/etc/ssl/certs/")


# --- MySQL ---

def connect_and_close(lab, times):
    """What a prober does that reads the greeting and leaves."""
    code = (f"import socket\nfor _ in range({times}):\n s = socket.create_connection(('{ZONES[0]}', {PORT}))\n"
            " s.recv(4096)\n s.close()\n")
    lab.client.run("/usr/bin/python3", "-c", code)


def host_blocked(lab):
    lab.database.sql("SET GLOBAL max_connect_errors = 5")
    connect_and_close(lab, 8)


def host_unblocked(lab):
    lab.database.sql("SET GLOBAL max_connect_errors = 100; TRUNCATE TABLE performance_schema.host_cache")


def move_accounts(lab, old, new):
    moves = ", ".join(f"'{name}'@'{old}' TO '{name}'@'{new}'" for name in ("app", "strange"))
    lab.database.sql(f"RENAME USER {moves}; FLUSH PRIVILEGES; TRUNCATE TABLE performance_schema.host_cache")


def accounts_elsewhere(lab):
    move_accounts(lab, "%", "10.99.0.1")


def accounts_everywhere(lab):
    move_accounts(lab, "10.99.0.1", "%")


def crowd(lab):
    lab.database.sql("SET GLOBAL max_connections = 10")
    lab.held = [a_session(lab) for _ in range(11)]
    wait_until(lambda: is_full(lab), "the crowd")


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


def release(lab):
    for process in lab.held:
        stop(process)
    lab.held = []
    lab.database.start()


def stand_in(behaviour, *words):
    """Puts the misbehaving server in the load balancer's place."""
    def start(lab):
        lab.balancer.stop()
        program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "standin.py")
        lab.held = [lab.vpc.nlb.start("/usr/bin/python3", "-B", program, str(PORT), behaviour, *words, log="standin")]
        wait_for_listener(lab.vpc.nlb, PORT, behaviour)
    return start


def balancer_back(lab):
    for process in lab.held:
        stop(process)
    lab.held = []
    lab.balancer.start()


def as_app(password_file):
    return lambda lab: [*lab.arguments(), "--user", "app", "--password-file", getattr(lab, password_file)]


FAULTS = (
    Fault("sg-closed", "the endpoint's security group does not let the port in", "tcp-endpoint-sg-blocks-port",
          lambda lab: lab.vpc.close_security_group(), lambda lab: lab.vpc.open_security_group()),
    Fault("private-dns-off", "private DNS is off: the name leads to the public address", "dns-resolves-to-public-ip",
          private_dns_off, lambda lab: lab.resolver.start()),
    Fault("name-missing", "the name does not exist", "dns-nxdomain",
          lambda lab: lab.resolver.start(zones="none"), lambda lab: lab.resolver.start()),
    Fault("resolver-dead", "the only resolver does not answer", "dns-resolver-timeout", resolver_hangs, resolver_back),
    Fault("one-resolver-dead", "one of two resolvers does not answer", "dns-resolver-timeout",
          second_resolver, one_resolver, outcome="degraded", exit=0),
    Fault("resolver-servfail", "the resolver's forwarder is broken", "dns-servfail",
          lambda lab: lab.resolver.start(zones="broken"), lambda lab: lab.resolver.start()),
    Fault("resolver-refused", "the resolver does not serve this subnet", "dns-refused",
          lambda lab: lab.resolver.start(access="refuse"), lambda lab: lab.resolver.start()),
    Fault("hosts-override", "a line in /etc/hosts leads to an endpoint that is gone", "dns-hosts-file-override",
          old_address_in_hosts, clean_hosts),
    Fault("refused", "nobody listens behind the endpoint", "tcp-refused-no-listener",
          lambda lab: lab.balancer.stop(), lambda lab: lab.balancer.start()),
    Fault("icmp-prohibited", "a firewall on the way says no", "tcp-icmp-admin-prohibited", prohibited, permitted),
    Fault("no-route", "the router knows no way to the endpoint", "tcp-no-route",
          lambda lab: lab.vpc.route_to_endpoint("del"), lambda lab: lab.vpc.route_to_endpoint("add")),
    Fault("one-zone-dead", "one zone's address does not answer", "tcp-partial-az-failure", zone_dead, zone_alive,
          outcome="degraded", exit=0),
    Fault("wrong-ca", "the CA file is another deployment's", "tls-wrong-ca-for-deployment",
          words=lambda lab: [lab.target, "--ca", lab.certificates.other_root]),
    Fault("foreign-certificate", "the server's certificate is from another hierarchy", "tls-wrong-ca-for-deployment",
          serves("foreign"), serves("good")),
    Fault("wrong-name", "the certificate is for another name", "tls-hostname-mismatch",
          serves("wrong-name"), serves("good")),
    Fault("expired-cert", "the certificate has expired", "tls-certificate-expired", serves("expired"), serves("good")),
    Fault("self-signed", "the server signed its certificate itself", "tls-self-signed-leaf",
          serves("self-signed"), serves("good")),
    Fault("missing-intermediate", "the server does not send the intermediate", "tls-server-missing-intermediate",
          serves("missing-intermediate"), serves("good")),
    Fault("expires-soon", "the certificate expires in ten days", "tls-certificate-expires-soon",
          serves("expires-soon"), serves("good"), outcome="degraded", exit=0),
    Fault("tls-off", "the server offers no TLS", "tls-server-without-ssl", without_tls, healthy_database),
    Fault("tls-old", "the server speaks TLS 1.1 only", "tls-protocol-version", only_tls_1_1, healthy_database),
    Fault("ca-store-empty", "the system's certificate store is empty", "tls-ca-file-missing", empty_store, full_store,
          words=lambda lab: [lab.target, "--tls", "verify-full", "--ca", "system"]),
    Fault("host-blocked", "too many broken connections: the server blocks the load balancer", "mysql-host-blocked-1129",
          host_blocked, host_unblocked),
    Fault("host-not-allowed", "no account allows the load balancer's address", "mysql-host-not-allowed-1130",
          accounts_elsewhere, accounts_everywhere),
    Fault("too-many-connections", "the server is full", "mysql-too-many-connections-1040", crowd, release),
    Fault("eof-before-greeting", "the load balancer has no living target", "mysql-eof-before-greeting",
          lambda lab: lab.database.stop(), healthy_database),
    Fault("no-greeting", "something accepts and says nothing", "mysql-no-greeting-timeout",
          stand_in("silent"), balancer_back),
    Fault("not-mysql", "a web server listens on the port", "mysql-not-mysql-server",
          lambda lab: lab.balancer.start(mode="http"), lambda lab: lab.balancer.start()),
    Fault("not-mysql-ssh", "an SSH server listens on the port", "mysql-not-mysql-server",
          stand_in("ssh"), balancer_back),
    Fault("access-denied", "the account's password is wrong", "mysql-access-denied-1045",
          words=as_app("wrong_password")),
    Fault("no-network", "the client has no interface that is up", "client-no-network", interface_gone, interface_back,
          outcome="unknown", exit=3),
)


def find(name):
    for fault in FAULTS:
        if fault.name == name:
            return fault
    raise SystemExit(f"no fault is called {name}; there are: " + " ".join(fault.name for fault in FAULTS))
