"""A result: a paint layer with its masks, built in a document of its own, and put into the picture when it is finished.

Krita's API has no undo macro, and what it does with pixels cannot be undone. But a layer that is complete when it enters the
picture, its masks included, is one entry of the undo history; this way was the only one of three that left nothing
else there (Krita 5.2, 5.3 and 6.0). Everything here belongs to Krita's main thread.
"""

from __future__ import annotations

from krita import Krita
from pip_plugin import PluginError

from .krita_formats import opaque, turned
from .krita_qt import QByteArray
from .krita_source import discard, is_open, something_below


class Result:
    """A layer that the picture does not show yet, in the colours that its source had when the restoration began.

    Parameters
    ----------
    document, node
        Where the result will lie: above this layer.
    source
        What it is made of, as read when the restoration began.
    into
        What it will cover.

    """

    def __init__(self, document, node, source, into):
        self._document, self._node, self._source, self._kind = document, node, source, source.kind
        self._masks = list(source.masks)
        # Where the lowest layer is translucent below it, a result is opaque and takes its opacity from there; with an opacity
        # of its own it would cover its source by a part only.
        self._inherits = not something_below(node) and source.is_translucent(into)
        self._own = Krita.instance().createDocument(
            source.width,
            source.height,
            "PIP",
            *source.colours,
            document.resolution(),
        )
        self._own.setBatchmode(True)
        self._layer = self._own.createNode("PIP", "paintLayer")

    def write(self, left, top, width, height, pixels):
        """Take finished rows, in the service's order."""
        data = opaque(pixels, self._kind) if self._inherits else pixels
        self._layer.setPixelData(QByteArray(turned(data, self._kind)), left, top, width, height)

    def insert(self, name, selection):
        """Put the layer above its source, wherever that lies now; returns it, or None when the picture has been closed.

        Raises
        ------
        PluginError
            The source has been deleted, or is not as large or of the kind that it was.

        """
        if not is_open(self._document):
            self.discard()
            return None
        try:
            self._source.check_there(self._document, self._node)
        except PluginError:
            self.discard()
            raise
        self._layer.setName(name)
        self._own.rootNode().addChildNode(self._layer, None)
        for title, shape in self._shapes(selection):
            mask = self._own.createTransparencyMask(title)
            mask.setSelection(shape)
            self._layer.addChildNode(mask, None)
        self._own.waitForDone()
        self._follow()
        copy = self._layer.duplicate()  # its masks come along
        copy.setInheritAlpha(self._inherits)
        parent = self._node.parentNode()
        if parent is None:  # the whole picture: above everything
            self._document.rootNode().addChildNode(copy, None)
        else:
            parent.addChildNode(copy, self._node)
        self.discard()
        self._document.refreshProjection()
        # The source stays the chosen layer: sliders and previews go on with it, and nothing is restored twice.
        return copy

    def _follow(self):
        """Move the layer and its masks by as much as the source was moved meanwhile."""
        x, y = self._source.moved(self._node)
        if x or y:
            for node in (self._layer, *self._layer.childNodes()):
                node.move(node.position().x() + x, node.position().y() + y)

    def _shapes(self, selection):
        own = [("mask of the layer", shape) for shape in self._masks]
        return own if selection is None else [*own, ("selection", selection)]

    def discard(self):
        """Throw away what has not been put in."""
        own, self._own = self._own, None
        if own is not None:
            discard(own)
