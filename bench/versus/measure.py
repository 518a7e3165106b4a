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


def middle(times):
    """The mean without the best and the worst seventh: a neighbour of the virtual machine can double a run."""
    dropped = len(times) // 7
    return statistics.mean(sorted(times)[dropped:len(times) - dropped])


def pairs(one, other, count, runs=1):
    """Microseconds per probe of both, each the middle of its runs, which take turns at going first, so that what
    the machine does meanwhile hits both alike."""
    found = []
    for pair in range(count):
        left, right = [], []
        for run in range(runs):
            order = [(one, left), (other, right)]
            for side, times in reversed(order) if (pair + run) % 2 else order:
                times.append(side() * 1e6)
        found.append((middle(left), middle(right)))
    return found


class Ratio:
    def __init__(self, measured):
        self.ratios = sorted(left / right for left, right in measured)
        self.median = statistics.median(self.ratios)
        self.left, self.right = (statistics.median(side) for side in zip(*measured))

    def __str__(self):
        return f"{self.median:.3g} ({self.ratios[0]:.3g} … {self.ratios[-1]:.3g})"
