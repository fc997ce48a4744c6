"""Grow, shrink and refine in the Region menu: each asks how much, remembers it, and reshapes the active region's mask."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from pip_editor.panels.amount import Amount, AmountDialog
from pip_editor.selecting import Grow, Refine, Shrink
from pip_editor.words import tr

if TYPE_CHECKING:
    from pip_editor.window import MainWindow

_RADIUS = Amount("", "Radius", 1, 200, 8, " px", "")


@dataclass(frozen=True)
class _Question:
    title: str
    text: str
    amounts: tuple[Amount, ...]


_QUESTIONS = {
    "grow": _Question(
        "Grow", "Move the region's edge outwards.",
        (replace(_RADIUS, name="growRadius", tip="How far, px of the photo"),),
    ),
    "shrink": _Question(
        "Shrink", "Move the region's edge inwards; where the region reaches the photo's edge, it still does.",
        (replace(_RADIUS, name="shrinkRadius", tip="How far, px of the photo"),),
    ),
    "refine": _Question(
        "Refine edge", "Move the region's edge to the nearest edge in the photo.",
        (
            replace(_RADIUS, name="refineRadius", start=20, tip="How far the photo's edge may be, px of the photo"),
            Amount("refineDetail", "Detail", 0, 100, 60, " %", "The higher, the fainter an edge of the photo may be"),
        ),
    ),
}  # fmt: skip


class Reshaping(QObject):
    """Connects the three actions."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._last = {amount.name: amount.start for question in _QUESTIONS.values() for amount in question.amounts}
        for name in _QUESTIONS:
            window.actions_[name].triggered.connect(lambda _, name=name: self.ask(name))

    def dialog(self, name: str) -> AmountDialog:
        """Return the dialog of an action, with the numbers of the last time."""
        question = _QUESTIONS[name]
        amounts = tuple(replace(amount, start=self._last[amount.name]) for amount in question.amounts)
        return AmountDialog(name, question.title, question.text, amounts, self._window)

    def ask(self, name: str) -> None:
        """Ask how much, and do it."""
        dialog = self.dialog(name)
        dialog.accepted.connect(lambda: self.reshape(name, dialog.values()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def reshape(self, name: str, values: dict[str, int]) -> None:
        """Reshape the active region's mask."""
        self._last |= values
        editing, photo = self._window.editing, self._window.document.photo
        if name == "refine" and photo is not None:
            change = Refine(photo, values["refineRadius"], values["refineDetail"] / 100)
            editing.change_mask(change, tr(_QUESTIONS[name].title), math.inf)
        elif name == "grow":
            editing.change_mask(Grow(values["growRadius"]), tr(_QUESTIONS[name].title), math.inf)
        elif name == "shrink":
            editing.change_mask(Shrink(values["shrinkRadius"]), tr(_QUESTIONS[name].title), math.inf)
