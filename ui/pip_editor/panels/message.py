"""A line over the canvas for what went wrong or well, with one thing to do about it, or two.

It blocks nothing, and lies over its parent's upper edge so that the photo does not move when it comes and goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, Qt, QTimer
from PyQt6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from pip_editor.words import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtCore import QObject


SECONDS = 10
"""How long a message stays that needs no answer; longer while the pointer or the focus is on it."""
OFFERED = 30
"""How long one stays that offers something to do, but needs no answer either, s."""


class MessageBar(QFrame):
    """Shows a message until it is closed, answered, or another comes; one that `returns` comes back when that has gone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messageBar")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.text = QLabel()
        self.text.setObjectName("messageText")
        self.text.setAccessibleName(tr("Message"))
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)  # names of files may look like HTML
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.button = QPushButton()
        self.button.setObjectName("messageButton")
        self.button.setAccessibleName(tr("Answer"))
        self.second = QPushButton()
        self.second.setObjectName("messageSecond")
        self.second.setAccessibleName(tr("Answer"))
        self.dismiss = QToolButton()
        self.dismiss.setObjectName("messageClose")
        self.dismiss.setAccessibleName(tr("Close the message"))
        self.dismiss.setText("✕")
        self.dismiss.setAutoRaise(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 5, 6, 5)
        for widget in (self.text, self.button, self.second, self.dismiss):
            row.addWidget(widget)
        self._action: Callable[[], object] | None = None
        self._other: Callable[[], object] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._over)
        self.button.clicked.connect(lambda: self._answer(self._action))
        self.second.clicked.connect(lambda: self._answer(self._other))
        self.dismiss.clicked.connect(self._closed)
        self._again: Callable[[], None] | None = None
        """Shows what is shown once more, if it returns."""
        self._behind: list[Callable[[], None]] = []
        """Show the messages that come back, the next one last."""
        self._on_close: Callable[[], object] | None = None
        self.hide()

    def hide(self) -> None:
        """Show nothing any more, nor what would come back."""
        self._again, self._behind = None, []
        super().hide()

    def say(
        self,
        text: str,
        button: str = "",
        action: Callable[[], object] | None = None,
        second: tuple[str, Callable[[], object]] | None = None,
        *,
        returns: bool = False,
        closed: Callable[[], object] | None = None,
    ) -> None:
        """Show a message.

        With a button when there is something to do, and then until it is answered; a `second` button does something else. What
        `returns` comes back after other messages until it is answered or closed: it stays true whatever else is said.

        """
        self._put_behind()
        if returns:
            self._again = lambda: self.say(text, button, action, second, returns=True, closed=closed)
        self._show(text, button, action, second)
        self._on_close = closed
        if action is None:
            self._timer.start(SECONDS * 1000)

    def offer(self, text: str, button: str, action: Callable[[], object]) -> None:
        """Show a message with a button that may be passed over."""
        self._put_behind()
        self._show(text, button, action)
        self._timer.start(OFFERED * 1000)

    def _show(
        self,
        text: str,
        button: str,
        action: Callable[[], object] | None,
        second: tuple[str, Callable[[], object]] | None = None,
    ) -> None:
        self._timer.stop()
        self.text.setText(text)
        self.text.setAccessibleDescription(text)  # its name, which screen readers say, does not tell it
        self._action = action
        self.button.setVisible(action is not None)
        self.button.setText(button)
        self.button.setAccessibleName(button or tr("Answer"))
        other, self._other = second or ("", None)
        self.second.setVisible(second is not None)
        self.second.setText(other)
        self.second.setAccessibleName(other or tr("Answer"))
        self.show()
        self.raise_()
        self._lay_over()

    def float_over(self, parent: QWidget) -> None:
        """Lie over the upper edge of a widget, whatever its size."""
        self.setParent(parent)
        self.hide()
        parent.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Follow the size of the widget below."""
        if event is not None and event.type() == QEvent.Type.Resize:
            self._lay_over()
        return super().eventFilter(watched, event)

    def _lay_over(self) -> None:
        parent = self.parentWidget()
        if parent is not None:
            width = parent.width()
            self.setGeometry(0, 0, width, max(self.heightForWidth(width), self.sizeHint().height()))

    def _over(self) -> None:
        """Go, unless somebody is about to answer."""
        focused = QApplication.focusWidget()
        if self.underMouse() or (focused is not None and self.isAncestorOf(focused)):
            self._timer.start()
        else:
            self._next()

    def _put_behind(self) -> None:
        again, self._again, self._on_close = self._again, None, None
        if again is not None:
            self._behind.append(again)

    def _next(self) -> None:
        """Show what comes back, or nothing any more."""
        behind, self._again = self._behind, None
        self.hide()
        if behind:
            following, self._behind = behind[-1], behind[:-1]
            following()

    def _closed(self) -> None:
        closed = self._on_close
        self._next()
        if closed is not None:
            closed()

    def _answer(self, action: Callable[[], object] | None) -> None:
        self._action = self._other = None
        self._next()
        if action is not None:
            action()
