"""A MySQL server of a few lines on a port of the kernel's choice: greeting, then one answer to the login."""

import socket
import struct
import threading

DENIED = (1045, b"28000", b"Access denied for user 'plumb_probe'@'127.0.0.1' (using password: NO)")
CAPABILITIES = 0x1 | 0x8 | 0x200 | 0x2000 | 0x8000 | 0x80000 | 0x100000 | 0x200000


def packet(sequence, payload):
    return struct.pack("<I", len(payload))[:3] + bytes([sequence & 255]) + payload


def greeting(plugin=b"mysql_native_password"):
    nonce = b"abcdefgh0123456789AB"
    return (b"\x0a8.0.36\0" + struct.pack("<I", 4711) + nonce[:8] + b"\0"
            + struct.pack("<H", CAPABILITIES & 0xffff) + b"\xff\x02\0" + struct.pack("<H", CAPABILITIES >> 16)
            + b"\x15" + b"\0" * 10 + nonce[8:] + b"\0" + plugin + b"\0")


class FakeServer:
    """`answer`: an error (code, SQLSTATE, text), None for OK, or "silent" to greet nobody."""

    def __init__(self, answer=DENIED):
        self.answer = answer
        self.logins = []  # the user of each login
        self.connections = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()

    @property
    def target(self):
        return f"127.0.0.1:{self.port}"

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection):
        with connection:
            try:
                if self.answer == "silent":
                    connection.recv(1)
                    return
                connection.sendall(packet(0, greeting()))
                sequence, payload = self._read(connection)
                user = payload[32:payload.index(b"\0", 32)].decode()
                self.logins.append(user)
                connection.sendall(packet(sequence + 1, self._answer()))
                connection.recv(64) if self.answer is None else None
            except (OSError, ValueError, EOFError):
                pass

    def _answer(self):
        if self.answer is None:
            return b"\0\0\0\x02\0\0\0"
        code, state, text = self.answer
        return b"\xff" + struct.pack("<H", code) + b"#" + state + text

    @staticmethod
    def _read(connection):
        head = FakeServer._exactly(connection, 4)
        return head[3], FakeServer._exactly(connection, int.from_bytes(head[:3], "little"))

    @staticmethod
    def _exactly(connection, count):
        data = b""
        while len(data) < count:
            more = connection.recv(count - len(data))
            if not more:
                raise EOFError
            data += more
        return data


def closed_port():
    """A port of loopback on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]
