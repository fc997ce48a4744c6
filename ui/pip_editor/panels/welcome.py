"""What is seen before a photo is open: recent files, samples, and how to begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, Qt, pyqtSignal
from PyQt6.QtWidgets import QCommandLinkButton, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from pip_editor.naming import literal
from pip_editor.paths import there
from pip_editor.recent import sample_folder
from pip_editor.signs import icon
from pip_editor.words import tr

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PyQt6.QtWidgets import QLayout

SHOWN = 6
"""Files of each list."""


def samples() -> list[Path]:
    """Return the sample photos that come with the program."""
    folder = sample_folder()
    return [] if folder is None else sorted(folder.glob("*.jpg"))


class Welcome(QWidget):
    """Asks for a photo."""

    chosen = pyqtSignal(str)
    """Path of a file to open."""
    browse = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        title = QLabel(tr("Open a photo, paint what is damaged, say how."))
        title.setObjectName("welcomeTitle")
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        title.setFont(font)
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        title.setWordWrap(True)
        outer.addWidget(title)
        hint = QLabel(tr("Drop a file here, or"))
        hint.setObjectName("welcomeHint")
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        outer.addWidget(hint)
        button = QPushButton(tr("Open a photo …"))
        button.setObjectName("welcomeOpen")
        button.setAccessibleName(tr("Open a photo"))
        button.setMinimumHeight(36)
        button.clicked.connect(self.browse)
        outer.addWidget(button, alignment=Qt.AlignmentFlag.AlignCenter)
        outer.addSpacing(24)
        columns = QHBoxLayout()
        columns.addStretch(1)
        self._recent = QVBoxLayout()
        self._samples = QVBoxLayout()
        for layout in (self._recent, self._samples):
            layout.setAlignment(Qt.AlignmentFlag.AlignTop)
            columns.addLayout(layout)
            columns.addSpacing(24)
        columns.addStretch(1)
        outer.addLayout(columns)
        outer.addStretch(3)
        self._fill(self._samples, tr("Samples"), samples(), "sample")

    def show_recent(self, paths: Sequence[Path]) -> None:
        """Show the files that were open last."""
        self._fill(self._recent, tr("Recent"), [path for path in paths if there(path)], "recent")

    def changeEvent(self, event: QEvent | None) -> None:
        """Draw the signs in the new colours."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            for button in self.findChildren(QCommandLinkButton):
                button.setIcon(icon("photo"))

    def _fill(self, layout: QVBoxLayout, title: str, paths: Sequence[Path], name: str) -> None:
        _empty(layout)
        if not paths:
            return
        heading = QLabel(title)
        heading.setObjectName(f"{name}Heading")
        layout.addWidget(heading)
        for number, path in enumerate(paths[:SHOWN], 1):
            label = path.stem.replace("_", " ").capitalize() if name == "sample" else path.name
            button = QCommandLinkButton(literal(label))
            button.setObjectName(f"{name}{number}")
            button.setAccessibleName(tr("Open {label}", label=label))
            button.setToolTip(str(path))
            button.setMinimumWidth(240)
            button.setIcon(icon("photo"))
            button.clicked.connect(lambda _, path=path: self.chosen.emit(str(path)))
            layout.addWidget(button)


def _empty(layout: QLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.deleteLater()
