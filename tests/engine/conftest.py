"""What the tests of the runtimes share: a small model, and one folder for what is exported."""

from __future__ import annotations

import pytest

from pip_backend.engine.runtimes import openvino_files


@pytest.fixture(scope="session")
def exports(tmp_path_factory):
    """Give one folder of exports for all tests of the runtimes: each export takes seconds."""
    return tmp_path_factory.mktemp("exports")


@pytest.fixture
def kept_exports(exports, monkeypatch):
    """Keep what is exported in the folder that the other tests use."""
    monkeypatch.setattr(openvino_files, "exports_folder", lambda: exports)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    """Give a small model that no test changes."""
    from .runtime_models import small_model  # needs torch, which most tests of the engine do without

    return small_model(tmp_path_factory.mktemp("tiny"))
