"""A layer on its way to the editor and back, the same for every host.

The selection and channels that are named after mixes go along as regions to begin with. What comes back is finished: the
port gets the rows that were changed, and a mask of 0 and 255 says where they differ from the layer.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple

from pip_client import ServiceError

from .naming import channel_mix, layer_name
from .port import Rectangle
from .run import picture_of
from .words import t

if TYPE_CHECKING:
    from pip_client import Client

    from .port import Port


LOOK_SECONDS = 1.0
"""From one look whether the layer could take what comes back to the next."""


class Edited(NamedTuple):
    """What came back."""

    name: str
    """What to call the layer."""
    rectangle: Rectangle
    """Where the port got pixels."""
    mask: bytes | None
    """8 bits a pixel of the rectangle, 0 or 255; None where all of the layer was changed."""
    warnings: tuple[str, ...]


def edit(client: Client, port: Port, host: str, title: str) -> Edited:
    """Open a port's layer in pip-editor, and wait until it is given back.

    Parameters
    ----------
    client
        Connected, and used for nothing else meanwhile.
    port
        What to open, and where finished strips go.
    host, title
        What people call the program, and the picture with its layer.

    Raises
    ------
    PluginError
        The layer can take no result any more. The editor, which still has it, is told as soon as that is so, and not after it has closed.
    ServiceError
        The editor cannot be opened, or the service has gone.
    Cancelled
        `port.tell` said so, or the editor was closed without giving anything back.

    """
    looked = time.monotonic()

    def cancelled() -> bool:
        nonlocal looked
        if time.monotonic() - looked > LOOK_SECONDS:
            port.check_there()
            looked = time.monotonic()
        return port.tell(None, "")

    picture = picture_of(port)
    pieces: list[bytes] = []
    into: list[Rectangle] = []
    report = client.edit(
        picture,
        regions_of(port),
        host=host,
        title=title,
        on_returned=lambda *edges: into.append(Rectangle(*edges)),
        on_strip=lambda top, _left, height, _width, pixels: port.write(into[-1], top, height, pixels),
        on_mask=lambda _top, _left, _height, _width, data: pieces.append(data),
        on_progress=lambda _fraction, _seconds, text: port.tell(None, t(text)),
        cancelled=cancelled,
    )
    where = into[-1]
    mask = b"".join(pieces) if report["masked"] else None
    if mask is None and where != (0, 0, picture.height, picture.width):
        mask = b"\xff" * (where.width * where.height)  # for somebody to paint on
    return Edited(layer_name(report["mix"]), where, mask, tuple(report.get("warnings", ())))


def regions_of(port: Port) -> list[dict[str, Any]]:
    """Return what the editor begins with, from bottom to top: channels named after a mix, then the selection."""
    found = port.selection()
    regions: list[dict[str, Any]] = []
    for name, mask in found.named:
        try:
            mix = channel_mix(name)
        except ServiceError:  # the editor opens without it
            continue
        if mix is not None and not mask.bounds.empty:
            regions.append({"name": name, "mix": mix, "mask": mask.rows})
    if found.selection is not None and not found.selection.bounds.empty:
        regions.append({"name": t("Selection"), "mix": {}, "mask": found.selection.rows})
    return regions
