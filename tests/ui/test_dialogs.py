"""Laws of all dialogs around the window: names for tests and screen readers, and a place in docs/automation.md."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from PyQt6.QtCore import QRect
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QKeySequenceEdit,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QTextEdit,
    QWidget,
)

from pip_editor.around.logdialog import LogDialog
from pip_editor.around.recipedialog import RecipeDialog
from pip_editor.around.recipes import Draft

KINDS = (
    QAbstractButton, QAbstractItemView, QAbstractSlider, QAbstractSpinBox, QComboBox, QKeySequenceEdit, QLineEdit,
    QPlainTextEdit, QProgressBar, QTextEdit,
)  # fmt: skip
DIALOGS = {
    "preferencesDialog": lambda window: window.desk.open_preferences(),
    "shortcutsDialog": lambda window: window.desk.open_shortcuts(),
    "modelsDialog": lambda window: window.desk.open_models(),
    "batchDialog": lambda window: window.desk.open_batch(),
    "logDialog": lambda window: LogDialog(window, doctor=["/nowhere"]),
    "recipeDialog": lambda window: RecipeDialog(Draft.of(window.document), "mine", window),
}
TEXT = (Path(__file__).parents[2] / "docs" / "automation.md").read_text()


def internal(widget, dialog):
    """Whether Qt made it as a part of another control."""
    parent = widget.parent()
    while parent is not None and parent is not dialog:
        if isinstance(parent, (QComboBox, QAbstractSpinBox, QAbstractItemView, QLineEdit)):
            return True
        parent = parent.parent()
    return type(widget).__name__ == "QScrollBar" or widget.objectName().startswith("qt_")


@pytest.mark.parametrize("name", DIALOGS)
def test_every_control_of_a_dialog_has_its_names_and_is_in_the_documents(opened, name):
    dialog = DIALOGS[name](opened)
    assert dialog.objectName() == name
    assert f"`{name}`" in TEXT
    controls = [w for w in dialog.findChildren(QWidget) if isinstance(w, KINDS) and not internal(w, dialog)]
    names = [widget.objectName() for widget in controls]
    assert len(controls) > 3
    assert len(set(names)) == len(names)
    assert not [widget for widget in controls if not widget.objectName() or not widget.accessibleName()]
    assert not [each for each in names if f"`{each}`" not in TEXT]
    dialog.close()


def test_whatever_has_a_tooltip_says_what_it_is(opened):
    """What's this? (Shift+F1) answers for every control and action of the window that has a tooltip."""
    widgets = [widget for widget in opened.findChildren(QWidget) if widget.toolTip() and widget.isVisible()]
    assert len(widgets) > 20
    assert not [widget.objectName() for widget in widgets if not widget.whatsThis()]
    assert not [action.objectName() for action in opened.actions() if action.statusTip() and not action.whatsThis()]


@pytest.mark.parametrize("name", DIALOGS)
def test_a_dialog_can_be_used_without_a_mouse(opened, name):
    """Tab goes through every control that can be used, and Escape closes."""
    from PyQt6.QtCore import Qt
    from PyQt6.QtTest import QTest

    dialog = DIALOGS[name](opened)
    dialog.show()
    reached, widget = set(), dialog
    for _ in range(200):
        widget = widget.nextInFocusChain()
        if widget is dialog:
            break
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            reached.add(widget.objectName())
    controls = [w for w in dialog.findChildren(QWidget) if isinstance(w, KINDS) and not internal(w, dialog)]
    wanted = {w.objectName() for w in controls if not isinstance(w, (QProgressBar, QLineEdit)) and w.isVisible()}
    assert wanted <= reached | {"shortcutsEdit"}
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


@pytest.mark.parametrize("name", ["shortcutsDialog", "modelsDialog", "batchDialog", "logDialog"])
def test_a_dialog_is_no_larger_than_the_screen(opened, monkeypatch, name):
    """800 x 500 is what a small laptop has at 200 %."""
    screen = SimpleNamespace(availableGeometry=lambda: QRect(0, 0, 800, 500))
    monkeypatch.setattr(opened, "screen", lambda: screen)
    dialog = DIALOGS[name](opened)
    dialog.show()
    assert dialog.width() <= 800
    assert dialog.height() <= 500
    dialog.close()
