"""How bright the pixels are that are shown: a curve for each channel, and how many are clipped.

It is taken from at most a quarter of a million pixels of the photo at full size, evenly spread, of the result where it is restored
and of the photo where it is not; so it costs the same for a photo of any size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PyQt6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QRegion
from PyQt6.QtWidgets import QLabel, QVBoxLayout, QWidget

from pip_editor.canvas.layers import clipped
from pip_editor.words import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from PyQt6.QtGui import QPaintEvent

    from pip_editor.picture import Pyramid

SAMPLES: Final = 250_000
_WAIT: Final = 200
"""Changes that follow each other faster are counted once, ms."""
_COLOURS: Final = (QColor(70, 130, 255), QColor(40, 190, 90), QColor(255, 80, 70))


@dataclass(frozen=True, eq=False)
class Histogram:
    """Counts of samples."""

    channels: NDArray[np.int64]
    """(3, 256): blue, green, red."""
    bright: float
    """Share of pixels of which a channel is full."""
    dark: float
    """Share of pixels of which all channels are empty."""


def histogram(photo: Pyramid, restored: Pyramid | None, valid: QRegion) -> Histogram:
    """Count the pixels of a photo, and of what was restored of it where that is valid."""
    full = photo.levels[0]
    height, width = full.shape[:2]
    step = max(1, int(np.ceil((height * width / SAMPLES) ** 0.5)))
    taken = full[::step, ::step, :3].copy()
    if restored is not None:
        there = _sampled(valid, step, *taken.shape[:2])
        taken[there] = restored.levels[0][::step, ::step, :3][there]
    bright, dark = clipped(taken)
    channels = np.stack([np.bincount(taken[..., channel].ravel(), minlength=256) for channel in range(3)])
    return Histogram(channels, float(bright.mean()), float(dark.mean()))


def _sampled(region: QRegion, step: int, rows: int, columns: int) -> NDArray[np.bool_]:
    """Return (rows, columns): which samples, `step` px from each other, lie in a region."""
    image = QImage(columns, rows, QImage.Format.Format_Grayscale8)
    image.fill(0)
    painter = QPainter(image)
    painter.scale(1 / step, 1 / step)
    painter.setClipRegion(region)
    painter.fillRect(0, 0, columns * step, rows * step, QColor(255, 255, 255))
    painter.end()
    bits = image.constBits()
    assert bits is not None
    lines = np.frombuffer(bits.asstring(image.sizeInBytes()), np.uint8).reshape(rows, image.bytesPerLine())
    return lines[:, :columns] > 127


class HistogramPanel(QWidget):
    """Shows the histogram of what is shown."""

    def __init__(
        self, source: Callable[[], tuple[Pyramid, Pyramid | None, QRegion] | None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("histogramPanel")
        self._source = source
        self.curves = _Curves()
        self.words = QLabel()
        self.words.setObjectName("histogramClipping")
        self.words.setAccessibleName(tr("Clipped pixels"))
        self.words.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 6, 10, 8)
        layout.addWidget(self.curves, 1)
        layout.addWidget(self.words)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT)
        self._timer.timeout.connect(self.refresh)

    def later(self) -> None:
        """Count anew, soon; nothing is counted while nobody looks."""
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def showEvent(self, event: object) -> None:
        """Count what was not counted meanwhile."""
        del event
        self.refresh()

    def refresh(self) -> None:
        """Count anew."""
        source = self._source()
        shown = None if source is None else histogram(*source)
        self.curves.show_histogram(shown)
        if shown is None:
            self.words.setText("")
            return
        self.words.setText(
            tr("Clipped: {bright} bright, {dark} dark", bright=_percent(shown.bright), dark=_percent(shown.dark))
        )


class _Curves(QWidget):
    """The three curves."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("histogramCurves")
        self.setAccessibleName(tr("Histogram"))
        self._shown: Histogram | None = None

    def sizeHint(self) -> QSize:
        """Return how large it would like to be."""
        return QSize(300, 110)

    def minimumSizeHint(self) -> QSize:
        """Return how small it may be."""
        return QSize(160, 70)

    def show_histogram(self, shown: Histogram | None) -> None:
        """Draw another one."""
        self._shown = shown
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Draw."""
        del event
        painter = QPainter(self)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.fillRect(frame, QColor(24, 24, 26))
        if self._shown is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Screen)
        channels = self._shown.channels
        # Clipped pixels stand in the first and the last column; they must not flatten all the others.
        highest = max(float(channels[:, 1:-1].max()), 1.0)
        for colour, counts in zip(_COLOURS, channels, strict=True):
            path = QPainterPath(frame.bottomLeft())
            for value, count in enumerate(counts):
                share = min(float(count) / highest, 1.0) ** 0.5
                path.lineTo(
                    QPointF(frame.left() + frame.width() * value / 255, frame.bottom() - frame.height() * share)
                )
            path.lineTo(frame.bottomRight())
            path.closeSubpath()
            filled = QColor(colour)
            filled.setAlpha(150)
            painter.fillPath(path, filled)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(128, 128, 128), 1))
        painter.drawRect(frame)
        painter.end()


def _percent(share: float) -> str:
    if share == 0:
        return tr("none")
    return tr("under 0.1 %") if share < 0.001 else f"{share:.1%}".replace("%", " %")
