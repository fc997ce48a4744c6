"""What is sent for a suggestion or a restoration: mixes, regions, and the rows of picture and masks."""

from __future__ import annotations

import os
from typing import Any, Callable, Dict, Iterator, Sequence, Tuple, Union

from .errors import ServiceError
from .mix import parse_mix
from .picture import Picture, strips

SUGGEST = "suggest"

Region = Dict[str, Any]
MaskRows = Union[bytes, bytearray, memoryview, Callable[[int, int], bytes]]
Part = Tuple[Dict[str, Any], bytes]


def as_mix(mix: dict[str, float] | str | None) -> dict[str, float] | str:
    """Return a mix as the wire takes it; text is read, and nothing means "suggest"."""
    if mix is None or mix == SUGGEST:
        return SUGGEST
    return parse_mix(mix) if isinstance(mix, str) else {str(name): float(weight) for name, weight in mix.items()}


def as_regions(regions: Sequence[Region]) -> tuple[list[dict[str, Any]], dict[int, MaskRows]]:
    """Return the regions as the wire takes them, and those masks that are sent by rows."""
    told: list[dict[str, Any]] = []
    masks: dict[int, MaskRows] = {}
    for index, region in enumerate(regions):
        mask = region.get("mask")
        by_rows = mask is not None and not isinstance(mask, dict)
        if mask is not None and by_rows:
            masks[index] = mask
        told.append(
            {
                "name": str(region.get("name") or f"region {index + 1}"),
                "mix": as_mix(region.get("mix")),
                "strength": float(region.get("strength", 1.0)),
                "feather": float(region.get("feather", 0.0)),
                "mask": "rows" if by_rows else mask,
            }
        )
    return told, masks


class Upload:
    """What goes to the service after the request: the rows of the picture, then of each mask."""

    def __init__(self, picture: Picture | str, masks: dict[int, MaskRows] | None = None) -> None:
        self.picture = picture
        self._masks = masks or {}
        if self._masks and isinstance(picture, str):
            raise ServiceError(
                "Painted masks cannot be sent for a picture that is only named.", "Send its pixels.", "usage"
            )

    def head(self, reference: int | None) -> dict[str, Any]:
        """Return what is said of the picture; `reference` names an earlier request that it was sent for."""
        if isinstance(self.picture, str):
            return {"path": os.path.abspath(self.picture)}  # noqa: PTH100 - the service stands in another folder
        return {"same_as": reference} if reference is not None else self.picture.head()

    def body(self, reference: int | None) -> bytes:
        """Return the profile."""
        if isinstance(self.picture, str) or reference is not None:
            return b""
        return self.picture.icc or b""

    def parts(self, reference: int | None) -> Iterator[Part]:
        """Yield the rows, asking for them as they are wanted."""
        picture = self.picture
        if isinstance(picture, str):
            return
        if reference is None:
            for top, bottom in strips(picture.height, picture.row_bytes):
                data = picture.rows(top, bottom)
                _check(data, (bottom - top) * picture.row_bytes, "the picture")
                yield {"type": "rows", "top": top, "bottom": bottom}, data
        for index, mask in self._masks.items():
            for top, bottom in strips(picture.height, picture.width):
                rows = mask(top, bottom) if callable(mask) else mask[top * picture.width : bottom * picture.width]
                _check(rows, (bottom - top) * picture.width, f"the mask of region {index + 1}")
                yield {"type": "mask", "region": index, "top": top, "bottom": bottom}, bytes(rows)


def _check(data: bytes | bytearray | memoryview, wanted: int, what: str) -> None:
    if len(data) != wanted:
        raise ServiceError(
            f"Rows of {what} came with {len(data)} bytes in place of {wanted}.",
            "This is a defect of the program that sends them; tell its authors.",
            "usage",
        )
