"""The errors to expect of a result, told by the service: those of a report, with the result and without it."""

from __future__ import annotations

import threading

import numpy as np

from pip_backend.pictures.raw import RawFormat, RawPicture
from pip_backend.regions import Mix
from pip_client import connect
from tests.uncertainty.samples import estimator

from .fakes import Canvas, FakeRestorer, as_picture, photo, wait_for


def test_the_errors_to_expect_are_those_of_a_report(client, restorer):
    restorer.estimator = estimator()
    pixels = photo(150, 50)
    blocks = np.full((10, 4), np.nan, np.float32)

    def take(top, left, height, width, data):
        blocks[top : top + height, left : left + width] = np.frombuffer(data, np.float32).reshape(height, width)

    canvas = Canvas(pixels)
    report = client.restore(as_picture(pixels), {"denoise": 1}, on_strip=canvas, on_errors=take)
    assert canvas.whole
    picture = RawPicture(RawFormat(50, 150, "RGB", "u8"))
    picture.feed(pixels.tobytes())
    expected = restorer.error_map(picture, Mix.of(denoise=1))
    for strip in restorer.strips(picture, Mix.of(denoise=1)):
        expected.add(strip.source, strip.change.copy(), strip.pixels)
    assert expected.blocks.max() > 0
    np.testing.assert_array_equal(blocks, expected.blocks)
    summary = expected.summary()
    assert report["errors"] == {"mean": round(summary.mean, 3), "share": round(summary.share, 4)}


def test_errors_come_without_the_result_where_that_is_not_wanted(client, restorer):
    restorer.estimator = estimator()
    told = []
    picture = as_picture(photo(150, 50))
    report = client.restore(picture, {"denoise": 1}, on_strip=None, on_errors=lambda *place: told.append(place[:4]))
    assert told == [(0, 0, 10, 4)]
    assert report["errors"]["mean"] > 0


def test_a_model_that_cannot_tell_errors_tells_none(client):
    told = []
    report = client.restore(as_picture(photo()), {"denoise": 1}, on_errors=lambda *place: told.append(place))
    assert told == []
    assert report["errors"] is None


class Turns:
    """A gate: the first tile waits for another client, a few more pass, and all others wait until that client is served."""

    def __init__(self):
        self.waiting, self.served, self.tiles = threading.Event(), threading.Event(), 0

    def wait(self, seconds):
        self.tiles += 1
        if self.tiles == 1:
            return self.waiting.wait(seconds)
        return self.tiles <= 8 or self.served.wait(seconds)


def test_while_nothing_is_sent_other_clients_have_their_turn(serve):
    gate = Turns()
    fake = FakeRestorer(gate)
    fake.estimator = estimator()
    server = serve(lambda _: fake)
    reports = []

    def ask(**settings):
        with connect("test", start=False, timeout=5) as mine:
            reports.append(mine.restore(as_picture(photo(640, 30)), {"denoise": 1}, **settings))

    first = threading.Thread(target=ask, kwargs={"on_strip": None, "on_errors": lambda *_: None})
    first.start()
    wait_for(lambda: gate.tiles)
    second = threading.Thread(target=ask, kwargs={"rectangle": (0, 0, 20, 30)})
    second.start()
    wait_for(lambda: server.scheduler.count() == 2)
    gate.waiting.set()
    second.join(20)
    gate.served.set()
    first.join(20)
    assert [report["errors"] is None for report in reports] == [True, False]
    assert gate.tiles > 12
