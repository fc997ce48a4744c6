"""The actions of the window: names, keys, words. What they do is connected by the window."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PyQt6.QtGui import QAction, QActionGroup, QKeySequence

from pip_editor.naming import plain
from pip_editor.signs import icon
from pip_editor.tools import TOOLS
from pip_editor.words import tr

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QMainWindow


@dataclass(frozen=True)
class _Spec:
    name: str
    text: str
    keys: str = ""
    tip: str = ""
    checkable: bool = False


_FULL = "Meta+Ctrl+F" if sys.platform == "darwin" else "F11"
_HIDE = "Meta+Tab" if sys.platform == "darwin" else "Ctrl+Tab"
"""On a Mac Qt's Meta is Ctrl, and its Ctrl the key by which the system changes programs."""
_SPECS = (
    _Spec("open", "&Open …", "Ctrl+O", "Open a photo or a project"),
    _Spec("paste", "&Paste as a photo", "Ctrl+V", "Open the picture or the file that the clipboard holds"),
    # Not PgDown and PgUp, which move sliders, numbers and lists by a page.
    _Spec("nextPhoto", "&Next photo", "Alt+Right", "Open the next photo of the folder"),
    _Spec("previousPhoto", "Pre&vious photo", "Alt+Left", "Open the photo before this one in the folder"),
    _Spec("save", "&Save project", "Ctrl+S", "Save regions and mixes; the photo stays as it is"),
    _Spec("saveAs", "Save project &as …", "Ctrl+Shift+S"),
    _Spec("recover", "Rec&over …", "", "Regions of a program that ended unexpectedly"),
    _Spec("export", "&Export …", "Ctrl+E", "Restore the whole photo into a new file"),
    _Spec("giveBack", "Re&turn to the host", "Ctrl+Return", "Restore, and put the result above the layer it is from"),
    _Spec("close", "&Close photo", "Ctrl+W"),
    _Spec("quit", "&Quit", "Ctrl+Q"),
    _Spec("addRegion", "Add &region", "Ctrl+Shift+N", "A new, empty region on top"),
    _Spec("duplicateRegion", "&Duplicate", "Ctrl+J", "The same mask and settings once more"),
    _Spec("removeRegion", "&Remove", "Del", "Remove the region"),
    _Spec("renameRegion", "Re&name", "F2"),
    _Spec(
        "regionOver", "Lay &over the next", "Ctrl+PgDown", "Lower rows lie over higher ones; drag them to change that."
    ),
    _Spec("regionUnder", "Lay &under the one before", "Ctrl+PgUp"),
    _Spec("nextRegion", "Ne&xt region", "Alt+Down", "Choose the region of the next row"),
    _Spec("previousRegion", "Pre&vious region", "Alt+Up", "Choose the region of the row before"),
    _Spec(
        "copySettings", "&Copy settings", "Ctrl+Shift+C", "Copy what the region removes, its strength and its feather"
    ),
    _Spec("pasteSettings", "&Paste settings", "Ctrl+Shift+V", "Give the region the settings that were copied"),
    _Spec("invert", "&Invert", "Ctrl+I", "Select what the region leaves out"),
    _Spec("clear", "C&lear", "Ctrl+Backspace", "Empty the region"),
    _Spec("grow", "&Grow …", "Ctrl+Up", "Move the region's edge outwards"),
    _Spec("shrink", "S&hrink …", "Ctrl+Down", "Move the region's edge inwards"),
    _Spec("refine", "Refine &edge …", "Ctrl+R", "Move the region's edge to the nearest edge in the photo"),
    _Spec(
        "maskFromPicture",
        "&From a mask picture …",
        "",
        "A new region: full where the picture is white, empty where black",
    ),
    _Spec("saveMask", "&Save mask as …", "", "Write the region's mask as a gray PNG, white where it is full"),
    _Spec("suggest", "&Suggest", "Ctrl+G", "Let the sensor say what is wrong with the whole photo"),
    _Spec(
        "suggestRegion", "Suggest for the re&gion", "Ctrl+Shift+G", "Let the sensor say what is wrong within the region"
    ),
    _Spec("preview", "&Preview", "P", "Show the result, and keep it up to date; regions step aside", checkable=True),
    _Spec("compare", "&Compare", "X", "Original left, result right of a line that can be dragged", checkable=True),
    _Spec("hold", "Show the &original while held", "O", "Hold the key to see the photo as it was"),
    _Spec(
        "overlay",
        "Show &regions",
        "M",
        "Show or hide regions; over the result they are hidden at first",
        checkable=True,
    ),
    _Spec("nextRegionView", "&Next way to show regions", "Shift+M", "Colour, outline, mask, in turn"),
    _Spec("regionsAsColour", "Regions as &colour", "", "A colour over each region", checkable=True),
    _Spec(
        "regionsAsOutline", "Regions as &outline", "", "A line along each edge; the active one marches", checkable=True
    ),
    _Spec(
        "regionsAsMask", "Active region as &mask", "", "White where the region is full, black elsewhere", checkable=True
    ),
    _Spec("sideBySide", "&Side by side", "Y", "Original left, result right, moved and zoomed together", checkable=True),
    _Spec(
        "difference",
        "&Difference × 8",
        "V",
        "How far result and original differ, eight times as bright",
        checkable=True,
    ),
    _Spec(
        "changes", "What was changed", "N", "By how much each pixel was changed, dark blue to yellow", checkable=True
    ),
    _Spec(
        "errors",
        "How far &off it may be",
        "U",
        "The error to be expected of each part of the result, dark blue to yellow",
        checkable=True,
    ),
    _Spec("clipping", "C&lipping", "J", "Red where a channel is full, blue where all are empty", checkable=True),
    _Spec("histogram", "&Histogram", "Ctrl+H", "How bright the pixels are that are shown", checkable=True),
    _Spec("history", "Histor&y", "Ctrl+Shift+H", "All steps; choose one to go back to it", checkable=True),
    _Spec(
        "exports", "Ex&ports", "", "Exports under way and those that wait; pause them, or take one out", checkable=True
    ),
    _Spec("rulers", "R&ulers", "Ctrl+Shift+R", "Pixels of the photo, above it and on its left", checkable=True),
    _Spec("fullScreen", "Full &screen", _FULL, "The window fills the screen", checkable=True),
    _Spec("hidePanels", "Hide &all panels", _HIDE, "Nothing but the photo; once more brings them back", checkable=True),
    _Spec("resetPanels", "Rese&t panels", "", "All panels where they were at first, and as wide"),
    _Spec("zoomIn", "Zoom &in", "+"),
    _Spec("zoomOut", "Zoom &out", "-"),
    _Spec("fit", "&Fit", "0", "All of the photo"),
    _Spec("oneToOne", "&1:1", "1", "A photo pixel on a screen pixel"),
    _Spec("smaller", "Smaller brush", "["),
    _Spec("larger", "Larger brush", "]"),
    _Spec("about", "&About pip-editor"),
    _Spec("batch", "&Batch …", "Ctrl+B", "Restore many photos, one after the other"),
    _Spec("loadRecipe", "&Load recipe …", "Ctrl+L", "Lay a saved recipe over this photo"),
    _Spec("saveRecipe", "Save as &recipe …", "Ctrl+Shift+E", "Keep these regions for other photos"),
    _Spec("applyRecipe", "&Apply to other photos …", "", "Restore other photos as this one"),
    _Spec(
        "takeSettings",
        "&Take the last photo's settings",
        "Ctrl+T",
        "Put the regions of the photo before, and what they remove, in the place of this one's",
    ),
    _Spec("models", "&Models …", "", "Networks that restore: their licences, figures, and which one to use"),
    _Spec("preferences", "&Preferences …", "Ctrl+,", "Look, service and safety"),
    _Spec("shortcuts", "&Keys …", "", "Which keys do what"),
    _Spec("whatsThis", "&What's this?", "Shift+F1", "Click on something to be told what it is"),
    _Spec("log", "&Log …", "", "What happened, and a report to send when something is wrong"),
)

NEED_PHOTO = (
    "save", "saveAs", "export", "close", "addRegion", "duplicateRegion", "removeRegion", "invert", "clear", "suggest", "suggestRegion",
    "preview", "compare", "hold", "overlay", "zoomIn", "zoomOut", "fit", "oneToOne", "smaller", "larger",
    "loadRecipe", "saveRecipe", "applyRecipe", "nextPhoto", "previousPhoto", "takeSettings",
    "renameRegion", "regionOver", "regionUnder",
    "grow", "shrink", "refine", "nextRegionView", "regionsAsColour", "regionsAsOutline", "regionsAsMask",
    "sideBySide", "difference", "changes", "errors", "clipping", "histogram", "history", "exports", "rulers", "hidePanels",
    "nextRegion", "previousRegion", "copySettings", "pasteSettings", "maskFromPicture", "saveMask",
)  # fmt: skip
NEED_PAINTED = (
    "duplicateRegion", "removeRegion", "renameRegion", "regionOver", "regionUnder",
    "invert", "clear", "grow", "shrink", "refine", "suggestRegion", "saveMask",
)  # fmt: skip


def shown_keys(keys: QKeySequence) -> str:
    """Return keys as the system writes them: in German, Strg for Ctrl; on a Mac, signs."""
    return keys.toString(QKeySequence.SequenceFormat.NativeText)


class Actions:
    """All actions, by name: `actions["open"]`. A name is the action's objectName with `Action` behind it."""

    def __init__(self, window: QMainWindow) -> None:
        self._actions: dict[str, QAction] = {}
        for spec in _SPECS:
            action = QAction(tr(spec.text), window)
            if spec.keys:
                action.setShortcut(QKeySequence(spec.keys))
            if spec.tip:
                keys = f" ({shown_keys(action.shortcut())})" if spec.keys else ""
                action.setToolTip(f"{tr(spec.tip)}{keys}")
                action.setStatusTip(tr(spec.tip))
                action.setWhatsThis(tr(spec.tip))
            action.setCheckable(spec.checkable)
            self._add(spec.name, action, window)
        self._actions["zoomIn"].setShortcuts([QKeySequence("+"), QKeySequence("="), QKeySequence.StandardKey.ZoomIn])
        self._actions["zoomOut"].setShortcuts([QKeySequence("-"), QKeySequence.StandardKey.ZoomOut])
        self._actions["overlay"].setChecked(True)
        self.tools = QActionGroup(window)
        for tool in TOOLS:
            action = QAction(icon(tool.name), tr(tool.title), window)
            action.setShortcut(QKeySequence(tool.key))
            help_ = f"{tr(tool.help)} {tr(tool.more)}" if tool.more else tr(tool.help)
            action.setToolTip(f"{tr(tool.title)} ({shown_keys(action.shortcut())}): {help_}")
            action.setWhatsThis(help_)
            action.setCheckable(True)
            action.setData(tool.name)
            self.tools.addAction(action)
            self._add(f"{tool.name}Tool", action, window)

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def enable(self, *, photo: bool, painted: bool, copied: bool) -> None:
        """Let only those be used that can do something."""
        for name in NEED_PHOTO:
            self._actions[name].setEnabled(photo and (painted or name not in NEED_PAINTED))
        self._actions["pasteSettings"].setEnabled(photo and copied)
        for action in self.tools.actions():
            action.setEnabled(photo)

    def refresh_icons(self) -> None:
        """Draw the signs anew, in the colours of another palette."""
        for tool in TOOLS:
            self._actions[f"{tool.name}Tool"].setIcon(icon(tool.name))

    def _add(self, name: str, action: QAction, window: QMainWindow) -> None:
        action.setObjectName(f"{name}Action")
        action.setIconText(plain(action.text()))  # what buttons show; Qt leaves "(&O)" of other scripts in
        self._actions[name] = action
        window.addAction(action)
