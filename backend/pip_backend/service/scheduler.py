"""Who is next: one inference thread takes one step of one job after the other, and clients take turns.

A step is a strip. A client whose outbox is full is passed over, and so is one whose file is still being read, or whose job would be one too
many in memory, until another ends. A job whose client has read nothing for a while does not count as one of these: it is parked. Where all places
for parked ones are taken too, the client that has read nothing for longest is dropped, so that whoever reads waits a few seconds at most.
The jobs of one client follow each other; whoever wants two side by side connects twice.

Cancelling marks the task. A waiting one goes at once, a running one within a fraction of a second, in the middle of a tile (`work._reporter`).
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict, deque
from collections.abc import Generator
from typing import TYPE_CHECKING, Any, Final

from pip_backend.errors import PipEditorError

from .files import Files
from .outbox import UnreadError
from .requests import FilePicture
from .values import RefusedError, error_head, refusal
from .work import CancelledError, Task, Workshop

if TYPE_CHECKING:
    from .limits import Limits
    from .outbox import Parcel

NO_MEMORY: Final = RefusedError(
    "memory", "There is not enough memory for this picture.", "Close other programs and try again."
)

_LOOK = 0.25
"""Seconds between two looks who has read nothing for long."""

_log = logging.getLogger(__name__)


class Scheduler:
    """Queues of all clients, and the thread that works them off."""

    def __init__(self, limits: Limits, workshop: Workshop) -> None:
        self._limits, self._workshop = limits, workshop
        self._queues: OrderedDict[object, deque[Task]] = OrderedDict()
        self._changed = threading.Condition()
        self._stopping = self._preparing = False
        self._files = Files(self.wake)
        self._thread = threading.Thread(target=self._run, name="pip-inference", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._files.start()
        self._thread.start()

    def stop(self, timeout: float = 10.0) -> None:
        """Cancel everything and end the thread."""
        with self._changed:
            self._stopping = True
            for queue in self._queues.values():
                for task in queue:
                    task.cancelled = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def prepare(self) -> None:
        """Load what the first picture needs, as soon as there is nothing else to do: somebody has come, and will want it."""
        with self._changed:
            self._preparing = True
            self._changed.notify_all()

    def submit(self, task: Task) -> None:
        """Queue a task."""
        with self._changed:
            waiting = sum(client is not task.client for client in self._queues)
        # First this, then the work: the other way round it could be told after the end.
        task.tell(f"Waiting for {waiting} other{'s' * (waiting > 1)}" if waiting else "Starting")
        if isinstance(task.request.picture, FilePicture):
            self._files.fetch(task)
        with self._changed:
            self._queues.setdefault(task.client, deque()).append(task)
            self._changed.notify_all()

    def cancel(self, client: object, number: int | None = None) -> None:
        """Cancel a client's task, or all of them. One that has ended is nobody's business any more."""
        with self._changed:
            for task in self._queues.get(client, ()):
                if number in (None, task.request.number):
                    task.cancelled = True
            self._changed.notify_all()

    def count(self) -> int:
        """Return how many tasks there are."""
        with self._changed:
            return sum(map(len, self._queues.values()))

    def full(self, client: object) -> bool:
        """Whether a client has as many tasks as it may. Cancelled ones that wait for their turn to end count, but a quarter each.

        Who moves a slider cancels and asks anew, over and over, while one long step is made. Not counting them at all would let a client
        pile up pictures without end.
        """
        with self._changed:
            queue = self._queues.get(client, ())
            cancelled = sum(task.cancelled for task in queue)
            return len(queue) - cancelled + cancelled / 4 >= self._limits.jobs

    def wake(self) -> None:
        """Look again: an outbox has room."""
        with self._changed:
            self._changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._changed:
                task = self._next()
                while task is None and not self._preparing and not (self._stopping and not self._queues):
                    self._changed.wait(_LOOK if self._queues else None)
                    task = self._next()
                prepare, self._preparing = self._preparing and not self._stopping, False
            if task is None:
                if not prepare:
                    return
                self._workshop.prepare()
                continue
            self._step(task)
            with self._changed:
                # Only now: whoever came during the step, which may have been a row of tiles, is not behind its client.
                if task.client in self._queues:
                    self._queues.move_to_end(task.client)

    def _next(self) -> Task | None:
        """Choose the task to go on with."""
        started = [task for queue in self._queues.values() for task in queue if task.answer is not None]
        parked = [task for task in started if task.outbox.stalled > self._limits.parking_seconds]
        free = len(started) - len(parked) < self._limits.started
        room = free and len(started) < self._limits.started + self._limits.parked
        crowded = False
        for queue in self._queues.values():
            task = next((task for task in queue if task.cancelled), queue[0])
            if task.cancelled or (task.ready and (task.answer is not None or room) and task.outbox.room):
                return task
            crowded |= task.ready and task.answer is None and free and not room
        if crowded:
            _log.info("a client that reads nothing was dropped for others")
            max(parked, key=lambda task: task.outbox.stalled).outbox.close()
        return None

    def _step(self, task: Task) -> None:
        """Get one message out of a task."""
        try:
            if task.cancelled:
                raise CancelledError  # noqa: TRY301 - one way out
            if task.answer is None:
                _log.info("%s: %s begins", task.title, task.request.kind)
                task.answer = self._workshop.answer(task)
            parcel = next(task.answer)
        except StopIteration:
            self._end(task)
        except CancelledError:
            self._end(task, {"type": "cancelled"})
        except Exception as error:  # noqa: BLE001 - one defect does not end the service
            self._end(task, error_head(task.request.number, _told(task, error)))
        else:
            if parcel is not None:
                self._send(task, parcel)

    def _send(self, task: Task, parcel: Parcel) -> None:
        if task.cancelled:
            return
        try:
            task.outbox.put(parcel.head, parcel.body)
        except UnreadError:
            task.outbox.close()

    def _end(self, task: Task, head: dict[str, Any] | None = None) -> None:
        answer, task.answer = task.answer, None
        if isinstance(answer, Generator):
            answer.close()
        with self._changed:
            queue = self._queues[task.client]
            queue.remove(task)
            if not queue:
                del self._queues[task.client]
            self._changed.notify_all()
        _log.info("%s: %s", task.title, head["type"] if head else "done")
        if head is not None:
            try:
                task.outbox.put({**head, "id": task.request.number})
            except UnreadError:
                task.outbox.close()


def _told(task: Task, error: Exception) -> RefusedError:
    """Return what the client is told of an error, and log it."""
    if isinstance(error, PipEditorError):
        error = refusal(error)
    if isinstance(error, RefusedError):
        _log.info("%s: refused (%s)", task.title, error.code)
        _log.debug("%s: %s", task.title, error.message)
        return error
    if isinstance(error, MemoryError):
        _log.warning("%s: out of memory", task.title)
        return NO_MEMORY
    log_defect(task.title, error)
    return RefusedError(
        "internal",
        f"The restoration failed because of a defect ({type(error).__name__}).",
        "Try again; if it happens again, report it with what `pip-editor service log` shows.",
    )


def log_defect(where: str, error: BaseException) -> None:
    """Log where an unexpected error happened; what it says, which may hold a file's name, at the level debug."""
    import traceback  # noqa: PLC0415 - rarely needed

    places = "".join(traceback.format_tb(error.__traceback__))
    _log.error("%s: %s\n%s", where, type(error).__name__, places)
    _log.debug("%s: %s", where, error)
