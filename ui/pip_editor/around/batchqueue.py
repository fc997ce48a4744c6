"""The batch at work: one photo after the other, by the service, in a worker and with a connection of its own.

A photo that fails is told and passed over. Pause ends the photo under way; it begins anew on going on, with what the service has
in its result cache already, so that little is lost. When the service cannot be had at all, the batch pauses by itself. After
each photo the journal is written, so a batch goes on after the program, or the machine, has ended. A photo in the middle of which the
program ended is tried behind all others, and one that ended it twice only when somebody asks for it.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PyQt6.QtCore import QObject, pyqtSignal

from pip_backend.errors import PictureError, PipEditorError
from pip_backend.pictures import WriteOptions, open_picture
from pip_client import ServiceError
from pip_editor.around.batchplan import Plan, write_journal
from pip_editor.words import tr
from pip_editor.work import Operation
from pip_editor.work.exporting import Exported, restore_into
from pip_editor.work.requests import Exchange

if TYPE_CHECKING:
    from pip_backend.batch import Item
    from pip_backend.pictures import Picture
    from pip_client import Client
    from pip_editor.work import RestorationClient

_DEEP: Final = {".png", ".tif", ".tiff"}
"""What may have 16 bits."""

_TRIES = 2
"""How often a photo is tried under which the service ended: it may have ended by itself."""


@dataclass(frozen=True)
class _Open:
    picture: Picture


class BatchQueue(QObject):
    """Works a plan off."""

    item_changed = pyqtSignal(int)
    """The state of an item, by its place."""
    progressed = pyqtSignal(float, object)
    """How much of all is done, 0 to 1, and seconds to go or None."""
    state_changed = pyqtSignal()
    """It runs, pauses or is done."""
    finished = pyqtSignal(int, int)
    """None waits any more: how many are done, and how many failed."""
    troubled = pyqtSignal(str)
    """Why it paused by itself."""

    def __init__(self, client: RestorationClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self.plan: Plan | None = None
        self.running = False
        self.paused = False
        self._operation: Operation | None = None
        self._item: Item | None = None
        self._tries = 0
        self._share = 0.0
        self.share = 0.0
        """How much of all is done, 0 to 1."""
        self._began = 0.0
        self._work_done = 0.0
        """Bytes since `_began`, by which the time to go is reckoned."""

    @property
    def active(self) -> bool:
        """Whether there is something left of a plan that was begun."""
        return self.plan is not None and self.plan.left > 0 and (self.running or self.paused)

    def start(self, plan: Plan) -> None:
        """Begin with a plan, or go on with one that was interrupted."""
        self.cancel()
        self.plan = plan
        write_journal(plan)
        self._go()

    def pause(self) -> None:
        """Stop for now."""
        if self.running:
            self.running, self.paused = False, True
            self._stop()
            self.state_changed.emit()

    def resume(self) -> None:
        """Go on."""
        if self.paused:
            self._go()

    def cancel(self) -> None:
        """Stop for good; what is done stays, and no journal is left."""
        if self.plan is None:
            return
        plan, self.plan = self.plan, None
        self.running = self.paused = False
        self._stop()
        write_journal(Plan(plan.settings))
        self.state_changed.emit()

    def retry_failed(self) -> None:
        """Let those wait again that failed, and go on."""
        if self.plan is None:
            return
        for place, item in enumerate(self.plan.items):
            if item.state == "failed":
                item.state, item.message, item.target = "waiting", "", ""
                self.item_changed.emit(place)
        self._go()

    def close(self) -> None:
        """Stop with the window; the journal stays, and the next window goes on with it."""
        self.running = False
        self._stop()

    def _go(self) -> None:
        self.running, self.paused = True, False
        self._began, self._work_done = time.monotonic(), 0.0
        self.state_changed.emit()
        self._next()

    def _stop(self) -> None:
        operation, self._operation = self._operation, None
        if operation is not None:
            operation.cancel()
        if self._item is not None:
            self._set(self._item, "waiting")
            self._item.target = ""
            self._item = None

    def _next(self) -> None:
        """Begin with the next photo that waits."""
        plan = self.plan
        if plan is None or not self.running or self._operation is not None:
            return
        while True:
            waiting = (item for item in plan.items if item.state == "waiting")
            item = min(waiting, key=lambda item: item.crashes, default=None)  # what may end the program comes last
            if item is None:
                self.running = False
                self._tell()
                self.state_changed.emit()
                states = [item.state for item in plan.items]
                self.finished.emit(states.count("done"), states.count("failed"))
                return
            try:
                target = plan.place(item)
            except PictureError:
                itself = tr("{name} is the photo itself.", name=plan.target(item).name)
                self._set(item, "failed", itself + " " + tr("Choose another name or folder."))
                continue
            except (PipEditorError, OSError) as error:
                self._set(item, "failed", str(error))
                continue
            if target is None:
                self._set(item, "skipped", tr("A file of that name is there."))
                continue
            self._submit(plan, item, target)
            return

    def _submit(self, plan: Plan, item: Item, target: Path) -> None:
        item.target = str(target)
        self._set(item, "running")
        self._item, self._share = item, 0.0
        trouble: list[str] = []
        operation = self._operation = Operation(_job(plan, item, target, trouble), tr("Batch"))
        operation.progressed.connect(lambda done, _seconds, _text: self._moved(operation, done))
        operation.succeeded.connect(lambda exported: self._done(operation, exported))
        operation.failed.connect(
            lambda message, advice: self._failed(operation, f"{message} {advice}".strip(), trouble)
        )
        operation.ended.connect(lambda: self._ended(operation))
        self._client.batch.submit(operation)

    def _moved(self, operation: Operation, done: float) -> None:
        if operation is self._operation:
            self._share = done
            self._tell()

    def _done(self, operation: Operation, exported: Exported) -> None:
        if operation is self._operation and self._item is not None:
            self._tries = 0
            self._item.target = str(exported.path)
            self._work_done += self._item.bytes
            self._set(self._item, "done", " ".join(exported.warnings))

    def _failed(self, operation: Operation, sentence: str, trouble: list[str]) -> None:
        item = self._item
        if operation is not self._operation or item is None:
            return
        item.target = ""
        gone = trouble == ["gone"]
        if not trouble or (gone and self._tries + 1 < _TRIES):
            self._tries += 1
            self._set(item, "waiting")
            if gone:
                return  # once more
            self.running, self.paused = False, True
            self._tries = 0
            self.troubled.emit(sentence)
            self.state_changed.emit()
            return
        self._tries = 0
        self._set(item, "failed", sentence)

    def _ended(self, operation: Operation) -> None:
        if operation is self._operation:
            self._operation = self._item = None
            self._next()

    def _set(self, item: Item, state: Any, message: str = "") -> None:
        item.state, item.message = state, message
        plan = self.plan
        if plan is not None:
            write_journal(plan)
            self.item_changed.emit(plan.items.index(item))
            self._tell()

    def _tell(self) -> None:
        plan = self.plan
        if plan is None:
            return
        whole = sum(max(item.bytes, 1) for item in plan.items)
        left = sum(max(item.bytes, 1) for item in plan.items if item.state in {"waiting", "running"})
        under_way = self._share * self._item.bytes if self._item is not None and self._item.state == "running" else 0.0
        left -= round(under_way)
        worked, seconds = self._work_done + under_way, time.monotonic() - self._began
        eta = left * seconds / worked if self.running and worked > 0 and seconds > 2 else None
        self.share = 1.0 - left / max(whole, 1)
        self.progressed.emit(self.share, eta)


def _job(plan: Plan, item: Item, target: Path, trouble: list[str]) -> Any:
    """Return what restores one photo in the worker; `trouble` gets a word when it is the photo's or the service's within it."""
    settings = plan.settings
    source = Path(item.source)

    def run(client: Client, operation: Operation) -> Exported:
        what = {} if settings.recipe is None else {"recipe": json.loads(settings.recipe)}
        depth = (
            settings.depth if target.suffix.lower() in _DEEP else None
        )  # where photos keep their formats, others have 8 bits
        options = WriteOptions(
            quality=settings.quality, depth=depth, metadata=settings.metadata, profile=settings.profile,
            overwrite=settings.existing == "replace",
        )  # fmt: skip
        trouble[:] = ["photo"]
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with open_picture(source) as picture:
                return restore_into(picture, Exchange(_Open(picture)), what, target, options, client, operation)
        except ServiceError as error:
            trouble[:] = ["gone"] if error.code == "gone" else [] if error.code.startswith("not-") else ["photo"]
            raise

    return run
