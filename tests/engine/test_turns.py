"""Several jobs take turns on a device's thread, and none is held there by what is wrong with another."""

from __future__ import annotations

import gc
import threading
import weakref

import pytest
import torch

from pip_backend.engine import ArraySource, Job, restore
from pip_backend.engine.runtimes.torch_arrays import TorchArrays
from pip_backend.engine.turns import Turns
from pip_backend.errors import UsageError

from .networks import Lift
from .test_arrays import DEVICE, there
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
    assert not turns.here


def test_what_a_step_raises_is_raised_where_it_is_waited_for_and_ends_the_rest():
    turns, done = Turns("pip-test"), []

    def steps():
        done.append(turns.here)
        yield
        raise KeyError("defect")

    with pytest.raises(KeyError, match="defect"):
        turns.begin(steps()).result(LONG)
    turns.begin(iter(())).result(LONG)
    assert done == [True]


def test_an_iterator_that_is_collected_in_the_devices_thread_does_not_stop_it():
    dropped = threading.Event()

    class Collects(Lift):
        def answer(self, pixels):
            if len(self.tiles) == 2:
                assert dropped.wait(LONG)
                gc.collect()  # as the allocator does at some point, in whichever thread
            return super().answer(pixels)

    network = there(Collects())

    def drop():
        held = [restore(Job(ArraySource(photo(300, 64)), full(64)), network)]
        held.append(held)
        next(held[0])

    drop()
    dropped.set()
    DEVICE.apart.begin(iter(())).result(LONG)


@pytest.mark.parametrize("closes", [False, True])
def test_a_job_that_was_stopped_leaves_nothing_to_the_garbage_collector(closes):
    kept = []

    class Notes(TorchArrays):
        def sums(self, *args):
            made = super().sums(*args)
            kept.append(weakref.ref(made))
            return made

    def stop(progress):
        if progress.done == 4:
            raise UsageError("Enough.")

    def run():
        network = there(Lift(), Notes(torch.device("cpu")))
        strips = restore(Job(ArraySource(photo(300, 200)), full(200)), network, on_progress=None if closes else stop)
        if closes:
            next(strips)
            strips.close()
            return
        with pytest.raises(UsageError, match="Enough"):
            list(strips)

    gc.collect()
    gc.disable()
    try:
        run()
        assert kept
        assert [each for each in kept if each() is not None] == []
    finally:
        gc.enable()
