from __future__ import annotations

import threading

import pytest

from pip_backend.beside import Beside


def test_what_is_put_is_done_in_order_in_one_thread():
    done = []
    with Beside("t") as beside:
        for index in range(20):
            beside.put(lambda index=index: done.append((index, threading.current_thread().name)))
    assert [index for index, _ in done] == list(range(20))
    assert len({name for _, name in done}) == 1
    assert threading.current_thread().name not in {name for _, name in done}


@pytest.mark.parametrize("most", [1, 3])
def test_no_more_wait_than_allowed(most):
    go, begun = threading.Event(), []
    with Beside("t", most) as beside:
        for index in range(most):
            beside.put(lambda index=index: (begun.append(index), go.wait(60)))
        handed_in = threading.Event()
        other = threading.Thread(target=lambda: (beside.put(lambda: None), handed_in.set()))
        other.start()
        other.join(0.2)
        assert not handed_in.is_set()
        go.set()
        other.join()
        assert handed_in.is_set()
        assert begun[0] == 0


@pytest.mark.parametrize("more", [0, 1])
def test_an_error_is_raised_by_the_next_put_or_by_the_end(more):
    def broken():
        raise ValueError("broken")

    def works():
        with Beside("t") as beside:
            beside.put(broken)
            for _ in range(more):
                beside.put(lambda: None)

    with pytest.raises(ValueError, match="broken"):
        works()


def test_an_error_in_the_block_ends_the_thread_without_doing_what_waits():
    started, done = threading.Event(), []

    def long(beside):
        started.set()
        assert beside.stopped.wait(60)
        done.append("gave up")

    def stops():
        with Beside("pip-given-up", 2) as beside:
            beside.put(long, beside)
            beside.put(done.append, "more")
            assert started.wait(60)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stops()
    assert done == ["gave up"]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("pip-given-up")]
