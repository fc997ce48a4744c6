"""Stands in for the editor: opens a link, and does what its first argument says."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

from pip_backend.link import RESULT, RESULT_MASK, Answer, LinkFolder


def main(what: str, name: str) -> int:
    if what == "complain":
        sys.stderr.write("pip-editor: There is no screen.\n")
        return 2
    if what == "crash":
        sys.stderr.write("Traceback ...\n")
        return 1
    if what == "close":
        return 0
    folder = LinkFolder(Path(name).parent)
    link = folder.open()
    if what == "stay":
        (folder.path / "open").touch()
        while folder.waiting:
            time.sleep(0.02)
        (folder.path.parent / "told").touch()
        return 0
    picture = folder.picture(link.layout)
    native = picture.native(0, picture.height)
    mask = np.zeros(native.shape[:2], np.uint8)
    for region in link.regions:
        data = folder.mask(region, link.layout)
        mask |= np.where(np.frombuffer(data, np.uint8).reshape(mask.shape) > 0, np.uint8(255), np.uint8(0))
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    top, left, bottom, right = int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1
    half = native / 2 if native.dtype.kind == "f" else native // 2
    result = np.where(mask[..., None] > 0, half, native)
    (folder.path / RESULT).write_bytes(picture.raw(result[top:bottom, left:right]).tobytes())
    (folder.path / RESULT_MASK).write_bytes(mask[top:bottom, left:right].tobytes())
    said = (f"{link.host}: {link.title}", *(f"{region.name} {region.mix}" for region in link.regions))
    folder.answer(Answer((top, left, bottom, right), masked=True, mix={"denoise": 1.0}, warnings=said))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
