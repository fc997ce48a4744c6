"""What the docker offers that the service knows: recipes and models.

They are asked for in the worker's thread, and only while nothing else is under way; what is begun meanwhile comes first, and they
are asked for again after it. Nothing is said of it: whoever restores next hears what is wrong with the service.
"""

from __future__ import annotations

from pip_client import Cancelled, ServiceError
from pip_plugin import t

from .krita_panel import refill
from .krita_qt import QObject, QTimer, pyqtSignal


class Lists(QObject):
    """Keeps the choosers of a panel filled."""

    refilled = pyqtSignal()

    def __init__(self, worker, panel):
        super().__init__()
        self._worker, self._panel = worker, panel
        self.asking = False
        """Whether the worker is busy with this."""
        self._stale = self._first = True
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)  # when the job that ends has ended, and one that begins has begun
        self._timer.timeout.connect(self._ask)

    def begin(self):
        """Ask, the first time."""
        if self._first:
            self.soon()

    def renew(self):
        """Ask again, as soon as nothing is under way."""
        self._stale = True
        self.soon()

    def soon(self):
        """Ask if there was no answer yet to the last time."""
        self._timer.start()

    def _ask(self):
        if self._stale and not self._worker.busy:
            self._stale = self._first = False
            self.asking = True
            self._worker.start(lambda client: (client.recipes(), client.models()), self._answered, self._failed)

    def _answered(self, told):
        self.asking = False
        recipes, models = told
        refill(self._panel.recipe, [(t(recipe["label"]), recipe) for recipe in recipes], lambda recipe: recipe["name"])
        refill(self._panel.model, [(model["label"], model["name"]) for model in models], lambda name: name)
        self.refilled.emit()

    def _failed(self, error):
        self.asking, self._stale = False, True
        if not isinstance(error, (Cancelled, ServiceError)):
            raise error  # for Krita's own report
