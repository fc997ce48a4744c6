"""GIMP's five functions: one layer's extent, its pixels in and out, what is selected, progress.

Result strips go into a layer that is not in the image yet. GIMP's own Cancel ends the plug-in's process; the image
has not been touched by then, so there is nothing to undo.
"""

from __future__ import annotations

from typing import Callable, Optional

from gi.repository import Babl, Gegl, Gimp
from gimp_formats import Format, choose
from gimp_result import add_mask, blend_like_the_engine, result_kind
from gimp_source import Chosen, filtered

from pip_plugin import Extent, PluginError, Port, Rectangle, Selections, t

_OUTSIDE = Gegl.AbyssPolicy.NONE  # zeros beyond the buffer

Tell = Callable[[Optional[float], str], bool]


class LayerPort(Port):
    """A layer (or group) of an image.

    Parameters
    ----------
    image, drawable
        What to restore.
    tell
        See `Port.tell`.
    chosen
        What is selected; None: what is selected now.

    Raises
    ------
    PluginError
        Its filters cannot be taken along.

    """

    def __init__(self, image: Gimp.Image, drawable: Gimp.Drawable, tell: Tell, chosen: Chosen | None = None) -> None:
        self.image, self.drawable = image, drawable
        self._format = format_of(drawable)
        self._name = babl_name(self._format, drawable)
        self._filtered = filtered(drawable)
        self._buffer = self._now()
        self._width, self._height = drawable.get_width(), drawable.get_height()
        _, self._x, self._y = drawable.get_offsets()
        self._kind = kind_of(image)
        self._tell = tell
        self._chosen = chosen or Chosen(image)
        self.result: Gimp.Layer | None = None
        self._into: Gegl.Buffer | None = None
        self._where = Rectangle(0, 0, 0, 0)

    def extent(self) -> Extent:
        """Size, format and profile of the layer."""
        icc = profile_of(self.image, gray=self.drawable.is_gray())
        return Extent(self._width, self._height, self._format.channels, self._format.depth, icc)

    def read(self, top: int, bottom: int) -> bytes:
        """Read a strip of the layer."""
        if self._filtered is None:
            self.check_valid()
        where = Gegl.Rectangle.new(0, top, self._width, bottom - top)
        return bytes(self._buffer.get(where, 1.0, self._name, _OUTSIDE))

    def write(self, into: Rectangle, top: int, height: int, pixels: bytes) -> None:
        """Write a strip into the result: a layer as large as what is restored, of the kind of its source."""
        if self._into is None:
            self.check_there()
            self._where = into
            kind = result_kind(self.drawable, self._buffer, into)
            self.result = Gimp.Layer.new(self.image, "PIP", into.width, into.height, kind, 100.0, Gimp.LayerMode.NORMAL)
            self._into = self.result.get_buffer()
        where = Gegl.Rectangle.new(0, top - into.top, into.width, height)
        self._into.set(where, self._name, pixels)

    def selection(self) -> Selections:
        """Return the selection and the channels, shifted to the layer, as they were to begin with."""
        return self._chosen.over((self._x, self._y, self._width, self._height))

    def tell(self, fraction: float | None, text: str) -> bool:
        """Hand progress on."""
        return self._tell(fraction, text)

    def _now(self) -> Gegl.Buffer:
        """Return what the layer shows."""
        return self.drawable.get_buffer() if self._filtered is None else self._filtered

    # What follows is not the port: it puts the result into the image, or throws it away.

    def check_valid(self) -> None:
        """See that the layer is there: GIMP ends a plug-in that reads one that has gone.

        Raises
        ------
        PluginError
            It is not.

        """
        image, drawable = self.image, self.drawable
        if not image.is_valid() or not drawable.is_valid() or drawable.get_image().get_id() != image.get_id():
            raise PluginError("The layer was removed before the result came back.", "Undo that, and try again.")

    def check_there(self) -> None:
        """See that the result still fits its layer. Call it before the undo group.

        Raises
        ------
        PluginError
            The layer has gone, or is not as large or of the kind that it was.

        """
        self.check_valid()
        size = self.drawable.get_width(), self.drawable.get_height()
        if size != (self._width, self._height) or kind_of(self.image) != self._kind:
            raise PluginError(
                "The layer's size or mode was changed before the result came back.", "Undo that, and try again."
            )

    def insert(self, name: str) -> Gimp.Layer:
        """Put the result above its source, wherever that lies now, with the selection as its mask. Call it within an undo group."""
        selection = self._chosen.selection
        return self.insert_masked(name, selection, (self._x + self._where.left, self._y + self._where.top))

    def insert_masked(self, name: str, mask: Gegl.Buffer | None, at: tuple[int, int] = (0, 0)) -> Gimp.Layer:
        """Put the result above its source, with a mask of which the pixel `at`, x and y, is its first; None: none but its source's."""
        layer = self.result
        if layer is None or self._into is None:
            raise RuntimeError("there is no result")
        self._into.flush()
        layer.update(0, 0, layer.get_width(), layer.get_height())
        layer.set_name(name)
        _, x, y = self.drawable.get_offsets()
        layer.set_offsets(x + self._where.left, y + self._where.top)
        blend_like_the_engine(layer, self.drawable, self._buffer, self._where)
        position = self.image.get_item_position(self.drawable)
        self.image.insert_layer(layer, self.drawable.get_parent(), position)
        add_mask(layer, self.drawable, self._where, mask, at)
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


def kind_of(image: Gimp.Image) -> tuple[object, object]:
    """Return what a layer has to be to fit into an image."""
    return image.get_base_type(), image.get_precision()


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
            t("Layers of the format {name} cannot be restored.", name=own), "Convert the image with Image > Precision."
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
