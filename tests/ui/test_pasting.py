"""Pictures and files from the clipboard, or dropped."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PyQt6.QtCore import QMimeData, QPointF, Qt, QUrl
from PyQt6.QtGui import QDropEvent, QImage
from PyQt6.QtWidgets import QApplication, QMessageBox

from pip_editor import recent
from pip_editor.exportdialog import ExportDialog
from pip_editor.pasting import holds_photo

from .driving import shown


def copied(pixels):
    data = QMimeData()
    height, width = pixels.shape[:2]
    data.setImageData(QImage(pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy())
    return data


def urls(*paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


@pytest.fixture
def paste(qtbot, window):
    """Put something on the clipboard and paste it."""

    def do(data):
        QApplication.clipboard().setMimeData(data)
        with qtbot.waitSignal(window.files._loader.finished, timeout=60_000):
            window.actions_["paste"].trigger()

    yield do
    QApplication.clipboard().clear()


def test_a_picture_is_pasted_and_becomes_a_file_that_a_project_can_name(window, paste, pixels):
    recent.settings().setValue("folder", "/photos")
    paste(copied(pixels))
    photo = window.document.photo
    np.testing.assert_array_equal(shown(photo.pyramid), pixels)
    with Image.open(photo.path) as image:
        np.testing.assert_array_equal(np.array(image), pixels)
    assert photo.path.parent == recent.pasted_folder()
    assert recent.last_folder() == "/photos"


def test_two_pictures_pasted_in_a_second_are_two_files(window, paste, pixels):
    paste(copied(pixels))
    first = window.document.photo.path
    paste(copied(255 - pixels))
    assert first.exists()
    assert window.document.photo.path != first


def test_the_result_of_what_was_pasted_is_proposed_where_photos_are(qtbot, window, paste, pixels, tmp_path):
    recent.settings().setValue("folder", str(tmp_path))
    paste(copied(pixels))
    dialog = ExportDialog(window.document.photo, window)
    qtbot.addWidget(dialog)
    assert dialog.target.parent == tmp_path


def test_a_file_is_pasted_as_it_is(window, paste, photo):
    paste(urls(photo))
    assert window.document.photo.path == photo


def test_a_clipboard_without_a_picture_is_one_sentence(window):
    QApplication.clipboard().setText("words")
    window.actions_["paste"].trigger()
    assert "clipboard" in window.message.text.text()
    assert window.document.photo is None


def test_of_several_files_the_first_is_opened_and_a_batch_of_all_is_offered(qtbot, window, photo, pixels, tmp_path):
    other = tmp_path / "other.png"
    Image.fromarray(pixels).save(other)
    dropped = urls(photo, other)
    event = QDropEvent(
        QPointF(9, 9), Qt.DropAction.CopyAction, dropped, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    with qtbot.waitSignal(window.files._loader.finished, timeout=60_000):
        window.dropEvent(event)
    assert window.document.photo.path == photo
    window.message.button.click()
    rows = window.desk.open_batch().list
    assert [rows.topLevelItem(row).text(0) for row in range(rows.topLevelItemCount())] == ["photo.png", "other.png"]


def test_who_cancels_before_files_that_were_dropped_is_told_nothing_of_them(opened, photo, tmp_path, monkeypatch):
    opened.editing.add_region()
    monkeypatch.setattr(opened.files, "ask_unsaved", lambda: QMessageBox.StandardButton.Cancel)
    assert opened.files.open_data(urls(photo, tmp_path / "other.png"))
    assert opened.message.isHidden()


def test_a_link_into_the_web_is_not_taken_and_a_picture_with_one_is(pixels, photo):
    link, both = QMimeData(), copied(pixels)
    for data in (link, both):
        data.setUrls([QUrl("https://example.org/photo.png")])
    assert not holds_photo(link)
    assert holds_photo(both)
    assert holds_photo(urls(photo))
