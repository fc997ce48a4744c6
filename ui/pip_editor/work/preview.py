"""The preview: restored pixels of what is seen first, then of the rest, those that an export would write.

Way of a pixel: `schedule` → (a pause, so that a slider that is moved does not start a job a step) → a first look at the whole photo in
low resolution (`firstlook`), if the mixes are other ones → an operation for the parts in sight, outward from the pointer → strips come in
the worker thread, go into the restored pyramid, and are told to the window, which marks them valid → an operation for the rest,
the nearest first. What else is asked for on the same connection, such as a suggestion, is waited for. Any edit empties the valid region and begins anew; a movement of the view only changes what comes next. What was valid is still
shown, unless the edit may have changed it, until other pixels come (`kept`): a stroke costs what it touches.

With the strips (`restoration`) comes the network's own output (`held`). From it, what is seen is blended under other strengths and masks at once
(`looks`), before the service is asked for the very pixels. Pixels that were computed under the same prompts come out of its
cache, so no network runs for them either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PyQt6.QtCore import QObject, QRect, QTimer, pyqtSignal
from PyQt6.QtGui import QRegion

from pip_editor.picture import Pyramid
from pip_editor.work.firstlook import FirstLook, level_of
from pip_editor.work.guarded import while_there
from pip_editor.work.held import Held
from pip_editor.work.looks import Looks
from pip_editor.work.parts import in_sight, out_of_sight
from pip_editor.work.requests import Exchange, Snapshot, settings
from pip_editor.work.restoration import restoration
from pip_editor.work.soon import Soon

if TYPE_CHECKING:
    from collections.abc import Callable

    from pip_backend.regions import Bounds
    from pip_editor.document import Document
    from pip_editor.picture import Look
    from pip_editor.work.client import Operation, RestorationClient, Worker
    from pip_editor.work.parts import Sight

State = Literal["", "final", "blended", "first", "original"]

PAUSE = 250
"""Between an edit and the job that shows it, ms."""

CELL = 128
"""What an edit of a mask may have changed is told in whole squares of this side, px, so that a long stroke is a region of few rectangles."""

MANY = 200
"""Parts of a job at most; the service takes 256."""


class Preview(QObject):
    """Keeps the restored pixels of a document up to date while it is on."""

    changed = pyqtSignal()
    """`valid` is another region, or `looks` are other ones."""
    mended = pyqtSignal(QRect)
    """The look has other pixels, here only (px of the photo); nothing else has changed."""
    started = pyqtSignal(object)
    """An `Operation` for the part in sight or the rest."""
    finished = pyqtSignal()
    """All of the photo is restored."""
    failed = pyqtSignal(str, str)

    def __init__(
        self, document: Document, client: RestorationClient, sight: Callable[[], Sight], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._client, self._sight = document, client, sight
        self.on = False
        self.restored: Pyramid | None = None
        self.valid = QRegion()
        """Which pixels of the photo are restored under the regions as they are now."""
        self.kept = QRegion()
        """Which are as they were before edits of masks elsewhere; the service may yet round them otherwise."""
        self._held = Held()
        self._first: FirstLook | None = None
        self._looks = Looks(document, self._held)
        self._exchange: Exchange | None = None
        self._snapshot: Snapshot | None = None
        self._settings: tuple[object, ...] = ()
        self._operation: Operation | None = None
        self._under_way = QRegion()
        self._timer = self._single_shot(PAUSE, self._next)
        self._blending = Soon(self._blend, self)
        document.photo_changed.connect(self._photo_changed)
        document.structure_changed.connect(self.invalidate)
        document.region_changed.connect(self._region_changed)
        document.mask_changed.connect(self._mask_changed)

    @property
    def exchange(self) -> Exchange:
        """The photo as it is sent; shared with suggestions, so that it is sent once."""
        photo = self._document.photo
        assert photo is not None
        if self._exchange is None:
            self._exchange = Exchange(photo)
        return self._exchange

    @property
    def complete(self) -> bool:
        """Whether all of the photo is restored under the regions as they are now."""
        return self._document.photo is not None and self._missing(self._all).isEmpty()

    @property
    def shown(self) -> QRegion:
        """Which of the restored pixels are shown, px of the photo."""
        return self.valid.united(self.kept)

    @property
    def looks(self) -> tuple[Look, ...]:
        """What stands in for restored pixels where these are not valid, from bottom to top."""
        return self._looks.shown if self.on else ()

    @property
    def state(self) -> State:
        """What is seen: the export's pixels; those, blended here and yet to be confirmed; a first look; or the photo as it was."""
        if not self.on or self._document.photo is None or (self._snapshot is not None and self._snapshot.does_nothing):
            return ""
        missing = self._missing(self._sight().rect)
        if missing.isEmpty():
            return "final"
        if not self.looks:
            return "original"
        # Where clean parts are left alone, the strength fades out towards them, which is not known here.
        plain = self._document.photo.display.screen.icc is None and not self._client.tuning.skips
        exact = plain and (missing - self._held.fresh).isEmpty()
        return "blended" if exact else "first"

    def turn(self, on: bool) -> None:  # noqa: FBT001 - a switch
        """Turn the preview on or off."""
        self.on = on
        if on:
            self._follow()
            self.resume()
            self._blend_soon()
        else:
            self._stop()

    def renew(self) -> None:
        """Take note that another network or another device restores: nothing that is held is right any more."""
        self._held.reset()
        self._first = None
        self.invalidate()

    def repaint(self) -> None:
        """Take note that the photo is shown on another screen: the change is as it was, pixels are not."""
        self._first = None
        self.restored = None
        self._looks.clear()
        self.kept = QRegion()
        self.invalidate()
        self.changed.emit()

    def invalidate(self, *_: object) -> None:
        """Take note of an edit: what was restored holds no more."""
        self._edited(None)

    def resume(self) -> None:
        """Go on, for instance after a failure or when another part is in sight."""
        if self.on and self._document.photo is not None:
            self._timer.start()

    def view_moved(self) -> None:
        """Restore what is in sight now first."""
        missing = self._missing(self._sight().rect)
        if not self.on or missing.isEmpty():
            return
        self._blend_soon()
        if self._operation is None or not (missing - self._under_way).isEmpty():
            self._stop()
            self._timer.start()

    def _region_changed(self, uid: int) -> None:
        del uid
        if self._snapshot is None or settings(self._document) != self._settings:  # a new name changes no pixel
            self.invalidate()

    def _mask_changed(self, uid: int, bounds: Bounds) -> None:
        feather = self._document.region(uid).feather
        reach = int(feather) + 1 if feather else 0
        rect = QRect(bounds.left, bounds.top, bounds.right - bounds.left, bounds.bottom - bounds.top)
        self._edited(rect.adjusted(-reach, -reach, reach, reach))

    def _edited(self, rect: QRect | None) -> None:
        """Take note of an edit; outside of a rectangle, if one is given, masks and strengths are as they were."""
        self._snapshot = None
        before = self.shown
        active = self.on and self._document.photo is not None
        forgotten = active and self._follow()
        if rect is not None:
            rect = _in_cells(rect)
        self.valid = QRegion()
        self.kept = before.subtracted(QRegion(rect)) if rect is not None and active and not forgotten else QRegion()
        if not before.isEmpty():
            self.changed.emit()
        if active:
            self._stop()
            self._timer.start()
            self._blend_soon(rect)

    def _follow(self) -> bool:
        """Forget what is held if it is not what the regions ask for now; returns whether it was forgotten."""
        forgotten = self._document.photo is not None and self._held.follow(self._document)
        if forgotten:
            self._first = None
        return forgotten

    def _blend_soon(self, rect: QRect | None = None) -> None:
        """Blend what is in sight when this turn of the event loop is over, in which more may change; all of it, or a rectangle."""
        self._looks.spoil(rect)
        self._blending.start()

    def _blend(self) -> None:
        if not self.on:
            return
        shown, sight = self._looks.shown, self._sight()
        anew = self._looks.refresh(sight, self.shown, self._first)
        if anew.isEmpty():
            return
        if shown and self._looks.shown is shown:
            self.mended.emit(anew)
        else:
            self.changed.emit()

    def _photo_changed(self) -> None:
        self._stop()
        self._exchange = None
        self.restored, self.valid, self.kept, self._snapshot = None, QRegion(), QRegion(), None
        self._held.reset()
        self._first = None
        self._looks.clear()
        self.changed.emit()

    def _single_shot(self, milliseconds: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(slot)
        return timer

    def _stop(self) -> None:
        self._timer.stop()
        operation, self._operation = self._operation, None
        if operation is not None:
            operation.cancel()

    def _missing(self, rect: QRect) -> QRegion:
        return QRegion(rect.intersected(self._all)) - self.valid

    @property
    def _all(self) -> QRect:
        return QRect(0, 0, self._document.width, self._document.height)

    def _next(self) -> None:
        """Begin with the next part."""
        photo = self._document.photo
        if not self.on or photo is None or self._operation is not None:
            return
        if self._snapshot is None:
            self._snapshot, self._settings = Snapshot.of(self._document), settings(self._document)
        if self._snapshot.does_nothing:
            self._looks.clear()
            self.changed.emit()
            self.finished.emit()
            return
        if self._client.interactive.taken:
            self._timer.start()  # what the user has asked for there would be dropped; look again
            return
        sight = self._sight()
        missing = self._missing(sight.rect)
        parts = in_sight(missing, sight) or out_of_sight(self._missing(self._all), sight, self._document.width)
        if not parts:
            self.finished.emit()
            return
        level = level_of(photo) if self._first is None and photo.complete and not missing.isEmpty() else None
        if level is not None:
            self._begin(self._look_first(level), QRegion(), self._client.first)
        else:
            self._begin(self._restore(parts[:MANY], self._snapshot), missing, self._client.interactive)

    def _begin(self, operation: Operation, under_way: QRegion, worker: Worker) -> None:
        self._operation, self._under_way = operation, under_way
        operation.delivered.connect(while_there(self, self._delivered, operation))
        operation.failed.connect(while_there(self, self._failed, operation))
        operation.ended.connect(while_there(self, self._ended, operation))
        self.started.emit(operation)
        worker.submit(operation)

    def _look_first(self, level: int) -> Operation:
        photo = self._document.photo
        assert photo is not None
        assert self._snapshot is not None
        first = FirstLook(photo, level)
        operation = first.operation(self._snapshot)
        operation.succeeded.connect(lambda _: self._seen_first(operation, first))
        return operation

    def _seen_first(self, operation: Operation, first: FirstLook) -> None:
        if operation is self._operation:
            self._first = first
            self._blend_soon()

    def _restore(self, parts: list[QRect], snapshot: Snapshot) -> Operation:
        photo, exchange, document = self._document.photo, self.exchange, self._document
        assert photo is not None
        if self.restored is None:
            self.restored = Pyramid(document.width, document.height, alpha=photo.pyramid.alpha)
        change = self._held.room(document.width, document.height)
        return restoration(exchange, photo.display, self.restored, change, snapshot, parts)

    def _delivered(self, operation: Operation, rect: QRect) -> None:
        if operation is self._operation:
            self.valid = self.valid.united(rect)
            self._held.told(rect)
            self._looks.spoil()
            if self._missing(self._sight().rect).isEmpty():
                self._looks.clear()
            self.changed.emit()

    def _failed(self, operation: Operation, message: str, advice: str) -> None:
        if operation is self._operation:
            self._operation = None
            self.failed.emit(message, advice)

    def _ended(self, operation: Operation) -> None:
        if operation is self._operation:
            self._operation = None
            if not operation.cancelled():
                self._next()


def _in_cells(rect: QRect) -> QRect:
    """Return the squares that a rectangle touches."""
    left, top = rect.left() // CELL * CELL, rect.top() // CELL * CELL
    return QRect(left, top, -(-(rect.right() + 1) // CELL) * CELL - left, -(-(rect.bottom() + 1) // CELL) * CELL - top)
