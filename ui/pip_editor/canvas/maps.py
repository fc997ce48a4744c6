"""Maps in false colours: how much was changed, how far off it may be, and where the sensor finds something; with the scale that says what a colour means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QImage, QPainter

from pip_editor.picture import scale
from pip_editor.picture.memory import shared_image

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pip_editor.canvas.view import View
    from pip_editor.picture.heat import HeatMap

HEAT_OPACITY: Final = 0.6
"""Of a heat map over the photo, which is gray then: among its colours those of the map could not be told."""
_SAMPLES: Final = 160
"""Of a heat map along its longer side."""
_BAR: Final = 200.0
"""Length of a scale, px."""

CHANGE_MARKS: Final = (
    *((float(scale.place_of_change(steps)) / 255, str(steps)) for steps in (0, 2, 8, 32)),
    (1.0, f"≥ {scale.LARGEST}"),
)
"""Where on the scale, 0 to 1, stands what."""
HEAT_MARKS: Final = ((0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %"))

_MAP: Final = scale.pixels()
_HEAT: Final = scale.pixels(HEAT_OPACITY)
_CHANGES: Final = _MAP[scale.place_of_change(np.arange(256, dtype=np.uint8))]


def changes(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Return pixels of the screen that tell by how many steps of 255 two pictures, (rows, columns, 4), differ at most."""
    apart = np.maximum(one, other) - np.minimum(one, other)
    coloured: NDArray[np.uint32] = _CHANGES[apart[..., :3].max(axis=-1)]
    return coloured


class MapLayer:
    """Draws a map in the photo's place, or over it.

    Parameters
    ----------
    pixels
        (rows, columns) of the screen, premultiplied.
    step
        Px of the photo from one to the next.
    opaque
        Whether the photo is not seen through it.

    """

    def __init__(self, pixels: NDArray[np.uint32], step: float, *, opaque: bool) -> None:
        self.opaque = opaque
        self._pixels = np.ascontiguousarray(pixels)
        rows, columns = pixels.shape
        self._place = QRectF(0, 0, columns * step, rows * step)
        self._image = shared_image(self._pixels, QImage.Format.Format_ARGB32_Premultiplied)

    def draw(self, painter: QPainter, view: View, exposed: QRectF) -> None:
        """Draw it."""
        painter.save()
        painter.setClipRect(view.photo_rect.intersected(exposed), Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(view.rect_to_widget(self._place), self._image)
        painter.restore()


def heat_layer(heat: HeatMap, name: str, width: int, height: int) -> MapLayer:
    """Return where the sensor finds a degradation, as a layer over a photo of that size."""
    step = max(width, height) / _SAMPLES
    ys, xs = (np.arange(step / 2, side, step) for side in (height, width))
    places = np.rint(255 * np.clip(heat.at(name, ys, xs), 0, 1)).astype(np.uint8)
    return MapLayer(_HEAT[places], step, opaque=False)


def errors_layer(blocks: NDArray[np.float32], side: int) -> MapLayer:
    """Return the errors to expect of blocks of `side` px, steps of 255, as a layer on the scale of what was changed.

    Opaque: through it, light and dark parts of the photo would be read as more and less of the error.
    """
    return MapLayer(_MAP[scale.place_of_change(blocks)], side, opaque=True)


def draw_scale(painter: QPainter, title: str, marks: Sequence[tuple[float, str]], corner: QPointF) -> None:
    """Draw a scale with its title on a dark plate; `corner` is its lower right one."""
    line = painter.fontMetrics().height()
    width = max(_BAR, float(painter.fontMetrics().horizontalAdvance(title))) + 60.0
    plate = QRectF(corner.x() - width, corner.y() - 2 * line - 34, width, 2 * line + 34)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 170))
    painter.drawRoundedRect(plate, 5, 5)
    painter.setPen(QColor(255, 255, 255))
    left, top = plate.center().x() - _BAR / 2, plate.top() + line + 12
    painter.drawText(QRectF(plate.left(), plate.top() + 6, width, line), Qt.AlignmentFlag.AlignCenter, title)
    strip = np.ascontiguousarray(scale.pixels()[None])
    painter.drawImage(QRectF(left, top, _BAR, 10), shared_image(strip, QImage.Format.Format_RGB32))
    for place, text in marks:
        at = left + place * _BAR
        painter.drawLine(QPointF(at, top + 10), QPointF(at, top + 13))
        painter.drawText(QRectF(at - 40, top + 13, 80, line), Qt.AlignmentFlag.AlignCenter, text)
