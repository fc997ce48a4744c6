"""The batch dialog: photos in, where results go, by what; then how far each is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from pip_backend.batch import PATIENCE, Item, collect
from pip_backend.errors import PipEditorError
from pip_editor import recent
from pip_editor.around.batchform import BatchForm
from pip_editor.around.batchplan import Plan, check
from pip_editor.around.dialogs import Buttons, named, resize_within_screen
from pip_editor.panels.status import left
from pip_editor.words import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PyQt6.QtGui import QDragEnterEvent, QDropEvent

    from pip_editor.around.batchqueue import BatchQueue


_RESULT: Final = 2
"""The column."""


class BatchDialog(QDialog):
    """Makes plans and follows the queue. It is not modal: the window can be used meanwhile."""

    result_wanted = pyqtSignal(object)
    """Path of a result that is to be shown in its folder."""
    open_wanted = pyqtSignal(object)
    """Path of a photo, or a result, that is to be opened in the window."""

    def __init__(self, queue: BatchQueue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("batchDialog")
        self.setWindowTitle(tr("Batch"))
        self.setAcceptDrops(True)
        self.queue = queue
        self._items: list[Item] = []
        self.form = BatchForm()
        self._make_list()
        self._make_progress()
        self._lay_out()
        self.form.changed.connect(self._check)
        self.form.failed.connect(self.say)
        queue.item_changed.connect(self._show_item)
        queue.progressed.connect(self._show_progress)
        queue.state_changed.connect(self._show_state)
        queue.troubled.connect(self.say)
        self._show_state()
        resize_within_screen(self, 820, 640)

    def add(self, paths: Iterable[Path]) -> None:
        """Add files and folders."""
        there = {item.source for item in self._items}
        results = Path(self.form.folder.text()) if self.form.folder.text() else None
        try:
            found = collect(paths, deep=self.deep.isChecked(), without=results)
        except PipEditorError as error:
            self.say(str(error))
            return
        new = [item for item in found.items if item.source not in there]
        self._items.extend(new)
        self._fill()
        if new and not self.form.folder.text():
            self.form.folder.setText(str(Path(new[0].source).parent / "restored"))
        self._check()

    def show_plan(self, plan: Plan) -> None:
        """Show a plan that was interrupted, or is under way."""
        self._items = plan.items
        self.form.show_settings(plan.settings)
        self._fill()
        self._show_state()

    def say(self, sentence: str) -> None:
        """Say something beside the buttons; "" for nothing."""
        self.note.setText(sentence)
        self.note.setAccessibleDescription(sentence)  # its name, which screen readers say, does not tell it

    def start(self) -> None:
        """Begin, pause or go on, whichever the button says."""
        if self.queue.running:
            self.queue.pause()
        elif self.queue.paused:
            self.queue.resume()
        else:
            for item in self._items:
                if item.state != "done" and item.crashes < PATIENCE:  # which the button for the failed ones tries
                    item.state, item.message, item.target = "waiting", "", ""
            self.form.remember()
            recent.settings().setValue("batch/deep", self.deep.isChecked())
            self.queue.start(Plan(self.form.settings(), self._items))
        self._fill()

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        """Take files and folders."""
        assert event is not None
        data = event.mimeData()
        if data is not None and data.hasUrls() and not self.queue.active:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:
        """Add what was dropped."""
        assert event is not None
        data = event.mimeData()
        if data is not None:
            self.add([Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()])

    def _make_list(self) -> None:
        self.list = named(QTreeWidget(), "batchList", tr("Photos"))
        self.list.setHeaderLabels([tr("Photo"), tr("State"), tr("Result")])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        header = self.list.header()
        assert header is not None
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.list.setToolTip(tr("Drop files and folders here"))
        self.add_files = named(QPushButton(tr("Add photos …")), "batchAddFiles")
        self.add_folder = named(QPushButton(tr("Add a folder …")), "batchAddFolder")
        self.remove = named(
            QPushButton(tr("Take out")), "batchRemove", tip=tr("The photos that are chosen in the list")
        )
        self.deep = named(QCheckBox(tr("With subfolders")), "batchDeep")
        self.deep.setToolTip(tr("Results lie in subfolders of the same names"))
        self.deep.setChecked(recent.settings().value("batch/deep", defaultValue=False, type=bool))
        self.add_files.clicked.connect(self._ask_files)
        self.add_folder.clicked.connect(self._ask_folder)
        self.remove.clicked.connect(self._take_out)

    def _make_progress(self) -> None:
        self.bar = named(QProgressBar(), "batchProgress", tr("Progress of the batch"))
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.summary = named(QLabel(), "batchSummary", tr("How far it is"))
        self.note = named(QLabel(), "batchNote", tr("What is wrong"))
        self.note.setWordWrap(True)
        self.buttons = Buttons("batch", self)
        self.go = self.buttons.add(tr("Start"), "batchStart")
        self.stop = self.buttons.add(tr("Stop"), "batchStop", tr("For good; what is done stays"))
        self.retry = self.buttons.add(tr("Try the failed ones again"), "batchRetry")
        self.show_result = self.buttons.add(tr("Show in folder"), "batchShow")
        self.show_result.clicked.connect(self._show_result)
        self.list.itemActivated.connect(self._open)
        self.go.clicked.connect(self.start)
        self.stop.clicked.connect(self.queue.cancel)
        self.retry.clicked.connect(self.queue.retry_failed)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        for button in (self.add_files, self.add_folder, self.remove):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addWidget(self.deep)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addWidget(self.list, 1)
        layout.addLayout(row)
        layout.addWidget(self.form)
        layout.addWidget(self.bar)
        layout.addWidget(self.summary)
        last = QHBoxLayout()
        last.addWidget(self.note, 1)
        last.addWidget(self.buttons)
        layout.addLayout(last)

    def _fill(self) -> None:
        self.list.clear()
        for place, item in enumerate(self._items):
            row = QTreeWidgetItem([Path(item.source).name, "", ""])
            row.setToolTip(0, item.source)
            self.list.addTopLevelItem(row)
            self._show_item(place)

    def _show_item(self, place: int) -> None:
        row = self.list.topLevelItem(place)
        if row is None or place >= len(self._items):
            return
        item = self._items[place]
        row.setText(1, _state_words()[item.state])
        done = _result(item) is not None
        row.setText(2, Path(item.target).name if done else item.message)
        row.setToolTip(2, "\n".join(part for part in (item.target if done else "", item.message) if part))
        if item.state == "running":
            self.list.scrollToItem(row)
        elif done:
            self.show_result.show()

    def _show_progress(self, done: float, seconds: float | None) -> None:
        self.bar.setValue(round(done * 1000))
        self.summary.setText(progress_words(self._items, seconds))

    def _show_state(self) -> None:
        queue = self.queue
        active = queue.active
        plan = queue.plan
        over = plan is not None and not plan.left and not queue.running
        for part in (self.add_files, self.add_folder, self.remove, self.deep, self.form):
            part.setEnabled(not active)
        self.go.setText(tr("Pause") if queue.running else tr("Go on") if queue.paused else tr("Start"))
        self.go.setAccessibleName(self.go.text())
        self.stop.setEnabled(active)
        failed = sum(item.state == "failed" for item in self._items)
        self.retry.setVisible(over and failed > 0)
        if over and failed:  # among thousands nobody would find the first one
            first = next(place for place, item in enumerate(self._items) if item.state == "failed")
            self.list.scrollToItem(self.list.topLevelItem(first))
        self.bar.setVisible(plan is not None)
        if queue.running:
            self.say("")
        self.summary.setVisible(plan is not None)
        self.summary.setText(progress_words(self._items, None) if plan is not None else "")
        self._check()

    def _check(self, *_: object) -> None:
        self.show_result.setVisible(any(map(_result, self._items)))
        obstacle = self._obstacle()
        if not self.queue.active:
            self.say(obstacle)
        self.go.setEnabled(self.queue.active or not obstacle)
        self.go.setToolTip(obstacle)
        self.go.setAccessibleDescription("" if self.queue.active else obstacle)

    def _obstacle(self) -> str:
        """Say why a batch cannot begin, in a sentence; "" if it can."""
        if not self._items:
            return tr("Add photos or a folder first.")
        if all(item.state == "done" for item in self._items):
            return tr("All of these photos are done; add others.")
        return check(self.form.settings())

    def _open(self, row: QTreeWidgetItem, column: int) -> None:
        """Have a photo opened; where the column is the result's, and there is one, that."""
        item = self._items[self.list.indexOfTopLevelItem(row)]
        result = _result(item) if column == _RESULT else None
        self.open_wanted.emit(result or Path(item.source))

    def _show_result(self, *_: object) -> None:
        """Have the result of the first chosen photo that has one shown, or the last of all."""
        rows = self.list.selectedItems()
        found = filter(None, (_result(self._items[self.list.indexOfTopLevelItem(each)]) for each in rows))
        result = next(found, None) or next(filter(None, map(_result, reversed(self._items))), None)
        if result is not None:
            self.result_wanted.emit(result)

    def _ask_files(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(self, tr("Add photos"), recent.last_folder())
        self.add(map(Path, names))

    def _ask_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, tr("Add a folder"), recent.last_folder())
        if name:
            self.add([Path(name)])

    def _take_out(self) -> None:
        rows = {self.list.indexOfTopLevelItem(row) for row in self.list.selectedItems()}
        self._items = [item for place, item in enumerate(self._items) if place not in rows]
        self._fill()
        self._check()


def progress_words(items: Sequence[Item], seconds: float | None) -> str:
    """Say how far a batch is."""
    counts = {state: sum(item.state == state for item in items) for state in ("done", "failed", "skipped")}
    words = tr("{done} of {all} done", done=counts["done"], all=len(items))
    if counts["skipped"]:
        words += " · " + tr("{count} skipped", count=counts["skipped"])
    if counts["failed"]:
        words += " · " + tr("{count} failed", count=counts["failed"])
    return words if seconds is None else f"{words} · {left(seconds)}"


def _result(item: Item) -> Path | None:
    return Path(item.target) if item.state == "done" and item.target else None


def _state_words() -> dict[str, str]:
    return {
        "waiting": tr("waits"), "running": tr("under way"), "done": tr("done"), "skipped": tr("skipped"),
        "failed": tr("failed"),
    }  # fmt: skip
