"""A scenario: one fault (or two) in an otherwise healthy VPC, the truth about it, and its healthy twin. One YAML file each.

    story      what happened, as its user would tell it
    cause      the truth: an id of the catalogue. Of two faults the one that comes first on the way
    given      settings that hold in the twin as well
    settings   the fault: one named setting, or two, that differ from the healthy VPC
    twin       the healthy values of just these settings, in the same order
    then       two faults: the cause that is left when only the first is mended
    args       further words of the command line
    database   mariadb (default) or mysql
    expect     outcome (failed), exit (by the outcome), confidence at most (certain), rank at most (1), group
    timeout    plumb's --timeout (4s)
    smoke      also judged by faults_test, text and JSON alike

`group` names scenarios whose evidence is the same whatever the truth: there the truth must be among the candidates and
is never certain. settings_*.py hold the vocabulary of settings. Unknown keys are errors.
"""

import contextlib
import glob
import os
from dataclasses import dataclass, field

import jsonschema
import yaml

from settings_client import CLIENTS
from settings_names import NAMES_OF
from settings_server import SERVERS
from settings_way import WAY

DIRECTORY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "scenarios")
VOCABULARY = {**WAY, **NAMES_OF, **SERVERS, **CLIENTS}
CONFIDENCES = ("possible", "likely", "certain")
EXITS = {"failed": 1, "degraded": 0, "ok": 0, "unknown": 3}

ONE_SETTING = {"type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": False,
               "properties": {kind: schema for kind, (schema, _) in VOCABULARY.items()}}
SCHEMA = {
    "type": "object", "additionalProperties": False, "required": ["story", "cause", "settings", "twin"],
    "properties": {
        "story": {"type": "string", "minLength": 10}, "cause": {"type": "string"}, "then": {"type": "string"},
        "given": {"type": "array", "items": ONE_SETTING},
        "settings": {"type": "array", "items": ONE_SETTING, "minItems": 1, "maxItems": 2},
        "twin": {"type": "array", "items": ONE_SETTING, "minItems": 1, "maxItems": 2},
        "args": {"type": "array", "items": {"type": "string"}},
        "database": {"enum": ["mariadb", "mysql"]}, "timeout": {"type": "string", "pattern": r"^\d+(ms|s)$"},
        "smoke": {"type": "boolean"},
        "expect": {"type": "object", "additionalProperties": False, "properties": {
            "outcome": {"enum": sorted(EXITS)}, "exit": {"enum": [0, 1, 2, 3]}, "confidence": {"enum": CONFIDENCES},
            "rank": {"type": "integer", "minimum": 1}, "group": {"type": "string"}, "twin": {"enum": ["ok", "degraded"]}}}}}


@dataclass(frozen=True)
class Scenario:
    name: str
    story: str
    cause: str
    settings: list
    twin: list = field(default_factory=list)
    given: list = field(default_factory=list)
    args: list = field(default_factory=list)
    then: str = ""
    database: str = "mariadb"
    timeout: str = "4s"
    smoke: bool = False
    expect: dict = field(default_factory=dict)

    @property
    def outcome(self):
        return self.expect.get("outcome", "failed")

    @property
    def exit(self):
        return self.expect.get("exit", EXITS[self.outcome])

    @property
    def group(self):
        return self.expect.get("group", "")

    @property
    def rank(self):
        return self.expect.get("rank", 1)

    @property
    def timeout_ms(self):
        number = int(self.timeout.rstrip("ms"))
        return number if self.timeout.endswith("ms") else 1000 * number

    @property
    def confidence(self):
        return self.expect.get("confidence", "likely" if self.group else "certain")

    def variants(self):
        """Name of the variant and its settings: the fault, the twin, and of two faults the second alone."""
        yield "fault", [*self.given, *self.settings]
        if self.twin:
            yield "twin", [*self.given, *self.twin]
        if self.then:
            yield "then", [*self.given, self.twin[0], self.settings[1]]


HEALTHY = Scenario("healthy", "everything is as it should be", "", [], expect={"outcome": "ok"})


def faults_of(name, content):
    """What is wrong with a scenario file's content, as sentences."""
    validator = jsonschema.Draft202012Validator(SCHEMA)
    wrong = [f"{name}: {'/'.join(map(str, error.absolute_path))}: {error.message}" for error in validator.iter_errors(content)]
    if wrong:
        return wrong
    kinds = [[next(iter(setting)) for setting in content[key]] for key in ("settings", "twin")]
    if kinds[0] != kinds[1]:
        wrong.append(f"{name}: the twin changes {kinds[1]}, the fault {kinds[0]}")
    for fault, healthy in zip(content["settings"], content["twin"]):
        if fault == healthy:
            wrong.append(f"{name}: the twin keeps {fault}")
    if "then" in content and len(content["settings"]) != 2:
        wrong.append(f"{name}: `then` is for two faults")
    expect = content.get("expect", {})
    if "rank" in expect and "group" not in expect:
        wrong.append(f"{name}: a truth that the evidence decides comes first; a rank is for groups")
    return wrong


def load(path):
    name = os.path.basename(path).removesuffix(".yaml")
    with open(path, encoding="utf-8") as file:
        content = yaml.safe_load(file)
    wrong = faults_of(name, content)
    if wrong:
        raise SystemExit("\n".join(wrong))
    return Scenario(name, **content)


def all_scenarios():
    return [load(path) for path in sorted(glob.glob(f"{DIRECTORY}/*.yaml"))]


def find(name):
    path = f"{DIRECTORY}/{name}.yaml"
    if not os.path.exists(path):
        raise SystemExit(f"no scenario is called {name}; ./dev lab list names them")
    return load(path)


@contextlib.contextmanager
def holding(lab, settings):
    """The settings hold inside the `with`, and are gone after it whatever happens in between."""
    with contextlib.ExitStack() as stack:
        for setting in settings:
            (kind, value), = setting.items()
            stack.enter_context(VOCABULARY[kind][1](lab, value))
        yield
