"""Reads the files that requests name, in a thread of its own: decoding a photo takes a second, a large one many, and nobody else shall wait for it.

The last files are kept, so that the second request for one is answered at once.
"""

from __future__ import annotations

import os
import queue
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from .requests import FilePicture

if TYPE_CHECKING:
    from collections.abc import Callable

    from pip_backend.pictures import Picture

    from .work import Task

KEPT: Final = 2


class Files:
    """The thread, and what it has read.

    Parameters
    ----------
    on_read
        Called in that thread when a task has its picture, or the reason why not.

    """

    def __init__(self, on_read: Callable[[], None]) -> None:
        self._on_read = on_read
        self._wanted: queue.SimpleQueue[Task] = queue.SimpleQueue()
        self._kept: OrderedDict[tuple[object, ...], Picture] = OrderedDict()
        self._thread = threading.Thread(target=self._run, name="pip-files", daemon=True)

    def start(self) -> None:
        """Begin to wait for tasks."""
        self._thread.start()

    def fetch(self, task: Task) -> None:
        """Begin to read a task's file; the task is not `ready` until that is done."""
        task.ready = False
        self._wanted.put(task)

    def _run(self) -> None:
        while True:
            task = self._wanted.get()
            try:
                if not task.cancelled:
                    task.tell("Reading the picture")
                    task.picture = self._read(task)
            except Exception as error:  # noqa: BLE001 - raised again where the task is worked on
                task.failure = error
            task.ready = True
            self._on_read()

    def _read(self, task: Task) -> Picture:
        from pip_backend.pictures import open_picture  # noqa: PLC0415 - the service starts without it

        source = task.request.picture
        assert isinstance(source, FilePicture)
        try:
            status = os.stat(source.path)  # noqa: PTH116 - the path of a file that may not be there
            key: tuple[object, ...] = (source.path, status.st_mtime_ns, status.st_size, status.st_ino)
        except (OSError, ValueError):
            return open_picture(source.path)
        if key not in self._kept:
            self._kept[key] = open_picture(source.path)
        self._kept.move_to_end(key)
        while len(self._kept) > KEPT:
            # Not closed: a job may be reading it still. Its file goes with the last reference.
            self._kept.popitem(last=False)
        return self._kept[key]
