"""The deployments of the profiles, each healthy and broken: deployments/NAME.yaml.

    what     the deployment, as `plumb profiles` tells it
    server   what answers in the lab: a real server, or a stand-in, and of what
    given    settings that make the deployment
    broken   name, cause, settings that differ; `outcome` (failed); `among`: look-alikes may come first

The file's name is the profile that plumb must choose, or is told.
"""

import glob
import os

import yaml

from scenario import ONE_SETTING, Scenario

DIRECTORY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "deployments")
SETTINGS = {"type": "array", "items": ONE_SETTING}
SCHEMA = {
    "type": "object", "additionalProperties": False, "required": ["what", "server", "given", "broken"],
    "properties": {
        "what": {"type": "string"}, "server": {"type": "string"}, "given": SETTINGS,
        "broken": {"type": "array", "minItems": 3, "items": {
            "type": "object", "additionalProperties": False, "required": ["name", "cause", "settings"],
            "properties": {"name": {"type": "string"}, "cause": {"type": "string"}, "settings": SETTINGS,
                           "outcome": {"enum": ["failed", "degraded"]}, "among": {"type": "boolean"}}}}}}


def all_deployments():
    """(profile, content) of each file."""
    for path in sorted(glob.glob(f"{DIRECTORY}/*.yaml")):
        with open(path, encoding="utf-8") as file:
            yield os.path.basename(path)[: -len(".yaml")], yaml.safe_load(file)


def healthy(profile, content):
    return Scenario(profile, content["what"], "", content["given"], expect={"outcome": "ok"})


def broken(profile, content, fault):
    """A setting of the fault replaces the given one of its kind; commands are added up."""
    kinds = {next(iter(setting)) for setting in fault["settings"]} - {"command"}
    kept = [setting for setting in content["given"] if next(iter(setting)) not in kinds]
    return Scenario(f"{profile}-{fault['name']}", content["what"], fault["cause"], [*kept, *fault["settings"]],
                    expect={"outcome": fault.get("outcome", "failed")})
