"""What ends a job before its end."""

from __future__ import annotations

from concurrent.futures import CancelledError


class Ending:
    """Of one job, which it does not know: what knows it, as what is raised does, would be held by it until a garbage collection."""

    def __init__(self) -> None:
        self.why: BaseException | None = None
        """What `on_progress` raised in the heartbeat's thread."""
        self.left = False
        """Whether nobody takes strips any more."""

    def end(self, why: BaseException) -> None:
        """Have `check` raise this from now on."""
        self.why = why

    def check(self) -> None:
        """Raise what ends the job, if something does."""
        if self.why is not None:
            raise self.why
        if self.left:
            raise CancelledError
