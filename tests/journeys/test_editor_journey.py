"""A user's way through the editor, with the real service, the shipped weights and nothing but Qt's own test tools."""

from __future__ import annotations

import os
import shutil
import tempfile
import time

import numpy as np
import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
pytest.importorskip("PyQt6.QtWidgets", exc_type=ImportError)

from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QAction
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QDialog, QLineEdit, QPushButton, QSlider

from pip_backend.cli import main
from pip_backend.models.catalogue import shipped_folder
from pip_backend.pictures import open_picture
from pip_client import connect

SAMPLE = shipped_folder().parent / "samples" / "misty_mountain.jpg"
WIDTH, HEIGHT = 512, 384


@pytest.fixture
def _service(monkeypatch):
    """A runtime folder with a short path, since that of a socket may not be long; and the end of the service."""
    folder = tempfile.mkdtemp(prefix="pip")
    monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
    monkeypatch.delenv("PIP_EDITOR_SERVICE", raising=False)
    yield
    try:
        with connect("journey", start=False, timeout=5) as client:
            client.stop()
        time.sleep(0.3)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def photo(tmp_path):
    from PIL import Image

    with open_picture(SAMPLE) as picture:
        pixels = picture.native(60, 60 + HEIGHT)[:, 400 : 400 + WIDTH]
    Image.fromarray(pixels).save(tmp_path / "mountain.png")
    return tmp_path / "mountain.png"


def wait(what, seconds=60.0):
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "waited in vain"
        QTest.qWait(20)


def read(path):
    with open_picture(path) as picture:
        return picture.native(0, picture.height).copy()


@pytest.mark.usefixtures("_service")
def test_open_suggest_paint_preview_compare_export_reopen(qapp, photo, tmp_path, monkeypatch):
    from pip_editor.app import make_application, make_window

    application = make_application()
    window = make_window([str(photo)])
    window.show()
    do = lambda name: window.findChild(QAction, f"{name}Action").trigger()  # noqa: E731
    canvas = window.canvas
    try:
        wait(lambda: window.document.photo is not None)
        at = lambda x, y: canvas.view.to_widget(QPointF(x, y)).toPoint()  # noqa: E731

        do("suggest")
        wait(lambda: not window.document.regions[0].mix.is_zero)
        assert window.document.regions[0].mix.named().get("dehaze", 0) > 0.3

        do("rectangleTool")
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=at(30, 230))
        QTest.mouseMove(canvas, at(200, 340))
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=at(200, 340))
        window.findChild(QSlider, "denoiseWeightSlider").setValue(80)
        window.findChild(QSlider, "strengthSlider").setValue(70)
        assert [region.whole for region in window.document.regions] == [True, False]

        do("compare")
        wait(lambda: window.jobs.preview.valid.boundingRect().size().width() == WIDTH)
        wait(lambda: window.jobs.preview.valid.boundingRect().size().height() == HEIGHT)
        assert canvas.showing_split
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(round(canvas.split_x), 40))
        QTest.mouseMove(canvas, QPoint(60, 40))
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(60, 40))
        assert canvas.split < 0.2

        target = tmp_path / "restored.png"

        def answer(dialog):
            assert dialog.objectName() == "exportDialog"
            dialog.findChild(QLineEdit, "exportPath").setText(str(target))
            dialog.findChild(QPushButton, "exportOk").click()
            return QDialog.DialogCode.Accepted

        monkeypatch.setattr("pip_editor.jobs.ExportDialog.exec", answer)
        do("export")
        # The file is there before the window has heard of it; while it exports, closing asks.
        wait(lambda: target.exists() and not window.jobs.exports.active)
        np.testing.assert_array_equal(read(target), window.jobs.preview.restored.levels[0][..., 2::-1])
        assert (read(target) != read(photo)).any()

        # The same regions as a recipe give the same bytes on the command line.
        from pip_editor.around.recipes import Draft

        recipe = Draft.of(window.document).named("journey")
        recipe.save(tmp_path / "journey.json")
        told = ["restore", str(photo), "-o", str(tmp_path / "told.png"), "--recipe", str(tmp_path / "journey.json")]
        assert main([*told, "--quiet"]) == 0
        np.testing.assert_array_equal(read(tmp_path / "told.png"), read(target))

        project = tmp_path / "work.pipx"
        assert window.files.write(project)
        regions = [(r.name, r.mix, r.strength, r.shape) for r in window.document.regions]
        do("close")
        assert window.document.photo is None
        window.files.open(project)
        wait(lambda: window.document.photo is not None)
        assert [(r.name, r.mix, r.strength, r.shape) for r in window.document.regions] == regions
    finally:
        window.document.undo_stack.setClean()
        window.close()
        application.processEvents()
