"""`record_systems.py [NAME…]`: the evidence that README.md and the pages of docs/systems show, from runs in the lab (deployments.py).

Where the pages show a real TiDB or MySQL and there is none here, their evidence is left as it was. A run that does not come
out as its file says is not kept, and the exit code is 1.
"""

import glob
import os
import re
import shutil
import sys

import enclosure
from lab import ROOT, Lab

PAGES = f"{ROOT}/docs/systems"
SHOWN = re.compile(r"<!-- (?:screen|candidate): (?:\S+ in )?(?:docs/systems/)?evidence/(\S+)\.jsonl -->")


def wanted():
    names = set()
    for path in (f"{ROOT}/README.md", *glob.glob(f"{PAGES}/*.md")):
        with open(path, encoding="utf-8") as file:
            names.update(SHOWN.findall(file.read()))
    return names


def is_as_told(report, scenario, among):
    found = [finding["id"] for finding in report["findings"]]
    told = scenario.cause in found if among else found[:1] == [scenario.cause]
    return report["outcome"] == scenario.outcome and (not scenario.cause or told)


def runs(deployments):
    for deployment in deployments:
        yield deployment.healthy(), False
        for fault in deployment.faults:
            yield deployment.broken(fault), fault.get("among", False)


def record(lab, scenario, among):
    """Whether the run came out as told; then it is kept."""
    saved = lab.client.directory + "/evidence.jsonl"
    with lab.scenario(scenario) as typed:
        run = lab.plumb("check", *typed, "--timeout", "4s", "-o", "json", "--save", saved)
    told = is_as_told(run.report, scenario, among)
    if told:
        shutil.copy(saved, f"{PAGES}/evidence/{scenario.name}.jsonl")
        print("kept ", scenario.name, flush=True)
    else:
        print("WRONG", scenario.name, run.report["outcome"], [finding["id"] for finding in run.report["findings"]], flush=True)
    return told


def main(names):
    from deployments import SERVERS, all_deployments
    known, wrong = set(), 0
    os.makedirs(f"{PAGES}/evidence", exist_ok=True)
    for server, (database, is_there) in SERVERS.items():
        due = [(scenario, among) for scenario, among in runs(each for each in all_deployments(server) if each.is_best)
               if scenario.name in names]
        known |= {scenario.name for scenario, _ in due}
        if not is_there():
            for scenario, _ in due:
                print("left ", scenario.name, f"(no {server} here)")
        elif due:
            lab = Lab(database)
            wrong += sum(not record(lab, scenario, among) for scenario, among in due)
            lab.close()
    for name in sorted(names - known):
        print("no deployment is called", name)
    return 1 if wrong or names - known else 0


if __name__ == "__main__":
    enclosure.enter([os.path.abspath(__file__), *sys.argv[1:]])
    sys.exit(main(set(sys.argv[1:]) or wanted()))
