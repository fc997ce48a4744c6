"""What tests do with the window, as a user would."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager

from PyQt6.QtCore import QEvent, QObject, QPointF, Qt
from PyQt6.QtGui import QRegion
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from pip_backend.regions import Mix


def drag(canvas, *points, button=Qt.MouseButton.LeftButton, held=Qt.KeyboardModifier.NoModifier):
    """Press, move and release at points of the photo."""
    places = [canvas.view.to_widget(QPointF(*point)).toPoint() for point in points]
    QTest.mousePress(canvas, button, held, places[0])
    for place in places[1:]:
        QTest.mouseMove(canvas, place)
    QTest.mouseRelease(canvas, button, held, places[-1])


def restore_whole(window, **weights):
    document = window.document
    window.editing.set_mix(document.regions[0].uid, Mix.of(**weights or {"denoise": 1}))


def whole(window):
    return QRegion(0, 0, window.document.width, window.document.height)


def preview(qtbot, window):
    with qtbot.waitSignal(window.jobs.preview.finished, timeout=60_000):
        window.actions_["preview"].setChecked(True)


@contextmanager
def pausing(window):
    """The pause between an edit and the job that shows it does not end meanwhile, however slow the machine is."""
    timer = window.jobs.preview._timer
    pause = timer.interval()
    timer.setInterval(2**31 - 1)
    yield
    timer.setInterval(pause)


def blended(window):
    """Let what is in sight be blended, which is due in the next turn of the event loop."""
    while window.jobs.preview._blending.isActive():
        QApplication.processEvents()


def shown(pyramid):
    return pyramid.levels[0][..., 2::-1]


def paint_sky(window):
    window.choose_tool("rectangle")
    drag(window.canvas, (20, 20), (200, 120))
    uid = window.document.active.uid
    window.editing.set_mix(uid, Mix.of(derain=1))
    window.editing.set_feather(uid, 12.0)
    window.editing.set_strength(uid, 0.75)
    return uid


class _Painted(QObject):
    def __init__(self):
        super().__init__()
        self.region = QRegion()

    def eventFilter(self, watched, event):  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Paint:
            self.region = self.region.united(event.region())
        return False


@contextmanager
def painting(widget):
    """What is drawn anew meanwhile."""
    watch = _Painted()
    widget.installEventFilter(watch)
    yield watch
    widget.removeEventFilter(watch)


@contextmanager
def running(command, **options):
    """Let a program run, and end it; gives the first line that it prints."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
