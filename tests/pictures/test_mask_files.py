"""Masks as files of the user's."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from pip_backend.errors import PictureError
from pip_backend.pictures import read_mask, write_mask
from pip_backend.regions import RasterMask


@pytest.fixture
def samples():
    """All levels of 8 bits."""
    return np.arange(256, dtype=np.uint8).repeat(3).reshape(24, 32)


def test_a_mask_that_is_written_is_a_gray_png_and_read_as_the_same_to_the_bit(tmp_path, samples):
    write_mask(tmp_path / "sky.png", samples)
    with Image.open(tmp_path / "sky.png") as image:
        assert (image.format, image.mode) == ("PNG", "L")
        np.testing.assert_array_equal(np.array(image), samples)
    mask = RasterMask.from_array(read_mask(tmp_path / "sky.png"), 32, 24)
    np.testing.assert_array_equal(mask.coverage(0, 24, 32, 24), np.float32(samples) / np.float32(255))


def test_a_mask_takes_the_place_of_a_file_whole_or_not_at_all(tmp_path, samples, monkeypatch):
    path = tmp_path / "sky.png"
    write_mask(path, samples)
    write_mask(path, 255 - samples)
    before = path.read_bytes()
    monkeypatch.setattr("pip_backend.pictures.writer.PictureWriter.commit", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_mask(path, samples)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_mask_that_cannot_be_written_is_one_sentence(tmp_path, samples):
    with pytest.raises(PictureError, match="gone"):
        write_mask(tmp_path / "gone" / "sky.png", samples)
