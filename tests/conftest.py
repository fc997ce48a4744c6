"""Shared by all tests: one thread, so that results do not depend on the machine, and folders of the user kept out."""

from __future__ import annotations

import os

import pytest

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("PIP_EDITOR_RUNTIME", "torch")  # a comparison of runtimes has other results each time
os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", "/nonexistent")


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
