"""The recordings: what plumb saw under each scenario, to be judged again where there is no lab.

tests/recordings/NAME.jsonl is what `plumb check --save` wrote under the scenario NAME, byte for byte. expected.yaml beside
them says what must come out of each; it is made of the scenario files alone, never of what plumb answered. The unit tests and
`plumb selftest` read both (src/recording.hpp). The lab is the same on every machine, the path of its CA file included
(certificates.py), so nothing of the machine gets in; `complaints` holds that.
"""

import os
import re
import shutil

import yaml

from database import PASSWORD
from enclosure import STATE
from scenario import all_scenarios

DIRECTORY = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "recordings")
EXPECTED = "expected.yaml"
HEAD = """# What must come out of each recording: written by `./dev lab score --record` from tests/lab/scenarios.
# cause: the truth · rank, confidence: at most · group: these truths leave the same evidence (src/recording.hpp)
"""
# Scenarios that cannot be recorded: name, why.
WITHOUT_RECORDING = {}

_PATH = re.compile(r"(?<![\w/:.])/[\w.-]+/[\w./-]*")
_OF_THE_LAB = (f"{STATE}/", "/etc/")


def complaints(text):
    """What must not leave the machine."""
    wrong = sorted({f"a path of this machine: {path}" for path in _PATH.findall(text) if not path.startswith(_OF_THE_LAB)})
    return wrong + ["a password of the lab"] * (PASSWORD in text)


def path_of(name, directory=DIRECTORY):
    return os.path.join(directory, f"{name}.jsonl")


def names(directory=DIRECTORY):
    return {entry.removesuffix(".jsonl") for entry in os.listdir(directory) if entry.endswith(".jsonl")}


def keep(saved, name, directory):
    """Only a run that was judged as expected gets here: a wrong one leaves the old recording where it is."""
    with open(saved, encoding="utf-8") as file:
        wrong = complaints(file.read())
    if wrong:
        raise RuntimeError("not recorded: " + "; ".join(wrong))
    shutil.copyfile(saved, path_of(name, directory))


def expectation(scenario):
    """The group only where it makes the truth undecidable: one that may be certain is what its group's evidence plainly says."""
    row = {"outcome": scenario.outcome, "cause": scenario.cause, "rank": scenario.rank, "confidence": scenario.confidence}
    return {**row, "group": scenario.group} if scenario.group and scenario.confidence != "certain" else row


def expectations(recorded):
    """Of the recorded names those that are scenarios."""
    return {scenario.name: expectation(scenario) for scenario in all_scenarios() if scenario.name in recorded}


def write_expectations(directory):
    rows = expectations(names(directory))
    with open(os.path.join(directory, EXPECTED), "w", encoding="utf-8") as file:
        file.write(HEAD + yaml.safe_dump(rows, default_flow_style=None, sort_keys=False, width=1000))


def read_expectations(directory=DIRECTORY):
    with open(os.path.join(directory, EXPECTED), encoding="utf-8") as file:
        return yaml.safe_load(file)
