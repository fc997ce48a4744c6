"""Junk, strangers and the dying: it answers, drops them, and serves the others. The seeds are fixed."""

from __future__ import annotations

import gc
import json
import random
import resource
import socket
import struct
import threading
import time
import tracemalloc

import pytest

from pip_backend.service.session import Session
from pip_client import ServiceError, connect

from .fakes import Canvas, as_picture, photo, wait_for
from .foreign_client import Service


@pytest.fixture
def port(serve):
    return serve(handshake_seconds=1.0, message_seconds=1.0, stall_seconds=2.0).port


def dial(port):
    return socket.create_connection(("127.0.0.1", port), 5)


def last_words(sock):
    """Read to the end."""
    data = b""
    try:
        while piece := sock.recv(1 << 16):
            data += piece
    except OSError:
        pass
    sock.close()
    return data


def errors_in(data):
    found = []
    while data:
        _, head, body = struct.unpack(">4sIQ", data[:16])
        found.append(json.loads(data[16 : 16 + head]))
        data = data[16 + head + body :]
    return [message["code"] for message in found if message["type"] == "error"]


def still_serves():
    pixels = photo()
    with connect("the others", start=False, timeout=10) as client:
        canvas = Canvas(pixels)
        client.restore(as_picture(pixels), {"denoise": 1}, on_strip=canvas)
        return canvas.whole


def frame(head, body=b""):
    text = head if isinstance(head, bytes) else json.dumps(head).encode()
    return b"PIPE" + struct.pack(">IQ", len(text), len(body)) + text + body


HELLO = {"type": "hello", "protocol": 1, "client": "x", "nonce": "0" * 64}
JUNK = {
    "the web": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "zeros": bytes(64),
    "a huge head": b"PIPE" + struct.pack(">IQ", 0xFFFFFFFF, 0),
    "a huge body": b"PIPE" + struct.pack(">IQ", 2, 1 << 63) + b"{}",
    "a body from a stranger": frame(HELLO, b"x"),
    "no head": b"PIPE" + struct.pack(">IQ", 0, 0),
    "no JSON": frame(b"{]"),
    "no object": frame(b"[1]"),
    "no UTF-8": frame(b'{"type": "\xff"}'),
    "NaN": frame(b'{"type": NaN}'),
    "deep": frame(b"[" * 4000),
    "a pickle": frame(b"\x80\x04\x95\x0b\x00\x00\x00."),
    "out of turn": frame({"type": "restore", "id": 1}),
    "a short nonce": frame({**HELLO, "nonce": "1"}),
}


@pytest.mark.parametrize("name", JUNK)
def test_junk_is_answered_and_dropped(port, name):
    sock = dial(port)
    sock.sendall(JUNK[name])
    assert errors_in(last_words(sock)) == ["protocol"]
    assert still_serves()


def test_another_version_is_told_so(port):
    sock = dial(port)
    sock.sendall(frame({**HELLO, "protocol": 2}))
    assert errors_in(last_words(sock)) == ["version"]


def test_a_wrong_key_gets_nothing(port, runtime):
    service = Service(runtime / "service.json", "tcp")
    service.key = bytes(32)
    with pytest.raises(AssertionError):
        service.handshake("thief")
    service.send({"type": "proof", "proof": "0" * 64})
    assert errors_in(last_words(service.socket)) == ["key"]


def test_half_a_handshake_is_given_up(port):
    sock = dial(port)
    sock.sendall(frame(HELLO)[:20])
    began = time.monotonic()
    assert errors_in(last_words(sock)) == ["protocol"]
    assert time.monotonic() - began < 4


@pytest.mark.parametrize("seed", range(8))
def test_random_bytes_after_the_handshake_harm_nobody_else(port, runtime, seed):
    rng = random.Random(seed)
    service = Service(runtime / "service.json", "tcp")
    service.handshake("drunk")
    good = frame({"type": "ping", "id": 1})
    for _ in range(20):
        data = bytearray(good if rng.random() < 0.6 else rng.randbytes(rng.randrange(1, 200)))
        if rng.random() < 0.7:
            data[rng.randrange(len(data))] = rng.randrange(256)
        try:
            service.socket.sendall(data[: rng.randrange(1, len(data) + 1)])
        except OSError:
            break
    service.socket.shutdown(socket.SHUT_WR)
    service.socket.settimeout(5)
    last_words(service.socket)
    assert still_serves()


@pytest.mark.parametrize("seed", range(6))
def test_mutated_requests_are_answered(port, runtime, seed):
    rng = random.Random(seed)
    service = Service(runtime / "service.json", "unix")
    service.handshake("mutant")
    service.socket.settimeout(5)
    values = [
        None,
        -1,
        2**70,
        1.5,
        "",
        "x" * 300,
        [],
        {},
        True,
        [[]],
        {"type": "combined"},
        "rows",
        "suggest",
        {"path": "/"},
    ]
    for number in range(25):
        picture = {"width": 4, "height": 4, "channels": "RGB", "depth": "u8"}
        head = {"type": "restore", "id": number, "picture": picture, "mix": {"denoise": 1}, "regions": [{"mask": None}]}
        target = rng.choice([head, picture, head["regions"][0]])
        target[
            rng.choice(
                [
                    *target,
                    "recipe",
                    "rectangle",
                    "rectangles",
                    "difference",
                    "errors",
                    "strips",
                    "model",
                    "strength",
                    "feather",
                    "linear",
                ]
            )
        ] = rng.choice(values)
        service.send(head)
        service.send({"type": "rows", "id": head["id"], "top": 0, "bottom": 4}, bytes(48))
        service.send({"type": "cancel", "id": number})
    service.number = 1000
    while service.ask("ping")["type"] != "pong":
        pass
    service.socket.close()
    assert still_serves()


def test_a_message_that_never_ends_is_given_up(port, runtime):
    service = Service(runtime / "service.json", "tcp")
    service.handshake("slow writer")
    service.socket.settimeout(5)
    service.socket.sendall(frame({"type": "ping", "id": 1})[:10])
    assert errors_in(last_words(service.socket)) == ["timeout"]
    assert still_serves()


def test_a_picture_that_never_ends_is_given_up(serve, runtime):
    server = serve(upload_seconds=0.5)
    service = Service(runtime / "service.json", "tcp")
    service.handshake("slow writer")
    service.socket.settimeout(5)
    picture = {"width": 8, "height": 8, "channels": "RGB", "depth": "u8"}
    service.send({"type": "restore", "id": 1, "picture": picture})
    assert errors_in(last_words(service.socket)) == ["timeout"]
    assert server.scheduler.count() == 0


def test_whoever_asks_and_never_reads_is_dropped(serve, runtime):
    server = serve(queued_notes=10)
    service = Service(runtime / "service.json", "unix")
    service.handshake("deaf")
    service.socket.settimeout(5)
    asked = iter(range(100_000))
    with pytest.raises(OSError, match=r"."):  # noqa: PT012 - which send fails is not known
        while True:
            service.send({"type": "models", "id": next(asked)})
    service.socket.close()
    assert still_serves()
    wait_for(lambda: all(session.name != "deaf" for session in server._clients))


@pytest.mark.parametrize("where", ["rows", "strips"])
def test_a_client_that_dies_takes_nobody_along(port, runtime, where):
    service = Service(runtime / "service.json", "tcp")
    service.handshake("dying")
    rows = photo(600, 300).tobytes()
    if where == "strips":
        service.begin("restore", 300, 600, rows, mix={"denoise": 1})
    else:
        picture = {"width": 300, "height": 600, "channels": "RGB", "depth": "u8"}
        service.send({"type": "restore", "id": 1, "picture": picture})
        data = frame({"type": "rows", "id": 1, "top": 0, "bottom": 128}, rows[: 128 * 900])
        service.socket.sendall(data[: len(data) // 2])
    service.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    service.socket.close()
    assert still_serves()
    with connect("counter", start=False) as client:
        wait_for(lambda: not client.ping()["jobs"] and client.ping()["clients"] == 1)


def test_a_thousand_connections_keep_nobody_out_and_leave_nothing(serve):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard if soft < 4096 < hard else soft, hard))
    server = serve(handshake_seconds=2.0)
    before = threading.active_count()
    crowd = []
    try:
        with connect("early", start=False) as early:
            for number in range(1000):
                crowd.append(dial(server.port))
                if number % 250 == 100:
                    assert still_serves()
            wait_for(lambda: early.ping()["clients"] == 1)
            wait_for(lambda: threading.active_count() - before < server.limits.strangers + 10)
    finally:
        for sock in crowd:
            sock.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    wait_for(lambda: threading.active_count() <= before)
    assert (server._clients, server._strangers) == ([], [])


def test_no_memory_grows(port):
    def round_of_visits():
        for junk in JUNK.values():
            sock = dial(port)
            sock.sendall(junk)
            last_words(sock)
        assert still_serves()

        wait_for(lambda: threading.active_count() <= threads)
        gc.collect()

    threads = threading.active_count()
    round_of_visits()
    tracemalloc.start()
    try:
        round_of_visits()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(3):
            round_of_visits()
        assert tracemalloc.get_traced_memory()[0] - before < 200_000
    finally:
        tracemalloc.stop()


def test_a_defect_in_one_message_is_an_answer_and_the_connection_goes_on(client, monkeypatch):
    def defect(*_):
        raise ImportError("a module of another version")

    monkeypatch.setitem(Session._handlers, "restore", defect)
    with pytest.raises(ServiceError) as told:
        client.restore(as_picture(photo()), {"denoise": 1})
    assert told.value.code == "internal"
    assert "pip-editor service stop" in told.value.advice
    assert client.ping()["jobs"] == 0
