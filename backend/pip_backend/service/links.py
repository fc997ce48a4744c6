"""Layers of hosts that are open in the editor: the host waits, and the service carries pixels there and back.

Why the service, and not the plug-in: a host in a sandbox shares no files with the editor and may not start programs. Each link has a
thread of its own, which writes the folder (`pip_backend.link`), starts the editor, and looks until it answers or ends. A host
that gives up does not take the editor away from somebody who may have painted in it for an hour: it is told, and goes on.
"""

from __future__ import annotations

import logging
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from pip_backend.errors import PipEditorError
from pip_backend.link import RESULT, RESULT_MASK, LinkedRegion, LinkFolder, mask_name

from .outbox import UnreadError
from .scheduler import log_defect
from .values import RefusedError, error_head, refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pip_backend.link import Answer
    from pip_backend.pictures.raw import RawPicture

    from .outbox import Outbox
    from .work import Task

MOST: Final = 8
"""Editors that are open for hosts at a time."""

EDITOR: Final = (sys.executable, "-m", "pip_backend")
"""What opens a link, whose file's name follows."""

# What a `RefusedError` says. Not the error itself, which would keep what it was raised in, pixels too.
CRASHED: Final = "editor", "pip-editor ended unexpectedly.", "Start it from a terminal to see why: pip-editor photo.jpg"
NO_SPACE: Final = (
    "disk", "The layer could not be handed to the editor.", "Free some space in the temporary folder, and try again."
)  # fmt: skip
NO_EDITOR: Final = "editor", "pip-editor cannot be started.", "If it was moved, run `pip-editor install-plugin all`."

_ROWS = 512
_TICK = 0.1
_TELL = 1.0
_SAID = "editor.txt"
_log = logging.getLogger(__name__)


class _GivenUpError(Exception):
    """The host waits no more."""


class Links:
    """All links. Any thread may call."""

    def __init__(self, editor: Sequence[str] = EDITOR) -> None:
        self._editor = tuple(editor)
        self._open: dict[threading.Thread, Task] = {}
        self._guard = threading.Lock()

    def begin(self, task: Task) -> None:
        """Open a layer in the editor; answers go into the task's outbox.

        Raises
        ------
        RefusedError
            Too many are open.

        """
        with self._guard:
            if len(self._open) >= MOST:
                raise RefusedError("busy", f"{MOST} layers are open in pip-editor already.", "Return some of them.")
            thread = threading.Thread(target=self._run, args=(task,), name="pip-link", daemon=True)
            self._open[thread] = task
        thread.start()

    def cancel(self, client: object, number: int | None = None) -> None:
        """Wait no more for a client's link, or for all of them."""
        for task in self._tasks():
            if task.client is client and number in (None, task.request.number):
                task.cancelled = True

    def count(self) -> int:
        """Return how many hosts wait."""
        return sum(not task.cancelled for task in self._tasks())

    def stop(self) -> None:
        """Tell every editor that nobody waits any more."""
        for task in self._tasks():
            task.cancelled = True
        with self._guard:
            threads = list(self._open)
        for thread in threads:
            thread.join(2 * _TICK)

    def _tasks(self) -> list[Task]:
        with self._guard:
            return list(self._open.values())

    def _run(self, task: Task) -> None:
        head: dict[str, Any]
        folder = editor = None
        _log.info("%s: opened in the editor", task.title)
        try:
            folder = LinkFolder(Path(tempfile.mkdtemp(prefix="pip-editor-link-")))
            _offer(folder, task)
            editor = self._start(folder)
            answer = _wait(folder, editor, task)
            head = {"type": "cancelled"} if answer is None else _deliver(folder, answer, task)
        except _GivenUpError:
            head = {"type": "cancelled"}
        except (PipEditorError, RefusedError) as error:
            told = refusal(error) if isinstance(error, PipEditorError) else error
            head = error_head(task.request.number, told)
        except OSError as error:
            log_defect(task.title, error)
            head = error_head(task.request.number, RefusedError(*NO_SPACE))
        except Exception as error:  # noqa: BLE001 - one defect does not end the service
            log_defect(task.title, error)
            head = error_head(task.request.number, RefusedError("internal", "The editor could not be opened.", ""))
        _log.info("%s: %s", task.title, head["type"])
        _say(task.outbox, {**head, "id": task.request.number})
        try:
            if folder is not None:
                folder.give_up()
                if editor is not None:
                    editor.wait()  # who was given up may still be at work, and has the folder
                shutil.rmtree(folder.path, ignore_errors=True)
        finally:
            with self._guard:
                del self._open[threading.current_thread()]

    def _start(self, folder: LinkFolder) -> subprocess.Popen[bytes]:
        with (folder.path / _SAID).open("wb") as said:
            try:
                return subprocess.Popen(  # noqa: S603 - a program of ours, and a name that we made
                    [*self._editor, str(folder.link)],
                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said, start_new_session=True,
                )  # fmt: skip
            except OSError as error:  # its Python has gone: an environment that was moved, or made anew
                log_defect("an editor", error)
                raise RefusedError(*NO_EDITOR) from error


def _offer(folder: LinkFolder, task: Task) -> None:
    """Write what the editor is to open."""
    picture, request = _sent(task), task.request
    task.tell("Opening pip-editor")
    regions = []
    for index, region in enumerate(request.regions):
        name = None
        if index in task.masks:
            name = mask_name(index)
            with (folder.path / name).open("xb") as file:
                for top in range(0, picture.height, _ROWS):
                    file.write(task.masks[index].samples(top, min(top + _ROWS, picture.height)).data)
        regions.append(LinkedRegion(region.name, region.mix or {}, region.strength, region.feather, name))
    folder.offer(picture, regions, request.host, request.title)


def _wait(folder: LinkFolder, editor: subprocess.Popen[bytes], task: Task) -> Answer | None:
    """Wait for the editor's answer; None when it was closed without one.

    Raises
    ------
    RefusedError
        It ended with an error.

    """
    told = 0.0
    while True:
        if task.cancelled:
            raise _GivenUpError
        ended = editor.poll()  # first: an answer that comes between the two is not missed
        answer = folder.answered()
        if answer is not None:
            return answer
        if ended == 0:
            return None
        if ended is not None:
            raise _complaint(folder)
        if time.monotonic() - told > _TELL:
            told = time.monotonic()
            task.tell("Waiting for pip-editor")
        time.sleep(_TICK)


def _complaint(folder: LinkFolder) -> RefusedError:
    """Return what the editor said before it ended."""
    try:
        lines = (folder.path / _SAID).read_text("utf-8", errors="replace").strip().splitlines()
    except OSError:  # the editor has tidied up before it failed
        lines = []
    if lines and lines[-1].startswith("pip-editor: "):
        return RefusedError("editor", lines[-1].removeprefix("pip-editor: "), "")
    return RefusedError(*CRASHED)


def _deliver(folder: LinkFolder, answer: Answer, task: Task) -> dict[str, Any]:
    """Send the result; returns the last message."""
    picture, number = _sent(task), task.request.number
    layout = picture.layout
    top, left, bottom, right = answer.rectangle
    if not (0 <= top < bottom <= picture.height and 0 <= left < right <= picture.width):
        raise RefusedError("editor", "The editor's result does not fit the layer.", "Try again.")
    width = right - left
    pixel = layout.row_bytes // layout.width
    task.outbox.put({"type": "returned", "id": number, "rectangle": list(answer.rectangle)})
    for first, rows, data in folder.rows(RESULT, top, bottom, width * pixel):
        head = {"type": "strip", "id": number, "top": first, "left": left, "height": rows, "width": width}
        _put(task, {**head, "channels": layout.channels, "depth": layout.depth}, data)
    if answer.masked:
        for first, rows, data in folder.rows(RESULT_MASK, top, bottom, width):
            _put(task, {"type": "mask", "id": number, "top": first, "left": left, "height": rows, "width": width}, data)
    report = {"mix": answer.mix, "rectangle": list(answer.rectangle), "masked": answer.masked}
    return {"type": "done", "report": {**report, "warnings": list(answer.warnings)}}


def _sent(task: Task) -> RawPicture:
    """Return the picture, which has come by rows."""
    return cast("RawPicture", task.picture)


def _put(task: Task, head: dict[str, Any], data: bytes) -> None:
    """Send rows as fast as the client takes them."""
    while not task.outbox.room:
        if task.cancelled or task.outbox.over:
            raise _GivenUpError
        time.sleep(0.005)
    task.outbox.put(head, data)


def _say(outbox: Outbox, head: dict[str, Any]) -> None:
    try:
        outbox.put(head)
    except UnreadError:
        outbox.close()
