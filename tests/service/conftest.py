"""What the tests of the service share: folders of their own, and a service in this process."""

from __future__ import annotations

import shutil
import tempfile
import threading
from pathlib import Path

import pytest

from pip_backend.service import Limits, Server
from pip_client import connect

from .fakes import FakeRestorer


@pytest.fixture(autouse=True)
def runtime(tmp_path, monkeypatch):
    """Give each test a runtime folder with a short path, since that of a socket may not be long, and a log folder."""
    folder = Path(tempfile.mkdtemp(prefix="pip"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("PIP_EDITOR_SERVICE", raising=False)
    yield folder / "pip-editor"
    shutil.rmtree(folder)


@pytest.fixture
def restorer():
    return FakeRestorer()


@pytest.fixture
def serve(restorer):
    """Give a function that starts a service in this process."""
    running = []

    def start(make=None, **limits):
        server = Server(Limits(**limits), make or (lambda _: restorer))
        assert server.open()
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        running.append((server, thread))
        return server

    yield start
    for server, thread in running:
        server.stop("test")
        thread.join(5)
        server.close()


@pytest.fixture
def client(serve):
    serve()
    with connect("test", start=False, timeout=5) as found:
        yield found
