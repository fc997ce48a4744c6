"""Fingers: on a touch screen one of them works as the mouse does, two move and zoom; on a touch pad two move, and pinch.

A press of one finger is told only when it has moved a little or is lifted again: two fingers never come down at the same moment, and
the first of them must not paint. If a stroke has begun all the same, the second finger takes it back.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, Protocol

from PyQt6.QtCore import QEvent, QPointF, Qt
from PyQt6.QtGui import QEventPoint, QInputDevice, QMouseEvent, QNativeGestureEvent, QTouchEvent, QWheelEvent

if TYPE_CHECKING:
    from pip_editor.canvas.view import View

SLOP: Final = 8.0
"""A finger that moves less is a tap, px of the widget."""
_NEAREST: Final = 16.0
"""Fingers nearer to each other than that count as if they were so far apart: their distance is by chance, px."""


class Touched(Protocol):
    """A widget that is touched: what fingers do to it."""

    @property
    def view(self) -> View:
        """Where the photo lies."""
        ...

    def mapFromGlobal(self, point: QPointF) -> QPointF:
        """Return where a point of the screen lies on the widget."""
        ...

    def set_view(self, view: View) -> None:
        """Look at another part."""
        ...

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Begin what a press begins."""
        ...

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Go on with it."""
        ...

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        """End it."""
        ...

    def drop(self) -> None:
        """Take back what a press has begun."""
        ...


class Fingers:
    """Those on a touch screen."""

    def __init__(self, host: Touched) -> None:
        self._host = host
        self._first: QPointF | None = None
        """Where the only finger came down; None before, and once a second one has come."""
        self._pressed = False
        self._pair: list[tuple[int, QPointF]] = []
        """Numbers of two fingers, and where they were the last time."""
        self._spent = False
        """Until all fingers are lifted, one that is left of two does nothing."""

    def take(self, event: QTouchEvent) -> bool:
        """Take an event, and accept it, so that Qt makes none of the mouse of it; returns whether no finger is left."""
        event.accept()
        if event.type() == QEvent.Type.TouchCancel:
            if self._pressed:
                self._host.drop()
            self._lifted()
            return True
        down = [point for point in event.points() if point.state() != QEventPoint.State.Released]
        if len(down) > 1:
            self._two(down[:2])
        else:
            self._pair = []
            if not self._spent:
                self._one(event)
        if not down:
            self._lifted()
        return not down

    def _lifted(self) -> None:
        self._first, self._pressed, self._pair, self._spent = None, False, [], False

    def _two(self, points: list[QEventPoint]) -> None:
        if self._pressed:
            self._host.drop()
        self._first, self._pressed, self._spent = None, False, True
        before, self._pair = self._pair, [(point.id(), self._place(point)) for point in points]
        if [number for number, _ in before] == [number for number, _ in self._pair]:
            (_, one), (_, other) = before
            (_, one_now), (_, other_now) = self._pair
            factor = _apart(one_now, other_now) / _apart(one, other)
            self._host.set_view(self._host.view.carried(factor, (one + other) / 2, (one_now + other_now) / 2))

    def _one(self, event: QTouchEvent) -> None:
        point = event.points()[0]
        at = self._place(point)
        if self._first is None:
            self._first = at
        moved = math.hypot(at.x() - self._first.x(), at.y() - self._first.y())
        lifted = point.state() == QEventPoint.State.Released
        if not self._pressed and (moved > SLOP or lifted):
            self._pressed = True
            self._tell(event, QEvent.Type.MouseButtonPress, self._first)
        if self._pressed:
            self._tell(event, QEvent.Type.MouseButtonRelease if lifted else QEvent.Type.MouseMove, at)

    def _tell(self, event: QTouchEvent, kind: QEvent.Type, at: QPointF) -> None:
        host, left, none = self._host, Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        tell, button, held = {
            QEvent.Type.MouseButtonPress: (host.mousePressEvent, left, left),
            QEvent.Type.MouseMove: (host.mouseMoveEvent, none, left),
            QEvent.Type.MouseButtonRelease: (host.mouseReleaseEvent, left, none),
        }[kind]
        tell(QMouseEvent(kind, at, event.points()[0].globalPosition(), button, held, event.modifiers()))

    def _place(self, point: QEventPoint) -> QPointF:
        return self._host.mapFromGlobal(point.globalPosition())


def gestured(event: QNativeGestureEvent, view: View) -> View | None:
    """Return the view after a gesture on a touch pad, of those that the system tells; None for one that means nothing here."""
    kind, gesture = event.gestureType(), Qt.NativeGestureType
    if kind == gesture.ZoomNativeGesture:
        return view.carried(max(1 + event.value(), 0.1), event.position(), event.position())
    if kind == gesture.PanNativeGesture:
        return view.panned(event.delta())
    if kind == gesture.SmartZoomNativeGesture:  # a double tap of two fingers
        fitted = view.fitted()
        return view.zoomed(1.0, event.position()) if math.isclose(view.zoom, fitted.zoom) else fitted
    if kind in {gesture.BeginNativeGesture, gesture.EndNativeGesture}:
        return view
    return None


def scrolled(event: QWheelEvent) -> QPointF | None:
    """Return how far two fingers moved on a touch pad, px of the widget; None for a mouse's wheel.

    Systems that tell when a movement begins do so for touch pads; others name the device.
    """
    device = event.pointingDevice()
    pad = device is not None and device.type() == QInputDevice.DeviceType.TouchPad
    if not pad and event.phase() == Qt.ScrollPhase.NoScrollPhase:
        return None
    pixels = event.pixelDelta()
    return QPointF(event.angleDelta()) / 2 if pixels.isNull() else QPointF(pixels)


def _apart(one: QPointF, other: QPointF) -> float:
    return max(math.hypot(one.x() - other.x(), one.y() - other.y()), _NEAREST)
