"""`record_systems.py`: the evidence that the pages of docs/systems show, from runs in the lab (deployments.py).

A run that does not come out as its file says is not kept, and the exit code is 1.
"""

import glob
import json
import os
import re
import sys

import enclosure
from deployments import all_deployments, broken, healthy
from lab import ROOT

PAGES = f"{ROOT}/docs/systems"
SCREEN = re.compile(r"<!-- screen: evidence/(\S+)\.jsonl -->")


def wanted():
    names = set()
    for path in glob.glob(f"{PAGES}/*.md"):
        with open(path, encoding="utf-8") as file:
            names.update(SCREEN.findall(file.read()))
    return names


def is_as_told(report, cause, outcome, among):
    found = [finding["id"] for finding in report["findings"]]
    return report["outcome"] == outcome and (not cause or (cause in found if among else found[:1] == [cause]))


def runs():
    for profile, content in all_deployments():
        yield healthy(profile, content), "", "ok", False
        for fault in content["broken"]:
            yield broken(profile, content, fault), fault["cause"], fault.get("outcome", "failed"), fault.get("among", False)


def main():
    names = wanted()
    os.makedirs(f"{PAGES}/evidence", exist_ok=True)
    enclosure.enter([os.path.abspath(__file__)])
    from lab import Lab
    lab, wrong = Lab(), 0
    for scenario, cause, outcome, among in runs():
        if scenario.name not in names:
            continue
        names.discard(scenario.name)
        saved = lab.client.directory + "/evidence.jsonl"
        with lab.scenario(scenario) as typed:
            run = lab.plumb("check", *typed, "--timeout", "4s", "-o", "json", "--save", saved)
        told = is_as_told(json.loads(run.out), cause, outcome, among)
        print("kept " if told else "WRONG", scenario.name, flush=True)
        wrong += not told
        if told:
            with open(saved, encoding="utf-8") as file, open(f"{PAGES}/evidence/{scenario.name}.jsonl", "w", encoding="utf-8") as out:
                out.write(file.read())
    for name in sorted(names):
        print("no deployment is called", name)
    return 1 if wrong or names else 0


if __name__ == "__main__":
    sys.exit(main())
