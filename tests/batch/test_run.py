"""One photo that fails stops no other; what all would meet ends the batch; what is done is not done again."""

from __future__ import annotations

from pathlib import Path

import pytest

from pip_backend.batch import Item, Journal, Naming, Plan, run
from pip_backend.errors import DiskFullError, PictureError


@pytest.fixture
def photos(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    paths = [tmp_path / "in" / f"{name}.png" for name in "abc"]
    for path in paths:
        path.write_bytes(path.stem.encode())
    return paths


def plan(photos, existing="refuse"):
    folder = photos[0].parents[1] / "out"
    return Plan(Naming(str(folder), "{name}", existing=existing), [Item(str(path)) for path in photos])


class Restore:
    """Copies, and raises what it is told to for some."""

    def __init__(self, **errors):
        self.errors, self.asked = errors, []

    def __call__(self, item, target, replace):
        name = Path(item.source).stem
        self.asked.append(name)
        if name in self.errors:
            raise self.errors[name]
        assert replace or not target.exists()
        target.write_bytes(Path(item.source).read_bytes())
        return name


def again(photos, restore, key="k", **kw):
    batch = plan(photos)
    with Journal(Path(batch.settings.folder)) as journal:
        return list(run(batch, restore, journal, key=key, resume=True, **kw))


@pytest.mark.parametrize("error", [KeyboardInterrupt, DiskFullError("Full.")])
def test_what_was_placed_when_the_batch_ended_is_made_whole_by_the_next_run(photos, error):
    batch = plan(photos)
    with Journal(Path(batch.settings.folder)) as journal:

        def restore(item, target, replace):
            spare = target.with_name(".spare")
            spare.write_bytes(b"new")
            journal.place(Path(item.source), spare)
            spare.replace(target)
            raise error  # before what belongs beside it is there

        with pytest.raises((KeyboardInterrupt, DiskFullError)):
            list(run(batch, restore, journal, key="k"))
    made = Restore()
    assert [each.before for each in again(photos, made)] == [True, False, False]
    made = Restore()
    (photos[0].parents[1] / "out" / "b.png").unlink()
    assert [each.before for each in again(photos, made, whole=lambda target: target.stem != "a")] == [
        False,
        False,
        True,
    ]
    assert made.asked == ["a", "b"]


def test_a_photo_that_fails_stops_no_other(photos):
    batch = plan(photos)
    outcomes = list(run(batch, Restore(a=PictureError("a.png is damaged."), b=ValueError("list\nindex"))))
    assert [item.state for item in batch.items] == ["failed", "failed", "done"]
    assert [outcome.result for outcome in outcomes] == [None, None, "c"]
    assert batch.items[0].message == "a.png is damaged."
    assert batch.items[1].message == "b.png met a defect of this program (ValueError: list index)."


@pytest.mark.parametrize("error", [DiskFullError("There is no space left."), KeyboardInterrupt()])
def test_what_every_photo_would_meet_ends_the_batch_and_the_next_run_goes_on(photos, error):
    batch, restore = plan(photos), Restore(b=error)
    with Journal(Path(batch.settings.folder)) as journal, pytest.raises(type(error)):
        list(run(batch, restore, journal, key="k"))
    assert [item.state for item in batch.items] == ["done", "waiting", "waiting"]
    restore = Restore()
    outcomes = again(photos, restore)
    assert restore.asked == ["b", "c"]
    assert [outcome.before for outcome in outcomes] == [True, False, False]


def test_what_failed_is_tried_again_and_what_is_done_is_not(photos):
    assert [outcome.item.state for outcome in again(photos, Restore(b=PictureError("no.")))] == [
        "done",
        "failed",
        "done",
    ]
    restore = Restore()
    assert [outcome.item.state for outcome in again(photos, restore)] == ["done"] * 3
    assert restore.asked == ["b"]
    assert again(photos, Restore())[0].before


def crash(photo, times):
    """Leave what a program leaves that so often ended in the middle of a photo."""
    out = photo.parents[1] / "out"
    for _ in range(times):
        with Journal(out) as journal:
            journal.begin(photo, out / photo.name, "k")


def test_what_may_end_the_program_comes_last_and_what_has_ended_it_twice_fails(photos):
    crash(photos[0], 2)
    crash(photos[1], 1)
    restore = Restore()
    outcomes = again(photos, restore)
    assert [outcome.item.state for outcome in outcomes] == ["done", "done", "failed"]
    assert restore.asked == ["c", "b"]
    assert outcomes[2].item.message.startswith("“a.png” has ended the program twice and is passed over. It may be")
    assert [outcome.item.state for outcome in again(photos, restore)] == ["done", "done", "failed"]
    again(photos, restore, again=True)
    assert restore.asked == ["c", "b", "a"]
    assert [outcome.before for outcome in again(photos, restore)] == [True] * 3


def test_who_stops_the_program_does_not_make_a_photo_suspect(photos):
    for stop in (KeyboardInterrupt, DiskFullError("Full.")):
        with pytest.raises((KeyboardInterrupt, DiskFullError)):
            again(photos, Restore(a=stop))
    with Journal(photos[0].parents[1] / "out") as journal:
        assert journal.crashes(photos[0], "k") == 0


def test_another_key_makes_all_anew_in_place_of_our_own_results(photos):
    again(photos, Restore())
    edited = photos[0].parents[1] / "out" / "b.png"
    edited.write_bytes(b"edited by hand")
    restore = Restore()
    outcomes = again(photos, restore, key="another")
    assert restore.asked == ["a", "c"]
    assert "b.png exists already" in outcomes[1].item.message  # and is not lost
    assert edited.read_bytes() == b"edited by hand"


def test_a_result_that_is_not_all_there_is_made_again(photos):
    again(photos, Restore())
    restore = Restore()
    again(photos, restore, whole=lambda target: target.stem != "b")
    assert restore.asked == ["b"]


def test_without_resume_what_is_there_is_as_anybody_elses(photos):
    again(photos, Restore())
    batch = plan(photos, existing="skip")
    with Journal(Path(batch.settings.folder)) as journal:
        list(run(batch, Restore(), journal, key="k"))
    assert [item.state for item in batch.items] == ["skipped"] * 3
    assert batch.items[0].message == "a.png is there already."


def test_a_folder_that_cannot_be_made_fails_its_photo(photos):
    batch = plan(photos)
    (photos[0].parents[1] / "out" / "deep").write_bytes(b"a file")
    batch.items[0].under = "deep/er"
    list(run(batch, Restore()))
    assert [item.state for item in batch.items] == ["failed", "done", "done"]
    assert "cannot be made" in batch.items[0].message
