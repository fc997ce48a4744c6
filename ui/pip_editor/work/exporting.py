"""Export: the whole photo restored by the service, strip by strip into a file that appears when it is complete."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pip_backend.errors import PictureError
from pip_backend.pictures import PictureWriter
from pip_editor.words import tr
from pip_editor.work.client import Operation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pip_backend.pictures import Picture, WriteOptions
    from pip_client import Client
    from pip_editor.work.requests import Exchange, Snapshot


@dataclass(frozen=True)
class Exported:
    """What was written."""

    path: Path
    warnings: tuple[str, ...]


def export(picture: Picture, exchange: Exchange, snapshot: Snapshot, path: Path, options: WriteOptions) -> Operation:
    """Return the operation that writes a file; what cannot work (a format, a folder) fails before anything is restored."""

    def run(client: Client, operation: Operation) -> Exported:
        return restore_into(picture, exchange, {"regions": snapshot.as_client()}, path, options, client, operation)

    operation = Operation(run, tr("Export of {name}", name=path.name))
    operation.lasting = True
    return operation


def restore_into(
    picture: Picture,
    exchange: Exchange,
    what: Mapping[str, Any],
    path: Path,
    options: WriteOptions,
    client: Client,
    operation: Operation,
) -> Exported:
    """Restore a picture into a file; `what` are `regions`, a `recipe` or nothing, as `Client.restore` takes them."""
    info = picture.info
    with PictureWriter(path, info, options=options) as writer:
        rows = 0

        def take(top: int, left: int, height: int, width: int, data: bytes) -> None:
            nonlocal rows
            if top != rows or left or width != info.width:
                raise PictureError(tr("The service sent rows out of turn."), hint=tr("Try again."))
            writer.write(exchange.native(top, left, height, width, data))
            rows += height

        report = client.restore(
            exchange.sent, **what, on_strip=take, on_progress=operation.report, cancelled=operation.cancelled
        )
        operation.report(1.0, None, tr("Writing {name}", name=path.name))
    return Exported(writer.path, (*info.warnings, *writer.warnings, *report.get("warnings", ())))
