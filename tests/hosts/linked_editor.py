"""The real editor without a screen, and somebody at it: who does with a host's layer what its name asks for.

Without a special name: removes MIX in the active region (the host's selection, or the whole photo), and returns it.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PyQt6.QtCore import QTimer

from pip_backend.link import LinkFolder
from pip_backend.regions import Mix
from pip_editor import app

MIX = {"denoise": 1.0, "dejpeg": 0.5}


def sit_down(window):
    """Do it when the photo is there."""
    window.files._loader.finished.connect(lambda photo: QTimer.singleShot(0, lambda: work(window, photo)))
    # A defect must not keep the host waiting.
    QTimer.singleShot(400_000, lambda: os._exit(3))


def work(window, photo):
    title = photo.path.name
    if title.endswith("close"):
        window.close()
    elif title.endswith("stay"):
        stay(window, photo)
    else:
        active = window.document.active
        if active.mix.is_zero:
            window.editing.set_mix(active.uid, Mix.of(**MIX))
        picture = os.environ.get("PIP_EDITOR_LINK_SCREENSHOT")
        if picture:
            window.grab().save(picture)
        window.actions_["giveBack"].trigger()


def stay(window, photo):
    """Work on until the host has given up, and leave a note that the window knows."""
    note = Path(os.environ["HOME"]) / "editor-was-told"
    (note.parent / "editor-is-open").touch()
    began = time.monotonic()

    def look():
        if window.linked._told or time.monotonic() - began > 100:
            note.write_text(window.message.text.text())
            window.close()

    timer = QTimer(window)
    timer.timeout.connect(look)
    timer.start(100)


if __name__ == "__main__":
    make = app.make_window

    def made(files):
        window = make(files)
        sit_down(window)
        return window

    app.make_window = made
    assert LinkFolder(Path(sys.argv[1]).parent).waiting
    sys.exit(app.run(sys.argv[1:]))
