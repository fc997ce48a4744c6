"""Asks what a recipe is called, and says what of the photo's regions will be in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QCheckBox, QDialog, QFormLayout, QLabel, QLineEdit, QListWidget, QVBoxLayout, QWidget

from pip_backend.regions import WholePicture
from pip_editor.around.dialogs import Buttons, named
from pip_editor.naming import listing, shown_mix
from pip_editor.words import tr

if TYPE_CHECKING:
    from pip_backend.regions import Recipe, Region
    from pip_editor.around.recipes import Draft


class RecipeDialog(QDialog):
    """Name, description, and whether the sensor decides anew on each photo."""

    def __init__(self, draft: Draft, name: str, parent: QWidget | None = None, *, skip_clean: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName("recipeDialog")
        self.setWindowTitle(tr("Save as recipe"))
        self._draft = draft
        self.name = named(QLineEdit(name), "recipeName", tr("Name"))
        self.description = named(QLineEdit(), "recipeDescription", tr("Description"))
        self.description.setPlaceholderText(tr("What it is for, in a sentence"))
        self.suggested = named(
            QCheckBox(tr("Let the sensor decide what is wrong, anew on each photo")), "recipeSuggest"
        )
        self.suggested.setToolTip(tr("In place of the six sliders of the whole photo; its strength is kept"))
        self.suggested.setEnabled(draft.has_whole)
        self.skip_clean = named(QCheckBox(tr("Leave clean parts alone")), "recipeSkipClean")
        self.skip_clean.setToolTip(
            tr("On each photo, where the sensor finds nothing of what is to be removed; at first as in the preferences")
        )
        self.skip_clean.setChecked(skip_clean)
        self.list = named(QListWidget(), "recipeRegions", tr("Regions"))
        self.list.addItems([_row(layer) for layer in draft.layers])
        self.list.setMaximumHeight(120)
        form = QFormLayout()
        form.addRow(tr("Name"), self.name)
        form.addRow(tr("Description"), self.description)
        form.addRow(tr("Regions"), self.list)
        form.addRow("", self.suggested)
        form.addRow("", self.skip_clean)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        if draft.left_out:
            note = QLabel(
                tr(
                    "Painted by hand, and so for this photo only: {names}. Regions drawn with shapes and gradients are kept.",
                    names=listing(draft.left_out),
                )
            )
            note.setObjectName("recipeLeftOut")
            note.setWordWrap(True)
            layout.addWidget(note)
        self.buttons = Buttons("recipe", self, tr("Save …"))
        layout.addWidget(self.buttons)
        self.name.textChanged.connect(self._check)
        self._check()
        self.resize(520, self.sizeHint().height())

    def recipe(self) -> Recipe:
        """Return what was asked for."""
        name, description = self.name.text().strip(), self.description.text().strip()
        return self._draft.named(
            name, description, suggested=self.suggested.isChecked(), skip_clean=self.skip_clean.isChecked()
        )

    def _check(self) -> None:
        self.buttons.ok.setEnabled(bool(self.name.text().strip()))


def _row(layer: Region) -> str:
    name = tr(layer.name) if isinstance(layer.mask, WholePicture) else layer.name
    return tr("{name}: {mix}", name=name, mix=shown_mix(layer.mix))
