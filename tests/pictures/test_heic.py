"""HEIC photos, as iPhones take them, are read where pillow-heif is installed, and elsewhere refused with what to do."""

import base64
import sys
import zlib
from types import SimpleNamespace

import numpy as np
import pytest
from picture_samples import refusal

from pip_backend.extras import has_heic
from pip_backend.pictures import heic, open_picture, read_info, vips
from pip_backend.pictures.icc import parse

PHOTO = zlib.decompress(
    base64.b85decode(
        "c-muNV30{GsVvAy%}izhg51nBLl8SRGck>Ufw3kxwIq=N0u(b+a*CjAhJwuG5(YG&l$nzcHpIn&fe{FSfN=qY1_C=ER?f`KO9S&jqM|@fDif5KQI>27V)7MamgK^f{K+gRDge@VG7FOPfpjTQnKL6ZNN56Bk=zG{KYxGxU|`^9P5|nVaA4$N{Qn=MfElEM8HD6^F*zgxB{iKG8PQ}GC^WK8d$n%Xvj>U`4m2<@@HBvgTatjP*<2V879Z>c+98~rpHq~VoKpc5<z-+4Dq#@GEG|feddvZeHIj1@K@Jmux}5_=|NsC00+40`(kDPPNWLJmA`_&MnS%qQMk2Ey7Z%3AU}J4$VrFdtvfXl15<y{XrNOwK^F-W?3(B(t|IMBM-mY!loB45>8{@w#uKB(7RWHN5_<2d?4xgv4+^?D=_2TqTW5t|?$NJNzhMoWb4Sa2R"
    )
)
"""16 x 8 px by x265: the left half (200, 60, 40), the right half (40, 160, 90); sRGB by its code points."""
CODES = b"colrnclx\0\1\0\x0d"


def libvips_decodes(path):
    try:
        vips.to_array(vips.call("heifload", str(path)))
    except vips.Error:
        return False
    return True


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "IMG_0001.HEIC"
    path.write_bytes(PHOTO)
    return path


@pytest.fixture
def decoder(monkeypatch):
    """Stand in for pillow-heif: what it opens is of this mode and has these samples and code points."""
    given = SimpleNamespace(mode="RGB", samples=np.full((8, 16, 3), 7, np.uint8), codes=None, error=None)

    class File:
        mode = property(lambda self: given.mode)
        info = property(lambda self: {"nclx_profile": given.codes} if given.codes else {})

        def __array__(self, dtype=None, copy=None):
            if given.error is not None:
                raise given.error
            return given.samples

    monkeypatch.setitem(sys.modules, "pillow_heif", SimpleNamespace(open_heif=lambda path, convert_hdr_to_8bit: File()))
    monkeypatch.setattr(heic, "has_heic", lambda: True)
    return given


def test_without_a_decoder_the_sentence_says_what_to_install(photo, monkeypatch):
    if libvips_decodes(photo):
        pytest.skip("THIS LIBVIPS DECODES HEVC: its refusal is not tested")
    monkeypatch.setattr(heic, "has_heic", lambda: False)
    assert "pip-editor[heic]" in refusal(photo, "is HEIC, whose HEVC the installed libvips cannot decode").hint
    assert read_info(photo).width == 16


def test_pixels_come_from_the_decoder(photo, decoder):
    with open_picture(photo) as picture:
        assert (picture.info.format, picture.info.icc, picture.info.warnings) == ("heif", None, ())
        np.testing.assert_array_equal(picture.native(0, 8), decoder.samples)
    decoder.mode, decoder.samples = "L", np.arange(128, dtype=np.uint8).reshape(8, 16)
    with open_picture(photo) as picture:
        np.testing.assert_array_equal(picture.native(0, 8), np.repeat(decoder.samples[..., None], 3, axis=2))


def test_what_the_decoder_refuses_or_is_of_another_shape_is_one_sentence(photo, decoder):
    decoder.mode = "I;16"
    assert "TIFF" in refusal(photo, "samples of kind I;16").hint
    decoder.mode, decoder.samples = "RGB", np.zeros((4, 16, 3), np.uint8)
    refusal(photo, "truncated or damaged")
    decoder.samples = np.zeros((8, 16, 3), np.uint16)
    refusal(photo, "truncated or damaged")
    decoder.error = EOFError("corrupted")
    refusal(photo, "truncated or damaged")


def test_colours_told_by_code_points_are_followed_and_hdr_is_refused(photo, decoder):
    decoder.codes = {"color_primaries": 12, "transfer_characteristics": 13}
    found = parse(read_info(photo).icc)
    np.testing.assert_allclose(found.matrix[:, 0], [0.51512, 0.2412, -0.00105], atol=1e-4)
    decoder.codes = {"color_primaries": 2, "transfer_characteristics": 2}
    assert read_info(photo).icc is None
    decoder.codes = {"color_primaries": 9, "transfer_characteristics": 16}
    assert "standard range" in refusal(photo, "HDR picture .PQ").hint


@pytest.mark.skipif(not has_heic(), reason="PILLOW-HEIF IS NOT INSTALLED: it is not tested (pip install pillow-heif)")
def test_pillow_heif_decodes_the_photo_and_tells_its_colours(photo):
    with open_picture(photo) as picture:
        assert picture.info.icc is None
        pixels = picture.native(0, 8).astype(int)
    assert np.abs(pixels[:, :6] - [200, 60, 40]).max() < 30
    assert np.abs(pixels[:, 10:] - [40, 160, 90]).max() < 30
    assert CODES in PHOTO
    photo.write_bytes(PHOTO.replace(CODES, b"colrnclx\0\x0c\0\x0d"))
    assert parse(read_info(photo).icc).space == "RGB"
    photo.write_bytes(PHOTO.replace(CODES, b"colrnclx\0\x09\0\x10"))
    refusal(photo, "HDR picture .PQ")
    photo.write_bytes(PHOTO[:-30])
    refusal(photo, "truncated or damaged")
