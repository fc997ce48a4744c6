"""From drawables to result layers, in one undo step; shared by the dialog, the quick entries and scripts.

Everything is restored into layers that are not in the image yet; only when the last one is finished are they put in,
in one undo group. So an error, a service that dies, or GIMP's Cancel (which ends this process) leaves the image as it
was, its undo history included.
"""

from __future__ import annotations

from typing import Any, Sequence

from gi.repository import Gimp
from gimp_port import LayerPort, format_of
from gimp_source import Chosen

from pip_client import connect
from pip_plugin import HIDDEN, Done, PluginError, Sent, Settings, restore, t

LAST = "pip-restore-last"
"""Name of the parasite that keeps the last settings, also when GIMP is closed."""

ARGUMENTS = ("mix", "strength", "model", "regions", "ensemble", "recipe")
"""What the procedure takes, besides what every procedure of an image does."""


def check(image: Gimp.Image, drawables: Sequence[Gimp.Drawable]) -> list[Gimp.Drawable]:
    """Return the layers to restore.

    Raises
    ------
    PluginError
        There is none, or something is not a layer, is floating or indexed.

    """
    if not image.is_valid():
        raise PluginError("The layer is not there any more.", "Choose another one.")
    if image.get_floating_sel() is not None:
        raise PluginError(
            "There is a floating selection.", "Anchor it, or make it a layer, in the Layer menu; then restore."
        )
    if not drawables:
        raise PluginError("No layer is chosen.", "Choose one or more layers in the Layers dialog.")
    for drawable in drawables:
        if not drawable.is_valid():
            raise PluginError("The layer is not there any more.", "Choose another one.")
        if not isinstance(drawable, Gimp.Layer):
            raise PluginError("Channels and masks cannot be restored.", "Choose a layer in the Layers dialog.")
        format_of(drawable)
    # a group and a layer within it would be restored twice, one over the other
    return [drawable for drawable in drawables if not any(_within(drawable, other) for other in drawables)]


def seen(item: Gimp.Item) -> bool:
    """Whether neither an item nor a group around it is hidden."""
    parent = item.get_parent()
    return bool(item.get_visible()) and (parent is None or seen(parent))


def _within(item: Gimp.Item, group: Gimp.Item) -> bool:
    parent = item.get_parent()
    while parent is not None:
        if parent.get_id() == group.get_id():
            return True
        parent = parent.get_parent()
    return False


def restore_layers(
    image: Gimp.Image,
    drawables: Sequence[Gimp.Drawable],
    settings: Settings,
    client: Any | None = None,
    sent: Sent | None = None,
) -> list[Done]:
    """Restore layers and put the results above them.

    Parameters
    ----------
    image, drawables
        What to restore.
    settings
        How.
    client
        A connected one, or None: find or start the service.
    sent
        The first of the layers as the client has sent it, which is not sent again if it has not changed.

    Raises
    ------
    PluginError, ServiceError, Cancelled
        Nothing has been changed.

    """
    layers = check(image, drawables)
    progress = _Progress(len(layers))
    own = None if client is not None else connect("gimp", start=True)
    ports: list[LayerPort] = []
    done: list[Done] = []
    try:
        chosen = Chosen(image)
        ports += [LayerPort(image, layer, progress.tell, chosen) for layer in layers]
        for index, port in enumerate(ports):
            progress.index = index
            port.check_there()
            done.append(restore(client or own, port, settings, sent=sent if index == 0 else None))
        _insert(image, ports, done)
    finally:
        for port in ports:
            port.discard()
        if own is not None:
            own.close()
        Gimp.progress_end()
    remember(settings)
    hidden = [t(HIDDEN, name=layer.get_name()) for layer in layers if not seen(layer)]
    warn([*hidden, *(warning for each in done for warning in each.warnings)])
    Gimp.displays_flush()
    return done


def _insert(image: Gimp.Image, ports: Sequence[LayerPort], done: Sequence[Done]) -> None:
    for port in ports:
        port.check_there()
    image.undo_group_start()
    try:
        image.set_selected_layers([port.insert(each.name) for port, each in zip(ports, done)])
    finally:
        image.undo_group_end()


class _Progress:
    """GIMP's own progress bar over several layers."""

    def __init__(self, count: int) -> None:
        self.index, self._count, self._text = 0, count, ""
        Gimp.progress_init(f"PIP: {t('Looking for the restoration service')}")

    def tell(self, fraction: float | None, text: str) -> bool:
        """Show it; never stops, since GIMP's Cancel ends the process."""
        if text and text != self._text:
            self._text = text
            Gimp.progress_set_text(f"PIP: {text}")
        if fraction is not None:
            Gimp.progress_update((self.index + fraction) / self._count)
        return False


def warn(warnings: Sequence[str]) -> None:
    """Show what was odd, each once."""
    for text in dict.fromkeys(warnings):
        Gimp.message(f"PIP: {text}")


def remember(settings: Settings) -> None:
    """Keep the settings for *Repeat*."""
    data = settings.to_json().encode()
    Gimp.attach_parasite(Gimp.Parasite.new(LAST, Gimp.PARASITE_PERSISTENT, data))


def remembered() -> Settings | None:
    """Return the last settings, if there are any."""
    parasite = Gimp.get_parasite(LAST)
    return None if parasite is None else Settings.from_json(bytes(parasite.get_data()).decode(errors="replace"))


def settings_of(config: Any) -> Settings:
    """Read a procedure's arguments."""
    named: dict[str, Any] = {name: config.get_property(name) for name in ARGUMENTS}
    return Settings(**named)
