"""What the window asks the service for: suggestions, the preview, exports; and what it says when that fails."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PyQt6.QtCore import QObject
from PyQt6.QtGui import QRegion
from PyQt6.QtWidgets import QDialog

from pip_backend.regions import Mix
from pip_backend.regions.maskjson import mask_to_json
from pip_editor.exportdialog import ExportDialog
from pip_editor.naming import shown_mix, shown_name
from pip_editor.paths import real_path
from pip_editor.picture.heat import HeatMap
from pip_editor.words import tr
from pip_editor.work import Operation, Snapshot
from pip_editor.work.exporting import Exported, export
from pip_editor.work.exportqueue import Export, ExportQueue
from pip_editor.work.parts import Sight
from pip_editor.work.preview import Preview

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PyQt6.QtCore import QRect

    from pip_backend.pictures import WriteOptions
    from pip_client import Client
    from pip_client.job import MaskRows
    from pip_editor.document import EditRegion
    from pip_editor.window import MainWindow


_STATES: Final = {
    "final": "Final pixels",
    "blended": "Blended, being confirmed",
    "first": "First look",
    "original": "Not restored yet",
}
"""What the status bar says of what is seen."""


class Jobs(QObject):
    """The Restore menu, and Export."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._document = window.document
        self.preview = Preview(window.document, window.client, self._sight, self)
        self.exports = ExportQueue(window.client, self)
        self._showing_exports = False
        self.exports.changed.connect(self._exports_changed)
        self.exports.started.connect(window.work.follow)
        self.exports.succeeded.connect(self._exported)
        self.exports.failed.connect(self._export_failed)
        self._running: set[Operation] = set()
        self.preview.changed.connect(self._show_restored)
        self.preview.mended.connect(self._show_mended)
        self.preview.started.connect(window.work.follow)
        self.preview.failed.connect(lambda message, advice: self._failed(message, advice, self.preview.resume))
        window.canvas.view_changed.connect(self.preview.view_moved)
        window.canvas.view_changed.connect(self._show_state)
        actions = window.actions_
        actions["suggest"].triggered.connect(self.suggest)
        actions["suggestRegion"].triggered.connect(self.suggest_region)
        actions["export"].triggered.connect(self.ask_export)
        actions["preview"].toggled.connect(self._turn_preview)

    def suggest(self) -> Operation | None:
        """Ask the sensor about the whole photo, if there is one; its mix becomes the whole photo's."""
        if self._document.photo is None:  # closed since this was offered
            return None
        return self._ask_sensor(self._whole(), None, self.suggest)

    def suggest_region(self) -> Operation | None:
        """Ask the sensor about what lies under the active region; its mix becomes that region's."""
        region = self._document.active
        return None if region is None or region.whole else self._suggest_within(region.uid)

    def _suggest_within(self, uid: int) -> Operation | None:
        if not self._document.has(uid):  # removed since this was offered
            return None
        region = self._document.region(uid)
        mask = self._document.mask(uid).snapshot()
        if mask.box.empty:
            self._window.message.say(tr("The region is empty: paint what the sensor is to look at."))
            return None
        within = mask.rows if region.shape is None else mask_to_json(region.shape)
        return self._ask_sensor(region, within, partial(self._suggest_within, uid))

    def _ask_sensor(
        self, about: EditRegion, within: MaskRows | dict[str, Any] | None, again: Callable[[], object]
    ) -> Operation:
        photo, sent = self._document.photo, self.preview.exchange.sent
        active = self._active()

        def run(client: Client, operation: Operation) -> object:
            return client.suggest(
                sent, within=within, heat=about.whole, on_progress=operation.report, cancelled=operation.cancelled
            )

        def found(answer: dict[str, Any]) -> None:
            if photo is self._document.photo:
                self._suggested(answer, about, active)

        operation = self._keep(Operation(run, tr("Suggest")))
        operation.succeeded.connect(found)
        operation.failed.connect(
            lambda message, advice: self._failed(message, advice, again) if photo is self._document.photo else None
        )
        operation.ended.connect(self.preview.resume)
        self._window.work.follow(operation)
        self._window.client.interactive.submit(operation)
        return operation

    def ask_export(self) -> None:
        """Ask where to, and export."""
        photo = self._document.photo
        if photo is None:
            return
        if Snapshot.of(self._document).does_nothing:
            self._window.message.say(
                tr("There is nothing to restore yet: no region removes anything."), tr("Suggest"), self.suggest
            )
            return
        dialog = ExportDialog(photo, self._window, self.exports.targets)
        if dialog.exec() == QDialog.DialogCode.Accepted and self._window.files.still_open(photo):
            self.export(dialog.target, dialog.options())

    def export(self, path: Path, options: WriteOptions) -> Export | None:
        """Restore the whole photo, as it is now, into a file, when those that were asked for before are there."""
        photo = self._document.photo
        if photo is None:
            return None
        picture, exchange, snapshot = photo.picture, self.preview.exchange, Snapshot.of(self._document)
        waits = self.exports.active
        new = self.exports.add(Export(path.name, lambda: export(picture, exchange, snapshot, path, options), path))
        shown = self._window.actions_["exports"]
        if waits and not shown.isChecked():
            self._showing_exports = True
            shown.setChecked(True)
        return new

    def _exports_changed(self) -> None:
        """Hide the list of exports again, if it is here for them, when there are none."""
        if self._showing_exports and not self.exports.active:
            self._showing_exports = False
            self._window.actions_["exports"].setChecked(False)

    def stop(self) -> None:
        """Stop everything that reads the photo."""
        self._window.actions_["preview"].setChecked(False)
        self._window.views.stop_comparing()
        self._window.client.interactive.cancel()
        self._window.client.first.cancel()
        self.exports.cancel()
        self._window.client.exporting.cancel()

    def close(self) -> None:
        """Stop and hang up."""
        self.stop()
        self._window.client.close()

    def _sight(self) -> Sight:
        canvas = self._window.canvas
        pointer = None if canvas.pointer is None else canvas.view.to_photo(canvas.pointer).toPoint()
        return Sight(canvas.view.visible(), canvas.view.zoom, pointer)

    def _keep(self, operation: Operation) -> Operation:
        """Keep an operation alive until it has ended."""
        self._running.add(operation)
        operation.ended.connect(lambda: self._running.discard(operation))
        return operation

    def _turn_preview(self, on: bool) -> None:  # noqa: FBT001 - a switch
        if on and Snapshot.of(self._document).does_nothing:
            self._window.message.say(
                tr("No region removes anything yet: move a slider, choose a preset, or ask for a suggestion."),
                tr("Suggest"), self.suggest,
            )  # fmt: skip
        self.preview.turn(on)
        if not on:
            self._window.views.stop_comparing()
        self._show_restored()

    def _show_restored(self) -> None:
        preview = self.preview
        shown = preview.on and preview.restored is not None
        self._window.canvas.set_restored(
            preview.restored if shown else None, preview.shown if shown else QRegion(), preview.looks
        )
        self._show_state()

    def _show_mended(self, rect: QRect) -> None:
        """Draw anew what a stroke has changed, not all that is in sight."""
        self._window.canvas.pixels_changed(rect)
        self._show_state()

    def _show_state(self) -> None:
        """Say whether what is seen has the export's pixels."""
        state = self.preview.state
        self._window.canvas.set_first_look(state == "first")
        self._window.preview_state.setText(tr(_STATES[state]) if state else "")

    def _whole(self) -> EditRegion:
        return next(region for region in self._document.regions if region.whole)

    def _active(self) -> int:
        active = self._document.active
        return (self._whole() if active is None else active).uid

    def _suggested(self, answer: dict[str, Any], about: EditRegion, active: int) -> None:
        """Take a suggestion; what somebody has chosen or set while the sensor looked stays so."""
        mix, editing, message = Mix.of(**answer["mix"]), self._window.editing, self._window.message
        if not about.whole and not self._document.has(about.uid):  # removed meanwhile
            return
        region = self._whole() if about.whole else self._document.region(about.uid)
        if region.mix == about.mix:
            editing.set_mix(region.uid, mix, "suggestion")
            if self._active() == active and not self._window.canvas.painting:
                self._document.activate(region.uid)
        elif not mix.is_zero:
            said = (
                tr("The sensor proposes for the whole photo: {mix}.", mix=shown_mix(mix))
                if about.whole
                else tr("The sensor proposes for “{name}”: {mix}.", name=shown_name(region), mix=shown_mix(mix))
            )
            message.say(
                said, tr("Take it"),
                lambda: editing.set_mix(region.uid, mix, "suggestion") if self._document.has(region.uid) else None,
                returns=True,
            )  # fmt: skip
        self._window.regions.mix.show_verdict(answer.get("presence"), None if about.whole else shown_name(region))
        if about.whole:
            told = answer.get("map")
            self._window.heat.show(HeatMap.of(told, self._document.width, self._document.height) if told else None)
        if mix.is_zero:
            message.say(
                tr("The sensor finds nothing to remove in this photo.")
                if about.whole
                else tr("The sensor finds nothing to remove in “{name}”.", name=shown_name(region))
            )

    def _exported(self, exported: Exported) -> None:
        photo = self._document.photo
        if photo is not None and photo.from_file and real_path(photo.path) == exported.path:
            photo.take_note()
        warnings = "".join(f" {warning}" for warning in exported.warnings)
        self._window.message.offer(
            tr("Written: {path}.", path=exported.path) + warnings,
            tr("Show in folder"),
            lambda: self._window.desk.file_manager.show(exported.path),
        )

    def _export_failed(self, message: str, advice: str, failed: Export) -> None:
        photo = self._document.photo

        def again() -> None:
            if photo is not self._document.photo:
                return
            if failed.path in self.exports.targets:  # another one has taken its name meanwhile
                self.ask_export()
            else:
                self.exports.add(failed)

        self._failed(message, advice, again)

    def _failed(self, message: str, advice: str, retry: Callable[[], object]) -> None:
        self._window.message.say(f"{message} {advice}".strip(), tr("Retry"), retry)
