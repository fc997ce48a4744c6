"""A photo that ends the program each time that it is touched does not keep a batch from the others."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from pip_backend.batch import JOURNAL

from . import test_batches
from .test_batches import RESULTS, ROOT, restore, told, tree

network, photos = test_batches.network, test_batches.photos

CRASHING = """
import os, sys
from pip_backend import restorer
from pip_backend.cli import main
from pip_backend.pictures import ahead
from tests.engine.networks import Lift

where = sys.argv[1]
restorer.make_network = lambda *_: Lift()

def crashing(function):
    def run(*arguments, **named):
        if any(getattr(each, "name", "") == "b.jpg" for each in arguments):
            os._exit(139)
        return function(*arguments, **named)
    return run

if where == "decoder":
    ahead.open_picture = crashing(ahead.open_picture)
else:
    restorer.Restorer.restore_file = crashing(restorer.Restorer.restore_file)
sys.exit(main(sys.argv[2:]))
"""


def crash(where, *words):
    """Run the program, which ends when b.jpg is decoded or restored, as if a library in it had crashed."""
    child = [sys.executable, "-c", CRASHING, where, *map(str, words)]
    return subprocess.run(child, capture_output=True, text=True, check=False, cwd=ROOT)


@pytest.mark.parametrize(("where", "starts"), [("restoration", 2), ("decoder", 3)])
def test_a_photo_that_ends_the_program_is_passed_over_at_last(photos, tmp_path, capsys, where, starts):
    """The decoder works ahead, so the first crash is booked on the photo before; then nothing is decoded ahead any more."""
    (photos / "bad.png").unlink()
    out = tmp_path / "out"
    words = ["restore", photos, "-o", out, "-d", "denoise", "--resume"]
    assert [crash(where, *words).returncode for _ in range(starts)] == [139] * starts
    last = crash(where, *words, "--json")
    assert (last.returncode, last.stderr.count("\n")) == (2, 1)
    assert "“b.jpg” has ended the program twice and is passed over." in last.stderr
    assert "--retry" in last.stderr
    *_, end = map(json.loads, last.stdout.splitlines())
    assert (end["summary"]["left"], end["summary"]["failures"]) == (0, [str(photos / "b.jpg")])
    without = [name for name in RESULTS if name != "b.jpg"]
    assert tree(out) == without
    assert crash(where, *words, "--retry").returncode == 139
    assert crash(where, *words).returncode == 2  # the program has learned nothing better
    assert restore(photos, out, "--retry") == 0  # by one that does not crash
    capsys.readouterr()
    assert restore(photos, out, "--resume", "--json") == 0
    assert told(capsys)[1]["before"] == 4
    assert tree(out) == RESULTS


def test_the_second_try_comes_behind_all_others(photos, tmp_path):
    (photos / "bad.png").unlink()
    out = tmp_path / "out"
    words = ["restore", photos, "-o", out, "-d", "denoise"]
    assert crash("restoration", *words).returncode == 139
    assert tree(out) == [JOURNAL, "a.png"]
    assert crash("restoration", *words, "--existing", "skip").returncode == 139  # also without the journal's word
    assert tree(out) == [name for name in RESULTS if name != "b.jpg"]


def test_a_photo_that_was_saved_anew_is_tried_again(photos, tmp_path, capsys):
    (photos / "bad.png").unlink()
    out = tmp_path / "out"
    for _ in range(2):
        crash("restoration", "restore", photos, "-o", out, "-d", "denoise", "--resume")
    assert restore(photos, out, "--resume") == 2
    (photos / "b.jpg").write_bytes((photos / "a.png").read_bytes())
    os.utime(photos / "b.jpg", ns=(1, 1))
    assert restore(photos, out, "--resume") == 0
