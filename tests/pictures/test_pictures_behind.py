"""Encoding while rows come, and decoding one picture ahead, change no byte, no sentence and leave nothing."""

import gc
import os
import threading
import time
from dataclasses import replace

import numpy as np
import pytest
import pyvips
from picture_samples import info_of, leftovers, samples, write

from pip_backend.errors import PictureError
from pip_backend.pictures import (
    WRITTEN_SUFFIXES,
    PictureInfo,
    PicturesAhead,
    PictureWriter,
    WriteOptions,
    ahead,
    behind,
    open_picture,
)
from pip_backend.pictures import writer as writer_module

INFO = PictureInfo(120, 90)


def _supported(folder):
    try:
        os.close(os.open(folder, behind._unnamed() | os.O_RDWR, 0o666))
    except OSError:
        return False
    return True


@pytest.fixture
def follows(tmp_path):
    if not _supported(tmp_path):
        pytest.skip("this system has no files without a name")


def encoders():
    return [thread for thread in threading.enumerate() if thread.name == "pip-encode"]


def in_strips(path, info, pixels, rows=16, **options):
    with PictureWriter(path, info, options=WriteOptions(**options)) as writer:
        for top in range(0, len(pixels), rows):
            writer.write(pixels[top : top + rows])


@pytest.mark.parametrize("suffix", WRITTEN_SUFFIXES)
def test_the_file_has_the_same_bytes_with_and_without_overlap(tmp_path, follows, monkeypatch, suffix):
    info = replace(INFO, resolution=(4.0, 4.0), xmp=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")
    pixels = np.random.default_rng(3).integers(0, 256, (90, 120, 3), np.uint8)
    in_strips(tmp_path / f"with{suffix}", info, pixels)

    def unsupported():
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(behind, "_unnamed", unsupported)
    in_strips(tmp_path / f"without{suffix}", info, pixels)
    assert (tmp_path / f"with{suffix}").read_bytes() == (tmp_path / f"without{suffix}").read_bytes()
    write(tmp_path / f"once{suffix}", info, pixels)
    assert (tmp_path / f"once{suffix}").read_bytes() == (tmp_path / f"without{suffix}").read_bytes()


def test_the_encoder_reads_while_rows_come_and_the_folder_shows_nothing(tmp_path, follows, monkeypatch):
    reads, encoded = threading.Event(), writer_module.encode

    def encode(raw, *rest):
        reads.set()
        encoded(raw, *rest)

    monkeypatch.setattr(writer_module, "encode", encode)
    pixels = samples(INFO)
    with PictureWriter(tmp_path / "p.png", INFO) as writer:
        writer.write(pixels[:40])
        assert reads.wait(60)
        assert leftovers(tmp_path) == []
        writer.write(pixels[40:])
    assert encoders() == []
    with open_picture(tmp_path / "p.png") as picture:
        np.testing.assert_array_equal(picture.native(0, 90), pixels)


@pytest.mark.parametrize("suffix", WRITTEN_SUFFIXES)
def test_giving_up_ends_the_encoder_quietly(tmp_path, own_temporary_folder, capfd, suffix):
    def stops():
        with PictureWriter(tmp_path / f"p{suffix}", INFO) as writer:
            writer.write(samples(INFO)[:40])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stops()
    writer = PictureWriter(tmp_path / f"p{suffix}", INFO)
    writer.write(samples(INFO)[:40])
    del writer
    gc.collect()
    assert encoders() == []
    assert leftovers(tmp_path) == leftovers(own_temporary_folder) == []
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError(28, "No space left on device"), r"no space left in .* for p\.png"),
        (OSError(5, "Input/output error"), r"p\.png cannot be written: Input/output error\."),
        (
            pyvips.Error("unable to call", "first\nvips2png: broken /proc/self/fd/12\n"),
            r"p\.png cannot be written: vips2png: broken p\.png\.",
        ),
    ],
)
def test_an_encoder_that_fails_is_told_at_the_next_rows(tmp_path, follows, monkeypatch, error, sentence):
    def broken(*_args):
        raise error

    monkeypatch.setattr(writer_module, "encode", broken)
    writer = PictureWriter(tmp_path / "p.png", INFO)
    writer.write(samples(INFO)[:40])
    for thread in encoders():
        thread.join()
    with pytest.raises(PictureError, match=sentence) as caught:
        writer.write(samples(INFO)[40:])
    assert caught.value.__cause__ is error
    writer.abort()
    assert leftovers(tmp_path) == []


def test_where_a_file_gets_no_name_it_is_copied(tmp_path, follows, monkeypatch):
    def unsupported(*_args, **options):
        raise OSError(95, "Operation not supported")

    in_strips(tmp_path / "linked.png", INFO, samples(INFO))
    monkeypatch.setattr(os, "link", unsupported)
    in_strips(tmp_path / "copied.png", INFO, samples(INFO))
    assert (tmp_path / "copied.png").read_bytes() == (tmp_path / "linked.png").read_bytes()
    assert leftovers(tmp_path) == ["copied.png", "linked.png"]


@pytest.fixture
def photos(tmp_path):
    paths = []
    for index in range(4):
        pixels = np.full((5, 6, 3), 40 * index, np.uint8)
        paths.append(tmp_path / f"{index}.png")
        write(paths[-1], info_of(pixels), pixels)
    return paths


@pytest.fixture
def opened(monkeypatch):
    """Give what has been opened, as pairs of name and whether in the caller's thread, and all pictures."""
    found, caller = [], threading.current_thread()

    def noted(path):
        picture = open_picture(path)
        found.append((path.name, threading.current_thread() is caller, picture))
        return picture

    monkeypatch.setattr(ahead, "open_picture", noted)
    return found


def test_pictures_are_decoded_one_ahead_and_not_more(photos, opened):
    with PicturesAhead(photos) as pictures:
        for index in range(4):
            with pictures.open(index) as picture:
                assert picture.native(0, 1)[0, 0, 0] == 40 * index
                assert len(opened) <= index + 2
    assert [(name, here) for name, here, _ in opened] == [
        ("0.png", True), ("1.png", False), ("2.png", False), ("3.png", False)
    ]  # fmt: skip


def test_where_a_photo_may_end_the_program_none_is_decoded_before_its_turn(photos, opened):
    with PicturesAhead(photos, ahead=0) as pictures:
        for index in (0, 3, 1):
            pictures.open(index).close()
    assert [(name, here) for name, here, _ in opened] == [("0.png", True), ("3.png", True), ("1.png", True)]


def test_a_photo_that_changed_while_it_waited_is_read_as_it_is_now(photos, opened):
    with PicturesAhead(photos) as pictures:
        pictures.open(0).close()
        while len(opened) < 2:
            time.sleep(0.001)
        photos[1].write_bytes(photos[3].read_bytes())
        with pictures.open(1) as picture:
            assert picture.native(0, 1)[0, 0, 0] == 120
    assert not any(picture._scratch.close.alive for *_, picture in opened)


def test_what_was_decoded_for_nothing_is_closed(photos, opened):
    with PicturesAhead(photos) as pictures:
        pictures.open(0).close()
        pictures.open(2).close()  # 1 was not wanted after all
    assert not any(picture._scratch.close.alive for *_, picture in opened)


def test_a_damaged_picture_is_told_in_its_turn(photos):
    photos[1].write_bytes(b"no picture")
    with PicturesAhead(photos) as pictures:
        pictures.open(0).close()
        with pytest.raises(PictureError, match=r"1\.png is not a picture"):
            pictures.open(1)
        pictures.open(2).close()


def test_a_file_that_is_about_to_be_written_is_not_read_before(photos):
    with PicturesAhead(photos) as pictures:
        pictures.open(0, written=photos[1]).close()
        photos[1].write_bytes(photos[3].read_bytes())
        with pictures.open(1) as picture:
            assert picture.native(0, 1)[0, 0, 0] == 120
