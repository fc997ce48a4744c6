"""Which keys do what: the defaults of the actions, what the user has changed of them, and what would clash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PyQt6.QtCore import QObject, Qt
from PyQt6.QtGui import QAction, QKeySequence

from pip_editor import recent
from pip_editor.actions import shown_keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PyQt6.QtWidgets import QMainWindow

_SECTION: Final = "keys"
_SUFFIX: Final = "Action"
_BETWEEN: Final = " ; "
_FIXED: Final = ("Space", "Return", "Enter", "Esc", "Left", "Right", "Up", "Down", "Tab", "Shift+Tab")
"""What the canvas, lists and dialogs take for themselves."""


class Shortcuts(QObject):
    """The keys of a window's actions. Made after the actions have their defaults."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        found = [action for action in window.findChildren(QAction) if action.objectName().endswith(_SUFFIX)]
        self.actions: dict[str, QAction] = {action.objectName().removesuffix(_SUFFIX): action for action in found}
        """By name, in the order in which they were made."""
        self._defaults = {name: action.shortcuts() for name, action in self.actions.items()}
        self._tips = {name: action.toolTip() for name, action in self.actions.items()}
        store, taken = recent.settings(), list[QKeySequence]()
        store.beginGroup(_SECTION)
        own = {name: kept for name in self.actions if isinstance(kept := store.value(name), str)}
        store.endGroup()
        for name, kept in own.items():
            self._apply(name, [QKeySequence(text) for text in kept.split(_BETWEEN) if text])
            taken += self.keys(name)
        # What has come since with keys that were given away leaves them: of two that have the same, neither does anything.
        for name, keys in self._defaults.items():
            left = [mine for mine in keys if not any(_clash(mine, other) for other in taken)]
            if name not in own and left != keys:
                self._apply(name, left)

    def keys(self, name: str) -> list[QKeySequence]:
        """Return the keys of an action."""
        return self.actions[name].shortcuts()

    def is_default(self, name: str) -> bool:
        """Tell whether an action has the keys that it came with."""
        return self.keys(name) == self._defaults[name]

    def owner(self, keys: QKeySequence, besides: str) -> str | None:
        """Return the other action that has these keys already; "" for what cannot be taken from where it is used; None for none."""
        if keys.isEmpty():
            return None
        if keys.toString(QKeySequence.SequenceFormat.PortableText) in _FIXED:
            return ""
        for name in self.actions:
            if name != besides and any(_clash(keys, other) for other in self.keys(name)):
                return name
        return None

    def set_keys(self, name: str, keys: Sequence[QKeySequence]) -> None:
        """Give an action these keys, and take them away from any other."""
        kept = [sequence for sequence in keys if not sequence.isEmpty()]
        for other in self.actions:
            left = [mine for mine in self.keys(other) if not any(_clash(mine, taken) for taken in kept)]
            if other != name and left != self.keys(other):
                self._keep(other, left)
        self._keep(name, kept)

    def reset(self, name: str) -> None:
        """Give an action its own keys back, and take them away from any other."""
        self.set_keys(name, self._defaults[name])

    def reset_all(self) -> None:
        """Give every action its own keys back."""
        recent.settings().remove(_SECTION)
        for name, keys in self._defaults.items():
            self._apply(name, keys)

    def is_key_of(self, name: str, key: int) -> bool:
        """Tell whether a key that was pressed or let go, without modifiers, is an action's."""
        return any(keys[0].key() == Qt.Key(key) for keys in self.keys(name) if not keys.isEmpty())

    def _keep(self, name: str, keys: Sequence[QKeySequence]) -> None:
        self._apply(name, keys)
        store = recent.settings()
        if self.is_default(name):
            store.remove(f"{_SECTION}/{name}")
        else:
            portable = QKeySequence.SequenceFormat.PortableText
            store.setValue(f"{_SECTION}/{name}", _BETWEEN.join(sequence.toString(portable) for sequence in keys))
        store.sync()

    def _apply(self, name: str, keys: Sequence[QKeySequence]) -> None:
        action = self.actions[name]
        action.setShortcuts(list(keys))
        first = shown_keys(self._defaults[name][0]) if self._defaults[name] else ""
        now = f" ({shown_keys(keys[0])})" if keys else ""
        tip = self._tips[name]
        if first and f" ({first})" in tip:
            action.setToolTip(tip.replace(f" ({first})", now))
        elif now and not self.is_default(name):
            action.setToolTip(tip + now)
        else:
            action.setToolTip(tip)


def _clash(one: QKeySequence, other: QKeySequence) -> bool:
    """Tell whether two sequences cannot be told apart: they are the same, or one begins with the other."""
    return one.matches(other) != QKeySequence.SequenceMatch.NoMatch or (
        other.matches(one) != QKeySequence.SequenceMatch.NoMatch
    )
