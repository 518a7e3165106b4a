"""Four stories as a user sees them; a story that comes out otherwise ends the demo with exit 1."""

import os
import time

import main as screen
from lab import ROOT
from scenario import HEALTHY, find

STORIES = (HEALTHY, find("sg-closed"), find("private-dns-off"), find("wrong-ca"))
REPORT = f"{ROOT}/build/demo/security-group-closed.html"


def judge(fault, run, report):
    """What is not as the story goes, as sentences."""
    wrong = []
    if run.exit != fault.exit:
        wrong.append(f"exit {run.exit}, expected {fault.exit}: {run.err.strip()}")
    if report.get("outcome") != fault.outcome:
        wrong.append(f"outcome {report.get('outcome')}, expected {fault.outcome}")
    if report.get("cause", "") != fault.cause:
        wrong.append(f"cause {report.get('cause')}, expected {fault.cause}")
    if fault.cause not in run.out:
        wrong.append(f"the screen does not name {fault.cause}")
    return wrong


def write_html(lab, words):
    os.makedirs(os.path.dirname(REPORT), exist_ok=True)
    page = lab.plumb("check", *words, "-o", "html").out
    with open(REPORT, "w", encoding="utf-8") as file:
        file.write(page)
    return [] if page.lower().startswith("<!doctype html") else ["the html report is no page"]


def tell(lab, number, fault):
    print(f"\n━━ {number} of {len(STORIES)}: {fault.story} ".ljust(82, "━"), flush=True)
    with lab.scenario(fault) as words:
        print(f"$ {screen.typed(words, lab)}\n", flush=True)
        run = lab.plumb("check", *words)
        print(run.out + run.err + f"\nexit {run.exit}", flush=True)
        again = lab.plumb("check", *words, "-o", "json")
        wrong = judge(fault, run, again.report if again.out else {})
        if fault.name == "sg-closed":
            wrong += write_html(lab, words)
    for sentence in wrong:
        print(f"NOT AS IT SHOULD BE: {sentence}", flush=True)
    return not wrong


def main(lab):
    screen.plumb_path()
    started = time.monotonic()
    passed = sum([tell(lab, number, fault) for number, fault in enumerate(STORIES, 1)])
    print(f"\nThe second story as a page to attach to a ticket: {os.path.relpath(REPORT, os.getcwd())}")
    print(f"The lab is taken down. {passed} passed, {len(STORIES) - passed} failed, {time.monotonic() - started:.0f} s")
    return 0 if passed == len(STORIES) else 1
