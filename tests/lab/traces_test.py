"""The lab leaves nothing behind: neither when it ends, nor when its first process is killed."""

import hashlib
import os
import signal
import subprocess
import sys
import unittest

from process import wait_until

HERE = os.path.dirname(os.path.abspath(__file__))
# The lab of this test's own process cannot look at the world outside it: it asks a fresh lab, started from a
# namespace that stands for the outside, and looks at what that one leaves.
LAB = f"import sys; sys.path.insert(0, {HERE!r}); import enclosure; enclosure.enter(['-c', sys.orig_argv[-1]]);" \
      "from lab import Lab; lab = Lab(); print('up', flush=True); sys.stdin.read()"
SERVERS = ("mariadbd", "unbound", "haproxy", "sleep")


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def world():
    return {
        "sockets": subprocess.run(["ss", "-Hlntu"], capture_output=True, text=True, check=True).stdout,
        "links": subprocess.run(["ip", "-br", "link"], capture_output=True, text=True, check=True).stdout,
        "rules": subprocess.run(["nft", "list", "ruleset"], capture_output=True, text=True, check=True).stdout,
        "files": {path: digest(path) for path in ("/etc/resolv.conf", "/etc/hosts") if os.path.exists(path)},
        "run": sorted(os.listdir("/run")),
        "mounts": subprocess.run(["mount"], capture_output=True, text=True, check=True).stdout,
        "servers": servers(),
    }


def servers():
    names = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/comm", encoding="utf-8") as file:
                names.append(file.read().strip())
        except OSError:
            continue  # it has just ended
    return sorted(name for name in names if name in SERVERS)


class TracesTest(unittest.TestCase):
    def start(self):
        environment = {key: value for key, value in os.environ.items() if key != "PLUMB_LAB_INSIDE"}
        lab = subprocess.Popen([sys.executable, "-B", "-c", LAB], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               env=environment, text=True)
        self.assertEqual(lab.stdout.readline(), "up\n")
        self.addCleanup(lab.stdout.close)
        self.assertIn("mariadbd", servers(), "the lab is not up, so this test would prove nothing")
        return lab

    def test_after_its_end(self):
        before = world()
        lab = self.start()
        lab.stdin.close()
        self.assertEqual(lab.wait(timeout=30), 0)
        wait_until(lambda: not servers(), "the end of all servers")
        self.assertEqual(world(), before)

    def test_after_a_kill(self):
        before = world()
        lab = self.start()
        lab.send_signal(signal.SIGKILL)
        lab.wait(timeout=30)
        wait_until(lambda: not servers(), "the end of all servers")
        lab.stdin.close()
        self.assertEqual(world(), before)

    def test_two_at_a_time(self):
        first, second = self.start(), self.start()
        for lab in (first, second):
            lab.stdin.close()
            self.assertEqual(lab.wait(timeout=30), 0)
