"""How views and tools change a document: one method a wish, each a command or none when nothing would change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from pip_backend.regions import Bounds, Inverted, Mask, WholePicture
from pip_backend.regions.masks import Combined
from pip_editor.document import commands
from pip_editor.document.maskbuffer import TILE, MaskEdit, PixelMask
from pip_editor.document.region import EditRegion

if TYPE_CHECKING:
    from pip_backend.regions import Mix
    from pip_editor.document.document import Document
    from pip_editor.document.maskbuffer import MaskBuffer

Operation = Literal["add", "subtract", "intersect"]

COLOURS = 7
"""Colours of overlays that painted regions take turns with; 0 is the whole photo's."""


class Editing:
    """Changes a document, through its history."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def add_region(self, name: str | None = None) -> int:
        """Add an empty region on top and make it the active one; returns its number."""
        document = self.document
        names = {region.name for region in document.regions}
        number = next(n for n in range(1, len(names) + 2) if f"Region {n}" not in names)
        colours = [region.colour for region in document.regions]
        colour = min(range(1, COLOURS + 1), key=colours.count)
        region = EditRegion(document.new_uid(), name or f"Region {number}", colour)
        document.undo_stack.push(commands.AddRegion(document, len(document.regions), region))
        return region.uid

    def remove_region(self, uid: int) -> None:
        """Remove a painted region; the whole photo stays."""
        if not self.document.region(uid).whole:
            self.document.undo_stack.push(commands.RemoveRegion(self.document, uid))

    def duplicate_region(self, uid: int) -> None:
        """Add a region with the same mask and settings over a painted one."""
        document, region = self.document, self.document.region(uid)
        if region.whole:
            return
        document.undo_stack.beginMacro(f"Duplicate {region.name}")
        copy = self.add_region(f"{region.name} copy")
        changed = replace(region, uid=copy, name=f"{region.name} copy", colour=document.region(copy).colour)
        document.undo_stack.push(commands.ChangeRegion(document, changed, "copy"))
        self._write(copy, PixelMask(document.mask(uid).pixels), document.mask(uid).box, "Copy the mask")
        document.undo_stack.endMacro()

    def move_region(self, uid: int, index: int) -> None:
        """Put a painted region in another place; the whole photo stays at the bottom."""
        document = self.document
        index = max(1, min(index, len(document.regions) - 1))
        if not document.region(uid).whole and index != document.index(uid):
            document.undo_stack.push(commands.MoveRegion(document, uid, index))

    def rename(self, uid: int, name: str) -> None:
        """Give a region another name; an empty one is none."""
        if name.strip():
            self._change(replace(self.document.region(uid), name=name.strip()), "name")

    def set_visible(self, uid: int, visible: bool) -> None:  # noqa: FBT001 - a check box's state
        """Let a region take part, or not."""
        self._change(replace(self.document.region(uid), visible=visible), "visibility")

    def set_mix(self, uid: int, mix: Mix, field: str = "mix") -> None:
        """Say what to remove in a region; `field` names the slider."""
        self._change(replace(self.document.region(uid), mix=mix), field)

    def set_strength(self, uid: int, strength: float) -> None:
        """Say how much of the change to keep."""
        self._change(replace(self.document.region(uid), strength=strength), "strength")

    def set_feather(self, uid: int, feather: float) -> None:
        """Say how soft the edges are, px."""
        self._change(replace(self.document.region(uid), feather=feather), "feather")

    def combine(self, mask: Mask, operation: Operation, text: str) -> None:
        """Add a shape to the active region's mask, subtract it, or keep only what lies in both.

        On the whole photo, which has no mask, a new region begins.
        """
        document = self.document
        uid = self.painted_region() if operation == "add" else self._active_painted()
        if uid is None:
            return
        buffer = document.mask(uid)
        bounds = buffer.used if operation == "intersect" else mask.bounds(document.width, document.height)
        self._write(uid, Combined(operation, PixelMask(buffer.pixels), mask), bounds, text)

    def invert(self) -> None:
        """Select what the active region leaves out."""
        uid = self._active_painted()
        if uid is not None:
            self._write(uid, Inverted(PixelMask(self.document.mask(uid).pixels)), self._all, "Invert")

    def clear(self) -> None:
        """Empty the active region's mask."""
        uid = self._active_painted()
        if uid is not None:
            self._write(uid, Inverted(WholePicture()), self.document.mask(uid).used, "Clear")

    def painted_region(self) -> int:
        """Return the active region, or a new one when that is the whole photo."""
        return self._active_painted() or self.add_region()

    def push_painted(self, uid: int, edit: MaskEdit, text: str) -> None:
        """Keep what a tool has painted as one step."""
        patch = edit.finish(self.document.store)
        if patch.tiles:
            self.document.undo_stack.push(commands.PaintMask(self.document, uid, patch, text))

    @property
    def _all(self) -> Bounds:
        return Bounds(0, 0, self.document.height, self.document.width)

    def _active_painted(self) -> int | None:
        active = self.document.active
        return None if active is None or active.whole else active.uid

    def _change(self, region: EditRegion, field: str) -> None:
        if region != self.document.region(region.uid):
            self.document.undo_stack.push(commands.ChangeRegion(self.document, region, field))

    def _write(self, uid: int, mask: Mask, bounds: Bounds, text: str) -> None:
        """Write a mask into a region's buffer, within `bounds`."""
        buffer = self.document.mask(uid)
        edit = MaskEdit(buffer)
        edit.touch(bounds)
        _fill(buffer, mask, bounds)
        self.push_painted(uid, edit, text)
        self.document.touched(uid, bounds)


def _fill(buffer: MaskBuffer, mask: Mask, bounds: Bounds) -> None:
    """Write the coverage of a mask, a band of tiles at a time; a mask may read the rows that it is written to."""
    for top in range(bounds.top, bounds.bottom, TILE):
        bottom = min(top + TILE, bounds.bottom)
        coverage = mask.coverage(top, bottom, buffer.width, buffer.height)[:, bounds.left : bounds.right]
        buffer.pixels[top:bottom, bounds.left : bounds.right] = np.rint(coverage * np.float32(255)).astype(np.uint8)
