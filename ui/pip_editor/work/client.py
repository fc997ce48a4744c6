"""The one helper for everything that takes time: an operation runs in a worker thread and tells how it went by signals.

Threads: a `RestorationClient` has workers: for what the user waits for (suggestion, preview), for exports, for batches, and for
questions, each with a connection of its own, since a connection serves one thread. `submit` cancels what the same worker has under way or in
its queue: a newer wish makes an older one stale. Signals are emitted in the worker and delivered in the window's thread.

    operation = Operation(lambda client, operation: client.suggest(...))
    operation.succeeded.connect(...)
    client.interactive.submit(operation)

An operation must not touch a widget, nor read what the window may change meanwhile; it is given snapshots.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Any, cast

from PyQt6.QtCore import QObject, pyqtSignal

from pip_backend.errors import PipEditorError
from pip_client import Cancelled, ServiceError, connect
from pip_editor.words import tr
from pip_editor.work.tuning import Tuning, tuned

if TYPE_CHECKING:
    from collections.abc import Callable

    from pip_client import Client

    Connect = Callable[[], Client]
    Run = Callable[[Client, "Operation"], Any]

_PATIENCE = 120
"""How often a busy service is asked again, every half second: a tile on a slow machine takes that long."""

_log = logging.getLogger(__name__)


class Operation(QObject):
    """Something to be done by the service."""

    progressed = pyqtSignal(float, object, str)
    """How much is done, 0 to 1; seconds to go, or None; in words."""
    delivered = pyqtSignal(object)
    """A part of the result."""
    succeeded = pyqtSignal(object)
    failed = pyqtSignal(str, str)
    """A sentence what is wrong, and one what to do."""
    stopped = pyqtSignal()
    """It was cancelled."""
    ended = pyqtSignal()
    """After any of the three."""

    def __init__(self, run: Run, title: str) -> None:
        super().__init__()
        self.run = run
        self.title = title
        """What is being done, for the status bar."""
        self.lasting = False
        """Whether shorter ones shall not take its place there."""
        self._cancelled = threading.Event()
        self._ending = threading.RLock()

    def end(self) -> None:
        """Emit `ended`."""
        with self._ending:
            self.ended.emit()

    def let_go(self) -> None:
        """Let Qt delete it, once the thread that emits `ended` has told all who wait for that: one that goes meanwhile tells the rest nothing, or ends the program."""
        with self._ending:
            self.deleteLater()

    def cancel(self) -> None:
        """Ask it to stop; it ends with `stopped`, or with its result if that came first."""
        self._cancelled.set()

    def cancelled(self) -> bool:
        """Tell whether it has been asked to stop; what `pip_client` asks."""
        return self._cancelled.is_set()

    def report(self, done: float, seconds: float | None, text: str) -> None:
        """Tell how far it is; what `pip_client` calls."""
        self.progressed.emit(done, seconds, text)


class Worker:
    """A thread with a connection, which does one operation at a time."""

    def __init__(self, name: str, connect_to: Connect) -> None:
        self.asks_service = True
        """Whether its operations do; `local_worker` makes one whose do not."""
        self._connect = connect_to
        self._client: Client | None = None
        self._current: Operation | None = None
        self._next: Operation | None = None
        self._wake = threading.Condition()
        self._ending = False
        self._thread = threading.Thread(target=self._loop, name=name, daemon=True)
        self._started = False

    def submit(self, operation: Operation) -> None:
        """Do this next; what is under way or waits is cancelled."""
        _keep(operation)
        with self._wake:
            if self._current is not None:
                self._current.cancel()
            dropped, self._next = self._next, operation
            self._wake.notify()
            if not self._started:
                self._started = True
                self._thread.start()
        if dropped is not None:
            dropped.stopped.emit()
            dropped.end()

    @property
    def busy(self) -> bool:
        """Whether something is under way or waits."""
        return self._current is not None or self._next is not None

    @property
    def taken(self) -> bool:
        """Whether something is under way or waits that is still wanted."""
        with self._wake:
            return any(each is not None and not each.cancelled() for each in (self._current, self._next))

    def cancel(self) -> None:
        """Cancel everything."""
        with self._wake:
            if self._current is not None:
                self._current.cancel()
            dropped, self._next = self._next, None
        if dropped is not None:
            dropped.stopped.emit()
            dropped.end()

    def close(self) -> None:
        """Cancel, hang up and end the thread."""
        with self._wake:
            self._ending = True
            self._wake.notify()
        self.cancel()
        if self._started:
            self._thread.join(timeout=5)

    def _loop(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._next is not None or self._ending)
                if self._ending:
                    break
                operation, self._next = self._next, None
                self._current = operation
            assert operation is not None
            self._do(operation)
            with self._wake:
                self._current = None
            operation.end()
        if self._client is not None:
            self._client.close()

    def _do(self, operation: Operation) -> None:
        """Run an operation and tell how it ended."""
        try:
            if operation.cancelled():
                raise Cancelled  # noqa: TRY301 - ends as if it had been told later
            if self._client is None:
                if self.asks_service:
                    operation.report(0.0, None, tr("Starting the restoration service"))
                self._client = self._connect()
            operation.succeeded.emit(_patiently(operation, self._client))
        except Cancelled:
            operation.stopped.emit()
        except ServiceError as error:
            _log.warning("%s: %s", operation.title, error)
            operation.failed.emit(error.message, error.advice)
        except PipEditorError as error:
            operation.failed.emit(str(error.args[0]), error.hint)
        except Exception as error:  # noqa: BLE001 - a defect must not end the thread that everything waits for
            _log.exception("%s", operation.title)
            operation.failed.emit(
                tr("{title} failed: {error}.", title=operation.title, error=error), tr("The log tells more.")
            )


_kept: set[Operation] = set()


def _keep(operation: Operation) -> None:
    """Keep an operation until the window's thread has heard of its end, also when nobody waits for it any more.

    Python would collect it otherwise, by chance in the worker, while the window takes one of its signals. What belongs to Qt
    ends in the window's thread.
    """

    def let_go() -> None:
        _kept.discard(operation)
        operation.let_go()

    _kept.add(operation)
    operation.ended.connect(let_go)


def _patiently(operation: Operation, client: Client) -> Any:
    """Run an operation; where the service still has too many jobs that were cancelled, wait until it has dropped them."""
    for _ in range(_PATIENCE):
        try:
            return operation.run(client, operation)
        except ServiceError as error:
            if error.code != "busy":
                raise
        operation.report(0.0, None, tr("Waiting for the service"))
        for _ in range(10):
            if operation.cancelled():
                raise Cancelled
            time.sleep(0.05)
    return operation.run(client, operation)


class _Nobody:
    """In a client's place, for operations that ask none."""

    def close(self) -> None:
        """Hang up."""


def local_worker(name: str) -> Worker:
    """Return a worker for what the window computes itself; its operations are given a client that is none."""
    worker = Worker(name, lambda: cast("Client", _Nobody()))
    worker.asks_service = False
    return worker


class RestorationClient(QObject):
    """Owns the connections to the service."""

    def __init__(self, connect_to: Connect | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tuning = Tuning()
        """What restorations run on."""
        plain = connect_to or _connect
        connect_to = tuned(plain, lambda: self.tuning.chosen)
        self.interactive = Worker("preview", connect_to)
        """For suggestions and previews."""
        self.first = Worker("first look", connect_to)
        """For the preview's first look, which is another picture: a connection keeps one."""
        self.exporting = Worker("export", connect_to)
        self.batch = Worker("batch", tuned(plain, lambda: self.tuning.preferred))
        self.managing = Worker("manage", connect_to)
        """For what is answered at once: models, the cache."""

    def close(self) -> None:
        """Cancel everything and hang up."""
        self.interactive.close()
        self.first.close()
        self.exporting.close()
        self.batch.close()
        self.managing.close()


def _connect() -> Client:
    return connect("editor", start=True, timeout=60.0)
