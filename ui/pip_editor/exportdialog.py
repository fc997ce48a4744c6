"""Asks where and how to write the result."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, Literal

from PyQt6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from pip_backend.pictures import WRITTEN_SUFFIXES, WriteOptions
from pip_backend.pictures.formats import target_of
from pip_editor import recent
from pip_editor.around.dialogs import depth_chooser, may_replace, metadata_box, number_of, profile_chooser
from pip_editor.naming import listing
from pip_editor.panels.slider import NumberSlider
from pip_editor.paths import folder_there, real_path, there, typed_path, why_no_file
from pip_editor.words import tr

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from pip_editor.picture import Photo

_FORMATS = (("PNG", ".png"), ("JPEG", ".jpg"), ("TIFF", ".tif"), ("WebP", ".webp"))
_LOSSY = (".jpg", ".jpeg", ".webp")
_DEEP = (".png", ".tif", ".tiff")
_LONGEST: Final = 60
"""Characters of a name that are shown."""


class ExportDialog(QDialog):
    """A path and options, checked before they are taken; `taken` are files that exports before this one will write."""

    def __init__(self, photo: Photo, parent: QWidget | None = None, taken: Collection[Path] = ()) -> None:
        super().__init__(parent)
        self.setObjectName("exportDialog")
        self.setWindowTitle(tr("Export"))
        self._photo = photo
        self._taken = {real_path(path) for path in taken}
        self._suffix = ".png"
        """What a name without a suffix gets."""
        self.path = QLineEdit(str(self._proposal()))
        self.path.setObjectName("exportPath")
        self.path.setAccessibleName(tr("File"))
        self.path.setMinimumWidth(380)
        browse = QPushButton(tr("Browse …"))
        browse.setObjectName("exportBrowse")
        browse.setAccessibleName(tr("Browse"))
        browse.clicked.connect(self._browse)
        self.format_chooser = QComboBox()
        self.format_chooser.setObjectName("exportFormat")
        self.format_chooser.setAccessibleName(tr("Format"))
        for title, suffix in _FORMATS:
            self.format_chooser.addItem(title, suffix)
        self.depth_chooser = depth_chooser("exportDepth")
        self.quality = NumberSlider(
            "exportQuality",
            tr("Quality"),
            100,
            suffix="",
            smallest=1,
            tip=tr("From 90 on, JPEG keeps full colour resolution"),
        )
        self.quality.label.hide()
        self.quality.show_value(95)
        self.profile = profile_chooser("exportProfile")
        self.metadata = metadata_box("exportMetadata")
        self.note = QLabel()
        self.note.setObjectName("exportNote")
        self.note.setWordWrap(True)
        self.buttons = QDialogButtonBox()
        self.buttons.setObjectName("exportButtons")
        self.ok = self._button(tr("Export"), QDialogButtonBox.ButtonRole.AcceptRole, "exportOk")
        self._button(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole, "exportCancel")
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._lay_out(browse)
        self._show_last()
        self.format_chooser.activated.connect(self._format_chosen)
        self.path.textChanged.connect(self._follow_path)
        self.profile.currentIndexChanged.connect(self._check)
        self._follow_path()

    @property
    def target(self) -> Path:
        """Where to write; a name without a suffix gets that of the format, and one like "trip.2024" has none."""
        text = self.path.text()
        typed = typed_path(text)
        has_one = typed.suffix[1:].isalnum() and not typed.suffix[1:].isdecimal()
        folder = (
            text.endswith(("/", os.sep)) or folder_there(typed) or str(typed).startswith("~")
        )  # of nobody whom the system knows
        if has_one or folder or not typed.name.strip("."):
            return typed
        return typed.with_name(typed.name.removesuffix(".") + self._suffix)

    def options(self) -> WriteOptions:
        """Return how to write. A file that is there may be replaced: `accept` has asked."""
        depth: Literal[8, 16] | None = self.depth_chooser.currentData() if self.depth_chooser.isEnabled() else None
        return WriteOptions(
            quality=self.quality.value, depth=depth, metadata=self.metadata.isChecked(),
            profile=self.profile.currentData(), overwrite=True,
        )  # fmt: skip

    def done(self, result: int) -> None:
        """Remember what was chosen, where it was taken."""
        if result == QDialog.DialogCode.Accepted:
            store = recent.settings()
            for name, value in (
                ("depth", self.depth_chooser.currentData() or 0), ("quality", self.quality.value),
                ("profile", self.profile.currentData()), ("metadata", self.metadata.isChecked()),
            ):  # fmt: skip
                store.setValue(f"export/{name}", value)
        super().done(result)

    def _show_last(self) -> None:
        """Propose what was chosen the last time, but for the format, which is the photo's."""
        store = recent.settings()
        self.depth_chooser.setCurrentIndex(max(self.depth_chooser.findData(number_of(store.value("export/depth"))), 0))
        self.quality.show_value(number_of(store.value("export/quality")) or 95)
        self.profile.setCurrentIndex(max(self.profile.findData(store.value("export/profile")), 0))
        self.metadata.setChecked(store.value("export/metadata", defaultValue=True, type=bool))

    def accept(self) -> None:
        """Take the answers, after asking about a file that is there, or will be."""
        target = self.target
        if self._is_original(target):
            question = tr("{name} is the original photo. Replace it for good?", name=target.name)
        elif self._is_taken(target):
            question = tr("{name} is there already. Replace it?", name=target.name)
        else:
            super().accept()
            return
        if self.ask(question):
            super().accept()

    def ask(self, question: str) -> bool:
        """Ask whether to replace a file; the safe answer is the default."""
        return may_replace(self, question)

    def _proposal(self) -> Path:
        """Return a name beside the photo that is not taken, in its format where that can be written."""
        path = self._photo.path
        suffix = path.suffix if path.suffix.lower() in WRITTEN_SUFFIXES else ".png"
        path = recent.beside(path)
        proposal = path.with_name(f"{path.stem}-restored{suffix}")
        number = 2
        while self._is_taken(proposal):
            proposal = path.with_name(f"{path.stem}-restored-{number}{suffix}")
            number += 1
        return proposal

    def _is_taken(self, target: Path) -> bool:
        return there(target) or real_path(target) in self._taken

    def _is_original(self, target: Path) -> bool:
        try:
            return target.samefile(self._photo.path)
        except (OSError, ValueError):
            return False

    def _button(self, text: str, role: QDialogButtonBox.ButtonRole, name: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAccessibleName(text)
        self.buttons.addButton(button, role)
        return button

    def _lay_out(self, browse: QPushButton) -> None:
        row = QHBoxLayout()
        row.addWidget(self.path, 1)
        row.addWidget(browse)
        form = QFormLayout()
        form.addRow(tr("File"), row)
        form.addRow(tr("Format"), self.format_chooser)
        form.addRow(tr("Depth"), self.depth_chooser)
        form.addRow(tr("Quality"), self.quality)
        form.addRow(tr("Colours"), self.profile)
        form.addRow(tr("Metadata"), self.metadata)
        form.addRow("", self.note)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addSpacing(8)
        layout.addWidget(self.buttons)

    def _browse(self) -> None:
        patterns = " ".join(f"*{suffix}" for suffix in sorted(WRITTEN_SUFFIXES))
        # This dialog asks about files that are there itself, once.
        name, _ = QFileDialog.getSaveFileName(
            self, tr("Export"), self.path.text(), tr("Pictures ({patterns})", patterns=patterns),
            options=QFileDialog.Option.DontConfirmOverwrite,
        )  # fmt: skip
        if name:
            self.path.setText(name)

    def _format_chosen(self) -> None:
        if self.target.name:
            self._suffix = self.format_chooser.currentData()
            # The target of a name without a suffix has the new one already.
            self.path.setText(str(self.target.with_suffix(self._suffix)))
        else:
            self._follow_path()

    def _follow_path(self) -> None:
        suffix = self.target.suffix.lower()
        if suffix in WRITTEN_SUFFIXES:
            self._suffix = suffix
        titles = {".jpeg": ".jpg", ".tiff": ".tif"}
        self.format_chooser.setCurrentIndex(self.format_chooser.findData(titles.get(suffix, suffix)))
        self.quality.setEnabled(suffix in _LOSSY)
        self.depth_chooser.setEnabled(suffix in _DEEP)
        self._check()

    def _check(self) -> None:
        """Say what is wrong with the path, if anything is, and let it be used if nothing is."""
        wrong = self._wrong()
        called = tr("It will be called {name}.", name=_short(self.target.name)) + " "
        added = called if self.target.name != typed_path(self.path.text()).name else ""
        self.note.setText(wrong or added + tr("The resolution is always kept."))
        self.note.setEnabled(bool(wrong))
        self.ok.setEnabled(not wrong)
        self.ok.setAccessibleDescription(wrong)

    def _wrong(self) -> str:
        target = self.target
        if target.suffix.lower() not in WRITTEN_SUFFIXES:
            return tr("The name must end in one of these: {suffixes}.", suffixes=listing(WRITTEN_SUFFIXES))
        if not folder_there(target.parent):
            return tr("The folder {name} is not there.", name=_short(str(target.parent)))
        reason = why_no_file(target)
        if reason:
            return tr("{name} cannot be written: {reason}.", name=_short(target.name), reason=reason)
        return self._cannot_hold(target)

    def _cannot_hold(self, target: Path) -> str:
        """Say what of the photo the format cannot hold, as `PictureWriter` would when the long work was to begin."""
        info, kind = self._photo.picture.info, target_of(target)
        converted = info.bands == "cmyk" and self.profile.currentData() == "srgb"
        if not converted and info.bands not in kind.bands and info.bands == "cmyk":
            return tr("{format} cannot hold CMYK: convert to sRGB, or choose TIFF or JPEG.", format=kind.title)
        if info.alpha and not kind.alpha:
            return tr("{format} cannot hold transparency: choose PNG, TIFF or WebP.", format=kind.title)
        if max(info.width, info.height) > kind.max_side:
            return tr(
                "{format} holds {side} pixels a side at most: choose PNG or TIFF.",
                format=kind.title,
                side=kind.max_side,
            )
        return ""


def _short(name: str) -> str:
    """Return a name, without its middle where it is too long to be shown."""
    half = _LONGEST // 2
    return name if len(name) <= _LONGEST else f"{name[:half]}…{name[-half:]}"
