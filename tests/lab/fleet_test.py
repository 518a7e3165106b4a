"""Alone or among many: every scenario that can stand beside others (side_by_side.py) is probed by itself and then in one run
together with all the others, beside two thousand strangers of which most refuse. No diagnosis may differ.

One thing does by design, and is left out: an account is its name, whatever server it is at, and once its password was refused in a
run it is sent nowhere else (design.md §1.2). So no run has two targets with one account.

PLUMB_FLEET_SCENARIOS names some, PLUMB_FLEET_JOBS how many labs are made at a time, PLUMB_FLEET_SHOW shows what evidence differs
though the verdict does not. All of them take 12 GB.
"""

import collections
import concurrent.futures
import json
import os
import re
import subprocess
import time
import unittest

import yaml

from certificates import Certificates
from database import PASSWORD
from host import Host
from lab import CACHE, Run, plumb_binary
from process import stop, wait_for_listener
from resolver import Resolver
from scenario import all_scenarios
from side_by_side import MOST, Member, reason_against
from standing import _steady, rank_of
from vpc import CLOUD_RESOLVER, HOST, RESOLVER, v6

STRANGERS = 2_000
LIVE = 4307  # a port of a stand-in that some of them reach
ALONE_AT_ONCE = 4
ROOM_MIB = 3_000  # of memory is left to others
COMMON = ("--no-metadata", "-o", "jsonl")
# Of sentences: what was measured. SYNs sent again are counted by the kernel for the whole host, source ports are drawn.
MEASURED = re.compile(r"(?<=it is )\d[\dT:Z-]+|(?<=sent again )\d+|(?<=source port )\d+ and \d+|\d+(?:\.\d+)? ?(?:ms|s|us|µs|seconds?)\b|\bin \d+(?:\.\d+)?|(?<=port )\d{5}\b")


def chosen():
    wanted = os.environ.get("PLUMB_FLEET_SCENARIOS", "").split()
    return [one for one in all_scenarios() if not wanted or one.name in wanted]


def told(value):
    """A part of a report without its measured numbers, and without the evidence's numbering, which is that of its arrival."""
    if isinstance(value, dict):
        return {key: told(inner) for key, inner in value.items() if key != "evidence"}
    if isinstance(value, list):
        return [told(inner) for inner in value]
    return MEASURED.sub("…", value) if isinstance(value, str) else value


def verdict(report):
    return told({key: report.get(key) for key in ("target", "outcome", "cause", "findings", "ruled_out")})


def parts(alone, fleet):
    """What differs of two verdicts, a line each."""
    lines = []
    for key in alone:
        one, other = ([json.dumps(part, sort_keys=True) for part in (side[key] if isinstance(side[key], list) else [side[key]])]
                      for side in (alone, fleet))
        lines += [f"  alone {key}: {part}" for part in one if part not in other]
        lines += [f"  fleet {key}: {part}" for part in other if part not in one]
    return "\n".join(lines) or "  the order"


def seen(report):
    return {json.dumps(_steady({key: inner for key, inner in one.items() if key not in ("n", "after")}), sort_keys=True)
            for one in report["evidence"]}


def available_mib():
    with open("/proc/meminfo", encoding="ascii") as file:
        return int(next(line for line in file if line.startswith("MemAvailable")).split()[1]) // 1024


class Fleet:
    """The machine that probes, its resolver and all labs before it."""

    def __init__(self, scenarios):
        self.host = Host("fleet")
        self.certificates = Certificates(CACHE, HOST)
        self.passwords = {"right": self.host.write("password", PASSWORD + "\n"),
                          "wrong": self.host.write("wrong-password", "incorrect\n")}
        self.host.add_address("lo", f"{RESOLVER}/32", f"{v6(RESOLVER)}/128", f"{CLOUD_RESOLVER}/32")
        self.host.write("resolv.conf", f"nameserver {RESOLVER}\noptions timeout:1 attempts:2\n")
        self.members = []
        jobs = int(os.environ.get("PLUMB_FLEET_JOBS", "2"))
        numbered = list(enumerate(scenarios, 1))
        for first in range(0, len(numbered), jobs):
            if available_mib() < ROOM_MIB:
                raise RuntimeError(f"{len(self.members)} labs stand, and {available_mib()} MiB are left: more memory, or fewer "
                                   "at a time with PLUMB_FLEET_SCENARIOS")
            batch = [Member(scenario, number, self.host) for number, scenario in numbered[first:first + jobs]]
            for member in batch:
                member.reach()
            self.members += batch
        self.resolver = Resolver(self.host)
        self.resolver.start(names={name: answers for member in self.members for name, answers in member.names.items()}, turns=False)
        program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "standin.py")
        self.live = self.host.start("/usr/bin/python3", "-B", program, str(LIVE), "script", "--script", '{"version": "8.0.36"}', log="live")
        wait_for_listener(self.host, LIVE, "the stand-in")

    def entry(self, member):
        entry = dict(member.entry)
        if "ca" in entry:
            entry["ca"] = self.certificates.bundle(entry["ca"])
        if "password_file" in entry:
            entry["password_file"] = self.passwords[entry["password_file"]]
        return entry

    def plumb(self, name, entries, words):
        """(reports, how it ended): all entries in one process."""
        path = self.host.write(f"{name}.yaml", yaml.safe_dump(entries, width=1000))
        command = [plumb_binary(), "check", "--targets", path, *COMMON, *words]
        began = time.monotonic()
        done = subprocess.run(self.host.command(command), capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        return [line for line in lines if line["schema"] == "plumb.report/1"], Run(command, done, time.monotonic() - began)

    def close(self):
        stop(self.live)
        self.resolver.stop()
        for member in self.members:
            member.close()
        self.host.close()


def strangers():
    return [f"127.1.{number // 250}.{number % 250 + 1}:{LIVE if number % 4 == 0 else 4308}" for number in range(STRANGERS)]


def interleaved(some, many):
    """`some` spread evenly over `many`."""
    step = len(many) // (len(some) + 1) + 1
    mixed = []
    for number in range(max(len(some), -(-len(many) // step))):
        mixed += some[number:number + 1] + many[number * step:(number + 1) * step]
    return mixed


class FleetTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        against = {one.name: reason_against(one) for one in chosen()}
        for name, reason in against.items():
            if reason:
                print(f"not beside others: {name}: {reason}", flush=True)
        standing = [one for one in chosen() if not against[one.name]]
        assert len(standing) < MOST
        began = time.monotonic()
        cls.fleet = Fleet(standing)
        cls.addClassCleanup(cls.fleet.close)
        print(f"{len(standing)} scenarios stand side by side after {time.monotonic() - began:.0f} s", flush=True)

    def groups(self):
        """Members by what can only be said once for a process; of one account each in another run."""
        groups, of_account = {}, collections.Counter()
        for member in self.fleet.members:
            account = re.search(r"//([^@]*)@|$", member.entry["target"])[1] or member.entry.get("user")
            key = tuple(member.words)
            groups.setdefault((key, of_account[key, account] if account else 0), []).append(member)
            of_account[key, account] += 1
        return [(words, members) for (words, _), members in groups.items()]

    def alone(self, members, words):
        def one(member):
            reports, run = self.fleet.plumb(f"alone-{member.number}", [self.fleet.entry(member)], words)
            if len(reports) != 1:
                raise AssertionError(f"{member.scenario.name}: exit {run.exit}: {run.err}")
            return member.scenario.name, (reports[0], run)
        with concurrent.futures.ThreadPoolExecutor(ALONE_AT_ONCE) as pool:
            return dict(pool.map(one, members))

    def together(self, members, words):
        entries = interleaved([self.fleet.entry(member) for member in members], strangers())
        reports, run = self.fleet.plumb("together", entries, [*words, "--concurrency", "1000"])
        self.assertEqual(len(reports), len(entries), run.err[-500:])
        return {report["target"]["labels"]["scenario"]: report for report in reports if "labels" in report["target"]}, run

    def test_no_diagnosis_differs(self):
        different, looser, first = [], [], 0
        for words, members in self.groups():
            alone = self.alone(members, words)
            fleet, run = self.together(members, words)
            print(f"{len(members)} scenarios and {STRANGERS} strangers in one run, {' '.join(words)}: {run.seconds:.1f} s", flush=True)
            for member in members:
                name = member.scenario.name
                before, now = alone[name][0], fleet[name]
                first += rank_of(member.scenario.cause, before) == 1
                if verdict(before) != verdict(now):
                    different.append(f"{name}\n{parts(verdict(before), verdict(now))}")
                if seen(before) != seen(now):
                    looser.append(name + "".join(f"\n  alone only {one}" for one in seen(before) - seen(now))
                                  + "".join(f"\n  fleet only {one}" for one in seen(now) - seen(before)))
        total = len(self.fleet.members)
        print(f"{total} compared, {len(different)} verdicts differ, {len(looser)} saw other evidence; the truth came first in {first}", flush=True)
        if os.environ.get("PLUMB_FLEET_SHOW"):
            print("\n".join(looser), flush=True)
        self.assertFalse(different, "\n".join(different))


if __name__ == "__main__":
    unittest.main()
