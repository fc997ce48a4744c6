"""A restorer without torch that goes through the real loop, and a picture to give it."""

from __future__ import annotations

import threading
import time

import numpy as np

from pip_backend.engine import Job, restore
from pip_backend.engine.sensing import HeatMap, Suggestion
from pip_backend.engine.skipping import CELL, leave_alone
from pip_backend.regions import Mix, Region, WholePicture, compile_regions
from pip_backend.uncertainty import ErrorMap
from pip_client import DEGRADATIONS, Picture
from tests.engine.networks import Lift


class GatedLift(Lift):
    """Lightens by a quarter; each tile waits for the gate."""

    def __init__(self, gate, **kw):
        super().__init__(**kw)
        self.gate = gate

    def answer(self, pixels):
        assert self.gate.wait(10)
        return super().answer(pixels)


class FakeRestorer:
    def __init__(self, gate=None, best_tile=64):
        self.gate = gate or threading.Event()
        if gate is None:
            self.gate.set()
        self.network = GatedLift(self.gate, best_tile=best_tile)
        self.suggested = self.prepared = 0
        self.fail = None
        self.estimator = None
        self.current = True

    def prepare(self):
        self.prepared += 1
        return False

    def suggest(self, picture, within=None):
        self.suggested += 1
        self.within = within
        return Suggestion(Mix.of(denoise=0.5), dict.fromkeys(DEGRADATIONS, 0.5), dict.fromkeys(DEGRADATIONS, 0.25))

    def heat_map(self, picture):
        probability = np.arange(2 * 3 * 6, dtype=np.float32).reshape(2, 3, 6) / 100
        return HeatMap((0, 8), (0, 5, 10), probability)

    def strips(self, picture, what, *, rectangle=None, on_progress=None, skip_clean=False):
        if self.fail is not None:
            raise self.fail
        regions = [Region("photo", WholePicture(), what)] if isinstance(what, Mix) else list(what)
        work = compile_regions(regions, picture.width, picture.height, 4, pixels=picture.working)
        if skip_clean:
            work = leave_alone(picture, work, self.needed(picture))
        return restore(Job(picture, work, rectangle), self.network, on_progress=on_progress)

    def error_map(self, picture, what, *, skip_clean=False):
        if self.estimator is None:
            return None
        mix = what if isinstance(what, Mix) else what[0].mix
        weights = np.asarray(mix.weights, np.float32)[:, None, None] * np.ones((1, 4, 4), np.float32)
        return ErrorMap(picture.width, picture.height, weights, self.estimator)

    def skipped(self, picture, what):
        return float((self.needed(picture) == 0).mean())

    def needed(self, picture):
        """The left half of the cells, as if the sensor had found nothing in the right one."""
        needed = np.zeros((-(-picture.height // CELL), -(-picture.width // CELL)), np.float32)
        needed[:, : needed.shape[1] // 2] = 1
        return needed


def photo(height=40, width=30, samples=3, dtype=np.uint8, seed=0):
    rng = np.random.default_rng(seed)
    if np.dtype(dtype).kind == "f":
        return (rng.random((height, width, samples)) * 0.7).astype(dtype)
    return rng.integers(0, np.iinfo(dtype).max * 7 // 10, (height, width, samples), dtype)


CHANNELS = {1: "GRAY", 2: "GRAYA", 3: "RGB", 4: "RGBA"}


def as_picture(pixels, **kw):
    depth = f"{pixels.dtype.kind}{8 * pixels.dtype.itemsize}"
    height, width, samples = pixels.shape
    rows = lambda top, bottom: pixels[top:bottom].tobytes()  # noqa: E731
    return Picture(width, height, CHANNELS[samples], depth, rows, **kw)


class Canvas:
    """Collects strips."""

    def __init__(self, pixels, rectangle=None):
        top, left, bottom, right = rectangle or (0, 0, *pixels.shape[:2])
        self.origin = top, left
        self.pixels = np.zeros((bottom - top, right - left, pixels.shape[2]), pixels.dtype)
        self.rows = 0

    def __call__(self, top, left, height, width, data):
        assert (top - self.origin[0], left) == (self.rows, self.origin[1])
        strip = np.frombuffer(data, self.pixels.dtype).reshape(height, width, -1)
        self.pixels[self.rows : self.rows + height] = strip
        self.rows += height

    @property
    def whole(self):
        return self.rows == len(self.pixels)


def wait_for(condition, seconds=10.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
