"""`./dev bench fleet`: plumb against the bare loops and against its peers, in interleaved pairs.

The measure is CPU time per probe of the client. Both sides meet the same server, the same certificates and the same
number of targets in one run on one machine: only the ratio means anything elsewhere.
"""

import argparse
import contextlib
import dataclasses
import datetime
import os
import platform
import subprocess
import sys
import typing

import peers
from bench_server import BenchServer
from measure import Failed, Ratio, cpu_of, pairs
from plumb_side import IN_FLIGHT, Plumb
from scale import FIGURES

# Of each side in a pair of plumb and floor. One takes a second, and a process's luck (where its pages lie in the caches, who else
# uses them) changes it by a fifth. With seven, one binary's ratios were up to 4 % from their middle within a day.
RUNS = 21
ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))


@dataclasses.dataclass
class Contest:
    name: str
    what: str
    bar: float | None  # of the ratio; none: only shown
    probes: int
    run: typing.Callable  # (context, contest) -> pairs
    certificates: str = "wildcard"
    key: str = "rsa"
    peer: str | None = None  # the program that must be there


class Context:
    def __init__(self, arguments):
        self.programs = os.path.join(arguments.build, "bench")
        self.plumb = Plumb(arguments.plumb or os.path.join(arguments.build, "plumb"))
        self.pairs = arguments.pairs
        # A floor is one thread; what a second shard costs is a figure of its own (scale.py).
        self.core = {max(os.sched_getaffinity(0))}
        self.others = os.sched_getaffinity(0) - self.core
        self.probes = arguments.probes

    @contextlib.contextmanager
    def serve(self, contest):
        """Peers leave before the login; plumb and the floors must not, at full speed neither."""
        cores = None if contest.peer else self.others
        with BenchServer(self.programs, contest.certificates, contest.key, cores) as server:
            yield server
        if not contest.peer and server.counts["dropped"]:
            raise Failed(f"{server.counts['dropped']} connections were left before the login's end")

    def count(self, contest):
        return self.probes or contest.probes

    def floor(self, name, probes, *words):
        command = [os.path.join(self.programs, f"floor_{name}"), *map(str, words)]
        cpu, out, code = cpu_of(command, cores=self.core)
        if code != 0:
            raise Failed(f"{' '.join(command)}: exit {code} {out}")
        return cpu / probes


def login(context, contest):
    count = context.count(contest)
    with context.serve(contest) as server:
        return pairs(lambda: context.plumb.plain(server, count, context.core),
                     lambda: context.floor("tcp_login", count, server.mysql, count, IN_FLIGHT), context.pairs, RUNS)


def tls(context, contest):
    count = context.count(contest)
    with context.serve(contest) as server:
        context.floor("tls_login", count, server.mysql, count, server.ca)  # the server makes its certificates
        return pairs(lambda: context.plumb.verified(server, count, context.core),
                     lambda: context.floor("tls_login", count, server.mysql, count, server.ca), context.pairs, RUNS)


def dns(context, contest):
    count = context.count(contest)
    with context.serve(contest) as server:
        return pairs(lambda: context.plumb.asking(server, count, context.core),
                     lambda: context.floor("dns", 2 * count, server.dns, 2 * count, IN_FLIGHT), context.pairs, RUNS)


def blackbox(module):
    def run(context, contest):
        count = context.count(contest)
        with context.serve(contest) as server, peers.Blackbox(server) as exporter:
            port, ours = (server.mysql, context.plumb.plain) if module == "connect" else (server.tls, context.plumb.verified)
            exporter.probe(module, port, 100)  # warm
            return pairs(lambda: ours(server, count), lambda: exporter.probe(module, port, count), context.pairs)
    return run


def one_by_one(peer, probes):
    def run(context, contest):
        with context.serve(contest) as server:
            return pairs(lambda: context.plumb.plain(server, context.count(contest)), lambda: peer(server, probes), context.pairs)
    return run


CONTESTS = [
    Contest("tcp", "TCP, greeting, anonymous login; floor: raw epoll", 1.5, 10_000, login),
    Contest("tls-wildcard", "TLS verify-full, one wildcard certificate, RSA; floor: blocking OpenSSL", 0.55, 1_000, tls),
    Contest("tls-own-rsa", "TLS verify-full, a certificate each, RSA; floor: blocking OpenSSL", 0.65, 1_000, tls, "own"),
    Contest("tls-own-ecdsa", "TLS verify-full, a certificate each, ECDSA; floor: blocking OpenSSL", 0.70, 1_000, tls, "own", "ecdsa"),
    Contest("dns", "DNS per question, distinct names; floor: raw epoll", 2.0, 10_000, dns),
    Contest("blackbox-tcp", "greeting and login; blackbox_exporter: TCP connect alone", 0.35, 2_000, blackbox("connect"),
            peer="prometheus-blackbox-exporter"),
    Contest("blackbox-tls", "greeting, TLS and login; blackbox_exporter: TLS alone", 0.6, 1_000, blackbox("tls"),
            peer="prometheus-blackbox-exporter"),
    Contest("mysqladmin", "greeting and login; mysqladmin ping, a process each", None, 2_000, one_by_one(peers.mysqladmin, 50),
            peer="mysqladmin"),
    Contest("nmap", "greeting and login; nmap --script mysql-info, greeting alone", None, 2_000, one_by_one(peers.nmap, 50),
            peer="nmap"),
]


def row(name, what, figure, note):
    commit = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    machine = f"{os.cpu_count()} cores, kernel {platform.release().split('-')[0]}{', ' + note if note else ''}"
    return f"| {datetime.date.today()} | {commit} | {machine} | `./dev bench fleet {name}`: {what} | {figure} |"


def main():
    parser = argparse.ArgumentParser(prog="./dev bench fleet", description=__doc__)
    parser.add_argument("contest", nargs="*", help="those named, else all: " + ", ".join(one.name for one in (*CONTESTS, *FIGURES)))
    parser.add_argument("--build", default=os.path.join(ROOT, "build", "release"))
    parser.add_argument("--plumb", help="another plumb than the build's")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--probes", type=int, help="targets per run instead of each contest's own number")
    parser.add_argument("--note", default="", help="about the machine, for the row")
    parser.add_argument("--no-append", dest="append", action="store_false", help="no rows in bench/results.md: only a try")
    arguments = parser.parse_args()
    unknown = set(arguments.contest) - {one.name for one in (*CONTESTS, *FIGURES)}
    if unknown:
        parser.error(f"no such contest: {', '.join(sorted(unknown))}")
    return Book(arguments).fill()


class Book:
    """Holds what was asked for, prints each as it is known, and writes it down."""

    def __init__(self, arguments):
        self.arguments = arguments
        self.context = Context(arguments)
        self.over = self.skipped = 0

    def fill(self):
        for contest in CONTESTS:
            if self.wanted(contest, peers.missing(contest.peer) if contest.peer else None):
                self.attempt(self.hold, contest)
        for figure in FIGURES:
            if self.wanted(figure, figure.missing(self.context.plumb)):
                self.attempt(self.take, figure)
        if self.skipped:
            print(f"!!! {self.skipped} skipped, see above")
        return 1 if self.over else 0

    def wanted(self, one, absent):
        if self.arguments.contest and one.name not in self.arguments.contest:
            return False
        if absent:
            self.skipped += 1
            print(f"!!! SKIPPED {one.name}: {absent}", flush=True)
        return not absent

    def attempt(self, measure, one):
        try:
            measure(one)
        except Failed as failed:
            self.over += 1
            print(f"!!! FAILED {one.name}: {failed}", flush=True)

    def hold(self, contest):
        ratio = Ratio(contest.run(self.context, contest))
        bar = f"; bar {contest.bar}" if contest.bar else ""
        self.note(contest, contest.bar is None or ratio.median <= contest.bar,
                  f"ratio {ratio}; plumb {ratio.left:.1f} µs, other {ratio.right:.1f} µs{bar}")

    def take(self, figure):
        with BenchServer(self.context.programs) as server:
            value = figure.run(self.context.plumb, server)
        self.note(figure, figure.low <= value <= figure.high, f"{value:.3g}; within {figure.low} … {figure.high}")

    def note(self, one, within, figure):
        self.over += not within
        print(f"{'ok  ' if within else 'OVER'} {one.name:14} {figure}   ({one.what})", flush=True)
        if self.arguments.append:
            with open(os.path.join(ROOT, "bench", "results.md"), "a", encoding="utf-8") as file:
                file.write(row(one.name, one.what, figure, self.arguments.note) + "\n")


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        sys.exit(main())
