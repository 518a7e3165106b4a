"""`record_systems.py [NAME…]`: the evidence that README.md and docs/systems show, from runs in the lab: deployments
(deployments.py), and purposes at a MariaDB with an account.

A run that does not come out as its file says is not kept, and the exit code is 1.
"""

import glob
import os
import re
import sys

import enclosure
from deployments import all_deployments, broken, healthy
from lab import ROOT

PAGES = f"{ROOT}/docs/systems"
# The purpose, the account, what breaks the server for it, and the cause.
PURPOSES = {"purpose-dms-source": ("dms-source", "dms", "SET GLOBAL binlog_format = 'MIXED'", "session-binlog-format-not-row")}
SCREEN = re.compile(r"<!-- screen: (?:docs/systems/)?evidence/(\S+)\.jsonl -->")


def wanted():
    names = set()
    for path in (f"{ROOT}/README.md", *glob.glob(f"{PAGES}/*.md")):
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


def keep(name, saved, told):
    print("kept " if told else "WRONG", name, flush=True)
    if told:
        with open(saved, encoding="utf-8") as file, open(f"{PAGES}/evidence/{name}.jsonl", "w", encoding="utf-8") as out:
            out.write(file.read())
    return told


def record_deployments(lab, names):
    """How many did not come out as told."""
    wrong, saved = 0, lab.client.directory + "/evidence.jsonl"
    for scenario, cause, outcome, among in runs():
        if scenario.name not in names:
            continue
        names.discard(scenario.name)
        with lab.scenario(scenario) as typed:
            run = lab.plumb("check", *typed, "--timeout", "4s", "-o", "json", "--save", saved)
        wrong += not keep(scenario.name, saved, is_as_told(run.report, cause, outcome, among))
    return wrong


def record_purposes(lab, names):
    """The same, with an account, at a server under a name of its own."""
    from purposes_test import ACCOUNTS, SOURCE
    wrong, saved = 0, lab.client.directory + "/evidence.jsonl"
    lab.database.start(extra=SOURCE)
    lab.database.sql(ACCOUNTS)
    for name, (purpose, user, breaks, cause) in PURPOSES.items():
        if name not in names:
            continue
        names.discard(name)
        lab.database.sql(breaks)
        run = lab.plumb("check", f"mysql://{user}@{lab.target}", "--ca", lab.certificates.bundle("root"), "--password-file",
                        lab.password, "--purpose", purpose, "-o", "json", "--save", saved)
        wrong += not keep(name, saved, is_as_told(run.report, cause, "failed", False))
    return wrong


def main():
    names = wanted()
    os.makedirs(f"{PAGES}/evidence", exist_ok=True)
    enclosure.enter([os.path.abspath(__file__), *sys.argv[1:]])
    from database import Database, PlainDatabase
    from lab import Lab
    if sys.argv[1:]:
        names &= set(sys.argv[1:])
    wrong = 0
    for database, record in ((Database, record_deployments), (PlainDatabase, record_purposes)):
        lab = Lab(database)
        wrong += record(lab, names)
        lab.close()
    for name in sorted(names):
        print("no deployment is called", name)
    return 1 if wrong or names else 0


if __name__ == "__main__":
    sys.exit(main())
