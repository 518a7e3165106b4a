"""One machine of the lab: a network and a mount namespace, kept alive by a sleeping process.

Its /etc is a tmpfs of links to the real one, except for the three files of name resolution, which are
links into the lab's state directory: the lab edits them in place.
"""

import os
import shutil
import subprocess
import zlib

from enclosure import STATE

NAME_FILES = ("resolv.conf", "hosts", "nsswitch.conf")
SETUP = f"""
set -e
ip link set lo up
echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad 2>/dev/null || :
mount -t tmpfs -o mode=755 lab /etc
for entry in {STATE}/etc/* {STATE}/etc/.[!.]*; do
  [ -e "$entry" ] && ln -s "$entry" "/etc/${{entry##*/}}"
done
for name in {' '.join(NAME_FILES)}; do
  rm -f "/etc/$name"
  ln -s "$1/$name" "/etc/$name"
done
echo ready
exec sleep infinity
"""


class Host:
    def __init__(self, name):
        self.name = name
        self.directory = f"{STATE}/{name}"
        os.makedirs(self.directory)
        self.write("resolv.conf", "")
        self.write("hosts", f"127.0.0.1 localhost\n::1 localhost\n127.0.1.1 {name}\n")
        self.write("nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n")
        self.holder = subprocess.Popen(
            ["unshare", "--net", "--mount", "sh", "-c", SETUP, "sh", self.directory],
            stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
        if self.holder.stdout.readline() != "ready\n":
            raise RuntimeError(f"the host {name} could not be made")

    def write(self, name, text):
        path = f"{self.directory}/{name}"
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def command(self, argv):
        # --root: in a chroot, entering a mount namespace alone leads out of it.
        return ["nsenter", "-t", str(self.holder.pid), "--net", "--mount", "--root", f"--wd={os.getcwd()}", "--", *argv]

    def run(self, *argv, check=True, timeout=60, **options):
        """Runs to the end; raises with the program's own words when it fails."""
        done = subprocess.run(self.command(argv), capture_output=True, text=True, timeout=timeout, **options)
        if check and done.returncode != 0:
            raise RuntimeError(f"{self.name}: {' '.join(argv)}: {done.stderr.strip() or done.stdout.strip()}")
        return done

    def start(self, *argv, log, environment=None):
        """Starts a program that stays; what it says goes to a file beside the host's others."""
        with open(f"{self.directory}/{log}.log", "ab") as out:
            return subprocess.Popen(self.command(argv), stdin=subprocess.DEVNULL, stdout=out,
                                    stderr=subprocess.STDOUT, start_new_session=True,
                                    env={**os.environ, **(environment or {})})

    def log(self, name):
        with open(f"{self.directory}/{name}.log", encoding="utf-8", errors="replace") as file:
            return file.read()

    def close(self):
        self.holder.kill()
        self.holder.wait()
        self.holder.stdout.close()
        shutil.rmtree(self.directory)

    def nft(self, rules):
        self.run("nft", "-f", "-", input=rules)

    def add_address(self, device, *addresses):
        for address in addresses:
            self.run("ip", "address", "add", address, "dev", device, *(["nodad"] if ":" in address else []))
        self.run("ip", "link", "set", device, "up")

    def route(self, *words):
        self.run("ip", *(["-6"] if ":" in " ".join(words) else []), "route", *words)

    def forward(self):
        self.run("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding")


def link(left, left_device, right, right_device):
    """A cable between two hosts. Its addresses are the same in every lab, and so are the IPv6 ones made of them."""
    subprocess.run(["ip", "link", "add", left_device, "address", hardware_address(left, left_device),
                    "netns", str(left.holder.pid), "type", "veth", "peer", "name", right_device,
                    "address", hardware_address(right, right_device), "netns", str(right.holder.pid)], check=True)


def hardware_address(host, device):
    number = zlib.crc32(f"{host.name} {device}".encode())
    return "02:00:" + ":".join(f"{byte:02x}" for byte in number.to_bytes(4, "big"))
