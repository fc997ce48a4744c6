"""The map of the errors to expect: asked for when it is to be seen and the whole photo is restored, and gone with the next edit.

What is expected of a place hangs on the whole photo, so there is no part of it before the preview is complete. The service has every tile in its
cache by then: no network runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from PyQt6.QtCore import QObject

from pip_editor.canvas.maps import errors_layer
from pip_editor.words import tr
from pip_editor.work import Operation, Snapshot
from pip_editor.work.guarded import while_there

if TYPE_CHECKING:
    from pip_client import Client
    from pip_editor.canvas.maps import MapLayer
    from pip_editor.window import MainWindow
    from pip_editor.work.requests import Exchange

BLOCK: Final = 16
"""Side of the blocks of which errors are told, px (docs/protocol.md)."""


class HowSure(QObject):
    """Connects the action with the service and the canvas."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._action = window.actions_["errors"]
        self._operation: Operation | None = None
        self._known = False
        preview = window.jobs.preview
        preview.changed.connect(self._changed)
        preview.finished.connect(self._ask)
        self._action.toggled.connect(self._toggled)

    def _toggled(self, on: bool) -> None:  # noqa: FBT001 - a switch
        if on:
            self._ask()
        else:
            self._drop()

    def _changed(self) -> None:
        """Forget what was expected of another result."""
        if not self._window.jobs.preview.complete:
            self._drop()
            if self._known:
                self._known = False
                self._window.canvas.show_errors(None)

    def _drop(self) -> None:
        operation, self._operation = self._operation, None
        if operation is not None:
            operation.cancel()

    def _ask(self) -> None:
        """Ask the service, if there is anything to ask."""
        preview, document = self._window.jobs.preview, self._window.document
        if not self._action.isChecked() or self._known or self._operation is not None or not preview.complete:
            return
        snapshot = Snapshot.of(document)
        if snapshot.does_nothing:
            return
        if self._window.client.interactive.taken:
            preview.resume()  # which waits for it, and is finished once more then
            return
        operation = self._operation = _expectation(preview.exchange, snapshot, (document.height, document.width))
        operation.succeeded.connect(while_there(self, self._found, operation))
        operation.failed.connect(while_there(self, self._failed, operation))
        operation.ended.connect(while_there(self, self._ended, operation))
        self._window.work.follow(operation)
        self._window.client.interactive.submit(operation)

    def _found(self, operation: Operation, layer: MapLayer | None) -> None:
        if operation is not self._operation:
            return
        if layer is None:
            self._action.setChecked(False)
            self._window.message.say(tr("This model has not been taught what errors to expect."))
            return
        self._known = True
        self._window.canvas.show_errors(layer)

    def _failed(self, operation: Operation, message: str, advice: str) -> None:
        if operation is self._operation:
            self._window.message.say(f"{message} {advice}".strip(), tr("Retry"), self._ask)

    def _ended(self, operation: Operation) -> None:
        if operation is self._operation:
            self._operation = None


def _expectation(exchange: Exchange, snapshot: Snapshot, shape: tuple[int, int]) -> Operation:
    """Return what asks for the errors to expect of a photo of (rows, columns) px; it succeeds with a layer, or None where the model cannot tell."""
    rows, columns = (-(-side // BLOCK) for side in shape)

    def run(client: Client, operation: Operation) -> Any:
        blocks = np.zeros((rows, columns), np.float32)
        told = 0

        def take(top: int, left: int, height: int, width: int, data: bytes) -> None:
            nonlocal told
            blocks[top : top + height, left : left + width] = np.frombuffer(data, np.float32).reshape(height, width)
            told += height * width

        client.restore(
            exchange.sent,
            regions=snapshot.as_client(),
            on_strip=None,
            on_errors=take,
            on_progress=operation.report,
            cancelled=operation.cancelled,
        )
        return errors_layer(blocks, BLOCK) if told == blocks.size else None

    return Operation(run, tr("Expected errors"))
