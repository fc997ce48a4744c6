"""A host's layer goes to the editor and back through the service, whatever becomes of either side."""

from __future__ import annotations

import contextlib
import gc
import subprocess
import sys
import tempfile
import threading
import weakref
from pathlib import Path

import numpy as np
import pytest

from pip_backend.link import LinkError, LinkFolder
from pip_backend.service import Limits, Server
from pip_backend.service.links import Links
from pip_client import Cancelled, ServiceError, connect

from .fakes import Canvas, as_picture, photo, wait_for

EDITOR = Path(__file__).with_name("fake_editor.py")
TREE = Path(__file__).parents[2]


@pytest.fixture
def links(tmp_path, monkeypatch):
    """Where links lie."""
    folder = tmp_path / "links"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def linked(links, restorer):
    """Give a function that starts a service whose editor does something; returns the service and a client of it."""
    running = []

    def start(what, **limits):
        server = Server(Limits(**limits), lambda _: restorer, [sys.executable, str(EDITOR), what])
        assert server.open()
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        client = connect("test", start=False, timeout=5)
        running.append((server, thread, client))
        return server, client

    yield start
    for server, thread, client in running:
        client.close()
        server.stop("test")
        thread.join(5)
        server.close()
    wait_for(lambda: not list(links.glob("pip-editor-link-*")))


def half_of(pixels, top, left, bottom, right):
    """A mask over a part, soft, as bytes."""
    mask = np.zeros(pixels.shape[:2], np.uint8)
    mask[top:bottom, left:right] = 100
    return mask.tobytes()


@pytest.mark.parametrize("samples", [1, 2, 3, 4])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float16, np.float32])
def test_a_layer_comes_back_in_its_own_samples_with_a_mask(linked, samples, dtype):
    _, client = linked("halve")
    pixels = photo(150, 40, samples, dtype)
    part = (20, 10, 140, 33)
    canvas, marks, told = Canvas(pixels, part), [], []
    regions = [{"name": "Selection", "mix": {"dehaze": 0.5}, "mask": half_of(pixels, *part)}]
    report = client.edit(
        as_picture(pixels, linear=True), regions, host="GIMP", title="photo.png\nLayer", on_strip=canvas,
        on_returned=lambda *edges: told.append((edges, canvas.rows)),
        on_mask=lambda *strip: marks.append(strip),
    )  # fmt: skip
    assert canvas.whole
    assert told == [(part, 0)]
    here = pixels[20:140, 10:33]
    expected = (here / 2).astype(dtype) if np.dtype(dtype).kind == "f" else here // 2
    np.testing.assert_array_equal(canvas.pixels, expected)
    assert marks == [(20, 10, 120, 23, b"\xff" * (120 * 23))]
    assert report == {
        "mix": {"denoise": 1.0}, "rectangle": list(part), "masked": True,
        "warnings": ["GIMP: photo.png Layer", "Selection {'dehaze': 0.5}"],
    }  # fmt: skip


def test_an_editor_that_is_closed_gives_nothing_back(linked):
    _, client = linked("close")
    with pytest.raises(Cancelled):
        client.edit(as_picture(photo()), host="GIMP", title="photo")


@pytest.mark.parametrize(
    ("what", "sentence"), [("complain", "There is no screen."), ("crash", "pip-editor ended unexpectedly.")]
)
def test_an_editor_that_cannot_be_opened_says_why(linked, what, sentence):
    _, client = linked(what)
    with pytest.raises(ServiceError) as caught:
        client.edit(as_picture(photo()), host="GIMP", title="photo")
    assert (caught.value.code, caught.value.message) == ("editor", sentence)


def test_who_gives_up_is_told_at_once_and_so_is_the_editor(linked, links):
    server, client = linked("stay")
    with pytest.raises(Cancelled):
        client.edit(as_picture(photo()), host="GIMP", title="photo", cancelled=lambda: bool(list(links.glob("*/open"))))
    wait_for((links / "told").exists)
    assert client.ping()["jobs"] == 0
    wait_for(lambda: server.links.count() == 0)


def test_a_host_that_has_gone_waits_no_more(linked, links):
    _, client = linked("stay")

    def vanish(*_):
        if list(links.glob("*/open")):
            client._talk._link._sock.shutdown(2)

    with pytest.raises(ServiceError):
        client.edit(as_picture(photo()), host="GIMP", title="photo", on_progress=vanish)
    wait_for((links / "told").exists)


def test_nobody_waits_where_the_service_was_killed(links):
    code = (
        "import os, sys; from pathlib import Path; from pip_backend.link import LinkFolder;"
        "from pip_backend.pictures.raw import RawFormat, RawPicture; picture = RawPicture(RawFormat(2, 2, 'GRAY', 'u8'));"
        "picture.feed(bytes(4)); kept = LinkFolder(Path(sys.argv[1])); kept.offer(picture, [], 'GIMP', 'photo');"
        "print(flush=True); sys.stdin.read()"
    )
    service = subprocess.Popen([sys.executable, "-c", code, links], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    service.stdout.readline()
    folder = LinkFolder(links)
    folder.open()
    assert folder.waiting
    service.kill()
    service.communicate()
    assert (links / "waiting").exists()
    assert not folder.waiting


def test_an_editor_whose_python_has_gone_is_told_of_as_that(linked, monkeypatch):
    server, client = linked("stay")
    server.links._editor = ("/nowhere/python", "-m", "pip_backend")
    with pytest.raises(ServiceError) as told:
        client.edit(as_picture(photo()), host="GIMP", title="photo")
    assert told.value.message == "pip-editor cannot be started."


def test_an_editor_that_crashes_leaves_no_pixels_in_the_service(linked, monkeypatch):
    tasks, begin = [], Links.begin

    def noted(links, task):
        tasks.append(weakref.ref(task))
        begin(links, task)

    monkeypatch.setattr(Links, "begin", noted)
    _, client = linked("crash")
    for _ in range(2):
        with pytest.raises(ServiceError):
            client.edit(as_picture(photo()), host="GIMP", title="photo")
    wait_for(lambda: gc.collect() >= 0 and not any(task() for task in tasks))
    assert len(tasks) == 2


def test_a_layer_that_is_open_is_told_of(linked, links):
    server, client = linked("stay")
    with connect("other", start=False, timeout=5) as other:
        assert other.ping()["links"] == 0
        waits = threading.Event()

        def edit():
            with contextlib.suppress(Cancelled):
                client.edit(as_picture(photo()), host="GIMP", title="photo", cancelled=waits.is_set)

        thread = threading.Thread(target=edit)
        thread.start()
        wait_for(lambda: other.ping()["links"] == 1)
        waits.set()
        thread.join(5)
    wait_for(lambda: not server.links.count())


def test_a_title_that_is_no_utf8_is_shown_as_far_as_it_can_be(linked, links):
    _, client = linked("halve")
    pixels = photo()
    regions = [{"name": "Selection", "mix": {"dehaze": 0.5}, "mask": half_of(pixels, 0, 0, 9, 9)}]
    report = client.edit(as_picture(pixels), regions, host="GIMP", title="h\udce4user.png")
    assert report["warnings"][0] == "GIMP: h?user.png"


def test_restoring_goes_on_while_a_layer_is_open(linked, links):
    server, client = linked("stay", idle_seconds=0.2)
    waiting = threading.Event()
    failed = []

    def edit():
        try:
            client.edit(as_picture(photo()), host="GIMP", title="photo", cancelled=waiting.is_set)
        except Cancelled:
            failed.append("cancelled")

    thread = threading.Thread(target=edit)
    thread.start()
    wait_for(lambda: bool(list(links.glob("*/open"))))
    pixels = photo()
    canvas = Canvas(pixels)
    with connect("other", start=False, timeout=5) as other:
        other.restore(as_picture(pixels), {"denoise": 1}, on_strip=canvas)
        assert canvas.whole
        assert server.links.count() == 1
        waiting.set()
        thread.join(5)
    assert failed == ["cancelled"]


@pytest.mark.parametrize("wrong", [{"title": ""}, {"host": " "}, {"picture": "/etc/passwd"}])
def test_what_makes_no_sense_is_refused(linked, wrong):
    _, client = linked("halve")
    asked = {"picture": as_picture(photo()), "host": "GIMP", "title": "photo", **wrong}
    with pytest.raises(ServiceError) as caught:
        client.edit(asked.pop("picture"), **asked)
    assert caught.value.code == "usage"


def test_a_shape_is_no_mask_for_the_editor(linked):
    _, client = linked("halve")
    shape = {"type": "rectangle", "left": 0, "top": 0, "right": 15, "bottom": 40}
    with pytest.raises(ServiceError) as caught:
        client.edit(as_picture(photo()), [{"mask": shape}], host="GIMP", title="photo")
    assert caught.value.code == "usage"


def test_a_folder_that_is_none_is_one_sentence(tmp_path):
    with pytest.raises(LinkError, match="no layer of a host"):
        LinkFolder(tmp_path).open()
    LinkFolder(tmp_path).link.write_text("[" * 100_000)
    with pytest.raises(LinkError, match="no layer of a host"):
        LinkFolder(tmp_path).open()
