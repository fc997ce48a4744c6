"""How long an edit takes to be seen in the editor, ms: strength, feather and mask over a restored 24-megapixel photo.

    python benchmarks/redraw.py [--size 6000x4000] [--seen 1280x720]

Nothing is restored: the change that the network would have told is drawn by chance, and the service is one that never answers, so what is
measured is the window alone, from the edit to the drawn canvas: laying the masks, blending and painting. Processor time is that of the
window's thread; on a machine that does nothing else, wall time is about the same.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PyQt6.QtCore import QPointF, QRect
from PyQt6.QtGui import QRegion
from PyQt6.QtWidgets import QApplication

from pip_backend.regions import Ellipse, Mix, Rectangle

if TYPE_CHECKING:
    from collections.abc import Callable

    from pip_editor.window import MainWindow

ROUNDS = 9


class Silent:
    """A service that never answers."""

    def restore(self, *_: Any, cancelled: Callable[[], bool], **__: Any) -> None:
        """Wait until nobody wants it any more."""
        from pip_client import Cancelled

        while not cancelled():
            time.sleep(0.05)
        raise Cancelled

    def close(self) -> None:
        """Hang up."""


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--size", default="6000x4000", help="of the photo (default: %(default)s)")
    parser.add_argument("--seen", default="1280x720", help="of the canvas (default: %(default)s)")
    options = parser.parse_args()
    width, height = (int(side) for side in options.size.split("x"))
    from pip_editor.app import make_application

    with tempfile.TemporaryDirectory(prefix="pip") as folder:
        for name in ("CACHE_HOME", "DATA_HOME", "CONFIG_HOME", "STATE_HOME", "RUNTIME_DIR"):
            os.environ[f"XDG_{name}"] = folder
        application = make_application()
        window = restored_window(Path(folder), width, height)
        window.canvas.setFixedSize(*(int(side) for side in options.seen.split("x")))
        application.processEvents()
        print(f"{width} x {height} px, canvas {options.seen}; median (largest) of {ROUNDS}, ms")
        print(f"{'zoom':>6} {'edit':<28} {'wall':>14} {'processor':>14}")
        for zoom in (1.0, 0.51, window.canvas.view.fit_zoom):
            window.canvas.zoom_to(zoom)
            window.canvas.set_view(window.canvas.view.panned(QPointF(40, 30)))
            for name, edit in _edits(window, width, height).items():
                wall, own = _measure(window, edit)
                print(f"{zoom:>6.2f} {name:<28} {_told(wall):>14} {_told(own):>14}")
        window.document.undo_stack.setClean()
        window.close()
        application.processEvents()


def restored_window(folder: Path, width: int, height: int) -> MainWindow:
    """Return a window with a photo, three regions, and a change that is known everywhere."""
    import pyvips
    from PyQt6.QtTest import QTest

    from pip_editor.window import MainWindow
    from pip_editor.work import RestorationClient

    rng = np.random.default_rng(0)
    path = folder / "photo.tif"
    pixels = rng.integers(0, 256, (height, width, 3), np.uint8)
    pyvips.Image.new_from_array(pixels).write_to_file(str(path))
    window = MainWindow(RestorationClient(Silent))  # type: ignore[arg-type] - all that the preview asks of one
    window.show()
    window.files.open(path)
    while window.document.photo is None or not window.document.photo.complete:
        QTest.qWait(20)
    editing, document = window.editing, window.document
    mix = Mix.of(denoise=1)
    editing.set_mix(document.regions[0].uid, mix)
    for shape in (
        Ellipse(width / 2, height / 2, width / 3, height / 3),
        Rectangle(0, height // 2, width, height),
    ):
        editing.add_region()
        editing.combine(shape, "add", "Shape")
        while window.masks.busy:
            QTest.qWait(20)
        assert document.active is not None
        editing.set_mix(document.active.uid, mix)
        editing.set_strength(document.active.uid, 0.5)
    window.actions_["preview"].setChecked(True)
    held = window.jobs.preview._held  # noqa: SLF001 - in place of a restoration
    change = held.room(width, height)
    for top in range(0, height, 500):
        rows = rng.standard_normal((min(500, height - top), width, 3), np.float32)
        change.write(top, 0, rows * np.float32(0.05))
    held.told(QRect(0, 0, width, height))
    return window


def show_as_restored(window: MainWindow) -> None:
    """Have all of the photo shown as the service leaves it: restored, and nothing blended over it."""
    document, preview = window.document, window.jobs.preview
    everywhere = QRect(0, 0, document.width, document.height)
    preview._held.told(everywhere)  # noqa: SLF001 - in place of a restoration
    preview.valid = QRegion(everywhere)
    preview._looks.clear()  # noqa: SLF001 - as above
    preview.changed.emit()


def settle(window: MainWindow) -> None:
    """Let what is to be blended and drawn be so."""
    while window.jobs.preview._blending.isActive():  # noqa: SLF001 - what is waited for
        QApplication.processEvents()
    QApplication.processEvents()


def _edits(window: MainWindow, width: int, height: int) -> dict[str, Callable[[int], None]]:
    """Return what is measured, by name; each is given a number that differs from round to round."""
    editing, document = window.editing, window.document
    whole, ellipse = document.regions[0].uid, document.regions[1].uid
    document.activate(ellipse)
    buffer = document.mask(ellipse)
    dab = 60

    def paint(number: int) -> None:
        seen = window.canvas.view.visible().center()
        top, left = seen.y() + number, seen.x()
        buffer.pixels[top : top + dab, left : left + dab] ^= 255
        from pip_backend.regions import Bounds

        place = Bounds(top, left, min(top + dab, height), min(left + dab, width))
        for row, column in buffer.places(place):
            buffer.note(row, column)
        document.touched(ellipse, place)

    return {
        "strength of the whole photo": lambda number: editing.set_strength(whole, 0.3 + number / 40),
        "strength of a region": lambda number: editing.set_strength(ellipse, 0.3 + number / 40),
        "feather 10 px": lambda number: editing.set_feather(ellipse, 10.0 + number % 2),
        "feather 200 px": lambda number: editing.set_feather(ellipse, 200.0 + number),
        "a dab of the brush": paint,
    }


def _measure(window: MainWindow, edit: Callable[[int], None]) -> tuple[list[float], list[float]]:
    """Edit, and wait until it is seen."""
    from PyQt6.QtWidgets import QApplication

    preview, canvas = window.jobs.preview, window.canvas
    wall, own = [], []
    for number in range(ROUNDS + 1):
        QApplication.processEvents()
        started, busy = time.perf_counter(), time.thread_time()
        edit(number)
        while preview._blending.isActive():  # noqa: SLF001 - what is waited for
            QApplication.processEvents()
        canvas.repaint()
        if number:  # the first one has to make what is kept from then on
            wall.append(1e3 * (time.perf_counter() - started))
            own.append(1e3 * (time.thread_time() - busy))
        assert preview.looks
    return wall, own


def _told(values: list[float]) -> str:
    return f"{statistics.median(values):.0f} ({max(values):.0f})"


if __name__ == "__main__":
    main()
