"""The Qt that this Krita was built with: PyQt5 in Krita 5, PyQt6 in Krita 6.

Asked of Krita, not of what can be imported: where both are installed, the wrong one would load a second Qt into the
process. Enumerations are written with their class (`Qt.Orientation.Horizontal`), as both know them.
"""

import os

from krita import Krita

if Krita.instance().version().startswith("5"):
    from PyQt5.QtCore import QByteArray, QLocale, QObject, QPoint, QPointF, QRect, Qt, QThread, QTimer, pyqtSignal
    from PyQt5.QtGui import QColor, QIcon, QImage, QPainter, QPen
    from PyQt5.QtWidgets import (
        QApplication,
        QCheckBox,
        QComboBox,
        QFormLayout,
        QFrame,
        QHBoxLayout,
        QLabel,
        QListWidget,
        QListWidgetItem,
        QProgressBar,
        QPushButton,
        QScrollArea,
        QSizePolicy,
        QSlider,
        QVBoxLayout,
        QWidget,
    )
else:
    from PyQt6.QtCore import QByteArray, QLocale, QObject, QPoint, QPointF, QRect, Qt, QThread, QTimer, pyqtSignal
    from PyQt6.QtGui import QColor, QIcon, QImage, QPainter, QPen
    from PyQt6.QtWidgets import (
        QApplication,
        QCheckBox,
        QComboBox,
        QFormLayout,
        QFrame,
        QHBoxLayout,
        QLabel,
        QListWidget,
        QListWidgetItem,
        QProgressBar,
        QPushButton,
        QScrollArea,
        QSizePolicy,
        QSlider,
        QVBoxLayout,
        QWidget,
    )

__all__ = [
    "QApplication",
    "QByteArray",
    "QCheckBox",
    "QColor",
    "QComboBox",
    "QFormLayout",
    "QFrame",
    "QHBoxLayout",
    "QIcon",
    "QImage",
    "QLabel",
    "QListWidget",
    "QListWidgetItem",
    "QObject",
    "QPainter",
    "QPen",
    "QPoint",
    "QPointF",
    "QProgressBar",
    "QPushButton",
    "QRect",
    "QScrollArea",
    "QSizePolicy",
    "QSlider",
    "QThread",
    "QTimer",
    "QVBoxLayout",
    "QWidget",
    "Qt",
    "languages",
    "position_of",
    "pyqtSignal",
]


def languages():
    """Return the tags of Krita's languages, the dearest first: it sets the variables by its own choice."""
    told = [os.environ.get(name, "") for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")]
    return [tag for tags in told for tag in tags.split(":") if tag] + [QLocale().name()]


def position_of(event):
    """Return where a mouse event happened, which is called differently in Qt 5 and 6."""
    return event.position() if hasattr(event, "position") else QPointF(event.localPos())
