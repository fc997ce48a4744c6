"""The right end of the status bar: what is being done, how far it is, how long it will take, and a way to stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QTimer, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QProgressBar, QToolButton, QWidget

from pip_editor.panels.cut import CutLabel
from pip_editor.words import tr

if TYPE_CHECKING:
    from pip_editor.work import Operation

_SHOW_AFTER = 150
"""What is done sooner needs no bar, ms."""


class WorkStatus(QWidget):
    """Follows one operation at a time; a newer one takes its place unless it is an export that is still running."""

    changed = pyqtSignal()
    """An operation is followed, or none any more."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("workStatus")
        self._operation: Operation | None = None
        self.text = CutLabel()
        self.text.setObjectName("workText")
        self.text.setAccessibleName(tr("What is being done"))
        self.bar = QProgressBar()
        self.bar.setObjectName("workProgress")
        self.bar.setAccessibleName(tr("Progress"))
        self.bar.setRange(0, 1000)
        self.bar.setFixedWidth(180)
        self.bar.setTextVisible(False)
        self.stop = QToolButton()
        self.stop.setObjectName("workCancel")
        self.stop.setAccessibleName(tr("Cancel"))
        self.stop.setText(tr("Cancel"))
        self.stop.setToolTip(tr("Stop what is being done (Esc)"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 6, 0)
        for widget in (self.text, self.bar, self.stop):
            row.addWidget(widget)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SHOW_AFTER)
        self._timer.timeout.connect(self._settle)
        self.stop.clicked.connect(self.cancel)
        self._show(visible=False)

    @property
    def operation(self) -> Operation | None:
        """What is followed."""
        return self._operation

    def follow(self, operation: Operation) -> None:
        """Show how an operation goes."""
        if self._operation is not None and self._operation.lasting:
            return
        self._operation = operation
        self.text.show_words(operation.title)
        self.bar.setRange(0, 0)
        # Bound methods: Qt forgets them with this widget, and they outlive an operation that ends within its own signal; a lambda
        # would do neither, and the program would crash.
        operation.progressed.connect(self._progress)
        operation.ended.connect(self._ended)
        self._timer.start()
        self.changed.emit()

    def cancel(self) -> None:
        """Cancel it."""
        if self._operation is not None:
            self._operation.cancel()
            self.text.show_words(tr("Stopping …"))

    def _progress(self, done: float, seconds: float | None, text: str) -> None:
        operation = self._operation
        if operation is None or self.sender() is not operation or operation.cancelled():
            return
        self.bar.setRange(0, 1000 if done > 0 else 0)
        self.bar.setValue(round(done * 1000))
        rest = f": {tr(text)}" if text else ""
        if seconds is not None and done < 1:
            rest += f" · {left(seconds)}"
        self.text.show_words(operation.title, rest)

    def _ended(self) -> None:
        if self.sender() is self._operation:
            self._operation = None
            self._timer.start()
            self.changed.emit()

    def _settle(self) -> None:
        self._show(visible=self._operation is not None)

    def _show(self, *, visible: bool) -> None:
        for widget in (self.text, self.bar, self.stop):
            widget.setVisible(visible)


def left(seconds: float) -> str:
    """Say how long it will take."""
    if seconds < 1.5:
        return tr("a second left")
    if seconds < 90:
        return tr("{seconds} s left", seconds=f"{seconds:.0f}")
    return tr("{minutes} min left", minutes=f"{seconds / 60:.0f}")
