"""The way from a host's pixels to the service and back, the same for every host.

`restore` reads the port's layer by strips, asks the service, and hands finished strips to the port. The port's result
stays out of the host's picture until the host puts it there, so whatever is raised on the way leaves no trace.

One region (a selection) has one prompt everywhere, soft or not: the region module of the backend defines it so. So for
a result that gets the selection as its layer mask, the service is asked for full strength wherever the selection is
more than zero, and the mask fades it: the user can paint on it afterwards. With several regions (channels), or for a
preview, the service blends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, NamedTuple

from pip_client import Cancelled, Picture, ServiceError, parse_mix
from pip_client.picture import STRIP

from .naming import channel_mix, layer_name
from .port import Mask, PluginError, Port, Rectangle, Rows
from .recipes import find_recipe, protection, weakened
from .settings import BY_CHANNELS, SUGGEST, Settings
from .words import t

if TYPE_CHECKING:
    from pip_client import Client

    from .sent import Check, Sent

Mix = Dict[str, float]
Region = Dict[str, Any]

_HARD = bytes([0]) + b"\xff" * 255
"""Translation table: what is selected at all is selected."""

TOLD = {"Loading the network": "Loading the network, which takes longest the first time"}
"""What the service says, as people in a host are told it."""


class Done(NamedTuple):
    """What was done."""

    name: str
    """What to call the layer."""
    mix: Mix
    """What was removed; of several regions, the most of each; of a recipe, nothing is told."""
    rectangle: Rectangle
    """Where the port got pixels."""
    warnings: tuple[str, ...]


def picture_of(port: Port) -> Picture:
    """Return the port's layer as the client takes it. Where it may be wanted a second time, `Sent` has it."""
    extent = port.extent()
    return Picture(extent.width, extent.height, extent.channels, extent.depth, port.read, icc=extent.icc)


def restore(
    client: Client,
    port: Port,
    settings: Settings,
    *,
    picture: Picture | None = None,
    preview: Rectangle | None = None,
    sent: Sent | None = None,
) -> Done:
    """Restore a port's layer, or a part of it.

    Parameters
    ----------
    client
        Connected.
    port
        What to restore and where finished strips go.
    settings
        What to do.
    picture
        The layer, where the service has it already; None: it is sent.
    preview
        Only this rectangle, blended as the host will show it.
    sent
        A layer that the client has sent, in place of `picture`. While the service works, it is found out whether the port's layer still is
        that; if not, it is sent and restored anew, into the same result.

    Raises
    ------
    PluginError
        There is nothing to do.
    ServiceError
        The service failed, or has gone.
    Cancelled
        `port.tell` said so.

    """
    check = sent.check(port) if sent is not None and client.keeps(sent.picture) else None
    if sent is not None and check is not None:
        try:
            done = _restored(client, port, settings, sent.picture, preview, check)
        except Cancelled:
            if not check.changed:
                raise
        except (PluginError, ServiceError):
            if check.finish():  # of this layer, and not of another one
                raise
        else:
            if check.finish():
                return done
    return _restored(client, port, settings, picture or picture_of(port), preview, None)


def _restored(
    client: Client, port: Port, settings: Settings, picture: Picture, preview: Rectangle | None, check: Check | None
) -> Done:
    """Restore once; `Cancelled` as soon as the layer is found to have changed."""
    works = False  # the service does: until then, looking at the layer would only be waited for

    def show(fraction: float, seconds: float | None, text: str) -> None:
        nonlocal works
        works = True
        _show(port, fraction, seconds, text)

    def cancelled() -> bool:
        return port.tell(None, "") or (works and check is not None and not check.step())

    found = port.selection()
    if found.selection is not None and found.selection.bounds.empty and preview is None:
        raise PluginError("The selection lies outside of the layer.", "Choose the layer that it is meant for.")
    recipe: dict[str, Any] | None = None
    name = ""
    if settings.regions == BY_CHANNELS:
        regions = channel_regions(found.named, settings.strength)
        mix: Mix = {name: max(region["mix"].get(name, 0.0) for region in regions) for name in _names(regions)}
        if preview is not None:  # the result is bounded by the selection
            regions += protection(found.selection, picture.width)
    elif settings.recipe:
        recipe, mix, name = weakened(find_recipe(client, settings.recipe), settings.strength), {}, settings.recipe
        regions = protection(found.selection, picture.width) if preview is not None else []
    else:
        mix = decide(client, port, settings.mix, picture)
        regions = [_selected(mix, settings.strength, found.selection, picture.width, soft=preview is not None)]
    into = preview or _bounds(picture, found.selection)
    report = client.restore(
        picture,
        regions=regions,
        recipe=recipe,
        model=settings.model or None,
        rectangle=into,
        ensemble=settings.ensemble,
        on_strip=lambda top, _left, height, _width, pixels: port.write(into, top, height, pixels),
        on_progress=show,
        cancelled=cancelled,
    )
    return Done(layer_name(mix, settings.strength, name), mix, into, tuple(report.get("warnings", ())))


def decide(client: Client, port: Port, text: str, picture: Picture) -> Mix:
    """Read a mix, or ask the sensor for one: of what is selected, if something is.

    Raises
    ------
    PluginError
        The sensor finds nothing, or the mix is empty.

    """
    mix: str | Mix = parse_mix(text) if text.strip() not in ("", SUGGEST) else SUGGEST
    if not isinstance(mix, dict):
        port.tell(0.0, t("Looking what is wrong"))
        within = _mask(port.selection().selection, picture.width, soft=True)
        mix = dict(client.suggest(picture, within=within, cancelled=lambda: port.tell(None, ""))["mix"])
        if not any(mix.values()):
            if within is not None:
                raise PluginError("PIP finds nothing wrong with what is selected.", "Choose yourself what to remove.")
            raise PluginError("PIP finds nothing wrong with this layer.", "Choose yourself what to remove.")
    if not any(mix.values()):
        raise PluginError("There is nothing to remove.", "Raise one of the sliders, or write a mix such as denoise=1.")
    return mix


def channel_regions(named: tuple[tuple[str, Mask], ...], strength: float = 1.0) -> list[Region]:
    """Make a region of each channel that is named after a mix.

    Raises
    ------
    PluginError
        There is none.

    """
    regions: list[Region] = []
    for name, mask in named:
        mix = channel_mix(name)
        if mix is not None and any(mix.values()) and not mask.bounds.empty:
            regions.append({"name": name, "mix": mix, "strength": strength, "mask": mask.rows, "feather": 0.0})
    if not regions:
        raise PluginError(
            "No channel is named after what to remove.",
            "Save selections to channels and name them like denoise 0.8 or brighten.",
        )
    return regions


def _selected(mix: Mix, strength: float, selection: Mask | None, width: int, *, soft: bool) -> Region:
    return {
        "name": "selection", "mix": mix, "strength": strength, "mask": _mask(selection, width, soft=soft), "feather": 0.0
    }  # fmt: skip


def _mask(selection: Mask | None, width: int, *, soft: bool) -> Rows | dict[str, Any] | None:
    """Return a selection as it is sent."""
    if selection is None:
        return None
    return _rectangle(selection, width, soft=soft) or _rows(selection, width, soft=soft)


def _rectangle(mask: Mask, width: int, *, soft: bool) -> dict[str, Any] | None:
    """Return a selection as a shape, if it is a rectangle: told in a line, where the rows of a large layer take longer to send than the rest."""
    top, left, bottom, right = mask.bounds
    if mask.bounds.empty:
        return None
    row = bytes(left) + b"\xff" * (right - left) + bytes(width - right)
    for first in range(top, bottom, STRIP):
        last = min(first + STRIP, bottom)
        rows = mask.rows(first, last)
        if (rows if soft else rows.translate(_HARD)) != row * (last - first):
            return None
    return {"type": "rectangle", "left": left, "top": top, "right": right, "bottom": bottom}


def _rows(mask: Mask, width: int, *, soft: bool) -> Rows:
    """Give the rows of a selection; the host is asked only for those that have anything."""
    first, last = mask.bounds.top, mask.bounds.bottom

    def rows(top: int, bottom: int) -> bytes:
        above, below = min(max(first, top), bottom), max(min(last, bottom), top)
        if mask.bounds.empty or above >= below:
            return bytes((bottom - top) * width)
        inside = mask.rows(above, below)
        some = inside if soft else inside.translate(_HARD)
        return bytes((above - top) * width) + some + bytes((bottom - below) * width)

    return rows


def _bounds(picture: Picture, selection: Mask | None) -> Rectangle:
    if selection is None:
        return Rectangle(0, 0, picture.height, picture.width)
    return selection.bounds


def _names(regions: list[Region]) -> list[str]:
    return sorted({name for region in regions for name in region["mix"]})


def _show(port: Port, fraction: float, seconds: float | None, text: str) -> None:
    said = t(TOLD.get(text, text) or "Restoring")
    if seconds is not None and seconds >= 1:
        said = t("{doing}, {seconds} s left", doing=said, seconds=round(seconds))
    port.tell(fraction, said)
