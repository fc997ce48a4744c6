"""Long work beside Krita's window.

Threads: `Worker` runs one job at a time in a `QThread`: looking for the service, sending pixels, waiting. Krita's own functions
belong to the main thread, so a job has them called there by `MainThread.call`, a strip at a time: the window never
waits for longer than Krita takes to read or write 128 rows. Nothing of Krita's is touched in the thread itself.

What a job returned, or raised, comes back to the main thread by a signal. A job is stopped by its `tell` returning True,
which the client asks at least ten times a second. Connecting asks nobody and may take twenty seconds, so it has a thread of its own: a
job that is stopped meanwhile leaves it, and the next one finds how far it has come.
"""

from __future__ import annotations

import threading

from pip_client import Cancelled, connect
from pip_plugin import t

from .krita_qt import QObject, Qt, QThread, pyqtSignal

_TICK = 0.1
_PATIENCE = 3000
"""Milliseconds that Krita waits, when it ends, for a job to hear that it is not wanted any more."""


class _Task:
    """A function on its way to the main thread, and what came of it."""

    def __init__(self, function):
        self.function, self.done = function, threading.Event()
        self.result, self.error = None, None


class MainThread(QObject):
    """Has functions called in the thread that it was made in."""

    _wanted = pyqtSignal(object)

    def __init__(self):
        super().__init__()
        self.closed = False
        self._wanted.connect(self._do, Qt.ConnectionType.QueuedConnection)

    def call(self, function):
        """Call a function there, wait, and return what it returned or raise what it raised."""
        task = _Task(function)
        self._wanted.emit(task)
        # Not a blocking connection: when Krita ends, its main thread waits for us, and both would wait for ever.
        while not task.done.wait(_TICK):
            if self.closed:
                raise Cancelled
        if task.error is not None:
            raise task.error
        return task.result

    def _do(self, task):
        try:
            task.result = task.function()
        except Exception as error:  # noqa: BLE001 - raised again where it was asked for
            task.error = error
        task.done.set()


class _Thread(QThread):
    """Runs a job, keeps what came of it."""

    def __init__(self, job):
        super().__init__()
        self._job = job
        self.result, self.error = None, None

    def run(self):
        try:
            self.result = self._job()
        except Exception as error:  # noqa: BLE001 - goes to the job's `failure`
            self.error = error


class _Connecting(threading.Thread):
    """Looks for the service; keeps the connection, or the error."""

    def __init__(self):
        super().__init__(daemon=True)
        self.client, self.error = None, None
        self.start()

    def run(self):
        try:
            self.client = connect("krita")
        except Exception as error:  # noqa: BLE001 - raised again in the job that waits
            self.error = error


class Worker(QObject):
    """One long job at a time, and the connection to the service that jobs share."""

    progress = pyqtSignal(object, str)
    """How far it is, 0 to 1 or None; and in words."""
    changed = pyqtSignal()
    """Something has begun or ended."""

    def __init__(self):
        super().__init__()
        self.main = MainThread()
        self._client = None
        self._connecting = None
        self._thread = None
        self._stop = threading.Event()
        self._then = None
        self._next = None

    @property
    def closed(self):
        """Whether there is no window any more: what is under way fails with `Cancelled`, and there is nothing to show it in."""
        return self.main.closed

    @property
    def busy(self):
        """Whether a job is under way, or what came of it is being dealt with."""
        return self._thread is not None

    def start(self, job, success, failure):
        """Run `job(client)` in the thread; then `success(result)` or `failure(error)` here.

        A job that is under way is stopped first; of several that wait for that, the last one is run, and the others fail with `Cancelled`.
        """
        if self.busy:
            self._drop()
            self._next = (job, success, failure)
            self._stop.set()
            return
        self._stop.clear()
        self._then = success, failure
        self._thread = _Thread(lambda: job(self._connected()))
        self._thread.finished.connect(self._finished)
        self._thread.start()
        self.changed.emit()

    def stop(self):
        """Stop the job, and the one that waits."""
        self._drop()
        self._stop.set()

    def _drop(self):
        dropped, self._next = self._next, None
        if dropped is not None:
            _job, _success, failure = dropped
            failure(Cancelled())

    def tell(self, fraction, text):
        """Show progress, in any thread; returns whether the job is to stop."""
        if text or fraction is not None:
            self.progress.emit(fraction, text)
        return self._stop.is_set()

    def close(self):
        """End with Krita."""
        self._next = None  # nobody is there any more to be told
        self._stop.set()
        self.main.closed = True
        if self._thread is not None:
            self._thread.wait(_PATIENCE)
        if self._client is not None:
            self._client.close()

    def _connected(self):
        if self._client is None:
            self.tell(None, t("Looking for the restoration service"))
            self._client = self._connection()
        return self._client

    def _connection(self):
        if self._connecting is None or self._connecting.error is not None:
            self._connecting = _Connecting()
        connecting = self._connecting
        while connecting.is_alive():
            connecting.join(_TICK)
            if self._stop.is_set():
                raise Cancelled
        if connecting.error is not None:
            raise connecting.error
        return connecting.client

    def _finished(self):
        thread = self._thread
        success, failure = self._then
        self._then = None  # it knows the layer, which would stay in memory with it
        try:
            if self.closed:
                failure(Cancelled())
            elif thread.error is None:
                success(thread.result)
            else:
                failure(thread.error)
        finally:
            thread.wait()
            self._thread = None
            following, self._next = self._next, None
            self.changed.emit()
            if following is not None:
                self.start(*following)
