"""A batch keeps the computer awake while it runs, and for no longer, whatever becomes of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pip_backend.cli.awake import awake

from . import test_batches
from .test_batches import ROOT, restore

network, photos = test_batches.network, test_batches.photos
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="THERE IS NO systemd-inhibit")

INHIBIT = """#!/bin/sh
echo "$@" >> {notes}
cat
echo end >> {notes}
"""


@pytest.fixture
def notes(tmp_path, monkeypatch):
    """What a program that stands in for systemd-inhibit has noted: its arguments, and its end."""
    program = tmp_path / "bin" / "systemd-inhibit"
    program.parent.mkdir()
    program.write_text(INHIBIT.format(notes=tmp_path / "notes"))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    return tmp_path / "notes"


def test_the_computer_is_kept_awake_for_a_batch_and_not_for_one_photo(photos, tmp_path, notes):
    assert restore(photos / "a.png", tmp_path / "one.png") == 0
    assert not notes.exists()
    assert restore(photos, tmp_path / "out") == 2
    began, ended = notes.read_text().splitlines()
    assert "--what=sleep:idle" in began
    assert ended == "end"


def test_a_program_that_is_killed_lets_the_computer_sleep(notes):
    code = "import os, signal\nfrom pip_backend.cli.awake import awake\nwith awake():\n os.kill(os.getpid(), signal.SIGKILL)"
    child = subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT)
    assert child.returncode == -signal.SIGKILL
    until = time.monotonic() + 60
    while "end" not in (notes.read_text() if notes.exists() else ""):
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.mark.parametrize("program", [None, "#!/bin/sh\nexit 1\n", "no program\n"])
def test_where_that_is_not_possible_nothing_is_said_of_it(tmp_path, monkeypatch, capfd, program):
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    if program is not None:
        path = Path(tmp_path / "bin" / "systemd-inhibit")
        path.write_text(program)
        path.chmod(0o755)
    with awake():
        pass
    assert capfd.readouterr() == ("", "")
