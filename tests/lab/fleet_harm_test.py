"""Do no harm at full rate: thousands of targets, no guard of plumb's in the way, at one real server that counts every connection
which was left before its login. plumb runs where the load balancer stands: to the server all targets come from one host.
"""

import os
import signal
import subprocess
import time
import unittest

import yaml

from database import PASSWORD
from lab import Lab, plumb_binary
from process import wait_until

TARGETS = int(os.environ.get("PLUMB_HARM_PROBES", "5000"))
ADDRESSES = [f"10.0.30.{100 + number}" for number in range(100)]
FULL_RATE = ("--per-address", "64", "--per-address-rate", "1000000", "--no-metadata", "-q", "-o", "jsonl")
HOST_CACHE = ("SELECT COALESCE(SUM(SUM_CONNECT_ERRORS), 0), COALESCE(SUM(COUNT_HOST_BLOCKED_ERRORS), 0), "
              "COALESCE(SUM(COUNT_HANDSHAKE_ERRORS), 0) FROM performance_schema.host_cache")


class FleetHarmTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab()
        cls.addClassCleanup(cls.lab.close)
        cls.lab.database.start(extra=["--max-connections=2000", "--back-log=2000", "--thread-cache-size=256"])
        cls.lab.db_host.add_address("eth0", *(f"{address}/24" for address in ADDRESSES))
        cls.host = cls.lab.vpc.nlb

    def setUp(self):
        self.lab.database.sql("TRUNCATE TABLE performance_schema.host_cache; SET GLOBAL max_connect_errors = 5; FLUSH STATUS")
        self.began = self.counters()

    def counters(self):
        rows = self.lab.database.sql("SHOW GLOBAL STATUS WHERE Variable_name LIKE 'Aborted_c%' OR Variable_name LIKE "
                                     "'Connection_errors%' OR Variable_name IN ('Connections', 'Access_denied_errors')")
        return {name: int(value) for name, value in (row.split() for row in rows.splitlines())}

    def grown(self):
        return {name: value - self.began[name] for name, value in self.counters().items() if value != self.began[name]}

    def command(self, *words, addresses=ADDRESSES):
        entries = [{"target": f"{addresses[number % len(addresses)]}:3306"} for number in range(TARGETS)]
        path = self.host.write("targets.yaml", yaml.safe_dump(entries))
        return self.host.command([plumb_binary(), "check", "--targets", path, *FULL_RATE, *words])

    def sweep(self, *words, addresses=ADDRESSES):
        """(the last line that plumb writes, seconds)"""
        began = time.monotonic()
        done = subprocess.run(self.command(*words, addresses=addresses), capture_output=True, text=True, timeout=240)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return done.stdout.splitlines()[-1], time.monotonic() - began

    def assert_no_mark(self, what, drops=0):
        """`drops`: what the budget allows where an exchange could not be finished."""
        errors, blocked, broken = map(int, self.lab.database.sql(HOST_CACHE).split())
        grown = self.grown()
        print(f"{what}: {grown}; host cache: {errors} connect errors, {blocked} blocked, {broken} broken handshakes", flush=True)
        self.assertLessEqual(max(errors, broken), drops)
        self.assertEqual(blocked, 0)
        self.assertEqual({name for name in grown if name.startswith("Connection_errors")}, set())
        self.assertNotIn("Aborted_clients", grown)
        self.assertEqual(self.host.run("mariadb", "--no-defaults", "--skip-ssl", "-h", ADDRESSES[0], "-P3306", "-uapp", f"-p{PASSWORD}",
                                       "-N", "-B", "-e", "SELECT 1").stdout, "1\n")
        return grown

    def whole(self, what, *words):
        end, seconds = self.sweep(*words)
        self.assertIn(f'"targets":{TARGETS},"ok":{TARGETS},', end)
        return self.assert_no_mark(f"{what}, {TARGETS} targets in {seconds:.1f} s")

    def test_anonymous(self):
        """Each refused login is an aborted connect, as documented, and nothing else."""
        grown = self.whole("anonymous, without TLS", "--tls", "off")
        self.assertEqual(grown["Aborted_connects"], TARGETS)

    def test_anonymous_with_tls(self):
        grown = self.whole("anonymous, TLS", "--tls", "required")
        self.assertEqual(grown["Aborted_connects"], TARGETS)

    def test_with_an_account(self):
        """A login that succeeds leaves nothing at all."""
        grown = self.whole("with an account, TLS", "--tls", "required", "--user", "app", "--password-file", self.lab.password)
        self.assertNotIn("Aborted_connects", grown)

    def test_the_dead_do_not_hold_up_the_account(self):
        """A password goes to one server at a time; who does not answer gives its turn back."""
        words = ("--tls", "required", "--timeout", "4s", "--user", "app", "--password-file", self.lab.password)
        _, alone = self.sweep(*words)
        nobodys = [f"10.0.30.{200 + number}" for number in range(50)]
        addresses = [*ADDRESSES * 19, *nobodys]
        end, together = self.sweep(*words, addresses=addresses)
        dead = sum(addresses[number % len(addresses)] in nobodys for number in range(TARGETS))
        self.assertIn(f'"targets":{TARGETS},"ok":{TARGETS - dead},', end)
        grown = self.assert_no_mark(f"with an account, {dead} of {TARGETS} dead: {together:.1f} s, all alive: {alone:.1f} s")
        self.assertNotIn("Aborted_connects", grown)
        self.assertLess(together, alone + 4 + dead / 20, "twentieths of a second each, and the time of one of them")

    def interrupted(self, addresses, drops, *words):
        process = subprocess.Popen(self.command(*words, addresses=addresses), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        wait_until(lambda: self.grown().get("Connections", 0) > TARGETS / 10, "the middle of the run")
        process.send_signal(signal.SIGINT)  # to plumb itself: nsenter has become it
        began = time.monotonic()
        out, _ = process.communicate(timeout=20)
        took = time.monotonic() - began
        self.assertIn('"interrupted":true', out.splitlines()[-1])
        grown = self.assert_no_mark(f"interrupted, {len(addresses)} addresses, {' '.join(words)}, after {took:.2f} s", drops)
        self.assertLess(grown["Connections"], TARGETS)

    def test_interrupted(self):
        """An exchange that cannot be finished within the second is dropped: three for each address at most."""
        for addresses in (ADDRESSES, ADDRESSES[:1]):
            for words in (("--tls", "off"), ("--tls", "required")):
                with self.subTest(addresses=len(addresses), words=words):
                    self.setUp()
                    self.lab.database.sql(f"SET GLOBAL max_connect_errors = {5 * len(addresses)}")
                    self.interrupted(addresses, 3 * len(addresses), *words)


if __name__ == "__main__":
    unittest.main()
