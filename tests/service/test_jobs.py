"""What comes out of the service is what comes out of the loop, whatever the host's pixels are."""

from __future__ import annotations

import errno
import json
import threading
import time

import numpy as np
import pytest
from PIL import Image

from pip_backend.engine.runtimes.failing import FailedDeviceError
from pip_backend.engine.skipping import CELL
from pip_backend.errors import DeviceError
from pip_backend.pictures import open_picture
from pip_backend.pictures.raw import RawFormat, RawPicture
from pip_backend.pictures.scratch import scratch_error
from pip_backend.regions import (
    PRESETS,
    Mix,
    RasterMask,
    Recipe,
    Region,
    UndecidedRegion,
    WholePicture,
    recipe_folder,
)
from pip_client import Cancelled, Picture, ServiceError, connect

from .fakes import Canvas, FakeRestorer, as_picture, photo


def by_hand(restorer, pixels, what, **kw):
    """Restore without a service, as the command line does."""
    height, width, samples = pixels.shape
    channels = {1: "GRAY", 2: "GRAYA", 3: "RGB", 4: "RGBA"}[samples]
    picture = RawPicture(RawFormat(width, height, channels, f"{pixels.dtype.kind}{8 * pixels.dtype.itemsize}", **kw))
    picture.feed(pixels.tobytes())
    rows = []
    for strip in restorer.strips(picture, what):
        native = picture.native(strip.top, strip.top + len(strip.pixels))
        rows.append(picture.raw(picture.carry_back(strip.top, native, strip.source, strip.pixels)))
    return np.concatenate(rows)


@pytest.mark.parametrize("samples", [1, 2, 3, 4])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float16, np.float32])
@pytest.mark.parametrize("linear", [False, True])
def test_every_kind_of_pixels_comes_back_as_the_loop_gives_it(client, samples, dtype, linear):
    pixels = photo(150, 20, samples, dtype)
    canvas = Canvas(pixels)
    client.restore(as_picture(pixels, linear=linear), {"denoise": 1}, on_strip=canvas)
    assert canvas.whole
    np.testing.assert_array_equal(canvas.pixels, by_hand(FakeRestorer(), pixels, Mix.of(denoise=1), linear=linear))
    assert (canvas.pixels[..., 0] != pixels[..., 0]).any()
    if samples in {2, 4}:
        np.testing.assert_array_equal(canvas.pixels[..., -1], pixels[..., -1])


def test_a_rectangle_shows_the_pixels_of_the_whole(client):
    pixels = photo(150, 60)
    whole, part = Canvas(pixels), Canvas(pixels, (20, 10, 140, 33))
    picture = as_picture(pixels)
    client.restore(picture, {"denoise": 1}, on_strip=whole)
    client.restore(picture, {"denoise": 1}, rectangle=(20, 10, 140, 33), on_strip=part)
    assert part.whole
    np.testing.assert_array_equal(part.pixels, whole.pixels[20:140, 10:33])


@pytest.mark.parametrize("by_rows", [False, True])
def test_regions_take_the_place_of_the_mix_and_outside_nothing_is_touched(client, by_rows):
    pixels = photo()
    mask = np.zeros(pixels.shape[:2], np.uint8)
    mask[10:20, 5:25] = 255
    data = mask.tobytes()
    rows = lambda top, bottom: data[top * 30 : bottom * 30]  # noqa: E731
    regions = [
        {"mix": {"denoise": 1}, "mask": rows if by_rows else data},
        {"mix": {"dehaze": 1}, "strength": 0, "mask": data[::-1]},
    ]
    canvas = Canvas(pixels)
    report = client.restore(as_picture(pixels), "suggest", regions, on_strip=canvas)
    assert report["mix"] is None
    assert not report["suggested"]
    expected = np.where(((mask > 0) & (mask[::-1, ::-1] == 0))[..., None], pixels + 64, pixels)
    np.testing.assert_array_equal(canvas.pixels, expected)


def test_a_shape_is_a_mask_too(client):
    pixels = photo()
    mask = {"type": "rectangle", "left": 0, "top": 0, "right": 15, "bottom": 40}
    canvas = Canvas(pixels)
    client.restore(as_picture(pixels), regions=[{"mix": "denoise", "mask": mask}], on_strip=canvas)
    np.testing.assert_array_equal(canvas.pixels[:, :15], pixels[:, :15] + 64)
    np.testing.assert_array_equal(canvas.pixels[:, 15:], pixels[:, 15:])


def test_recipes_are_taken_by_name_and_as_json(client, restorer):
    pixels = photo()
    by_name, by_json = Canvas(pixels), Canvas(pixels)
    told = next(recipe for recipe in client.recipes() if recipe["name"] == "foggy landscape")
    client.restore(as_picture(pixels), recipe="foggy landscape", on_strip=by_name)
    client.restore(as_picture(pixels), recipe=told["recipe"], on_strip=by_json)
    np.testing.assert_array_equal(by_name.pixels, by_json.pixels)
    assert restorer.suggested == 0
    with pytest.raises(ServiceError, match="no preset"):
        client.restore(as_picture(pixels), recipe="nonsense")


def test_saved_recipes_are_told_after_the_presets_and_as_a_mix_only_where_it_is_all(client):
    folder = recipe_folder()
    folder.mkdir(parents=True)
    whole = Region("photo", WholePicture(), Mix.of(denoise=0.5), 0.6)
    Recipe("a", (whole,)).save(folder / "a.json")
    Recipe("b", (whole,), skip_clean=True).save(folder / "b.json")
    Recipe("c", (whole, whole)).save(folder / "c.json")
    Recipe("d", (UndecidedRegion("photo", WholePicture()),)).save(folder / "d.json")
    told = client.recipes()[len(PRESETS) :]
    assert [(recipe["name"], recipe["mix"], recipe["strength"]) for recipe in told] == [
        ("a", {"denoise": 0.5}, 0.6), ("b", None, 1.0), ("c", None, 1.0), ("d", None, 1.0)
    ]  # fmt: skip
    assert told[1]["recipe"]["skip_clean"]
    assert client.restore(as_picture(photo()), recipe="b")["skipped"] is not None


def test_more_recipes_than_a_message_holds_are_left_out(client):
    folder = recipe_folder()
    folder.mkdir(parents=True)
    for number in range(30):
        Recipe(f"{number}", (), "é" * 10_000).save(folder / f"{number:02}.json")
    told = client.recipes()[len(PRESETS) :]
    assert 3 < len(told) < 30


def test_clean_parts_are_left_alone_where_that_is_asked_for_or_a_recipe_says_so(client):
    pixels = photo(40, 4 * CELL)
    recipe = {
        "format": "pip-editor recipe", "version": 1, "name": "scan", "skip_clean": True,
        "regions": [{"name": "photo", "mask": {"type": "whole"}, "mix": {"denoise": 1}}],
    }  # fmt: skip
    asked, by_recipe, plain = Canvas(pixels), Canvas(pixels), Canvas(pixels)
    report = client.restore(as_picture(pixels), "denoise", skip_clean=True, on_strip=asked)
    assert report["skipped"] == 0.5
    assert client.restore(as_picture(pixels), recipe=recipe, on_strip=by_recipe)["skipped"] == 0.5
    assert client.restore(as_picture(pixels), "denoise", on_strip=plain)["skipped"] is None
    np.testing.assert_array_equal(asked.pixels, by_recipe.pixels)
    np.testing.assert_array_equal(asked.pixels[:, 3 * CELL :], pixels[:, 3 * CELL :])
    np.testing.assert_array_equal(asked.pixels[:, :CELL], plain.pixels[:, :CELL])
    assert (plain.pixels[:, 3 * CELL :] != pixels[:, 3 * CELL :]).any()


def test_a_preview_leaves_alone_what_the_export_does(client):
    pixels = photo(40, 4 * CELL)
    wanted = (0, 2 * CELL - 50, 40, 2 * CELL + 50)
    whole, part = Canvas(pixels), Canvas(pixels, wanted)
    client.restore(as_picture(pixels), "denoise", skip_clean=True, on_strip=whole)
    report = client.restore(as_picture(pixels), "denoise", rectangle=wanted, skip_clean=True, on_strip=part)
    assert report["skipped"] is None
    np.testing.assert_array_equal(part.pixels, whole.pixels[:, wanted[1] : wanted[3]])


def test_a_picture_is_sent_once_and_again_when_the_service_has_lost_it(client):
    asked = []
    pixels = photo()

    def rows(top, bottom):
        asked.append(top)
        return pixels[top:bottom].tobytes()

    picture = Picture(30, 40, "RGB", "u8", rows)
    for _ in range(3):
        canvas = Canvas(pixels)
        client.restore(picture, {"denoise": 1}, on_strip=canvas)
        np.testing.assert_array_equal(canvas.pixels, pixels + 64)
    assert asked == [0]
    client._talk._kept = (picture, 99)
    client.restore(picture, {"denoise": 1})
    assert asked == [0, 0]


def test_a_file_gives_what_its_pixels_give(client, tmp_path, monkeypatch):
    pixels = photo()
    Image.fromarray(pixels).save(tmp_path / "photo.png")
    monkeypatch.chdir(tmp_path)
    by_path, sent = Canvas(pixels), Canvas(pixels)
    report = client.restore("photo.png", {"denoise": 1}, on_strip=by_path)
    client.restore(as_picture(pixels), {"denoise": 1}, on_strip=sent)
    assert (report["width"], report["height"]) == (30, 40)
    np.testing.assert_array_equal(by_path.pixels, sent.pixels)
    with open_picture("photo.png") as picture:
        assert picture.digest() == _fed(pixels).digest()


def test_files_are_not_read_for_a_sandbox(serve, tmp_path, runtime):
    serve()
    file = runtime / "service.json"
    told = json.loads(file.read_text())
    file.write_text(json.dumps({**told, "socket": None}))
    with connect("sandboxed", start=False) as client:
        with pytest.raises(ServiceError) as caught:
            client.restore(str(tmp_path / "photo.png"))
        assert caught.value.code == "forbidden"
        assert client.restore(as_picture(photo()))["suggested"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (DeviceError("No device.", hint="Buy one."), "device"),
        (FailedDeviceError("cuda:0", RuntimeError("CUDA error")), "device"),
        (scratch_error(OSError(errno.ENOSPC, "No space left on device")), "disk"),
        (scratch_error(OSError(errno.EACCES, "Permission denied")), "picture"),
        (ValueError("/home/me/photo.png"), "internal"),
        (MemoryError(), "memory"),
    ],
)
def test_an_error_within_a_job_is_told_and_the_service_goes_on(client, restorer, error, code):
    restorer.fail = error
    with pytest.raises(ServiceError) as caught:
        client.restore(as_picture(photo()), {"denoise": 1})
    assert caught.value.code == code
    assert caught.value.advice
    assert "/home" not in str(caught.value)
    restorer.fail = None
    assert client.restore(as_picture(photo()), {"denoise": 1})["tiles"] == 1


def test_what_does_not_fit_is_refused_with_advice(client):
    picture = as_picture(photo())
    for more, match in (({"rectangle": (0, 0, 99, 99)}, "not inside"), ({"mix": {"denoise": 7}}, "denoise")):
        with pytest.raises(ServiceError, match=match) as caught:
            client.restore(picture, **{"mix": {"denoise": 1}, **more})
        assert caught.value.advice
    with pytest.raises(ServiceError, match="1200"):
        client.restore(Picture(30, 40, "RGB", "u8", lambda top, bottom: b"x" * 1200))
    assert client.ping()["jobs"] == 0


def test_progress_is_told_and_cancelling_leaves_nothing(serve):
    gate = threading.Event()
    server = serve(lambda _: FakeRestorer(gate))
    with connect("test", start=False) as client:
        told = []
        polled = []

        def cancelled():
            polled.append(True)
            return len(told) > 3 and len(polled) > 20

        with pytest.raises(Cancelled):
            client.restore(
                as_picture(photo(200, 64)),
                {"denoise": 1},
                on_progress=lambda *what: told.append(what),
                cancelled=cancelled,
            )
        gate.set()
        assert all(done == 0 for done, _, _ in told)
        for _ in range(100):
            if client.ping()["jobs"] == 0:
                break
            threading.Event().wait(0.02)
        assert client.ping()["jobs"] == 0
        assert client.restore(as_picture(photo()), {"denoise": 1})["tiles"] == 1
        assert server.scheduler.count() == 0


def test_an_exception_in_a_callback_cancels_the_job(client):
    def rows(top, bottom):
        raise KeyError(top)

    with pytest.raises(KeyError):
        client.restore(Picture(30, 40, "RGB", "u8", rows))
    assert client.restore(as_picture(photo()), {"denoise": 1})["tiles"] == 1


def _fed(pixels):
    picture = RawPicture(RawFormat(pixels.shape[1], pixels.shape[0], "RGB", "u8"))
    picture.feed(pixels.tobytes())
    return picture


def test_a_region_of_the_engine_is_a_region_of_the_protocol(client):
    """A soft mask blends as the engine blends it."""
    pixels = photo(dtype=np.float32)
    mask = (np.linspace(0, 255, 30)[None] * np.ones((40, 1))).astype(np.uint8)
    canvas = Canvas(pixels)
    region = {"mix": {"denoise": 1}, "mask": mask.tobytes(), "feather": 3.0, "strength": 0.5}
    client.restore(as_picture(pixels), regions=[region], on_strip=canvas)
    by_engine = Region("r", RasterMask.from_array(mask, 30, 40), Mix.of(denoise=1), 0.5, 3.0)
    np.testing.assert_array_equal(canvas.pixels, by_hand(FakeRestorer(), pixels, [by_engine]))


def test_rectangles_come_in_the_order_in_which_they_are_wanted(client):
    pixels = photo(150, 60)
    wanted = [(100, 20, 150, 60), (0, 0, 30, 60), (30, 0, 100, 20)]
    whole, taken = Canvas(pixels), []
    picture = as_picture(pixels)
    client.restore(picture, {"denoise": 1}, on_strip=whole)
    parts = np.zeros_like(pixels)

    def take(top, left, height, width, data):
        parts[top : top + height, left : left + width] = np.frombuffer(data, np.uint8).reshape(height, width, 3)
        taken.append(next(i for i, (t, x, b, r) in enumerate(wanted) if t <= top < b and x <= left < r))

    report = client.restore(picture, {"denoise": 1}, rectangles=wanted, on_strip=take)
    assert taken == sorted(taken)
    assert set(taken) == {0, 1, 2}
    assert report["tiles"] >= 3
    for top, left, bottom, right in wanted:
        np.testing.assert_array_equal(parts[top:bottom, left:right], whole.pixels[top:bottom, left:right])


def test_the_difference_gives_the_strip_at_any_strength(client):
    pixels = photo(300, 280)
    mask = np.zeros(pixels.shape[:2], np.uint8)
    mask[10:60, 5:55] = 128
    order, change = [], np.full(pixels.shape, 7, np.float32)

    def difference(top, left, height, width, data):
        order.append(("difference", top))
        change[top : top + height, left : left + width] = np.frombuffer(data, np.float32).reshape(height, width, 3)

    canvas = Canvas(pixels)

    def strip(top, *rest):
        order.append(("strip", top))
        canvas(top, *rest)

    regions = [{"mix": {"denoise": 1}, "mask": mask.tobytes(), "strength": 0.5}]
    client.restore(as_picture(pixels), regions=regions, on_strip=strip, on_difference=difference)
    tops = sorted({top for _, top in order})
    assert order == [(kind, top) for top in tops for kind in ("difference", "strip")]
    known = ~np.isnan(change).any(axis=-1)
    assert known[mask > 0].all()
    assert not known.all()
    strength = np.where(known, mask / 255 * 0.5, 0)[..., None]
    expected = np.rint(pixels + 255 * strength * np.nan_to_num(change))
    assert np.abs(expected - canvas.pixels).max() == 0


def test_the_network_is_prepared_when_somebody_comes_and_not_before(serve, restorer):
    serve()
    assert restorer.prepared == 0
    for _ in range(2):
        with connect("test", start=False, timeout=5) as client:
            deadline = time.monotonic() + 5
            while restorer.prepared == 0 and time.monotonic() < deadline:
                time.sleep(0.01)
            assert client.ping()
    assert restorer.prepared == 1


def test_what_cannot_be_prepared_is_told_when_a_picture_comes(serve):
    def make(_):
        raise DeviceError("There is no runtime here.")

    serve(make)
    with connect("test", start=False, timeout=5) as client:
        time.sleep(0.1)
        with pytest.raises(ServiceError, match="no runtime"):
            client.restore(as_picture(photo()), {"denoise": 1})
        assert client.ping()


def test_a_model_that_was_imported_anew_takes_the_place_of_the_old_one(serve):
    """Under the same name: whoever asks next gets the pixels that the command line gives."""
    made = []

    def make(_runs):
        made.append(FakeRestorer())
        return made[-1]

    serve(make)
    pixels = photo()
    with connect("test", start=False, timeout=5) as client:
        for current, count in ((True, 1), (True, 1), (False, 2), (True, 2)):
            if made:
                made[-1].current = current
            client.restore(as_picture(pixels), {"denoise": 1}, on_strip=Canvas(pixels))
            assert len(made) == count
