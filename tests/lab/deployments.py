"""The deployments of the profiles, each healthy and broken: deployments/NAME.yaml.

    what      the deployment, as `plumb profiles` tells it
    profile   that plumb must choose, or is told (by default the file's name)
    server    what answers in the lab: a real server, or a stand-in, and of what
    real      tidb or mysql: a server that not every machine has. Where it is, it answers; where not, MariaDB or `stand_in`
    only_real without that server the deployment cannot be tried
    given     settings that make the deployment
    stand_in  settings that hold only where `real` is not there
    broken    name, cause, settings that differ; `outcome` (failed); `among`: look-alikes may come first
"""

import glob
import os

import yaml

import mysql_server
import tidb_server
from database import Database
from mysql_server import MySql
from scenario import ONE_SETTING, Scenario
from tidb_server import TiDb

DIRECTORY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "deployments")
# Server of a lab: what makes it, whether it can be run here. The first is everywhere.
SERVERS = {"mariadb": (Database, lambda: True), "tidb": (TiDb, tidb_server.is_there), "mysql": (MySql, mysql_server.is_there)}
SETTINGS = {"type": "array", "items": ONE_SETTING}
SCHEMA = {
    "type": "object", "additionalProperties": False, "required": ["what", "server", "given", "broken"],
    "properties": {
        "what": {"type": "string"}, "profile": {"type": "string"}, "server": {"type": "string"}, "given": SETTINGS,
        "real": {"enum": ["tidb", "mysql"]}, "only_real": {"const": True}, "stand_in": SETTINGS,
        "broken": {"type": "array", "minItems": 3, "items": {
            "type": "object", "additionalProperties": False, "required": ["name", "cause", "settings"],
            "properties": {"name": {"type": "string"}, "cause": {"type": "string"}, "settings": SETTINGS, "stand_in": SETTINGS,
                           "outcome": {"enum": ["ok", "degraded", "failed"]}, "among": {"type": "boolean"}}}}}}


class Deployment:
    """One file, as it stands before one server of SERVERS."""

    def __init__(self, name, content, server="mariadb"):
        self.name, self.content, self.what = name, content, content["what"]
        self.profile, self.faults = content.get("profile", name), content["broken"]
        self.best_server = content.get("real", "mariadb")
        self.is_best = server == self.best_server
        self.can_be = self.is_best or (server == "mariadb" and "only_real" not in content)

    def given(self, part):
        """Its settings, and those of the stand-in where that is what answers."""
        return [*part.get("given", part.get("settings", [])), *([] if self.is_best else part.get("stand_in", []))]

    def healthy(self):
        return Scenario(self.name, self.what, "", self.given(self.content), expect={"outcome": "ok"})

    def broken(self, fault):
        """A setting of the fault replaces the given one of its kind; commands and statements are added up."""
        settings = self.given(fault)
        kinds = {next(iter(setting)) for setting in settings} - {"command", "sql"}
        kept = [setting for setting in self.given(self.content) if next(iter(setting)) not in kinds]
        return Scenario(f"{self.name}-{fault['name']}", self.what, fault["cause"], [*kept, *settings],
                        expect={"outcome": fault.get("outcome", "failed")})


def all_deployments(server="mariadb"):
    """Those that can stand before that server."""
    for path in sorted(glob.glob(f"{DIRECTORY}/*.yaml")):
        with open(path, encoding="utf-8") as file:
            deployment = Deployment(os.path.basename(path)[: -len(".yaml")], yaml.safe_load(file), server)
        if deployment.can_be:
            yield deployment
