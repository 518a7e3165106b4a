"""Every deployment of the profiles: healthy it is ok, broken it is told (deployments.py).

Which server is real and which a stand-in says each file, and the run.
"""

import subprocess
import unittest

import jsonschema

from deployments import SCHEMA, all_deployments, broken, healthy
from lab import Lab, plumb_binary


class DeploymentsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab()
        cls.addClassCleanup(cls.lab.close)

    def run_in(self, scenario):
        with self.lab.scenario(scenario) as typed:
            run = self.lab.plumb("check", *typed, "--timeout", "3s", "-o", "json")
        report = run.report
        self.said = [f"{f['id']} ({f['severity']}, {f['confidence']}): {f['summary']}" for f in report["findings"]]
        return report

    def check_healthy(self, profile, content):
        report = self.run_in(healthy(profile, content))
        self.assertEqual(report["target"]["profile"], profile)
        self.assertEqual(report["outcome"], "ok", self.said)

    def check_broken(self, profile, content, fault):
        report = self.run_in(broken(profile, content, fault))
        self.assertEqual(report["outcome"], fault.get("outcome", "failed"), self.said)
        found = [finding["id"] for finding in report["findings"]]
        if fault.get("among"):
            self.assertIn(fault["cause"], found, self.said)
            self.assertNotEqual(report["findings"][found.index(fault["cause"])]["confidence"], "certain", self.said)
        else:
            self.assertEqual(found[:1], [fault["cause"]], self.said)

    def test_every_profile_has_a_deployment(self):
        listed = subprocess.run([plumb_binary(), "profiles"], capture_output=True, text=True, check=True).stdout
        names = sorted(line for line in listed.splitlines() if not line.startswith(" "))
        self.assertEqual(sorted(profile for profile, _ in all_deployments()), names)


def add_tests(profile, content):
    def valid(self):
        jsonschema.Draft202012Validator(SCHEMA).validate(content)
        self.check_healthy(profile, content)

    name = profile.replace("-", "_")
    valid.__doc__ = f"{content['what']} [{content['server']}]"
    setattr(DeploymentsTest, f"test_{name}", valid)
    for fault in content["broken"]:
        setattr(DeploymentsTest, f"test_{name}_{fault['name'].replace('-', '_')}",
                lambda self, fault=fault: self.check_broken(profile, content, fault))


for each in all_deployments():
    add_tests(*each)


if __name__ == "__main__":
    unittest.main()
