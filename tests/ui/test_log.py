from __future__ import annotations

import sys

import pytest
from PyQt6.QtWidgets import QApplication

from pip_editor.around import report
from pip_editor.around.logdialog import LogDialog


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("opening /home/anna/Pictures/wedding.jpg failed", "opening <path.jpg> failed"),
        ('File "/home/anna/src/ui/pip_editor/files.py", line 3', 'File "pip_editor/files.py", line 3'),
        (
            'File "/home/anna/my venv/lib/python3.12/site-packages/numpy/core.py", line 3',
            'File "site-packages/numpy/core.py", line 3',
        ),
        (r"cannot read C:\Users\anna\a.png", "cannot read <path.png>"),
        ("'/home/anna/our summer/beach 1.tif' is damaged", "'<path.tif>' is damaged"),
        ("~/photos/me.png", "<path.png>"),
        ("0.52 MP/s on linux, 12/40 tiles", "0.52 MP/s on linux, 12/40 tiles"),
        ("https://example.org/a/b", "https://example.org/a/b"),
    ],
)
def test_a_report_holds_no_private_paths(text, clean):
    assert report.redacted(text) == clean


def test_a_report_holds_no_name_of_the_user(monkeypatch):
    monkeypatch.setattr(report.getpass, "getuser", lambda: "anna")
    assert report.redacted("client of anna, annabel") == "client of USER, annabel"


def test_the_log_is_shown_and_a_report_copied(qtbot):
    path = report.logs()["editor"]
    path.parent.mkdir(parents=True)
    path.write_text("WARNING: /home/anna/x.png is damaged\n")
    doctor = [sys.executable, "-c", "print('ok   program pip-editor'); print('BAD  cache /home/anna/.cache')"]
    dialog = LogDialog(doctor=doctor)
    qtbot.addWidget(dialog)
    assert "is damaged" in dialog.text.toPlainText()
    dialog.copy.click()
    qtbot.waitUntil(lambda: "Copied" in dialog.note.text(), timeout=60_000)
    text = QApplication.clipboard().text()
    assert "ok   program" in text
    assert "<path.png> is damaged" in text
    assert "anna" not in text
    dialog.which.setCurrentIndex(1)
    dialog.which.activated.emit(1)
    assert dialog.text.toPlainText() == "Nothing is noted here."


def test_a_doctor_that_cannot_be_had_is_no_end(qtbot):
    dialog = LogDialog(doctor=["/nowhere/doctor"])
    qtbot.addWidget(dialog)
    dialog.copy.click()
    qtbot.waitUntil(lambda: "Copied" in dialog.note.text(), timeout=60_000)
    assert "(no answer)" in QApplication.clipboard().text()
