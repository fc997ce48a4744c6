"""GIMP's five functions: one layer's extent, its pixels in and out, what is selected, progress.

Result strips go into a layer that is not in the image yet. GIMP's own Cancel ends the plug-in's process; the image
has not been touched by then, so there is nothing to undo.
"""

from __future__ import annotations

from typing import Callable, Optional

from gi.repository import Babl, Gegl, Gimp
from gimp_formats import Format, choose
from gimp_result import add_mask, blend_like_the_engine, result_kind

from pip_plugin import Extent, Mask, PluginError, Port, Rectangle, Selections

_OUTSIDE = Gegl.AbyssPolicy.NONE  # zeros beyond the buffer

Tell = Callable[[Optional[float], str], bool]
Masking = Callable[[Gimp.Image, Gimp.Layer, Gimp.Drawable], None]


class LayerPort(Port):
    """A layer (or group) of an image.

    Parameters
    ----------
    image, drawable
        What to restore.
    tell
        See `Port.tell`.

    """

    def __init__(self, image: Gimp.Image, drawable: Gimp.Drawable, tell: Tell) -> None:
        self.image, self.drawable = image, drawable
        self._format = format_of(drawable)
        self._name = babl_name(self._format, drawable)
        self._buffer = drawable.get_buffer()
        self._width, self._height = drawable.get_width(), drawable.get_height()
        _, self._x, self._y = drawable.get_offsets()
        self._tell = tell
        self.result: Gimp.Layer | None = None
        self._into: Gegl.Buffer | None = None
        self._where = Rectangle(0, 0, 0, 0)

    def extent(self) -> Extent:
        """Size, format and profile of the layer."""
        icc = profile_of(self.image, gray=self.drawable.is_gray())
        return Extent(self._width, self._height, self._format.channels, self._format.depth, icc)

    def read(self, top: int, bottom: int) -> bytes:
        """Read a strip of the layer."""
        where = Gegl.Rectangle.new(0, top, self._width, bottom - top)
        return bytes(self._buffer.get(where, 1.0, self._name, _OUTSIDE))

    def write(self, into: Rectangle, top: int, height: int, pixels: bytes) -> None:
        """Write a strip into the result: a layer as large as what is restored, of the kind of its source."""
        if self._into is None:
            self._where = into
            kind = result_kind(self.drawable, into)
            self.result = Gimp.Layer.new(self.image, "PIP", into.width, into.height, kind, 100.0, Gimp.LayerMode.NORMAL)
            self.result.set_offsets(self._x + into.left, self._y + into.top)
            self._into = self.result.get_buffer()
        where = Gegl.Rectangle.new(0, top - into.top, into.width, height)
        self._into.set(where, self._name, pixels)

    def selection(self) -> Selections:
        """Return the selection and the channels, shifted to the layer."""
        _, some, x1, y1, x2, y2 = Gimp.Selection.bounds(self.image)
        selection = self._mask(self.image.get_selection(), x1, y1, x2, y2) if some else None
        width, height = self.image.get_width(), self.image.get_height()
        channels = reversed(self.image.get_channels())  # GIMP lists the uppermost first
        named = tuple((channel.get_name(), self._mask(channel, 0, 0, width, height)) for channel in channels)
        return Selections(selection, named)

    def tell(self, fraction: float | None, text: str) -> bool:
        """Hand progress on."""
        return self._tell(fraction, text)

    def _mask(self, channel: Gimp.Channel, x1: int, y1: int, x2: int, y2: int) -> Mask:
        buffer = channel.get_buffer()

        def rows(top: int, bottom: int) -> bytes:
            where = Gegl.Rectangle.new(self._x, self._y + top, self._width, bottom - top)
            return bytes(buffer.get(where, 1.0, "Y u8" if channel_is_linear(channel) else "Y' u8", _OUTSIDE))

        top, bottom = (min(max(y - self._y, 0), self._height) for y in (y1, y2))
        left, right = (min(max(x - self._x, 0), self._width) for x in (x1, x2))
        return Mask(Rectangle(top, left, bottom, right), rows)

    # What follows is not the port: it puts the result into the image, or throws it away.

    def insert(self, name: str, masking: Masking = add_mask) -> Gimp.Layer:
        """Put the result above its source, with its mask: the selection, or what `masking` adds. Call it within an undo group."""
        layer = self.result
        if layer is None or self._into is None:
            raise RuntimeError("there is no result")
        self._into.flush()
        layer.update(0, 0, layer.get_width(), layer.get_height())
        layer.set_name(name)
        blend_like_the_engine(layer, self.drawable, self._where)
        position = self.image.get_item_position(self.drawable)
        self.image.insert_layer(layer, self.drawable.get_parent(), position)
        masking(self.image, layer, self.drawable)
        self.result = self._into = None
        return layer

    def discard(self) -> None:
        """Throw the result away."""
        layer, self.result = self.result, None
        # What the buffer still holds is written when it goes; GIMP ends a plug-in that writes to a layer that has gone.
        if self._into is not None:
            self._into.flush()
        self._into = None
        if layer is not None:
            layer.delete()


def channel_is_linear(channel: Gimp.Channel) -> bool:
    """Tell whether a channel holds what it means as linear values (the selection) or as encoded ones (Y')."""
    return not Babl.get_name(channel.get_format()).startswith(("Y'", "Y~"))


def format_of(drawable: Gimp.Drawable) -> Format:
    """Return the format to read a drawable in.

    Raises
    ------
    PluginError
        It is indexed, or of a format that this plug-in does not know.

    """
    if drawable.is_indexed():
        raise PluginError("Indexed pictures cannot be restored.", "Convert the image with Image > Mode > RGB first.")
    own = Babl.get_name(drawable.get_format())
    chosen = choose(own)
    if chosen is None:
        raise PluginError(
            f"Layers of the format {own} cannot be restored.", "Convert the image with Image > Precision."
        )
    return chosen


def babl_name(chosen: Format, drawable: Gimp.Drawable) -> str:
    """Return the format's name in the drawable's own colour space; a plain name would mean sRGB and convert."""
    space = Babl.format_get_space(drawable.get_format())
    return str(Babl.get_name(Babl.format_with_space(chosen.babl, space)))


def profile_of(image: Gimp.Image, *, gray: bool) -> bytes:
    """Return the profile of encoded samples: the image's, or sRGB (for gray: its curve) when it has none."""
    profile = image.get_color_profile()
    if profile is None:
        # get_effective_color_profile would name linear light in a linear image, but encoded values are asked for
        profile = Gimp.ColorProfile.new_d65_gray_srgb_trc() if gray else Gimp.ColorProfile.new_rgb_srgb()
    return bytes(profile.get_icc_profile())
