"""Giving a host's layer back: the result, and a mask that says where it differs, in the folder that the service looks into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pip_backend.degradations import DEGRADATIONS
from pip_backend.errors import PictureError
from pip_backend.link import RESULT, RESULT_MASK, Answer
from pip_backend.regions import WholePicture, compile_regions
from pip_editor.document.masksnapshot import SnapshotMask
from pip_editor.words import tr
from pip_editor.work.client import Operation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from pip_backend.link import Rectangle
    from pip_backend.regions import CompiledRegions, RowSource
    from pip_client import Client
    from pip_editor.picture.linked import LinkedPhoto
    from pip_editor.work.requests import Exchange, Snapshot

_STRIP = 1 << 20


def give_back(photo: LinkedPhoto, exchange: Exchange, snapshot: Snapshot) -> Operation:
    """Return the operation that restores a layer and answers its host."""
    folder, picture = photo.folder, photo.picture

    def run(client: Client, operation: Operation) -> None:
        marks = Marks.of(snapshot, picture.width, picture.height, picture)
        rectangle = marks.rectangle
        with (folder.path / RESULT).open("wb") as file:
            rows = rectangle[0]

            def take(top: int, left: int, height: int, width: int, data: bytes) -> None:
                nonlocal rows
                if top != rows or left != rectangle[1]:
                    raise PictureError("The service sent rows out of turn.", hint="Try again.")
                file.write(picture.raw(exchange.native(top, left, height, width, data)).data)
                rows += height

            report = client.restore(
                exchange.sent,
                regions=snapshot.as_client(),
                rectangle=rectangle,
                on_strip=take,
                on_progress=operation.report,
                cancelled=operation.cancelled,
            )
        if marks.partial:
            with (folder.path / RESULT_MASK).open("wb") as file:
                for strip in marks.strips(rectangle):
                    file.write(strip.data)
        folder.answer(Answer(rectangle, marks.partial, most(snapshot), tuple(report.get("warnings", ()))))

    return Operation(run, tr("Return to {host}", host=photo.host))


@dataclass(frozen=True)
class Marks:
    """Where regions may change a pixel."""

    compiled: CompiledRegions
    rectangle: Rectangle
    """Around all of it; the whole picture where it is nowhere."""
    partial: bool
    """Whether something within the rectangle stays as it is."""

    @classmethod
    def of(cls, snapshot: Snapshot, width: int, height: int, pixels: RowSource | None = None) -> Marks:
        """Look where the strength of some region is more than 0."""
        # A region that removes nothing changes nothing; one of strength 0 protects what lies below it.
        layers = [(region, mask) for region, mask in snapshot.layers if not region.mix.is_zero or not region.strength]
        regions = [region.as_region(WholePicture() if mask is None else SnapshotMask(mask)) for region, mask in layers]
        marks = cls(compile_regions(regions, width, height, 1, pixels), (0, 0, height, width), partial=True)
        rows, columns, count = np.zeros(height, np.bool_), np.zeros(width, np.bool_), 0
        top = 0
        for strip in marks.strips(marks.rectangle):
            rows[top : top + len(strip)] = strip.any(axis=1)
            columns |= strip.any(axis=0)
            count += int(np.count_nonzero(strip))
            top += len(strip)
        if not count:
            return marks
        across, down = np.flatnonzero(columns), np.flatnonzero(rows)
        rectangle = int(down[0]), int(across[0]), int(down[-1]) + 1, int(across[-1]) + 1
        area = (rectangle[2] - rectangle[0]) * (rectangle[3] - rectangle[1])
        return cls(marks.compiled, rectangle, partial=count < area)

    def strips(self, rectangle: Rectangle) -> Iterator[NDArray[np.uint8]]:
        """Yield rows of a rectangle, 0 or 255 a pixel."""
        top, left, bottom, right = rectangle
        step = max(1, _STRIP // self.compiled.width)
        for first in range(top, bottom, step):
            strength = self.compiled.strength(first, min(first + step, bottom))[:, left:right]
            yield np.where(strength > 0, np.uint8(255), np.uint8(0))


def most(snapshot: Snapshot) -> dict[str, float]:
    """Return the most that is removed of each degradation in any region."""
    mixes = [region.mix.named() for region, _ in snapshot.layers if region.strength]
    found = {name: max((mix.get(name, 0.0) for mix in mixes), default=0.0) for name in DEGRADATIONS}
    return {name: round(weight, 6) for name, weight in found.items() if weight}
