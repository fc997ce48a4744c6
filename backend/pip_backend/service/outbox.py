"""What waits for one client to read it: bounded, so that whoever does not read costs others nothing.

    inference thread ──strips──▶┐
    reader thread ────answers──▶│ outbox │──writer thread──▶ socket
    heartbeat ────────progress─▶┘

Strips are counted: while `room` says no, the client's jobs rest. Of progress only the latest of a job is kept. Of other
messages, more than a client can have asked for without reading any end the connection.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from pip_client.wire import Bytes, Head

    from .limits import Limits


@dataclass(eq=False)
class Parcel:
    """A message that waits."""

    head: Head
    body: Bytes = b""
    progress: bool = False


class UnreadError(Exception):
    """A client has not read what it asked for."""


class Outbox:
    """Bounded queue of one client. Any thread may put; one takes."""

    def __init__(self, limits: Limits, on_room: Callable[[], None]) -> None:
        self._limits, self._on_room = limits, on_room
        self._parcels: deque[Parcel] = deque()
        self._changed = threading.Condition()
        self._strips = self._bytes = 0
        self._taken: Parcel | None = None
        self._closed = self._finished = False
        self._moved = time.monotonic()
        """When the writer last asked for a message, or found none."""

    @property
    def stalled(self) -> float:
        """Seconds in which a full box has not moved; 0 while there is room, infinite after the end."""
        with self._changed:
            if self._closed:
                return math.inf
            full = self._strips >= self._limits.queued_strips or self._bytes >= self._limits.queued_bytes
            return time.monotonic() - self._moved if full else 0.0

    @property
    def room(self) -> bool:
        """Whether another strip may come."""
        with self._changed:
            return self._strips < self._limits.queued_strips and self._bytes < self._limits.queued_bytes

    def put(self, head: Head, body: Bytes = b"") -> None:
        """Add a message; raises `UnreadError` when too many wait. After the end nothing is added."""
        with self._changed:
            if self._closed or self._finished:
                return
            if not len(body) and len(self._parcels) - self._strips >= self._limits.queued_notes:
                raise UnreadError
            if len(body):
                self._strips += 1
                self._bytes += len(body)
            self._parcels.append(Parcel(head, body))
            self._changed.notify()

    def put_progress(self, head: Head) -> None:
        """Add a message about a job's progress, in place of one that waits."""
        with self._changed:
            if self._closed or self._finished:
                return
            for parcel in self._parcels:
                if parcel.progress and parcel.head["id"] == head["id"]:
                    parcel.head = head
                    return
            self._parcels.append(Parcel(head, progress=True))
            self._changed.notify()

    def take(self, timeout: float) -> Parcel | None:
        """Return the next message; None when none came in time, or none will come (`over`)."""
        with self._changed:
            self._moved = time.monotonic()
            freed = self._settle()
        if freed:
            self._on_room()  # without the lock: whoever is told asks for `room`
        with self._changed:
            if not self._parcels and not self._closed and not self._finished:
                self._changed.wait(timeout)
            if self._closed or not self._parcels:
                return None
            self._taken = self._parcels.popleft()
            return self._taken

    @property
    def over(self) -> bool:
        """Whether nothing is to be taken any more."""
        with self._changed:
            return self._closed or (self._finished and not self._parcels)

    def forget(self, number: int) -> None:
        """Drop the strips that wait of a job that is cancelled; not the message that it has ended, if that waits already."""
        with self._changed:
            kept: deque[Parcel] = deque()
            for parcel in self._parcels:
                if parcel.head.get("id") != number or not (parcel.progress or len(parcel.body)):
                    kept.append(parcel)
                elif len(parcel.body):
                    self._strips -= 1
                    self._bytes -= len(parcel.body)
            self._parcels = kept

    def finish(self) -> None:
        """Add nothing more; what waits is still to be taken."""
        with self._changed:
            self._finished = True
            self._changed.notify_all()

    def close(self) -> None:
        """Drop everything."""
        with self._changed:
            self._closed = True
            self._parcels.clear()
            self._changed.notify_all()

    def _settle(self) -> bool:
        """Count the last taken strip as gone, since it has been sent when the next is asked for; tell whether there was one."""
        taken, self._taken = self._taken, None
        if taken is None or not len(taken.body):
            return False
        self._strips -= 1
        self._bytes -= len(taken.body)
        return True
