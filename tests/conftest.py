"""Shared by all tests: nothing depends on the machine, on how busy it is, or on the user's folders."""

from __future__ import annotations

import os
import sys

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("PIP_EDITOR_RUNTIME", "torch")  # a comparison of runtimes has other results each time
os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", "/nonexistent")
# The default gives an example 200 ms, which a busy machine does not keep, and other examples each time.
settings.register_profile("here", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("here")


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))


@pytest.fixture(autouse=True)
def _no_question_is_left_open(monkeypatch):
    """Fail where the window asks something that the test does not answer: it would wait for ever."""

    def ask(_parent, title, text, *_buttons):
        raise AssertionError(f"nobody answers: {title} {text}")

    if "PyQt6.QtWidgets" in sys.modules:
        monkeypatch.setattr(sys.modules["PyQt6.QtWidgets"].QMessageBox, "question", ask)
