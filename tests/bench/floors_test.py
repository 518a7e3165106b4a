"""The server of the benchmarks does what they rely on."""

import os
import socket
import ssl
import sys
import unittest

ROOT = os.path.join(os.path.dirname(__file__), "..", "..")
sys.path.insert(0, os.path.join(ROOT, "bench", "versus"))

from bench_server import BenchServer, address_of, name_of  # noqa: E402

PROGRAMS = os.environ["PLUMB_BENCH_PROGRAMS"]


def certificate_of(server, target):
    context = ssl.create_default_context(cafile=server.ca)
    with socket.create_connection((address_of(target), server.tls), 5) as plain, \
            context.wrap_socket(plain, server_hostname=name_of(target)) as shaken:
        return shaken.getpeercert(True)


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
