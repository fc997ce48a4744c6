"""One service a user, found by its file, which nobody else can read; and when it leaves."""

from __future__ import annotations

import json
import logging
import os
import shutil
import socket
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import pip_client
from pip_backend.locking import take_lock
from pip_backend.service import Limits, Server, place, server
from pip_backend.service.listening import listen_unix, same_user
from pip_backend.service.logs import close_log, log_file, open_log
from pip_backend.service.place import ServiceError, private_folder
from pip_client import ServiceError as ClientError
from pip_client import connect, rendezvous

from .fakes import FakeRestorer, as_picture, photo


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def plugin(tmp_path):
    """Note an installed plug-in."""
    folder = tmp_path / "gimp" / "pip_restore"
    folder.mkdir(parents=True)
    hosts = tmp_path / "xdg_config_home" / "pip-editor"
    hosts.mkdir(parents=True)
    gone = {"host": "krita", "folder": str(tmp_path / "gone")}
    (hosts / "hosts.json").write_text(json.dumps([{"host": "gimp", "folder": str(folder)}, gone, 5]))
    return folder


def test_nobody_else_can_look_into_it(serve, runtime, plugin):
    serve()
    assert mode(runtime) == 0o700
    assert {path.name: mode(path) for path in runtime.iterdir() if path.name != "service.lock"} == {
        "service.json": 0o600,
        "service.sock": 0o600,
    }
    assert mode(plugin / "service.json") == 0o600
    told = json.loads((runtime / "service.json").read_text())
    assert set(told) == {"protocol", "pid", "socket", "port", "key", "version", "python"}
    assert len(bytes.fromhex(told["key"])) == 32


def test_tcp_listens_to_this_machine_alone(serve):
    found = serve()
    assert {listener.getsockname()[0] for listener in found._listeners if listener.family == socket.AF_INET} == {
        "127.0.0.1"
    }


def test_a_second_one_leaves_and_tells_plugins_of_the_first(serve, runtime, plugin):
    serve()
    (plugin / "service.json").unlink()
    second = Server(make=lambda _: FakeRestorer())
    assert not second.open()
    second.close()
    assert (plugin / "service.json").read_text() == (runtime / "service.json").read_text()
    assert mode(plugin / "service.json") == 0o600


def test_it_leaves_no_file_but_the_lock_and_a_new_key_each_time(serve, runtime, plugin):
    keys = set()
    for _ in range(2):
        found = Server(make=lambda _: FakeRestorer())
        assert found.open()
        keys.add(json.loads((runtime / "service.json").read_text())["key"])
        found.close()
        assert [path.name for path in runtime.iterdir()] == ["service.lock"]
        assert not list(plugin.iterdir())
    assert len(keys) == 2


def test_what_a_killed_one_left_is_in_nobodys_way(serve, runtime):
    runtime.mkdir()
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(str(runtime / "service.sock"))
    stale.close()
    told = {
        "protocol": 1,
        "pid": 1,
        "socket": str(runtime / "service.sock"),
        "port": 9,
        "key": "00" * 32,
        "version": "0",
    }
    (runtime / "service.json").write_text(json.dumps(told))
    with pytest.raises(ClientError) as caught:
        connect("test", start=False)
    assert caught.value.code == "not-running"
    serve()
    with connect("test", start=False) as client:
        assert client.ping()["pid"] == os.getpid()


def test_a_successors_file_is_left_alone(tmp_path):
    path = tmp_path / "service.json"
    path.write_text(json.dumps({"pid": 7}))
    place.withdraw([path, tmp_path / "none"], 8)
    assert path.exists()
    place.withdraw([path], 7)
    assert not path.exists()


def test_a_folder_of_somebody_else_is_refused(runtime, monkeypatch):
    runtime.mkdir()
    monkeypatch.setattr(os, "getuid", lambda: 4711)
    with pytest.raises(ServiceError, match="belongs to somebody else"):
        private_folder()


def test_an_open_folder_is_closed(runtime):
    runtime.mkdir(mode=0o755)
    assert mode(private_folder()) == 0o700


def test_another_user_is_turned_away(monkeypatch):
    here, there = socket.socketpair(socket.AF_UNIX)
    assert same_user(here)
    monkeypatch.setattr(os, "getuid", lambda: 4711)
    assert not same_user(here)
    here.close()
    there.close()


def test_a_path_too_long_for_a_socket_leaves_tcp(serve, monkeypatch, tmp_path):
    assert listen_unix(tmp_path / ("x" * 120)) is None
    monkeypatch.setattr(server, "listen_unix", lambda _: None)
    found = serve()
    assert not found.has_unix
    with connect("test", start=False) as client:
        assert client.info["protocol"] == 1


def test_it_leaves_when_nobody_comes_and_not_before():
    found = Server(Limits(idle_seconds=0.4), lambda _: FakeRestorer())
    assert found.open()
    began = time.monotonic()
    visitor = threading.Timer(0.2, lambda: connect("late", start=False).close())
    visitor.start()
    found.run()
    assert 0.55 < time.monotonic() - began < 4
    visitor.join()
    found.close()


def test_it_does_not_leave_during_a_job():
    gate = threading.Event()
    found = Server(Limits(idle_seconds=0.2), lambda _: FakeRestorer(gate))
    assert found.open()
    thread = threading.Thread(target=found.run)
    thread.start()
    with connect("patient", start=False) as client:
        threading.Timer(0.8, gate.set).start()
        assert client.restore(as_picture(photo()), {"denoise": 1})["seconds"] > 0.7
    thread.join(5)
    assert not thread.is_alive()
    found.close()


def test_goodbye_is_said_and_the_client_comes_back_by_itself(serve):
    first = serve()
    with connect("editor", start=False) as client:
        first.stop("test")
        first.close()
        serve()
        assert client.ping()["clients"] == 1


def test_the_log_tells_what_happened_and_not_of_whose_photo(serve, tmp_path):
    handler = open_log()
    serve()
    with connect("tes\nt", start=False) as client, pytest.raises(ClientError):
        client.restore(str(tmp_path / "secret-name.png"), {"denoise": 1})
    close_log(handler)
    text = log_file().read_text()
    assert mode(log_file()) == 0o600
    assert r"'tes\nt' came" in text
    assert "refused (picture)" in text
    assert "secret-name" not in text
    assert logging.getLogger("pip_backend").handlers == []


def test_the_log_stays_small():
    handler = open_log()
    handler.maxBytes = 500
    for number in range(100):
        logging.getLogger("pip_backend.service").info("line %d", number)
    close_log(handler)
    assert sum(path.stat().st_size for path in log_file().parent.iterdir()) < 4 * 600


SANDBOXED = """
import socket, sys
del socket.AF_UNIX
sys.path.insert(0, sys.argv[1])
from pip_client import Picture, connect
with connect("sandboxed", start=False) as client:
    client.restore(Picture(2, 2, "GRAY", "u8", lambda top, bottom: bytes(2 * (bottom - top))), {"denoise": 1},
        on_strip=lambda *strip: print(list(strip[4])))
"""


def test_a_sandbox_that_shares_the_network_alone_finds_it_beside_the_plugin(serve, plugin):
    shutil.copytree(Path(pip_client.__file__).parent, plugin / "pip_client")
    serve()
    words = [sys.executable, "-I", "-S", "-c", SANDBOXED, str(plugin)]
    done = subprocess.run(
        words, check=True, capture_output=True, text=True, env={"XDG_RUNTIME_DIR": str(plugin.parent)}
    )
    assert done.stdout.split() == ["[64,", "64,", "64,", "64]"]


def test_a_lock_tells_whose_it_is_and_only_while_it_is_held(runtime):
    assert place.who_runs() is None
    lock = place.Lock(private_folder())
    assert place.who_runs() is None  # it was not taken
    assert lock.take()
    assert place.who_runs() == place.Holder(os.getpid())
    (runtime / "service.lock").write_bytes(b"")  # as an older version left it
    assert place.who_runs() == place.Holder(None)
    threading.Timer(0.2, lock.close).start()
    assert place.who_runs(patience=10) is None


def test_asking_who_runs_keeps_nobody_from_being_it(runtime):
    lock = place.Lock(private_folder())
    with (runtime / "service.lock").open("r+b") as asking:
        assert take_lock(asking)
        threading.Timer(0.01, asking.close).start()
        assert lock.take()
    lock.close()


@pytest.mark.parametrize("broken", [Path.unlink, lambda path: path.write_text("{")])
def test_its_file_is_written_again_when_it_is_gone_or_broken(serve, runtime, broken):
    serve(idle_seconds=0.4)
    told = (runtime / "service.json").read_text()
    with connect("keeps it", start=False):
        broken(runtime / "service.json")
        deadline = time.monotonic() + 10
        while rendezvous.read(runtime / "service.json") is None:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert (runtime / "service.json").read_text() == told


def test_a_folder_in_the_place_of_its_file_is_told_in_a_sentence(runtime):
    (runtime / "service.json").mkdir(parents=True)
    found = Server(make=lambda _: FakeRestorer())
    with pytest.raises(ServiceError, match=r"service\.json cannot be written: Is a directory\."):
        found.open()
    found.close()
    assert place.who_runs() is None
    assert {path.name for path in runtime.iterdir()} == {"service.lock", "service.json"}


def test_both_sides_look_at_the_same_place(serve, runtime):
    serve()
    found = rendezvous.find()
    assert [address.path for address in found] == [runtime / "service.json"]
