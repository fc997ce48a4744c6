"""Networks without torch, for testing the loop: they do what a test needs and count what is asked of them."""

from __future__ import annotations

import time

import numpy as np

from pip_backend.engine import ArraySource, OutOfMemoryError
from pip_backend.engine.arrays import HOST
from pip_backend.engine.runtimes.base import nothing
from pip_backend.errors import PictureError


class Torn(ArraySource):
    """Cannot be read beyond its 100th row."""

    def working(self, top, bottom, left=0, right=None):
        if bottom > 100:
            raise PictureError("The picture has not been read to its end.")
        return super().working(top, bottom, left, right)


class FakeNetwork:
    """Answers with the input; children do more."""

    key = "fake"
    runtime = "none"
    arrays = HOST
    context_size = 4

    def __init__(self, multiple_of=4, overlap=16, best_tile=64):
        self.multiple_of, self.overlap, self.best_tile = multiple_of, overlap, best_tile
        self.contexts = 0
        self.tiles = []

    def overlap_under(self, prompt_map):
        return self.overlap

    def settled(self, known):
        return self

    def prepare(self, tile=None):
        self.prepared = True

    def context(self, thumbnail, prompt_map, tile=None):
        self.contexts += 1
        return thumbnail

    def tile(self, pixels, rectangle, prompts, *, exact, check=nothing):
        assert pixels.shape[0] % self.multiple_of == 0
        assert pixels.shape[1] % self.multiple_of == 0
        assert pixels.dtype == np.float32
        self.tiles.append((rectangle, pixels.shape, exact))
        return self.answer(pixels)

    def answer(self, pixels):
        return pixels.copy()


class Lift(FakeNetwork):
    def answer(self, pixels):
        return pixels + np.float32(0.25)


class Endless(FakeNetwork):
    """Is never done with a tile, from the n-th on: it ends when it is told to."""

    def __init__(self, first=1, **kw):
        super().__init__(**kw)
        self.first = first

    def tile(self, pixels, rectangle, prompts, *, exact, check=nothing):
        done = super().tile(pixels, rectangle, prompts, exact=exact)
        while len(self.tiles) >= self.first:
            check()
            time.sleep(0.001)
        return done


class BoxBlur(FakeNetwork):
    """Mean over (2r + 1)² px, zeros outside: its receptive radius is r."""

    radius = 3

    def answer(self, pixels):
        r = self.radius
        padded = np.pad(pixels, ((r, r), (r, r), (0, 0)))
        h, w = pixels.shape[:2]
        total = sum(padded[y : y + h, x : x + w] for y in range(2 * r + 1) for x in range(2 * r + 1))
        return (total / (2 * r + 1) ** 2).astype(np.float32)


class NanAt(FakeNetwork):
    """Not a number in the n-th tile, in fp32 as well if `always`."""

    def __init__(self, call, always, **kw):
        super().__init__(**kw)
        self.call, self.always = call, always

    def tile(self, pixels, rectangle, prompts, *, exact, check=nothing):
        result = super().tile(pixels, rectangle, prompts, exact=exact) + np.float32(0.5)
        normal = sum(not tile[2] for tile in self.tiles)
        if normal == self.call and (self.always or not exact):
            result[0, 0, 0] = np.nan
        return result


class LittleMemory(BoxBlur):
    """Has room for so many px a tile."""

    def __init__(self, room, **kw):
        super().__init__(**kw)
        self.room, self.refused = room, 0
        self.key = f"little {room} {id(self)}"

    def answer(self, pixels):
        if pixels.shape[0] * pixels.shape[1] > self.room:
            self.refused += 1
            raise OutOfMemoryError
        return super().answer(pixels)
