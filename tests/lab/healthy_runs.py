"""`./dev lab score --healthy N`: N runs over all that is healthy. Not one finding of warning or more may come up.

The variants: IPv6 alone, two zones, a chain of aliases, slow but fine (50 ± 20 ms and 1 % loss), each way to log in, and the
twin of every scenario. Each holds while it is checked its share of times.
"""

import argparse
import json
import os
import subprocess
import sys
import time

import enclosure
from scenario import Scenario, all_scenarios
from vpc import HOST

HERE = os.path.abspath(__file__)
ALIASES = {"db.corp.example": ["cname tidb.corp.example"], "tidb.corp.example": [f"cname {HOST}"], HOST: ["zones"]}
SLOW = {"delay": {"ms": 50, "jitter_ms": 20, "loss_percent": 1}}
AS_APP = {"command": {"user": "app"}}
VARIANTS = {
    "plain": [], "account": [AS_APP], "ipv6": [{"resolver": {"names": {HOST: ["zones6"]}}}],
    "two-zones": [{"resolver": {"names": {HOST: ["two-zones"]}}}],
    "aliases": [{"resolver": {"names": ALIASES}}, {"command": {"host": "db.corp.example", "server_name": HOST}}],
    "slow": [SLOW], "slow-account": [SLOW, AS_APP], "verify-full": [{"command": {"tls": "verify-full"}}],
    "no-ca": [{"command": {"ca": "none"}}], "no-tls": [{"command": {"tls": "off", "ca": "none"}}],
    "slow-ipv6": [SLOW, {"resolver": {"names": {HOST: ["zones6"]}}}], "target-behind-forwarder": [{"balancer": {"kind": "forwarder"}}],
    "outside-any-cloud": [{"metadata": {"provider": "none"}}], "own-resolver": [
        {"forwarder": {}}, {"resolv-conf": {"nameservers": ["10.0.0.3"], "search": "corp.example"}}],
}


def variants():
    """(name, scenario): a scenario whose settings are healthy."""
    for name, settings in VARIANTS.items():
        yield name, Scenario(name, "", "", settings)
    for scenario in all_scenarios():
        if scenario.database == "mariadb" and scenario.expect.get("twin", "ok") == "ok":
            yield f"twin of {scenario.name}", Scenario(scenario.name, "", "", [*scenario.given, *scenario.twin], args=scenario.args)


def work(runs, share, of):
    from lab import Lab
    lab = Lab()
    chosen = list(variants())
    each = max(1, -(-runs // len(chosen)))
    for name, scenario in chosen[share::of]:
        with lab.scenario(scenario) as words:
            for _ in range(each):
                run = lab.plumb("check", *words, "-o", "json")
                report = json.loads(run.out) if run.out else {"outcome": run.err, "findings": []}
                loud = [finding for finding in report["findings"] if finding["severity"] != "info"]
                print(json.dumps({"name": name, "seconds": run.seconds, "outcome": report["outcome"], "findings": [
                    f"{finding['id']} ({finding['severity']}): {finding['summary']}" for finding in loud]}), flush=True)


def main(words):
    parser = argparse.ArgumentParser()
    parser.add_argument("runs", type=int)
    parser.add_argument("--share", type=int)
    parser.add_argument("--of", type=int, default=os.cpu_count())
    options = parser.parse_args(words[1:])
    if options.share is not None:
        enclosure.enter([HERE, *words[1:]])
        work(options.runs, options.share, options.of)
        return 0
    started, seconds, loud = time.monotonic(), [], 0
    workers = [subprocess.Popen(["/usr/bin/python3", "-B", HERE, str(options.runs), "--share", str(share), "--of", str(options.of)],
                                stdout=subprocess.PIPE, text=True) for share in range(options.of)]
    for worker in workers:
        for line in worker.stdout:
            row = json.loads(line)
            seconds.append(row["seconds"])
            if row["outcome"] != "ok" or row["findings"]:
                loud += 1
                print(f"{row['name']}: {row['outcome']} {' | '.join(row['findings'])}", flush=True)
    failed = [worker for worker in workers if worker.wait() != 0]
    slowest = max(seconds, default=0)
    print(f"{len(seconds)} healthy runs over {len(list(variants()))} variants, {loud} with a finding of warning or more; "
          f"slowest {slowest:.2f} s; {time.monotonic() - started:.0f} s")
    return 1 if loud or failed or len(seconds) < options.runs else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
