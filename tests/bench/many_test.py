"""Twenty thousand targets of every kind in two runs, with a shard on each core: for the builds with sanitizers. What is looked
for is a word of theirs, not a verdict: they are slow enough that a live target may miss its deadline.

PLUMB_MANY is another number of targets.
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.join(os.path.dirname(__file__), "..", "..")
sys.path.insert(0, os.path.join(ROOT, "bench", "versus"))

from bench_server import BenchServer, address_of, name_of  # noqa: E402

PROGRAMS = os.environ["PLUMB_BENCH_PROGRAMS"]
PLUMB = os.environ["PLUMB"]
MANY = int(os.environ.get("PLUMB_MANY", "20000")) // 2  # a run


def entry(server, number):
    """Of a hundred: 60 live by address, 25 by a name that is asked for, 8 refuse, 4 stall, 2 stall within TLS, 1 is silent."""
    kind, port = number % 100, server.mysql
    if kind >= 60:
        port = next(port for below, port in ((85, server.mysql), (93, 9), (97, server.stalled), (99, server.stalled_tls),
                                             (100, server.silent)) if kind < below)
    if 60 <= kind < 85:
        return f"- '{name_of(number)}:{port}'\n"
    return f"- {{target: '{name_of(number)}:{port}', connect_to: {address_of(number)}}}\n"


class ManyTest(unittest.TestCase):
    def check(self, *words):
        with BenchServer(PROGRAMS, "own", "ecdsa") as server, tempfile.NamedTemporaryFile("w", suffix=".yaml") as targets:
            targets.writelines(entry(server, number) for number in range(MANY))
            targets.flush()
            tls = ["--ca", server.ca] if "verify-full" in words else []
            done = subprocess.run(
                [PLUMB, "check", "--targets", targets.name, "--no-metadata", "-q", "-o", "jsonl", "--timeout", "5s", "--resolver",
                 f"127.0.0.1:{server.dns}", "--per-address-rate", "1000000", "--resolver-rate", "1000000", *words, *tls],
                capture_output=True, text=True, timeout=1500)
        self.assertFalse(done.stderr, done.stderr[:20_000])
        self.assertEqual(done.returncode, 1)
        summary = json.loads(done.stdout.splitlines()[-1])
        print(" ".join(words), {key: summary[key] for key in ("targets", "ok", "degraded", "failed", "unknown")}, flush=True)
        self.assertEqual(summary["targets"], MANY)
        self.assertGreater(summary["ok"], 0)

    def test_without_tls(self):
        self.check("--tls", "off")

    def test_with_tls(self):
        self.check("--tls", "verify-full")


if __name__ == "__main__":
    unittest.main()
