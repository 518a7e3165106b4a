"""What a program costs: CPU time of a child, user and system together, as the kernel counts it (wait4)."""

import os
import statistics
import subprocess
import tempfile


class Failed(Exception):
    """A run that did not do its work: its time would be another quantity."""


def cpu_of(command, stdin=None, cores=None):
    """(CPU seconds of this child and its own, its standard output, its exit code). `cores`: those it may run on; None: all."""
    confined = (lambda: os.sched_setaffinity(0, cores)) if cores else None
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        child = subprocess.Popen(command, stdin=stdin or subprocess.DEVNULL, stdout=out, stderr=errors, preexec_fn=confined)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        errors.seek(0)
        if child.returncode < 0:
            raise Failed(f"{command[0]}: {child.returncode}: {errors.read()[-300:]}")
        return usage.ru_utime + usage.ru_stime, out.read(), child.returncode


def pairs(one, other, count):
    """Microseconds per probe of both, side by side and taking turns at going first, so that what the machine
    does meanwhile hits both alike."""
    found = []
    for turn in range(count):
        if turn % 2:
            right, left = other(), one()
        else:
            left, right = one(), other()
        found.append((left * 1e6, right * 1e6))
    return found


class Ratio:
    def __init__(self, measured):
        self.ratios = sorted(left / right for left, right in measured)
        self.median = statistics.median(self.ratios)
        self.left, self.right = (statistics.median(side) for side in zip(*measured))

    def __str__(self):
        return f"{self.median:.3g} ({self.ratios[0]:.3g} … {self.ratios[-1]:.3g})"
