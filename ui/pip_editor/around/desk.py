"""Opens what lies around editing, asks the service for it, and puts preferences into effect."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PyQt6.QtCore import QObject, Qt
from PyQt6.QtGui import QPalette
from PyQt6.QtWidgets import QApplication, QDialog, QFileDialog, QMessageBox, QWhatsThis, QWidget

from pip_backend.errors import PipEditorError
from pip_editor import recent
from pip_editor.around.awake import Awake
from pip_editor.around.batchdialog import BatchDialog
from pip_editor.around.batchplan import read_journal
from pip_editor.around.batchqueue import BatchQueue
from pip_editor.around.batchstatus import BatchStatus
from pip_editor.around.filemanager import FileManager
from pip_editor.around.followed import Following
from pip_editor.around.logdialog import LogDialog
from pip_editor.around.modelsdialog import ModelsDialog
from pip_editor.around.notices import Notices
from pip_editor.around.preferencesdialog import PreferencesDialog
from pip_editor.around.recipeactions import RecipeActions
from pip_editor.around.recipes import Draft
from pip_editor.around.shortcuts import Shortcuts
from pip_editor.around.shortcutsdialog import ShortcutsDialog
from pip_editor.around.taskbar import TaskBar
from pip_editor.naming import listing
from pip_editor.picture.screen import CURRENT, Screen, of_profile, screen_of
from pip_editor.picture.systemscreen import system_profile
from pip_editor.preferences import Preferences
from pip_editor.style import LOOK, dark_palette, light_palette
from pip_editor.words import tr
from pip_editor.work import Operation

if TYPE_CHECKING:
    from collections.abc import Callable

    from pip_client import Client
    from pip_editor.window import MainWindow
    from pip_editor.work.exporting import Exported
    from pip_editor.work.exportqueue import Export


_Dialog = TypeVar("_Dialog", bound=QDialog)

_NAMED = 3
"""Photos that failed and are named in the window's message; the dialog lists all."""


class Desk(QObject):
    """Everything that the menus open besides files."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._running: set[Operation] = set()
        self._batch_dialog: BatchDialog | None = None
        self._themed = False
        self.preferences = Preferences.load()
        self.shortcuts = Shortcuts(window)
        self.recipes = RecipeActions(window)
        self.following = Following(window, self._ask, self.open_models)
        self.file_manager = FileManager(self)
        self.file_manager.failed.connect(window.message.say)
        self.queue = BatchQueue(window.client, self)
        self.batch_status = BatchStatus(self.queue)
        status = window.statusBar()
        assert status is not None
        status.addPermanentWidget(self.batch_status)
        self.batch_status.clicked.connect(self.open_batch)
        self.queue.finished.connect(self._batch_over)
        self.task_bar = TaskBar(self)
        self.task_bar.told.connect(window.show_title)
        self.queue.progressed.connect(self._show_long_work)
        self.queue.state_changed.connect(self._show_long_work)
        window.jobs.exports.changed.connect(self._show_long_work)
        self.awake = Awake(self)
        for changed in (self.queue.state_changed, window.jobs.exports.changed, window.work.changed):
            changed.connect(self._keep_awake)
        self.notices = Notices(window)
        self.queue.troubled.connect(self.notices.tell)
        window.jobs.exports.succeeded.connect(self._export_over)
        window.jobs.exports.failed.connect(self._export_failed)
        for name, slot in (
            ("preferences", self.open_preferences), ("shortcuts", self.open_shortcuts), ("models", self.open_models),
            ("batch", self.open_batch), ("applyRecipe", self.apply_to_others), ("log", self.open_log),
        ):  # fmt: skip
            window.actions_[name].triggered.connect(lambda _, slot=slot: slot())
        window.actions_["whatsThis"].triggered.connect(QWhatsThis.enterWhatsThisMode)
        for widget in window.findChildren(QWidget):
            if widget.toolTip() and not widget.whatsThis():
                widget.setWhatsThis(widget.toolTip())
        self.apply(self.preferences)

    def apply(self, preferences: Preferences) -> None:
        """Put preferences into effect."""
        self.preferences = preferences
        self._apply_theme(preferences.theme)
        LOOK.opacity, LOOK.colour = preferences.overlay_opacity / 100, preferences.overlay_colour
        window = self._window
        self._apply_screen(preferences.screen)
        window.canvas.update()
        window.regions.refresh()
        window.files.autosave.set_interval(preferences.autosave)
        changed = window.client.tuning.choose(
            preferences.model, preferences.device, preferences.precision,
            skip_clean=preferences.skip_clean, ensemble=preferences.ensemble,
        )  # fmt: skip
        self.following.retuned(changed=changed)

    def skip_clean(self) -> None:
        """Leave clean parts alone from now on, since a recipe says so."""
        self._keep(skip_clean=True)

    def _apply_screen(self, choice: str) -> None:
        """Show photos in the colours of another screen."""
        if choice == CURRENT.screen.choice != "system":
            return
        before = CURRENT.screen
        try:
            CURRENT.screen = self._system_screen() if choice == "system" else screen_of(choice)
        except PipEditorError as error:
            self._window.message.say(f"{error.args[0]} {error.hint}".strip())
            return
        if CURRENT.screen.icc != before.icc:
            self._window.files.show_anew()
            self._window.jobs.preview.repaint()

    def _system_screen(self) -> Screen:
        """Return the screen that the window is on, by the profile that the system has for it; sRGB where it has none."""
        screen = self._window.screen()
        profile = system_profile(screen)
        if screen is None or profile is None:
            return Screen("system")
        return of_profile("system", profile, tr("The system's profile of {screen}", screen=screen.name()))

    def screen_changed(self, *_: object) -> None:
        """Take note that the window has moved to another screen."""
        if self.preferences.screen == "system":
            self._apply_screen("system")

    def open_preferences(self) -> PreferencesDialog:
        """Open the preferences."""
        dialog = _passing(PreferencesDialog(self.preferences, self._window))
        dialog.changed.connect(self.apply)
        dialog.models_wanted.connect(lambda: self._models_of(dialog))
        tuning = self._window.client.tuning
        before, photo = tuning.project, self._window.document.photo

        def rejected() -> None:  # what the project says is back as well; a model that was chosen stays
            if photo is self._window.document.photo:
                self.following.retuned(changed=tuning.follow(replace(before, model=tuning.project.model)))

        dialog.rejected.connect(rejected)

        def cache(limit: int | None = None, *, empty: bool = False) -> None:
            self._ask(
                lambda client: client.cache(limit, empty=empty),
                lambda answer: dialog.show_cache(answer["bytes"], answer["limit"]),
                dialog.cache_used.setText,
            )

        dialog.cache_wanted.connect(cache)
        dialog.cache_emptied.connect(lambda: cache(empty=True))
        cache()
        dialog.open()
        return dialog

    def open_shortcuts(self) -> ShortcutsDialog:
        """Open the editor of keys."""
        dialog = _passing(ShortcutsDialog(self.shortcuts, self._window))
        dialog.open()
        return dialog

    def open_log(self) -> LogDialog:
        """Open the log viewer."""
        dialog = _passing(LogDialog(self._window))
        dialog.show()
        return dialog

    def open_models(self) -> ModelsDialog:
        """Open the model manager."""
        dialog = _passing(ModelsDialog(self.preferences.model, self._window))
        dialog.card_wanted.connect(
            lambda name: self._ask(lambda client: client.model_card(name), dialog.show_card, dialog.say)
        )
        dialog.import_wanted.connect(lambda: self._ask_import(dialog))
        dialog.chosen.connect(self.use_model)
        self._list_models(dialog)
        dialog.open()
        return dialog

    def use_model(self, name: str) -> None:
        """Restore with another model from now on; "" is the one that comes with the program."""
        self._keep(model=name)

    def _keep(self, **changes: Any) -> None:
        """Put a few into effect and keep them; not others, which may only be tried out in their dialog now."""
        replace(Preferences.load(), **changes).save()
        self.apply(replace(self.preferences, **changes))
        tuning = self._window.client.tuning  # also where that was preferred before, and the project said otherwise
        self.following.retuned(changed=tuning.follow(replace(tuning.project, **dict.fromkeys(changes))))

    def import_model(self, dialog: ModelsDialog, path: Path) -> None:
        """Bring a model's file into the catalogue, and show it."""
        dialog.say(tr("Importing {name} …", name=path.name))
        dialog.bring.setEnabled(False)

        def over(then: Callable[[Any], None]) -> Callable[[Any], None]:
            def end(answer: Any) -> None:
                dialog.bring.setEnabled(True)
                then(answer)

            return end

        self._ask(
            lambda client: client.import_model(str(path.absolute())),
            over(lambda name: self._list_models(dialog, name)),
            over(dialog.say),
        )

    def open_batch(self) -> BatchDialog:
        """Open the batch dialog; a batch that was interrupted is offered."""
        dialog = self._batch_dialog
        if dialog is None:
            dialog = self._batch_dialog = BatchDialog(self.queue, self._window)
            dialog.result_wanted.connect(self.file_manager.show)
            dialog.open_wanted.connect(self._open_in_window)
            self.file_manager.failed.connect(dialog.say)
            self.recipes.saved.connect(dialog.form.list_recipes)
            plan = read_journal() if self.queue.plan is None else None
            if plan is not None:
                dialog.show_plan(plan)
            if plan is not None and not plan.left:
                self.queue.start(plan)  # which tells what failed
            elif plan is not None:
                dialog.say(
                    tr(
                        "The last batch was interrupted; {count} photos are left. Start goes on with them.",
                        count=plan.left,
                    )
                )
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()
        return dialog

    def _open_in_window(self, path: Path) -> None:
        """Open a photo of the batch, and bring the window to the front."""
        self._window.files.open(path)
        self._window.raise_()
        self._window.activateWindow()

    def apply_to_others(self) -> None:
        """Open the batch dialog with the regions of this photo as its recipe."""
        draft = Draft.of(self._window.document)
        photo = self._window.document.photo
        if not draft.layers or photo is None:
            self._window.message.say(tr("There is nothing for a recipe: what is painted by hand fits this photo only."))
            return
        dialog = self.open_batch()
        if self.queue.active:
            return
        dialog.form.use_recipe(draft.named(photo.path.stem, skip_clean=self._window.client.tuning.skips))
        if draft.left_out:
            self._window.message.say(
                tr("Painted by hand, and so for this photo only: {names}.", names=listing(draft.left_out))
            )

    def _show_long_work(self, *_: object) -> None:
        """Show the batch in the task bar, or else the exports."""
        exports = self._window.jobs.exports.share
        self.task_bar.show(self.queue.share if self.queue.active else exports)

    def _keep_awake(self) -> None:
        exports = self._window.jobs.exports
        exporting = exports.active and not exports.paused
        self.awake.keep(busy=self.queue.running or exporting or self._window.work.operation is not None)

    def _export_over(self, exported: Exported) -> None:
        """Tell who looks elsewhere of the last export; it is in the queue until it has been told of."""
        if len(self._window.jobs.exports.items) <= 1:
            self.notices.tell(tr("Written: {path}.", path=exported.path))

    def _export_failed(self, message: str, advice: str, _export: Export) -> None:
        self.notices.tell(f"{message} {advice}".strip())

    def may_leave(self) -> bool:
        """Ask about a batch that is running; returns whether to go on."""
        return not self.queue.running or self.ask_stop_batch()

    def ask_stop_batch(self) -> bool:
        """Ask whether to interrupt a batch."""
        yes, no = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No
        question = tr("A batch is still running. Interrupt it? The next start goes on with it.")
        return QMessageBox.question(self._window, tr("Interrupt the batch?"), question, yes | no, yes) == yes

    def close(self) -> None:
        """Stop with the window."""
        self.queue.close()
        self.awake.close()

    def _apply_theme(self, theme: str) -> None:
        if theme == "system" and not self._themed:
            return  # nothing was changed that would have to be taken back
        self._themed = True
        palettes = {"light": light_palette, "dark": dark_palette}
        QApplication.setPalette(palettes[theme]() if theme in palettes else QPalette())

    def _models_of(self, dialog: PreferencesDialog) -> None:
        models = self.open_models()
        models.chosen.connect(lambda name: dialog.show_preferences(replace(dialog.preferences, model=name)))

    def _ask_import(self, dialog: ModelsDialog) -> None:
        name, _ = QFileDialog.getOpenFileName(
            dialog, tr("Import a model"), recent.last_folder(),
            tr("Models ({patterns})", patterns="*.safetensors *.pth *.pt *.ckpt"),
        )  # fmt: skip
        if name:
            self.import_model(dialog, Path(name))

    def _list_models(self, dialog: ModelsDialog, show: str = "") -> None:
        self._ask(lambda client: client.models(), lambda models: dialog.show_models(models, show), dialog.say)

    def _batch_over(self, done: int, failed: int) -> None:
        words = tr("The batch is done: {done} photos.", done=done)
        items = [] if self.queue.plan is None else self.queue.plan.items
        results = [Path(item.target) for item in items if item.state == "done"]
        if failed:
            names = [Path(item.source).name for item in items if item.state == "failed"]
            shown = [*names[:_NAMED], *(["…"] if failed > _NAMED else [])]
            words += " " + tr("{count} failed: {names}.", count=failed, names=listing(shown))
        self.notices.tell(words)
        if results and not failed:
            self._window.message.offer(words, tr("Show in folder"), lambda: self.file_manager.show(results[-1]))
            return
        self._window.message.say(words, tr("Show"), self.open_batch)

    def _ask(
        self, question: Callable[[Client], Any], answered: Callable[[Any], object], failed: Callable[[str], object]
    ) -> None:
        """Ask the service in a worker; answers come in this thread, if their dialog is still there."""
        operation = Operation(lambda client, _: question(client), tr("Asking the service"))
        operation.succeeded.connect(lambda answer: _if_there(answered, answer))
        operation.failed.connect(lambda message, advice: _if_there(failed, f"{message} {advice}".strip()))
        self._running.add(operation)
        operation.ended.connect(lambda: self._running.discard(operation))
        self._window.client.managing.submit(operation)


def _passing(dialog: _Dialog) -> _Dialog:
    """Let a dialog go when it is closed; the next opening makes another."""
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return dialog


def _if_there(tell: Callable[[Any], object], answer: Any) -> None:
    """Tell; a dialog that was closed and deleted meanwhile wants to hear nothing."""
    try:
        tell(answer)
    except RuntimeError as error:
        if "deleted" not in str(error):
            raise
