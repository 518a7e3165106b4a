"""Delay without netem, which not every kernel has: a TUN device whose packets come back later.

`relay.py DEVICE DELAY_MS JITTER_MS`: the router sends what it is to delay into the device; this program keeps each
packet for delay ± jitter, in order, and writes it back, whereupon the kernel routes it on.
"""

import collections
import fcntl
import os
import random
import select
import struct
import sys
import time

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000


def main():
    device, delay, jitter = sys.argv[1], float(sys.argv[2]) / 1000, float(sys.argv[3]) / 1000
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", device.encode(), IFF_TUN | IFF_NO_PI))
    waiting, last = collections.deque(), 0.0
    while True:
        pause = max(0.0, waiting[0][0] - time.monotonic()) if waiting else None
        if select.select([tun], [], [], pause)[0]:
            packet = os.read(tun, 65536)
            last = max(last, time.monotonic() + delay + random.uniform(-jitter, jitter))
            waiting.append((last, packet))
        while waiting and waiting[0][0] <= time.monotonic():
            os.write(tun, waiting.popleft()[1])


if __name__ == "__main__":
    main()
