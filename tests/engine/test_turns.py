"""Several jobs take turns on a device's thread, and none is held there by what is wrong with another."""

from __future__ import annotations

import threading
import time
import weakref

import pytest
import torch

from pip_backend.engine import ArraySource, Job, ResultCache, restore
from pip_backend.engine.runtimes.torch_arrays import TorchArrays
from pip_backend.engine.turns import Turns
from pip_backend.errors import PictureError, UsageError

from .networks import Lift, Torn
from .stand_in import assert_gone, there
from .test_loop import full, photo
from .test_overlap import LONG


def test_steps_of_two_are_done_in_turn():
    turns, order, both = Turns("pip-test"), [], threading.Event()

    def steps(name):
        both.wait(LONG)
        for index in range(3):
            order.append((name, index))
            yield

    begun = [turns.begin(steps(name)) for name in "ab"]
    both.set()
    for each in begun:
        each.result(LONG)
    assert order == [("a", 0), ("b", 0), ("a", 1), ("b", 1), ("a", 2), ("b", 2)]


def test_what_a_step_raises_is_raised_where_it_is_waited_for_and_ends_the_rest():
    turns, done = Turns("pip-test"), []

    def steps():
        done.append(True)
        yield
        raise KeyError("defect")

    with pytest.raises(KeyError, match="defect"):
        turns.begin(steps()).result(LONG)
    turns.begin(iter(())).result(LONG)
    assert done == [True]


def test_a_job_that_waits_for_its_thumbnail_or_for_its_disk_holds_no_other(tmp_path):
    over, other = threading.Event(), []

    class Slow(ArraySource):
        def thumbnail(self, height, width):
            other.append(restored())
            return super().thumbnail(height, width)

    class SlowDisk(ResultCache):
        def put(self, key, tile):
            assert over.wait(LONG)

    def restored():
        return next(restore(Job(ArraySource(photo(60, 60)), full(60)), there(Lift()))).pixels.shape

    job = threading.Thread(
        target=lambda: list(restore(Job(Slow(photo(300, 300)), full(300)), there(Lift()), cache=SlowDisk(tmp_path)))
    )
    job.start()
    while not other:
        time.sleep(0.001)
    assert restored() == other[0] == (60, 60, 3)
    over.set()
    job.join(LONG)
    assert not job.is_alive()


class NoThumbnail(ArraySource):
    def thumbnail(self, height, width):
        raise PictureError("The picture has not been read to its end.")


@pytest.mark.parametrize("how", ["closed", "progress", "rows", "thumbnail"])
def test_a_job_that_was_stopped_leaves_nothing_to_the_garbage_collector(how):
    kept, source = [], {"rows": Torn, "thumbnail": NoThumbnail}.get(how, ArraySource)

    class Notes(TorchArrays):
        def room(self, *args):
            made = super().room(*args)
            kept.append(weakref.ref(made))
            return made

    def stop(progress):
        if progress.done == 4 and how == "progress":
            raise UsageError("Enough.")

    def run():
        network = there(Lift(), Notes(torch.device("cpu")))
        kept.append(weakref.ref(network))
        strips = restore(Job(source(photo(300, 200)), full(200)), network, on_progress=stop)
        if how == "closed":
            next(strips)
            strips.close()
            return
        with pytest.raises((UsageError, PictureError), match=r"Enough|not been read"):
            list(strips)

    assert_gone(run, kept, LONG)
