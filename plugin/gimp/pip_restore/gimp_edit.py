"""Open in pip-editor: a layer goes to the editor's window and comes back as a layer above it, in one undo step.

This process waits meanwhile; GIMP does not, and has its progress bar with Cancel. Cancel ends the process: the service sees that, and
the editor says that nobody waits any more.
"""

from __future__ import annotations

import time
from typing import Sequence

from gi.repository import Gegl, Gimp
from gimp_port import LayerPort
from gimp_run import check, warn

from pip_client import connect
from pip_plugin import PluginError, Rectangle, edit, t

_PULSE = 0.25
_PLAIN = "Y u8"


def edit_layer(image: Gimp.Image, drawables: Sequence[Gimp.Drawable]) -> None:
    """Open the chosen layer in the editor, wait, and put what comes back above it.

    Raises
    ------
    PluginError, ServiceError, Cancelled
        Nothing has been changed.

    """
    layers = check(image, drawables)
    if len(layers) != 1:
        raise PluginError("Several layers are chosen.", "Choose the one to open in pip-editor.")
    layer = layers[0]
    port = LayerPort(image, layer, _Waiting().tell)
    try:
        with connect("gimp", start=True) as client:
            done = edit(client, port, "GIMP", f"{_name(image)}: {layer.get_name()}")
        _insert(image, port, done.name, done.rectangle, done.mask)
    finally:
        port.discard()
        Gimp.progress_end()
    warn(done.warnings)
    Gimp.displays_flush()


def _name(image: Gimp.Image) -> str:
    """Return what the image's file is called; GIMP's own name of it says "[photo] (imported)"."""
    file = image.get_file() or image.get_imported_file()
    return str(image.get_name() if file is None else file.get_basename())


def _insert(image: Gimp.Image, port: LayerPort, name: str, where: Rectangle, mask: bytes | None) -> None:
    port.check_there()
    kept: Gegl.Buffer | None = None
    if mask is not None:
        kept = Gegl.Buffer.new(_PLAIN, 0, 0, where.width, where.height)
        kept.set(Gegl.Rectangle.new(0, 0, where.width, where.height), _PLAIN, mask)
    image.undo_group_start()
    try:
        image.set_selected_layers([port.insert_masked(name, kept)])
    finally:
        image.undo_group_end()


class _Waiting:
    """GIMP's progress bar while somebody works in the editor: it moves, and nobody knows how far it is."""

    def __init__(self) -> None:
        self._text, self._pulsed = "", 0.0
        Gimp.progress_init(f"PIP: {t('Looking for the restoration service')}")

    def tell(self, _fraction: float | None, text: str) -> bool:
        """Show it; never stops, since GIMP's Cancel ends the process."""
        if text and text != self._text:
            self._text = text
            Gimp.progress_set_text(f"PIP: {text}")
        if time.monotonic() - self._pulsed > _PULSE:
            self._pulsed = time.monotonic()
            Gimp.progress_pulse()
        return False
