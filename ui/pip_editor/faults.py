"""Errors that nobody expected: they go into the log, the work is copied, and the program goes on.

Without a hook of one's own, PyQt ends the program for an exception in a slot, and unsaved work with it.

    exception in any thread → `take` notes it in the log → `_happened` → in the window's thread: copy and message
"""

from __future__ import annotations

import logging
import sys
import time
from typing import TYPE_CHECKING, Final

from PyQt6 import sip
from PyQt6.QtCore import QObject, Qt, pyqtSignal

from pip_editor.words import tr

if TYPE_CHECKING:
    from types import TracebackType

    from pip_editor.window import MainWindow

PAUSE: Final = 5.0
"""An error while something is drawn comes again with every frame; one of the same place is told again after so many seconds."""

_log = logging.getLogger(__name__)


class Faults(QObject):
    """Takes exceptions that nobody else has taken."""

    _happened = pyqtSignal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._last: dict[tuple[object, ...], float] = {}
        # Never at once: the window may be in the middle of drawing.
        self._happened.connect(self._tell, type=Qt.ConnectionType.QueuedConnection)  # type: ignore[call-arg]

    def install(self) -> None:
        """Take them from now on."""
        sys.excepthook = self.take

    def remove(self) -> None:
        """Let Python have them again."""
        sys.excepthook = sys.__excepthook__

    def take(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Do what Python's hook does not: go on."""
        if not issubclass(kind, Exception) or sip.isdeleted(self):
            sys.__excepthook__(kind, error, trace)
            return
        now, place = time.monotonic(), (kind, *_place(trace))
        if now - self._last.get(place, -PAUSE) < PAUSE:
            return
        self._last[place] = now
        _log.error("a defect", exc_info=(kind, error, trace))
        self._happened.emit()

    def _tell(self) -> None:
        try:
            self._window.files.autosave.save()
            self._window.message.say(
                tr("Something went wrong in the program itself. It goes on; unsaved work is copied."),
                tr("Log"), self._window.desk.open_log,
            )  # fmt: skip
        except Exception:  # noqa: BLE001 - here it would come back for ever
            _log.exception("while telling of a defect")


def _place(trace: TracebackType | None) -> tuple[object, ...]:
    """Return where an exception was raised."""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return () if trace is None else (trace.tb_frame.f_code, trace.tb_lineno)
