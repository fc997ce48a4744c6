"""What a batch has done, in a hidden file in the folder of the results; by it a batch that was stopped, or killed, goes on.

    {"format": "pip-editor batch", "version": 1}
    {"begun": "/scans/a.tif", "target": "a.tif", "key": "…", "source": {"size", "time", "hash"}, "replaces": null, "try": 1}
    {"placing": "/scans/a.tif", "result": {"size", "time"}}
    {"done": "/scans/a.tif", "target": "a.tif", "key": "…", "source": {…}, "result": {"size", "time"}}
    {"dropped": "/scans/b.tif"}
    {"left": "/scans/c.tif"}

Lines are only ever added, each is on the disk before the work goes on, and a line that was cut short by a crash is passed
over. The last word on a photo and its result counts, so that results of several names or formats are known side by side; a result is of the
photo that it was made of last. `key` stands for all that a result depends on besides the photo: recipe, model, how
it is written. The photo itself is known by size and time of change, or by its bytes where those differ (an archive that was copied back).

**A crash between a result's appearing and its line**: files appear whole or not at all, and `placing` says just before what the
result will be, so only that is taken for it. What a killed program has left beside it goes.

**A photo that ends the program** (a codec that crashes, the system that wants its memory back) is one that was `begun`, of which nothing follows.
`try` counts how often that was so in a row, of the same photo under the same key; whatever else becomes of it (`done`; `dropped`: it
failed, or somebody stopped the program; `left`: the same, when its result was there already) begins anew.

While a batch runs, its journal is locked: no second one writes into the same folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from pip_backend.errors import PictureError, UsageError
from pip_backend.locking import take_lock
from pip_backend.pictures import remove_spares

if TYPE_CHECKING:
    from collections.abc import Callable
    from io import FileIO
    from pathlib import Path
    from types import TracebackType

JOURNAL: Final = ".pip-editor-batch.jsonl"
"""Name of the file, in the folder of the results."""

_FORMAT: Final = "pip-editor batch"
_VERSION: Final = 1


@dataclass(frozen=True)
class Known:
    """What a journal knows of a photo."""

    target: Path
    """Where its result is, or was to be."""
    done: bool
    """The result is there, and still what would be made of it."""
    ours: bool
    """What stands there was made by this batch, and nobody has changed it: it may be replaced."""


class Journal:
    """The journal of a folder of results; a context manager that gives its lock back.

    Parameters
    ----------
    folder
        Of the results; it is there.

    Raises
    ------
    UsageError
        Another batch writes into the folder, or the journal is of a newer program.
    PictureError
        The folder may not be written to.

    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / JOURNAL
        try:
            self._file: FileIO = self.path.open("a+b", buffering=0)
        except OSError as error:
            raise PictureError(f"The folder {folder} may not be written to.", hint="Choose another.") from error
        if take_lock(self._file) is False:
            self._file.close()
            raise UsageError(f"Another batch is writing into {folder}.", hint="Wait for it, or choose another folder.")
        self._begun: dict[str, dict[str, Any]] = {}
        self._done: dict[str, dict[str, dict[str, Any]]] = {}
        """By photo, then by result, the last one last."""
        self._owners: dict[str, str] = {}
        """The photo that a result is of."""
        try:
            self._read()
        except UsageError:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the lock back."""
        self._file.close()

    def known(self, source: Path, key: str, fits: Callable[[Path], bool] = lambda _: True) -> Known | None:
        """Return what is known of a photo; None when nothing is. Of several results it is one that is done, or else the last.

        Parameters
        ----------
        source
            The photo.
        key
            Stands for recipe, model and how it is written.
        fits
            Whether a result is called as it is to be now; others are passed over.

        """
        begun = self._begun.get(str(source))
        if begun is not None:
            target = self.folder / str(begun["target"])
            remove_spares(target)
            if self._is_placed(begun) and fits(target):
                return Known(target, done=_fits(begun, source, key), ours=True)
        last = None
        for done in reversed(self._done.get(str(source), {}).values()):
            target = self.folder / str(done["target"])
            if fits(target):
                now = _state(target)
                found = Known(target, done=now is not None and _fits(done, source, key), ours=now == done["result"])
                if found.done:
                    return found
                last = last or found
        return last

    def crashes(self, source: Path, key: str) -> int:
        """Return how often the program has ended in the middle of a photo, the last times that it was begun; the parameters are those of `known`."""
        begun = self._begun.get(str(source))
        return _tries(begun) if begun is not None and _fits(begun, source, key) else 0

    def begin(self, source: Path, target: Path, key: str) -> None:
        """Note that a photo is being restored; what a killed program has left beside its result goes."""
        remove_spares(target)
        told = {
            "target": self._below(target),
            "key": key,
            "source": _told(source),
            "replaces": _state(target),
            "try": self.crashes(source, key) + 1,
        }
        self._add({"begun": str(source), **told})

    def place(self, source: Path, finished: Path) -> None:
        """Note what the result of the photo that was begun is, just before it gets its name."""
        self._add({"placing": str(source), "result": _state(finished)})

    def placed(self, source: Path, target: Path) -> bool:
        """Whether the result of the photo that was begun has its name."""
        result = self._begun.get(str(source), {}).get("result")  # {}: it was stopped before it was begun
        return result is not None and _state(target) == result

    def finish(self, source: Path, target: Path) -> None:
        """Note that the result of the photo that was begun is there."""
        begun = self._begun[str(source)]
        told = {name: begun[name] for name in ("target", "key", "source")}
        self._add({"done": str(source), **told, "result": _state(target)})

    def drop(self, source: Path) -> None:
        """Note that nothing came of the photo that was begun: it failed, or was stopped."""
        self._add({"dropped": str(source)})

    def leave(self, source: Path) -> None:
        """Note that the photo that was begun failed, or was stopped, when its result was there; what belongs beside it may lack."""
        self._add({"left": str(source)})

    def _is_placed(self, begun: dict[str, Any]) -> bool:
        """Whether the result that a line and what followed it tell of has its name."""
        result = begun.get("result")
        return result is not None and _state(self.folder / str(begun["target"])) == result

    def _below(self, target: Path) -> str:
        """Return a target as it is written down: below the folder, which may be moved, if it lies there."""
        with contextlib.suppress(ValueError):
            return target.absolute().relative_to(self.folder.absolute()).as_posix()
        return str(target.absolute())

    def _read(self) -> None:
        """Learn the last word on each photo."""
        self._file.seek(0)
        data = self._file.read()
        for number, line in enumerate(data.split(b"\n")):
            try:
                told = json.loads(line)
            except (ValueError, RecursionError):
                continue  # cut short, or the end, or nobody's
            if not isinstance(told, dict):
                continue
            if number == 0 and told.get("format") == _FORMAT and told.get("version") != _VERSION:
                raise UsageError(
                    f"{self.path} is of another pip-editor.",
                    hint="Choose another folder for the results, or delete it.",
                )
            self._learn(told)
        if not data:
            self._add({"format": _FORMAT, "version": _VERSION})
        elif not data.endswith(b"\n"):
            self._write(b"\n")

    def _learn(self, told: dict[str, Any]) -> None:
        """Take a line's word."""
        if isinstance(told.get("dropped"), str):
            self._begun.pop(told["dropped"], None)
            return
        if isinstance(told.get("left"), str) and told["left"] in self._begun:
            self._begun[told["left"]] = {**self._begun[told["left"]], "try": 0}
            return
        if isinstance(told.get("placing"), str) and told["placing"] in self._begun:
            self._begun[told["placing"]] = {**self._begun[told["placing"]], "result": told.get("result")}
            return
        if not all(isinstance(told.get(name), str) for name in ("target", "key")) or "source" not in told:
            return
        if isinstance(told.get("begun"), str) and "replaces" in told:
            before = self._begun.get(told["begun"])
            if before is not None and before["target"] != told["target"] and self._is_placed(before):
                self._book(told["begun"], before)
            self._begun[told["begun"]] = told
        elif isinstance(told.get("done"), str) and "result" in told:
            self._begun.pop(told["done"], None)
            self._book(told["done"], told)

    def _book(self, source: str, told: dict[str, Any]) -> None:
        """Take a result for a photo's, and for nobody else's."""
        target = told["target"]
        self._done.get(self._owners.get(target, source), {}).pop(target, None)
        self._owners[target] = source
        self._done.setdefault(source, {})[target] = told

    def _add(self, told: dict[str, Any]) -> None:
        """Add a line."""
        self._learn(told)
        self._write(json.dumps(told).encode() + b"\n")

    def _write(self, line: bytes) -> None:
        with contextlib.suppress(OSError):  # a full disk is found out by the result, which matters more
            self._file.write(line)
            os.fsync(self._file.fileno())


def _tries(begun: dict[str, Any]) -> int:
    """Return how often a photo was begun in a row without an end; journals of before do not count."""
    tries = begun.get("try", 1)
    return tries if isinstance(tries, int) else 1


def _told(source: Path) -> dict[str, Any] | None:
    """Return by what a photo is known again."""
    state = _state(source)
    return None if state is None else {**state, "hash": _hash(source)}


def _fits(told: dict[str, Any], source: Path, key: str) -> bool:
    """Whether a line was about the photo as it is now, and about this key. Its bytes are read when its time differs."""
    was, state = told["source"], _state(source)
    if told["key"] != key or state is None or not isinstance(was, dict) or was.get("size") != state["size"]:
        return False
    return was.get("time") == state["time"] or was.get("hash") == _hash(source) != ""


def _hash(path: Path) -> str:
    try:
        if not path.is_file():  # a named pipe would be waited for
            return ""
        with path.open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
    except OSError:
        return ""


def _state(path: Path) -> dict[str, int] | None:
    """Return size and time of change of a file; None where there is none."""
    try:
        status = path.stat()
    except (OSError, ValueError):  # the latter for a name that none can have, in a journal that somebody wrote
        return None
    return {"size": status.st_size, "time": status.st_mtime_ns}
