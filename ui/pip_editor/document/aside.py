"""Masks that undo and redo may want back whole, so that nothing is packed or unpacked meanwhile.

Way of a mask: its region is removed, or all of it changed → it is kept as it is → an undo puts it back. When more than `LIMIT` bytes are
kept, the first go: what the history has packed is dropped, the mask of a removed region is packed by a thread. When undo or redo comes
near, the thread unpacks what they will want.

Threads: one, which reads masks that nobody writes to. `Aside._lock` guards what it puts in and takes out.
"""

from __future__ import annotations

import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

import numpy as np

from pip_editor.document.history import pack, pack_constant
from pip_editor.document.maskbuffer import MaskBuffer, Patch

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from pip_editor.document.history import BlobStore
    from pip_editor.document.maskbuffer import MaskState

LIMIT: Final = 512 << 20
"""Bytes that are kept whole: two soft masks of 100 megapixels, and what snapshots share of them."""


_Result = TypeVar("_Result")


class Kept(Protocol):
    """Something on the shelf."""

    @property
    def bytes(self) -> int:
        """Memory that it takes."""
        ...

    def let_go(self) -> None:
        """Take less memory, now or soon."""
        ...


class Shelf:
    """What is kept whole of a document, and the thread that packs."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._kept: list[weakref.ref[Kept]] = []
        self._pool: ThreadPoolExecutor | None = None
        self.closed = False
        """Whether nothing is wanted any more."""

    def keep(self, newest: Kept) -> None:
        """Take note of what is kept from now on; when it is too much, those go that were kept first, but never the newest."""
        there = [kept for kept in (known() for known in self._kept) if kept is not None and kept is not newest]
        there.append(newest)
        self._kept = [weakref.ref(kept) for kept in there]
        sizes = [kept.bytes for kept in there]
        too_much = sum(sizes) - self._limit
        for kept, size in zip(there[:-1], sizes[:-1], strict=True):
            if too_much <= 0:
                return
            too_much -= size
            kept.let_go()

    def submit(self, work: Callable[[], _Result]) -> Future[_Result]:
        """Do something in the thread."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(1, "history")
        return self._pool.submit(work)

    def close(self) -> None:
        """End the thread; what it packs is given up."""
        self.closed = True
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


class Swapped:
    """The other state of a mask that was changed as a whole: the one before, or, after an undo, the one after."""

    def __init__(self, shelf: Shelf, state: MaskState) -> None:
        self._shelf = shelf
        self._state: MaskState | None = state
        shelf.keep(self)

    @property
    def bytes(self) -> int:
        """See `Kept`."""
        return 0 if self._state is None else self._state.bytes

    def let_go(self) -> None:
        """See `Kept`: the history has the change packed as well."""
        self._state = None

    @property
    def whole(self) -> bool:
        """Whether the other state is kept."""
        return self._state is not None

    def swap(self, buffer: MaskBuffer) -> bool:
        """Put the other state in; returns False where it is not kept any more."""
        if self._state is None:
            return False
        self._state = buffer.swap(self._state)
        self._shelf.keep(self)
        return True


class Aside:
    """The mask of a region that a step of the history takes out of the document, or brings into it.

    `size` is the photo's width and height, px; `contents` fills an empty mask, where that is packed already.
    """

    def __init__(self, shelf: Shelf, store: BlobStore, size: tuple[int, int], contents: Patch | None = None) -> None:
        self._shelf, self._store, self._size = shelf, store, size
        self._contents = contents
        self._lock = threading.Lock()
        self._mask: MaskBuffer | None = None
        self._version = 0
        self._out = False
        """Whether the mask is not in the document."""
        self._under_way: Future[None] | None = None

    @property
    def bytes(self) -> int:
        """See `Kept`."""
        mask = self._mask
        return 0 if mask is None else mask.state.bytes

    @property
    def whole(self) -> bool:
        """Whether the mask lies here as it is."""
        return self._mask is not None

    def put(self, mask: MaskBuffer) -> None:
        """Keep a mask that is in the document no longer. What is in it must be the same each time."""
        mask.settle()
        with self._lock:
            self._mask, self._version, self._out = mask, mask.version, True
        self._shelf.keep(self)

    def take(self) -> MaskBuffer:
        """Return the mask, to be put into the document."""
        if self._mask is None and self._under_way is not None:
            self._under_way.result()
        with self._lock:
            mask, self._mask, self._out = self._mask, None, False
        return self._unpacked() if mask is None else mask

    def let_go(self) -> None:
        """See `Kept`."""
        with self._lock:
            if self._contents is not None:
                self._mask = None
                return
        if self._under_way is None or self._under_way.done():
            self._under_way = self._shelf.submit(self._pack)

    def fetch(self) -> None:
        """Have the thread unpack the mask, since it may be taken next."""
        gone = self._out and self._mask is None and self._contents is not None
        if gone and (self._under_way is None or self._under_way.done()):
            self._under_way = self._shelf.submit(self._unpack)

    def _pack(self) -> None:
        with self._lock:
            mask = self._mask
        if mask is None:
            return
        version, tiles = mask.version, []
        for row, column in np.argwhere(mask.used_tiles).tolist():
            if self._mask is not mask or self._shelf.closed:
                return
            place = mask.tile(row, column)
            pixels = mask.pixels[place.top : place.bottom, place.left : place.right]
            empty = self._store.keep(pack_constant(0, pixels.size))
            tiles.append((row, column, empty, self._store.keep(pack(pixels.tobytes()))))
        with self._lock:
            if self._mask is mask and mask.version == version:
                self._contents, self._mask = Patch(tuple(tiles)), None

    def _unpack(self) -> None:
        mask = self._unpacked()
        with self._lock:
            if self._out and self._mask is None:
                self._mask = mask

    def _unpacked(self) -> MaskBuffer:
        mask = MaskBuffer(*self._size)
        if self._contents is not None:
            self._contents.apply(mask, forward=True)
        mask.version = max(self._version, mask.version)
        return mask
