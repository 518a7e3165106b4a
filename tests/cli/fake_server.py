"""A MySQL server of a few lines on a port of the kernel's choice: greeting, TLS if it has a context, then one
answer to the login. Real TLS is Python's, so that the product's does not judge itself."""

import contextlib
import socket
import struct
import threading
import time

DENIED = (1045, b"28000", b"Access denied for user 'plumb_probe'@'127.0.0.1' (using password: NO)")
SSL = 0x800
CAPABILITIES = 0x1 | 0x8 | 0x200 | 0x2000 | 0x8000 | 0x80000 | 0x100000 | 0x200000


def packet(sequence, payload):
    return struct.pack("<I", len(payload))[:3] + bytes([sequence & 255]) + payload


def greeting(plugin=b"mysql_native_password", capabilities=CAPABILITIES):
    nonce = b"abcdefgh0123456789AB"
    return (b"\x0a8.0.36\0" + struct.pack("<I", 4711) + nonce[:8] + b"\0"
            + struct.pack("<H", capabilities & 0xffff) + b"\xff\x02\0" + struct.pack("<H", capabilities >> 16)
            + b"\x15" + b"\0" * 10 + nonce[8:] + b"\0" + plugin + b"\0")


class FakeServer:
    """`answer`: an error (code, SQLSTATE, text), None for OK, or "silent" to greet nobody. `tls`: an SSLContext.
    `port`: of another one, to stand beside it on another address."""

    def __init__(self, answer=DENIED, tls=None, host="127.0.0.1", delay=0.0, port=0):
        self.answer, self.tls, self.host, self.delay = answer, tls, host, delay
        self.certificates = []  # the client's, of each TLS connection
        self.at_once = self.most_at_once = 0
        self.logins = []  # the user of each login
        self.connections = 0
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.listener = socket.create_server((host, port), family=family)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()

    @property
    def target(self):
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection):
        with contextlib.ExitStack() as opened:  # closed last: whoever sees the end may connect again at once
            opened.enter_context(connection)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            try:
                self._converse(connection, opened)
            except (OSError, ValueError, EOFError):
                pass
            finally:
                self.at_once -= 1

    def _converse(self, connection, opened):
        if self.answer == "silent":
            connection.recv(1)
            return
        time.sleep(self.delay)
        connection.sendall(packet(0, greeting(capabilities=CAPABILITIES | (SSL if self.tls else 0))))
        sequence, payload = self._read(connection)
        if self.tls and len(payload) == 32:
            connection = opened.enter_context(self.tls.wrap_socket(connection, server_side=True))
            self.certificates.append(connection.getpeercert())
            sequence, payload = self._read(connection)
        self.logins.append(payload[32:payload.index(b"\0", 32)].decode())
        connection.sendall(packet(sequence + 1, self._answer()))
        if self.answer is None:
            connection.recv(64)

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
