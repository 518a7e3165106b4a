"""plumb over many targets, with its guards against doing harm lifted where they would bind: the server is ours."""

import contextlib
import json
import subprocess
import tempfile

from bench_server import address_of, name_of
from measure import Failed, cpu_of

IN_FLIGHT = 64  # the floors' number too


@contextlib.contextmanager
def listed(lines):
    """The path of a file with these targets. YAML's ending does not disturb what reads lines."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.writelines(lines)
        file.flush()
        yield file.name


def addresses(targets, port, first=0):
    return (f"{address_of(i)}:{port}\n" for i in range(first, first + targets))


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

    def command(self, source, *words):
        return [self._path, "check", *source, "-q", "-o", "jsonl", "--no-metadata", *words]

    def guards(self, in_flight=IN_FLIGHT):
        return self._where_known(concurrency=in_flight, per_address_rate=1_000_000, resolver_rate=1_000_000)

    def _check(self, targets, lines, words, cores=None):
        """CPU seconds a target. All of them must be ok: that is known of the server."""
        with listed(lines) as file, open(file, encoding="utf-8") as stdin:
            source = ["--targets", file] if "--targets" in words else ["-"]
            rest = [word for word in words if word != "--targets"]
            cpu, out, _ = cpu_of(self.command(source, *self.guards(), *rest), stdin=stdin, cores=cores)
        summary = json.loads(out.splitlines()[-1]) if out else {}
        if summary.get("ok") != targets:
            raise Failed(f"plumb: not all of {targets} ok: {out[:600]}")
        return cpu / targets

    def plain(self, server, targets, cores=None):
        return self._check(targets, addresses(targets, server.mysql), ["--tls", "off"], cores)

    def verified(self, server, targets, cores=None):
        """Names of their own, each at its own address where the list can say so, else all at one."""
        words = ["--tls", "verify-full", "--ca", server.ca]
        if self.knows("--targets"):
            lines = [f"- {{target: '{name_of(i)}:{server.mysql}', connect_to: {address_of(i)}}}\n" for i in range(targets)]
            return self._check(targets, lines, [*words, "--targets"], cores)
        lines = [f"{name_of(i)}:{server.mysql}\n" for i in range(targets)]
        return self._check(targets, lines, [*words, "--connect-to", address_of(0), "--per-address", str(IN_FLIGHT)], cores)

    def asking(self, server, targets, cores=None):
        """A question each for A and AAAA: what names cost over addresses, everything else being the same."""
        lines = [f"{name_of(i)}:{server.mysql}\n" for i in range(targets)]
        named = self._check(targets, lines, ["--tls", "off", "--resolver", f"127.0.0.1:{server.dns}"], cores)
        return (named - self.plain(server, targets, cores)) / 2
