"""A layer goes from a host to the editor and comes back, without a host and without an editor."""

from __future__ import annotations

import pytest

from pip_client import Cancelled
from pip_plugin import Rectangle, edit

from .ports import FakeClient, MemoryPort, rectangular


@pytest.mark.parametrize("masked", [False, True])
def test_a_layer_comes_back_from_the_editor_with_a_mask_of_what_was_changed(masked):
    port, client = MemoryPort(), FakeClient()
    client.masked = masked
    done = edit(client, port, "GIMP", "photo.png: Background")
    assert (client.asked["host"], client.asked["title"]) == ("GIMP", "photo.png: Background")
    assert client.asked["regions"] == []
    assert port.into == done.rectangle == Rectangle(1, 2, 3, 5)
    assert port.written == {1: bytes((1, 1, 1)), 2: bytes((2, 2, 2))}
    assert done.mask == (bytes((255, 0, 255, 0, 255, 0)) if masked else b"\xff" * 6)
    assert done.name == "PIP: denoise, dehaze 0.5"
    assert done.warnings == ("odd",)
    assert (None, "Waiting for pip-editor") in port.told


def test_a_layer_that_was_changed_everywhere_needs_no_mask():
    port, client = MemoryPort(), FakeClient()
    client.masked, client.returned = False, (0, 0, 5, 6)
    assert edit(client, port, "GIMP", "photo").mask is None
    assert sorted(port.written) == [0, 1, 2, 3, 4]


def test_selection_and_named_channels_go_to_the_editor_as_regions():
    named = [("denoise 0.8", rectangular(0, 0, 2, 6, value=9)), ("Alpha", rectangular(0, 0, 5, 6))]
    port, client = MemoryPort(selection=rectangular(1, 2, 4, 5, value=3), named=named), FakeClient()
    edit(client, port, "GIMP", "photo")
    assert [(region["name"], region["mix"]) for region in client.asked["regions"]] == [
        ("denoise 0.8", {"denoise": 0.8}), ("Selection", {})
    ]  # fmt: skip
    assert [set(mask) for mask in client.masks] == [{0, 9}, {0, 3}]


def test_a_selection_outside_of_the_layer_is_none_for_the_editor():
    client = FakeClient()
    edit(client, MemoryPort(selection=rectangular(5, 0, 5, 0)), "GIMP", "photo")
    assert client.asked["regions"] == []


def test_waiting_for_the_editor_can_be_stopped():
    port = MemoryPort()
    port.stop_after = 0
    with pytest.raises(Cancelled):
        edit(FakeClient(), port, "GIMP", "photo")
    assert not port.written


def test_a_channel_that_names_no_mix_keeps_no_layer_from_the_editor():
    named = [("denoise very much", rectangular(0, 0, 2, 6)), ("dehaze", rectangular(0, 0, 2, 6, value=9))]
    client = FakeClient()
    edit(client, MemoryPort(named=named), "GIMP", "photo")
    assert [region["name"] for region in client.asked["regions"]] == ["dehaze"]
