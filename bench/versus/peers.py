"""What others use for the same question, on the same server. A peer that is not installed is left out, loudly."""

import contextlib
import http.client
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time

from bench_server import address_of, name_of
from measure import Failed, cpu_of

PACKAGES = {"prometheus-blackbox-exporter": "prometheus-blackbox-exporter", "mysqladmin": "mariadb-client", "nmap": "nmap"}


def missing(program):
    return None if shutil.which(program) else f"{program} is not installed: apt-get install --no-install-recommends {PACKAGES[program]}"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Blackbox:
    """A running exporter, asked over HTTP as Prometheus does; its CPU time is that of its process."""

    def __init__(self, server):
        self._server = server

    def __enter__(self):
        self._config = tempfile.NamedTemporaryFile("w", suffix=".yml")
        self._config.write(
            "modules:\n  connect: {prober: tcp, timeout: 5s}\n  tls:\n    prober: tcp\n    timeout: 5s\n    tcp:\n"
            f"      tls: true\n      tls_config: {{ca_file: {self._server.ca}, server_name: {name_of(0)}}}\n")
        self._config.flush()
        port = free_port()
        self._process = subprocess.Popen(
            ["prometheus-blackbox-exporter", f"--config.file={self._config.name}", f"--web.listen-address=127.0.0.1:{port}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._http = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        for _ in range(100):
            with contextlib.suppress(OSError):
                self._http.connect()
                return self
            time.sleep(0.05)
        raise Failed("blackbox_exporter does not listen")

    def __exit__(self, *_):
        self._http.close()
        self._process.kill()
        self._process.wait()
        self._config.close()

    def _cpu(self):
        with open(f"/proc/{self._process.pid}/stat", encoding="utf-8") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def probe(self, module, port, probes):
        before = self._cpu()
        for target in range(probes):
            self._http.request("GET", f"/probe?module={module}&target={address_of(target)}:{port}")
            if b"\nprobe_success 1\n" not in self._http.getresponse().read():
                raise Failed(f"blackbox_exporter: {module} of {address_of(target)}:{port} did not succeed")
        return (self._cpu() - before) / probes


def mysqladmin(server, probes):
    """A process each, as scripts run it. The refusal counts as alive."""
    spent = 0.0
    for target in range(probes):
        cpu, out, code = cpu_of(["mysqladmin", "--no-defaults", "-h", address_of(target), "-P", str(server.mysql), "-u",
                                 "plumb_probe", "--connect-timeout=5", "ping"])
        if code != 0 and "Access denied" not in out:
            raise Failed(f"mysqladmin ping: exit {code}: {out}")
        spent += cpu
    return spent / probes


def nmap(server, probes):
    """The plus sign: on a port that nmap does not know as MySQL's, too."""
    with tempfile.NamedTemporaryFile("w") as listed:
        listed.write("".join(f"{address_of(target)}\n" for target in range(probes)))
        listed.flush()
        cpu, out, _ = cpu_of(["nmap", "-n", "-Pn", "-sT", "-p", str(server.mysql), "--script", "+mysql-info", "-iL", listed.name])
    if len(re.findall(r"Version: 8\.0\.36", out)) != probes:
        raise Failed(f"nmap did not read every greeting: {out[-400:]}")
    return cpu / probes
