"""The preview: restored pixels of what is seen first, then of the rest, always those that an export would write.

Way of a pixel: `schedule` → (a pause, so that a slider that is moved does not start a job a step) → an operation for the
part in sight → strips come in the worker thread, go into the restored pyramid, and are told to the window, which marks
them valid → an operation for the next band of the rest, the nearest first. Any edit empties the valid region and begins anew; a
movement of the view only changes what comes next. Pixels that were computed under the same prompts come out of the
service's cache, so strength and feather cost no inference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QRect, QTimer, pyqtSignal
from PyQt6.QtGui import QRegion

from pip_editor.picture import Pyramid
from pip_editor.words import tr
from pip_editor.work.client import Operation
from pip_editor.work.requests import Exchange, Snapshot, settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from pip_client import Client
    from pip_editor.document import Document
    from pip_editor.work.client import RestorationClient

PAUSE = 250
"""Between an edit and the job that shows it, ms."""

BAND = 512
"""Rows of a job for what is out of sight: the model's tiles are about as high."""


class Preview(QObject):
    """Keeps the restored pixels of a document up to date while it is on."""

    changed = pyqtSignal()
    """`valid` is another region."""
    started = pyqtSignal(object)
    """An `Operation` for the part in sight or the rest."""
    finished = pyqtSignal()
    """All of the photo is restored."""
    failed = pyqtSignal(str, str)

    def __init__(
        self, document: Document, client: RestorationClient, seen: Callable[[], QRect], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._client, self._seen = document, client, seen
        self.on = False
        self.restored: Pyramid | None = None
        self.valid = QRegion()
        """Which pixels of the photo are restored under the regions as they are now."""
        self._exchange: Exchange | None = None
        self._snapshot: Snapshot | None = None
        self._settings: tuple[object, ...] = ()
        self._operation: Operation | None = None
        self._under_way = QRect()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self._next)
        document.photo_changed.connect(self._photo_changed)
        document.structure_changed.connect(self.invalidate)
        document.region_changed.connect(self._region_changed)
        document.mask_changed.connect(self.invalidate)

    @property
    def exchange(self) -> Exchange:
        """The photo as it is sent; shared with suggestions, so that it is sent once."""
        photo = self._document.photo
        assert photo is not None
        if self._exchange is None:
            self._exchange = Exchange(photo)
        return self._exchange

    def turn(self, on: bool) -> None:  # noqa: FBT001 - a switch
        """Turn the preview on or off."""
        self.on = on
        if on:
            self.resume()
        else:
            self._stop()

    def invalidate(self, *_: object) -> None:
        """Take note of an edit: what was restored holds no more."""
        self._snapshot = None
        if not self.valid.isEmpty():
            self.valid = QRegion()
            self.changed.emit()
        if self.on:
            self._stop()
            self._timer.start()

    def resume(self) -> None:
        """Go on, for instance after a failure or when another part is in sight."""
        if self.on and self._document.photo is not None:
            self._timer.start()

    def view_moved(self) -> None:
        """Restore what is in sight now first."""
        missing = self._missing(self._seen())
        if self._operation is not None and (missing - QRegion(self._under_way)).isEmpty():
            return  # it is coming
        if self.on and not missing.isEmpty():
            self._stop()
            self._timer.start()

    def _region_changed(self, uid: int) -> None:
        del uid
        if self._snapshot is None or settings(self._document) != self._settings:  # a new name changes no pixel
            self.invalidate()

    def _photo_changed(self) -> None:
        self._stop()
        self._exchange = None
        self.restored, self.valid, self._snapshot = None, QRegion(), None
        self.changed.emit()

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

    def _wanted(self) -> QRect:
        """Return what to restore next: what is missing in sight, else of the band nearest to it."""
        seen = self._seen()
        missing = self._missing(seen)
        if not missing.isEmpty():
            return missing.boundingRect()
        bands = [
            self._missing(QRect(0, top, self._document.width, BAND)).boundingRect()
            for top in range(0, self._document.height, BAND)
        ]
        middle = seen.center().y()
        return min(
            (band for band in bands if not band.isEmpty()),
            key=lambda band: abs(band.center().y() - middle),
            default=QRect(),
        )

    def _next(self) -> None:
        """Begin with the next part."""
        photo = self._document.photo
        if not self.on or photo is None or self._operation is not None:
            return
        if self._snapshot is None:
            self._snapshot, self._settings = Snapshot.of(self._document), settings(self._document)
        if self._snapshot.does_nothing:
            self.finished.emit()
            return
        wanted = self._wanted()
        if wanted.isEmpty():
            self.finished.emit()
            return
        if self.restored is None:
            self.restored = Pyramid(self._document.width, self._document.height, alpha=photo.pyramid.alpha)
        rectangle = (wanted.top(), wanted.left(), wanted.bottom() + 1, wanted.right() + 1)
        operation = self._make(rectangle, self._snapshot, self.restored)
        self._operation, self._under_way = operation, wanted
        operation.delivered.connect(lambda rect: self._delivered(operation, rect))
        operation.failed.connect(lambda message, advice: self._failed(operation, message, advice))
        operation.ended.connect(lambda: self._ended(operation))
        self.started.emit(operation)
        self._client.interactive.submit(operation)

    def _make(self, rectangle: tuple[int, int, int, int], snapshot: Snapshot, restored: Pyramid) -> Operation:
        photo, exchange = self._document.photo, self.exchange
        assert photo is not None
        display = photo.display

        def run(client: Client, operation: Operation) -> object:
            def take(top: int, left: int, height: int, width: int, data: bytes) -> None:
                if operation.cancelled():
                    return
                restored.write(top, left, display(exchange.native(top, left, height, width, data)))
                operation.delivered.emit(QRect(left, top, width, height))

            return client.restore(
                exchange.sent,
                regions=snapshot.as_client(),
                rectangle=rectangle,
                on_strip=take,
                on_progress=operation.report,
                cancelled=operation.cancelled,
            )

        return Operation(run, tr("Preview"))

    def _delivered(self, operation: Operation, rect: QRect) -> None:
        if operation is self._operation:
            self.valid = self.valid.united(rect)
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
