"""Clients take turns, a slow one slows only itself, and nobody gets more than is his."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from PIL import Image

from pip_backend.pictures import open_picture
from pip_client import ServiceError, connect
from tests.engine.networks import Endless

from .fakes import Canvas, FakeRestorer, as_picture, photo, wait_for
from .foreign_client import Service


def foreign(runtime, name="foreign"):
    service = Service(runtime / "service.json", "unix")
    service.handshake(name)
    service.socket.settimeout(10)
    return service


def test_strips_of_two_clients_alternate(serve, runtime, monkeypatch):
    gate = threading.Event()
    server = serve(lambda _: FakeRestorer(gate), queued_strips=100)
    order = []
    send = server.scheduler._send

    def spy(task, parcel):
        order.append((task.client.name, parcel.head["type"]))
        send(task, parcel)

    monkeypatch.setattr(server.scheduler, "_send", spy)
    services = [foreign(runtime, name=name) for name in ("a", "b")]
    for service in services:
        service.begin("restore", 4, 1280, photo(1280, 4).tobytes(), mix={"denoise": 1})
    wait_for(lambda: server.scheduler.count() == 2)
    gate.set()
    for service in services:
        assert service.finish()[1]["type"] == "done"
        service.socket.close()
    strips = [name for name, kind in order if kind == "strip"]
    assert len(strips) >= 20
    assert set(strips) == {"a", "b"}
    assert strips == strips[:2] * (len(strips) // 2)


def test_a_slow_reader_slows_only_itself_and_is_dropped_in_the_end(serve, runtime):
    server = serve(queued_strips=2, stall_seconds=1.5, message_seconds=1.0)
    slow = foreign(runtime)
    slow.socket.setsockopt(1, 8, 4096)  # SO_RCVBUF: as little as the system lets a reader have
    rows = photo(2000, 400).tobytes()
    slow.begin("restore", 400, 2000, rows, mix={"denoise": 1})
    wait_for(lambda: server.scheduler.count() == 1 and not next(iter(server._clients)).outbox.room)
    with connect("quick", start=False) as quick:
        pixels = photo()
        for _ in range(3):
            canvas = Canvas(pixels)
            quick.restore(as_picture(pixels), {"denoise": 1}, on_strip=canvas)
            assert canvas.whole
        assert quick.ping()["jobs"] == 1
        box = server._clients[0].outbox
        assert (box._strips, len(box._parcels) <= 4) == (2, True)
        wait_for(lambda: quick.ping()["clients"] == 1)
        assert quick.ping()["jobs"] == 0
    slow.socket.close()


def test_a_reader_that_catches_up_gets_every_row(serve, runtime):
    serve(queued_strips=1)
    late = foreign(runtime)
    pixels = photo(1500, 200)
    late.begin("restore", 200, 1500, pixels.tobytes(), mix={"denoise": 1})
    time.sleep(0.3)
    result, last = late.finish()
    assert last["type"] == "done"
    np.testing.assert_array_equal(np.frombuffer(result, np.uint8).reshape(pixels.shape), pixels + 64)
    late.socket.close()


def test_so_many_jobs_and_no_more(serve, runtime):
    gate = threading.Event()
    serve(lambda _: FakeRestorer(gate), jobs=2)
    service = foreign(runtime)
    for _ in range(3):
        service.begin("restore", 4, 4, bytes(48), mix={"denoise": 1})
    while (answer := service.receive()[0])["type"] == "progress":
        pass
    assert (answer["id"], answer["code"]) == (3, "busy")
    gate.set()
    service.number = 2
    assert service.finish()[1]["type"] == "done"
    service.socket.close()


def test_who_cancels_and_asks_anew_is_not_busy_but_piles_up_no_jobs_without_end(serve, runtime):
    gate = threading.Event()
    serve(lambda _: FakeRestorer(gate), jobs=2)
    service = foreign(runtime)
    service.begin("restore", 4, 4, bytes(48), mix={"denoise": 1})
    while service.receive()[0].get("text") != "Loading the network":  # from here on the one thread is in its step
        pass
    for number in range(2, 8):
        service.begin("restore", 4, 4, bytes(48), mix={"denoise": 1})
        service.send({"type": "cancel", "id": number})
    while (answer := service.receive()[0])["type"] != "error":
        pass
    # One job and four cancelled ones are as many as two jobs.
    assert (answer["id"], answer["code"]) == (6, "busy")
    gate.set()
    service.socket.close()


def test_a_job_is_cancelled_while_it_waits_and_while_it_runs(serve, runtime):
    gate = threading.Event()
    serve(lambda _: FakeRestorer(gate))
    service = foreign(runtime)
    for _ in range(2):
        service.begin("restore", 64, 300, photo(300, 64).tobytes(), mix={"denoise": 1})
    service.send({"type": "cancel", "id": 2})
    service.send({"type": "cancel", "id": 1})
    service.send({"type": "cancel", "id": 77})
    gate.set()
    ended = set()
    while ended != {1, 2}:
        head, _ = service.receive()
        assert head["type"] != "done"
        if head["type"] == "cancelled":
            ended.add(head["id"])
    assert service.ask("ping")["jobs"] == 0
    service.socket.close()


def test_a_job_is_cancelled_in_the_middle_of_a_tile(serve, runtime):
    restorer = FakeRestorer()
    lift, restorer.network = restorer.network, Endless(2)
    serve(lambda _: restorer)
    service = foreign(runtime)
    service.begin("restore", 64, 300, photo(300, 64).tobytes(), mix={"denoise": 1})
    while len(restorer.network.tiles) < 2:  # the second one has begun, and does not end by itself
        service.receive()
    service.send({"type": "cancel", "id": 1})
    while (head := service.receive()[0])["type"] != "cancelled":
        assert head["type"] != "done"
    restorer.network = lift
    service.begin("restore", 64, 300, photo(300, 64).tobytes(), mix={"denoise": 1})
    assert service.finish()[1]["type"] == "done"
    service.socket.close()


def test_an_upload_is_cancelled_and_its_late_rows_are_passed_over(serve, runtime):
    serve()
    service = foreign(runtime)
    picture = {"width": 8, "height": 8, "channels": "RGB", "depth": "u8"}
    service.send({"type": "restore", "id": 5, "picture": picture})
    service.send({"type": "cancel", "id": 5})
    service.send({"type": "rows", "id": 5, "top": 0, "bottom": 8}, bytes(192))
    assert service.receive()[0] == {"type": "cancelled", "id": 5}
    assert service.ask("ping")["jobs"] == 0
    service.socket.close()


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ({"top": 1, "bottom": 2}, 24),
        ({"top": 0, "bottom": 9}, 24 * 9),
        ({"top": 0, "bottom": 0}, 0),
        ({"top": 0, "bottom": 2}, 24),
        ({"top": "0", "bottom": 1}, 24),
    ],
)
def test_rows_that_are_not_due_end_the_job_and_not_the_connection(serve, runtime, head, body):
    serve()
    service = foreign(runtime)
    picture = {"width": 8, "height": 8, "channels": "RGB", "depth": "u8"}
    service.send({"type": "restore", "id": 5, "picture": picture})
    service.send({"type": "rows", "id": 5, **head}, bytes(body))
    answer = service.receive()[0]
    assert (answer["id"], answer["code"]) == (5, "usage")
    service.number = 5
    service.begin("restore", 4, 4, bytes(48), mix={})
    assert service.finish()[1]["type"] == "done"
    service.socket.close()


def test_one_picture_at_a_time(serve, runtime):
    serve()
    service = foreign(runtime)
    picture = {"width": 8, "height": 8, "channels": "RGB", "depth": "u8"}
    service.send({"type": "restore", "id": 1, "picture": picture})
    service.send({"type": "suggest", "id": 2, "picture": picture})
    answer = service.receive()[0]
    assert (answer["id"], answer["code"]) == (2, "usage")
    service.send({"type": "rows", "id": 1, "top": 0, "bottom": 8}, bytes(192))
    service.number = 1
    assert service.finish()[1]["type"] == "done"
    service.socket.close()


def test_what_is_too_large_is_refused_before_anything_is_allocated(serve, runtime):
    server = serve(pixels=10_000, regions=2, spare_disk=1 << 62)
    service = foreign(runtime)
    big = {"width": 500_000, "height": 500_000, "channels": "RGBA", "depth": "f32"}
    small = {"width": 50, "height": 50, "channels": "RGB", "depth": "u8"}
    many = [{"mask": None}] * 3
    for number, (picture, more, code) in enumerate(
        (
            (big, {}, "limit"),
            (small, {"regions": many}, "limit"),
            (small, {}, "disk"),
            ({**small, "width": 1 << 20}, {}, "usage"),
        )
    ):
        service.send({"type": "restore", "id": number, "picture": picture, **more})
        answer = service.receive()[0]
        assert (answer["id"], answer["code"]) == (number, code)
    assert server._clients[0]._upload is None
    service.socket.close()


def test_the_clients_are_counted_and_a_place_becomes_free(serve):
    serve(clients=2)
    first, second = connect("1", start=False), connect("2", start=False)
    with pytest.raises(ServiceError) as caught:
        connect("3", start=False)
    assert caught.value.code == "busy"
    first.close()
    wait_for(lambda: second.ping()["clients"] == 1)
    with connect("3", start=False) as third:
        assert third.ping()["clients"] == 2
    second.close()


def test_who_reads_nothing_holds_no_place_for_long(serve, runtime):
    server = serve(started=1, queued_strips=1, parking_seconds=0.2)
    slow, other = foreign(runtime), foreign(runtime)
    pixels = photo(4000, 400)
    slow.begin("restore", 400, 4000, pixels.tobytes(), mix={"denoise": 1})
    wait_for(lambda: not server._clients[0].outbox.room)
    other.begin("restore", 4, 4, bytes(48), mix={"denoise": 1})
    assert other.finish()[1]["type"] == "done"
    result, last = slow.finish()  # it is parked, not dropped, and goes on when it reads
    assert last["type"] == "done"
    np.testing.assert_array_equal(np.frombuffer(result, np.uint8).reshape(pixels.shape), pixels + 64)
    for service in (slow, other):
        service.socket.close()


def test_where_too_many_read_nothing_the_stillest_is_dropped_for_others(serve, runtime):
    server = serve(started=1, parked=0, queued_strips=1, parking_seconds=0.2)
    slow, other = foreign(runtime), foreign(runtime)
    slow.begin("restore", 400, 4000, photo(4000, 400).tobytes(), mix={"denoise": 1})
    wait_for(lambda: not server._clients[0].outbox.room)
    other.begin("restore", 4, 4, bytes(48), mix={"denoise": 1})
    assert other.finish()[1]["type"] == "done"
    wait_for(lambda: other.ask("ping")["clients"] == 1)
    for service in (slow, other):
        service.socket.close()


def test_nobody_waits_for_a_file_that_is_being_read(serve, tmp_path, monkeypatch):
    server = serve()
    decoded = threading.Event()

    def slowly(path):
        assert decoded.wait(30)
        return open_picture(path)

    monkeypatch.setattr("pip_backend.pictures.open_picture", slowly)
    pixels = photo()
    Image.fromarray(pixels).save(tmp_path / "photo.png")
    by_path, sent = Canvas(pixels), Canvas(pixels)

    def read():
        with connect("reader", start=False) as reader:
            reader.restore(str(tmp_path / "photo.png"), {"denoise": 1}, on_strip=by_path)

    thread = threading.Thread(target=read)
    thread.start()
    wait_for(lambda: server.scheduler.count() == 1)
    with connect("other", start=False) as other:
        other.restore(as_picture(pixels), {"denoise": 1}, on_strip=sent)
        assert sent.whole
        assert by_path.rows == 0
    decoded.set()
    thread.join(30)
    np.testing.assert_array_equal(by_path.pixels, sent.pixels)


def test_at_most_so_many_jobs_are_held_in_memory(serve, runtime):
    server = serve(started=1, queued_strips=1)
    slow, other = foreign(runtime), foreign(runtime)
    rows = photo(4000, 400).tobytes()
    slow.begin("restore", 400, 4000, rows, mix={"denoise": 1})
    wait_for(lambda: not server._clients[0].outbox.room)
    other.begin("restore", 4, 4, bytes(48), mix={"denoise": 1})
    assert other.receive()[0]["text"] == "Waiting for 1 other"
    slow.socket.close()
    assert other.finish()[1]["type"] == "done"
    other.socket.close()
