"""Slots that hold more than Qt knows of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PyQt6 import sip

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtCore import QObject


def while_there(owner: QObject, slot: Callable[..., object], *held: object) -> Callable[..., None]:
    """Return a slot that calls `slot` with what is `held` before the signal's arguments, unless `owner` has been deleted: then there is nothing left to tell.

    Qt forgets an object's own methods with it, but neither functions nor partial methods; and a window may close while an operation ends.
    """

    def call(*told: Any) -> None:
        if not sip.isdeleted(owner):
            slot(*held, *told)

    return call
