"""The preview: a window onto the layer at full size, before to the left of the line, after to the right.

Dragging near the line moves the line; dragging elsewhere moves the picture. The widget knows no service: whoever made
it is told when another part is wanted, and hands in the pixels.
"""

from __future__ import annotations

from typing import Callable

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, GdkPixbuf, Gegl, GLib, Gtk
from gimp_port import LayerPort
from gimp_source import Chosen

from pip_plugin import Rectangle, Selections, t

SHOWN = "R'G'B'A u8"
"""What the screen takes: sRGB, 8 bits."""
SMALLEST = (480, 360)
"""Width and height, px, where the layer is as large; it grows with the dialog."""
LARGEST = (1200, 900)
"""A megapixel, which a laptop restores in about two seconds."""
_NEAR = 8
_MORE = 24
"""Px that the room has to grow by to be used: what is shown is restored anew then."""


class PreviewPort(LayerPort):
    """A layer of which a part is restored for the screen; the image gets nothing of it."""

    _part: Gegl.Buffer | None = None
    _size = (0, 0)

    def selection(self) -> Selections:
        """Return what is selected now: the dialog stays open while somebody selects."""
        self.check_valid()
        self._chosen = Chosen(self.image)
        return super().selection()

    def before(self, part: Rectangle) -> bytes:
        """Return a part of what the layer shows, as the screen takes it."""
        self.check_valid()
        where = Gegl.Rectangle.new(part.left, part.top, part.width, part.height)
        return bytes(self._now().get(where, 1.0, SHOWN, Gegl.AbyssPolicy.NONE))

    def write(self, into: Rectangle, top: int, height: int, pixels: bytes) -> None:
        """Keep a strip."""
        if self._part is None:
            self._part, self._size = (
                Gegl.Buffer.new(self._name, 0, 0, into.width, into.height),
                (into.width, into.height),
            )
        self._part.set(Gegl.Rectangle.new(0, top - into.top, into.width, height), self._name, pixels)

    def taken(self) -> bytes | None:
        """Return what was restored, as the screen takes it, and begin anew."""
        part, self._part = self._part, None
        where = Gegl.Rectangle.new(0, 0, *self._size)
        return None if part is None else bytes(part.get(where, 1.0, SHOWN, Gegl.AbyssPolicy.NONE))


class Preview(Gtk.DrawingArea):
    """Shows a part of a layer, before and after.

    Parameters
    ----------
    width, height
        Of the layer, px.
    centre
        What to show first: x, y in the layer.
    moved
        Called when another part is wanted.

    """

    def __init__(self, width: int, height: int, centre: tuple[int, int], moved: Callable[[], None]) -> None:
        super().__init__()
        self._layer = (width, height)
        self.view = (min(width, SMALLEST[0]), min(height, SMALLEST[1]))
        self._moved = moved
        self._split = 0.5
        self._before: GdkPixbuf.Pixbuf | None = None
        self._after: GdkPixbuf.Pixbuf | None = None
        self._drag: tuple[float, float, int, int] | None = None
        self._line = False
        self.left = self.top = 0
        self._go(centre[0] - self.view[0] // 2, centre[1] - self.view[1] // 2)
        self.set_size_request(*self.view)
        self.set_tooltip_text(t("Drag the line to compare, the picture to see another part."))
        self.add_events(
            Gdk.EventMask.BUTTON_PRESS_MASK | Gdk.EventMask.BUTTON_RELEASE_MASK | Gdk.EventMask.BUTTON1_MOTION_MASK
        )
        self.connect("draw", self._draw)
        self.connect("size-allocate", self._allocated)
        self.connect("button-press-event", self._press)
        self.connect("motion-notify-event", self._move)
        self.connect("button-release-event", self._release)

    @property
    def part(self) -> Rectangle:
        """What is shown."""
        return Rectangle(self.top, self.left, self.top + self.view[1], self.left + self.view[0])

    def show_before(self, pixels: bytes) -> None:
        """Show the part as it is: R, G, B, A of 8 bits in sRGB. What was after is gone."""
        self._before, self._after = self._pixbuf(pixels), None
        self.queue_draw()

    def show_after(self, pixels: bytes | None) -> None:
        """Show the part as it becomes; None: as it is."""
        self._after = None if pixels is None else self._pixbuf(pixels)
        self.queue_draw()

    def _pixbuf(self, pixels: bytes) -> GdkPixbuf.Pixbuf:
        width, height = self.view
        data = GLib.Bytes.new(pixels)
        return GdkPixbuf.Pixbuf.new_from_bytes(data, GdkPixbuf.Colorspace.RGB, True, 8, width, height, width * 4)

    def _allocated(self, _widget: Gtk.Widget, room: Gdk.Rectangle) -> None:
        """Show as much as there is room for, about the same middle."""
        (width, height), (left, top) = self.view, (self.left, self.top)
        now = min(self._layer[0], room.width, LARGEST[0]), min(self._layer[1], room.height, LARGEST[1])
        if any(new < old or new > old + _MORE for new, old in zip(now, (width, height))):
            self.view = now
            self._go(left + (width - self.view[0]) // 2, top + (height - self.view[1]) // 2)
            self._after = None  # of another part
            GLib.idle_add(self._moved)  # GTK wants no drawing while it lays out

    def _origin(self) -> tuple[int, int]:
        """Return where the picture begins: in the middle of the room that it does not fill."""
        return (
            (self.get_allocated_width() - self.view[0]) // 2,
            (self.get_allocated_height() - self.view[1]) // 2,
        )

    def _draw(self, _widget: Gtk.Widget, context: object) -> None:
        width, height = self.view
        if self._before is None:
            return
        context.translate(*self._origin())
        Gdk.cairo_set_source_pixbuf(context, self._before, 0, 0)
        context.paint()
        if self._after is None:
            return
        line = round(self._split * width)
        context.rectangle(line, 0, width - line, height)
        context.save()
        context.clip()
        Gdk.cairo_set_source_pixbuf(context, self._after, 0, 0)
        context.paint()
        context.restore()
        for shade, thick in ((0.0, 3), (1.0, 1)):  # seen on dark and on light
            context.set_source_rgb(shade, shade, shade)
            context.set_line_width(thick)
            context.move_to(line + 0.5, 0)
            context.line_to(line + 0.5, height)
            context.stroke()

    def _press(self, _widget: Gtk.Widget, event: Gdk.EventButton) -> bool:
        self._line = self._after is not None and abs(event.x - self._origin()[0] - self._split * self.view[0]) <= _NEAR
        self._drag = (event.x, event.y, self.left, self.top)
        return True

    def _move(self, _widget: Gtk.Widget, event: Gdk.EventMotion) -> bool:
        if self._drag is None:
            return False
        if self._line:
            self._split = min(max((event.x - self._origin()[0]) / self.view[0], 0.0), 1.0)
            self.queue_draw()
        else:
            x, y, left, top = self._drag
            before = (self.left, self.top)
            self._go(left + round(x - event.x), top + round(y - event.y))
            if before != (self.left, self.top):
                self._moved()
        return True

    def _release(self, _widget: Gtk.Widget, _event: Gdk.EventButton) -> bool:
        self._drag = None
        return True

    def _go(self, left: int, top: int) -> None:
        self.left = min(max(left, 0), self._layer[0] - self.view[0])
        self.top = min(max(top, 0), self._layer[1] - self.view[1])
