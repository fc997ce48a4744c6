"""A written file is whole or not there at all, and what cannot be written is told before the work starts."""

import gc
import os
import subprocess
import sys
from pathlib import Path

import icc_samples
import numpy as np
import pytest
import pyvips
from picture_samples import leftovers, samples, write

from pip_backend.errors import PictureError, UsageError
from pip_backend.pictures import WRITTEN_SUFFIXES, PictureInfo, PictureWriter, WriteOptions, open_picture, scratch
from pip_backend.pictures import writer as writer_module
from pip_backend.pictures.colour import choose_model, to_working
from pip_backend.pictures.icc import parse

INFO = PictureInfo(12, 9)


def fails_before_any_work(path, info, match, **options):
    with pytest.raises(PictureError, match=match) as caught:
        PictureWriter(path, info, options=WriteOptions(**options))
    return caught.value


# --- whole or not at all


def test_the_target_appears_with_the_commit_and_alone(tmp_path, own_temporary_folder):
    with PictureWriter(tmp_path / "p.png", INFO) as writer:
        writer.write(samples(INFO)[:5])
        writer.write(samples(INFO)[5:])
        assert leftovers(tmp_path) == []
    assert leftovers(tmp_path) == ["p.png"]
    assert leftovers(own_temporary_folder) == []


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
@pytest.mark.parametrize("suffix", WRITTEN_SUFFIXES)
def test_an_exception_in_the_middle_leaves_nothing(tmp_path, own_temporary_folder, suffix, error):
    def stops():
        with PictureWriter(tmp_path / f"p{suffix}", INFO) as writer:
            writer.write(samples(INFO)[:5])
            raise error

    with pytest.raises(error):
        stops()
    assert leftovers(tmp_path) == leftovers(own_temporary_folder) == []


def test_abort_and_collection_leave_nothing(tmp_path, own_temporary_folder):
    writer = PictureWriter(tmp_path / "p.png", INFO)
    writer.write(samples(INFO))
    writer.abort()
    writer.abort()
    writer = PictureWriter(tmp_path / "p.png", INFO)
    writer.write(samples(INFO))
    del writer
    gc.collect()
    assert leftovers(tmp_path) == leftovers(own_temporary_folder) == []


@pytest.mark.parametrize("stage", ["encode", "_to_disk", "_place"])
@pytest.mark.parametrize(
    "error", [OSError(5, "Input/output error"), pyvips.Error("unable to call", "broken"), KeyboardInterrupt()]
)
def test_an_error_at_any_stage_of_the_commit_leaves_the_old_file(
    tmp_path, own_temporary_folder, monkeypatch, stage, error
):
    write(tmp_path / "p.png", INFO, samples(INFO))
    before = (tmp_path / "p.png").read_bytes()

    def broken(*_args):
        raise error

    owner = PictureWriter if stage == "_place" else writer_module
    monkeypatch.setattr(owner, stage, broken)
    expected = KeyboardInterrupt if isinstance(error, KeyboardInterrupt) else PictureError
    with pytest.raises(expected) as caught:
        write(tmp_path / "p.png", INFO, 255 - samples(INFO), overwrite=True)
    assert expected is KeyboardInterrupt or caught.value.__cause__ is error
    assert (tmp_path / "p.png").read_bytes() == before
    assert leftovers(tmp_path) == ["p.png"]
    assert leftovers(own_temporary_folder) == []


def test_missing_rows_are_no_picture(tmp_path, own_temporary_folder):
    with pytest.raises(PictureError, match="only 5 of 9 rows"), PictureWriter(tmp_path / "p.png", INFO) as writer:
        writer.write(samples(INFO)[:5])
    assert leftovers(tmp_path) == leftovers(own_temporary_folder) == []


def test_an_existing_target_is_refused_and_left_intact(tmp_path):
    (tmp_path / "p.png").write_bytes(b"precious")
    assert "overwriting" in fails_before_any_work(tmp_path / "p.png", INFO, "exists already").hint
    assert (tmp_path / "p.png").read_bytes() == b"precious"


@pytest.mark.parametrize("links", [True, False])
def test_a_target_that_came_into_being_meanwhile_is_left_intact(tmp_path, monkeypatch, links):
    if not links:

        def unsupported(*_args):
            raise OSError(95, "Operation not supported")

        monkeypatch.setattr(Path, "hardlink_to", unsupported)
    writer = PictureWriter(tmp_path / "p.png", INFO)
    writer.write(samples(INFO))
    (tmp_path / "p.png").write_bytes(b"precious")
    with pytest.raises(PictureError, match="exists already"):
        writer.commit()
    assert (tmp_path / "p.png").read_bytes() == b"precious"
    assert leftovers(tmp_path) == ["p.png"]


def test_file_systems_without_links_are_written_to(tmp_path, monkeypatch):
    def unsupported(*_args):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(Path, "hardlink_to", unsupported)
    write(tmp_path / "p.png", INFO, samples(INFO))
    assert leftovers(tmp_path) == ["p.png"]


@pytest.mark.skipif(os.name == "nt", reason="there are no modes")
def test_files_get_the_usual_mode_and_keep_it_when_replaced(tmp_path):
    umask = os.umask(0o022)
    try:
        write(tmp_path / "p.png", INFO, samples(INFO))
        assert (tmp_path / "p.png").stat().st_mode & 0o777 == 0o644
        (tmp_path / "p.png").chmod(0o640)
        write(tmp_path / "p.png", INFO, samples(INFO), overwrite=True)
        assert (tmp_path / "p.png").stat().st_mode & 0o777 == 0o640
    finally:
        os.umask(umask)


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_symbolic_link_is_followed(tmp_path):
    (tmp_path / "far").mkdir()
    write(tmp_path / "far" / "p.png", INFO, samples(INFO))
    (tmp_path / "link.png").symlink_to(tmp_path / "far" / "p.png")
    write(tmp_path / "link.png", INFO, 255 - samples(INFO), overwrite=True)
    assert (tmp_path / "link.png").is_symlink()
    with open_picture(tmp_path / "far" / "p.png") as picture:
        np.testing.assert_array_equal(picture.native(0, 9), 255 - samples(INFO))


@pytest.mark.parametrize("name", ["夜" * 80 + ".png", "x" * 250 + ".tif"])
def test_a_name_as_long_as_the_system_allows_is_written(tmp_path, name):
    write(tmp_path / name, INFO, samples(INFO))
    assert leftovers(tmp_path) == [name]


FULL = """
import resource, signal, sys
import numpy as np
from pip_backend.errors import PictureError
from pip_backend.pictures import PictureInfo, PictureWriter
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
pixels = np.random.default_rng(0).integers(0, 256, (300, 300, 3), np.uint8)
try:
    with PictureWriter(sys.argv[1], PictureInfo(300, 300)) as writer:
        writer.write(pixels)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
except PictureError as error:
    print("refused:", error)
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no limit on file sizes")
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".webp"])
def test_a_disk_that_fills_up_while_encoding_is_an_error_and_leaves_nothing(tmp_path, suffix):
    """The system's limit on the size of files stands for the full disk: libvips' own writing fails for real."""
    command = [sys.executable, "-c", FULL, str(tmp_path / f"p{suffix}")]
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.startswith("refused: p")
    assert done.stderr == ""
    assert leftovers(tmp_path) == []


def test_a_full_disk_is_told_with_the_name_of_the_folder(tmp_path, own_temporary_folder, monkeypatch):
    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writer_module, "encode", full)
    with pytest.raises(PictureError, match=r"no space left in .* for p\.png"):
        write(tmp_path / "p.png", INFO, samples(INFO))
    monkeypatch.setattr(writer_module, "write_all", full)
    with pytest.raises(PictureError, match="no space left in the temporary folder"):
        write(tmp_path / "p.png", INFO, samples(INFO))
    assert leftovers(tmp_path) == leftovers(own_temporary_folder) == []


def test_the_encoders_reason_is_told_with_the_targets_name_and_not_the_hidden_ones(tmp_path, monkeypatch):
    def broken(_raw, _info, _options, out):
        raise pyvips.Error("unable to call", f"first\nvips2png: unable to write to target {out}\n")

    name = "p.png" if os.name == "nt" else "p\\1.png"
    monkeypatch.setattr(writer_module, "encode", broken)
    with pytest.raises(PictureError) as caught:
        write(tmp_path / name, INFO, samples(INFO))  # at once, so that it is encoded at the end
    assert str(caught.value) == f"{name} cannot be written: vips2png: unable to write to target {name}."


def test_a_missing_temporary_folder_is_told(tmp_path, monkeypatch):
    write(tmp_path / "p.png", INFO, samples(INFO))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    fails_before_any_work(tmp_path / "q.png", INFO, "temporary folder")
    with pytest.raises(PictureError, match="temporary folder"):
        open_picture(tmp_path / "p.png")


# --- told before the work


@pytest.mark.parametrize(
    ("name", "info", "options", "match"),
    [
        ("p.bmp", INFO, {}, "not written"),
        ("p", INFO, {}, "no suffix"),
        ("p.jpg", PictureInfo(9, 9, alpha=True), {}, "transparency"),
        ("p.png", PictureInfo(9, 9, "cmyk"), {}, "CMYK"),
        ("p.webp", PictureInfo(9, 9, "cmyk"), {}, "CMYK"),
        ("p.webp", PictureInfo(16384, 9), {}, "too many for WebP"),
        ("p.jpg", PictureInfo(9, 65501), {}, "too many for JPEG"),
        ("p.jpg", INFO, {"depth": 16}, "8 bits"),
        ("p.webp", INFO, {"depth": 16}, "8 bits"),
        ("p.jpg", INFO, {"compression": "lossless"}, "no compression"),
        ("p.png", INFO, {"compression": "lzw"}, "no compression"),
        ("p.webp", INFO, {"compression": "none"}, "no compression"),
    ],
)
def test_what_a_format_cannot_hold_is_told_before_the_work(tmp_path, own_temporary_folder, name, info, options, match):
    error = fails_before_any_work(tmp_path / name, info, match, **options)
    assert error.hint
    assert leftovers(tmp_path) == leftovers(own_temporary_folder) == []


def test_a_folder_that_cannot_be_written_to_is_told_before_the_work(tmp_path, monkeypatch):
    fails_before_any_work(tmp_path / "missing" / "p.png", INFO, "does not exist")
    (tmp_path / "file").write_bytes(b"")
    fails_before_any_work(tmp_path / "file" / "p.png", INFO, "is a file")
    (tmp_path / "folder.png").mkdir()
    fails_before_any_work(tmp_path / "folder.png", INFO, "is a folder", overwrite=True)

    def denied(**_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", denied)
    fails_before_any_work(tmp_path / "p.png", INFO, "may not be written to")
    assert leftovers(tmp_path) == ["file"]


@pytest.mark.parametrize("wrong", [{"quality": 0}, {"quality": 101}, {"depth": 12}, {"compression": "best"}])
def test_options_that_do_not_exist_are_refused(wrong):
    with pytest.raises(UsageError):
        WriteOptions(**wrong)


# --- strips


@pytest.mark.parametrize(
    "strip",
    [
        np.zeros((2, 11, 3), np.uint8),
        np.zeros((2, 12, 4), np.uint8),
        np.zeros((2, 12), np.uint8),
        np.zeros((2, 12, 3), np.uint16),
        np.zeros((10, 12, 3), np.uint8),
    ],
)
def test_strips_that_do_not_fit_are_refused(tmp_path, strip):
    writer = PictureWriter(tmp_path / "p.png", INFO)
    with pytest.raises(PictureError, match=r"does not fit|more rows"):
        writer.write(strip)
    writer.abort()


def test_strips_of_any_memory_layout_are_taken(tmp_path):
    pixels = samples(INFO)
    write(tmp_path / "p.png", INFO, np.asfortranarray(pixels)[:, :, :])
    write(tmp_path / "q.png", INFO, pixels[:, ::-1], strips=(3, 3, 8))
    with open_picture(tmp_path / "p.png") as p, open_picture(tmp_path / "q.png") as q:
        np.testing.assert_array_equal(p.native(0, 9), pixels)
        np.testing.assert_array_equal(q.native(0, 9), pixels[:, ::-1])


def test_a_writer_that_has_ended_takes_nothing_more(tmp_path):
    with PictureWriter(tmp_path / "p.png", INFO) as writer:
        writer.write(samples(INFO))
    for use in (writer.commit, lambda: writer.write(samples(INFO))):
        with pytest.raises(PictureError, match="ended"):
            use()


def test_writing_takes_as_many_calls_as_the_system_wants():
    class Slow:
        def __init__(self):
            self.data = b""

        def write(self, view):
            self.data += bytes(view[:7])
            return min(7, len(view))

    slow = Slow()
    scratch.write_all(slow, samples(INFO))
    assert slow.data == samples(INFO).tobytes()


# --- into sRGB


@pytest.mark.parametrize("suffix", [".png", ".tif", ".webp"])
@pytest.mark.parametrize("profile", [icc_samples.DISPLAY_P3, icc_samples.PROPHOTO])
def test_a_picture_written_as_srgb_has_the_colours_that_the_network_sees(tmp_path, profile, suffix):
    info = PictureInfo(12, 9, alpha=True, icc=profile)
    pixels = samples(info)
    write(tmp_path / f"p{suffix}", info, pixels, profile="srgb", compression="lossless")
    with open_picture(tmp_path / f"p{suffix}") as picture:
        assert parse(picture.info.icc).is_srgb
        wanted = np.clip(to_working(choose_model(info).model, pixels, 3), 0, 1) * 255
        np.testing.assert_array_equal(picture.native(0, 9)[..., :3], np.rint(wanted))
        np.testing.assert_array_equal(picture.native(0, 9)[..., 3], pixels[..., 3])


def test_cmyk_becomes_rgb_where_a_format_has_no_cmyk(tmp_path):
    info = PictureInfo(12, 9, bands="cmyk", icc=icc_samples.cmyk_profile())
    fails_before_any_work(tmp_path / "p.png", info, "CMYK")
    write(tmp_path / "p.png", info, samples(info), profile="srgb")
    with open_picture(tmp_path / "p.png") as picture:
        assert picture.info.bands == "rgb"
        wanted = np.clip(to_working(choose_model(info).model, samples(info), 4), 0, 1) * 255
        np.testing.assert_array_equal(picture.native(0, 9), np.rint(wanted))


def test_gray_stays_gray_with_the_curve_of_srgb(tmp_path):
    info = PictureInfo(12, 9, bands="gray", icc=icc_samples.gray_profile(icc_samples.gamma(1.8)))
    pixels = samples(info)
    write(tmp_path / "p.png", info, pixels, profile="srgb")
    with open_picture(tmp_path / "p.png") as picture:
        assert picture.info.icc is None
        wanted = to_working(choose_model(info).model, pixels, 1)[..., :1] * 255
        np.testing.assert_array_equal(picture.native(0, 9), np.rint(wanted))


@pytest.mark.parametrize("icc", [None, icc_samples.SRGB])
def test_what_is_srgb_stays_bit_for_bit(tmp_path, icc):
    info = PictureInfo(12, 9, icc=icc)
    write(tmp_path / "p.png", info, samples(info), profile="srgb")
    with open_picture(tmp_path / "p.png") as picture:
        assert picture.info.icc == icc
        np.testing.assert_array_equal(picture.native(0, 9), samples(info))


def test_another_profile_than_these_is_one_sentence():
    with pytest.raises(UsageError, match="prophoto"):
        WriteOptions(profile="prophoto")
