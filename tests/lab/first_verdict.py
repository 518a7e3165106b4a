"""How soon, and in how much memory, plumb says that a healthy server is healthy: process start to exit, over loopback."""

import contextlib
import json
import subprocess

from lab import plumb_binary

RUNS = 100


def peak_kb(command):
    """The highest water mark of the program itself: what wait4 gives holds ours too, from before the exec."""
    child, peak = subprocess.Popen(command, stdout=subprocess.DEVNULL), 0
    while child.poll() is None:
        with contextlib.suppress(OSError), open(f"/proc/{child.pid}/status", encoding="utf-8") as file:
            lines = dict(line.split(":", 1) for line in file)
            if lines["Name"].strip() == "plumb" and "VmHWM" in lines:
                peak = int(lines["VmHWM"].split()[0])
    return peak


def main(lab):
    words = [plumb_binary(), "check", "127.0.0.1:3306", "--tls", "required"]
    out = f"{lab.db_host.directory}/hyperfine.json"
    command = lab.db_host.command(["hyperfine", "-N", "--style", "none", "--warmup", "5", "--runs", str(RUNS),
                                   "--export-json", out, " ".join(words)])
    subprocess.run(command, check=True)
    with open(out, encoding="utf-8") as file:
        result = json.load(file)["results"][0]
    print(f"first verdict: median {result['median'] * 1000:.1f} ms, slowest of {RUNS} {result['max'] * 1000:.1f} ms "
          f"(bound 50 ms); peak memory {peak_kb(lab.db_host.command(words)) / 1024:.1f} MB")
    return 0 if result["median"] <= 0.05 else 1
