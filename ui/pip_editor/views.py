"""What the View menu shows: how regions are drawn, ways to compare, clipping, and the docks of histogram and history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PyQt6.QtCore import QObject, Qt
from PyQt6.QtGui import QActionGroup, QRegion
from PyQt6.QtWidgets import QDockWidget, QUndoView, QWidget

from pip_editor import recent
from pip_editor.panels.exports import ExportsPanel
from pip_editor.panels.histogram import HistogramPanel
from pip_editor.words import tr

if TYPE_CHECKING:
    from pip_editor.canvas.regionlayer import RegionView
    from pip_editor.canvas.resultlayer import Compare
    from pip_editor.picture import Pyramid
    from pip_editor.window import MainWindow

COMPARISONS: Final[dict[str, Compare]] = {
    "compare": "split", "sideBySide": "side", "difference": "difference", "changes": "changes", "errors": "errors",
}  # fmt: skip
"""Ways to compare, by action; one at a time."""
_REGION_VIEWS: Final[dict[str, RegionView]] = {
    "regionsAsColour": "colour", "regionsAsOutline": "outline", "regionsAsMask": "mask",
}  # fmt: skip
_DOCKS: Final = {"histogram": "Histogram", "history": "History", "exports": "Exports"}


class Views(QObject):
    """Connects the View menu."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        actions, canvas = window.actions_, window.canvas
        for name in COMPARISONS:
            actions[name].toggled.connect(lambda on, name=name: self._compare(name, on))
        self._group = QActionGroup(window)
        for name, mode in _REGION_VIEWS.items():
            self._group.addAction(actions[name])
            actions[name].triggered.connect(lambda _, mode=mode: self._show_regions_as(mode))
        actions["regionsAsColour"].setChecked(True)
        actions["nextRegionView"].triggered.connect(self._next_region_view)
        self._regions_over = {"photo": True, "result": _kept("regionsOverResult")}
        """Whether regions are shown, over the photo and over what was restored of it."""
        actions["preview"].toggled.connect(self._show_regions_again)
        actions["overlay"].toggled.connect(self._show_regions)
        actions["clipping"].toggled.connect(canvas.show_clipping)
        actions["rulers"].toggled.connect(self._show_rulers)
        actions["rulers"].setChecked(_kept("rulers"))
        self.histogram = HistogramPanel(self._shown)
        self.history = QUndoView(window.document.undo_stack)
        self.history.setObjectName("historyList")
        self.history.setAccessibleName(tr("History"))
        self.history.setAccessibleDescription(
            tr("All steps, the latest at the bottom; choose one to go back or forth to it.")
        )
        self.history.setEmptyLabel(tr("Photo opened"))
        self.docks: Final[dict[str, QDockWidget]] = {
            "histogram": self._dock("histogram", self.histogram),
            "history": self._dock("history", self.history),
            "exports": self._dock("exports", ExportsPanel(window.jobs.exports)),
        }
        document = window.document
        document.photo_changed.connect(self.histogram.later)

    def watch(self) -> None:
        """Follow what is restored and what is opened; once the parts for both are there."""
        self._window.jobs.preview.changed.connect(self.histogram.later)
        self._window.files.strip_shown.connect(self.histogram.later)
        self.histogram.later()

    def stop_comparing(self) -> None:
        """Show the result alone, or the photo."""
        for name in COMPARISONS:
            self._window.actions_[name].setChecked(False)

    def _compare(self, name: str, on: bool) -> None:  # noqa: FBT001 - a switch
        """Compare in one way; without a preview there would be nothing to compare with."""
        actions, canvas = self._window.actions_, self._window.canvas
        if on:
            for other in COMPARISONS:
                if other != name:
                    actions[other].setChecked(False)
            canvas.set_compare(COMPARISONS[name])
            actions["preview"].setChecked(True)
        elif canvas.compare == COMPARISONS[name]:
            canvas.set_compare("restored")

    def _show_regions(self, on: bool) -> None:  # noqa: FBT001 - a switch
        """Show regions or hide them; it is remembered, over a result for the next one."""
        over = "result" if self._window.actions_["preview"].isChecked() else "photo"
        self._regions_over[over] = on
        if over == "result":
            recent.settings().setValue("show/regionsOverResult", on)
        self._window.canvas.show_overlays(on)

    def _show_regions_again(self, previewing: bool) -> None:  # noqa: FBT001 - a switch
        """Show regions as they were shown last over the result, or over the photo."""
        self._window.actions_["overlay"].setChecked(self._regions_over["result" if previewing else "photo"])

    def _show_regions_as(self, mode: RegionView) -> None:
        self._window.canvas.show_regions_as(mode)
        self._window.actions_["overlay"].setChecked(True)

    def _next_region_view(self) -> None:
        names = list(_REGION_VIEWS)
        checked = next(name for name in names if self._window.actions_[name].isChecked())
        self._window.actions_[names[(names.index(checked) + 1) % len(names)]].trigger()

    def _show_rulers(self, on: bool) -> None:  # noqa: FBT001 - a switch
        recent.settings().setValue("show/rulers", on)
        for part in (*self._window.rulers, self._window.ruler_room):
            part.setVisible(on)

    def _dock(self, name: str, widget: QWidget) -> QDockWidget:
        window, action = self._window, self._window.actions_[name]
        dock = QDockWidget(tr(_DOCKS[name]), window)
        dock.setObjectName(f"{name}Dock")
        dock.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetMovable)
        dock.setWidget(widget)
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        action.setChecked(_kept(name))
        action.toggled.connect(lambda on: self._show_dock(name, on))
        return dock

    def _show_dock(self, name: str, on: bool) -> None:  # noqa: FBT001 - a switch
        recent.settings().setValue(f"show/{name}", on)
        self._window.workspace.show_panels()
        self.histogram.later()

    def _shown(self) -> tuple[Pyramid, Pyramid | None, QRegion] | None:
        photo, preview = self._window.document.photo, self._window.jobs.preview
        if photo is None:
            return None
        return photo.pyramid, preview.restored if preview.on else None, preview.shown


def _kept(name: str) -> bool:
    """Return whether something was shown when the program was used last."""
    return bool(recent.settings().value(f"show/{name}", defaultValue=False, type=bool))
