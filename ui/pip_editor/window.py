"""The window: canvas in the middle, tools left, regions right. It makes the parts and connects them; it does no work.

Who does what: `Document` and `Editing` hold and change what is edited; `Canvas` draws; `Files` opens, saves and recovers;
`Jobs` asks the service for suggestions, previews and exports.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, Qt
from PyQt6.QtWidgets import (
    QDockWidget,
    QLabel,
    QMainWindow,
    QMessageBox,
    QStackedWidget,
    QWidget,
)

from pip_editor import recent
from pip_editor.actions import Actions
from pip_editor.around import Desk
from pip_editor.around.folderwalk import FolderWalk
from pip_editor.around.lastsettings import LastSettings
from pip_editor.canvas import Canvas
from pip_editor.document import Document, Editing
from pip_editor.files import Files
from pip_editor.heat import Heat
from pip_editor.howsure import HowSure
from pip_editor.jobs import Jobs
from pip_editor.linked import Linked
from pip_editor.maskfiles import MaskFiles
from pip_editor.menus import fill_menus
from pip_editor.panels import MessageBar, RegionsPanel, ToolOptions, Welcome, WorkStatus
from pip_editor.pasting import holds_photo
from pip_editor.placing import place_parts
from pip_editor.position import Position
from pip_editor.reshaping import Reshaping
from pip_editor.tools import TOOLS, ToolSettings
from pip_editor.views import Views
from pip_editor.words import tr
from pip_editor.work import RestorationClient
from pip_editor.work.maskwork import MaskWork
from pip_editor.workspace import Workspace

if TYPE_CHECKING:
    from PyQt6.QtCore import QObject
    from PyQt6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QShowEvent

    from pip_editor.canvas.ruler import Ruler


class MainWindow(QMainWindow):
    """The editor."""

    stack: QStackedWidget
    """The welcome page, and the canvas; this and what follows is made by `place_parts`."""
    rulers: tuple[Ruler, Ruler]
    """Across and down."""
    ruler_room: QWidget
    """Above the original that stands beside the canvas, as high as the ruler above that."""
    regions: RegionsPanel
    dock: QDockWidget
    hint: QLabel
    position: QLabel
    zoom: QLabel
    preview_state: QLabel

    def __init__(self, client: RestorationClient | None = None) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.setAcceptDrops(True)
        self._followed = False
        self._unseen = 0
        """Number of the region of which it was said last that it is switched off."""
        self.document = Document(self)
        self.editing = Editing(self.document)
        self.settings = ToolSettings(self)
        self.client = client or RestorationClient(parent=self)
        self.actions_ = Actions(self)
        self.canvas = Canvas(self.document)
        self.message = MessageBar()
        self.welcome = Welcome()
        self.options = ToolOptions(self.settings)
        self.work = WorkStatus()
        self.tools = {tool.name: tool(self.editing, self.settings) for tool in TOOLS}
        self.masks = MaskWork(self.editing, self._painting, self)
        self.files = Files(self)
        self.jobs = Jobs(self)
        self.reshaping = Reshaping(self)
        self.mask_files = MaskFiles(self)
        place_parts(self)
        self.views = Views(self)
        self.views.watch()
        self.recent_menu = fill_menus(self)
        self.workspace = Workspace(self)
        self.pointed_at = Position(self)
        self.desk = Desk(self)
        self.linked = Linked(self)
        self.folder = FolderWalk(self)
        self.last_settings = LastSettings(self)
        self.heat = Heat(self)
        self.how_sure = HowSure(self)
        self._connect()
        self.choose_tool("brush")
        self._show_document()

    def choose_tool(self, name: str) -> None:
        """Take a tool in hand."""
        self.actions_[f"{name}Tool"].setChecked(True)
        tool = self.tools[name]
        self.canvas.set_tool(tool)
        self.options.show_tool(tool)
        self._show_hint()

    def showEvent(self, event: QShowEvent | None) -> None:
        """Follow the window from screen to screen, now that it is a window of the system's."""
        super().showEvent(event)
        handle = self.windowHandle()
        if handle is not None and not self._followed:
            self._followed = True
            handle.screenChanged.connect(self.desk.screen_changed)

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """Ask about unsaved work, then stop everything."""
        assert event is not None
        if not self.files.may_leave() or not self.desk.may_leave():
            event.ignore()
            return
        self.workspace.keep()
        self.desk.close()
        self.jobs.close()
        self.masks.close()
        self.document.shelf.close()
        self.files.close()
        self.folder.close()
        self.mask_files.close()
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        """Take files and pictures."""
        assert event is not None
        if holds_photo(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:
        """Open the first file that was dropped, or the picture; offer a batch of several."""
        assert event is not None
        self.files.open_data(event.mimeData())

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Stop what is being done, by Escape."""
        assert event is not None
        if event.key() == Qt.Key.Key_Escape:
            self._stop()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent | None) -> None:
        """Let go of the original."""
        assert event is not None
        if not event.isAutoRepeat() and self.desk.shortcuts.is_key_of("hold", event.key()):
            self.canvas.hold_original(False)
        super().keyReleaseEvent(event)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Let go of the original when the window goes to the back, where no release is told."""
        if event is not None and event.type() == QEvent.Type.WindowDeactivate:
            self.canvas.hold_original(False)
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent | None) -> None:
        """Follow the system from light to dark and back; look whether the photo is still there when the user comes back."""
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            self.actions_.refresh_icons()
        elif event is not None and event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.files.look_at_disk()
        elif event is not None and event.type() == QEvent.Type.WindowStateChange:
            self.actions_["fullScreen"].setChecked(self.isFullScreen())  # the system may have ended it
        super().changeEvent(event)

    def _connect(self) -> None:
        actions, canvas, editing = self.actions_, self.canvas, self.editing
        actions.tools.triggered.connect(lambda action: self.choose_tool(action.data()))
        for name, slot in {
            "addRegion": lambda: editing.add_region(),  # noqa: PLW0108 - drops the signal's argument
            "duplicateRegion": lambda: self._with_active(editing.duplicate_region),
            "removeRegion": lambda: self._with_active(editing.remove_region),
            "renameRegion": self._rename,
            "regionOver": lambda: self._with_active(lambda uid: editing.step_region(uid, 1)),
            "regionUnder": lambda: self._with_active(lambda uid: editing.step_region(uid, -1)),
            "nextRegion": lambda: editing.activate_near(1),
            "previousRegion": lambda: editing.activate_near(-1),
            "copySettings": self._copy_settings,
            "pasteSettings": lambda: self._with_active(editing.paste_settings),
            "invert": editing.invert,
            "clear": editing.clear,
            "hold": lambda: canvas.hold_original(True),
            "zoomIn": lambda: canvas.zoom_step(1),
            "zoomOut": lambda: canvas.zoom_step(-1),
            "fit": canvas.fit,
            "oneToOne": lambda: canvas.zoom_to(1.0),
            "smaller": lambda: self._resize_brush(1 / 1.2),
            "larger": lambda: self._resize_brush(1.2),
            "quit": self.close,
            "about": self._about,
        }.items():
            actions[name].triggered.connect(slot)
        actions["hold"].setAutoRepeat(False)
        canvas.view_changed.connect(self._show_zoom)
        self.document.photo_changed.connect(self._show_document)
        self.document.active_changed.connect(self._enable)
        self.document.undo_stack.cleanChanged.connect(self.show_title)
        editing.no_mask = lambda: self.message.offer(
            tr("The whole photo has no mask to take from: choose a region, or add one."),
            tr("Add region"), lambda: editing.add_region() if self.document.photo is not None else None,
        )  # fmt: skip
        editing.unseen = self._say_unseen
        self.masks.started.connect(self.work.follow)
        self.masks.failed.connect(lambda message, advice: self.message.say(f"{message} {advice}".strip()))
        self.masks.nothing.connect(
            lambda text: self.message.say(tr("{text}: no pixel of the region changed.", text=text))
        )
        self.welcome.browse.connect(self.files.ask_open)
        self.welcome.chosen.connect(lambda name: self.files.open(Path(name)))
        self.installEventFilter(self)

    def _say_unseen(self, uid: int) -> None:
        if uid == self._unseen:  # it was said at the stroke before
            return
        self._unseen = uid
        self.message.offer(
            tr("{name} is switched off: what is done to its mask is not seen.", name=self.document.region(uid).name),
            tr("Switch it on"), lambda: self._switch_on(uid),
        )  # fmt: skip

    def _switch_on(self, uid: int) -> None:
        self._unseen = 0
        if self.document.has(uid):
            self.editing.set_visible(uid, True)

    def _stop(self) -> None:
        """Stop what is being done; an export, which may have taken minutes, after a question."""
        operation = self.work.operation
        if operation is not None and operation.lasting and not self.files.ask_stop_export():
            return
        if self.work.operation is operation:  # it may have ended while somebody was asked
            self.work.cancel()

    def _painting(self) -> bool:
        return self.canvas.painting

    def _copy_settings(self) -> None:
        self._with_active(self.editing.copy_settings)
        self._enable()

    def _rename(self) -> None:
        self.workspace.show_again()
        self.regions.rename()

    def _with_active(self, method: object) -> None:
        active = self.document.active
        if active is not None and callable(method):
            method(active.uid)

    def _resize_brush(self, factor: float) -> None:
        size = self.settings.size
        self.settings.size = max(round(size * factor), round(size) + 1) if factor > 1 else round(size * factor)
        self.canvas.update()

    def _show_document(self) -> None:
        opened = self.document.photo is not None
        self.stack.setCurrentIndex(1 if opened else 0)
        self.workspace.show_panels()
        self.welcome.show_recent(recent.recent_files())
        if opened:
            self.canvas.setFocus()
        self._enable()
        self.show_title()
        self._show_zoom()
        self._show_hint()

    def _enable(self) -> None:
        active, photo = self.document.active, self.document.photo is not None
        painted, copied = active is not None and not active.whole, self.editing.copied is not None
        self.actions_.enable(photo=photo, painted=painted, copied=copied)

    def show_title(self, *_: object) -> None:
        """Name the photo, its place in its folder, and how far long work is."""
        photo, done = self.document.photo, self.desk.task_bar.percent
        self.setWindowModified(not self.document.undo_stack.isClean())
        place = f" – {self.folder.place}" if self.folder.place else ""
        name = f"{photo.path.name}[*]{place} – pip-editor" if photo is not None else "pip-editor[*]"
        self.setWindowTitle(name if done is None else f"{done} % · {name}")

    def _show_hint(self) -> None:
        """Say how to use the tool, where there is a photo to use it on."""
        tool = self.canvas.tool
        self.hint.setText(tr(tool.help) if tool is not None and self.document.photo is not None else "")

    def _show_zoom(self) -> None:
        document = self.document
        shown = document.photo is not None
        self.zoom.setText(f"{document.width} × {document.height}   {self.canvas.view.zoom:.0%}" if shown else "")

    def _about(self) -> None:
        QMessageBox.about(
            self,
            tr("About pip-editor"),
            tr(
                "pip-editor {version}: restores damaged photos, region by region, with one network.",
                version=version("pip-editor"),
            )
            + "\n\n"
            + tr("This window is free software under the GNU General Public License, version 3 or later."),
        )
