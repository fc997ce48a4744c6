"""Where the service is looked for, how it is started, and what is said when it cannot be."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import types

import pytest

from pip_client import Cancelled, ServiceError, connect, link, rendezvous, starting
from pip_client.wire import Receiver, pack

TOLD = {"protocol": 1, "pid": 1, "socket": None, "port": 1, "key": "ab" * 32, "version": "0"}


@pytest.fixture(autouse=True)
def folders(tmp_path, monkeypatch):
    """Give a runtime folder and a plug-in's folder, both empty."""
    (tmp_path / "run").mkdir()
    (tmp_path / "plugin").mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.delenv("PIP_EDITOR_SERVICE", raising=False)
    monkeypatch.delenv("SNAP", raising=False)
    for module in (rendezvous, starting):
        monkeypatch.setattr(module, "plugin_folder", lambda: tmp_path / "plugin")
    monkeypatch.setattr(starting, "_FLATPAK", tmp_path / ".flatpak-info")
    return types.SimpleNamespace(run=tmp_path / "run" / "pip-editor", plugin=tmp_path / "plugin", root=tmp_path)


def tell(path, **more):
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({**TOLD, **more}))


def test_it_is_looked_for_in_three_places_in_order(folders, monkeypatch):
    tell(folders.root / "named.json", pid=1, key="01" * 32)
    tell(folders.run / "service.json", pid=2, key="02" * 32)
    tell(folders.plugin / "service.json", pid=3, key="03" * 32)
    assert [address.pid for address in rendezvous.find()] == [2, 3]
    monkeypatch.setenv("PIP_EDITOR_SERVICE", str(folders.root / "named.json"))
    assert [address.pid for address in rendezvous.find()] == [1, 2, 3]


def test_the_same_service_is_tried_once(folders):
    tell(folders.run / "service.json")
    tell(folders.plugin / "service.json")
    assert len(rendezvous.find()) == 1


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", "[" * 9999, json.dumps({**TOLD, "key": "xx"}), json.dumps({**TOLD, "port": "x"})]
)
def test_a_damaged_file_is_none(folders, text):
    folders.run.mkdir()
    (folders.run / "service.json").write_text(text)
    assert rendezvous.find() == []


def test_somebody_else_s_file_is_none(folders, monkeypatch):
    tell(folders.run / "service.json")
    monkeypatch.setattr(os, "getuid", lambda: 4711)
    assert rendezvous.read(folders.run / "service.json") is None


def test_no_pixel_goes_to_whoever_has_taken_the_port(folders):
    """Somebody who listens at a dead service's port, and does not hold its key, is found out."""
    listener = socket.create_server(("127.0.0.1", 0))
    heard = []

    def impostor():
        sock, _ = listener.accept()
        with sock:
            receiver = Receiver(sock)
            heard.append(receiver.receive(5).head["type"])
            sock.sendall(pack({"type": "challenge", "protocol": 1, "nonce": "0" * 64, "proof": "0" * 64}))
            try:
                heard.append(receiver.receive(5))
            except (EOFError, OSError):
                heard.append("hung up")

    thread = threading.Thread(target=impostor)
    thread.start()
    tell(folders.run / "service.json", port=listener.getsockname()[1])
    with pytest.raises(ServiceError) as caught:
        connect("test", start=False)
    thread.join(10)
    listener.close()
    assert caught.value.code == "not-running"
    assert heard == ["hello", "hung up"]


def test_nobody_answers_at_a_stale_address(folders):
    tell(folders.run / "service.json", socket=str(folders.run / "none.sock"), port=1)
    with pytest.raises(ServiceError, match="is not running") as caught:
        connect("test", start=False)
    assert "pip-editor service start" in caught.value.advice


def test_the_python_of_the_installation_is_used_and_the_host_s_kept_out(folders, monkeypatch):
    (folders.plugin / "install.json").write_text(json.dumps({"python": sys.executable, "version": "0"}))
    assert starting.command() == [sys.executable, "-m", "pip_backend.service"]
    monkeypatch.setenv("PYTHONHOME", "/app")
    monkeypatch.setenv("APPDIR", "/app")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/app/lib")
    environment = starting._environment()
    assert not {"PYTHONHOME", "LD_LIBRARY_PATH"} & set(environment)
    assert environment["XDG_RUNTIME_DIR"]


def test_without_an_installation_our_own_python_is_used(monkeypatch):
    assert starting.command() == [sys.executable, "-m", "pip_backend.service"]
    monkeypatch.setattr(starting, "find_spec", lambda _: None)
    with pytest.raises(ServiceError, match="where pip-editor is installed"):
        starting.command()


def test_a_flatpak_starts_it_outside_of_itself(folders, monkeypatch):
    (folders.plugin / "install.json").write_text(json.dumps({"python": "/home/me/.venv/bin/python"}))
    (folders.root / ".flatpak-info").write_text("[Context]\nshared=network;ipc;\n")
    monkeypatch.setattr(starting.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert starting.command() == [
        "/usr/bin/flatpak-spawn",
        "--host",
        "/home/me/.venv/bin/python",
        "-m",
        "pip_backend.service",
    ]
    monkeypatch.setattr(starting.shutil, "which", lambda _: None)
    with pytest.raises(ServiceError, match="flatpak") as caught:
        starting.command()
    assert "pip-editor service start" in caught.value.advice


def test_a_flatpak_that_may_start_nothing_outside_is_told_to_start_it_by_hand(folders, monkeypatch):
    """`flatpak-spawn` is there, and refused: the program that it should have started has not ended, it never was."""
    (folders.plugin / "install.json").write_text(json.dumps({"python": sys.executable}))
    (folders.root / ".flatpak-info").write_text("[Context]\nshared=network;ipc;\n")
    monkeypatch.setattr(starting, "start", lambda: started_as("raise SystemExit(1)"))
    with pytest.raises(ServiceError) as caught:
        connect("gimp", start=True, timeout=5)
    assert "pip-editor service start" in caught.value.advice


def test_a_flatpak_without_a_network_is_told_how_to_get_it(folders, monkeypatch):
    (folders.root / ".flatpak-info").write_text("[Context]\nshared=ipc;\n")
    monkeypatch.setenv("FLATPAK_ID", "org.gimp.GIMP")
    error = starting.unreachable(started=True)
    assert "shares no network" in error.message
    assert "--share=network org.gimp.GIMP" in error.advice


def test_a_snap_is_told_to_start_it_by_hand(folders, monkeypatch):
    (folders.plugin / "install.json").write_text(json.dumps({"python": sys.executable}))
    monkeypatch.setenv("SNAP", "/snap/gimp/1")
    monkeypatch.setenv("SNAP_NAME", "gimp")
    with pytest.raises(ServiceError) as caught:
        connect("gimp", start=True, timeout=1)
    assert caught.value.code == "not-reachable"
    assert "snap connect gimp:network" in caught.value.advice


def test_a_python_that_has_gone_is_told_of(folders):
    (folders.plugin / "install.json").write_text(json.dumps({"python": "/gone/python"}))
    with pytest.raises(ServiceError, match="/gone/python is not there") as caught:
        connect("test", start=True, timeout=1)
    assert "pip-editor install-plugin" in caught.value.advice


def started_as(code):
    process = subprocess.Popen([sys.executable, "-S", "-c", code])
    starting._started.append(process)
    return process


@pytest.mark.parametrize(
    ("code", "match"), [("raise SystemExit(3)", "ended as soon"), ("import time; time.sleep(9)", "does not answer")]
)
def test_a_service_that_does_not_come_up_is_told_of(monkeypatch, code, match):
    monkeypatch.setattr(starting, "start", lambda: started_as(code))
    with pytest.raises(ServiceError, match=match):
        connect("test", start=True, timeout=1.0 if "sleep" in code else 10)
    for process in starting._started:
        process.kill()
        process.wait()
    starting._started.clear()


def test_who_cancels_does_not_wait_for_a_service_that_does_not_come_up(monkeypatch):
    monkeypatch.setattr(starting, "start", lambda: started_as("import time; time.sleep(9)"))
    asked = []
    with pytest.raises(Cancelled):
        link.open_link("test", start=True, timeout=60, cancelled=lambda: bool(asked.append(1)) or len(asked) > 2)
    assert len(asked) == 3
    for process in starting._started:
        process.kill()
        process.wait()
    starting._started.clear()


def test_one_that_yielded_to_one_that_left_is_started_again(monkeypatch):
    monkeypatch.setattr(link, "_YIELD", 0.1)
    starts = []

    def start():
        starts.append(started_as("pass"))
        return starts[-1]

    monkeypatch.setattr(starting, "start", start)
    with pytest.raises(ServiceError, match="does not answer"):
        connect("test", start=True, timeout=2)
    assert len(starts) > 1
    for process in starts:
        process.wait()
    starting._started.clear()
