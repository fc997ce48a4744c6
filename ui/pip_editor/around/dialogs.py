"""What the dialogs share: names for tests and screen readers, their size, the row of buttons at the bottom, what can be opened, and where to write."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PyQt6.QtCore import QSize
from PyQt6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QComboBox,
    QDialogButtonBox,
    QFileDialog,
    QMessageBox,
    QPushButton,
    QWidget,
)

from pip_editor.naming import plain
from pip_editor.paths import there
from pip_editor.words import tr

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QDialog

_Widget = TypeVar("_Widget", bound=QWidget)
_PICTURES = "*.png *.jpg *.jpeg *.tif *.tiff *.webp *.gif *.avif *.heif *.heic *.jxl *.jp2 *.exr"


def named(widget: _Widget, name: str, spoken: str = "", tip: str = "") -> _Widget:
    """Give a widget its objectName, what screen readers call it (a button's own text where nothing is said), and a tooltip."""
    widget.setObjectName(name)
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    widget.setAccessibleName(spoken or plain(text))
    if tip:
        widget.setToolTip(tip)
        widget.setWhatsThis(tip)
    return widget


def opened_kinds() -> str:
    """Return what is offered where a photo or a project is asked for."""
    return f"{tr('Photos and projects ({patterns})', patterns=f'{_PICTURES} *.pipx')};;{_all_files()}"


def picture_kinds() -> str:
    """Return what is offered where a picture is asked for that is not to be restored."""
    return f"{tr('Pictures ({patterns})', patterns=_PICTURES)};;{_all_files()}"


def _all_files() -> str:
    return tr("All files ({patterns})", patterns="*")


def profile_chooser(name: str) -> QComboBox:
    """Make the chooser of `WriteOptions.profile`."""
    tip = tr("sRGB for the web, and wherever profiles are not followed; colours beyond it are cut")
    chooser = named(QComboBox(), name, tr("Colours"), tip)
    for title, kind in ((tr("As the photo"), "keep"), (tr("Convert to sRGB"), "srgb")):
        chooser.addItem(title, kind)
    return chooser


def depth_chooser(name: str) -> QComboBox:
    """Make the chooser of `WriteOptions.depth`."""
    chooser = named(QComboBox(), name, tr("Depth"))
    for title, depth in ((tr("As the photo"), None), (tr("8 bits a channel"), 8), (tr("16 bits a channel"), 16)):
        chooser.addItem(title, depth)
    return chooser


def metadata_box(name: str) -> QCheckBox:
    """Make the box of `WriteOptions.metadata`."""
    box = named(QCheckBox(tr("Keep EXIF, XMP and IPTC")), name)
    box.setChecked(True)
    return box


def number_of(kept: object) -> int:
    """Return a number that settings have kept; 0 for none, or nonsense."""
    return int(kept) if str(kept).isdecimal() and isinstance(kept, (int, str)) else 0


def may_replace(parent: QWidget, question: str) -> bool:
    """Ask whether to replace a file; the safe answer is the default."""
    yes, no = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No
    return QMessageBox.warning(parent, tr("Replace the file?"), question, yes | no, no) == yes


def ask_target(parent: QWidget, title: str, start: Path, kind: str, suffix: str) -> Path | None:
    """Ask where to write a file of one kind; the suffix comes by itself. None if nowhere.

    The system's dialog asks about a file of the name that was typed; here it is asked about one that has the suffix besides.
    """
    while True:
        name, _ = QFileDialog.getSaveFileName(parent, title, str(start), kind)
        if not name:
            return None
        path = start = Path(name)
        if path.suffix.lower() == suffix:
            return path
        path = path.with_name(path.name + suffix)
        if not there(path) or may_replace(parent, tr("{name} is there already. Replace it?", name=path.name)):
            return path


def resize_within_screen(dialog: QDialog, width: int, height: int) -> None:
    """Give a dialog a size, or what the screen has room for."""
    window = dialog.parentWidget() or dialog
    screen, frame = window.screen(), window.frameGeometry().size() - window.size()
    free = QSize(width, height) if screen is None else screen.availableGeometry().size() - frame
    dialog.resize(QSize(width, height).boundedTo(free))


class Buttons(QDialogButtonBox):
    """One that accepts and one that rejects; with `accept=""` only one that closes."""

    def __init__(self, name: str, dialog: QDialog, accept: str = "") -> None:
        super().__init__()
        self.setObjectName(f"{name}Buttons")
        self.ok = named(QPushButton(accept or tr("Close")), f"{name}Ok" if accept else f"{name}Close")
        if accept:
            self.addButton(self.ok, QDialogButtonBox.ButtonRole.AcceptRole)
            cancel = named(QPushButton(tr("Cancel")), f"{name}Cancel")
            self.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        else:
            self.ok.setAutoDefault(False)  # Enter in a field is not to close the dialog
            self.addButton(self.ok, QDialogButtonBox.ButtonRole.RejectRole)
        self.accepted.connect(dialog.accept)
        self.rejected.connect(dialog.reject)

    def add(self, text: str, name: str, tip: str = "") -> QPushButton:
        """Add a button that neither accepts nor closes, on the left."""
        button = named(QPushButton(text), name, tip=tip)
        button.setAutoDefault(False)
        self.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        return button
