"""Where results go: nobody's file is lost, and no two results become one."""

from __future__ import annotations

from pathlib import Path

import pytest

from pip_backend.batch import Item, Naming, Plan, file_name
from pip_backend.errors import PictureError, UsageError


def plan(out, *sources, pattern="{name}", **naming):
    return Plan(Naming(str(out), pattern, **naming), [Item(str(source)) for source in sources])


def test_patterns_are_filled_in():
    assert file_name("{name} {number}", "sea", 7) == "sea 0007"
    assert file_name("{name}", "what {is} this?", 1) == "what {is} this?"  # a photo may be called so
    for wrong in ("", "  ", "a/b", "{date}", "..", "x:y"):
        with pytest.raises(UsageError, match="gives no name of a file"):
            file_name(wrong, "sea", 1)


def test_results_keep_folder_and_format_where_it_is_written(tmp_path):
    plan = Plan(
        Naming(str(tmp_path), "{number}-{name}"),
        [Item("/in/a.TIF", "deep"), Item("/in/b.heic"), Item("/in/c.gif", into="/elsewhere/c.png")],
    )
    names = [plan.target(item).as_posix() for item in plan.items]
    assert names == [f"{tmp_path.as_posix()}/deep/0001-a.TIF", f"{tmp_path.as_posix()}/0002-b.png", "/elsewhere/c.png"]
    again = Plan(Naming(str(tmp_path), "{name}", ".webp"), [Item("/in/a.TIF")])
    assert again.target(again.items[0]).name == "a.webp"


@pytest.mark.parametrize(
    ("existing", "name"), [("skip", None), ("number", "a-2.png"), ("replace", "a.png"), ("refuse", PictureError)]
)
def test_a_file_that_is_there(tmp_path, existing, name):
    (tmp_path / "a.png").write_bytes(b"mine")
    batch = plan(tmp_path, tmp_path / "in" / "a.png", existing=existing)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.png").write_bytes(b"photo")
    if name is PictureError:
        with pytest.raises(PictureError, match=r"a\.png exists already"):
            batch.place(batch.items[0])
        return
    assert batch.place(batch.items[0]) == (None if name is None else tmp_path / name)


@pytest.mark.parametrize("existing", ["replace", "refuse"])
def test_a_batch_never_replaces_the_photo_itself_and_does_not_say_that_it_would(tmp_path, existing):
    (tmp_path / "a.png").write_bytes(b"photo")
    batch = plan(tmp_path, tmp_path / "a.png", existing=existing)
    with pytest.raises(PictureError, match="is the photo itself") as refused:
        batch.place(batch.items[0])
    assert "--overwrite" not in str(refused.value)


@pytest.mark.parametrize("existing", ["skip", "number", "replace"])
def test_a_result_of_this_batch_is_never_replaced_by_another(tmp_path, existing):
    batch = plan(tmp_path, "/x/a.png", "/y/a.png", existing=existing)
    first, second = batch.items
    first.target = str(batch.place(first))
    Path(first.target).write_bytes(b"result")
    assert batch.place(second) == tmp_path / "a-2.png"


def test_two_photos_that_would_become_one_file_are_found(tmp_path):
    assert plan(tmp_path, "/x/a.png", "/x/b.png").double() is None
    twice = plan(tmp_path, "/x/a.png", "/x/b.png", "/x/a.jpg", suffix=".tif").double()
    assert [Path(item.source).name for item in twice] == ["a.png", "a.jpg"]


def test_a_link_among_the_results_makes_no_two_of_them_one(tmp_path):
    (tmp_path / "b.png").symlink_to("a.png")
    batch = plan(tmp_path, "/x/a.png", "/x/b.png", existing="number")
    first, second = batch.items
    assert batch.double() == (first, second)
    first.target = str(batch.place(first))
    Path(first.target).write_bytes(b"result")
    assert batch.place(second) == tmp_path / "b-2.png"
    second.target, first.target = str(tmp_path / "b.png"), ""
    assert batch.place(first) == tmp_path / "a-2.png"


def test_a_photos_name_is_kept_whatever_spaces_it_begins_with():
    assert file_name(" {name}-{number} ", " a ", 3) == " a -0003"
    assert file_name("{name}", " ", 1) == " "
