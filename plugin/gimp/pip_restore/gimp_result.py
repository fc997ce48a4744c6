"""What a result layer is beside its pixels: with or without alpha, how it blends, its mask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gi.repository import Babl, Gegl, Gimp

from pip_client.picture import STRIP

if TYPE_CHECKING:
    from pip_plugin import Rectangle


def result_kind(source: Gimp.Drawable, into: Rectangle) -> Gimp.ImageType:
    """Return the kind of a result layer that covers `into`: with alpha only where its source needs one.

    Where the source is translucent there and the lowest of what is seen, its result is opaque and takes its transparency from
    the source below it; with an alpha of its own, it would hide the source by a part only.
    """
    kind = source.type()
    if not is_translucent(source, into) or something_below(source):
        return kind
    return Gimp.ImageType.GRAY_IMAGE if source.is_gray() else Gimp.ImageType.RGB_IMAGE


def blend_like_the_engine(layer: Gimp.Layer, source: Gimp.Drawable, into: Rectangle) -> None:
    """Have the mask of a result that covers `into` fade encoded values, as the engine does, and never add to what its source covers.

    The encoding is that of the image where it has one, so that where the mask is zero no bit is converted there and back.
    """
    encoded = "'" in Babl.get_name(source.get_format()).split(" ")[0]
    space = Gimp.LayerColorSpace.RGB_NON_LINEAR if encoded else Gimp.LayerColorSpace.RGB_PERCEPTUAL
    layer.set_blend_space(space)
    layer.set_composite_space(space)
    if is_translucent(source, into) or mask_of(source) is not None:
        layer.set_composite_mode(Gimp.LayerCompositeMode.CLIP_TO_BACKDROP)


def mask_of(drawable: Gimp.Drawable) -> Gimp.LayerMask | None:
    """Return the mask that a layer has."""
    return drawable.get_mask() if isinstance(drawable, Gimp.Layer) else None


def is_translucent(drawable: Gimp.Drawable, within: Rectangle) -> bool:
    """Tell whether a drawable has an alpha that is not full everywhere in a rectangle of it."""
    if not drawable.has_alpha():
        return False
    buffer = drawable.get_buffer()
    for top in range(within.top, within.bottom, STRIP):
        where = Gegl.Rectangle.new(within.left, top, within.width, min(STRIP, within.bottom - top))
        alpha = bytes(buffer.get(where, 1.0, "A u8", Gegl.AbyssPolicy.NONE))
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


def add_mask(image: Gimp.Image, layer: Gimp.Layer, source: Gimp.Drawable) -> None:
    """Give a layer the selection as its mask, within the mask that its source has."""
    _, some, *_ = Gimp.Selection.bounds(image)
    own = mask_of(source)
    if own is None:
        if some:
            layer.add_mask(layer.create_mask(Gimp.AddMaskType.SELECTION))
        return
    kept = Gimp.Selection.save(image) if some else None
    image.select_item(Gimp.ChannelOps.INTERSECT if some else Gimp.ChannelOps.REPLACE, own)
    layer.add_mask(layer.create_mask(Gimp.AddMaskType.SELECTION))
    if kept is None:
        Gimp.Selection.none(image)
    else:
        image.select_item(Gimp.ChannelOps.REPLACE, kept)
        image.remove_channel(kept)
