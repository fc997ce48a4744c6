"""A training pack: one zip of encoded photos that a machine without a network can train from.

The same tree as a data folder, so `load_photos` reads both; photos are reduced alike until all fit the limit.
"""

from __future__ import annotations

import fnmatch
import io
import math
import zipfile
from typing import TYPE_CHECKING, Final

from pip_backend.errors import UsageError

from .photos import decode_photo, list_photos, match_pairs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path, PurePosixPath

    from PIL import Image


LARGEST_SIDE: Final = 16383
"""Px that WebP holds."""


def write_pack(
    source: Path, target: Path, *, limit_mb: float = 30, exclude: Sequence[str] = (), overwrite: bool = False
) -> int:
    """Write a pack of a data folder; returns how many files it holds.

    Pairs are kept as they are (their damage must not be scaled or coded again) up to half the limit; clean photos
    are cut at the centre and coded as WebP, larger or smaller so that all of them fit.

    Raises
    ------
    UsageError
        Nothing to pack, a damaged photo, a limit that holds nothing, or a target that cannot be written, or is there
        and not to be overwritten. Nothing is left half-written.

    """
    if not (math.isfinite(limit_mb) and limit_mb > 0):
        raise UsageError(f"A pack of at most {limit_mb:g} MB holds nothing.", hint="Give a --limit-mb above 0.")
    _check_target(target, overwrite=overwrite)
    names, read = list_photos(source)
    names = [name for name in names if not any(fnmatch.fnmatch(name.name, pattern) for pattern in exclude)]
    clean = sorted(name for name in names if name.parts[0] == "clean")
    if not clean:
        raise UsageError(f"There are no photos to pack in {source}.", hint="Put undamaged ones in clean/.")
    limit = int(limit_mb * 1e6)
    entries: list[tuple[PurePosixPath, bytes]] = []
    for pairs in match_pairs(names).values():
        for pair in pairs:
            both = [(name, read(name)) for name in pair]
            if sum(len(data) for _, data in entries) + sum(len(data) for _, data in both) <= limit // 2:
                entries.extend(both)
    room = (limit - sum(len(data) for _, data in entries)) * 0.97 / len(clean)
    entries.extend(
        (name.with_name(f"{name.name}.webp"), _fit(decode_photo(source, name, read(name)), room)) for name in clean
    )
    beside = target.with_name(f".{target.name}.part")
    try:
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_STORED) as archive:
            for name, data in entries:
                archive.writestr(str(name), data)
        beside.replace(target)
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror or error}.") from error
    finally:
        beside.unlink(missing_ok=True)
    return len(entries)


def _check_target(target: Path, *, overwrite: bool) -> None:
    """Refuse what a pack cannot be written to, before photos are coded for minutes."""
    if target.is_dir():
        raise UsageError(f"{target} is a folder.", hint="Name a file in it, such as pack.zip.")
    if not target.parent.is_dir():
        raise UsageError(f"The folder {target.parent} does not exist.", hint="Make it first.")
    if target.exists() and not overwrite:
        raise UsageError(
            f"{target.name} exists already.", hint="Choose another name, or allow overwriting (--overwrite)."
        )


def _fit(photo: Image.Image, room: float) -> bytes:
    """Code a photo so that it takes about `room` bytes: its middle, as large as that allows, at quality 90."""
    share = min(1.0, LARGEST_SIDE / max(photo.size))
    for _ in range(4):
        width, height = max(64, int(photo.width * share)), max(64, int(photo.height * share))
        left, top = (photo.width - width) // 2, (photo.height - height) // 2
        coded = io.BytesIO()
        photo.crop((left, top, left + width, top + height)).save(coded, "WEBP", quality=90, method=4)
        size = coded.tell()
        if size <= room:
            break
        share *= max(0.4, (room / size) ** 0.5 * 0.97)
    return coded.getvalue()
