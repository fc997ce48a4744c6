"""A document without a window, and strokes in it."""

from __future__ import annotations

from PyQt6.QtCore import QPointF

from pip_editor.document import Document, Editing
from pip_editor.tools import Pointer

WIDTH, HEIGHT = 600, 300


def new_document(**options):
    document = Document(**options)
    document.set_photo(None, WIDTH, HEIGHT)
    return document, Editing(document)


def stroke(tool, points, *, drop=False, pressure=1.0, shift=False):
    tool.begin(Pointer(QPointF(*points[0]), shift=shift))
    for point in points[1:]:
        tool.move(Pointer(QPointF(*point), pressure))
    if drop:
        tool.cancel()
    else:
        tool.end(Pointer(QPointF(*points[-1])))
