"""What is proposed: what is likely enough, and beside something else what is less so."""

from __future__ import annotations

import numpy as np
import pytest

from pip_backend.degradations import DEGRADATIONS
from pip_backend.engine import ArraySource
from pip_backend.engine.sensing import BESIDE, THRESHOLDS, WHOLE, suggest, thresholds

from .test_loop import photo


class Says:
    """A sensor that says the same of every tile."""

    context_size = 8

    def __init__(self, amount=0.5, **probability):
        self.amount = amount
        self.probability = np.array([probability.get(name, 0.0) for name in DEGRADATIONS], np.float32)

    def judge(self, tiles, thumbnail):
        return np.tile(self.probability, (len(tiles), 1)), np.full(
            (len(tiles), len(DEGRADATIONS)), self.amount, np.float32
        )


@pytest.mark.parametrize(
    ("probability", "proposed"),
    [
        ({"deblur": 0.9, "derain": 0.78, "dehaze": 0.84, "brighten": 0.74}, {}),
        ({"deblur": 0.9101}, {"deblur": 0.5}),
        ({"deblur": 0.96}, {"deblur": 1.0}),
        ({"deblur": 0.51, "dejpeg": 1.0}, {"deblur": 0.61, "dejpeg": 1.0}),
        ({"deblur": 0.45, "derain": 0.555, "brighten": 0.8}, {"derain": 0.75, "brighten": 0.7}),
        ({"dehaze": 0.84, "denoise": 0.9}, {"denoise": 1.0}),
    ],
)
def test_what_is_less_sure_is_proposed_beside_something_that_is_sure(probability, proposed):
    assert suggest(ArraySource(photo(64, 64)), Says(**probability)).mix.named() == pytest.approx(proposed)


def test_nothing_makes_itself_likelier_and_every_picture_is_judged_alone():
    only_blur = np.array([[0.0, 0.0, 0.0, 0.95, 0.0, 0.0], [0.0, 0.0, 0.0, 0.95, 0.0, 0.6]])
    found = thresholds(only_blur, np.zeros_like(only_blur))
    np.testing.assert_array_equal(found[0], [*BESIDE[:3], THRESHOLDS[3], *BESIDE[4:]])
    np.testing.assert_array_equal(found[1], BESIDE)
    assert all(beside <= alone < whole for beside, alone, whole in zip(BESIDE, THRESHOLDS, WHOLE, strict=True))


@pytest.mark.parametrize(("amount", "proposed"), [(0.59, {}), (0.61, {"brighten": 0.7})])
def test_what_is_very_dark_is_proposed_sooner(amount, proposed):
    says = Says(amount, brighten=0.55, derain=0.55)
    assert suggest(ArraySource(photo(64, 64)), says).mix.named() == pytest.approx(proposed)
