"""Names that are cut where there is no room for them: of files and regions, whose length nobody knows, so that they widen no window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtWidgets import QGroupBox, QLabel, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtGui import QResizeEvent


class CutLabel(QLabel):
    """A name and what is said of it; the name is cut first, in its middle, to a third of the label at most."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = self._rest = ""

    @property
    def words(self) -> str:
        """All that is to be read."""
        return self._name + self._rest

    def show_words(self, name: str, rest: str = "") -> None:
        """Show other words."""
        self._name, self._rest = name, rest
        self._cut()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Ask for room for all of it."""
        return QSize(self.fontMetrics().horizontalAdvance(self.words) + 4, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Get by without any."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Cut anew."""
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        metrics, room = self.fontMetrics(), self.contentsRect().width()
        free = max(room - metrics.horizontalAdvance(self._rest), room // 3)
        name = metrics.elidedText(self._name, Qt.TextElideMode.ElideMiddle, free)
        shown = metrics.elidedText(name + self._rest, Qt.TextElideMode.ElideRight, room)
        self.setText(shown)
        _tell(self, self.words if shown != self.words else "")


class CutTitle(QGroupBox):
    """A group whose title holds a name, which is cut at its end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._say: Callable[[str], str] = str
        self._name = ""

    def show_title(self, say: Callable[[str], str], name: str) -> None:
        """Show what `say` makes of a name."""
        self._say, self._name = say, name
        self.setAccessibleName(say(name))
        self._cut()

    def minimumSizeHint(self) -> QSize:
        """Ask for what the widgets within need, whatever the title is."""
        return QWidget.minimumSizeHint(self)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Cut anew."""
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        metrics = self.fontMetrics()
        around = metrics.horizontalAdvance(self._say(""))
        margin = 2 * metrics.horizontalAdvance("xx")  # styles begin the title so far from the edge
        name = metrics.elidedText(self._name, Qt.TextElideMode.ElideRight, max(self.width() - around - margin, 0))
        self.setTitle(self._say(name.replace("&", "&&")))  # a single one would mark a key
        _tell(self, self._say(self._name) if name != self._name else "")


def _tell(widget: QWidget, words: str) -> None:
    widget.setToolTip(words)
    widget.setWhatsThis(words)
