"""What the sensor is asked about: the whole picture, or what lies under a mask; and each region that leaves its mix to it, alone."""

from __future__ import annotations

import numpy as np

from pip_backend.engine.sensing import TILE, Suggestion
from pip_backend.regions import Mix, RasterMask, Rectangle, WholePicture
from pip_client import DEGRADATIONS

from .fakes import as_picture, photo

SHAPE = {"type": "rectangle", "left": 0, "top": 0, "right": 15, "bottom": 40}
LEFT = Rectangle(0, 0, 15, 40)


def test_the_sensor_is_asked_when_nobody_says_what(client, restorer):
    report = client.restore(as_picture(photo()))
    assert (report["mix"], report["suggested"], restorer.suggested) == ({"denoise": 0.5}, True, 1)
    found = client.suggest(as_picture(photo()))
    assert (found["mix"], restorer.within) == ({"denoise": 0.5}, None)
    assert set(found["presence"]) == set(found["amount"])


def test_a_suggestion_tells_where_if_asked(client):
    picture = as_picture(photo())
    assert "map" not in client.suggest(picture)
    told = client.suggest(picture, heat=True)["map"]
    assert told["tops"] == [0, 8]
    assert told["lefts"] == [0, 5, 10]
    assert told["tile"] == TILE
    assert told["presence"]["denoise"] == [[0.0, 0.06, 0.12], [0.18, 0.24, 0.3]]
    assert list(told["presence"]) == list(DEGRADATIONS)


def test_a_suggestion_is_of_what_lies_under_a_mask_by_shape_or_by_rows(client, restorer):
    picture, cover = as_picture(photo()), np.zeros((40, 30), np.uint8)
    cover[5:20, 3:9] = 200
    client.suggest(picture, within=SHAPE)
    assert restorer.within == LEFT
    client.suggest(picture, within=cover.tobytes())
    assert restorer.within == RasterMask.from_array(cover, 30, 40)
    client.suggest(picture)
    assert restorer.within is None


def test_every_region_that_leaves_its_mix_to_the_sensor_is_judged_alone_and_once(client, restorer, monkeypatch):
    asked, done, strips = [], [], restorer.strips

    def suggest(_picture, within=None):
        asked.append(within)
        return Suggestion(Mix.of(denoise=1) if within == LEFT else Mix.of(dehaze=0.5), {}, {})

    def restored(picture, what, **settings):
        done.extend((region.mask, region.mix) for region in what)
        return strips(picture, what, **settings)

    monkeypatch.setattr(restorer, "suggest", suggest)
    monkeypatch.setattr(restorer, "strips", restored)
    recipe = {
        "format": "pip-editor recipe",
        "version": 1,
        "name": "both",
        "regions": [
            {"name": "all", "mask": {"type": "whole"}, "mix": "suggest"},
            {"name": "left", "mask": SHAPE, "mix": "suggest"},
        ],
    }
    report = client.restore(as_picture(photo()), recipe=recipe, regions=[{"mix": "suggest", "mask": SHAPE}])
    assert report["suggested"]
    assert asked == [WholePicture(), LEFT]
    left = LEFT, Mix.of(denoise=1)
    assert done == [(WholePicture(), Mix.of(dehaze=0.5)), left, left]
