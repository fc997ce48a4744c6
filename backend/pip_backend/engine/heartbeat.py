"""Reports of progress while the loop is in a long tile."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

HEARTBEAT: Final = 0.2
"""Seconds between two reports."""


class Heartbeat:
    """Calls `report` from a thread of its own for as long as its context lasts, and `failed` with what that raises, after which it is silent. None reports nothing."""

    def __init__(self, report: Callable[[], None] | None, failed: Callable[[BaseException], None]) -> None:
        self._report, self._failed = report, failed
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> None:
        if self._report is not None:
            self._thread = threading.Thread(target=self._beat, args=(self._report,), name="pip-progress", daemon=True)
            self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _beat(self, report: Callable[[], None]) -> None:
        while not self._stop.wait(HEARTBEAT):
            try:
                report()
            except BaseException as error:  # noqa: BLE001 - raised again where the job runs
                self._failed(error)
                return
