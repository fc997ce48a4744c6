"""The models: which there are, what their files say of them, which one to use, and bringing in more."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QTextBrowser, QVBoxLayout, QWidget

from pip_client import LABELS
from pip_editor.around.dialogs import Buttons, named, resize_within_screen
from pip_editor.naming import listing
from pip_editor.words import tr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_NAME = Qt.ItemDataRole.UserRole


class ModelsDialog(QDialog):
    """Shows what the service tells of models; whoever made it asks the service."""

    card_wanted = pyqtSignal(str)
    """Name of a model whose card is to be shown."""
    import_wanted = pyqtSignal()
    chosen = pyqtSignal(str)
    """Name of the model to use; "" for the default."""

    def __init__(self, model: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("modelsDialog")
        self.setWindowTitle(tr("Models"))
        self._used = model
        self._models: dict[str, dict[str, Any]] = {}
        self.list = named(QListWidget(), "modelsList", tr("Models"))
        self.list.setMaximumWidth(240)
        self.card = named(QTextBrowser(), "modelsCard", tr("What the model's file says"))
        self.card.setOpenExternalLinks(False)
        self.card.setOpenLinks(False)
        self.buttons = Buttons("models", self)
        self.use = self.buttons.add(
            tr("Use this one"), "modelsUse", tr("For the preview, exports and batches from now on")
        )
        self.bring = self.buttons.add(
            tr("Import …"), "modelsImport", tr("A model of pip-editor, or a checkpoint of the authors' PIP-Restormer")
        )
        row = QHBoxLayout()
        row.addWidget(self.list)
        row.addWidget(self.card, 1)
        layout = QVBoxLayout(self)
        layout.addLayout(row)
        layout.addWidget(self.buttons)
        resize_within_screen(self, 820, 560)
        self.list.currentItemChanged.connect(self._chosen)
        self.use.clicked.connect(self._use)
        self.bring.clicked.connect(self.import_wanted)
        self.use.setEnabled(False)
        self.say(tr("Asking the service …"))

    @property
    def current(self) -> str:
        """Name of the model that is looked at, or ""."""
        item = self.list.currentItem()
        return "" if item is None else str(item.data(_NAME))

    def say(self, text: str) -> None:
        """Show a sentence in place of a card."""
        self.card.setPlainText(text)

    def show_models(self, models: Sequence[dict[str, Any]], show: str = "") -> None:
        """Show the list, and look at one."""
        self._models = {model["name"]: model for model in models}
        if self._used not in self._models:
            self._used = ""
        self.list.clear()
        for name in self._models:
            item = QListWidgetItem(name)
            item.setData(_NAME, name)
            self.list.addItem(item)
        self._mark()
        wanted = show or self._in_use
        row = next((row for row, name in enumerate(self._models) if name == wanted), 0)
        self.list.setCurrentRow(row)

    def show_card(self, card: Mapping[str, Any]) -> None:
        """Show what a model's file says, if it is the one that is looked at."""
        if card.get("name") == self.current:
            self.card.setHtml(_html(card, self._models.get(self.current, {})))

    @property
    def _in_use(self) -> str:
        return self._used or next((name for name, model in self._models.items() if model.get("default")), "")

    def _mark(self) -> None:
        for row in range(self.list.count()):
            item = self.list.item(row)
            assert item is not None
            name = str(item.data(_NAME))
            used = name == self._in_use
            item.setText(tr("{name} (in use)", name=name) if used else name)
            font = item.font()
            font.setBold(used)
            item.setFont(font)

    def _chosen(self, *_: object) -> None:
        self.use.setEnabled(bool(self.current) and self.current != self._in_use)
        if self.current:
            self.card_wanted.emit(self.current)

    def _use(self) -> None:
        model = self._models[self.current]
        self._used = "" if model.get("default") else self.current
        self._mark()
        self.use.setEnabled(False)
        self.chosen.emit(self._used)


_WORDS: Final = {
    "psnr": "PSNR, dB",
    "ssim": "SSIM",
    "input_psnr": "PSNR of the damaged photos, dB",
    "input_ssim": "SSIM of the damaged photos",
    "worst_gain": "Worst gain, dB",
    "edge_gain": "Gain at the edges less that in the middle, dB",
    "seam_score": "Seam score",
}
"""What figures of a card are called."""


def _html(card: Mapping[str, Any], listed: Mapping[str, Any]) -> str:
    """Set a card: facts, how the weights came about, what was measured."""
    known = listing(tr(LABELS.get(name, name)) for name in card.get("degradations", ()))
    tile = card.get("tile", {})
    facts = {
        tr("Version"): card.get("version", ""),
        tr("Licence of the weights"): card.get("licence") or tr("not told"),
        tr("Architecture"): card.get("architecture", ""),
        tr("Removes"): known,
        tr("Comes from"): tr("a file that was imported") if listed.get("imported") else tr("the program"),
        tr("Size"): f"{listed.get('bytes', 0) / 1e6:.1f} MB",
        tr("Tile"): f"{tile.get('best', '?')} px, {tr('overlap')} {card.get('overlap', '?')} px",
        tr("Precision"): ", ".join(card.get("precision", ())),
    }
    parts = [f"<h2>{escape(str(card.get('name', '')))}</h2>", _table(facts)]
    for title, values in ((tr("Measured"), card.get("metrics")), (tr("Training"), card.get("training"))):
        parts.append(f"<h3>{escape(title)}</h3>")
        parts.append(_table(_flat(values)) if values else f"<p>{escape(tr('The file says nothing of it.'))}</p>")
    return "".join(parts)


def _flat(values: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """Lay values within values beside each other."""
    flat: dict[str, Any] = {}
    for name, value in values.items():
        where = f"{before}{tr(_WORDS.get(name, name))}"
        if isinstance(value, dict):
            flat.update(_flat(value, f"{where} · "))
        else:
            flat[where] = value
    return flat


def _table(values: Mapping[str, Any]) -> str:
    rows = "".join(
        f'<tr><td style="padding-right:16px"><b>{escape(str(name))}</b></td><td>{escape(_spoken(value))}</td></tr>'
        for name, value in values.items()
    )
    return f"<table>{rows}</table>"


def _spoken(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_spoken, value))
    return f"{value:.4g}" if isinstance(value, float) else str(value)
