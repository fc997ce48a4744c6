from __future__ import annotations

import numpy as np
import pytest

from pip_backend.engine import ArraySource
from pip_backend.engine.sensing import MAP_ACROSS, TILE, heat_map


class Bright:
    """Finds of each degradation as much as a tile is bright."""

    context_size = 8

    def judge(self, tiles, thumbnail):
        assert tiles.shape[1:] == (TILE, TILE, 3)
        assert thumbnail.shape == (8, 8, 3)
        sure = np.repeat(tiles.mean(axis=(1, 2, 3))[:, None], 6, axis=1)
        return sure, sure


@pytest.mark.parametrize(
    ("size", "tiles"), [((900, 1400), (7, 8)), ((128, 300), (1, 2)), ((5, 3), (1, 1)), ((3000, 2000), (8, 8))]
)
def test_each_tile_of_a_heat_map_is_judged_by_its_own_pixels(size, tiles):
    height, width = size
    pixels = np.broadcast_to((np.arange(width) / width)[None, :, None], (height, width, 3)).astype(np.float32)
    found = heat_map(ArraySource(pixels), Bright())
    assert found.probability.shape == (*tiles, 6)
    assert max(tiles) <= MAP_ACROSS
    for column, left in enumerate(found.lefts):
        wanted = pixels[0, left : left + TILE, 0].mean()
        if width >= TILE:
            np.testing.assert_allclose(found.probability[:, column], wanted, atol=1e-5)
    assert found.tops[-1] == max(0, height - TILE)
