"""A batch that is stopped at an awkward moment stops, and goes on with what lacks."""

from __future__ import annotations

import contextlib
import signal

import pytest

from pip_backend.batch import JOURNAL
from pip_backend.cli.told import Teller
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
