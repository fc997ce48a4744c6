"""The changes themselves. See `document.maskchange.Change` for what each call returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pip_backend.regions import Bounds, LuminosityRange
from pip_editor.document.maskchange import combined
from pip_editor.selecting.errors import SelectionError
from pip_editor.selecting.morphology import dilated, surroundings

if TYPE_CHECKING:
    from pip_editor.document.editing import Operation
    from pip_editor.document.maskchange import Gray, MaskView, Tile, TileSource
    from pip_editor.picture import Photo

_COARSE = 120_000
"""Pixels that GrabCut looks at: half a second's work."""
_FIRM = 2.0
"""Contrast of an edge that was brought up: the filter alone leaves it softer than a photo's edges are."""
_SOFT = 1.5
"""The same where the mask may have soft edges of its own, such as hair."""
_EDGE = 1e-3
"""Variance of colour of a faint edge."""


@dataclass(frozen=True, eq=False)
class Wand:
    """What is joined to a point and has its colour, within a tolerance (CIE 1976 difference)."""

    photo: Photo
    x: int
    y: int
    tolerance: float
    operation: Operation

    def __call__(self, before: MaskView) -> tuple[Bounds, TileSource]:
        """See `Change`."""
        from pip_editor.selecting.finding import flood  # noqa: PLC0415 - OpenCV, in the thread only
        from pip_editor.selecting.guide import Guide  # noqa: PLC0415

        _check_loaded(self.photo)
        guide = Guide.of(self.photo.pyramid, before.bounds)
        factor = guide.factor
        found = flood(guide.pixels, self.x // factor, self.y // factor, self.tolerance)
        if factor > 1:
            return combined(before, self.operation, before.bounds, guide.lift(found, 2, _EDGE, _FIRM))
        full = (found * 255).astype(np.uint8)

        def tile(place: Bounds) -> Tile:
            return full[place.top : place.bottom, place.left : place.right]

        return combined(before, self.operation, before.bounds, tile)


@dataclass(frozen=True, eq=False)
class SmartSelect:
    """The thing in a box (px of the photo, within it)."""

    photo: Photo
    box: Bounds
    operation: Operation

    def __call__(self, before: MaskView) -> tuple[Bounds, TileSource]:
        """See `Change`."""
        import cv2  # noqa: PLC0415 - in the thread only

        from pip_editor.selecting.finding import grab  # noqa: PLC0415
        from pip_editor.selecting.guide import Guide  # noqa: PLC0415

        _check_loaded(self.photo)
        box = self.box
        margin = max((box.bottom - box.top) // 4, (box.right - box.left) // 4, 16)
        around = box.grown(margin, before.width, before.height)
        coarse = Guide.of(self.photo.pyramid, around, _COARSE)
        found = grab(coarse.pixels, *_within(box, coarse.place, coarse.factor))
        fine = Guide.of(self.photo.pyramid, around)
        rows, columns = fine.pixels.shape[:2]
        # Both begin at multiples of their factors, which need not be the same pixel.
        ratio = coarse.factor // fine.factor
        y, x = ((f - c) // fine.factor for f, c in zip(fine.place[:2], coarse.place[:2], strict=True))
        large = cv2.resize(found, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_LINEAR) if ratio > 1 else found
        large = np.ascontiguousarray(large[y : y + rows, x : x + columns])
        missing = ((0, rows - large.shape[0]), (0, columns - large.shape[1]))
        lift = fine.lift(np.pad(large, missing, mode="edge"), max(2, 2 * ratio), _EDGE, _FIRM, rounds=2)
        return combined(before, self.operation, box, _only(lift, box))


@dataclass(frozen=True, eq=False)
class ColourRange:
    """Everything of a colour: full up to `tolerance` (CIE 1976 difference), none from `softness` beyond that on."""

    photo: Photo
    blue_green_red: tuple[int, int, int]
    tolerance: float
    softness: float
    operation: Operation

    def __call__(self, before: MaskView) -> tuple[Bounds, TileSource]:
        """See `Change`."""
        import cv2  # noqa: PLC0415 - in the thread only

        from pip_editor.selecting.finding import difference, lab  # noqa: PLC0415

        _check_loaded(self.photo)
        colour = lab(np.array([[self.blue_green_red]], np.uint8))[0, 0]
        pixels = self.photo.pyramid.levels[0]

        def tile(place: Bounds) -> Tile:
            around = place.grown(1, before.width, before.height)
            part = np.ascontiguousarray(pixels[around.top : around.bottom, around.left : around.right, :3])
            quiet = cv2.medianBlur(part, 3)  # noise must not make holes
            y, x = place.top - around.top, place.left - around.left
            inner = np.asarray(quiet, np.uint8)[y : y + place.bottom - place.top, x : x + place.right - place.left]
            far = difference(inner, colour) - np.float32(self.tolerance)
            covered = 1 - far / np.float32(max(self.softness, 1e-3))
            shown: Gray = np.rint(covered.clip(0, 1) * 255).astype(np.uint8)
            return shown

        return combined(before, self.operation, before.bounds, tile)


@dataclass(frozen=True, eq=False)
class Tones:
    """What is about as bright as one wants: the luminosity range of `regions`, over the photo as it is shown."""

    photo: Photo
    range: LuminosityRange
    operation: Operation

    def __call__(self, before: MaskView) -> tuple[Bounds, TileSource]:
        """See `Change`."""
        _check_loaded(self.photo)
        pixels = self.photo.pyramid.levels[0]

        def tile(place: Bounds) -> Tile:
            part = pixels[place.top : place.bottom, place.left : place.right, 2::-1].astype(np.float32)
            part /= np.float32(255)
            covered = self.range.coverage(0, part.shape[0], part.shape[1], part.shape[0], part)
            return np.rint(covered * 255).astype(np.uint8)

        return combined(before, self.operation, before.bounds, tile)


@dataclass(frozen=True)
class Grow:
    """Every edge moved outwards by a radius, px."""

    radius: int

    def __call__(self, before: MaskView) -> tuple[Bounds, TileSource]:
        """See `Change`."""

        def tile(place: Bounds) -> Tile:
            around, missing = surroundings(place, self.radius, before.height, before.width)
            part = before.part(around)
            if not part.any():
                return 0
            if part.min() == 255:
                return 255
            return dilated(np.pad(part, missing), self.radius)

        return before.used_bounds.grown(self.radius, before.width, before.height), tile


@dataclass(frozen=True)
class Shrink:
    """Every edge moved inwards by a radius, px; the photo's own edges are none."""

    radius: int

    def __call__(self, before: MaskView) -> tuple[Bounds, TileSource]:
        """See `Change`."""

        def tile(place: Bounds) -> Tile:
            old = before.tile(place)
            if isinstance(old, int) or not old.any():
                return 0
            around, missing = surroundings(place, self.radius, before.height, before.width)
            left_out = 255 - before.part(around)
            if not left_out.any():
                return 255
            return 255 - dilated(np.pad(left_out, missing), self.radius)

        return before.used_bounds, tile


@dataclass(frozen=True, eq=False)
class Refine:
    """The mask's edge moved to the photo's nearest one: a guided filter.

    `radius` says how far it may be, px of the photo; `detail`, 0 to 1, how faint an edge of the photo counts.
    """

    photo: Photo
    radius: int
    detail: float

    def __call__(self, before: MaskView) -> tuple[Bounds, TileSource]:
        """See `Change`."""
        from pip_editor.selecting.guide import Guide  # noqa: PLC0415 - OpenCV, in the thread only

        _check_loaded(self.photo)
        area = before.used_bounds.grown(2 * self.radius, before.width, before.height)
        if area.empty:
            return area, lambda _: 0
        guide = Guide.of(self.photo.pyramid, area)
        radius = max(1, round(self.radius / guide.factor))
        smoothness = 10 ** (-1.5 - 3 * self.detail)
        return area, guide.lift(guide.reduced(before), radius, smoothness, _SOFT, rounds=3)


def _check_loaded(photo: Photo) -> None:
    if not photo.complete:
        raise SelectionError("The photo is still being opened.", hint="Try again in a moment.")


def _within(box: Bounds, place: Bounds, factor: int) -> Bounds:
    """Return a box of the photo in pixels of a guide."""
    return Bounds(
        (box.top - place.top) // factor,
        (box.left - place.left) // factor,
        -(-(box.bottom - place.top) // factor),
        -(-(box.right - place.left) // factor),
    )


def _only(source: TileSource, box: Bounds) -> TileSource:
    """Return a source that is 0 outside of a box."""

    def tile(place: Bounds) -> Tile:
        part = place.intersection(box)
        if part.empty:
            return 0
        new = source(place)
        if part == place or (isinstance(new, int) and not new):
            return new
        out = np.zeros((place.bottom - place.top, place.right - place.left), np.uint8)
        rows = slice(part.top - place.top, part.bottom - place.top)
        columns = slice(part.left - place.left, part.right - place.left)
        out[rows, columns] = new if isinstance(new, int) else new[rows, columns]
        return out

    return tile
