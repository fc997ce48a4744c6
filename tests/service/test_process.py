"""The real process: started by whoever needs it, without torch until the first job, started again when it was killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time

import numpy as np
import pytest
from PIL import Image

from pip_backend import Mix, Restorer
from pip_backend.cli import main
from pip_backend.pictures import open_picture
from pip_backend.service.place import Lock, private_folder, write_private
from pip_client import ServiceError, connect, starting

from .fakes import Canvas, as_picture, photo


@pytest.fixture
def ended():
    """End what the test started."""
    yield
    for process in starting._started:
        process.terminate()
        process.wait(10)
    starting._started.clear()


@pytest.mark.usefixtures("ended")
def test_the_first_client_starts_it_and_gets_the_pixels_of_the_command_line(tmp_path):
    pixels = photo(64, 64)
    Image.fromarray(pixels).save(tmp_path / "photo.png")
    with open_picture(tmp_path / "photo.png") as picture:
        expected = Restorer().restore_picture(picture, Mix.of(denoise=1))
    with connect("test", timeout=30) as client:
        assert client.info["device"] == "auto"  # torch is not loaded yet
        canvas = Canvas(pixels)
        client.restore(as_picture(pixels), {"denoise": 1}, on_strip=canvas)
        np.testing.assert_array_equal(canvas.pixels, expected)
        assert client.ping()["device"] != "auto"


@pytest.mark.usefixtures("ended")
def test_it_is_killed_and_every_client_survives():
    def kill(*_):
        os.kill(first, signal.SIGKILL)

    with connect("test", timeout=30) as client:
        first = client.ping()["pid"]
        with pytest.raises(ServiceError) as caught:
            client.restore(as_picture(photo()), {"denoise": 1}, on_progress=kill)
        assert caught.value.code == "gone"
        assert client.ping()["pid"] != first


@pytest.mark.usefixtures("ended")
def test_the_command_starts_shows_and_stops_it(capsys):
    assert main(["service"]) == 1
    assert main(["service", "stop"]) == 0
    assert main(["service", "start"]) == 0
    assert main(["service", "status"]) == 0
    assert main(["service", "log", "-n", "5"]) == 0
    assert main(["service", "stop"]) == 0
    out = capsys.readouterr().out
    assert out.count("The service runs since") == 2
    assert "started: version" in out
    deadline = time.monotonic() + 10
    while main(["service", "status", "--json"]) == 0:
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("action", ["status", "stop"])
@pytest.mark.parametrize("hangs", [True, False])
def test_one_that_hangs_or_whose_file_is_gone_is_not_said_to_be_away(monkeypatch, capsys, action, hangs):
    monkeypatch.setattr("pip_backend.cli.service.TIMEOUT", 0.2)
    monkeypatch.setattr("pip_backend.cli.service.PATIENCE", 0.1)
    folder = private_folder()
    lock = Lock(folder)
    assert lock.take()
    with socket.create_server(("127.0.0.1", 0)) as listener:  # whose connections nobody takes
        if hangs:
            told = {
                "protocol": 1,
                "pid": 1,
                "socket": None,
                "port": listener.getsockname()[1],
                "key": "00",
                "version": "0",
            }
            write_private(folder / "service.json", json.dumps(told))
        assert main(["service", action]) == 2
        assert f"runs (process {os.getpid()}) but does not answer" in capsys.readouterr().err
        lock.close()
        assert main(["service", action]) == {"status": 1, "stop": 0}[action]


def test_starting_it_loads_neither_torch_nor_numpy_nor_libvips():
    code = (
        "import sys, pip_backend.service.__main__, pip_backend.service.server\n"
        "assert not {'torch', 'numpy', 'pyvips'} & set(sys.modules), sorted(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
