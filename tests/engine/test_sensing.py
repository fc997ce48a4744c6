"""What is proposed: what is likely enough, and beside something else what is less so."""

from __future__ import annotations

import numpy as np
import pytest

from pip_backend.degradations import DEGRADATIONS
from pip_backend.engine import ArraySource
from pip_backend.engine.sensing import BESIDE, THRESHOLDS, suggest, thresholds

from .test_loop import photo


class Says:
    """A sensor that says the same of every tile."""

    context_size = 8

    def __init__(self, **probability):
        self.probability = np.array([probability.get(name, 0.0) for name in DEGRADATIONS], np.float32)

    def judge(self, tiles, thumbnail):
        return np.tile(self.probability, (len(tiles), 1)), np.full((len(tiles), len(DEGRADATIONS)), 0.5, np.float32)


@pytest.mark.parametrize(
    ("probability", "proposed"),
    [
        ({"deblur": 0.74, "derain": 0.59, "dehaze": 0.69}, {}),
        ({"deblur": 0.76}, {"deblur": 0.52}),
        ({"deblur": 0.6, "dejpeg": 1.0}, {"deblur": 0.7, "dejpeg": 1.0}),
        ({"deblur": 0.45, "derain": 0.55, "brighten": 0.6}, {"derain": 0.6, "brighten": 0.7}),
        ({"dehaze": 0.69, "denoise": 0.9}, {"denoise": 1.0}),
    ],
)
def test_what_is_less_sure_is_proposed_beside_something_that_is_sure(probability, proposed):
    assert suggest(ArraySource(photo(64, 64)), Says(**probability)).mix.named() == pytest.approx(proposed)


def test_nothing_makes_itself_likelier_and_every_picture_is_judged_alone():
    only_blur = np.array([[0.0, 0.0, 0.0, 0.8, 0.0, 0.0], [0.0, 0.0, 0.0, 0.8, 0.0, 0.6]])
    found = thresholds(only_blur)
    np.testing.assert_array_equal(found[0], [*BESIDE[:3], THRESHOLDS[3], *BESIDE[4:]])
    np.testing.assert_array_equal(found[1], BESIDE)
    assert all(beside <= alone for beside, alone in zip(BESIDE, THRESHOLDS, strict=True))
