"""A file is finished by threads beside the network's: with the same bytes, the same sentences, and nothing left."""

from __future__ import annotations

import tempfile
import threading

import numpy as np
import pytest

from pip_backend import restorer as restorer_module
from pip_backend.errors import PictureError
from pip_backend.pictures import ChangeMap, Picture, PictureInfo, PictureWriter
from pip_backend.regions import Mix
from pip_backend.restorer import Restorer

from .engine.networks import BoxBlur, Endless
from .engine.test_overlap import InTurn


@pytest.fixture
def photo(tmp_path, monkeypatch):
    """Give a photo, in a folder of its own, with a temporary folder of its own."""
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    (tmp_path / "photos").mkdir()
    path = tmp_path / "photos" / "photo.png"
    pixels = np.random.default_rng(0).integers(0, 256, (310, 90, 3), np.uint8)
    with PictureWriter(path, PictureInfo(90, 310)) as writer:
        writer.write(pixels)
    return path


@pytest.fixture
def restorer():
    made = Restorer(tile=64)
    made.network = BoxBlur()
    return made


def left(photo):
    names = ("pip-beside", "pip-cache", "pip-finish", "pip-encode")
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith(names)]
    assert list((photo.parent.parent / "scratch").iterdir()) == []
    return sorted(path.name for path in photo.parent.iterdir())


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".webp"])
def test_the_same_bytes_come_out_with_and_without_overlap(photo, restorer, monkeypatch, suffix):
    changes = [ChangeMap(90, 310), ChangeMap(90, 310)]
    one, other = photo.with_name(f"one{suffix}"), photo.with_name(f"other{suffix}")
    restorer.restore_file(photo, one, Mix.of(denoise=1), changes=changes[0])
    monkeypatch.setattr(restorer_module, "Beside", InTurn)
    restorer.restore_file(photo, other, Mix.of(denoise=1), changes=changes[1])
    assert one.read_bytes() == other.read_bytes()
    np.testing.assert_array_equal(changes[0].values, changes[1].values)
    assert left(photo) == sorted([photo.name, one.name, other.name])


def test_an_error_while_a_strip_is_finished_is_told_as_ever_and_leaves_nothing(photo, restorer, monkeypatch):
    def broken(self, top, *_):
        if top >= 100:
            raise PictureError("There is no space left in the temporary folder.")
        return carry(self, top, *_)

    carry = Picture.carry_back
    monkeypatch.setattr(Picture, "carry_back", broken)
    with pytest.raises(PictureError, match="no space left in the temporary folder"):
        restorer.restore_file(photo, photo.with_name("result.png"), Mix.of(denoise=1))
    assert left(photo) == [photo.name]


@pytest.mark.parametrize("calls", [1, 4])
def test_giving_up_ends_every_thread_and_leaves_nothing(photo, restorer, calls):
    seen = []

    def stop(progress):
        if threading.current_thread() is threading.main_thread():
            seen.append(progress)
            if len(seen) == calls:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restorer.restore_file(photo, photo.with_name("result.png"), Mix.of(denoise=1), on_progress=stop)
    assert left(photo) == [photo.name]


@pytest.mark.parametrize("first", [1, 4])
def test_giving_up_in_the_middle_of_a_tile_leaves_nothing_either(photo, restorer, first):
    restorer.network = network = Endless(first)

    def stop(_):
        if len(network.tiles) >= first:
            raise PictureError("Nobody wants it any more.")

    with pytest.raises(PictureError, match="Nobody wants it"):
        restorer.restore_file(photo, photo.with_name("result.png"), Mix.of(denoise=1), on_progress=stop)
    assert left(photo) == [photo.name]


def test_no_more_strips_wait_to_be_written_than_are_allowed(photo, restorer, monkeypatch):
    go, started, given = threading.Event(), threading.Event(), []
    write, strips = PictureWriter.write, Restorer.strips

    def slow(self, strip):
        started.set()
        assert go.wait(60)
        write(self, strip)

    def counted(self, *args, **options):
        for strip in strips(self, *args, **options):
            given.append(strip.top)
            if len(given) == restorer_module.FINISHED + 1:  # it cannot be handed in before the first one is written
                threading.Timer(0.2, go.set).start()
            assert len(given) <= restorer_module.FINISHED + 1 or go.is_set()
            yield strip

    monkeypatch.setattr(PictureWriter, "write", slow)
    monkeypatch.setattr(Restorer, "strips", counted)
    restorer.restore_file(photo, photo.with_name("result.png"), Mix.of(denoise=1))
    assert len(given) > restorer_module.FINISHED + 1
    assert started.is_set()
