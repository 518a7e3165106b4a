"""A server that misbehaves on purpose: `standin.py PORT BEHAVIOUR [CHAIN KEY] [--journal FILE] [--script JSON]`.

It walks through the steps of MySQL's connection phase as a server does, and at a chosen step closes, stalls or
drips: `close:N`, `stall:N`, `drip:N`. The journal gets a line when a connection is accepted, and one with the last
step that it reached when it is over: by it a test counts what a client broke off (read_journal).

`script` says what servers say that cannot be run here (TiDB Cloud's gateway, ApsaraDB's white list): `version`, `tls`,
`client_certificate`, `ciphers`, `refuses` (an error in the greeting's place), `rules` (a list of `user`, `tls`, `error`:
the first whose pattern fits the login answers it; none: the login is accepted). An error is [code, sqlstate or "", text].
"""

import argparse
import json
import os
import re
import selectors
import socket
import ssl
import struct
import threading
import time

CLIENT_SSL = 0x800
GREETING_FLAGS = 0x81BFF7DF & ~0x20  # what MariaDB 10.11 offers, compression left out
ERROR_1045 = b"\xff\x15\x04#28000Access denied for user 'plumb_probe'@'lab' (using password: NO)"
STEPS = ("accepted", "half a header sent", "half a greeting sent", "greeting sent", "ssl request read",
         "client hello read", "half a server flight sent", "tls done", "login read", "half an error sent", "done")


def packet(sequence, payload):
    return struct.pack("<I", len(payload))[:3] + bytes([sequence]) + payload


def greeting(version=b"8.0.11-TiDB-v8.1.1", tls=True):
    flags = GREETING_FLAGS | (CLIENT_SSL if tls else 0)
    return packet(0, b"\x0a" + version + b"\0" + struct.pack("<I", 7) + b"abcdefgh\0" + struct.pack("<H", flags & 0xFFFF)
                  + b"\x2d\x02\x00" + struct.pack("<H", flags >> 16) + b"\x15" + b"\0" * 10 + b"ijklmnopqrst\0"
                  + b"mysql_native_password\0")


class Gone(Exception):
    """The client ended the conversation, or the behaviour says that we end it."""


def error_packet(sequence, code, state, text):
    marker = b"#" + state.encode() if state else b""
    return packet(sequence, b"\xff" + struct.pack("<H", code) + marker + text.encode())


class Conversation:
    def __init__(self, connection, behaviour, context, script):
        self.connection, self.context, self.script = connection, context, script
        self.verb, _, number = behaviour.partition(":")
        self.at = int(number) if number else None
        self.tls = None
        self.step = 0

    def reach(self, step):
        self.step = step
        if self.at == step and self.verb == "close":
            raise Gone
        if self.at == step and self.verb == "stall":
            self.wait_for_end()

    def wait_for_end(self):
        while self.connection.recv(65536):
            pass
        raise Gone

    def send(self, data):
        if self.verb == "drip" and self.at is not None and self.step >= self.at:
            for byte in data:
                self.connection.sendall(bytes([byte]))
                time.sleep(1)
        else:
            self.connection.sendall(data)

    def read(self):
        data = self.connection.recv(65536)
        if not data:
            raise Gone
        return data

    def read_packet(self):
        """Not a byte more: what follows an SSLRequest is TLS already."""
        header = self.connection.recv(4, socket.MSG_WAITALL)
        if len(header) < 4:
            raise Gone
        length = int.from_bytes(header[:3], "little")
        payload = self.connection.recv(length, socket.MSG_WAITALL)
        if len(payload) < length:
            raise Gone
        return payload

    def walk(self):
        hello = greeting(tls=self.context is not None)
        self.reach(0)
        self.send(hello[:2])
        self.reach(1)
        self.send(hello[2:40])
        self.reach(2)
        self.send(hello[40:])
        self.reach(3)
        request = self.read_packet()
        if self.context is not None and len(request) == 32:
            self.reach(4)
            self.start_tls()
            self.read_inside()
        self.reach(8)
        sequence = 3 if self.tls else 2
        self.send_inside(packet(sequence, ERROR_1045)[:12], 9)
        self.send_inside(packet(sequence, ERROR_1045)[12:], 10)

    def follow_script(self):
        if "refuses" in self.script:
            self.send(error_packet(0, *self.script["refuses"]))
            return
        version = {"version": self.script["version"].encode()} if "version" in self.script else {}
        self.send(greeting(tls=self.context is not None, **version))
        self.reach(3)
        login = self.read_packet()
        if self.context is not None and len(login) == 32:
            self.reach(4)
            self.start_tls()
            login = self.read_inside()[4:]
        self.reach(8)
        user = login[32:].split(b"\0", 1)[0].decode(errors="replace")
        sequence = 3 if self.tls else 2
        for rule in self.script.get("rules", ()):
            if re.search(rule.get("user", ""), user) and rule.get("tls", self.tls is not None) == (self.tls is not None):
                self.send_inside(error_packet(sequence, *rule["error"]), 10)
                return
        self.send_inside(packet(sequence, b"\0\0\0\x02\0\0\0"), 10)

    def start_tls(self):
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = self.context.wrap_bio(self.incoming, self.outgoing, server_side=True)
        while True:
            try:
                self.tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                self.flush()
                self.incoming.write(self.read())
                self.reach(max(self.step, 5))
            except ssl.SSLError:
                self.flush()
                raise Gone
        self.flush()
        self.reach(7)

    def flush(self):
        flight = self.outgoing.read()
        if not flight:
            return
        if self.step == 5:
            self.send(flight[:len(flight) // 2])
            self.reach(6)
            flight = flight[len(flight) // 2:]
        self.send(flight)

    def read_inside(self):
        while True:
            try:
                data = self.tls.read(65536)
                if not data:
                    raise Gone
                return data
            except ssl.SSLWantReadError:
                self.flush()
                self.incoming.write(self.read())
            except ssl.SSLError:
                raise Gone

    def send_inside(self, data, step):
        if self.tls:
            self.tls.write(data)
            data = self.outgoing.read()
        self.send(data)
        self.reach(step)


def flood(connection, head):
    connection.sendall(head)
    while True:
        connection.sendall(b"A" * 65536)


def speak_once(connection, data):
    """Says its piece and listens until the client leaves."""
    connection.sendall(data)
    while connection.recv(65536):
        pass


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


ODD = {
    "reset": reset,
    "x-protocol": lambda c: speak_once(c, b"\x05\0\0\0\x0b\x08\x05\x1a\0"),
    "silent": lambda c: speak_once(c, b""),
    "ssh": lambda c: speak_once(c, b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"),
    "garbage": lambda c: speak_once(c, bytes((i * 131 + 77) % 251 for i in range(4096))),
    "zeros": lambda c: speak_once(c, b"\0" * 4096),
    "flood": lambda c: flood(c, b""),
    "flood-packet": lambda c: flood(c, b"\xff\xff\xff\x00\x0a"),
    "escape-greeting": lambda c: speak_once(c, greeting(b"5.7\x1b]0;owned\x07\x1b[2J\x9b31m", tls=False)),
    "escape-error": lambda c: speak_once(
        c, packet(0, b"\xff\x15\x04#28000\x1b[31mroot\x1b]8;;http://evil\x07\r\n\x9b2J" + b"x" * 100)),
}


def serve(connection, behaviour, context, journal, script):
    conversation = Conversation(connection, behaviour, context, script)
    try:
        if behaviour in ODD:
            ODD[behaviour](connection)
        elif behaviour == "script":
            conversation.follow_script()
            while connection.recv(65536):
                pass
        else:
            conversation.walk()
            while connection.recv(65536):
                pass
    except (Gone, OSError):
        pass
    connection.close()
    if journal:
        line = json.dumps({"step": conversation.step, "reached": STEPS[conversation.step]}) + "\n"
        os.write(journal, line.encode())


def read_journal(path):
    """How many connections were accepted, and the last step of each that is over."""
    try:
        with open(path, encoding="ascii") as file:
            lines = [json.loads(line) for line in file]
    except FileNotFoundError:
        return 0, []
    return sum("accepted" in line for line in lines), [line["step"] for line in lines if "step" in line]


def listen(port):
    """One socket per family: the lab's addresses are both."""
    sockets = []
    for family, address in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind((address, port))
        listener.listen(512)
        sockets.append(listener)
    return sockets


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("behaviour")
    parser.add_argument("chain", nargs="?")
    parser.add_argument("key", nargs="?")
    parser.add_argument("--journal")
    parser.add_argument("--script", type=json.loads, default={})
    options = parser.parse_args()
    context = None
    if options.chain:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.chain, options.key)
        if options.script.get("client_certificate"):
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(options.chain)
        if "ciphers" in options.script:
            context.maximum_version = ssl.TLSVersion.TLSv1_2
            context.set_ciphers(options.script["ciphers"])
    journal = os.open(options.journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND) if options.journal else None
    selector = selectors.DefaultSelector()
    for listener in listen(options.port):
        selector.register(listener, selectors.EVENT_READ)
    while True:
        for ready, _ in selector.select():
            connection, _ = ready.fileobj.accept()
            if journal:
                os.write(journal, b'{"accepted": true}\n')
            threading.Thread(target=serve, args=(connection, options.behaviour, context, journal, options.script),
                             daemon=True).start()


if __name__ == "__main__":
    main()
