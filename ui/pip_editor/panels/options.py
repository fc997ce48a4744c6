"""The bar of the tool in hand: size, hardness and opacity of the brush, and what a shape does to the mask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QScrollArea, QToolButton, QWidget

from pip_editor.panels.slider import NumberSlider
from pip_editor.tools import Brush, Hand, PickTool
from pip_editor.tools.base import LARGEST_BRUSH
from pip_editor.words import tr

if TYPE_CHECKING:
    from PyQt6.QtGui import QResizeEvent

    from pip_editor.document.editing import Operation
    from pip_editor.tools import Tool, ToolSettings

_MARGIN = 4
"""Above and below, px."""
_TITLE = 70
"""Width of a tool's name, at least, px: what follows has the same place for most tools."""

_OPERATIONS: tuple[tuple[Operation, str, str], ...] = (
    ("add", "Add", "What is drawn belongs to the region"),
    ("subtract", "Subtract", "What is drawn is taken out of the region; Alt does so for once"),
    ("intersect", "Intersect", "Only what lies in the region and in the shape stays"),
)


class ToolOptions(QScrollArea):
    """Shows and changes the settings of the tools."""

    def __init__(self, settings: ToolSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("toolOptions")
        self._inner = self._scrolling_sideways()
        self._settings = settings
        self.size_slider = NumberSlider(
            "brushSize", tr("Size"), LARGEST_BRUSH, suffix=" px", tip=tr("Diameter in the photo; [ and ]"), smallest=1
        )
        self.size_slider.slider.setMaximum(600)
        self.hardness = NumberSlider(
            "brushHardness", tr("Hardness"), 100, suffix=" %", tip=tr("How sharp the brush's edge is")
        )
        self.opacity = NumberSlider(
            "brushOpacity", tr("Opacity"), 100, suffix=" %", tip=tr("How much a stroke selects"), smallest=1
        )
        self._brush = (self.size_slider, self.hardness, self.opacity)
        self.tolerance = NumberSlider(
            "pickTolerance",
            tr("Tolerance"),
            100,
            suffix="",
            tip=tr("How unlike what is picked may be and still be selected"),
        )
        self.softness = NumberSlider(
            "pickSoftness", tr("Softness"), 100, suffix="", tip=tr("Over how much more the selection fades")
        )
        self._pick = {"tolerance": self.tolerance, "softness": self.softness}
        self._group = QButtonGroup(self)
        self.operations: dict[str, QToolButton] = {}
        row = QHBoxLayout(self._inner)
        row.setContentsMargins(10, _MARGIN, 10, _MARGIN)
        row.setSpacing(10)
        self._title = QLabel()
        self._title.setObjectName("toolTitle")
        row.addWidget(self._title)
        buttons = QHBoxLayout()
        buttons.setSpacing(0)
        for operation, label, tip in _OPERATIONS:
            button = QToolButton()
            button.setObjectName(f"operation{label}")
            button.setText(tr(label))
            button.setAccessibleName(tr(label))
            button.setToolTip(tr(tip))
            button.setCheckable(True)
            button.setChecked(operation == settings.operation)
            button.clicked.connect(lambda _, operation=operation: self._set_operation(operation))
            self._group.addButton(button)
            self.operations[operation] = button
            buttons.addWidget(button)
        row.addLayout(buttons)
        for slider in (*self._brush, *self._pick.values()):
            slider.slider.setMinimumWidth(32)
            slider.number.setFixedWidth(70)
            slider.setMaximumWidth(260)
            row.addWidget(slider, 4)
        row.addStretch(1)
        self.size_slider.changed.connect(lambda value: setattr(settings, "size", float(value)))
        self.hardness.changed.connect(lambda value: setattr(settings, "hardness", value / 100))
        self.opacity.changed.connect(lambda value: setattr(settings, "opacity", value / 100))
        self.tolerance.changed.connect(lambda value: setattr(settings, "tolerance", float(value)))
        self.softness.changed.connect(lambda value: setattr(settings, "softness", float(value)))
        settings.changed.connect(self.refresh)
        self.refresh()

    def show_tool(self, tool: Tool) -> None:
        """Show what can be set of a tool."""
        self._title.setText(tr(tool.title))
        self._title.setMinimumWidth(max(_TITLE, self._title.sizeHint().width()))
        for slider in self._brush:
            slider.setVisible(isinstance(tool, Brush))
        for name, slider in self._pick.items():
            slider.setVisible(isinstance(tool, PickTool) and name in tool.uses)
        for button in self.operations.values():
            button.setVisible(not isinstance(tool, Hand))
            button.setEnabled(tool.name != "eraser")
        self._fit()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Make room for the scroll bar where the words do not fit."""
        super().resizeEvent(event)
        self._fit()

    def _scrolling_sideways(self) -> QWidget:
        # Long words of a language shorten the sliders, and then there is a scroll bar; they must not make the window wider than it is.
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # a stop of Tab where nothing is seen
        self.setWidgetResizable(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        self.setWidget(inner)
        return inner

    def _fit(self) -> None:
        least, bar = self._inner.minimumSizeHint(), self.horizontalScrollBar()
        assert bar is not None
        # As high as for a tool with sliders: from tool to tool, the photo below must not move.
        height = max(least.height(), self.size_slider.minimumSizeHint().height() + 2 * _MARGIN)
        self.setFixedHeight(height + (bar.sizeHint().height() if least.width() > self.width() else 0))

    def refresh(self) -> None:
        """Show the settings as they are."""
        settings = self._settings
        self.size_slider.show_value(round(settings.size))
        self.hardness.show_value(round(settings.hardness * 100))
        self.opacity.show_value(round(settings.opacity * 100))
        self.tolerance.show_value(round(settings.tolerance))
        self.softness.show_value(round(settings.softness))
        self.operations[settings.operation].setChecked(True)

    def _set_operation(self, operation: Operation) -> None:
        self._settings.operation = operation
