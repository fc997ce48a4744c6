"""A batch that is stopped at an awkward moment stops, and goes on with what lacks."""

from __future__ import annotations

import contextlib
import json
import signal
import sys

import pytest

from pip_backend.batch import JOURNAL
from pip_backend.cli.shared import stoppable
from pip_backend.cli.told import Teller
from pip_backend.errors import DeviceError
from pip_backend.pictures import PictureWriter

from . import test_batches
from .test_batches import restore, tree

network, photos = test_batches.network, test_batches.photos


def test_a_batch_that_is_stopped_as_a_result_appears_goes_on_with_what_belongs_beside_it(
    photos, tmp_path, capsys, monkeypatch
):
    (photos / "bad.png").unlink()
    out, place = tmp_path / "out", PictureWriter._place

    def stop(writer, spare):
        place(writer, spare)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(PictureWriter, "_place", stop)
        assert restore(photos, out, "--report", "--save-project") == 130
    assert tree(out) == [JOURNAL, "a.png"]
    assert restore(photos, out, "--report", "--save-project", "--resume") == 0
    assert {"a.png", "a.png.pipx", "a.png-changed.png"} < set(tree(out))


@pytest.mark.parametrize(("at", "code", "done"), [(1, 130, 1), (4, 0, 4)])
def test_ctrl_c_that_is_lost_in_a_library_stops_the_next_photo_and_no_finished_batch(
    photos, tmp_path, monkeypatch, at, code, done
):
    (photos / "bad.png").unlink()
    tell, told = Teller.tell, []

    def lose(teller, outcome):
        tell(teller, outcome)
        told.append(outcome)
        with contextlib.suppress(KeyboardInterrupt):
            if len(told) == at:
                signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Teller, "tell", lose)
    assert restore(photos, tmp_path / "out") == code
    assert len(told) == done


@pytest.mark.parametrize("error", [DeviceError("OpenVINO cannot be loaded."), RuntimeError("lost")])
@pytest.mark.parametrize("several", [True, False])
def test_an_error_that_a_library_made_of_ctrl_c_is_a_stop(
    photos, tmp_path, capsys, network, monkeypatch, error, several
):
    def lose(_pixels):
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)
        raise error

    (photos / "bad.png").unlink()
    monkeypatch.setattr(network, "answer", lose)
    out = tmp_path / "out"
    assert (restore(photos, out) if several else restore(photos / "a.png", tmp_path / "new.png")) == 130
    said = capsys.readouterr()
    assert said.err == "pip-editor: Stopped; nothing half-written is left.\n"
    assert ("4 left" if several else "goes on with the tiles") in said.out
    monkeypatch.undo()
    if several:
        assert "begun" not in json.loads(
            (out / JOURNAL).read_text().splitlines()[-1]
        )  # so the stop counts against no photo


def test_of_a_stop_that_a_library_cannot_hand_on_nothing_is_printed(monkeypatch):
    class Lost:
        def __init__(self, error):
            self.error = error

        def __del__(self):
            raise self.error

    printed = []
    monkeypatch.setattr(sys, "unraisablehook", lambda lost: printed.append(lost.exc_type))
    with stoppable() as check:
        Lost(KeyboardInterrupt())  # nobody has stopped the program: that is another's
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        Lost(KeyboardInterrupt())
        Lost(ValueError())
        with pytest.raises(KeyboardInterrupt):
            check()
    Lost(KeyboardInterrupt())
    assert printed == [KeyboardInterrupt, ValueError, KeyboardInterrupt]
