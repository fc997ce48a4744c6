"""What is restored, as it is when it is asked for: the pixels that a layer shows, the selection, the channels.

Somebody may work on in GIMP meanwhile: what is kept here does not change with that.
"""

from __future__ import annotations

from typing import Any

from gi.repository import Babl, Gegl, Gimp

from pip_plugin import Mask, PluginError, Rectangle, Selections

_OUTSIDE = Gegl.AbyssPolicy.NONE  # zeros beyond the buffer


def filtered(drawable: Gimp.Drawable) -> Gegl.Buffer | None:
    """Return a layer's pixels with its filters, which GIMP's buffer of it leaves out; None where no filter is on.

    Raises
    ------
    PluginError
        It is a group with filters of its own, or a filter reaches beyond the layer.

    """
    if not any(each.get_visible() for each in drawable.get_filters()):
        return None
    if drawable.is_group():
        raise PluginError(
            "The group has filters of its own.", "Merge the group, or switch its filters off; then restore."
        )
    copy = drawable.get_image().duplicate()  # to merge them in a layer of the image itself would be a step of its undo
    try:
        layer = _counterpart(drawable, copy)
        if not layer.merge_filters() or _place(layer) != _place(drawable):
            raise PluginError(
                "A filter reaches beyond the layer.", "Merge the layer's filters, or switch them off; then restore."
            )
        return _copied(layer, Gegl.Rectangle.new(0, 0, layer.get_width(), layer.get_height()))
    finally:
        copy.delete()


def _counterpart(drawable: Gimp.Drawable, copy: Gimp.Image) -> Gimp.Layer:
    """Return the layer of a duplicated image that lies where a layer lies in its own."""
    parent, at = drawable.get_parent(), drawable.get_image().get_item_position(drawable)
    return (copy.get_layers() if parent is None else _counterpart(parent, copy).get_children())[at]


def _place(layer: Gimp.Layer) -> tuple[int, ...]:
    _, x, y = layer.get_offsets()
    return x, y, layer.get_width(), layer.get_height()


def _copied(drawable: Gimp.Drawable, where: Gegl.Rectangle) -> Gegl.Buffer:
    """Copy a part of a drawable, bit for bit, to where it lies there."""
    buffer = drawable.get_buffer()
    kept = Gegl.Buffer.new(Babl.get_name(drawable.get_format()), where.x, where.y, where.width, where.height)
    buffer.copy(where, _OUTSIDE, kept, where)
    return kept


class Chosen:
    """The selection and the channels of an image: the selection as it was when this was made, channels as they were when first read.

    Parameters
    ----------
    image
        Whose they are.

    """

    def __init__(self, image: Gimp.Image) -> None:
        _, some, x1, y1, x2, y2 = Gimp.Selection.bounds(image)
        self._box = (x1, y1, x2, y2)
        self.selection: Gegl.Buffer | None = None
        """In the image's coordinates; None when there is none, which means: everything."""
        if some:
            self.selection = _copied(image.get_selection(), Gegl.Rectangle.new(x1, y1, x2 - x1, y2 - y1))
        self._whole = (0, 0, image.get_width(), image.get_height())
        channels = reversed(image.get_channels())  # GIMP lists the uppermost first
        self._named = [(channel.get_name(), _Channel(channel, self._whole)) for channel in channels]

    def over(self, layer: tuple[int, ...]) -> Selections:
        """Return them shifted to a layer, which lies at x and y of the image and is so wide and so high."""
        selection = None
        if self.selection is not None:
            selection = _mask(self._selected, layer, self._box)
        return Selections(selection, tuple((name, _mask(each.rows, layer, self._whole)) for name, each in self._named))

    def _selected(self, where: Gegl.Rectangle) -> bytes:
        return bytes(self.selection.get(where, 1.0, "Y u8", _OUTSIDE))


class _Channel:
    """A channel, copied when it is read first: most of them never are."""

    def __init__(self, channel: Gimp.Channel, box: tuple[int, ...]) -> None:
        self._channel, self._box = channel, box
        self._plain = "Y u8" if channel_is_linear(channel) else "Y' u8"
        self._kept: Gegl.Buffer | None = None

    def rows(self, where: Gegl.Rectangle) -> bytes:
        if self._kept is None:
            self._kept = _copied(self._channel, Gegl.Rectangle.new(*self._box))
        return bytes(self._kept.get(where, 1.0, self._plain, _OUTSIDE))


def channel_is_linear(channel: Gimp.Channel) -> bool:
    """Tell whether a channel holds what it means as linear values (the selection) or as encoded ones (Y')."""
    return not Babl.get_name(channel.get_format()).startswith(("Y'", "Y~"))


def _mask(part: Any, layer: tuple[int, ...], box: tuple[int, ...]) -> Mask:
    x, y, width, height = layer
    x1, y1, x2, y2 = box

    def rows(top: int, bottom: int) -> bytes:
        return bytes(part(Gegl.Rectangle.new(x, y + top, width, bottom - top)))

    top, bottom = (min(max(edge - y, 0), height) for edge in (y1, y2))
    left, right = (min(max(edge - x, 0), width) for edge in (x1, x2))
    return Mask(Rectangle(top, left, bottom, right), rows)
