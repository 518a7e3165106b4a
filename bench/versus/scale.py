"""What no ratio to a floor shows: whether plumb stays the same with more targets, with dead ones and with a long list.

Each figure is a number within bounds. Those that need options of the fleet engine are left out of a plumb without them.
"""

import contextlib
import dataclasses
import json
import subprocess
import time
import typing

from measure import Failed
from plumb_side import addresses, listed


@dataclasses.dataclass
class Figure:
    name: str
    what: str
    low: float
    high: float
    run: typing.Callable  # (plumb, server) -> number
    needs: tuple = ()  # options of plumb's

    def missing(self, plumb):
        absent = [option for option in self.needs if not plumb.knows(option)]
        return f"this plumb has no {', '.join(absent)}" if absent else None


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


def stalled(port, *words):
    """KiB that a probe takes which waits for its server, from 500 of them to 4,000."""
    def run(plumb, server):
        few, many = (_peak_mib(plumb, addresses(count, getattr(server, port)), *words, "--timeout", "5s",
                               *plumb.guards(in_flight=count)) for count in (500, 4_000))
        return (many - few) * 1024 / 3_500
    return run


IN_FLIGHT = ("--concurrency",)
FIGURES = [
    Figure("slope", "CPU per target, 10,000 to 100,000 over 1,000 to 10,000", 0.8, 1.2, slope),
    Figure("dead", "10,000 targets, 20 % silent: wall over (3 s + the live alone)", 0, 1.2, dead, IN_FLIGHT),
    Figure("long-list", "MiB for 1,000,000 lines of input over 1,000", -64, 64, long_list),
    Figure("stalled", "KiB resident per stalled probe, without TLS", 0, 16, stalled("stalled", "--tls", "off"), IN_FLIGHT),
    Figure("stalled-tls", "KiB resident per probe stalled within TLS", 0, 64, stalled("stalled_tls", "--tls", "required"), IN_FLIGHT),
]
