"""What the docker shows: its widgets and how they lie. What they do stands in `krita_docker`."""

from __future__ import annotations

from pip_plugin import BY_CHANNELS, BY_SELECTION

from .krita_edit import OPEN
from .krita_preview import Preview
from .krita_qt import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from .krita_regions import Regions
from .krita_sliders import MixSliders, Slider


class Panel(QScrollArea):
    """All widgets, from top to bottom; it scrolls where the docker is low."""

    def __init__(self):
        super().__init__()
        self.preview = Preview()
        self.where = _chooser(
            ("The selection, or all of the layer", BY_SELECTION), ("Each mask named after a mix", BY_CHANNELS)
        )
        self.regions = Regions()
        self.regions.hide()
        self.recipe = _chooser(("Choose a recipe", None))
        self.suggest = _button("Suggest", "Look what is wrong with the layer, and set the sliders.")
        self.sliders = MixSliders()
        self.strength = Slider(1.0)
        self.model = _chooser(("The best one", ""))
        self.live = QCheckBox("Preview")
        self.live.setChecked(True)
        self.restore = _button(
            "Restore", "Put the result above the layer. With all sliders at 0, PIP looks what is wrong."
        )
        self.cancel = _button("Cancel", "Stop; nothing is changed then.")
        self.edit = _button(OPEN, "Paint regions in pip-editor's own window; the result comes back above the layer.")
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.status = QLabel("Move sliders, or press Suggest.")
        self.status.setWordWrap(True)
        self._lay_out()

    def _lay_out(self):
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.addWidget(self.preview)
        column.addLayout(_form(("Regions", self.where)))
        column.addWidget(self.regions)
        column.addLayout(_row(self.recipe, self.suggest))
        column.addWidget(self.sliders)
        column.addLayout(_form(("Strength", self.strength), ("Model", self.model)))
        column.addLayout(_row(self.live, self.restore, self.cancel))
        column.addWidget(self.edit)
        column.addWidget(self.bar)
        column.addWidget(self.status)
        column.addStretch(1)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidget(inside)


def _chooser(*choices):
    chooser = QComboBox()
    # as narrow as the docker, however long the name of a model is
    chooser.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    chooser.setMinimumWidth(90)
    for text, data in choices:
        chooser.addItem(text, data)
    return chooser


def _button(text, tip):
    button = QPushButton(text)
    button.setToolTip(tip)
    return button


def _form(*rows):
    form = QFormLayout()
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    for text, widget in rows:
        form.addRow(text, widget)
    return form


def _row(first, *others):
    row = QHBoxLayout()
    row.addWidget(first, 1)
    for widget in others:
        row.addWidget(widget)
    return row
