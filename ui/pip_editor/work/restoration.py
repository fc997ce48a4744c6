"""The operation that restores parts of a photo for the preview: strips come in the worker thread, and are told when they are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QRect

from pip_editor.words import tr
from pip_editor.work.blending import prepare
from pip_editor.work.client import Operation

if TYPE_CHECKING:
    from pip_client import Client
    from pip_editor.picture import Pyramid
    from pip_editor.picture.change import Change
    from pip_editor.picture.display import Display
    from pip_editor.work.requests import Exchange, Snapshot


def restoration(
    exchange: Exchange, display: Display, restored: Pyramid, change: Change, snapshot: Snapshot, parts: list[QRect]
) -> Operation:
    """Return what restores parts of a photo, in their order.

    Parameters
    ----------
    exchange, display
        The photo on its way to the service, and how its samples are shown.
    restored, change
        What is filled: the pixels to be shown, and what the network would change at full strength.
    snapshot
        The regions.
    parts
        Px of the photo. `delivered` tells each strip when it is there.

    """
    rectangles = [(part.top(), part.left(), part.bottom() + 1, part.right() + 1) for part in parts]

    def run(client: Client, operation: Operation) -> object:
        prepare()

        def take(top: int, left: int, height: int, width: int, data: bytes) -> None:
            if operation.cancelled():
                return
            restored.write(top, left, display(exchange.native(top, left, height, width, data)))
            operation.delivered.emit(QRect(left, top, width, height))

        def hold(top: int, left: int, height: int, width: int, data: bytes) -> None:
            if not operation.cancelled():
                change.write(top, left, np.frombuffer(data, np.float32).reshape(height, width, 3))

        return client.restore(
            exchange.sent,
            regions=snapshot.as_client(),
            rectangles=rectangles,
            on_strip=take,
            on_difference=hold,
            on_progress=operation.report,
            cancelled=operation.cancelled,
        )

    return Operation(run, tr("Preview"))
