"""Reading ahead and adding up behind change no bit, hold one row of tiles more at most, and end with the loop."""

from __future__ import annotations

import threading
from concurrent.futures import Future

import numpy as np
import pytest

from pip_backend.engine import ArraySource, Job, ResultCache, arrays, loop, make_plan, restore
from pip_backend.errors import PictureError

from .networks import BoxBlur, FakeNetwork, Lift, Torn
from .stand_in import there
from .test_loop import MaskWork, full, photo, run

LONG = 60
"""Seconds after which what is waited for does not come any more."""


class InTurn:
    """What `Beside` is without a thread."""

    def __init__(self, name, most=1):
        self.stopped = threading.Event()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def start(self, task, *args):
        done = Future()
        done.set_result(task(*args))
        return done

    def put(self, task, *args):
        task(*args)

    def wait(self):
        pass


def helpers():
    names = ("pip-beside", "pip-cache", "pip-progress")
    return [thread.name for thread in threading.enumerate() if thread.name.startswith(names)]


def spots(height, width):
    mask = np.zeros((height, width), np.float32)
    mask[20:50, 10:200] = 0.4
    mask[150:, 100:130] = 1
    return MaskWork(mask)


@pytest.mark.parametrize("work", [full(230), full(230, 0.3), spots(310, 230)], ids=["all", "weak", "mask"])
@pytest.mark.parametrize("rectangle", [None, (60, 30, 290, 210)])
def test_the_same_bits_come_out_with_and_without_overlap(tmp_path, monkeypatch, work, rectangle):
    pixels = photo(310, 230)

    def everything(cache):
        network, found = BoxBlur(), []
        for strip in restore(Job(ArraySource(pixels), work, rectangle), network, cache=cache):
            known = None if strip.known is None else strip.known.copy()
            found.append((strip.top, strip.left, strip.pixels, strip.source, strip.change.copy(), known))
        return found, network.tiles

    overlapped = [everything(cache) for cache in (None, ResultCache(tmp_path / "a"), ResultCache(tmp_path / "a"))]
    monkeypatch.setattr(loop, "Beside", InTurn)
    in_turn = [everything(cache) for cache in (None, ResultCache(tmp_path / "b"), ResultCache(tmp_path / "b"))]
    for (strips, tiles), (others, other_tiles) in zip(overlapped, in_turn, strict=True):
        assert tiles == other_tiles
        assert len(strips) == len(others)
        for one, other in zip(strips, others, strict=True):
            for a, b in zip(one, other, strict=True):
                np.testing.assert_array_equal(a, b)


class Noting(ArraySource):
    """Tells how far it has been read."""

    def __init__(self, pixels):
        super().__init__(pixels)
        self.end, self.threads = 0, set()
        self.more = threading.Event()

    def working(self, top, bottom, left=0, right=None):
        if top > 0:
            self.more.set()
        self.end = max(self.end, bottom)
        self.threads.add(threading.current_thread().name)
        return super().working(top, bottom, left, right)


def test_the_next_rows_are_read_while_the_network_runs():
    source = Noting(photo(150, 64))

    class Waits(FakeNetwork):
        def answer(self, pixels):
            assert source.more.wait(LONG)  # which comes only if somebody reads beside
            return super().answer(pixels)

    for _ in restore(Job(source, full(64)), Waits()):
        pass
    assert any(name.startswith("pip-beside") for name in source.threads)


def test_a_tile_is_added_up_while_the_network_runs_on_the_next(monkeypatch):
    second, add = threading.Event(), arrays.add_weighted

    class Counts(Lift):
        def answer(self, pixels):
            if len(self.tiles) == 2:
                second.set()
            return super().answer(pixels)

    def adds(*args):
        assert second.wait(LONG)
        add(*args)

    monkeypatch.setattr(arrays, "add_weighted", adds)
    result, _ = run(photo(60, 200), Counts())
    np.testing.assert_allclose(result, photo(60, 200) + 0.25, atol=1e-6)


def test_one_row_of_tiles_is_read_ahead_and_not_more():
    source = Noting(photo(640, 64))
    strips = restore(Job(source, full(64)), FakeNetwork())
    rows = make_plan(640, 64, 64, 16, 4).rows
    for index in range(3):
        next(strips)
        assert source.end <= rows.starts[index + 1] + rows.tile
    strips.close()
    assert helpers() == []


@pytest.mark.parametrize("where", [lambda network: network, there])
def test_rows_that_cannot_be_read_are_told_as_ever_and_after_what_was_good(where):
    strips = restore(Job(Torn(photo(300, 64)), full(64)), where(FakeNetwork()))
    assert next(strips).top == 0
    with pytest.raises(PictureError, match="not been read to its end"):
        list(strips)
    assert helpers() == []


def test_a_network_that_fails_ends_every_thread():
    class Fails(FakeNetwork):
        def answer(self, pixels):
            if len(self.tiles) == 3:
                raise KeyError("defect")
            return pixels.copy()

    with pytest.raises(KeyError, match="defect"):
        run(photo(300, 200), Fails(), on_progress=lambda _: None)
    assert helpers() == []


def test_the_network_is_loaded_while_the_thumbnail_is_made_and_only_where_it_is_needed():
    loaded = threading.Event()

    class Loads(Lift):
        def prepare(self, tile=None):
            super().prepare(tile)
            loaded.set()

    class Small(ArraySource):
        def thumbnail(self, height, width):
            assert loaded.wait(LONG)
            return super().thumbnail(height, width)

    for strength in (0.0, 1.0):
        for _ in restore(Job(Small(photo(60, 64)), full(64, strength)), Loads()):
            pass
        assert loaded.is_set() == (strength > 0)
