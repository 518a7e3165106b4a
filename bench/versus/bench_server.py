"""The benchmarks' server as a context: its ports as attributes, its root's file, its counts after the end."""

import json
import os
import subprocess
import tempfile


class BenchServer:
    def __init__(self, programs, certificates="wildcard", key="rsa", cores=None):
        """`cores`: its own, on which it never sleeps, for a client that waits for it would pay for waking it."""
        self._cores = cores
        self._command = [os.path.join(programs, "bench_server"), "--certificates", certificates, "--key", key] + (["--busy"] if cores else [])
        self.programs, self.counts = programs, None

    def __enter__(self):
        self._directory = tempfile.TemporaryDirectory(prefix="plumb-bench-")
        self.ca = os.path.join(self._directory.name, "root.pem")
        self._process = subprocess.Popen([*self._command, "--ca", self.ca], stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, text=True)
        if self._cores:
            os.sched_setaffinity(self._process.pid, self._cores)
        line = self._process.stdout.readline()
        if not line:
            self._process.wait()
            self._directory.cleanup()
            raise SystemExit("the benchmark server did not start")
        self.__dict__.update(json.loads(line))
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self.counts = json.loads(self._process.stdout.readline())
        self._process.stdout.close()
        self._process.wait()
        self._directory.cleanup()


def name_of(target):
    """As bench/addresses.hpp has it, and so the next."""
    return f"t{target:07}.bench.example"


def address_of(target):
    number = 0x7f010000 + target % 0x00fe0000
    return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))
