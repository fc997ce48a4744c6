"""A journal tells what is done, whatever happened to the program that wrote it."""

from __future__ import annotations

import json
import os

import pytest

from pip_backend.batch import JOURNAL, Journal
from pip_backend.errors import UsageError
from pip_backend.pictures import spare_path


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(b"photo")
    return path


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def place(out, source, journal, key="k", result=b"result"):
    spare = out / ".spare"
    journal.begin(source, out / "a.png", key)
    spare.write_bytes(result)
    journal.place(source, spare)
    spare.replace(out / "a.png")


def do(out, source, key="k", result=b"result"):
    with Journal(out) as journal:
        place(out, source, journal, key, result)
        journal.finish(source, out / "a.png")


def known(out, source, key="k"):
    with Journal(out) as journal:
        return journal.known(source, key)


def test_what_is_done_is_known_by_the_next_run(out, source):
    assert known(out, source) is None
    do(out, source)
    told = known(out, source)
    assert (told.target, told.done, told.ours) == (out / "a.png", True, True)


def test_another_recipe_or_model_makes_it_undone_and_our_result_may_go(out, source):
    do(out, source)
    told = known(out, source, key="another")
    assert (told.done, told.ours) == (False, True)


def test_another_photo_makes_it_undone_and_a_copy_of_the_same_does_not(out, source):
    do(out, source)
    os.utime(source, ns=(1, 1))
    assert known(out, source).done  # the same bytes at another time
    source.write_bytes(b"PHOTO")
    os.utime(source, ns=(2, 2))
    assert not known(out, source).done
    source.write_bytes(b"a longer photo")
    assert not known(out, source).done
    source.unlink()
    assert not known(out, source).done


def test_a_result_that_is_gone_is_undone_and_one_that_was_edited_is_not_ours(out, source):
    do(out, source)
    (out / "a.png").write_bytes(b"edited by hand")
    told = known(out, source, key="another")
    assert (told.done, told.ours) == (False, False)
    assert known(out, source).done
    (out / "a.png").unlink()
    assert not known(out, source).done


def test_a_result_that_appeared_before_the_crash_is_done(out, source):
    with Journal(out) as journal:
        place(out, source, journal)
    told = known(out, source)
    assert (told.done, told.ours) == (True, True)
    assert not known(out, source, key="another").done


def test_what_somebody_else_put_there_after_the_crash_is_no_result(out, source):
    with Journal(out) as journal:
        journal.begin(source, out / "a.png", "k")
    (out / "a.png").write_bytes(b"mine")
    assert known(out, source) is None
    with Journal(out) as journal:
        place(out, source, journal)
    (out / "a.png").write_bytes(b"edited by hand")
    assert known(out, source) is None


def test_what_a_killed_program_left_beside_a_result_goes_with_the_next_try(out, source):
    left = spare_path(out / "a.png")
    left.write_bytes(b"half")
    with Journal(out) as journal:
        journal.begin(source, out / "a.png", "k")
    assert not left.exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="THERE ARE NO NAMED PIPES HERE")
def test_a_named_pipe_is_not_waited_for(out, tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    with Journal(out) as journal:
        journal.begin(tmp_path / "pipe.png", out / "pipe.png", "k")


def crashes(out, source, key="k"):
    with Journal(out) as journal:
        return journal.crashes(source, key)


def test_how_often_a_photo_has_ended_the_program_is_counted_until_something_becomes_of_it(out, source):
    def crash(key="k"):
        with Journal(out) as journal:
            journal.begin(source, out / "a.png", key)

    assert crashes(out, source) == 0
    for count in (1, 2, 3):
        crash()
        assert crashes(out, source) == count
    assert crashes(out, source, key="another") == 0
    do(out, source)
    assert crashes(out, source) == 0
    crash()
    with Journal(out) as journal:
        journal.drop(source)
    assert crashes(out, source) == 0
    crash()
    source.write_bytes(b"saved anew")
    assert crashes(out, source) == 0
    crash()
    assert crashes(out, source) == 1


def test_who_stops_the_program_when_a_result_is_there_has_not_crashed_it(out, source):
    with Journal(out) as journal:
        place(out, source, journal)
    assert crashes(out, source) == 1
    with Journal(out) as journal:
        journal.leave(source)
    assert crashes(out, source) == 0
    assert known(out, source).done


def test_journals_of_before_count_a_crash_once(out, source):
    with Journal(out) as journal:
        journal.begin(source, out / "a.png", "k")
    path = out / JOURNAL
    for tries in ("", ', "try": "x"'):
        path.write_text(path.read_text().replace(', "try": 1', tries))
        assert crashes(out, source) == 1


def test_a_name_that_none_can_have_is_nowhere(out, source):
    do(out, source)
    path = out / JOURNAL
    path.write_bytes(path.read_bytes().replace(b'"a.png"', b'"a\\u0000.png"'))
    assert not known(out, source).done


@pytest.mark.parametrize("end", ["crash", "drop"])
def test_what_stood_there_before_a_photo_was_begun_is_no_result(out, source, end):
    (out / "a.png").write_bytes(b"mine")
    with Journal(out) as journal:
        journal.begin(source, out / "a.png", "k")
        if end == "drop":
            journal.drop(source)
    assert known(out, source) is None


@pytest.mark.parametrize("end", ["crash", "drop"])
def test_a_second_try_that_came_to_nothing_leaves_the_first_result_known(out, source, end):
    do(out, source)
    with Journal(out) as journal:
        journal.begin(source, out / "a.png", "another")
        if end == "drop":
            journal.drop(source)
    assert known(out, source).done
    told = known(out, source, key="another")
    assert (told.done, told.ours) == (False, True)


def test_lines_that_were_cut_short_or_are_none_are_passed_over(out, source):
    do(out, source)
    path = out / JOURNAL
    whole = path.read_bytes()
    lines = whole.splitlines(keepends=True)
    for damage in (
        b"",
        b"\x00\x00",
        b"[1]\n",
        b'"a"\n',
        b'{"done": 3}\n',
        b'{"done": "x", "target": 1, "key": "k"}\n',
        b"\xff\n",
        b"[" * 100_000 + b"\n",
    ):
        path.write_bytes(b"".join(lines[:-1]) + damage + lines[-1][:40])
        assert known(out, source).done  # begun, and the result is there
        path.write_bytes(whole + damage)
        assert known(out, source).done
    path.write_bytes(whole + b'{"done": "half')
    do(out, source, key="new")  # what is added after half a line is whole
    assert known(out, source, key="new").done


def test_a_journal_of_a_newer_program_is_refused(out, source):
    (out / JOURNAL).write_text(json.dumps({"format": "pip-editor batch", "version": 2}) + "\n")
    for _ in range(2):  # the second is not told that the first one holds it
        with pytest.raises(UsageError, match="of another pip-editor"):
            Journal(out)


def test_two_batches_do_not_write_into_one_folder(out):
    with Journal(out), pytest.raises(UsageError, match="Another batch is writing"):
        Journal(out)
    Journal(out).close()


def test_names_that_are_no_text_are_known_again(out, tmp_path):
    source = tmp_path / os.fsdecode(b"\xff\xfe.png")
    try:
        source.write_bytes(b"photo")
    except OSError:
        pytest.skip("NO SUCH NAMES HERE")
    do(out, source)
    assert known(out, source).done


def test_the_results_may_be_moved_with_their_journal(out, source):
    do(out, source)
    moved = out.rename(out.with_name("moved"))
    told = known(moved, source)
    assert (told.target, told.done) == (moved / "a.png", True)


def test_results_of_one_photo_by_several_names_are_known_side_by_side(out, source):
    """The one that is done is told, whichever came last; others, and those called otherwise, are not."""
    do(out, source)
    with Journal(out) as journal:
        journal.begin(source, out / "a.tif", "k")
        (out / "a.tif").write_bytes(b"another result")
        journal.place(source, out / "a.tif")  # the program ends here
    with Journal(out) as journal:
        journal.begin(source, out / "a-2.png", "another")
        (out / "a-2.png").write_bytes(b"a third")
        journal.finish(source, out / "a-2.png")
        for suffix, name in ((".png", "a.png"), (".tif", "a.tif")):
            told = journal.known(source, "k", lambda target, suffix=suffix: target.suffix == suffix)
            assert (told.target, told.done, told.ours) == (out / name, True, True)
        assert journal.known(source, "another").target == out / "a-2.png"
        assert not journal.known(source, "third").done
        assert journal.known(source, "k", lambda _: False) is None


def test_a_name_that_another_photos_result_has_now_is_no_result_of_the_first(out, source, tmp_path):
    do(out, source)
    other = tmp_path / "b.png"
    other.write_bytes(b"another photo")
    do(out, other)
    assert known(out, other).done
    assert known(out, source) is None
