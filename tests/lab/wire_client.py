"""A client of MySQL's connection phase that shows every packet: `wire_client.py HOST PORT JSON`, prints JSON lines.

It exists beside plumb because it must do what plumb never does: answer wrongly, fall silent, stay. The conformance
table and the recorded packets are made with it.

    tls      the only version it speaks ("1.1", "1.2", "1.3"); none: no TLS
    ca       a CA file that the server's certificate must chain to; none: any certificate
    user, password, plugin        the login; the plugin of the first answer is the greeting's unless given
    switch   what AuthSwitch is answered with: "proof", or "empty"
    old      as a client without PROTOCOL_41
    stop     "greeting": it never logs in
    pause    seconds between the greeting and the login
    ask      a statement after the login; then `packets` are its answer alone
    stay     seconds to wait for the server's next word, after the greeting (stop) or the login; none: COM_QUIT
    times    so many sessions side by side; the first that is refused is told

The line `{"ready": true}` comes before it waits. Then: `packets` [[sequence, hex]…] as they came, `tls` the version or the
client's error, `rest` what came in plain text after TLS had failed (hex), `end` closed, reset, silent or refused, `waited`.
"""

import contextlib
import hashlib
import json
import socket
import ssl
import struct
import sys
import time

CLIENT_SSL, PROTOCOL_41, PLUGIN_AUTH = 0x800, 0x200, 0x80000
FLAGS = 0x1 | PROTOCOL_41 | 0x2000 | 0x8000 | PLUGIN_AUTH
VERSIONS = {"1.1": ssl.TLSVersion.TLSv1_1, "1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}
PATIENCE = 20.0


def mixed(left, right):
    return bytes(a ^ b for a, b in zip(left, right))


def proof(plugin, password, nonce):
    if not password:
        return b""
    text, nonce = password.encode(), nonce[:20]
    if plugin == "caching_sha2_password":
        once = hashlib.sha256(text).digest()
        return mixed(once, hashlib.sha256(hashlib.sha256(once).digest() + nonce).digest())
    once = hashlib.sha1(text).digest()
    return mixed(once, hashlib.sha1(nonce + hashlib.sha1(once).digest()).digest())


def read_greeting(payload):
    """Version, nonce, capabilities and plugin of a HandshakeV10."""
    end = payload.index(b"\0", 1)
    at = end + 5
    low, high = struct.unpack_from("<H", payload, at + 9)[0], struct.unpack_from("<H", payload, at + 14)[0]
    nonce = payload[at:at + 8] + payload[at + 27:at + 39]
    return {"version": payload[1:end].decode(), "nonce": nonce, "capabilities": low | high << 16,
            "nonce_length": payload[at + 16], "reserved": payload[at + 17:at + 27].hex(),
            "plugin": payload[at + 40:].rstrip(b"\0").decode()}


class Ended(Exception):
    pass


class Client:
    def __init__(self, host, port, words):
        self.words, self.packets, self.result = words, [], {}
        self.tls, self.received, self.sequence = None, b"", 0
        self.socket = socket.create_connection((host, port), PATIENCE)

    def pull(self):
        try:
            data = self.socket.recv(65536)
        except ConnectionResetError as error:
            raise Ended("reset") from error
        except TimeoutError as error:
            raise Ended("silent") from error
        if not data:
            raise Ended("closed")
        return data

    def fill(self):
        if not self.tls:
            self.received += self.pull()
            return
        try:
            data = self.tls.read(65536)
            if not data:  # close_notify
                raise Ended("closed")
            self.received += data
        except ssl.SSLWantReadError:
            self.incoming.write(self.pull())
        except ssl.SSLError as error:
            raise Ended("closed") from error

    def read(self):
        while len(self.received) < 4 or len(self.received) < 4 + int.from_bytes(self.received[:3], "little"):
            self.fill()
        size = 4 + int.from_bytes(self.received[:3], "little")
        packet, self.received = self.received[:size], self.received[size:]
        self.sequence = packet[3] + 1
        self.packets.append([packet[3], packet[4:].hex()])
        return packet[4:]

    def send(self, payload, sequence=None):
        data = struct.pack("<I", len(payload))[:3] + bytes([self.sequence if sequence is None else sequence]) + payload
        if self.tls:
            self.tls.write(data)
            data = self.outgoing.read()
        self.put(data)

    def put(self, data):
        try:
            self.socket.sendall(data)
        except ConnectionError as error:
            raise Ended("reset") from error

    def start_tls(self, flags):
        self.send(struct.pack("<IIB23x", flags, 1 << 24, 45))
        self.sequence += 1
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        if self.words.get("ca"):
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self.words["ca"])
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = VERSIONS[self.words["tls"]]
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(self.incoming, self.outgoing)
        try:
            self.shake_hands(tls)
        except ssl.SSLError as error:
            self.result["tls"] = error.reason or str(error)
            self.read_rest()
        self.tls, self.result["tls"] = tls, tls.version()

    def shake_hands(self, tls):
        while True:
            try:
                tls.do_handshake()
                self.put(self.outgoing.read())
                return
            except ssl.SSLWantReadError:
                self.put(self.outgoing.read())
                self.last = self.pull()
                self.incoming.write(self.last)

    def read_rest(self):
        """What the server still says when TLS has failed: the records it failed with, and what follows them."""
        rest = self.last
        try:
            with contextlib.suppress(ConnectionError):
                self.socket.sendall(self.outgoing.read())  # our alert
            while True:
                rest += self.pull()
        except Ended as ended:
            while len(rest) >= 5 and rest[0] in range(20, 25) and rest[1] == 3:  # TLS records
                rest = rest[5 + int.from_bytes(rest[3:5], "big"):]
            self.result["rest"] = rest.hex()
            raise ended

    def log_in(self, greeting):
        words = self.words
        flags = FLAGS & ~(PROTOCOL_41 if words.get("old") else 0)
        if words.get("tls"):
            flags |= CLIENT_SSL
            self.start_tls(flags)
        if words.get("old"):
            self.send(struct.pack("<HHB", flags & 0xFFFF, 0xFFFF, 0) + words.get("user", "plumb_probe").encode() + b"\0")
            return self.read()[:1] == b"\0"
        plugin = words.get("plugin") or greeting["plugin"]
        answer = proof(plugin, words.get("password"), greeting["nonce"])
        self.send(struct.pack("<IIB23x", flags, 1 << 24, 45) + words.get("user", "plumb_probe").encode() + b"\0"
                  + bytes([len(answer)]) + answer + plugin.encode() + b"\0")
        while True:
            packet = self.read()
            if packet[:1] in (b"\0", b"\xff"):
                return packet[:1] == b"\0"
            if packet[:1] == b"\xfe":
                plugin, nonce = packet[1:].split(b"\0", 1)
                plugin = plugin.decode()
                self.send(b"" if words.get("switch") == "empty" else proof(plugin, words.get("password"), nonce))
            elif packet[:2] == b"\1\4":
                self.send(words["password"].encode() + b"\0" if self.tls and words.get("password") else b"")

    def ask(self):
        """To the end of a text result: an EOF behind the definitions and one behind the rows, or an error, or OK."""
        self.packets = []
        self.send(b"\x03" + self.words["ask"].encode(), 0)
        first, ends = self.read(), 0
        while ends < 2 and first[:1] not in (b"\0", b"\xff"):
            packet = self.read()
            if packet[:1] == b"\xff":
                return
            ends += packet[:1] == b"\xfe" and len(packet) < 9

    def stay(self):
        print('{"ready": true}', flush=True)
        self.socket.settimeout(self.words["stay"])
        while True:
            self.read()

    def talk(self):
        """To the end; `end` tells how."""
        began = time.monotonic()
        try:
            greeting = self.read()
            refused = greeting[:1] == b"\xff"
            if "pause" in self.words:
                print('{"ready": true}', flush=True)
                time.sleep(self.words["pause"])
            if not refused and self.words.get("stop") != "greeting":
                refused = not self.log_in(read_greeting(greeting))
            while refused:
                self.read()
            if "times" in self.words:
                return None
            if "ask" in self.words:
                self.ask()
            began = time.monotonic()
            if "stay" in self.words:
                self.stay()
            self.send(b"\x01", 0)
            self.read()
        except Ended as ended:
            return {**self.result, "packets": self.packets, "end": str(ended), "waited": round(time.monotonic() - began, 1)}


def main(host, port, words):
    crowd = []
    for _ in range(words.get("times", 1)):
        try:
            crowd.append(Client(host, port, words))
        except ConnectionRefusedError:
            return {"packets": [], "end": "refused", "waited": 0.0}
        told = crowd[-1].talk()
        if told:
            return told
        time.sleep(0.1)  # a server may count a session only after it has said OK
    return {"packets": crowd[-1].packets, "end": "open", "waited": 0.0}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3]))), flush=True)
