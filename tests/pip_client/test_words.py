"""Mixes as people write them, rows as hosts give them, messages however they trickle in."""

from __future__ import annotations

import socket
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pip_backend.regions import Mix
from pip_client import DEGRADATIONS, Picture, ServiceError, parse_mix
from pip_client.job import Upload, as_mix, as_regions
from pip_client.picture import strips
from pip_client.wire import MAX_BODY, PREFIX, Receiver, WireError, pack, parse_head


@pytest.mark.parametrize(
    ("text", "mix"),
    [
        ("denoise", {"denoise": 1}),
        ("denoise=1,dehaze=0.5", {"denoise": 1, "dehaze": 0.5}),
        ("dehaze 0.5 + denoise 1", {"denoise": 1, "dehaze": 0.5}),
        (" Denoise = 80% ", {"denoise": 0.8}),
        ("nothing", {}),
        ("denoise 0", {}),
    ],
)
def test_a_mix_is_read_as_the_command_line_reads_it(text, mix):
    assert parse_mix(text) == mix
    assert Mix.parse(text).named() == mix


@given(st.dictionaries(st.sampled_from(DEGRADATIONS), st.floats(0.01, 1)))
def test_what_the_backend_writes_the_client_reads(weights):
    written = str(Mix.of(**weights))
    if "e-" not in written:
        assert parse_mix(written) == Mix.of(**weights).named()


@pytest.mark.parametrize(
    "text", ["", "dance", "denoise=2", "denoise,denoise", "denoise=-1", "denoise=,", "denoise 1 2"]
)
def test_a_mix_that_makes_no_sense_is_refused_with_advice(text):
    with pytest.raises(ServiceError) as caught:
        parse_mix(text)
    assert caught.value.advice
    assert str(caught.value) == f"{caught.value.message} {caught.value.advice}"


def test_nothing_said_means_that_the_sensor_decides():
    assert as_mix(None) == as_mix("suggest") == "suggest"
    told, masks = as_regions([{"mask": b"12"}, {"name": "sky", "mix": {"dehaze": 1}}])
    assert [region["mask"] for region in told] == ["rows", None]
    assert [region["name"] for region in told] == ["region 1", "sky"]
    assert list(masks) == [0]


@given(st.integers(1, 3000), st.integers(1, 1 << 24))
def test_strips_cover_the_rows_and_fit_into_messages(height, row_bytes):
    rows = [row for top, bottom in strips(height, row_bytes) for row in range(top, bottom)]
    assert rows == list(range(height))
    assert all(
        bottom - top <= 128 and (bottom - top) * row_bytes <= MAX_BODY for top, bottom in strips(height, row_bytes)
    )


def test_rows_are_asked_for_in_order_and_counted():
    asked = []

    def rows(top, bottom):
        asked.append((top, bottom))
        return bytes((bottom - top) * 20)

    picture = Picture(10, 300, "GRAYA", "u8", rows)
    parts = list(Upload(picture, {1: bytes(3000)}).parts(None))
    assert asked == [(0, 128), (128, 256), (256, 300)]
    assert [(part["type"], part["top"]) for part, _ in parts] == [
        (kind, top) for kind in ("rows", "mask") for top in (0, 128, 256)
    ]
    with pytest.raises(ServiceError, match="2999"):
        list(Upload(picture, {0: lambda _top, _bottom: bytes(2999)}).parts(4))


def test_there_are_so_many_kinds_of_pixels():
    with pytest.raises(ServiceError, match="CMYK u8"):
        Picture(1, 1, "CMYK", "u8", bytes)
    with pytest.raises(ServiceError, match="Painted masks"):
        Upload("photo.png", {0: b""})


@pytest.fixture
def pair():
    here, there = socket.socketpair()
    yield here, there
    here.close()
    there.close()


def test_a_message_may_trickle_in_byte_by_byte(pair):
    here, there = pair
    receiver = Receiver(there)
    data = pack({"type": "ping", "text": "ä"}, 3) + b"abc"
    for index, byte in enumerate(data):
        assert receiver.receive(0) is None
        assert receiver.begun == (index > 0)
        here.sendall(bytes([byte]))
    message = receiver.receive(1)
    assert message is not None
    assert message.head == {"type": "ping", "text": "ä"}
    assert bytes(message.body) == b"abc"
    assert not receiver.begun


def test_waiting_ends_when_it_is_due_and_nothing_is_lost(pair):
    here, there = pair
    receiver = Receiver(there)
    here.sendall(pack({"type": "a"})[:7])
    began = time.monotonic()
    assert receiver.receive(0.1) is None
    assert 0.05 < time.monotonic() - began < 2
    threading.Timer(0.05, lambda: here.sendall(pack({"type": "a"})[7:] + pack({"type": "b"}))).start()
    assert [receiver.receive(2).head["type"] for _ in range(2)] == ["a", "b"]
    here.close()
    with pytest.raises(EOFError):
        receiver.receive(1)


@pytest.mark.parametrize(
    "prefix",
    [PREFIX.pack(b"HTTP", 2, 0), PREFIX.pack(b"PIPE", 1, 0), PREFIX.pack(b"PIPE", 101, 0), PREFIX.pack(b"PIPE", 2, 51)],
)
def test_lengths_are_checked_before_anything_is_allocated(pair, prefix):
    here, there = pair
    here.sendall(prefix)
    with pytest.raises(WireError):
        Receiver(there, 100, 50).receive(1)


@pytest.mark.parametrize("text", [b"", b"[]", b"{", b'{"a": NaN}', b"\xff", b"[" * 100_000])
def test_a_head_is_a_json_object(text):
    with pytest.raises(WireError):
        parse_head(text)
