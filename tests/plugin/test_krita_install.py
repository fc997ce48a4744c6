from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pip_backend import __version__
from pip_backend.cli import main
from pip_backend.errors import PipEditorError
from pip_backend.hosts import HOSTS, Places, check, install, targets, uninstall
from pip_backend.hosts.beside import _changed

KRITA = HOSTS["krita"]
BESIDE = (
    "krita/pykrita/pip_restore.desktop",
    "krita/actions/pip_restore.action",
    "kritarunner/pykrita/pip_restore/__init__.py",
)
LINE = "enable_pip_restore=true\n"


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
    return folder


def target_in(home, data=".local/share", platform="linux", **environment):
    (home / data / "krita").mkdir(parents=True, exist_ok=True)
    (found,) = targets(KRITA, Places(home, platform, environment, programs=False))
    return found


@pytest.mark.parametrize(
    ("platform", "data", "settings", "label"),
    [
        ("linux", ".local/share", ".config/kritarc", "Krita (native)"),
        ("darwin", "Library/Application Support", "Library/Preferences/kritarc", "Krita (native)"),
        ("win32", "AppData/Roaming", "AppData/Local/kritarc", "Krita (native)"),
        ("linux", ".var/app/org.kde.krita/data", ".var/app/org.kde.krita/config/kritarc", "Krita (Flatpak)"),
        ("linux", "snap/krita/current/.local/share", "snap/krita/current/.config/kritarc", "Krita (Snap)"),
    ],
)
def test_every_way_of_packing_has_its_folders(home, platform, data, settings, label):
    target = target_in(home, data, platform)
    assert target.folder == home / data / "krita" / "pykrita" / "pip_restore"
    assert target.switches == home / settings
    assert target.label == label
    assert target.sandbox == ("native" not in label)


def test_an_installed_krita_is_found_before_it_was_started(home, tmp_path):
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "krita").write_text("")
    (programs / "krita").chmod(0o755)
    (found,) = targets(KRITA, Places(home, "linux", {"PATH": str(programs)}))
    assert found.plugins == home / ".local" / "share" / "krita" / "pykrita"
    assert targets(KRITA, Places(home, "linux", {"PATH": ""})) == []


def test_what_is_installed_is_complete_and_goes_without_a_trace(home):
    target = target_in(home)
    assert install(target) == "installed"
    assert install(target) == "unchanged"
    data = home / ".local" / "share"
    assert all((data / path).is_file() for path in BESIDE)
    assert {"krita_port.py", "batch.py", "pip_client", "pip_plugin", "install.json"} <= {
        p.name for p in target.folder.iterdir()
    }
    assert target.switches.read_text() == f"[python]\n{LINE}"
    assert uninstall(target) == "removed"
    assert not any((data / path).exists() for path in BESIDE)
    assert list(target.plugins.iterdir()) == []
    assert not (data / "kritarunner" / "pykrita").exists()
    assert target.switches.read_text() == "[python]\n"
    assert uninstall(target) == "absent"


def test_the_script_for_kritarunner_leads_to_the_plugin(home):
    install(target_in(home))
    code = "import pip_restore, importlib.util; print(importlib.util.find_spec('pip_restore.batch').origin)"
    folder = home / ".local" / "share"
    told = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(folder / 'kritarunner' / 'pykrita')!r}); {code}"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.strip() == str(folder / "krita" / "pykrita" / "pip_restore" / "batch.py")


@pytest.mark.parametrize("path", [*BESIDE, ".config/kritarc"])
def test_what_is_missing_beside_the_folder_is_brought_up_to_date(home, path):
    target = target_in(home)
    install(target)
    place = target.switches if path.endswith("kritarc") else home / ".local" / "share" / path
    place.unlink()
    assert install(target) == "updated"
    assert place.exists()


SETTINGS = st.lists(
    st.sampled_from(["[python]", "[General]", "enable_other=true", "a=1", "", "# enable_pip_restore", "é=\\x00"]),
    max_size=8,
).map("\n".join)


@given(SETTINGS)
def test_one_line_of_the_settings_is_changed_and_can_be_taken_back(text):
    on = _changed(text, "python", "enable_pip_restore", "true")
    assert _changed(on, "python", "enable_pip_restore", "true") == on
    off = _changed(on, "python", "enable_pip_restore", None)
    assert [line for line in on.splitlines() if line != LINE.strip()] == off.splitlines()
    assert off.startswith(text) or text in off or off.replace("\n", "") == text.replace("\n", "")
    section = on[on.index("[python]") :].splitlines()
    assert LINE.strip() in section


def test_a_plugin_that_was_switched_off_is_switched_on_again(home):
    target = target_in(home)
    install(target)
    target.switches.write_text("[krita]\nx=1\n\n[python]\nenable_pip_restore=false\nenable_other=true\n")
    with pytest.raises(PipEditorError, match="switched off in Krita"):
        check("krita", Places(home, "linux", {}, programs=False))
    install(target)
    assert target.switches.read_text() == f"[krita]\nx=1\n\n[python]\n{LINE}enable_other=true\n"
    told = check("krita", Places(home, "linux", {}, programs=False))
    assert told == f"Krita (native): plug-in {__version__}, enabled, service starts when it is needed"


def test_without_krita_the_command_says_what_to_do(home, capsys):
    assert main(["install-plugin", "krita"]) == 2
    assert "Krita 5 or 6 was not found. Start it once" in capsys.readouterr().err
    assert "was not found" in check("krita", Places(home, "linux", {}, programs=False))


def test_the_command_takes_a_folder(home, tmp_path, capsys):
    folder = tmp_path / "portable" / "krita" / "pykrita"
    assert main(["install-plugin", "krita", "--folder", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["outcome"] == "installed"
    assert (folder / "pip_restore.desktop").exists()
    assert (tmp_path / "portable" / "krita" / "actions" / "pip_restore.action").exists()


def test_settings_that_are_a_link_stay_one(home, tmp_path):
    target = target_in(home)
    kept = tmp_path / "dotfiles" / "kritarc"
    kept.parent.mkdir()
    kept.write_text("[krita]\nx=1\n")
    target.switches.parent.mkdir(parents=True, exist_ok=True)
    target.switches.unlink(missing_ok=True)
    target.switches.symlink_to(kept)
    install(target)
    assert target.switches.is_symlink()
    assert LINE in kept.read_text()


def test_what_lies_beside_goes_also_where_the_folder_was_removed_by_hand(home):
    target = target_in(home)
    install(target)
    shutil.rmtree(target.folder)
    assert uninstall(target) == "removed"
    assert not any((home / ".local" / "share" / path).exists() for path in BESIDE)
    assert LINE not in target.switches.read_text()
    assert uninstall(target) == "absent"
