"""What a batch does: by what photos are restored, where results go, what they are called, and how they are written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QWidget,
)

from pip_backend.errors import PipEditorError
from pip_backend.regions import PRESETS, Recipe, saved_recipes
from pip_editor import recent
from pip_editor.around.batchplan import Settings
from pip_editor.around.dialogs import depth_chooser, metadata_box, named, number_of, profile_chooser
from pip_editor.panels.slider import NumberSlider
from pip_editor.words import tr

if TYPE_CHECKING:
    from PyQt6.QtGui import QShowEvent

_LOSSY: Final = ("", ".jpg", ".webp")
_DEPTHS: Final[dict[int, Literal[8, 16]]] = {8: 8, 16: 16}
_DEEP: Final = ("", ".png", ".tif")


class BatchForm(QWidget):
    """The settings in the batch dialog."""

    changed = pyqtSignal()
    failed = pyqtSignal(str)
    """One sentence: a recipe cannot be read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("batchForm")
        self._own_recipe: Recipe | None = None
        self._offered: dict[str, Recipe] = {}
        """The presets and the saved recipes, by the data of their rows."""
        self._make()
        self._lay_out()
        self._show_last()
        for chooser in (self.recipe, self.format_chooser, self.existing):
            chooser.activated.connect(self._check)
        for line in (self.folder, self.pattern):
            line.textChanged.connect(self._check)

    def use_recipe(self, recipe: Recipe) -> None:
        """Take a recipe that is no preset."""
        self._own_recipe = recipe
        self._fill_recipes("own")
        self._check()

    def list_recipes(self) -> None:
        """List anew what is saved; what was chosen stays so, also where its file has gone."""
        chosen, recipe = self.recipe.currentData(), self._chosen_recipe()
        self._fill_recipes(chosen)
        if recipe is not None and self.recipe.currentData() != chosen:
            self.use_recipe(recipe)

    def showEvent(self, event: QShowEvent | None) -> None:
        """List what has been saved since."""
        self.list_recipes()
        super().showEvent(event)

    def load(self, path: Path) -> None:
        """Take a recipe file."""
        try:
            self.use_recipe(Recipe.load(path))
        except PipEditorError as error:
            self.failed.emit(str(error))

    def settings(self) -> Settings:
        """Return what is set."""
        recipe = self._chosen_recipe()
        return Settings(
            self.folder.text().strip(),
            self.pattern.text().strip(),
            self.format_chooser.currentData(),
            self.existing.currentData(),
            None if recipe is None else recipe.to_json(),
            "" if recipe is None else recipe.name,
            self.quality.value,
            self.profile.currentData(),
            self.depth_chooser.currentData() if self.depth_chooser.isEnabled() else None,
            self.metadata.isChecked(),
        )

    def show_settings(self, settings: Settings) -> None:
        """Show the settings of a plan."""
        if settings.recipe is not None:
            self.use_recipe(Recipe.from_json(settings.recipe))
        self.folder.setText(settings.folder)
        self._show(settings)

    def remember(self) -> None:
        """Remember what is chosen for the next batch, but for what is these photos' own (folder, recipe from a file) and that files are replaced."""
        store = recent.settings()
        for name, value in (
            ("recipe", self.recipe.currentData()), ("pattern", self.pattern.text().strip()),
            ("format", self.format_chooser.currentData()), ("quality", self.quality.value),
            ("depth", self.depth_chooser.currentData() or 0), ("profile", self.profile.currentData()),
            ("metadata", self.metadata.isChecked()), ("existing", self.existing.currentData()),
        ):  # fmt: skip
            if value not in {"own", "replace"}:
                store.setValue(f"batch/{name}", value)

    def _show_last(self) -> None:
        """Propose what was remembered."""
        store = recent.settings()
        self.recipe.setCurrentIndex(max(self.recipe.findData(store.value("batch/recipe")), 0))
        kept = {name: store.value(f"batch/{name}") for name in ("format", "existing", "profile", "quality", "depth")}
        self._show(
            Settings(
                "",
                str(store.value("batch/pattern", Settings.pattern)),
                kept["format"],
                kept["existing"],
                quality=number_of(kept["quality"]) or Settings.quality,
                profile=kept["profile"],
                depth=_DEPTHS.get(number_of(kept["depth"])),
                metadata=store.value("batch/metadata", defaultValue=True, type=bool),
            )
        )

    def _show(self, settings: Settings) -> None:
        """Show names and how results are written; what there is not is the first of its kind."""
        self.pattern.setText(settings.pattern)
        self.format_chooser.setCurrentIndex(max(self.format_chooser.findData(settings.suffix), 0))
        self.existing.setCurrentIndex(max(self.existing.findData(settings.existing), 0))
        self.quality.show_value(settings.quality)
        self.profile.setCurrentIndex(max(self.profile.findData(settings.profile), 0))
        self.depth_chooser.setCurrentIndex(max(self.depth_chooser.findData(settings.depth), 0))
        self.metadata.setChecked(settings.metadata)
        self._check()

    def _make(self) -> None:
        self.recipe = named(QComboBox(), "batchRecipe", tr("Restore by"))
        self.recipe.setToolTip(tr("What is done to every photo"))
        self._fill_recipes("suggest")
        self.load_recipe = named(QPushButton(tr("Recipe …")), "batchLoadRecipe", tr("Load recipe"))
        self.load_recipe.clicked.connect(self._ask_recipe)
        self.folder = named(QLineEdit(), "batchFolder", tr("Folder for the results"))
        self.browse = named(QPushButton(tr("Browse …")), "batchBrowse")
        self.browse.clicked.connect(self._ask_target)
        self.pattern = named(QLineEdit("{name}-restored"), "batchPattern", tr("Names"))
        self.pattern.setToolTip(tr("{name} is the photo's name, {number} counts; the suffix comes by itself"))
        self.format_chooser = named(QComboBox(), "batchFormat", tr("Format"))
        for title, suffix in (
            (tr("As the photo"), ""), ("PNG", ".png"), ("JPEG", ".jpg"), ("TIFF", ".tif"), ("WebP", ".webp"),
        ):  # fmt: skip
            self.format_chooser.addItem(title, suffix)
        self.existing = named(QComboBox(), "batchExisting", tr("If a file is there"))
        for title, kind in (
            (tr("Skip the photo"), "skip"),
            (tr("Add a number"), "number"),
            (tr("Replace it"), "replace"),
        ):
            self.existing.addItem(title, kind)
        self.existing.setToolTip(tr("A photo itself is never replaced"))
        self.quality = NumberSlider(
            "batchQuality", tr("Quality"), 100, suffix="", tip=tr("Of JPEG and WebP"), smallest=1
        )
        self.quality.label.hide()
        self.quality.show_value(95)
        self.profile = profile_chooser("batchProfile")
        self.depth_chooser = depth_chooser("batchDepth")
        self.depth_chooser.setToolTip(tr("Of PNG and TIFF"))
        self.metadata = metadata_box("batchMetadata")

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow(tr("Restore by"), _row(self.recipe, self.load_recipe))
        form.addRow(tr("Folder for the results"), _row(self.folder, self.browse))
        form.addRow(tr("Names"), self.pattern)
        form.addRow(tr("Format"), self.format_chooser)
        form.addRow(tr("Depth"), self.depth_chooser)
        form.addRow(tr("Quality"), self.quality)
        form.addRow(tr("Colours"), self.profile)
        form.addRow(tr("Metadata"), self.metadata)
        form.addRow(tr("If a file is there"), self.existing)

    def _fill_recipes(self, chosen: str) -> None:
        saved = saved_recipes()
        self._offered = {**PRESETS, **{f"saved: {name}": recipe for name, recipe in saved.items()}}
        self.recipe.clear()
        self.recipe.addItem(tr("What the sensor finds in each photo"), "suggest")
        if self._own_recipe is not None:
            self.recipe.addItem(tr("Recipe {name}", name=self._own_recipe.name), "own")
        for name in PRESETS:
            self.recipe.addItem(tr("Preset: {name}", name=tr(name.capitalize())), name)
        for name in saved:
            self.recipe.addItem(tr("Saved: {name}", name=name), f"saved: {name}")
        self.recipe.setCurrentIndex(max(self.recipe.findData(chosen), 0))

    def _chosen_recipe(self) -> Recipe | None:
        chosen = self.recipe.currentData()
        return self._own_recipe if chosen == "own" else self._offered.get(chosen)

    def _check(self, *_: object) -> None:
        self.quality.setEnabled(self.format_chooser.currentData() in _LOSSY)
        self.depth_chooser.setEnabled(self.format_chooser.currentData() in _DEEP)
        self.changed.emit()

    def _ask_target(self) -> None:
        name = QFileDialog.getExistingDirectory(self, tr("Folder for the results"), self.folder.text())
        if name:
            self.folder.setText(name)

    def _ask_recipe(self) -> None:
        from pip_editor.around.recipes import SUFFIX, folder  # noqa: PLC0415 - only where one is loaded

        name, _ = QFileDialog.getOpenFileName(
            self, tr("Load recipe"), str(folder()), tr("Recipes ({patterns})", patterns=f"*{SUFFIX}")
        )
        if name:
            self.load(Path(name))


def _row(first: QWidget, second: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(first, 1)
    row.addWidget(second)
    second.setMaximumWidth(140)
    if isinstance(second, QPushButton):
        second.setAutoDefault(False)
    return row
