"""Photos are shown in the screen's colours: known ones of wide-gamut photos on sRGB screens, and of sRGB photos on wide ones."""

from __future__ import annotations

import io
import threading

import numpy as np
import pytest
from PIL import Image, ImageCms
from PyQt6.QtGui import QColorSpace
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QComboBox

from pip_backend.pictures import open_picture
from pip_editor.picture.display import Display
from pip_editor.picture.screen import CURRENT, SRGB, ScreenError, screen_of
from pip_editor.preferences import Preferences

from .test_window import preview, restore_whole

P3 = bytes(QColorSpace(QColorSpace.NamedColorSpace.DisplayP3).iccProfile().data())
ADOBE = bytes(QColorSpace(QColorSpace.NamedColorSpace.AdobeRgb).iccProfile().data())


@pytest.fixture(autouse=True)
def _screen_as_before():
    yield
    CURRENT.screen = SRGB


def displayed(tmp_path, pixels, icc, screen=SRGB):
    path = tmp_path / "photo.png"
    Image.fromarray(np.uint8(pixels)).save(path, **({"icc_profile": icc} if icc else {}))
    with open_picture(path) as picture:
        return Display(picture.info, screen)(picture.native(0, picture.height))[..., 2::-1].astype(int)


@pytest.mark.parametrize(
    ("icc", "samples", "wanted"),
    [
        (P3, [234, 51, 35], [255, 0, 0]),  # the red of sRGB
        (P3, [117, 251, 76], [0, 255, 0]),
        (P3, [128, 128, 128], [128, 128, 128]),
        (P3, [255, 0, 0], [255, 0, 0]),  # redder than sRGB can: as red as it can
        (ADOBE, [219, 0, 0], [255, 0, 0]),
        (ADOBE, [255, 255, 255], [255, 255, 255]),
        (ADOBE, [144, 255, 60], [0, 255, 0]),
    ],
)
def test_known_colours_of_wide_gamut_photos_on_an_srgb_screen(tmp_path, icc, samples, wanted):
    found = displayed(tmp_path, [[samples]], icc)[0, 0]
    assert np.abs(found - wanted).max() <= 3


@pytest.mark.parametrize(
    ("samples", "wanted"),
    [
        ([255, 0, 0], [234, 51, 35]),
        ([0, 255, 0], [117, 251, 76]),
        ([0, 0, 255], [0, 0, 245]),
        ([90, 90, 90], [90, 90, 90]),
    ],
)
def test_known_colours_of_an_srgb_photo_on_a_display_p3_screen(tmp_path, samples, wanted):
    found = displayed(tmp_path, [[samples]], None, screen_of("display-p3"))[0, 0]
    assert np.abs(found - wanted).max() <= 1


def test_a_photo_in_the_screens_own_colours_keeps_its_samples(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (40, 50, 3))
    for name, icc in (("display-p3", P3), ("adobe-rgb", ADOBE)):
        assert np.abs(displayed(tmp_path, pixels, icc, screen_of(name)) - pixels).max() <= 1


@pytest.mark.parametrize("icc", [P3, ADOBE])
def test_colours_that_srgb_has_are_those_of_littlecms(tmp_path, icc):
    pixels = np.random.default_rng(1).integers(70, 180, (60, 60, 3)).astype(np.uint8)
    found = displayed(tmp_path, pixels, icc)
    reference = ImageCms.profileToProfile(
        Image.fromarray(pixels), io.BytesIO(icc), ImageCms.createProfile("sRGB"), ImageCms.Intent.RELATIVE_COLORIMETRIC
    )
    inside = ((found > 8) & (found < 247)).all(axis=-1)
    assert inside.mean() > 0.5
    assert np.abs(found - np.array(reference))[inside].max() <= 2


def test_profiles_that_are_none_of_a_screen_are_a_sentence(tmp_path):
    for name, data in (
        ("broken.icc", b"nothing"),
        ("lab.icc", ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()),
    ):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(ScreenError, match=name):
            screen_of(str(tmp_path / name))
    with pytest.raises(ScreenError, match=r"gone\.icc"):
        screen_of(str(tmp_path / "gone.icc"))
    (tmp_path / "mine.icc").write_bytes(ADOBE)
    assert screen_of(str(tmp_path / "mine.icc")).icc == ADOBE
    (tmp_path / "s.icc").write_bytes(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    assert screen_of(str(tmp_path / "s.icc")).icc is None


def test_another_screen_shows_the_photo_and_the_result_anew(qtbot, opened, pixels):
    restore_whole(opened)
    preview(qtbot, opened)
    dialog = opened.desk.open_preferences()
    chooser = dialog.findChild(QComboBox, "preferencesScreen")
    assert chooser.currentData() == "srgb"
    work = opened.jobs.preview
    with qtbot.waitSignals([work.finished, opened.files._loader.finished], timeout=8000):
        chooser.setCurrentIndex(chooser.findData("display-p3"))
        chooser.activated.emit(chooser.currentIndex())
        assert work.valid.isEmpty()
    screen = screen_of("display-p3")
    for pyramid, source in ((opened.document.photo.pyramid, pixels), (work.restored, 255 - pixels)):
        wanted = 255 * np.clip(screen.shown((source / np.float32(255)).astype(np.float32)), 0, 1)
        assert np.abs(pyramid.levels[0][..., 2::-1] - wanted).max() <= 1
    with qtbot.waitSignals([work.finished, opened.files._loader.finished], timeout=8000):
        dialog.reject()
    np.testing.assert_array_equal(opened.document.photo.pyramid.levels[0][..., 2::-1], pixels)
    assert opened.desk.preferences == Preferences()


def test_on_another_screen_what_is_blended_is_near_and_said_to_be_a_first_look(qtbot, opened, fake, pixels):
    opened.desk.apply(Preferences(screen="display-p3"))
    qtbot.waitUntil(lambda: opened.document.photo.complete, timeout=5000)
    restore_whole(opened)
    whole = opened.document.regions[0].uid
    opened.editing.set_strength(whole, 0.1)
    preview(qtbot, opened)
    fake.hold = threading.Event()
    opened.editing.set_strength(whole, 0.15)
    qtbot.waitUntil(lambda: bool(opened.jobs.preview.looks), timeout=2000)
    assert opened.jobs.preview.state == "first"
    found = opened.jobs.preview.looks[0].pixels[..., 2::-1].astype(int)
    QTest.qWait(1)
    with qtbot.waitSignal(opened.jobs.preview.finished, timeout=8000):
        fake.hold.set()
    assert np.abs(found - opened.jobs.preview.restored.levels[0][..., 2::-1]).mean() < 3


def test_a_screen_is_kept_and_one_that_is_gone_is_told_of(qtbot, opened, tmp_path):
    path = tmp_path / "mine.icc"
    path.write_bytes(P3)
    dialog = opened.desk.open_preferences()
    dialog._show_screen(str(path))
    dialog._read()
    assert CURRENT.screen.icc == P3
    dialog.accept()
    assert Preferences.load().screen == str(path)
    again = opened.desk.open_preferences()
    assert again.screen_chooser.currentText() == "mine.icc"
    again.reject()
    opened.desk.apply(Preferences(screen=str(tmp_path / "gone.icc")))
    assert "gone.icc" in opened.message.text.text()
    assert CURRENT.screen.icc == P3
    Preferences().save()
