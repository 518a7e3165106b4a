"""How soon, and in how much memory, plumb says that a healthy server is healthy: process start to exit, over loopback."""

import json
import os
import subprocess

from lab import plumb_binary

RUNS = 100


def main(lab):
    words = [plumb_binary(), "check", "127.0.0.1:3306", "--tls", "required"]
    out = f"{lab.db_host.directory}/hyperfine.json"
    command = lab.db_host.command(["hyperfine", "-N", "--style", "none", "--warmup", "5", "--runs", str(RUNS),
                                   "--export-json", out, " ".join(words)])
    subprocess.run(command, check=True)
    with open(out, encoding="utf-8") as file:
        result = json.load(file)["results"][0]
    child = subprocess.Popen(lab.db_host.command(words), stdout=subprocess.DEVNULL)
    _, _, usage = os.wait4(child.pid, 0)
    print(f"first verdict: median {result['median'] * 1000:.1f} ms, slowest of {RUNS} {result['max'] * 1000:.1f} ms "
          f"(bound 50 ms); peak memory {usage.ru_maxrss / 1024:.1f} MB")
    return 0 if result["median"] <= 0.05 else 1
