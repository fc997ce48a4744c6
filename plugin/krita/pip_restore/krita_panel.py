"""What the docker shows: its widgets and how they lie. What they do stands in `krita_docker`."""

from __future__ import annotations

from pip_plugin import BEST, BEST_HELP, BY_CHANNELS, BY_SELECTION, t

from .krita_edit import OPEN
from .krita_preview import Preview
from .krita_qt import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPoint,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QTimer,
    QVBoxLayout,
    QWidget,
)
from .krita_regions import Regions
from .krita_sliders import MixSliders, Slider


WIDTH = 340
"""Px: wide enough for the preview and a model's name."""


APART, TITLE = 24, 40
"""Px: of a floating docker from the picture's edge, and of its title."""


class Panel(QWidget):
    """All widgets, from top to bottom. Where the docker is low, those scroll that say what to do; what does it stays in sight below."""

    def __init__(self):
        super().__init__()
        self.preview = Preview()
        self.where = _chooser(
            ("The selection, or all of the layer", BY_SELECTION), ("Each mask named after a mix", BY_CHANNELS)
        )
        self.regions = Regions()
        self.regions.hide()
        self.recipe = _chooser(("Choose a recipe", None))
        self.suggest = _button(
            "Suggest", "Look what is wrong with the layer, or with what is selected, and set the sliders."
        )
        self.sliders = MixSliders()
        self.strength = Slider(1.0)
        self.model = _chooser(("The best one", ""))
        self.best = QCheckBox(t(BEST))
        self.best.setToolTip(t(BEST_HELP))
        self.live = QCheckBox(t("Preview"))
        self.live.setChecked(True)
        self.restore = _button(
            "Restore", "Put the result above the layer. With all sliders at 0, PIP looks what is wrong."
        )
        self.cancel = _button("Cancel", "Stop; nothing is changed then.")
        self.edit = _button(OPEN, "Paint regions in pip-editor's own window; the result comes back above the layer.")
        self.bar = QProgressBar()
        kept = self.bar.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # Cancel does not move from under the pointer when work begins
        self.bar.setSizePolicy(kept)
        self.bar.setRange(0, 1000)
        self.status = QLabel(t("Move sliders, or press Suggest."))
        self.status.setWordWrap(True)
        self._lay_out()

    def _lay_out(self):
        self.scrolled = QWidget()
        column = QVBoxLayout(self.scrolled)
        column.setContentsMargins(9, 3, 9, 3)  # closer than Qt's style has it: all of it is seen on a laptop's screen
        column.setSpacing(4)
        column.addWidget(self.preview)
        column.addLayout(_form(("Regions", self.where)))
        column.addWidget(self.regions)
        column.addLayout(_row(self.recipe, self.suggest))
        column.addWidget(self.sliders)
        column.addLayout(_form(("Strength", self.strength), ("Model", self.model)))
        column.addWidget(self.best)
        column.addWidget(self.edit)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(self.scrolled)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area, 1)
        self._below = below = QVBoxLayout()
        below.setContentsMargins(9, 0, 9, 9)
        below.addLayout(_row(self.live, self.restore, self.cancel))
        below.addWidget(self.status)
        below.addWidget(self.bar)
        whole.addLayout(below)

    def float_whole(self, docker):
        """Have the docker float at the right of the picture, as large as it takes to see everything."""
        middle, inside = docker.parent().centralWidget(), self.scrolled.sizeHint()
        height = inside.height() + self._below.sizeHint().height() + TITLE
        docker.setFloating(True)
        docker.resize(max(inside.width(), WIDTH), min(height, middle.height() - APART))
        corner = middle.mapToGlobal(QPoint(max(middle.width() - docker.width() - APART, 0), APART))
        # not before the window manager has put it where it would
        QTimer.singleShot(0, lambda: docker.move(corner))


def _chooser(*choices):
    chooser = QComboBox()
    # as narrow as the docker, however long the name of a model is
    chooser.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    chooser.setMinimumWidth(90)
    for text, data in choices:
        chooser.addItem(t(text), data)
    return chooser


def refill(chooser, choices, key):
    """Put choices, as (text, data), in place of all but the first; the chosen one stays, by its key, where it still is among them."""
    shown = range(1, chooser.count())
    if choices == [(chooser.itemText(index), chooser.itemData(index)) for index in shown]:
        return  # it may be open at the moment
    kept = key(chooser.currentData()) if chooser.currentIndex() > 0 else None
    was_blocked = chooser.blockSignals(True)
    for _ in shown:
        chooser.removeItem(1)
    for text, data in choices:
        chooser.addItem(text, data)
        if key(data) == kept:
            chooser.setCurrentIndex(chooser.count() - 1)
    chooser.blockSignals(was_blocked)


def _button(text, tip):
    button = QPushButton(t(text))
    button.setToolTip(t(tip))
    return button


def _form(*rows):
    form = QFormLayout()
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    for text, widget in rows:
        form.addRow(t(text), widget)
    return form


def _row(first, *others):
    row = QHBoxLayout()
    row.addWidget(first, 1)
    for widget in others:
        row.addWidget(widget)
    return row
