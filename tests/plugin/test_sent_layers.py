"""A layer that was sent is not sent again as long as no bit of it has changed, which is looked at while the service works."""

from __future__ import annotations

import pytest

from pip_client import Cancelled, ServiceError
from pip_plugin import PluginError, Sent, Settings, restore

from .ports import FakeClient, MemoryPort, rectangular


def test_a_layer_that_was_sent_is_the_same_until_a_bit_of_it_changes():
    port = MemoryPort(height=300)
    sent = Sent(port)
    assert not sent.still(port)  # nothing of it has been sent
    sent.picture.rows(0, 128)
    assert not sent.still(port)
    sent.picture.rows(128, 256)
    sent.picture.rows(256, 300)
    assert sent.still(port)
    other = MemoryPort(height=300)
    other.pixels = port.pixels[:-1] + bytes([port.pixels[-1] ^ 1])
    assert not sent.still(other)
    assert not sent.still(MemoryPort(height=299))


class Turned(MemoryPort):
    """Knows its pixels by another order than the one that it gives them in; somebody may paint between the two."""

    painting = False

    def look(self, top, bottom):
        own = self.pixels[top * self.size[0] : bottom * self.size[0]][::-1]
        if self.painting:
            self.pixels = bytes([self.pixels[0] ^ 1]) + self.pixels[1:]
        return own

    def read(self, top, bottom):
        assert not self.forbidden
        return super().read(top, bottom)

    forbidden = False


def test_a_host_that_knows_its_pixels_by_less_is_not_asked_for_them_to_compare():
    port = Turned(height=300)
    sent = sent_by(port)
    port.forbidden = True
    assert sent.still(port)
    port.pixels = port.pixels[:-1] + bytes([port.pixels[-1] ^ 1])
    assert not sent.still(port)


def test_what_is_painted_while_a_layer_is_sent_makes_it_another():
    port = Turned(height=300)
    port.painting = True
    sent = Sent(port)
    sent.picture.rows(0, 128)
    port.painting = False
    sent.picture.rows(128, 256)
    sent.picture.rows(256, 300)
    assert not sent.still(port)


class Reads(MemoryPort):
    """Notes which rows are read, and when, among what happens."""

    def __init__(self, *words, events, **named):
        super().__init__(*words, **named)
        self.events = events

    def read(self, top, bottom):
        self.events.append("looks")
        return super().read(top, bottom)


class Keeps(FakeClient):
    """Has a picture, of which it reads no rows again."""

    def __init__(self, events):
        super().__init__()
        self.events = events
        self.pictures = []

    def restore(self, picture, *, rectangle, on_strip, on_progress, cancelled, **_):
        self._check(cancelled)  # while the mask is sent
        self.events.append("works")
        self.pictures.append(picture)
        top, left, bottom, right = rectangle
        for row in range(top, bottom):
            on_progress(0.0, None, "Restoring")
            self._check(cancelled)
            on_strip(row, left, 1, right - left, bytes([len(self.pictures)]) * (right - left))
        return {"warnings": []}


def sent_by(port):
    sent = Sent(port)
    for part in ((0, 128), (128, 256), (256, 300)):
        sent.picture.rows(*part)
    return sent


def test_a_layer_that_was_sent_is_looked_at_while_the_service_works_and_all_of_it():
    events = []
    port, client = Reads(height=300, events=events), Keeps(events)
    sent = sent_by(MemoryPort(height=300))
    restore(client, port, Settings("denoise"), sent=sent)
    assert events == ["works", "looks", "looks", "looks"]
    assert client.pictures == [sent.picture]
    short = Reads(height=300, events=events, selection=rectangular(0, 0, 1, 6))
    events.clear()
    restore(client, short, Settings("denoise"), sent=sent)
    assert events == ["works", "looks", "looks", "looks"]  # the service was done before all was looked at


@pytest.mark.parametrize("place", [0, 150 * 6, -1])
def test_a_layer_that_has_changed_since_it_was_sent_is_sent_and_restored_anew(place):
    port, client = MemoryPort(height=300), Keeps([])
    sent = sent_by(port)
    changed = MemoryPort(height=300)
    pixels = bytearray(port.pixels)
    pixels[place] ^= 1
    changed.pixels = bytes(pixels)
    restore(client, changed, Settings("denoise"), sent=sent)
    first, second = client.pictures
    assert first is sent.picture
    assert second.rows(0, 300) == changed.pixels
    assert set(changed.written) == set(range(300))
    assert {row[0] for row in changed.written.values()} == {2}  # of the second restoration, every row


class Refuses(Keeps):
    """Cannot restore the first picture."""

    def restore(self, picture, **told):
        if not self.pictures:
            self.pictures.append(picture)
            raise ServiceError("The layer is not there any more.", "", "failed")
        return super().restore(picture, **told)


def test_what_is_wrong_with_the_layer_that_was_sent_is_not_said_of_another_one():
    sent, other = sent_by(MemoryPort(height=300)), MemoryPort(height=300)
    other.pixels = bytes(len(other.pixels))
    client = Refuses([])
    restore(client, other, Settings("denoise"), sent=sent)
    assert set(other.written) == set(range(300))
    with pytest.raises(ServiceError):
        restore(Refuses([]), MemoryPort(height=300), Settings("denoise"), sent=sent)


def test_a_sensor_that_finds_nothing_in_the_layer_that_was_sent_looks_at_the_other_one():
    class Suggests(Keeps):
        def suggest(self, picture, **_):
            return {"mix": {} if picture is sent.picture else {"denoise": 0.8}}

    sent, other = sent_by(MemoryPort(height=300)), MemoryPort(height=300)
    other.pixels = bytes(len(other.pixels))
    assert restore(Suggests([]), other, Settings("suggest"), sent=sent).mix == {"denoise": 0.8}
    with pytest.raises(PluginError, match="finds nothing wrong"):
        restore(Suggests([]), MemoryPort(height=300), Settings("suggest"), sent=sent)


def test_a_layer_that_the_service_keeps_no_more_is_not_sent_for_another_one():
    sent, client = sent_by(MemoryPort(height=300)), Keeps([])
    client.keeps = lambda _picture: False
    port = MemoryPort(height=300)
    restore(client, port, Settings("denoise"), sent=sent)
    assert len(client.pictures) == 1
    assert client.pictures[0] is not sent.picture


def test_who_stops_while_a_sent_layer_is_looked_at_has_stopped():
    port, client = MemoryPort(height=300), Keeps([])
    port.stop_after = 5
    with pytest.raises(Cancelled):
        restore(client, port, Settings("denoise"), sent=sent_by(MemoryPort(height=300)))
    assert len(client.pictures) == 1
