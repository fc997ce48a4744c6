"""A small dialog that asks how much: grow, shrink, refine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout

from pip_editor.panels.slider import NumberSlider
from pip_editor.words import tr

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget


@dataclass(frozen=True)
class Amount:
    """A number that is asked for."""

    name: str
    """Of the slider: its objectName."""
    label: str
    smallest: int
    largest: int
    start: int
    suffix: str
    tip: str


class AmountDialog(QDialog):
    """Asks for one number or two; Enter takes them, Escape drops them."""

    def __init__(self, name: str, title: str, text: str, amounts: tuple[Amount, ...], parent: QWidget) -> None:
        super().__init__(parent)
        title = tr(title)
        self.setObjectName(f"{name}Dialog")
        self.setWindowTitle(title)
        self.setModal(True)
        self.setMinimumWidth(400)
        layout = QVBoxLayout(self)
        words = QLabel(tr(text))
        words.setObjectName(f"{name}Text")
        words.setWordWrap(True)
        layout.addWidget(words)
        self.sliders: dict[str, NumberSlider] = {}
        for amount in amounts:
            slider = NumberSlider(
                amount.name,
                tr(amount.label),
                amount.largest,
                suffix=amount.suffix,
                tip=tr(amount.tip),
                smallest=amount.smallest,
                label_width=60,
            )
            slider.show_value(amount.start)
            layout.addWidget(slider)
            self.sliders[amount.name] = slider
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.setObjectName(f"{name}Buttons")
        for which, word in (
            (QDialogButtonBox.StandardButton.Ok, "Ok"),
            (QDialogButtonBox.StandardButton.Cancel, "Cancel"),
        ):
            button = buttons.button(which)
            assert button is not None
            button.setObjectName(f"{name}{word}")
            button.setAccessibleName(title if word == "Ok" else tr("Cancel"))
            button.setText(title if word == "Ok" else tr("Cancel"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        first = next(iter(self.sliders.values()))
        first.number.selectAll()
        first.number.setFocus()

    def values(self) -> dict[str, int]:
        """Return the numbers by name."""
        return {name: slider.value for name, slider in self.sliders.items()}
