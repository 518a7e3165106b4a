"""The bare loops and their server understand each other, and the server does what the benchmarks rely on."""

import json
import os
import socket
import ssl
import subprocess
import sys
import unittest

ROOT = os.path.join(os.path.dirname(__file__), "..", "..")
sys.path.insert(0, os.path.join(ROOT, "bench", "versus"))

from bench_server import BenchServer, address_of, name_of  # noqa: E402

PROGRAMS = os.environ["PLUMB_BENCH_PROGRAMS"]
PLUMB = os.environ["PLUMB"]
PROBES = 10


def floor(name, *words):
    command = [os.path.join(PROGRAMS, f"floor_{name}"), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def certificate_of(server, target):
    context = ssl.create_default_context(cafile=server.ca)
    with socket.create_connection((address_of(target), server.tls), 5) as plain, \
            context.wrap_socket(plain, server_hostname=name_of(target)) as shaken:
        return shaken.getpeercert(True)


class FloorsTest(unittest.TestCase):
    def test_every_login_is_read_to_its_end(self):
        with BenchServer(PROGRAMS, key="ecdsa") as server:
            for line in (floor("tcp_login", server.mysql, PROBES, 4), floor("tls_login", server.mysql, PROBES, server.ca)):
                self.assertEqual(line["probes"], PROBES)
                self.assertGreater(line["cpu_us_per_probe"], 0)
        self.assertEqual((server.counts["refused"], server.counts["dropped"]), (2 * PROBES, 0))

    def test_every_question_is_answered(self):
        with BenchServer(PROGRAMS, key="ecdsa") as server:
            self.assertEqual(floor("dns", server.dns, PROBES, 4)["probes"], PROBES)
        self.assertEqual(server.counts["questions"], PROBES)

    def test_plumb_and_the_floors_speak_to_the_same_server(self):
        with BenchServer(PROGRAMS, key="ecdsa") as server:
            lines = "".join(f"{address_of(i)}:{server.mysql}\n" for i in range(PROBES))
            done = subprocess.run([PLUMB, "check", "-", "--no-metadata", "--tls", "off", "-q", "-o", "jsonl"], input=lines,
                                  capture_output=True, text=True, timeout=20)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            one = subprocess.run([PLUMB, "check", f"{name_of(7)}:{server.mysql}", "--no-metadata", "--resolver",
                                  f"127.0.0.1:{server.dns}", "--ca", server.ca], capture_output=True, text=True, timeout=20)
            self.assertIn(f"certificate verified for\n  {name_of(7)}", one.stdout)
        self.assertEqual((server.counts["refused"], server.counts["dropped"]), (PROBES + 1, 0))


class ServerTest(unittest.TestCase):
    def test_a_name_has_its_own_certificate_or_shares_the_wildcard(self):
        for certificates, different in (("own", 3), ("wildcard", 1)):
            with self.subTest(certificates), BenchServer(PROGRAMS, certificates, "ecdsa") as server:
                seen = {certificate_of(server, target) for target in (1, 2, 3, 1)}
                self.assertEqual(len(seen), different)

    def test_a_silent_port_answers_no_syn_and_a_stalled_one_says_no_word(self):
        with BenchServer(PROGRAMS, key="ecdsa") as server:
            with self.assertRaises(TimeoutError):
                socket.create_connection((address_of(5), server.silent), 0.3)
            with socket.create_connection((address_of(5), server.stalled), 0.3) as stalled:
                with self.assertRaises(TimeoutError):
                    stalled.recv(1)

    def test_a_login_broken_off_is_counted(self):
        with BenchServer(PROGRAMS, key="ecdsa") as server:
            with socket.create_connection((address_of(5), server.mysql), 5) as half:
                self.assertEqual(half.recv(200)[4], 10)
            certificate_of(server, 1)  # by now the server has seen the other go
        self.assertEqual(server.counts["dropped"], 1)


if __name__ == "__main__":
    unittest.main()
