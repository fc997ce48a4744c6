"""The window without a screen, and a service that inverts pixels."""

from __future__ import annotations

import gc
import os
import threading

import numpy as np
import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"
try:
    import PyQt6.QtWidgets  # noqa: F401
    import pytestqt  # noqa: F401
except ImportError:  # not installed, or the system lacks libraries that Qt needs: `make test` says so
    collect_ignore_glob = ["test_*.py"]

from typing import TYPE_CHECKING

from PIL import Image

from pip_backend.regions import Mix, RasterMask, Region, WholePicture, compile_regions
from pip_backend.regions.maskjson import mask_from_json
from pip_client import Cancelled, ServiceError

if TYPE_CHECKING:
    from pathlib import Path

WIDTH, HEIGHT = 320, 240


class FakeClient:
    """Restores by inverting: result = input + strength · (255 - 2 · input), with the strength map of `regions`."""

    def __init__(self):
        self.calls = []
        self.sizes = []
        """Of the pictures that were restored."""
        self.fail_next = None
        self.hold = None
        """An event that a restoration waits for between two strips."""
        self.closed = False
        self.errors_asked = 0
        self.expected = np.zeros((HEIGHT // 16, WIDTH // 16), np.float32)
        """What errors it expects of 320 x 240 px: none at the top left, 127 at the bottom right; None where the model cannot tell."""
        self.expected[-5:, -5:] = 127
        self.imported = []
        self.cache_bytes, self.cache_limit = 12_000_000, 4_000_000_000
        self.tuned = None
        """Model, device and precision of the last request."""

    def suggest(self, picture, *, on_progress, cancelled, **settings):
        self._begin("suggest", None)
        self.tuned = settings
        answer = {"mix": {"dehaze": 0.8, "denoise": 0.25}, "presence": {"dehaze": 0.93, "denoise": 0.4, "derain": 0.02}}
        self.judged = settings.pop("within", None)
        if settings.pop("heat", False):
            rain = [[0.0, 0.9, 0.9], [0.0, 0.9, 0.1]]
            answer["map"] = {
                "tops": [0, 112],
                "lefts": [0, 96, 192],
                "tile": 128,
                "presence": {"dehaze": [[0.1] * 3] * 2, "derain": rain},
            }
        return answer

    def restore(
        self, picture, regions=None, *, on_progress, cancelled, on_strip=None, recipe=None, rectangle=None, rectangles=None,
        on_difference=None, on_errors=None, **settings,
    ):  # fmt: skip
        rectangles = [rectangle] if rectangle else rectangles
        self._begin("restore", rectangles)
        self.sizes.append((picture.width, picture.height))
        self.tuned = settings
        if regions is None:
            regions = from_recipe(recipe) if recipe else [whole({"denoise": 0.5})]
        result = inverted(picture, regions)
        change = full_change(picture) if on_difference is not None else None
        if on_errors is not None:
            return self._tell_errors(on_errors)
        for top, left, bottom, right in rectangles or [(0, 0, picture.height, picture.width)]:
            for first in range(top, bottom, 64):
                while self.hold is not None and not self.hold.wait(0.01):
                    if cancelled():
                        raise Cancelled
                if cancelled():
                    raise Cancelled
                last = min(first + 64, bottom)
                place = (first, left, last - first, right - left)
                if change is not None:
                    on_difference(*place, change[first:last, left:right].tobytes())
                if on_strip is not None:
                    on_strip(*place, result[first:last, left:right].tobytes())
                on_progress((last - top) / (bottom - top), 3.0, "Restoring")
        return {"warnings": [], "seconds": 0.1}

    def _tell_errors(self, on_errors):
        self.errors_asked += 1
        told = self.expected
        if told is None:
            return {"warnings": [], "seconds": 0.1, "errors": None}
        half = len(told) // 2
        for top, piece in ((0, told[:half]), (half, told[half:])):
            on_errors(top, 0, *piece.shape, piece.tobytes())
        return {"warnings": [], "seconds": 0.1, "errors": {"mean": 1.0, "share": 0.0}}

    def models(self):
        self._begin("models", None)
        facts = {"licence": "MIT", "degradations": ["denoise"], "bytes": 5_000_000}
        return [
            {"name": name, "default": name == "pip-compact", "imported": name != "pip-compact", **facts}
            for name in ("mine", "pip-compact", *self.imported)
        ]

    def model_card(self, name):
        self._begin("model", None)
        return {"name": name, "licence": "MIT", "metrics": {"noise": {"psnr": 29.85}}, "training": {"data": "<mine>"}}

    def import_model(self, path, name=None):
        self._begin("import", None)
        self.imported.append("newcomer")
        return "newcomer"

    def cache(self, limit=None, *, empty=False):
        self._begin("cache", None)
        self.cache_limit = limit or self.cache_limit
        self.cache_bytes = 0 if empty else self.cache_bytes
        return {"bytes": self.cache_bytes, "limit": self.cache_limit}

    def close(self):
        self.closed = True

    def _begin(self, what, rectangles):
        assert threading.current_thread() is not threading.main_thread(), (
            "the service is never asked in the window's thread"
        )
        self.calls.append((what, rectangles))
        failure, self.fail_next = self.fail_next, None
        if failure is not None:
            raise failure


def whole(mix):
    return {"name": "photo", "mix": mix, "strength": 1.0, "feather": 0.0, "mask": None}


def from_recipe(recipe):
    """The regions of a recipe; what is left to the sensor is half of the noise."""
    return [
        {**layer, "mix": {"denoise": 0.5} if layer["mix"] == "suggest" else layer["mix"]}
        for layer in recipe["regions"]
        if layer["visible"]
    ]


def inverted(picture, regions):
    """What the fake makes of a picture: (height, width, samples)."""
    samples = {"RGB": 3, "RGBA": 4, "GRAY": 1, "GRAYA": 2}[picture.channels]
    dtype = {"u8": np.uint8, "u16": np.uint16, "f32": np.float32}[picture.depth]
    pixels = np.frombuffer(picture.rows(0, picture.height), dtype).reshape(picture.height, picture.width, samples)
    compiled = []
    for region in regions:
        mask = WholePicture()
        if region["mask"] is not None:
            told = region["mask"]
            if isinstance(told, dict):
                mask = mask_from_json(told, "mask")
        if callable(region["mask"]):
            rows = np.frombuffer(region["mask"](0, picture.height), np.uint8).reshape(picture.height, picture.width)
            mask = RasterMask.from_array(rows, picture.width, picture.height)
        compiled.append(Region(region["name"], mask, Mix.of(**region["mix"]), region["strength"], region["feather"]))
    full = 1.0 if picture.depth == "f32" else np.iinfo(dtype).max
    colours = np.broadcast_to(pixels[..., : 3 if samples > 2 else 1], (*pixels.shape[:2], 3))
    working = (colours / np.float32(full)).astype(np.float32)
    work = compile_regions(compiled, picture.width, picture.height, 4, pixels=lambda top, bottom: working[top:bottom])
    strength = work.strength(0, picture.height)[..., None]
    changed = pixels + strength * (full - 2.0 * pixels)
    if samples in {2, 4}:
        changed[..., -1] = pixels[..., -1]
    return (changed if picture.depth == "f32" else np.rint(changed)).astype(dtype)


def full_change(picture):
    """What the fake changes at full strength: float32 (height, width, 3)."""
    full = whole({"denoise": 1.0})
    before, after = (
        np.float32(pixels) for pixels in (inverted(picture, [{**full, "strength": 0.0}]), inverted(picture, [full]))
    )
    scale = 1.0 if picture.depth == "f32" else {"u8": 255.0, "u16": 65535.0}[picture.depth]
    colours = 3 if picture.channels.startswith("RGB") else 1
    change = (after - before)[..., :colours] / np.float32(scale)
    return np.ascontiguousarray(np.broadcast_to(change, (*change.shape[:2], 3)), np.float32)


GONE = ServiceError("The restoration service has ended unexpectedly.", "Try again: it is started anew.", "gone")


@pytest.fixture(scope="session", autouse=True)
def _windows_go_before_the_application(qapp):
    """What Python still holds of windows is dropped while there is an application, not at the interpreter's end."""
    yield
    qapp.processEvents()
    gc.collect()


@pytest.fixture
def pixels():
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    return np.stack([x * 0.7, y * 0.9, 90 + 60 * np.sin(x / 9)], axis=-1).astype(np.uint8)


@pytest.fixture
def photo(tmp_path, pixels) -> Path:
    path = tmp_path / "photo.png"
    Image.fromarray(pixels).save(path)
    return path


@pytest.fixture
def fake():
    return FakeClient()


@pytest.fixture
def window(qtbot, fake):
    from pip_editor.app import make_application
    from pip_editor.window import MainWindow
    from pip_editor.work import RestorationClient

    make_application()
    window = MainWindow(RestorationClient(lambda: fake))
    qtbot.addWidget(window, before_close_func=lambda window: window.document.undo_stack.setClean())
    window.resize(1100, 720)
    window.show()
    return window


@pytest.fixture
def opened(qtbot, window, photo):
    """A window with the photo in it."""
    open_file(qtbot, window, photo)
    return window


def open_file(qtbot, window, path):
    with qtbot.waitSignal(window.files._loader.finished, timeout=60_000):
        window.files.open(path)


def read(path):
    with Image.open(path) as image:
        return np.array(image)
