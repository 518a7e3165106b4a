"""The provider's load balancer: a real haproxy in TCP mode, before one database.

Like an NLB with client address preservation off it lends every client its own address, so that to the
database all clients are one host: what one of them spoils, all suffer.
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
  bind :::{port} v4v6
  default_backend targets
backend targets
  {target}
"""


class Balancer:
    def __init__(self, host):
        self.host = host
        self.process = None

    def start(self, mode="tcp", target=f"{DB}:3306"):
        stop(self.process)
        path = self.host.write("haproxy.cfg", SETTINGS.format(
            mode=mode, port=PORT, target=f"server db {target}" if mode == "tcp" else ""))
        self.process = self.host.start("haproxy", "-db", "-f", path, log="haproxy")
        wait_for_listener(self.host, PORT, "haproxy")

    def stop(self):
        stop(self.process)
        self.process = None
