"""Krita's five functions: one layer's extent, its pixels in and out, what is selected, progress.

A port is made, inserted and discarded in Krita's main thread. The five functions may be called in any: what touches
Krita goes through `call`, which carries it over and waits.
"""

from __future__ import annotations

from pip_plugin import BY_CHANNELS, Extent, Mask, PluginError, Port, Rectangle, Selections

from .krita_naming import mask_mix
from .krita_result import Result
from .krita_source import Source, is_open, mask_rows, region_masks, selected


def at_once(function):
    """Call a function; for those who are in the main thread already."""
    return function()


class LayerPort(Port):
    """A layer of a document, as it is when the port is made.

    Parameters
    ----------
    document, node
        What to restore.
    tell
        See `Port.tell`.
    call
        Has a function called in Krita's main thread, and returns what it returned.

    """

    def __init__(self, document, node, tell, call=at_once):
        self.document, self.node = document, node
        self._tell, self._call = tell, call
        self.source = Source(document, node)
        found = selected(document, node)
        self._selection = None if found is None else found.duplicate()
        self._named = [(mask.name(), mask.duplicate()) for mask in region_masks(document, node)]
        self._result = None

    def extent(self):
        """Size, format and profile of the layer: as much of it as lies on the canvas."""
        source = self.source
        return Extent(source.width, source.height, source.kind.channels, source.kind.depth, source.icc)

    def read(self, top, bottom):
        """Read a strip of the layer."""
        return self._call(lambda: self.source.read(top, bottom))

    def look(self, top, bottom):
        """Read a strip as it lies in Krita."""
        return self._call(lambda: self.source.look(top, bottom))

    def write(self, into, top, height, pixels):
        """Write a strip into the result."""
        self._call(lambda: self._write(into, top, height, pixels))

    def _write(self, into, top, height, pixels):
        if self._result is None:
            self._result = Result(self.document, self.node, self.source, into)
        self._result.write(into.left, top, into.width, height, pixels)

    def selection(self):
        """Return the selection and the masks."""
        width, height = self.source.width, self.source.height
        selection, chosen = None, self._selection
        if chosen is not None:
            left, top = max(chosen.x(), 0), max(chosen.y(), 0)
            right, bottom = min(chosen.x() + chosen.width(), width), min(chosen.y() + chosen.height(), height)
            bounds = Rectangle(top, left, max(top, bottom), max(left, right))
            selection = Mask(bounds, self._selected_rows)
        everywhere = Rectangle(0, 0, height, width)
        named = tuple((name, Mask(everywhere, self._rows_of(mask))) for name, mask in self._named)
        return Selections(selection, named)

    def _selected_rows(self, top, bottom):
        chosen, width = self._selection, self.source.width
        return self._call(lambda: bytes(chosen.pixelData(0, top, width, bottom - top)))

    def _rows_of(self, mask):
        return lambda top, bottom: self._call(lambda: mask_rows(mask, top, bottom, self.source.width))

    def tell(self, fraction, text):
        """Hand progress on."""
        return self._tell(fraction, text)

    def check(self, settings):
        """Say in Krita's words that there is no region, where masks are to be regions.

        Raises
        ------
        PluginError
            There is none.

        """
        if settings.regions == BY_CHANNELS and not any(mask_mix(name) for name, _ in self._named):
            raise PluginError(
                "No mask is named after what to remove.",
                "Make a mask from a selection in the PIP Restore docker, or name one like denoise 0.8.",
            )

    def check_there(self):
        """See that a result would still fit the layer.

        Raises
        ------
        PluginError
            The picture or the layer has gone, or is not as large or of the kind that it was.

        """
        self._call(self._check_there)

    def _check_there(self):
        if not is_open(self.document):
            raise PluginError(
                "The picture was closed before the result came back.", "Export it in pip-editor, which still has it."
            )
        self.source.check_there(self.document, self.node)

    # What follows is not the port: it puts the result into the picture, or throws it away.

    def insert(self, name, *mask):
        """Put the result above its source; returns it, or None when the picture has gone.

        Its mask is the selection, or `mask` where one is given: another selection, or None.

        Raises
        ------
        PluginError
            The layer has gone.

        """
        result, self._result = self._result, None
        self.release()
        return None if result is None else result.insert(name, *(mask or (self._selection,)))

    def discard(self):
        """Throw the result away."""
        result, self._result = self._result, None
        self.release()
        if result is not None:
            result.discard()

    def release(self):
        """Let go of the layer's copy: the client keeps what it has sent last, and this port with it."""
        self.source.release()
        self._named = []
