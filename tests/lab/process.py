"""Starting and ending the lab's servers: no sleeping for luck, a server is up when it answers."""

import os
import signal
import subprocess
import time


def wait_until(question, what, seconds=30.0):
    """Asks again every 20 ms; an exception of the question counts as no."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if question():
                return
        except (OSError, RuntimeError, subprocess.SubprocessError):
            pass
        time.sleep(0.02)
    raise RuntimeError(f"{what}: not within {seconds:.0f} s")


def wait_for_listener(host, port, what):
    wait_until(lambda: f":{port} " in host.run("ss", "-lntu").stdout, f"{host.name}: {what} on port {port}")


def stop(process):
    """Ends a program and what it started (its process group), politely first."""
    if process is None or process.poll() is not None:
        return
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
