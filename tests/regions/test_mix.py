import numpy as np
import pytest
from hypothesis import given
from region_strategies import LAW, mixes

from pip_backend.degradations import DEGRADATIONS
from pip_backend.errors import RegionError
from pip_backend.regions import Mix


@LAW
@given(mixes)
def test_parse_reads_back_what_str_writes_to_the_last_bit(mix):
    assert Mix.parse(str(mix)) == mix


@pytest.mark.parametrize(
    ("text", "mix"),
    [
        ("denoise", Mix.of(denoise=1)),
        ("denoise=0.5", Mix.of(denoise=0.5)),
        ("denoise=1,dehaze=0.5", Mix.of(denoise=1, dehaze=0.5)),
        ("denoise+dehaze=50%", Mix.of(denoise=1, dehaze=0.5)),
        (" Denoise 1 + dehaze .5 ", Mix.of(denoise=1, dehaze=0.5)),
        ("nothing", Mix.zero),
    ],
)
def test_people_may_write_a_mix_in_several_ways(text, mix):
    assert Mix.parse(text) == mix


def test_str_names_weights_in_the_order_of_the_degradations():
    assert str(Mix.of(dehaze=0.5, denoise=1)) == "denoise 1 + dehaze 0.5"
    assert str(Mix.zero) == "nothing"


@LAW
@given(mixes)
def test_array_is_float32_in_the_order_of_the_degradations(mix):
    array = mix.array()
    assert array.dtype == np.float32
    assert array.shape == (len(DEGRADATIONS),)
    assert (array == np.float32(mix.weights)).all()
    assert mix.is_zero == (not any(mix.weights))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("denois", "no degradation “denois”. Did you mean “denoise”?"),
        ("denoise=2", "from 0 to 1, not 2"),
        ("denoise=-0.1", "from 0 to 1, not -0.1"),
        ("denoise=nan", "must be a number, not “nan”"),
        ("denoise=", "must be a number, not “”"),
        ("denoise,denoise=0.5", "names denoise twice"),
        ("", "missing"),
        ("denoise,,dehaze", "missing"),
        ("cls", "no degradation “cls”"),
    ],
)
def test_a_bad_mix_is_told_in_one_sentence(text, said):
    with pytest.raises(RegionError) as caught:
        Mix.parse(text)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "weights", [(), (1,) * 5, (1,) * 7, (float("nan"),) * 6, (1.5,) + (0,) * 5, (True,) * 6, ("1",) * 6]
)
def test_weights_are_six_numbers_from_0_to_1(weights):
    with pytest.raises(RegionError):
        Mix(weights)


def test_names_that_python_uses_itself_are_unknown_degradations_too():
    with pytest.raises(RegionError, match="no degradation “cls”"):
        Mix.of(cls=1.0)


def test_minus_zero_is_zero():
    assert str(Mix.of(denoise=-0.0)) == "nothing"
    assert np.signbit(Mix.of(denoise=-0.0).array()).sum() == 0
