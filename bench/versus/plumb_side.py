"""plumb over many targets, with its guards against doing harm lifted where they would bind: the server is ours."""

import json
import subprocess
import tempfile

from bench_server import address_of, name_of
from measure import Failed, cpu_of

IN_FLIGHT = 64  # the floors' number too


class Plumb:
    def __init__(self, path):
        self._path = path
        self._help = subprocess.run([path, "check", "--help"], capture_output=True, text=True, check=True).stdout

    def knows(self, option):
        return f"\n  {option} " in self._help

    def _where_known(self, **options):
        words = []
        for name, value in options.items():
            option = "--" + name.replace("_", "-")
            words += [option, str(value)] if self.knows(option) else []
        return words

    def _check(self, targets, lines, words):
        """CPU seconds a target. All of them must be ok: that is known of the server."""
        guards = self._where_known(concurrency=IN_FLIGHT, per_address_rate=1_000_000, resolver_rate=1_000_000)
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write("".join(lines))
            file.flush()
            source = ["--targets", file.name] if "--targets" in words else ["-"]
            rest = [word for word in words if word != "--targets"]
            with open(file.name, encoding="utf-8") as listed:
                cpu, out, _ = cpu_of([self._path, "check", *source, "-q", "-o", "jsonl", "--no-metadata", *guards, *rest],
                                     stdin=listed)
        summary = json.loads(out.splitlines()[-1]) if out else {}
        if summary.get("ok") != targets:
            raise Failed(f"plumb: not all of {targets} ok: {out[:600]}")
        return cpu / targets

    def plain(self, server, targets):
        lines = [f"{address_of(i)}:{server.mysql}\n" for i in range(targets)]
        return self._check(targets, lines, ["--tls", "off"])

    def verified(self, server, targets):
        """Names of their own, each at its own address where the list can say so, else all at one."""
        words = ["--tls", "verify-full", "--ca", server.ca]
        if self.knows("--targets"):
            lines = [f"- {{target: '{name_of(i)}:{server.mysql}', connect_to: {address_of(i)}}}\n" for i in range(targets)]
            return self._check(targets, lines, [*words, "--targets"])
        lines = [f"{name_of(i)}:{server.mysql}\n" for i in range(targets)]
        return self._check(targets, lines, [*words, "--connect-to", address_of(0), "--per-address", str(IN_FLIGHT)])

    def asking(self, server, targets):
        """A question each for A and AAAA: what names cost over addresses, everything else being the same."""
        lines = [f"{name_of(i)}:{server.mysql}\n" for i in range(targets)]
        named = self._check(targets, lines, ["--tls", "off", "--resolver", f"127.0.0.1:{server.dns}"])
        return (named - self.plain(server, targets)) / 2
