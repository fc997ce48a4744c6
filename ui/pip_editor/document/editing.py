"""How views and tools change a document: one method a wish, each a command or none when nothing would change.

What changes masks as a whole is a wish (`document.wishes`). It is computed at once, or, where a window has put another `runner` in, by
a thread if it takes long; either way the result is put in as one step of the history.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from PyQt6 import sip

from pip_backend.regions import Mix, WholePicture
from pip_editor.document import commands
from pip_editor.document.aside import Swapped
from pip_editor.document.maskbuffer import MaskBuffer
from pip_editor.document.maskchange import CombineShape, MaskView, cleared, derive, go_on, inverted
from pip_editor.document.masksnapshot import TILE
from pip_editor.document.region import EditRegion
from pip_editor.document.shapes import shape_after
from pip_editor.document.wishes import LayWish, MaskWish, Prepared
from pip_editor.words import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from PyQt6.QtCore import QPointF
    from PyQt6.QtGui import QUndoCommand

    from pip_backend.regions import Bounds, Mask, Region, RowReader
    from pip_editor.document.document import Document
    from pip_editor.document.maskbuffer import MaskEdit
    from pip_editor.document.maskchange import Change, Derived
    from pip_editor.document.wishes import Wish

Operation = Literal["add", "subtract", "intersect"]

COLOURS = 7
"""Colours of overlays that painted regions take turns with; 0 is the whole photo's."""


class Editing:
    """Changes a document, through its history."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.runner: Callable[[Wish], None] = self.run_now
        """Who computes changes of masks."""
        self.no_mask: Callable[[], object] = lambda: None
        """Told when somebody would take something away from the whole photo, which has no mask."""
        self.unseen: Callable[[int], object] = lambda _uid: None
        """Told of a region whose mask is changed while it is switched off."""
        self._fresh = 0
        """Number of a region that the stroke under way has begun and that is no step of the history yet."""
        self._near: list[commands.PaintMask] = []
        """Steps that undo or redo may come to next."""
        self.copied: EditRegion | None = None
        """The region whose settings were copied, as it was then; of this photo or of one before."""
        self.stroke_end: QPointF | None = None
        """Where the last stroke on this photo ended, px; a straight one goes on from there."""
        document.undo_stack.indexChanged.connect(self._look_ahead)
        document.photo_changed.connect(self._begin_anew)

    def add_region(self, name: str | None = None) -> int:
        """Add an empty region on top and make it the active one; returns its number."""
        region = self.new_region(name)
        self.document.undo_stack.push(commands.AddRegion(self.document, region))
        return region.uid

    def add_masked(self, name: str, mask: Mask) -> None:
        """Add a region on top whose mask begins with pixels, and is no shape; a name of spaces is none."""
        change = CombineShape(mask, "add")
        self.runner(MaskWish(self.new_region(name.strip() or None), True, change, tr("Mask picture"), self._size))

    def remove_region(self, uid: int) -> None:
        """Remove a painted region; the whole photo stays."""
        if not self.document.region(uid).whole:
            self.document.undo_stack.push(commands.RemoveRegion(self.document, uid))

    def duplicate_region(self, uid: int) -> None:
        """Add a region with the same mask and settings over a painted one."""
        document, region = self.document, self.document.region(uid)
        if region.whole:
            return
        new = self.new_region(tr("{name} copy", name=region.name))
        copy = replace(region, uid=new.uid, name=new.name, colour=new.colour)
        source = MaskView.of(document.mask(uid))
        pixels = _area(source.used_bounds)
        self.runner(
            MaskWish(
                copy,
                True,
                lambda _: (source.used_bounds, source.tile),
                tr("Duplicate {name}", name=region.name),
                pixels,
            )
        )

    def move_region(self, uid: int, index: int) -> None:
        """Put a painted region in another place; the whole photo stays at the bottom."""
        document = self.document
        if uid == self._fresh:  # as in `_change`
            return
        index = max(1, min(index, len(document.regions) - 1))
        if not document.region(uid).whole and index != document.index(uid):
            document.undo_stack.push(commands.MoveRegion(document, uid, index))

    def step_region(self, uid: int, steps: int) -> None:
        """Lay a painted region over so many more, or under for a negative number; as far as it goes."""
        self.move_region(uid, self.document.index(uid) + steps)

    def activate_near(self, steps: int) -> None:
        """Choose the region that lies so many places over the active one, or under it for a negative number; as far as they go."""
        document, active = self.document, self.document.active
        if active is not None:
            place = document.index(active.uid) + steps
            document.activate(document.regions[max(0, min(place, len(document.regions) - 1))].uid)

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

    def copy_settings(self, uid: int) -> None:
        """Take note of what a region has beside its name and its mask, for `paste_settings`."""
        self.copied = self.document.region(uid)

    def paste_settings(self, uid: int) -> None:
        """Give a region the settings that were copied, as one step; the whole photo, which has no edge, neither takes nor gives a feather."""
        copied, region = self.copied, self.document.region(uid)
        if copied is not None:
            edgeless = copied.whole or region.whole
            feather = region.feather if edgeless else copied.feather
            self._change(replace(region, mix=copied.mix, strength=copied.strength, feather=feather), "settings")

    def combine(self, mask: Mask, operation: Operation, text: str, rows: RowReader | None = None) -> None:
        """Add a shape to the active region's mask, subtract it, or keep only what lies in both.

        On the whole photo, which has no mask, a new region begins. `rows` reads the picture for masks that look at it.
        """
        bounds = mask.bounds(self.document.width, self.document.height)
        # A mask tells whole rows of tiles, however narrow it is.
        tiles = 0 if bounds.empty else -(-bounds.bottom // TILE) - bounds.top // TILE
        pixels = tiles * TILE * self.document.width
        self.change_mask(CombineShape(mask, operation, rows), text, pixels, begins=operation == "add")

    def change_mask(self, change: Change, text: str, pixels: float, *, begins: bool = False) -> None:
        """Change the active region's mask as a whole; `begins` tells that a new region begins on the whole photo."""
        active = self._active_painted()
        if active is not None:
            self.runner(MaskWish(self.document.region(active), False, change, text, pixels))
            self.look_seen(active)
        elif not begins:
            self.no_mask()
        elif self.document.active is not None:
            region = replace(self.new_region(), shape=shape_after(None, change, empty=True))
            self.runner(MaskWish(region, True, change, text, pixels))

    def look_seen(self, uid: int) -> None:
        """Tell of a region that is switched off, where nobody sees what is done to it."""
        if self.document.has(uid) and not self.document.region(uid).visible:
            self.unseen(uid)

    @property
    def _size(self) -> int:
        return self.document.width * self.document.height

    def invert(self) -> None:
        """Select what the active region leaves out."""
        self.change_mask(inverted, tr("Invert"), self._size)

    def clear(self) -> None:
        """Empty the active region's mask."""
        active = self._active_painted()
        if active is not None:
            self.change_mask(cleared, tr("Clear"), _area(self.document.mask(active).used))

    def lay(
        self,
        layers: Sequence[Region],
        text: str,
        rows: RowReader | None = None,
        then: Callable[[], object] = lambda: None,
    ) -> None:
        """Put the layers of a recipe in the place of all regions, as one step; `rows` reads the picture for masks that look at it.

        A first layer over the whole picture becomes the whole photo; without one the whole photo takes no part. `then` is called when it is done.
        """
        whole = bool(layers) and isinstance(layers[0].mask, WholePicture) and not layers[0].feather
        painted = tuple(layers[1:] if whole else layers)
        self.runner(LayWish(layers[0] if whole else None, painted, rows, text, self._size * len(painted), then))

    def run_now(self, wish: Wish) -> None:
        """Compute a change and put it in."""
        prepared = self.prepare(wish)
        if prepared is not None:
            prepared.put(prepared.compute(lambda _: None))

    def prepare(self, wish: Wish, cancelled: Callable[[], bool] = go_on) -> Prepared | None:
        """Return how a wish is computed, of what is there now, and put in; None where its region is gone."""
        if isinstance(wish, LayWish):
            empty = MaskView.of(MaskBuffer(self.document.width, self.document.height), cancelled)
            return Prepared(lambda report: wish.drawn(empty, report), lambda drawn: self._lay(wish, drawn))
        view = self.view(wish, cancelled)
        if view is None:
            return None
        return Prepared(
            lambda report: derive(view, wish.change, report).assembled(view),
            lambda derived: self.take(wish, derived),
        )

    def _lay(self, wish: LayWish, drawn: Sequence[Derived]) -> bool:
        document = self.document
        document.undo_stack.beginMacro(wish.text)
        for region in reversed(document.regions[1:]):
            self.remove_region(region.uid)
        whole, first = document.regions[0], wish.whole
        if first is None:
            self._change(replace(whole, mix=Mix.zero, strength=1.0, visible=False), "recipe")
        else:
            strength, visible = first.strength, first.visible
            self._change(replace(whole, mix=first.mix, strength=strength, visible=visible), "recipe")
        for layer, derived in zip(wish.layers, drawn, strict=True):
            change = CombineShape(layer.mask, "add", wish.rows)
            laid = replace(
                self.new_region(layer.name), mix=layer.mix, strength=layer.strength, feather=layer.feather,
                visible=layer.visible, shape=shape_after(None, change, empty=True),
            )  # fmt: skip
            self.take(MaskWish(laid, True, change, tr("Shape"), 0), derived)
        document.activate(document.regions[-1].uid)
        document.undo_stack.endMacro()
        wish.then()
        return True

    def view(self, wish: MaskWish, cancelled: Callable[[], bool] = go_on) -> MaskView | None:
        """Return the mask that a wish is about, as it is now; None where its region is gone."""
        document = self.document
        if wish.new:
            return MaskView.of(MaskBuffer(document.width, document.height), cancelled) if document.width else None
        return MaskView.of(document.mask(wish.region.uid), cancelled) if document.has(wish.region.uid) else None

    def take(self, wish: MaskWish, derived: Derived) -> bool:
        """Put a computed change in, as one step; returns False where the mask has changed since it was read."""
        document, uid = self.document, wish.region.uid
        if not wish.new and document.has(uid) and document.mask(uid).version != derived.version:
            return False
        if not derived.tiles or (not wish.new and not document.has(uid)):
            return True
        shape = None
        if wish.new:
            document.insert(len(document.regions), wish.region)
        else:
            shape = shape_after(document.region(uid).shape, wish.change, empty=document.mask(uid).used.empty)
        before = derived.put_into(document.mask(uid))
        patch = derived.patch(document.store)
        if wish.new:
            command: QUndoCommand = commands.AddRegion(document, wish.region, patch, wish.text, made=True)
        else:
            other = None if before is None else Swapped(document.shelf, before)
            command = commands.PaintMask(document, uid, patch, wish.text, shape, other)
        document.undo_stack.push(command)
        document.touched(uid, derived.bounds)
        return True

    def begin_painting(self) -> int:
        """Return the active region, or a new one when that is the whole photo; `push_painted` or `drop_painted` end it."""
        active = self._active_painted()
        if active is not None:
            return active
        region = self.new_region()
        self.document.insert(len(self.document.regions), region)
        self._fresh = region.uid
        return region.uid

    def push_painted(self, uid: int, edit: MaskEdit, text: str) -> None:
        """Keep what a tool has painted as one step, the region that it began included."""
        document = self.document
        fresh, self._fresh = self._fresh == uid, 0
        if not document.has(uid):  # removed while it was painted on; undo may bring it back as it was before
            edit.revert()
            return
        patch = edit.finish(document.store)
        if patch.tiles and fresh:
            document.undo_stack.push(commands.AddRegion(document, document.region(uid), patch, text, made=True))
        elif patch.tiles:
            document.undo_stack.push(commands.PaintMask(document, uid, patch, text))
        elif fresh:
            document.remove(uid)

    def drop_painted(self, uid: int, edit: MaskEdit) -> None:
        """Take back what a tool has painted, the region that it began included."""
        document = self.document
        fresh, self._fresh = self._fresh == uid, 0
        changed = edit.revert()
        if not document.has(uid):
            return
        document.touched(uid, changed)
        if fresh:
            document.remove(uid)

    def new_region(self, name: str | None = None) -> EditRegion:
        """Return a region with a name and a colour that are free."""
        document = self.document
        names = {region.name for region in document.regions}
        number = next(n for n in range(1, len(names) + 2) if tr("Region {number}", number=n) not in names)
        colours = [region.colour for region in document.regions]
        colour = min(range(1, COLOURS + 1), key=colours.count)
        return EditRegion(document.new_uid(), name or tr("Region {number}", number=number), colour)

    def _begin_anew(self) -> None:
        """Forget what lay on the photo before."""
        self.stroke_end = None

    def _look_ahead(self, index: int) -> None:
        """Let masks be unpacked that an undo or redo may want next."""
        stack = self.document.undo_stack
        if sip.isdeleted(stack):  # it tells of its index once more when it empties itself at its end
            return
        near = [step for place in (index - 1, index) for step in _steps(stack.command(place))]
        for before in self._near:
            if before not in near:
                before.look_away()
        self._near = [step for step in near if isinstance(step, commands.PaintMask)]
        for step in near:
            if isinstance(step, (commands.AddRegion, commands.RemoveRegion, commands.PaintMask)):
                step.look_ahead()

    def _active_painted(self) -> int | None:
        active = self.document.active
        return None if active is None or active.whole else active.uid

    def _change(self, region: EditRegion, field: str) -> None:
        # No step may be about a region that the history does not know yet: it could not be undone.
        if region.uid != self._fresh and region != self.document.region(region.uid):
            self.document.undo_stack.push(commands.ChangeRegion(self.document, region, field))


def _steps(command: QUndoCommand | None) -> Iterator[QUndoCommand]:
    """Go through a command and what it consists of."""
    if command is not None:
        yield command
        for place in range(command.childCount()):
            yield from _steps(command.child(place))


def _area(bounds: Bounds) -> int:
    return 0 if bounds.empty else (bounds.bottom - bounds.top) * (bounds.right - bounds.left)
