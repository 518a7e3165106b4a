"""A resolver of a few lines on loopback: some names with addresses, NXDOMAIN for the rest."""

import ipaddress
import socket
import struct
import threading

A, AAAA = 1, 28


class FakeResolver:
    """`names`: name to a list of addresses; absent: it never answers."""

    def __init__(self, names=None):
        self.names = names
        self.asked = []  # (from whom, name, type)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    @property
    def address(self):
        return f"127.0.0.1:{self.socket.getsockname()[1]}"

    def _serve(self):
        while True:
            try:
                query, sender = self.socket.recvfrom(4096)
            except OSError:
                return
            labels, at = [], 12
            while query[at]:
                labels.append(query[at + 1:at + 1 + query[at]].decode())
                at += query[at] + 1
            kind = struct.unpack(">H", query[at + 1:at + 3])[0]
            name = ".".join(labels).lower()
            self.asked.append((sender[0], name, kind))
            if self.names is not None:
                self.socket.sendto(self._answer(query, query[12:at + 5], name, kind), sender)

    def _answer(self, query, question, name, kind):
        known = [ipaddress.ip_address(text) for text in self.names.get(name, [])]
        found = [ip.packed for ip in known if ip.version == (4 if kind == A else 6)]
        rcode = 0 if name in self.names else 3
        records = b"".join(b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 60, len(ip)) + ip for ip in found)
        return query[:2] + struct.pack(">HHHHH", 0x8180 | rcode, 1, len(found), 0, 0) + question + records
