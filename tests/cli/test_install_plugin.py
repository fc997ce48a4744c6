from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pip_backend import __version__
from pip_backend.cli import main
from pip_backend.errors import PipEditorError
from pip_backend.hosts import HOSTS, Places, Target, check, install, targets, uninstall
from pip_backend.hosts.install import hosts_file, plugin_files, record_of
from pip_backend.service import Limits, Server
from pip_client import Client, rendezvous

GIMP = HOSTS["gimp"]


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty home; nothing of this machine's is looked at."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    monkeypatch.setenv("PATH", "")
    (tmp_path / "run").mkdir()  # one that is not there would be passed over, and a running service be found
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.delenv("GIMP3_DIRECTORY", raising=False)
    return folder


def places(home, platform="linux", **environment):
    return Places(home, platform, environment, programs=False)


def started(home, *versions, below=".config/GIMP"):
    """Make the settings folders that a host makes when it is started."""
    for version in versions:
        (home / below / version).mkdir(parents=True)


def configuration(tmp_path):
    """The folder that conftest.py points XDG_CONFIG_HOME to."""
    return tmp_path / "xdg_config_home"


def files(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("platform", "environment", "below", "packing"),
    [
        ("linux", {}, ".config/GIMP", "native"),
        ("linux", {"XDG_CONFIG_HOME": "{home}/c"}, "c/GIMP", "native"),
        ("darwin", {}, "Library/Application Support/GIMP", "native"),
        ("win32", {"APPDATA": "{home}/AppData/Roaming"}, "AppData/Roaming/GIMP", "native"),
        ("linux", {}, "snap/gimp/current/.config/GIMP", "Snap"),
    ],
)
def test_every_version_that_was_started_is_found(home, platform, environment, below, packing):
    started(home, "2.10", "3.0", "3.2", "3.10", "themes", below=below)
    found = targets(GIMP, places(home, platform, **{n: v.format(home=home) for n, v in environment.items()}))
    assert [(target.version, target.packings) for target in found] == [(v, (packing,)) for v in ("3.0", "3.2", "3.10")]
    assert found[0].folder == home / below / "3.0" / "plug-ins" / "pip_restore"


def test_a_folder_that_the_user_set_replaces_all_others(home):
    started(home, "3.0")
    (found,) = targets(GIMP, places(home, GIMP3_DIRECTORY="elsewhere/3.2"))
    assert found.plugins == home / "elsewhere" / "3.2" / "plug-ins"
    assert found.label == "GIMP 3.2 (native)"


def test_a_program_that_was_never_started_is_asked_for_its_version(home, tmp_path):
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, text in (("gimp-console", "GNU Image Manipulation Program version 3.2.6"), ("flatpak", "Version: 3.2.4")):
        (programs / name).write_text(f"#!/bin/sh\necho '{text}'\n")
        (programs / name).chmod(0o755)
    (found,) = targets(GIMP, Places(home, "linux", {"PATH": str(programs)}))
    assert found.label == "GIMP 3.2 (native, Flatpak)"
    assert not found.sandbox


def test_what_is_installed_runs_and_is_complete(home):
    started(home, "3.0")
    (target,) = targets(GIMP, places(home))
    assert install(target) == "installed"
    assert files(target.folder) == {*plugin_files(GIMP), "install.json"}
    assert {"pip_restore.py", "pip_client/client.py", "pip_plugin/run.py", "gimp_port.py"} <= files(target.folder)
    assert os.access(target.folder / "pip_restore.py", os.X_OK)
    assert (target.folder / "pip_restore.py").read_text("utf-8").startswith("#!/usr/bin/env python3\n")
    # The host's Python sees nothing but this folder.
    code = "import pip_client, pip_plugin; print(pip_client.__file__)"
    told = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(target.folder)!r}); {code}"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.startswith(str(target.folder))


def test_this_python_is_recorded_as_it_was_called(home):
    started(home, "3.0")
    (target,) = targets(GIMP, places(home))
    install(target)
    assert record_of(target.folder) == {
        "host": "gimp",
        "python": os.path.abspath(sys.executable),  # noqa: PTH100 - not resolved
        "version": __version__,
    }


def test_installing_again_changes_nothing(home):
    started(home, "3.0")
    (target,) = targets(GIMP, places(home))
    install(target)
    before = {path: path.stat().st_mtime_ns for path in target.folder.rglob("*")}
    assert install(target) == "unchanged"
    assert {path: path.stat().st_mtime_ns for path in target.folder.rglob("*")} == before
    assert [path.name for path in target.plugins.iterdir()] == ["pip_restore"]


@pytest.mark.parametrize("damage", ["changed", "missing", "left over", "not executable", "another python"])
def test_what_is_not_as_it_should_be_is_brought_up_to_date(home, damage):
    started(home, "3.0")
    (target,) = targets(GIMP, places(home))
    install(target)
    script = target.folder / "pip_restore.py"
    if damage == "changed":
        script.write_text("#!/usr/bin/env python3\n")
    elif damage == "missing":
        (target.folder / "gimp_port.py").unlink()
    elif damage == "left over":
        (target.folder / "pip_client" / "old.py").touch()
    elif damage == "not executable":
        script.chmod(0o644)
    outcome = install(target, python="/elsewhere/python" if damage == "another python" else None)
    assert outcome == "updated"
    assert files(target.folder) == {*plugin_files(GIMP), "install.json"}
    assert [path.name for path in target.plugins.iterdir()] == ["pip_restore"]


def service_file(path, port=1):
    told = {"protocol": 1, "pid": 1, "socket": None, "port": port, "key": "00" * 32, "version": __version__}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told))


def test_a_service_that_runs_already_is_known_to_a_new_plugin(home, tmp_path):
    started(home, "3.0")
    (target,) = targets(GIMP, places(home))
    service_file(rendezvous.runtime_folder() / rendezvous.FILE)
    install(target)
    beside = target.folder / rendezvous.FILE
    assert rendezvous.read(beside) is not None
    assert stat.S_IMODE(beside.stat().st_mode) == 0o600
    install(target, python="/elsewhere/python")
    assert rendezvous.read(beside) is not None


def test_the_service_is_told_where_plugins_are(home):
    started(home, "3.0", "3.2")
    found = targets(GIMP, places(home))
    for target in [*found, found[0]]:
        install(target)
    noted = json.loads(hosts_file().read_text("utf-8"))
    assert sorted(entry["folder"] for entry in noted) == sorted(str(target.folder) for target in found)
    assert {entry["host"] for entry in noted} == {"gimp"}
    uninstall(found[0])
    assert [entry["folder"] for entry in json.loads(hosts_file().read_text("utf-8"))] == [str(found[1].folder)]


def test_uninstalling_leaves_nothing_and_can_be_repeated(home):
    started(home, "3.0")
    (target,) = targets(GIMP, places(home))
    install(target)
    service_file(target.folder / rendezvous.FILE)
    assert uninstall(target) == "removed"
    assert list(target.plugins.iterdir()) == []
    assert uninstall(target) == "absent"
    assert json.loads(hosts_file().read_text("utf-8")) == []


@pytest.mark.parametrize("link", [False, True])
def test_what_others_put_there_is_left_alone(home, tmp_path, link):
    started(home, "3.0")
    (target,) = targets(GIMP, places(home))
    own = tmp_path / "own" if link else target.folder
    own.mkdir(parents=True)
    (own / "pip_restore.py").write_text("mine")
    if link:
        (own / "install.json").write_text("{}")
        target.plugins.mkdir()
        target.folder.symlink_to(own)
    for change in (install, uninstall):
        with pytest.raises(PipEditorError, match="did not put there"):
            change(target)
    assert (own / "pip_restore.py").read_text() == "mine"


def test_a_folder_that_cannot_be_written_is_said(home):
    blocked = home / "file"
    blocked.touch()
    with pytest.raises(PipEditorError, match="cannot be written"):
        install(Target(GIMP, (), "", blocked / "plug-ins"))


def test_the_command_installs_everywhere_and_takes_out_again(home, tmp_path, capsys):
    for version in ("3.0", "3.2"):
        (configuration(tmp_path) / "GIMP" / version).mkdir(parents=True)
    assert main(["install-plugin", "gimp"]) == 0
    assert capsys.readouterr().out.count("installed. Start GIMP anew") == 2
    assert main(["install-plugin", "all"]) == 0
    assert capsys.readouterr().out.count("nothing to do") == 2
    assert main(["install-plugin", "gimp", "--uninstall", "--json"]) == 0
    assert [json.loads(line)["outcome"] for line in capsys.readouterr().out.splitlines()] == ["removed"] * 2


def test_the_command_takes_a_folder_that_is_not_found_by_itself(home, tmp_path, capsys):
    assert main(["install-plugin", "gimp", "--folder", str(tmp_path / "portable")]) == 0
    assert (tmp_path / "portable" / "pip_restore" / "pip_restore.py").exists()
    assert main(["install-plugin", "all", "--folder", str(tmp_path)]) == 2
    assert "Name the program" in capsys.readouterr().err


def test_without_gimp_the_command_says_what_to_do(home, capsys):
    assert main(["install-plugin", "gimp"]) == 2
    assert "was not found. Start it once" in capsys.readouterr().err


def install_for_check(home):
    started(home, "3.0")
    (target,) = targets(GIMP, places(home))
    install(target)
    return target


def test_the_check_of_a_host_that_is_not_there_is_no_fault(home):
    assert "was not found" in check("gimp", places(home))
    started(home, "3.0")
    assert "not installed; `pip-editor install-plugin gimp`" in check("gimp", places(home))


def test_the_check_of_a_plugin_that_works(home):
    target = install_for_check(home)
    assert check("gimp", places(home)) == (
        f"GIMP 3.0 (native): plug-in {__version__}, in the menu when GIMP is started next, service starts when it is needed"
    )
    (target.plugins.parent / "pluginrc").write_text('(proc-def "plug-in-pip-restore" 1)')
    assert "enabled" in check("gimp", places(home))


def test_the_check_reaches_the_service_as_a_sandbox_would(home):
    import socket

    target = install_for_check(home)
    with socket.create_server(("127.0.0.1", 0)) as server:
        service_file(target.folder / rendezvous.FILE, server.getsockname()[1])
        assert "service reachable" in check("gimp", places(home))
    assert "service starts when it is needed" in check("gimp", places(home))


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        ("old", "has the plug-in of version 0.0.1"),
        ("incomplete", "incomplete or was changed"),
        ("python gone", "Python .* is gone"),
        ("python of somebody else", "has no pip-editor"),
        ("refused", "did not take the plug-in"),
    ],
)
def test_the_check_says_what_is_wrong_and_what_to_do(home, tmp_path, damage, sentence):
    target = install_for_check(home)
    if damage == "old":
        record = target.folder / "install.json"
        record.write_text(record.read_text().replace(__version__, "0.0.1"))
    elif damage == "incomplete":
        (target.folder / "gimp_run.py").unlink()
    elif damage == "python gone":
        install(target, python=str(tmp_path / "gone" / "python"))
    elif damage == "python of somebody else":
        other = tmp_path / "python"
        other.write_text("#!/bin/sh\nexit 1\n")
        other.chmod(0o755)
        install(target, python=str(other))
    else:
        path = target.plugins.parent / "pluginrc"
        path.write_text("# nothing of ours")
        os.utime(path, (2e9, 2e9))
    with pytest.raises(PipEditorError, match=sentence) as caught:
        check("gimp", places(home))
    text = str(caught.value)
    assert re.search(r"Run `pip-editor install-plugin gimp`|Start GIMP from a terminal", text)
    assert str(tmp_path) not in text


@pytest.fixture
def running(home):
    """Run the service of this process's own version."""
    server = Server(Limits(), lambda _: None)
    assert server.open()
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server
    server.stop("test")
    thread.join(5)
    server.close()


@pytest.mark.parametrize(
    ("version", "busy", "says", "ends"),
    [
        (__version__, {}, None, False),
        ("0.0.1", {}, "version 0.0.1: it was told to end", True),
        ("0.0.1", {"jobs": 1}, "version 0.0.1 and in use", False),
        ("0.0.1", {"links": 1}, "version 0.0.1 and in use", False),
        ("0.0.1", {"clients": 2}, "version 0.0.1 and in use", False),
    ],
)
def test_a_service_of_another_version_ends_with_an_update_unless_it_works(
    home, tmp_path, running, monkeypatch, capsys, version, busy, says, ends
):
    ended = []
    told = Client.ping
    monkeypatch.setattr(Client, "ping", lambda client: {**told(client), "version": version, **busy})
    monkeypatch.setattr(Client, "stop", lambda _: ended.append(True))
    assert main(["install-plugin", "gimp", "--folder", str(tmp_path / "plug-ins")]) == 0
    said = capsys.readouterr().out
    assert (says in said) if says else ("service" not in said)
    assert bool(ended) == ends


def test_doctor_has_a_line_for_each_host():
    from pip_backend.cli.doctor import _hosts

    assert list(_hosts()) == list(HOSTS)


def test_every_host_has_its_files_in_the_tree():
    root = Path(__file__).parents[2] / "plugin"
    for host in HOSTS.values():
        assert host.script in plugin_files(host)
        assert (root / host.name / "pip_restore" / host.script).exists()
