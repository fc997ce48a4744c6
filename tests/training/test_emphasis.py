"""What lags behind its goal is drawn more often, within bounds, and nothing else changes."""

from hypothesis import given
from hypothesis import strategies as st

from pip_backend.degradations import DEGRADATIONS
from pip_backend.training.emphasis import MOST, emphasis, weighted

figures = st.floats(5, 60)


@given(st.dictionaries(st.sampled_from(DEGRADATIONS), figures), st.dictionaries(st.sampled_from(DEGRADATIONS), figures))
def test_factors_are_bounded_and_rise_with_what_is_missing(goals, reached):
    factors = emphasis(goals, reached)
    assert set(factors) <= set(goals) & set(reached)
    assert all(1 / MOST <= factor <= MOST for factor in factors.values())
    lacking = sorted(factors, key=lambda name: goals[name] - reached[name])
    assert [factors[name] for name in lacking] == sorted(factors.values())


def test_sets_of_one_degradation_are_taken_together_and_made_noise_has_any_name():
    assert emphasis({"denoise": 36.0, "brighten": 24.0}, {"kodak": 30.0, "realnoise": 38.0, "lowlight": 22.0}) == {
        "denoise": 1.0,
        "brighten": 1.0,
    }  # both lack 2 dB


def test_without_goals_or_with_all_of_them_reached_nothing_changes():
    assert emphasis({}, {"derain": 20.0}) == {}
    assert emphasis({"derain": 20.0}, {"derain": 20.0, "deblur": 10.0}) == {}
    assert emphasis({"derain": 20.0}, {}) == {}


def test_only_weights_with_a_factor_are_multiplied():
    assert weighted({"derain": 2.0, "dehaze": 0.0, "deblur": 1.0}, {"derain": 1.5, "dehaze": 2.0}) == {
        "derain": 3.0,
        "dehaze": 0.0,
        "deblur": 1.0,
    }
