from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pip_client import DEGRADATIONS, Cancelled, ServiceError, parse_mix
from pip_plugin import (
    BY_CHANNELS,
    QUICK,
    SUGGEST,
    Mask,
    PluginError,
    Rectangle,
    Sent,
    Settings,
    channel_mix,
    edit,
    layer_name,
    mix_text,
    restore,
)

from .ports import FakeClient, MemoryPort, rectangular

PLUGIN = Path(__file__).parents[2] / "plugin"
MIXES = st.dictionaries(st.sampled_from(DEGRADATIONS), st.integers(1, 100).map(lambda n: n / 100))


@given(MIXES)
def test_a_mix_survives_being_written(mix):
    assert parse_mix(mix_text(mix) or "nothing") == mix


@given(MIXES.filter(bool))
def test_a_layers_name_is_a_channels_name(mix):
    assert channel_mix(layer_name(mix).removeprefix("PIP: ")) == mix


@pytest.mark.parametrize(
    ("mix", "strength", "name"),
    [
        ({"denoise": 1.0}, 1.0, "PIP: denoise"),
        ({"dehaze": 0.5, "denoise": 1.0}, 1.0, "PIP: denoise, dehaze 0.5"),
        ({"brighten": 0.25}, 0.8, "PIP: brighten 0.25 (strength 0.8)"),
        ({}, 1.0, "PIP: nothing"),
    ],
)
def test_a_layer_is_named_after_what_was_done(mix, strength, name):
    assert layer_name(mix, strength) == name


@pytest.mark.parametrize(
    ("name", "mix"),
    [
        ("denoise 0.8", {"denoise": 0.8}),
        ("brighten", {"brighten": 1.0}),
        ("Brighten #1", {"brighten": 1.0}),
        ("denoise 0.8 copy #2", {"denoise": 0.8}),
        ("denoise=0.5, dehaze", {"denoise": 0.5, "dehaze": 1.0}),
        ("Selection Mask", None),
        ("Red copy", None),
        ("denoised sky", None),
        ("", None),
    ],
)
def test_a_channel_is_a_region_when_it_is_named_after_a_mix(name, mix):
    assert channel_mix(name) == mix


@pytest.mark.parametrize("name", ["denoise twice", "denoise 2", "denoise, sky"])
def test_a_channel_that_nearly_names_a_mix_is_an_error(name):
    with pytest.raises(ServiceError):
        channel_mix(name)


def test_settings_survive_being_kept():
    settings = Settings("denoise=1", 0.4, "pip-compact", BY_CHANNELS, ensemble=True, recipe="my album")
    assert Settings.from_json(settings.to_json()) == settings


def test_settings_that_were_kept_before_there_was_a_best_quality_want_the_quick_one():
    kept = '{"mix": "denoise=1", "strength": 0.4, "model": "", "regions": "channels"}'
    assert Settings.from_json(kept) == Settings("denoise=1", 0.4, "", BY_CHANNELS, ensemble=False)


@given(
    st.text()
    | st.sampled_from(['{"mix": 3, "strength": 7, "regions": "x", "ensemble": 1}', "[]", '{"strength": true}'])
)
def test_kept_settings_that_make_no_sense_become_the_defaults(text):
    assert Settings.from_json(text) == Settings()


def test_quick_entries_name_mixes():
    assert [quick.mix for quick in QUICK if quick.mix == SUGGEST] == [SUGGEST]
    assert all(parse_mix(quick.mix) == {quick.name: 1.0} for quick in QUICK if quick.mix != SUGGEST)


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


def test_the_sensor_decides_when_it_is_asked_to():
    client = FakeClient({"derain": 0.4})
    assert restore(client, MemoryPort(), Settings()).mix == {"derain": 0.4}
    assert client.asked["regions"][0]["mix"] == {"derain": 0.4}


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


def test_a_layer_that_was_sent_is_the_same_until_a_bit_of_it_changes():
    port = MemoryPort(height=300)
    sent = Sent(port)
    assert not sent.still(port)  # nothing of it has been sent
    sent.picture.rows(0, 128)
    assert not sent.still(port)
    sent.picture.rows(128, 256)
    sent.picture.rows(256, 300)
    assert sent.still(port)
    other = MemoryPort(height=300)
    other.pixels = port.pixels[:-1] + bytes([port.pixels[-1] ^ 1])
    assert not sent.still(other)
    assert not sent.still(MemoryPort(height=299))


class Turned(MemoryPort):
    """Knows its pixels by another order than the one that it gives them in; somebody may paint between the two."""

    painting = False

    def look(self, top, bottom):
        own = self.pixels[top * self.size[0] : bottom * self.size[0]][::-1]
        if self.painting:
            self.pixels = bytes([self.pixels[0] ^ 1]) + self.pixels[1:]
        return own

    def read(self, top, bottom):
        assert not self.forbidden
        return super().read(top, bottom)

    forbidden = False


def test_a_host_that_knows_its_pixels_by_less_is_not_asked_for_them_to_compare():
    port = Turned(height=300)
    sent = sent_by(port)
    port.forbidden = True
    assert sent.still(port)
    port.pixels = port.pixels[:-1] + bytes([port.pixels[-1] ^ 1])
    assert not sent.still(port)


def test_what_is_painted_while_a_layer_is_sent_makes_it_another():
    port = Turned(height=300)
    port.painting = True
    sent = Sent(port)
    sent.picture.rows(0, 128)
    port.painting = False
    sent.picture.rows(128, 256)
    sent.picture.rows(256, 300)
    assert not sent.still(port)


class Reads(MemoryPort):
    """Notes which rows are read, and when, among what happens."""

    def __init__(self, *words, events, **named):
        super().__init__(*words, **named)
        self.events = events

    def read(self, top, bottom):
        self.events.append("looks")
        return super().read(top, bottom)


class Keeps(FakeClient):
    """Has a picture, of which it reads no rows again."""

    def __init__(self, events):
        super().__init__()
        self.events = events
        self.pictures = []

    def restore(self, picture, *, rectangle, on_strip, on_progress, cancelled, **_):
        self._check(cancelled)  # while the mask is sent
        self.events.append("works")
        self.pictures.append(picture)
        top, left, bottom, right = rectangle
        for row in range(top, bottom):
            on_progress(0.0, None, "Restoring")
            self._check(cancelled)
            on_strip(row, left, 1, right - left, bytes([len(self.pictures)]) * (right - left))
        return {"warnings": []}


def sent_by(port):
    sent = Sent(port)
    for part in ((0, 128), (128, 256), (256, 300)):
        sent.picture.rows(*part)
    return sent


def test_a_layer_that_was_sent_is_looked_at_while_the_service_works_and_all_of_it():
    events = []
    port, client = Reads(height=300, events=events), Keeps(events)
    sent = sent_by(MemoryPort(height=300))
    restore(client, port, Settings("denoise"), sent=sent)
    assert events == ["works", "looks", "looks", "looks"]
    assert client.pictures == [sent.picture]
    short = Reads(height=300, events=events, selection=rectangular(0, 0, 1, 6))
    events.clear()
    restore(client, short, Settings("denoise"), sent=sent)
    assert events == ["works", "looks", "looks", "looks"]  # the service was done before all was looked at


@pytest.mark.parametrize("place", [0, 150 * 6, -1])
def test_a_layer_that_has_changed_since_it_was_sent_is_sent_and_restored_anew(place):
    port, client = MemoryPort(height=300), Keeps([])
    sent = sent_by(port)
    changed = MemoryPort(height=300)
    pixels = bytearray(port.pixels)
    pixels[place] ^= 1
    changed.pixels = bytes(pixels)
    restore(client, changed, Settings("denoise"), sent=sent)
    first, second = client.pictures
    assert first is sent.picture
    assert second.rows(0, 300) == changed.pixels
    assert set(changed.written) == set(range(300))
    assert {row[0] for row in changed.written.values()} == {2}  # of the second restoration, every row


def test_who_stops_while_a_sent_layer_is_looked_at_has_stopped():
    port, client = MemoryPort(height=300), Keeps([])
    port.stop_after = 5
    with pytest.raises(Cancelled):
        restore(client, port, Settings("denoise"), sent=sent_by(MemoryPort(height=300)))
    assert len(client.pictures) == 1


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


@pytest.mark.parametrize(
    "path", sorted([*PLUGIN.glob("pip_plugin/*.py"), *PLUGIN.glob("gimp/**/*.py")]), ids=lambda path: path.name
)
def test_plugin_files_are_python_3_8(path):
    assert ast.parse(path.read_text("utf-8"), feature_version=(3, 8)).body


@pytest.mark.parametrize("path", sorted(PLUGIN.glob("pip_plugin/*.py")), ids=lambda path: path.name)
def test_shared_code_imports_the_standard_library_and_the_client_only(path):
    imported = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            imported.add(node.module.split(".")[0])
    assert imported <= {*sys.stdlib_module_names, "pip_client"}
