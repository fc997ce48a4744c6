"""The batch in the window's status bar: how far it is, and a way to its dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QToolButton

from pip_editor.around.batchdialog import progress_words
from pip_editor.around.dialogs import named
from pip_editor.words import tr

if TYPE_CHECKING:
    from pip_editor.around.batchqueue import BatchQueue


class BatchStatus(QToolButton):
    """Seen while there is a batch that runs or pauses."""

    def __init__(self, queue: BatchQueue) -> None:
        super().__init__()
        named(self, "batchStatus", tr("Batch"), tr("Show the batch"))
        self.setAutoRaise(True)
        self._queue = queue
        queue.progressed.connect(self._show_progress)
        queue.state_changed.connect(self._show_state)
        self.hide()

    def _show_progress(self, done: float, seconds: float | None) -> None:
        del done
        plan = self._queue.plan
        if plan is not None:
            words = progress_words(plan.items, seconds) if self._queue.running else tr("paused")
            self.setText(tr("Batch: {words}", words=words))

    def _show_state(self) -> None:
        self.setVisible(self._queue.active)
        if self._queue.plan is not None:
            self._show_progress(0, None)
