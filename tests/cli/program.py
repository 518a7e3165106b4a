"""Running plumb as a user does, and what varies from run to run made constant."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import unittest

PLUMB = os.environ.get("PLUMB", "plumb")


def normalised(text):
    """Times, ports and version as words: what is left must be exact."""
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "TIME", text)
    text = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", text)
    text = re.sub(r"\d+\.\d+ ms|\d+ ms|\d+\.\d+ s\b", "MS", text)
    return text


class Program(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="plumb-cli-")
        self.addCleanup(shutil.rmtree, self.directory)

    def path(self, name):
        return os.path.join(self.directory, name)

    def file(self, name, content, mode=0o600):
        with open(self.path(name), "w", newline="") as file:
            file.write(content)
        os.chmod(self.path(name), mode)
        return self.path(name)

    def plumb(self, *arguments, stdin="", env=None, **options):
        if arguments and arguments[0] in ("check", "wait"):  # no test asks a machine's metadata service
            arguments = (arguments[0], "--no-metadata", *arguments[1:])
        environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TERM")}
        environment.update(env or {})
        options.setdefault("stdout", subprocess.PIPE)
        return subprocess.run([PLUMB, *arguments], input=stdin, text=True, timeout=60,
                              stderr=subprocess.PIPE, env=environment, **options)

    def report(self, *arguments, code=0, said="", **options):
        """What `check` says, as JSON; and on stderr."""
        run = self.plumb("check", *arguments, "-o", "json", **options)
        self.assertEqual((run.returncode, run.stderr), (code, said), run.stdout)
        return json.loads(run.stdout)

    def lateness(self):
        """Seconds that this machine, and a build with a sanitizer, take for nothing at all."""
        began = time.monotonic()
        self.plumb("--version")
        return 3 * (time.monotonic() - began)

    def in_time(self, limit, attempt):
        """`attempt` says what it took, in seconds. A busy machine is late once, not each of three times."""
        took = [attempt()]
        while took[-1] >= limit + self.lateness() and len(took) < 3:
            took.append(attempt())
        self.assertLess(took[-1], limit + self.lateness(), took)

    def facts(self, report, phase):
        return [step["facts"] for step in report["evidence"] if step["phase"] == phase]

    def refused(self, message, *arguments, code=2, **options):
        """Wrong usage: nothing on stdout, `message` first on stderr."""
        run = self.plumb(*arguments, **options)
        self.assertEqual((run.returncode, run.stdout), (code, ""), run.stderr)
        self.assertEqual(run.stderr.split("\n")[0], "plumb: " + message)
        return run
