"""A host's layer in the window: it comes with its selection as a region, and goes back with a mask of what was changed."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QMessageBox

from pip_backend.link import RESULT, RESULT_MASK, LinkedRegion, LinkFolder, mask_name
from pip_backend.pictures import WriteOptions
from pip_backend.pictures.raw import RawFormat, RawPicture
from pip_backend.regions import Mix
from pip_editor import recent

from .conftest import GONE, open_file

HEIGHT, WIDTH = 120, 90
OFFERED = []


def offer(folder, pixels, mask=None, mix=None, depth=None, **kw):
    """Hand a layer over, as the service does."""
    channels = {1: "GRAY", 2: "GRAYA", 3: "RGB", 4: "RGBA"}[pixels.shape[2]]
    depth = f"{pixels.dtype.kind}{8 * pixels.dtype.itemsize}"
    picture = RawPicture(RawFormat(pixels.shape[1], pixels.shape[0], channels, depth, **kw))
    picture.feed(pixels.tobytes())
    regions = []
    if mask is not None:
        (folder / mask_name(0)).write_bytes(mask.tobytes())
        regions.append(LinkedRegion("Selection", mix or {}, 1.0, 0.0, mask_name(0)))
    link = LinkFolder(folder)
    link.offer(picture, regions, "GIMP", "photo.png: Background")
    OFFERED.append(link)
    return link


@pytest.fixture(autouse=True)
def offers():
    """End what `offer` began, when the window has gone."""
    yield
    while OFFERED:
        OFFERED.pop().give_up()


@pytest.fixture
def layer():
    return np.random.default_rng(1).integers(0, 256, (HEIGHT, WIDTH, 4), np.uint8)


@pytest.fixture
def selection():
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[30:80, 20:60] = 255
    mask[30:80, 60:70] = 100
    return mask


@pytest.fixture
def linked(qtbot, window, tmp_path, layer, selection):
    link = offer(tmp_path, layer, selection)
    open_file(qtbot, window, link.link)
    return window, link


def give_back(qtbot, window):
    operation = window.linked.give_back()
    assert operation is not None
    qtbot.waitUntil(lambda: window.linked._operation is None, timeout=60_000)
    qtbot.waitUntil(
        lambda: not window.work._timer.isActive(), timeout=60_000
    )  # its slot is Python's, and may outlive the window


def test_a_layer_comes_with_its_selection_as_the_active_region(linked, layer, selection):
    window, _ = linked
    document = window.document
    np.testing.assert_array_equal(document.photo.picture.native(0, HEIGHT), layer)
    assert [region.name for region in document.regions] == ["Whole photo", "Selection"]
    assert document.active.name == "Selection"
    np.testing.assert_array_equal(document.mask(document.active.uid).pixels, selection)
    assert window.windowTitle().startswith("photo.png: Background")
    assert window.actions_["giveBack"].text().replace("&", "") == "Return to GIMP"
    assert window.actions_["giveBack"].isVisible()
    assert document.undo_stack.isClean()
    assert recent.recent_files() == [] or all("Background" not in path.name for path in recent.recent_files())


def test_the_result_goes_back_with_a_mask_of_what_may_differ(qtbot, linked, layer, selection):
    window, link = linked
    window.editing.set_mix(window.document.active.uid, Mix.of(denoise=1, dehaze=0.5))
    give_back(qtbot, window)
    answer = link.answered()
    assert answer.rectangle == (30, 20, 80, 70)
    assert not answer.masked  # all of it: there is nothing but the selection in the rectangle
    assert answer.mix == {"denoise": 1.0, "dehaze": 0.5}
    result = np.frombuffer((link.path / RESULT).read_bytes(), np.uint8).reshape(50, 50, 4)
    strength = selection[30:80, 20:70, None] / 255
    here = layer[30:80, 20:70].astype(np.float64)
    wanted = here + strength * (255 - 2 * here)
    wanted[..., 3] = here[..., 3]
    np.testing.assert_allclose(result, wanted, atol=0.51)
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=60_000)


def test_what_lies_between_two_regions_is_not_in_the_mask(qtbot, window, tmp_path, layer):
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[10:20, 10:20] = mask[50:60, 40:50] = 7
    link = offer(tmp_path, layer, mask, {"denoise": 1.0})
    open_file(qtbot, window, link.link)
    give_back(qtbot, window)
    assert link.answered().masked
    marks = np.frombuffer((link.path / RESULT_MASK).read_bytes(), np.uint8).reshape(50, 40)
    np.testing.assert_array_equal(marks, np.where(mask[10:60, 10:50] > 0, 255, 0))


def test_the_whole_photo_goes_back_without_a_mask(qtbot, linked):
    window, link = linked
    window.editing.set_mix(window.document.regions[0].uid, Mix.of(denoise=1))
    give_back(qtbot, window)
    assert link.answered().rectangle == (0, 0, HEIGHT, WIDTH)
    assert not link.answered().masked


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.uint16])
def test_samples_come_back_as_the_host_has_them(qtbot, window, tmp_path, dtype):
    pixels = (np.random.default_rng(2).random((HEIGHT, WIDTH, 3)) * (65535 if dtype == np.uint16 else 1)).astype(dtype)
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[40:50, 30:60] = mask[70:71, 5:6] = 255
    link = offer(tmp_path, pixels, mask, {"denoise": 1.0}, linear=True)
    open_file(qtbot, window, link.link)
    assert window.jobs.preview.exchange.sent.linear
    give_back(qtbot, window)
    top, left, bottom, right = link.answered().rectangle
    result = np.frombuffer((link.path / RESULT).read_bytes(), dtype).reshape(bottom - top, right - left, 3)
    outside = mask[top:bottom, left:right] == 0
    np.testing.assert_array_equal(result[outside], pixels[top:bottom, left:right][outside])
    assert (result[~outside] != pixels[top:bottom, left:right][~outside]).any()


def test_nothing_is_returned_before_something_is_removed(linked):
    window, link = linked
    assert window.linked.give_back() is None
    assert "nothing to return" in window.message.text.text()
    assert link.answered() is None


def test_a_service_that_has_gone_leaves_everything_and_can_be_asked_again(qtbot, linked, fake):
    window, link = linked
    window.editing.set_mix(window.document.active.uid, Mix.of(denoise=1))
    fake.fail_next = GONE
    give_back(qtbot, window)
    assert window.isVisible()
    assert link.answered() is None
    assert window.message.button.text() == "Retry"
    QTest.mouseClick(window.message.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=60_000)
    assert link.answered() is not None


def test_a_host_that_gave_up_is_told_of_and_the_window_stays(linked):
    window, link = linked
    window.editing.set_mix(window.document.active.uid, Mix.of(denoise=1))
    link.give_up()
    window.linked._look()
    assert "GIMP does not wait" in window.message.text.text()
    assert not window.actions_["giveBack"].isEnabled()
    assert window.linked.give_back() is None
    assert window.isVisible()


def test_where_the_service_was_killed_nothing_is_returned_to_nobody_and_nothing_is_left(qtbot, linked, monkeypatch):
    window, link = linked
    window.editing.set_mix(window.document.active.uid, Mix.of(denoise=1))
    link._held.close()  # as the system does for a process that has died
    assert window.linked.give_back() is None
    assert "GIMP does not wait" in window.message.text.text()
    assert window.message.button.text() == "Export"
    monkeypatch.setattr(window.files, "may_leave", lambda *_: True)
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=60_000)
    assert not link.path.exists()


@pytest.mark.parametrize(
    ("answer", "closed", "returned"),
    [
        (QMessageBox.StandardButton.Cancel, False, False),
        (QMessageBox.StandardButton.Discard, True, False),
        (QMessageBox.StandardButton.Yes, True, True),
    ],
)
def test_closing_asks_whether_to_return(qtbot, linked, monkeypatch, answer, closed, returned):
    window, link = linked
    window.editing.set_mix(window.document.active.uid, Mix.of(denoise=1))
    monkeypatch.setattr(window.linked, "ask", lambda: answer)
    window.close()
    if returned:
        qtbot.waitUntil(lambda: not window.isVisible(), timeout=60_000)
    assert window.isVisible() != closed
    assert (link.answered() is not None) == returned
    assert link.path.exists() == (returned or not closed)


def test_closing_during_an_export_asks_once_whether_to_stop_it(qtbot, linked, fake, tmp_path, monkeypatch):
    window, _ = linked
    window.editing.set_mix(window.document.active.uid, Mix.of(denoise=1))
    fake.hold = threading.Event()
    window.jobs.export(tmp_path / "out.png", WriteOptions())
    asked = []
    monkeypatch.setattr(window.files, "ask_stop_export", lambda: bool(asked.append(1)) or True)
    monkeypatch.setattr(window.linked, "ask", lambda: QMessageBox.StandardButton.Yes)
    window.close()
    fake.hold.set()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=60_000)
    assert asked == [1]
    assert not (tmp_path / "out.png").exists()


def test_without_a_host_there_is_nothing_of_it(opened):
    assert not opened.actions_["giveBack"].isVisible()
    assert opened.actions_["save"].isVisible()
    assert not opened.linked.waits


def test_a_link_that_has_gone_is_one_sentence(qtbot, window, tmp_path):
    with qtbot.waitSignal(window.files._loader.failed, timeout=60_000):
        window.files.open(tmp_path / "link.json")
    assert "no layer of a host" in window.message.text.text()
