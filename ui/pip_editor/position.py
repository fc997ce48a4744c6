"""Where the pointer is on the photo, and which values the photo and its result have there, in the status bar.

They are read from what is drawn, which is in memory: so they are the colours that are seen, in steps of 255. Of a photo of 8 bits in sRGB, on a
screen of that kind, these are the samples of the file and of the export.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QPoint

from pip_editor.words import tr

if TYPE_CHECKING:
    from pip_editor.picture import Pyramid
    from pip_editor.window import MainWindow


class Position(QObject):
    """Keeps the label up to date."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.canvas.pointed.connect(self._show)
        window.canvas.view_changed.connect(self._show)
        window.files.strip_shown.connect(self._show)
        window.jobs.preview.changed.connect(self._show)
        window.document.photo_changed.connect(self._show)

    def _show(self, *_: object) -> None:
        self._window.position.setText(self._text())

    def _text(self) -> str:
        """Return the place and its values; "" where there is no photo."""
        photo, preview = self._window.document.photo, self._window.jobs.preview
        canvas = self._window.canvas
        if photo is None or canvas.pointer is None:
            return ""
        point = canvas.view.to_photo(canvas.pointer)
        x, y = math.floor(point.x()), math.floor(point.y())
        if not (0 <= x < self._window.document.width and 0 <= y < self._window.document.height):
            return ""
        told = [_values(photo.pyramid, x, y)]
        place = QPoint(x, y)
        if told[0] and preview.restored is not None and preview.on:
            valid = preview.valid.contains(place) or preview.kept.contains(place)
            told += [_values(preview.restored, x, y)] if valid else []
        gray = photo.picture.info.bands == "gray"
        words = " → ".join(" ".join(map(str, values[:1] if gray else values)) for values in told if values)
        kind = tr("Gray") if gray else "RGB"
        return f"{x}, {y}   {kind} {words}" if words else f"{x}, {y}"


def _values(pyramid: Pyramid, x: int, y: int) -> list[int]:
    """Return red, green and blue of a pixel; none of one that is not loaded yet, or transparent: it is kept multiplied, which rounds."""
    blue, green, red, opacity = pyramid.levels[0][y, x].tolist()
    return [red, green, blue] if opacity == 255 else []
