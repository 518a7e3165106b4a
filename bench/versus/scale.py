"""What no ratio to a floor shows: whether plumb stays the same with more targets, with dead ones and with a long list.

Each figure is a number within bounds. Those that need options of the fleet engine are left out of a plumb without them.
"""

import contextlib
import dataclasses
import datetime
import json
import math
import mmap
import os
import re
import shutil
import statistics
import struct
import subprocess
import tempfile
import time
import typing

from measure import Failed, Ratio, pairs
from plumb_side import IN_FLIGHT as AT_ONCE
from plumb_side import addresses, listed


@dataclasses.dataclass
class Figure:
    name: str
    what: str
    low: float
    high: float
    run: typing.Callable  # (plumb, server) -> number
    needs: tuple = ()  # options of plumb's
    tools: tuple = ()  # programs, named as their packages
    lacks: typing.Callable = lambda: None  # what the machine has not, and how to get it

    def missing(self, plumb):
        for tool in self.tools:
            if not shutil.which(tool):
                return f"{tool} is not installed: apt-get install {tool}"
        absent = [option for option in self.needs if not plumb.knows(option)]
        return f"this plumb has no {', '.join(absent)}" if absent else self.lacks()


def slope(plumb, server):
    """CPU per target from ten thousand to a hundred thousand, over that from one thousand to ten."""
    low, middle, high = (count * plumb.plain(server, count) for count in (1_000, 10_000, 100_000))
    return ((high - middle) / 90_000) / ((middle - low) / 9_000)


def _timed(plumb, lines, *words):
    """(wall seconds, targets in the summary)."""
    with listed(lines) as file, open(file, encoding="utf-8") as stdin:
        began = time.monotonic()
        done = subprocess.run(plumb.command(["-"], *words), stdin=stdin, capture_output=True, text=True)
        took = time.monotonic() - began
    if done.returncode not in (0, 1):
        raise Failed(f"plumb: exit {done.returncode}: {done.stderr[-300:]}")
    return took, json.loads(done.stdout.splitlines()[-1])


def dead(plumb, server):
    """Ten thousand targets, every fifth silent: wall time over the budget of one and the live ones alone."""
    words = ["--tls", "off", "--timeout", "3s", *plumb.guards(in_flight=4000)]
    live = list(addresses(8_000, server.mysql))
    silent = list(addresses(2_000, server.silent, first=8_000))
    mixed = [line for i in range(2_000) for line in (*live[4 * i:4 * i + 4], silent[i])]
    alone, _ = _timed(plumb, live, *words)
    together, summary = _timed(plumb, mixed, *words)
    if (summary["ok"], summary["failed"]) != (8_000, 2_000):
        raise Failed(f"plumb: {summary['ok']} ok, {summary['failed']} failed, of 8000 and 2000")
    return together / (3 + alone)


def _peak_mib(plumb, lines, *words):
    """The highest water mark of the program itself: what wait4 gives holds ours too, from before the exec."""
    peak = 0
    with listed(lines) as file, open(file, encoding="utf-8") as stdin:
        child = subprocess.Popen(plumb.command(["-"], *words), stdin=stdin, stdout=subprocess.DEVNULL)
        while child.poll() is None:
            with contextlib.suppress(OSError, KeyError), open(f"/proc/{child.pid}/status", encoding="utf-8") as status:
                told = dict(line.split(":", 1) for line in status)
                if told["Name"].strip().startswith("plumb"):
                    peak = max(peak, int(told["VmHWM"].split()[0]) / 1024)
            time.sleep(0.01)
    return peak


def long_list(plumb, server):
    """MiB that a million lines take over a thousand."""
    words = ["--tls", "off", *plumb.guards()]
    return _peak_mib(plumb, addresses(1_000_000, server.mysql), *words) - \
        _peak_mib(plumb, addresses(1_000, server.mysql), *words)


def _patience(count):
    """Valgrind is slow: seconds in which so many begin, well before the first has had its time."""
    return max(30, count // 33)


def _peak_heap_kib(plumb, lines, count, *words):
    """What the program itself has asked for and not given back, at its highest: without the allocator's own, without
    stacks. Valgrind's massif stands in malloc's place, and sees each peak to half a percent."""
    with listed(lines) as file, tempfile.NamedTemporaryFile("r", suffix=".massif") as heap, open(file, encoding="utf-8") as stdin:
        tool = ["valgrind", "-q", "--tool=massif", "--peak-inaccuracy=0.5", f"--massif-out-file={heap.name}"]
        command = plumb.command(["-"], *words, "--timeout", f"{_patience(count)}s")
        done = subprocess.run([*tool, *command], stdin=stdin, capture_output=True, text=True)
        heaps = [int(line.split("=")[1]) for line in heap if line.startswith("mem_heap_B=")]
    if done.returncode != 1 or not heaps:
        raise Failed(f"plumb under massif: exit {done.returncode}: {done.stderr[-300:]}")
    _all_at_once([json.loads(line) for line in done.stdout.splitlines()], count)
    return max(heaps) / 1024


def _all_at_once(lines, count):
    """All of them failed, and the first was still under way when the last began: else fewer were in flight than is said."""
    if lines[-1]["failed"] != count:
        raise Failed(f"plumb: {lines[-1]['failed']} failed, of {count}")
    began = [datetime.datetime.fromisoformat(one["started"].replace("Z", "+00:00")) for one in lines[:-1]]
    ended = [start + datetime.timedelta(milliseconds=one["took_ms"]) for start, one in zip(began, lines)]
    if max(began) > min(ended):
        raise Failed(f"not all {count} were in flight at once: {_patience(count)} s are too few here")


def _per_stalled(port, peak, *words):
    """KiB of `peak` that a probe takes which waits for its server, from 500 of them to 4,000. Shards do not take the same
    number, and only a share of all may be within TLS at once: four times as many are let in, for all of them to be. What is
    bounded for all together, as second handshakes are (128 here), is the same at both ends."""
    def run(plumb, server):
        few, many = (peak(plumb, addresses(count, getattr(server, port)), count, *words,
                          *plumb.guards(in_flight=4 * count)) for count in (500, 4_000))
        return (many - few) / 3_500
    return run


def stalled(port, *words):
    return _per_stalled(port, _peak_heap_kib, *words)


def resident(port, *words):
    """What the kernel keeps for it, with all that the allocator holds back; at full speed."""
    def peak(plumb, lines, _, *options):
        return _peak_mib(plumb, lines, *options) * 1024
    return _per_stalled(port, peak, *words, "--timeout", "5s")


def _one_core():
    return None if len(os.sched_getaffinity(0)) > 1 else "one core is allowed here, and so one shard"


def shards(plumb, server):
    """CPU per probe with a shard on each of two cores over one shard on one, which the server does not use as well then."""
    first, second = sorted(os.sched_getaffinity(0))[:2]
    return Ratio(pairs(lambda: plumb.plain(server, 10_000, {first, second}),
                       lambda: plumb.plain(server, 10_000, {first}), 5)).median


def _futexes(plumb, server, targets):
    with tempfile.NamedTemporaryFile("r") as table, listed(addresses(targets, server.mysql)) as file, \
            open(file, encoding="utf-8") as stdin:
        command = plumb.command(["-"], "--tls", "off", *plumb.guards())
        done = subprocess.run(["strace", "-f", "--seccomp-bpf", "-c", "-e", "trace=futex", "-o", table.name, *command], stdin=stdin,
                              capture_output=True, text=True)
        if done.returncode or json.loads(done.stdout.splitlines()[-1])["ok"] != targets:
            raise Failed(f"plumb under strace: exit {done.returncode}: {done.stderr[-300:]}")
        row = re.search(r"^ *[\d.]+ +[\d.]+ +\d+ +(\d+) .*futex$", table.read(), re.M)
    return int(row[1]) if row else 0


def futex(plumb, server):
    """Calls per probe that one shard waits for another or wakes it, without those of the start and the end."""
    return (_futexes(plumb, server, 10_000) - _futexes(plumb, server, 1_000)) / 9_000


def _watched(plumb, server, targets):
    """Samples of (connections begun, bytes allocated, descriptors open) from a run over that many targets, and the sockets that
    it left open at its end."""
    samples = []
    with tempfile.NamedTemporaryFile("w+b") as shared, listed(addresses(targets, server.mysql)) as file, \
            open(file, encoding="utf-8") as stdin, tempfile.TemporaryFile("w+") as out:
        shared.truncate(24)
        child = subprocess.Popen(plumb.command(["-"], "--tls", "off", *plumb.guards()), stdin=stdin, stdout=out, env={
            **os.environ, "LD_PRELOAD": os.path.join(server.programs, "live_heap.so"), "PLUMB_LIVE_HEAP": shared.name})
        with mmap.mmap(shared.fileno(), 24) as counts:
            while child.poll() is None:
                with contextlib.suppress(OSError):
                    live, connects, _ = struct.unpack("qqq", counts)
                    samples.append((connects, live, len(os.listdir(f"/proc/{child.pid}/fd"))))
                time.sleep(0.005)
            left_open = struct.unpack("qqq", counts)[2]
        out.seek(0)
        if child.returncode or json.loads(out.read().splitlines()[-1])["ok"] != targets:
            raise Failed(f"plumb: exit {child.returncode}, not all of {targets} ok")
    return samples, left_open


def million(plumb, server):
    """MiB in use after a million probes over those after a hundred thousand, in the middle of the samples around each."""
    samples, left_open = _watched(plumb, server, 1_000_000)
    (early, early_files), (late, late_files) = (
        (statistics.median(values) for values in list(zip(*around))[1:])
        for around in ([one for one in samples if low <= one[0] <= high]
                       for low, high in ((90_000, 110_000), (980_000, 999_000))))
    # As many as are in flight come and go; what is lost stays to the end.
    if left_open or late_files > early_files + AT_ONCE:
        raise Failed(f"plumb: {late_files:.0f} descriptors after a million probes, {early_files:.0f} after a hundred thousand; "
                     f"{left_open} sockets open at the end")
    return (late - early) / 2**20


IN_FLIGHT = ("--concurrency",)
PLAIN, TLS = ("--tls", "off"), ("--tls", "required")
VALGRIND = ("valgrind",)
FIGURES = [
    Figure("slope", "CPU per target, 10,000 to 100,000 over 1,000 to 10,000", 0.8, 1.2, slope),
    Figure("dead", "10,000 targets, 20 % silent: wall over (3 s + the live alone)", 0, 1.2, dead, IN_FLIGHT),
    Figure("shards", "CPU per probe with two shards over one", 0, 1.15, shards, lacks=_one_core),
    Figure("futex", "futex calls per probe with a shard per core", -1, 0.005, futex, tools=("strace",)),
    Figure("million", "MiB of heap after 1,000,000 probes over 100,000 probes; no descriptor more", -1, 1, million),
    Figure("long-list", "MiB for 1,000,000 lines of input over 1,000", -64, 64, long_list),
    Figure("stalled", "KiB of user heap per stalled probe, without TLS", 0, 16, stalled("stalled", *PLAIN), IN_FLIGHT, VALGRIND),
    Figure("stalled-tls", "KiB of user heap per probe stalled within TLS", 0, 64,
           stalled("stalled_tls", *TLS), IN_FLIGHT, VALGRIND),
    Figure("resident", "KiB resident per stalled probe, without TLS; no bar", 0, math.inf, resident("stalled", *PLAIN), IN_FLIGHT),
    Figure("resident-tls", "KiB resident per probe stalled within TLS; no bar", 0, math.inf,
           resident("stalled_tls", *TLS), IN_FLIGHT),
]
