"""The provider's load balancer: a real haproxy in TCP mode, before one database.

Like an NLB with client address preservation off it lends every client its own address, so that to the
database all clients are one host: what one of them spoils, all suffer. Unlike an NLB, haproxy ends the client's
connection and opens its own. Where that would show (a target that does not answer), `forwarder` stands in its
place: address translation in the kernel, packet by packet, as an NLB does it.
"""

from process import stop, wait_for_listener
from vpc import DB, PORT, v6

SETTINGS = """
global
  maxconn 4000
defaults
  mode {mode}
  timeout connect 2s
  timeout client 1h
  timeout server 1h
  timeout http-request 200ms
  retries 0
frontend listener
  bind :::{port} v4v6 {bind}
  default_backend targets
backend targets
  {target}
"""
FORWARDING = """
table inet forwarder {{
  chain translate {{
    type nat hook prerouting priority dstnat;
    iifname "eth0" meta nfproto ipv4 tcp dport {port} dnat ip to {target4}:3306
    iifname "eth0" meta nfproto ipv6 tcp dport {port} dnat ip6 to [{target6}]:3306
  }}
  chain lend {{ type nat hook postrouting priority srcnat; oifname "db" masquerade; }}
}}
"""


class Balancer:
    def __init__(self, host):
        self.host = host
        self.process = None
        self.forwarding = False
        self.port = PORT

    def start(self, kind="haproxy", mode="tcp", target=DB, port=None, backend="", bind="", certificate=None):
        """`backend`, `bind`: further words of these lines of haproxy's; `certificate`: a PEM with its key, for a TLS listener."""
        self.stop()
        port = port or self.port
        if kind == "forwarder":
            self._lose_packets_to(target)
            self.host.nft(FORWARDING.format(port=port, target4=target, target6=v6(target)))
            self.forwarding = True
            return
        path = self.host.write("haproxy.cfg", SETTINGS.format(
            mode=mode, port=port, bind=f"ssl crt {certificate}" if certificate else bind,
            target=f"server db {target}:3306 {backend}" if mode == "tcp" else ""))
        self.process = self.host.start("haproxy", "-db", "-f", path, log="haproxy")
        wait_for_listener(self.host, port, "haproxy")

    def _lose_packets_to(self, target):
        """An address that nobody has is silent in a cloud; here ARP would tell the client of it."""
        if target != DB:
            for address in (target, v6(target)):
                self.host.run("ip", "neighbour", "replace", address, "lladdr", "02:00:00:00:00:99", "dev", "db",
                              "nud", "permanent")

    def stop(self):
        stop(self.process)
        self.process = None
        if self.forwarding:
            self.host.nft("delete table inet forwarder")
            self.forwarding = False
