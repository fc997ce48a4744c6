"""The log viewer: what the window and the service have noted, and a report to send."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PyQt6.QtCore import QProcess
from PyQt6.QtGui import QFontDatabase
from PyQt6.QtWidgets import QApplication, QComboBox, QDialog, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from pip_editor.around import report
from pip_editor.around.dialogs import Buttons, named, resize_within_screen
from pip_editor.words import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

DOCTOR = (sys.executable, "-m", "pip_backend", "doctor")


class LogDialog(QDialog):
    """Shows a log, and makes the report. The doctor is a program of its own: it loads what this window must not."""

    def __init__(self, parent: QWidget | None = None, doctor: Sequence[str] = DOCTOR) -> None:
        super().__init__(parent)
        self.setObjectName("logDialog")
        self.setWindowTitle(tr("Log"))
        self._command = doctor
        self.which = named(QComboBox(), "logWhich", tr("Which log"))
        for title, name in (
            (tr("This window"), "editor"),
            (tr("The service"), "service"),
            (tr("Crashes of the service"), "crash"),
        ):
            self.which.addItem(title, name)
        self.text = named(QPlainTextEdit(), "logText", tr("Log"))
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.note = named(QLabel(), "logNote", tr("What was done"))
        self.note.setWordWrap(True)
        self.buttons = Buttons("log", self)
        self.again = self.buttons.add(tr("Read again"), "logAgain")
        self.copy = self.buttons.add(
            tr("Copy for a bug report"),
            "logCopy",
            tr("What pip-editor doctor finds and the ends of the logs, without your paths and names"),
        )
        layout = QVBoxLayout(self)
        for part in (self.which, self.text, self.note, self.buttons):
            layout.addWidget(part)
        resize_within_screen(self, 860, 520)
        self._process = QProcess(self)
        self._process.finished.connect(self._examined)
        self._process.errorOccurred.connect(self._examined)
        self._copying = False
        self.which.activated.connect(self.refresh)
        self.again.clicked.connect(self.refresh)
        self.copy.clicked.connect(self.copy_report)
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Read the log that is chosen."""
        text = report.tail(report.logs()[self.which.currentData()])
        self.text.setPlainText(text or tr("Nothing is noted here."))
        bar = self.text.verticalScrollBar()
        assert bar is not None
        bar.setValue(bar.maximum())

    def copy_report(self) -> None:
        """Ask the doctor, and copy the report when it has answered."""
        self.copy.setEnabled(False)
        self._copying = True
        self.note.setText(tr("Examining this installation …"))
        self._process.start(self._command[0], list(self._command[1:]))

    def done(self, code: int) -> None:
        """Close; the doctor is sent home."""
        self._copying = False
        self._process.kill()
        self._process.waitForFinished(1000)
        super().done(code)

    def _examined(self, *_: object) -> None:
        if not self._copying:
            return
        self._copying = False
        told = bytes(self._process.readAllStandardOutput().data()).decode("utf-8", "replace")
        text = report.report(told, {name: report.tail(path) for name, path in report.logs().items()})
        clipboard = QApplication.clipboard()
        assert clipboard is not None
        clipboard.setText(text)
        self.copy.setEnabled(True)
        self.note.setText(tr("Copied: {lines} lines. Read them before you send them.", lines=text.count("\n")))
