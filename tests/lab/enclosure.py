"""A world of its own for the lab: private network, mount and process namespaces.

The lab re-executes itself inside them, as root or, where there is none, as the root of a user namespace. All that it
makes (links, rules, mounts, a tmpfs on /run with every file of it, all processes) lives in there, so that
the kernel takes everything away when the first process ends, even by kill -9. Nothing is attached to the
host's network: two labs cannot meet, and no system file is changed.

/etc becomes a tmpfs of links per host (host.py), because resolv.conf, hosts and nsswitch.conf differ from host to host.
"""

import os
import shutil
import subprocess
import sys

INSIDE = "PLUMB_LAB_INSIDE"
STATE = "/run/lab"
TOOLS = {
    "ip": "iproute2", "nft": "nftables", "unshare": "util-linux", "nsenter": "util-linux",
    "unbound": "unbound", "haproxy": "haproxy", "mariadbd": "mariadb-server", "mariadb": "mariadb-server",
    "openssl": "openssl",
}


def search_system_paths():
    """unbound, nft and haproxy live in sbin, which an ordinary user's PATH leaves out."""
    os.environ["PATH"] = os.environ.get("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin"


def unshare_command():
    flags = ["--mount", "--net", "--ipc", "--pid", "--fork", "--kill-child", "--mount-proc"]
    if os.geteuid() != 0:
        flags = ["--user", "--map-root-user", *flags]
    return ["unshare", *flags]


def missing():
    """What stands in the way of a lab here, as sentences; empty when it can run."""
    search_system_paths()
    gaps = [f"{tool} is not installed (package {package})"
            for tool, package in TOOLS.items() if not shutil.which(tool)]
    if shutil.which("unshare"):
        trial = subprocess.run([*unshare_command(), "true"], capture_output=True, text=True)
        if trial.returncode != 0:
            gaps.append("namespaces cannot be made here: " + trial.stderr.strip())
    return gaps


def left_out():
    """What a lab without root cannot show."""
    if os.geteuid() == 0:
        return []
    return ["no root: the lab runs in a user namespace; MySQL in its chroot (--full) is left out"]


def enter(argv):
    """Replaces this process by the same program inside; returns only when it already is inside."""
    if os.environ.get(INSIDE):
        prepare()
        return
    os.environ[INSIDE] = "root" if os.geteuid() == 0 else "user"
    sys.stdout.flush()
    os.execvp("unshare", [*unshare_command(), sys.executable, "-B", *argv])


def prepare():
    search_system_paths()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "lab", "/run"], check=True)
    os.makedirs(f"{STATE}/etc")
    os.makedirs("/run/netns", exist_ok=True)
    subprocess.run(["mount", "--rbind", "/etc", f"{STATE}/etc"], check=True)
