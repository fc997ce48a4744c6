"""A host made of bytes, and a service that needs none, for the code that plug-ins share."""

from __future__ import annotations

from pip_client import Cancelled
from pip_plugin import Extent, Mask, Port, Rectangle, Selections


class MemoryPort(Port):
    """A gray picture of 8 bits."""

    def __init__(self, width=6, height=5, selection=None, named=()):
        self.size = width, height
        self.pixels = bytes(n % 251 for n in range(width * height))
        self.chosen = Selections(selection, tuple(named))
        self.written = {}
        self.into = None
        self.told = []
        self.stop_after = None

    def extent(self):
        return Extent(*self.size, "GRAY", "u8", b"profile")

    def read(self, top, bottom):
        return self.pixels[top * self.size[0] : bottom * self.size[0]]

    def write(self, into, top, height, pixels):
        assert self.into in (None, into)
        assert len(pixels) == into.width * height
        self.into = into
        self.written[top] = pixels

    def selection(self):
        return self.chosen

    def tell(self, fraction, text):
        self.told.append((fraction, text))
        return self.stop_after is not None and len(self.told) > self.stop_after


class FakeClient:
    """Adds 100 wherever a region has a mask above zero; keeps what it was asked."""

    def __init__(self, suggestion=None):
        self.suggestion = {"denoise": 0.8} if suggestion is None else suggestion
        self.asked = {}
        self.masked = True
        self.returned = 1, 2, 3, 5

    def keeps(self, _picture):
        return True

    def suggest(self, picture, *, within=None, cancelled=lambda: False):
        self._check(cancelled)
        self.judged = painted(within, picture.width, picture.height)
        return {"mix": self.suggestion}

    def restore(self, picture, *, regions, model, rectangle, ensemble, recipe, on_strip, on_progress, cancelled):
        self.asked = {"regions": regions, "model": model, "rectangle": rectangle, "icc": picture.icc}
        self.asked |= {"ensemble": ensemble, "recipe": recipe}
        top, left, bottom, right = rectangle
        self.masks = [painted(region["mask"], picture.width, picture.height) for region in regions]
        for row in range(top, bottom):
            self._check(cancelled)
            on_progress(row / bottom, 12.4, "Restoring")
            data = picture.rows(row, row + 1)[left:right]
            on_strip(row, left, 1, right - left, bytes(value + 100 for value in data))
        return {"mix": None, "warnings": ["odd"], "seconds": 0.0}

    def recipes(self):
        region = {"name": "sky", "mask": {"type": "whole"}, "mix": "suggest", "strength": 0.5}
        return [{"name": "my album", "mix": None, "strength": 1.0, "recipe": {"name": "my album", "regions": [region]}}]

    def edit(self, picture, regions, *, host, title, on_returned, on_strip, on_mask, on_progress, cancelled):
        self.asked = {"regions": regions, "host": host, "title": title}
        self.masks = [region["mask"](0, picture.height) for region in regions]
        self._check(cancelled)
        on_progress(0.0, None, "Waiting for pip-editor")
        top, left, bottom, right = self.returned
        on_returned(*self.returned)
        for row in range(top, bottom):
            on_strip(row, left, 1, right - left, bytes([row]) * (right - left))
        if self.masked:
            on_mask(1, 2, 2, 3, bytes((255, 0, 255, 0, 255, 0)))
        return {
            "mix": {"denoise": 1.0, "dehaze": 0.5},
            "rectangle": [*self.returned],
            "masked": self.masked,
            "warnings": ["odd"],
        }

    @staticmethod
    def _check(cancelled):
        if cancelled():
            raise Cancelled


def painted(mask, width, height):
    """Return a region's mask as the service sees it: rows, whether they are sent or told as a rectangle."""
    if not isinstance(mask, dict):
        return None if mask is None else mask(0, height)
    assert mask["type"] == "rectangle"
    return rectangular(mask["top"], mask["left"], mask["bottom"], mask["right"], width).rows(0, height)


def rectangular(top, left, bottom, right, width=6, value=255):
    """A mask of one value within a rectangle."""

    def rows(first, last):
        return b"".join(
            bytes(value if top <= y < bottom and left <= x < right else 0 for x in range(width))
            for y in range(first, last)
        )

    return Mask(Rectangle(top, left, bottom, right), rows)
