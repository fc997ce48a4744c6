"""What is read from Krita: a layer's pixels, its masks, the selection, its profile. Everything here belongs to Krita's main thread.

A paint layer is copied first, which costs nothing (Krita's tiles are shared until somebody writes): the user may go on
painting while it is restored. What Krita has to put together (groups, layers with filter masks) is read as it is shown.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from krita import InfoObject, Krita, Selection
from pip_plugin import PluginError, t

from .krita_formats import choose, is_translucent, turned
from .krita_naming import UNNAMED, mask_mix
from .krita_png import profile_in
from .krita_qt import QByteArray

STRIP = 128
"""Rows at once where pixels are only looked at."""

_profiles: dict = {}


def is_mask(node):
    """Tell whether a node is a mask of any kind, not a layer."""
    return node.type().endswith("mask")


def layer_of(document):
    """Return the layer that is chosen; of a chosen mask, the layer that it belongs to.

    Raises
    ------
    PluginError
        None is chosen.

    """
    node = document.activeNode()
    while node is not None and is_mask(node):
        node = node.parentNode()
    if node is None or node == document.rootNode():
        raise PluginError("No layer is chosen.", "Choose a layer in the Layers docker.")
    return node


def whole_of(document):
    """Return what stands for the whole picture: its only layer, or all of them together."""
    layers = [node for node in document.topLevelNodes() if not is_mask(node)]  # the selection is one of them, too
    return layers[0] if len(layers) == 1 else document.rootNode()


def is_seen(node):
    """Tell whether neither a layer nor a group around it is hidden."""
    while node is not None:
        if not node.visible():
            return False
        node = node.parentNode()
    return True


def format_of(node):
    """Return how a layer's pixels lie.

    Raises
    ------
    PluginError
        Its colour model or depth cannot be restored.

    """
    model, depth = node.colorModel(), node.colorDepth()
    kind = choose(model, depth)
    if kind is None:
        raise PluginError(
            t("Layers in {model} {depth} cannot be restored.", model=model, depth=depth),
            "Convert a copy with Layer > Convert > Convert Layer Color Space to RGB/Alpha first.",
        )
    return kind


def colours_of(node):
    """Return colour model, depth and profile of a layer, by Krita's names."""
    return node.colorModel(), node.colorDepth(), node.colorProfile()


def place_of(node):
    """Return where a paint layer has been moved to, x and y, px; of what Krita puts together, its parts are moved."""
    if node.type() != "paintlayer":
        return 0, 0
    place = node.position()
    return place.x(), place.y()


def profile_of(node):
    """Return the bytes of a layer's colour profile.

    Krita's API tells only the name. So a picture of one pixel in the same profile is written as PNG, which carries it.

    Raises
    ------
    PluginError
        Krita does not give it.

    """
    key = node.colorModel(), node.colorProfile()
    if key not in _profiles:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "profile.png"
            _write_one_pixel(path, *key)
            _profiles[key] = profile_in(path.read_bytes()) if path.exists() else None
    if _profiles[key] is None:
        raise PluginError(
            t("The colour profile {name} could not be read from Krita.", name=key[1]),
            "Convert the layer to a profile such as sRGB-elle-V2-srgbtrc.icc first.",
        )
    return _profiles[key]


def _write_one_pixel(path, model, profile):
    document = Krita.instance().createDocument(1, 1, "profile", model, "U16", profile, 72.0)
    if document is None:
        return
    document.setBatchmode(True)
    options = InfoObject()
    for name, value in (("alpha", True), ("forceSRGB", False), ("saveSRGBProfile", True), ("indexed", False)):
        options.setProperty(name, value)
    document.exportImage(str(path), options)
    discard(document)


def discard(document):
    """Close a document of our own, with no question."""
    document.setModified(False)
    document.close()


class Source:
    """A layer as it is now."""

    def __init__(self, document, node):
        self.kind = format_of(node)
        self.colours = colours_of(node)
        """Colour model, depth and profile, by Krita's names."""
        self.width, self.height = document.width(), document.height()
        self._place = place_of(node)
        self.icc = profile_of(node)
        masks = [child for child in node.childNodes() if child.visible() and is_mask(child)]
        changing = [child for child in masks if child.type() not in ("transparencymask", "selectionmask")]
        self._own = node.type() == "paintlayer" and not changing
        self._node = node.duplicate() if self._own else node
        self.masks = [self._as_selection(mask) for mask in masks if self._own and mask.type() == "transparencymask"]

    def read(self, top, bottom, left=0, right=None):
        """Return rows in the service's order."""
        return turned(self._raw(top, bottom, left, right), self.kind)

    def _raw(self, top, bottom, left=0, right=None):
        """Return rows as they lie in Krita."""
        width = (self.width if right is None else right) - left
        data = b""
        if self._node is not None:
            reading = self._node.pixelData if self._own else self._node.projectionPixelData
            data = bytes(reading(left, top, width, bottom - top))
        wanted = width * (bottom - top) * self.kind.samples * len(self.kind.full)
        if len(data) != wanted:  # the layer, or its document, has gone meanwhile
            raise PluginError("The layer is not there any more.", "Choose another one.")
        return data

    def look(self, top, bottom):
        """Return rows in Krita's order; bringing them into the service's takes as long again."""
        return self._raw(top, bottom)

    def is_translucent(self, where):
        """Tell whether something shines through within a rectangle."""
        strips = ((top, min(top + STRIP, where.bottom)) for top in range(where.top, where.bottom, STRIP))
        return any(is_translucent(self._raw(*rows, where.left, where.right), self.kind) for rows in strips)

    def check_there(self, document, node):
        """See that a result would still fit the layer, in a picture that is open.

        Raises
        ------
        PluginError
            The layer has gone, or is not as large or of the kind that it was.

        """
        if not is_in(document, node):
            raise PluginError("The layer was removed before the result came back.", "Choose another one.")
        if (document.width(), document.height(), colours_of(node)) != (self.width, self.height, self.colours):
            raise PluginError(
                "The layer's size or mode was changed before the result came back.", "Undo that, and try again."
            )

    def moved(self, node):
        """Return by how much the layer has been moved since, x and y, px."""
        (x, y), (was_x, was_y) = place_of(node), self._place
        return x - was_x, y - was_y

    def release(self):
        """Let go of the copy; there is nothing to read any more."""
        self._node, self.masks = None, []

    def _as_selection(self, mask):
        return mask_selection(mask, self.width, self.height)


def selection_of(data, left, top, width, height):
    """Return a selection of 8 bits a pixel."""
    selection = Selection()
    selection.setPixelData(data, left, top, width, height)
    return selection


def mask_selection(mask, width, height):
    """Return what a mask lets through as a selection."""
    return selection_of(QByteArray(mask.pixelData(0, 0, width, height)), 0, 0, width, height)


def selected(document, node):
    """Return what is selected: in the picture, or else by a layer's local selection; None where nothing is.

    A local selection is a selection mask that is shown and is no region. The API does not tell which one is active; it is the
    uppermost.
    """
    found = document.selection()
    if found is not None or node == document.rootNode() or _deselected(document):
        return found
    local = [child for child in node.childNodes() if child.type() == "selectionmask" and child.visible()]
    local = [mask for mask in local if mask.name() != UNNAMED and not mask_mix(mask.name())]
    return mask_selection(local[-1], document.width(), document.height()) if local else None


def _deselected(document):
    """Tell whether nothing is selected in the window, where a local selection is shown all the same."""
    krita = Krita.instance()
    if krita.activeWindow() is None or document != krita.activeDocument():
        return False
    action = krita.action("deselect")
    return action is not None and not action.isEnabled()


def is_open(document):
    """Tell whether a picture has not been closed."""
    return document in Krita.instance().documents()


def is_in(document, node):
    """Tell whether a layer lies in a picture; one that was deleted does not."""
    root = document.rootNode()
    while node is not None and node != root:
        node = node.parentNode()
    return node is not None


def something_below(node):
    """Tell whether something is seen below a layer, in its group or below groups that let it through."""
    parent = node.parentNode()
    if parent is None:
        return False
    for sibling in parent.childNodes():  # from the bottom
        if sibling == node:
            break
        if sibling.visible() and not is_mask(sibling):
            return True
    # The root has no parent; a group that passes through shows what lies below it.
    through = parent.parentNode() is not None and parent.blendingMode() == "pass through"
    return through and something_below(parent)


def region_masks(document, node):
    """List the masks that may be regions, from the bottom: those of the picture that are named so, and all of the layer."""
    root = document.rootNode()
    # The selection itself is a mask of the picture, called Selection Mask, and comes and goes.
    found = [child for child in root.childNodes() if is_mask(child) and mask_mix(child.name())]
    if node != root:
        found += [child for child in node.childNodes() if child.type() in ("selectionmask", "transparencymask")]
    return found


def mask_rows(mask, top, bottom, width):
    """Return rows of a mask, 8 bits a pixel."""
    return bytes(mask.pixelData(0, top, width, bottom - top))
