"""What plug-ins ask the service for, and what they make of the answer, without a host and without a service."""

from __future__ import annotations

import pytest

from pip_client import Cancelled
from pip_plugin import BY_CHANNELS, Mask, PluginError, Rectangle, Settings, restore

from .ports import FakeClient, MemoryPort, rectangular


def test_without_a_selection_the_whole_layer_is_restored():
    port, client = MemoryPort(), FakeClient()
    done = restore(client, port, Settings("denoise", 0.5))
    assert b"".join(port.written.values()) == bytes(value + 100 for value in port.pixels)
    assert client.asked["regions"][0] | {"mask": None} == {
        "name": "selection", "mix": {"denoise": 1.0}, "strength": 0.5, "mask": None, "feather": 0.0
    }  # fmt: skip
    assert client.masks == [None]
    assert client.asked["icc"] == b"profile"
    assert client.asked["model"] is None
    assert done.name == "PIP: denoise (strength 0.5)"
    assert done.warnings == ("odd",)


@pytest.mark.parametrize("preview", [None, Rectangle(0, 0, 2, 2)])
@pytest.mark.parametrize("best", [False, True])
def test_the_quality_that_is_chosen_is_asked_for_and_the_preview_has_it_too(best, preview):
    client = FakeClient()
    restore(client, MemoryPort(), Settings("denoise", ensemble=best), preview=preview)
    assert client.asked["ensemble"] is best


def test_a_recipe_is_asked_for_with_all_that_it_says_as_strong_as_is_wanted():
    port, client = MemoryPort(selection=rectangular(1, 2, 4, 5, value=3)), FakeClient()
    done = restore(client, port, Settings("denoise", 0.5, recipe="my album"))
    (region,) = client.asked["recipe"]["regions"]
    assert region == {"name": "sky", "mask": {"type": "whole"}, "mix": "suggest", "strength": 0.25}
    assert client.asked["regions"] == []  # the mask of the layer fades it
    assert done.rectangle == Rectangle(1, 2, 4, 5)
    assert done.name == "PIP: my album (strength 0.5)"


@pytest.mark.parametrize("rows", [[(0, 5)], [(0, 1), (1, 3), (3, 5)], [(0, 2), (2, 4), (4, 5)]])
def test_the_preview_of_a_recipe_is_protected_where_less_is_selected(rows):
    chosen = rectangular(1, 2, 4, 5, value=3)
    client = FakeClient()
    restore(client, MemoryPort(selection=chosen), Settings(recipe="my album"), preview=Rectangle(0, 0, 2, 2))
    (region,) = client.asked["regions"]
    assert region["strength"] == 0
    protected = b"".join(region["mask"](*part) for part in rows)
    assert protected == bytes(255 - value for value in chosen.rows(0, 5))


def test_a_recipe_that_is_not_there_is_said_with_advice():
    port = MemoryPort()
    with pytest.raises(PluginError, match="There is no recipe called nonsense"):
        restore(FakeClient(), port, Settings(recipe="nonsense"))
    assert not port.written


def test_a_soft_selection_is_asked_for_in_full_and_only_where_it_is():
    port = MemoryPort(selection=rectangular(1, 2, 4, 5, value=3))
    client = FakeClient()
    done = restore(client, port, Settings("denoise"))
    assert done.rectangle == port.into == Rectangle(1, 2, 4, 5)
    assert sorted(port.written) == [1, 2, 3]
    assert set(client.masks[0]) == {0, 255}


def test_a_preview_is_blended_by_the_service_and_shows_what_is_asked_for():
    port = MemoryPort(selection=rectangular(1, 2, 4, 5, value=3))
    client = FakeClient()
    restore(client, port, Settings("denoise"), preview=Rectangle(0, 0, 2, 2))
    assert port.into == Rectangle(0, 0, 2, 2)
    assert set(client.masks[0]) == {0, 3}


def test_channels_become_regions_from_bottom_to_top():
    port = MemoryPort(
        named=[
            ("denoise 0.8", rectangular(0, 0, 2, 6, value=9)),
            ("Alpha", rectangular(0, 0, 5, 6)),
            ("brighten", rectangular(2, 0, 5, 6)),
        ]
    )
    client = FakeClient()
    done = restore(client, port, Settings(regions=BY_CHANNELS, strength=0.5))
    assert [(r["name"], r["mix"], r["strength"]) for r in client.asked["regions"]] == [
        ("denoise 0.8", {"denoise": 0.8}, 0.5),
        ("brighten", {"brighten": 1.0}, 0.5),
    ]
    assert set(client.masks[0]) == {0, 9}
    assert done.name == "PIP: denoise 0.8, brighten (strength 0.5)"


def test_a_preview_by_channels_shows_that_the_selection_bounds_the_result():
    named = [("denoise 0.8", rectangular(0, 0, 5, 6, value=9))]
    port = MemoryPort(selection=rectangular(1, 2, 4, 5), named=named)
    client = FakeClient()
    restore(client, port, Settings(regions=BY_CHANNELS), preview=Rectangle(0, 0, 2, 2))
    assert [(region["name"], region["strength"]) for region in client.asked["regions"]] == [
        ("denoise 0.8", 1.0), ("not selected", 0.0)
    ]  # fmt: skip
    assert set(client.masks[1]) == {0, 255}


def test_the_sensor_decides_when_it_is_asked_to():
    client = FakeClient({"derain": 0.4})
    assert restore(client, MemoryPort(), Settings()).mix == {"derain": 0.4}
    assert client.asked["regions"][0]["mix"] == {"derain": 0.4}
    assert client.judged is None


def test_the_sensor_looks_at_what_is_selected():
    client, chosen = FakeClient({}), rectangular(1, 2, 4, 5, value=3)
    with pytest.raises(PluginError, match="with what is selected"):
        restore(client, MemoryPort(selection=chosen), Settings())
    assert client.judged == chosen.rows(0, 5)


@pytest.mark.parametrize(
    ("port", "settings", "suggestion"),
    [
        (MemoryPort(), Settings(), {}),
        (MemoryPort(), Settings("nothing"), None),
        (MemoryPort(), Settings(regions=BY_CHANNELS), None),
        (MemoryPort(selection=rectangular(5, 0, 5, 0)), Settings("denoise"), None),
    ],
)
def test_what_cannot_be_done_is_said_with_advice(port, settings, suggestion):
    with pytest.raises(PluginError) as caught:
        restore(FakeClient(suggestion), port, settings)
    assert caught.value.message.endswith(".")
    assert caught.value.advice.endswith(".")
    assert not port.written


def test_a_user_who_stops_is_heard():
    port = MemoryPort()
    port.stop_after = 3
    with pytest.raises(Cancelled):
        restore(FakeClient(), port, Settings("denoise"))


def test_progress_says_how_long_it_will_take():
    port = MemoryPort()
    restore(FakeClient(), port, Settings("denoise"))
    assert (0.2, "Restoring, 12 s left") in port.told


@pytest.mark.parametrize("parts", [[(0, 5)], [(0, 1), (1, 3), (3, 5)], [(0, 2), (2, 4), (4, 5)]])
def test_the_host_is_asked_only_for_rows_where_something_is_selected(parts):
    whole = bytearray(rectangular(1, 2, 3, 5).rows(0, 5))
    whole[8] = 0  # no rectangle, then
    asked = []

    def rows(top, bottom):
        asked.append((top, bottom))
        return bytes(whole[top * 6 : bottom * 6])

    client, found = FakeClient(), []

    def restored(picture, *, regions, **_):
        found.append(b"".join(regions[0]["mask"](*part) for part in parts))
        return {"warnings": []}

    client.restore = restored
    port = MemoryPort(selection=Mask(Rectangle(1, 2, 3, 5), rows))
    restore(client, port, Settings("denoise"))
    assert found == [whole]
    assert min(top for top, _ in asked) == 1
    assert max(bottom for _, bottom in asked) == 3


@pytest.mark.parametrize(
    ("value", "preview", "told"),
    [(255, None, True), (90, None, True), (255, (0, 0, 2, 2), True), (90, (0, 0, 2, 2), False)],
)
def test_a_rectangle_is_told_and_not_sent_unless_the_service_has_to_fade_it(value, preview, told):
    port, client = MemoryPort(height=300, selection=rectangular(1, 2, 200, 5, value=value)), FakeClient()
    port.pixels = bytes(300 * 6)
    restore(client, port, Settings("denoise"), preview=preview and Rectangle(*preview))
    mask = client.asked["regions"][0]["mask"]
    assert isinstance(mask, dict) == told
    assert client.masks == [rectangular(1, 2, 200, 5, value=255 if told else value).rows(0, 300)]


@pytest.mark.parametrize("place", [6 + 2, 150 * 6 + 3, 199 * 6 + 4])
def test_what_is_a_rectangle_but_for_a_pixel_is_sent(place):
    rows = bytearray(rectangular(1, 2, 200, 5).rows(0, 300))
    rows[place] = 0
    mask = Mask(Rectangle(1, 2, 200, 5), lambda top, bottom: bytes(rows[top * 6 : bottom * 6]))
    port, client = MemoryPort(height=300, selection=mask), FakeClient()
    port.pixels = bytes(300 * 6)
    restore(client, port, Settings("denoise"))
    assert client.masks == [bytes(rows)]
