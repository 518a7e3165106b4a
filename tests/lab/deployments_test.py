"""Every deployment of the profiles: healthy it is ok, broken it is told (deployments.py).

Which server is real and which a stand-in says each file, and the run. Where a TiDB or a MySQL can be run here, the deployments that
are theirs are tried before these too.
"""

import json
import subprocess
import unittest

import jsonschema

from deployments import SCHEMA, SERVERS, all_deployments
from lab import Lab, plumb_binary


class Deployments:
    server = "mariadb"

    @classmethod
    def setUpClass(cls):
        cls.lab = Lab(SERVERS[cls.server][0])
        cls.addClassCleanup(cls.lab.close)

    def run_in(self, scenario):
        with self.lab.scenario(scenario) as typed:
            run = self.lab.plumb("check", *typed, "--timeout", "3s", "-o", "json")
        report = run.report
        self.said = [f"{f['id']} ({f['severity']}, {f['confidence']}): {f['summary']}" for f in report["findings"]]
        return report

    def check_healthy(self, deployment):
        jsonschema.Draft202012Validator(SCHEMA).validate(deployment.content)
        report = self.run_in(deployment.healthy())
        self.assertEqual(report["target"]["profile"], deployment.profile)
        self.assertEqual(report["outcome"], "ok", self.said)

    def check_broken(self, deployment, fault):
        report = self.run_in(deployment.broken(fault))
        self.assertEqual(report["outcome"], fault.get("outcome", "failed"), self.said)
        found = [finding["id"] for finding in report["findings"]]
        if fault.get("among"):
            self.assertIn(fault["cause"], found, self.said)
            self.assertNotEqual(report["findings"][found.index(fault["cause"])]["confidence"], "certain", self.said)
        else:
            self.assertEqual(found[:1], [fault["cause"]], self.said)


class DeploymentsTest(Deployments, unittest.TestCase):
    def test_every_profile_has_a_deployment(self):
        listed = subprocess.run([plumb_binary(), "profiles", "-o", "json"], capture_output=True, text=True, check=True).stdout
        names = sorted(profile["name"] for profile in json.loads(listed)["profiles"])
        self.assertEqual(sorted({deployment.profile for deployment in all_deployments()}), names)


def add_tests(tests, deployment):
    def healthy(self):
        self.check_healthy(deployment)

    name = deployment.name.replace("-", "_")
    healthy.__doc__ = f"{deployment.what} [{deployment.content['server']}]"
    setattr(tests, f"test_{name}", healthy)
    for fault in deployment.faults:
        setattr(tests, f"test_{name}_{fault['name'].replace('-', '_')}",
                lambda self, fault=fault: self.check_broken(deployment, fault))


for each in all_deployments():
    add_tests(DeploymentsTest, each)
for kind, (_, is_there) in SERVERS.items():
    if kind == "mariadb" or not is_there():
        continue
    before_it = type(f"{kind.capitalize()}DeploymentsTest", (Deployments, unittest.TestCase), {"server": kind})
    for each in all_deployments(kind):
        add_tests(before_it, each)
    globals()[before_it.__name__] = before_it
    del before_it  # unittest would find it under this name too


if __name__ == "__main__":
    unittest.main()
