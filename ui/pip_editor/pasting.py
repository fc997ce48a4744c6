"""What is pasted or dropped: files as they are, and pictures that are no file yet, which become one."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtGui import QImage

from pip_backend.errors import PictureError
from pip_editor import recent
from pip_editor.words import tr

if TYPE_CHECKING:
    from PyQt6.QtCore import QMimeData


def holds_photo(data: QMimeData | None) -> bool:
    """Tell whether there is a file or a picture in what is pasted or dropped; a link into the web is none."""
    return data is not None and (data.hasImage() or any(url.isLocalFile() for url in data.urls()))


def files_of(data: QMimeData | None) -> list[Path]:
    """Return the files in it; a picture that is no file is written as one, a PNG in the user's state folder, and stays there.

    Raises
    ------
    PictureError
        The picture cannot be written.

    """
    if data is None:
        return []
    local = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    if local or not data.hasImage():
        return local
    image = QImage(data.imageData())
    return [] if image.isNull() else [_written(image)]


def _written(image: QImage) -> Path:
    folder = recent.pasted_folder()
    start = datetime.now().astimezone().strftime("pasted-%Y-%m-%d-%H%M%S")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        number = 1
        while (path := folder / f"{start}{f'-{number}' if number > 1 else ''}.png").exists():
            number += 1
    except OSError as error:
        raise PictureError(tr("Nothing can be written into {name}.", name=folder)) from error
    if not image.save(str(path), "PNG"):
        path.unlink(missing_ok=True)
        raise PictureError(tr("Nothing can be written into {name}.", name=folder))
    return path
