"""Saving and loading recipes from the menu."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QDialog, QFileDialog

from pip_backend.errors import PipEditorError
from pip_backend.regions import Mix, Recipe, WholePicture
from pip_backend.regions.maskjson import mask_to_json
from pip_editor.around import recipes
from pip_editor.around.dialogs import ask_target
from pip_editor.around.recipedialog import RecipeDialog
from pip_editor.around.recipes import SUFFIX, Draft
from pip_editor.naming import file_stem
from pip_editor.words import tr
from pip_editor.work import Operation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pip_client import Client
    from pip_editor.window import MainWindow


class RecipeActions(QObject):
    """The recipes of the Restore menu."""

    saved = pyqtSignal()
    """A recipe has been saved."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._operation: Operation | None = None
        window.actions_["loadRecipe"].triggered.connect(lambda: self.ask_load())  # noqa: PLW0108 - drops the signal's argument
        window.actions_["saveRecipe"].triggered.connect(lambda: self.ask_save())  # noqa: PLW0108 - drops the signal's argument

    def ask_load(self) -> None:
        """Ask for a recipe file and lay it over the photo."""
        if self._window.document.photo is None:  # closed since this was offered
            return
        name, _ = QFileDialog.getOpenFileName(
            self._window, tr("Load recipe"), str(recipes.folder()), tr("Recipes ({patterns})", patterns=f"*{SUFFIX}")
        )
        if name:
            self.load(Path(name))

    def load(self, path: Path) -> None:
        """Lay a recipe file over the photo, in the place of its regions; undo brings them back."""
        if self._window.document.photo is None:  # closed since this was offered
            return
        try:
            recipe = Recipe.load(path)
        except PipEditorError as error:
            self._window.message.say(str(error), tr("Load another …"), self.ask_load)
            return
        self.use(recipe)

    def use(self, recipe: Recipe) -> None:
        """Lay a recipe over the photo, as `load` does."""
        if self._window.document.photo is None:  # closed since this was offered
            return
        try:
            recipe.regions(self._window.document.width, self._window.document.height, lambda _: Mix.zero)
        except PipEditorError as error:
            self._window.message.say(str(error), tr("Load another …"), self.ask_load)
            return
        if recipes.undecided(recipe):
            self._ask_sensor(recipe)
        else:
            self._lay(recipe, ())

    def ask_save(self) -> None:
        """Ask for a name, and save the regions as a recipe."""
        draft = Draft.of(self._window.document)
        if not draft.layers:
            self._window.message.say(tr("There is nothing for a recipe: what is painted by hand fits this photo only."))
            return
        photo = self._window.document.photo
        skips = self._window.client.tuning.skips
        dialog = RecipeDialog(draft, photo.path.stem if photo is not None else "", self._window, skip_clean=skips)
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return
        recipe = dialog.recipe()
        start = recipes.folder() / (file_stem(recipe.name) + SUFFIX)
        kind = tr("Recipes ({patterns})", patterns=f"*{SUFFIX}")
        path = ask_target(self._window, tr("Save recipe"), start, kind, SUFFIX)
        if path is not None:
            self.save(recipe, path)

    def save(self, recipe: Recipe, path: Path) -> None:
        """Write a recipe file."""
        try:
            recipe.save(path)
        except PipEditorError as error:
            self._window.message.say(str(error), tr("Save under another name"), self.ask_save)
            return
        self.saved.emit()
        self._window.message.say(
            tr(
                "Saved: {path}. It can be used on other photos here, in a batch, and by pip-editor restore --recipe.",
                path=path,
            )
        )

    def _ask_sensor(self, recipe: Recipe) -> None:
        """Lay a recipe when the sensor has said what is wrong in each of its regions that are left to it."""
        photo = self._window.document.photo
        if photo is None:  # closed since this was offered
            return
        sent = self._window.jobs.preview.exchange.sent

        masks = [layer.mask for layer in recipes.undecided(recipe)]

        def run(client: Client, operation: Operation) -> object:
            told: dict[str, Any] = {"on_progress": operation.report, "cancelled": operation.cancelled}
            return [
                client.suggest(sent, within=None if mask == WholePicture() else mask_to_json(mask), **told)["mix"]
                for mask in masks
            ]

        operation = self._operation = Operation(run, tr("Suggest"))

        def found(mixes: list[dict[str, float]]) -> None:
            if photo is self._window.document.photo:
                self._lay(recipe, [Mix.of(**mix) for mix in mixes])

        def failed(message: str, advice: str) -> None:
            if photo is self._window.document.photo:
                self._window.message.say(f"{message} {advice}".strip(), tr("Retry"), lambda: self._ask_sensor(recipe))

        operation.succeeded.connect(found)
        operation.failed.connect(failed)
        operation.ended.connect(self._window.jobs.preview.resume)
        self._window.work.follow(operation)
        self._window.client.interactive.submit(operation)

    def _lay(self, recipe: Recipe, mixes: Iterable[Mix]) -> None:
        photo = self._window.document.photo
        rows = photo.picture.working if photo is not None else None
        text = tr("Recipe {name}", name=recipe.name)
        self._window.editing.lay(recipes.decided(recipe, mixes), text, rows, lambda: self._laid(recipe))

    def _laid(self, recipe: Recipe) -> None:
        said = tr("The recipe “{name}” has taken the place of the regions; undo brings them back.", name=recipe.name)
        if recipe.skip_clean and not self._window.client.tuning.skips:
            self._window.desk.skip_clean()
            said += " " + tr("It leaves clean parts alone, which is turned on in the preferences now.")
        self._window.message.say(said)
