"""A client written from docs/protocol.md alone: it imports nothing of pip-editor, as one in another language would not.

python foreign_client.py SERVICE_JSON tcp|unix IN.ppm OUT.ppm DEGRADATION
"""

import hashlib
import hmac
import json
import os
import socket
import struct
import sys


class Service:
    def __init__(self, file, way):
        with open(file, encoding="utf-8") as opened:
            told = json.load(opened)
        if way == "unix":
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.connect(told["socket"])
        else:
            self.socket = socket.create_connection(("127.0.0.1", told["port"]))
        self.key = bytes.fromhex(told["key"])
        self.number = 0

    def send(self, head, body=b""):
        text = json.dumps(head).encode("utf-8")
        self.socket.sendall(b"PIPE" + struct.pack(">IQ", len(text), len(body)) + text + body)

    def receive(self):
        magic, head, body = struct.unpack(">4sIQ", self.exactly(16))
        assert magic == b"PIPE"
        return json.loads(self.exactly(head)), self.exactly(body)

    def exactly(self, count):
        data = b""
        while len(data) < count:
            piece = self.socket.recv(count - len(data))
            if not piece:
                raise EOFError
            data += piece
        return data

    def proof(self, side, theirs, ours):
        text = "\n".join(["pip-editor " + side, theirs, ours])
        return hmac.new(self.key, text.encode(), hashlib.sha256).hexdigest()

    def handshake(self, name):
        nonce = os.urandom(32).hex()
        self.send({"type": "hello", "protocol": 1, "client": name, "nonce": nonce})
        challenge, _ = self.receive()
        assert challenge["type"] == "challenge", challenge
        assert hmac.compare_digest(challenge["proof"], self.proof("service", nonce, challenge["nonce"]))
        self.send({"type": "proof", "proof": self.proof("client", challenge["nonce"], nonce)})
        welcome, _ = self.receive()
        assert welcome["type"] == "welcome", welcome
        return welcome["info"]

    def ask(self, kind):
        self.number += 1
        self.send({"type": kind, "id": self.number})
        return self.receive()[0]

    def begin(self, kind, width, height, rows, **more):
        """Send a request and its picture, in strips of 16 rows."""
        self.number += 1
        picture = {"width": width, "height": height, "channels": "RGB", "depth": "u8"}
        self.send({"type": kind, "id": self.number, "picture": picture, **more})
        for top in range(0, height, 16):
            bottom = min(top + 16, height)
            head = {"type": "rows", "id": self.number, "top": top, "bottom": bottom}
            self.send(head, rows[top * width * 3 : bottom * width * 3])

    def finish(self):
        """Collect the answers of the last request: the pixels, and the last message."""
        pixels = b""
        while True:
            head, body = self.receive()
            if head.get("id") != self.number or head["type"] == "progress":
                continue
            if head["type"] != "strip":
                return pixels, head
            pixels += body


def read_ppm(file):
    with open(file, "rb") as opened:
        magic, width, height, full, rows = opened.read().split(maxsplit=4)
    assert (magic, full) == (b"P6", b"255")
    return int(width), int(height), rows


def main(file, way, source, target, degradation):
    service = Service(file, way)
    service.handshake("foreign")
    width, height, rows = read_ppm(source)
    service.begin("restore", width, height, rows, mix={degradation: 1.0})
    pixels, last = service.finish()
    if last["type"] == "error":
        sys.exit(f"{last['message']} {last['advice']}")
    with open(target, "wb") as opened:
        opened.write(b"P6 %d %d 255\n" % (width, height) + pixels)
    print(json.dumps(last["report"]))


if __name__ == "__main__":
    main(*sys.argv[1:])
