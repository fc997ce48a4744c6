"""What a result layer is beside its pixels: with or without alpha, how it blends, its mask."""

from __future__ import annotations

import operator
from array import array
from typing import TYPE_CHECKING

from gi.repository import Babl, Gegl, Gimp

from pip_client.picture import STRIP

if TYPE_CHECKING:
    from pip_plugin import Rectangle

_SOFT = "Y float"


def result_kind(source: Gimp.Drawable, shown: Gegl.Buffer, into: Rectangle) -> Gimp.ImageType:
    """Return the kind of a result layer that covers `into`: with alpha only where its source, which shows these pixels, needs one.

    Where the source is translucent there and the lowest of what is seen, its result is opaque and takes its transparency from
    the source below it; with an alpha of its own, it would hide the source by a part only.
    """
    kind = source.type()
    if not is_translucent(source, shown, into) or something_below(source):
        return kind
    return Gimp.ImageType.GRAY_IMAGE if source.is_gray() else Gimp.ImageType.RGB_IMAGE


def blend_like_the_engine(layer: Gimp.Layer, source: Gimp.Drawable, shown: Gegl.Buffer, into: Rectangle) -> None:
    """Have the mask of a result that covers `into` fade encoded values, as the engine does, and never add to what its source covers.

    The encoding is that of the image where it has one, so that where the mask is zero no bit is converted there and back.
    """
    encoded = "'" in Babl.get_name(source.get_format()).split(" ")[0]
    space = Gimp.LayerColorSpace.RGB_NON_LINEAR if encoded else Gimp.LayerColorSpace.RGB_PERCEPTUAL
    layer.set_blend_space(space)
    layer.set_composite_space(space)
    if is_translucent(source, shown, into) or mask_of(source) is not None:
        layer.set_composite_mode(Gimp.LayerCompositeMode.CLIP_TO_BACKDROP)


def mask_of(drawable: Gimp.Drawable) -> Gimp.LayerMask | None:
    """Return the mask that bounds a layer: one that is switched off does not."""
    return drawable.get_mask() if isinstance(drawable, Gimp.Layer) and drawable.get_apply_mask() else None


def is_translucent(drawable: Gimp.Drawable, shown: Gegl.Buffer, within: Rectangle) -> bool:
    """Tell whether a drawable has an alpha that is not full everywhere in a rectangle of what it shows."""
    if not drawable.has_alpha():
        return False
    for top in range(within.top, within.bottom, STRIP):
        where = Gegl.Rectangle.new(within.left, top, within.width, min(STRIP, within.bottom - top))
        alpha = bytes(shown.get(where, 1.0, "A u8", Gegl.AbyssPolicy.NONE))
        if alpha.count(255) < len(alpha):
            return True
    return False


def something_below(item: Gimp.Item) -> bool:
    """Tell whether something is seen below an item: in its group, and below groups that let it through."""
    parent = item.get_parent()
    siblings = item.get_image().get_layers() if parent is None else parent.get_children()
    at = [sibling.get_id() for sibling in siblings].index(item.get_id())
    if any(sibling.get_visible() for sibling in siblings[at + 1 :]):
        return True
    return parent is not None and parent.get_mode() == Gimp.LayerMode.PASS_THROUGH and something_below(parent)


def add_mask(
    layer: Gimp.Layer, source: Gimp.Drawable, where: Rectangle, mask: Gegl.Buffer | None, at: tuple[int, int]
) -> None:
    """Give a layer that covers `where` of its source a mask, within the mask that its source has.

    Parameters
    ----------
    layer, source, where
        In the image both.
    mask
        Soft or not; zero beyond its edges. None: none but the source's.
    at
        Which pixel of it, x and y, is the layer's first.

    """
    own = mask_of(source)
    if own is None and mask is None:
        return
    made = layer.create_mask(Gimp.AddMaskType.WHITE)
    buffer, outside = made.get_buffer(), Gegl.AbyssPolicy.NONE
    bounds = None if own is None else own.get_buffer()
    for top in range(0, where.height, STRIP):
        height = min(STRIP, where.height - top)
        here = Gegl.Rectangle.new(0, top, where.width, height)
        of_mask = Gegl.Rectangle.new(at[0], at[1] + top, where.width, height)
        of_source = Gegl.Rectangle.new(where.left, where.top + top, where.width, height)
        if bounds is None:
            mask.copy(of_mask, outside, buffer, here)  # bit for bit
        elif mask is None:
            bounds.copy(of_source, outside, buffer, here)
        else:
            both = (bytes(of.get(part, 1.0, _SOFT, outside)) for of, part in ((mask, of_mask), (bounds, of_source)))
            buffer.set(here, _SOFT, multiplied(*both))
    buffer.flush()
    layer.add_mask(made)


def multiplied(mask: bytes, bounds: bytes) -> bytes:
    """Return a soft mask within another one: their product, of 32-bit floats."""
    full = array("f", [1.0]) * (len(mask) // 4)
    if bounds == full.tobytes():
        return mask
    return array("f", map(operator.mul, array("f", mask), array("f", bounds))).tobytes()
