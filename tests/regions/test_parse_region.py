from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from region_strategies import FEW, LAW, mixes

from pip_backend.errors import RegionError
from pip_backend.regions import (
    Ellipse,
    LinearGradient,
    LuminosityRange,
    Mix,
    Percent,
    Polygon,
    RadialGradient,
    Rectangle,
    UndecidedRegion,
    WholePicture,
    parse_region,
)

NOISE = Mix.of(denoise=1)


@pytest.mark.parametrize(
    ("text", "mask"),
    [
        ("whole", WholePicture()),
        ("rect(10,10,200,100)", Rectangle(10, 10, 200, 100)),
        ("rect(10%, 0, 60%, 50.5px)", Rectangle(Percent(10), 0, Percent(60), 50.5)),
        ("ellipse(50%,50%,30,20)", Ellipse(Percent(50), Percent(50), 30, 20)),
        ("polygon(0,0 100%,0 50,80)", Polygon(((0, 0), (Percent(100), 0), (50, 80)))),
        ("polygon(0 , 0  9,0\t5, 8)", Polygon(((0, 0), (9, 0), (5, 8)))),
        ("linear(0,0,0,50%)", LinearGradient(0, 0, 0, Percent(50))),
        ("radial(-5,1e2,.5)", RadialGradient(-5, 100, 0.5)),
        ("luminosity(0.2,80%)", LuminosityRange(0.2, 0.8)),
        ("luminosity(0,0.3,0.1)", LuminosityRange(0, 0.3, 0.1)),
        ("RECT(0,0,1,1)", Rectangle(0, 0, 1, 1)),
    ],
)
def test_shapes_are_written_as_calls(text, mask):
    argument = parse_region(f"{text}:denoise")
    assert argument.mask == mask
    assert argument.path is None
    assert argument.resolve(100, 80, None).mask == mask
    assert argument.name == text


@pytest.mark.parametrize(
    "path",
    [
        "mask.png",
        r"C:\mask.png",
        r"C:\a:b\mask.png",
        "C:mask.png",
        "/a b/mask (1).png",
        "denoise:mask.png",
        "denoise:dehaze",
        "a:denoise@b",
        "mask@2x~1.png",
        "./rect(1)",
        "whole.png",
        "http://x/y.png",
    ],
)
def test_everything_else_is_a_path_up_to_the_last_colon_that_a_mix_follows(path):
    argument = parse_region(f"{path}:denoise=0.5+dehaze@0.8~12")
    assert argument.path == Path(path)
    assert argument.mask is None
    assert (argument.mix, argument.strength, argument.feather) == (Mix.of(denoise=0.5, dehaze=1), 0.8, 12)


@pytest.mark.parametrize(
    ("ending", "strength", "feather"),
    [
        ("", 1, 0),
        ("@0.8", 0.8, 0),
        ("@80%", 0.8, 0),
        ("~12", 1, 12),
        ("~12px", 1, 12),
        ("@0~.5", 0, 0.5),
        ("~3@1", 1, 3),
    ],
)
def test_strength_and_feather_may_follow_in_either_order(ending, strength, feather):
    region = parse_region(f"whole:denoise{ending}").resolve(4, 4, None)
    assert (region.strength, region.feather, region.mix) == (strength, feather, NOISE)


@LAW
@given(mixes)
def test_any_mix_may_follow_as_str_writes_it(mix):
    assert parse_region(f"rect(0,0,9,9):{mix}@0.5").mix == mix


@pytest.mark.parametrize("mask", ["whole", "sky.png", "C:\\sky.png"])
def test_a_mix_may_be_left_to_the_sensor(mask):
    region = parse_region(f"{mask}:Suggest@0.5~3")
    assert region.mix is None
    laid = region.resolve(4, 4, lambda _: np.ones((4, 4), np.uint8))
    assert isinstance(laid, UndecidedRegion)
    assert (laid.strength, laid.feather) == (0.5, 3)


def test_a_mask_in_a_file_is_read_and_made_to_fit():
    read = []

    def reader(path):
        read.append(path)
        return np.ones((3, 4), np.uint8) * 255

    region = parse_region("sub/sky.png:denoise@0.5").resolve(8, 6, reader)
    assert read == [Path("sub/sky.png")]
    assert region.name == "sky.png"
    assert (region.mask.coverage(0, 6, 8, 6) == 1).all()


def test_a_mask_in_a_file_that_does_not_fit_is_told_by_its_name():
    with pytest.raises(RegionError, match=r"“sky\.png”: a mask of 4x3 px does not fit"):
        parse_region("sky.png:denoise").resolve(60, 80, lambda _: np.ones((3, 4), np.uint8))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "names no mix"),
        ("mask.png", "names no mix"),
        (r"C:\mask.png", "names no mix"),
        ("C:/mask.png", "names no mix"),
        ("rect(0,0,1,1)", "names no mix"),
        (":denoise", "names no mask"),
        ("mask.png:", "A degradation is missing"),
        ("mask.png:denois", "no degradation “denois”. Did you mean “denoise”?"),
        ("mask.png:denoise=2", "must lie from 0 to 1, not 2"),
        ("mask.png:denoise=x", "must be a number, not “x”"),
        ("mask.png:denoise@2", "The strength must lie from 0 to 1, not 2"),
        ("mask.png:denoise@", "The strength must be a number, not “”"),
        ("mask.png:denoise@1@1", "two @"),
        ("mask.png:denoise~-1", "A feather must be from 0 to 1000 px, not -1"),
        ("mask.png:denoise~5%", "A feather must be from 0 to 1000 px, not 5%"),
        ("mask.png:denoise~x", "The feather must be a number, not “x”"),
        ("rct(0,0,1,1):denoise", "no shape “rct”. Did you mean “rect”?"),
        ("rect(0,0,1):denoise", "rect takes 4 values (left, top, right, bottom), but there are 3"),
        ("rect():denoise", "rect takes 4 values (left, top, right, bottom), but there are 0"),
        ("rect(0,,1,1):denoise", "rect takes 4 values (left, top, right, bottom), but one is empty"),
        ("rect(0,0,a,1):denoise", "Right of rect must be a number, not “a”"),
        ("rect(9,0,1,1):denoise", "right edge of a rectangle must lie beyond"),
        ("ellipse(0,0,0,1):denoise", "must be above 0, not 0"),
        ("polygon(0,0 1,1):denoise", "at least 3 points, not 2"),
        ("polygon(0,0 1,1 5):denoise", "a point of a polygon takes 2 values (x, y), but there are 1"),
        ("polygon():denoise", "at least 3 points, not 0"),
        ("luminosity(0.5):denoise", "luminosity takes 2 or 3 values"),
        ("luminosity(0,200):denoise", "High of luminosity must lie from 0 to 1, not 200"),
        ("radial(1,1,1e9):denoise", "beyond measure"),
    ],
)
def test_a_mistake_is_told_in_one_sentence(text, said):
    with pytest.raises(RegionError) as caught:
        parse_region(text)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@FEW
@given(st.text(alphabet="rectwhole(),.:@~=+%0159 \\/\n") | st.text())
def test_any_other_text_is_a_region_or_one_sentence(text):
    said = ""
    try:
        argument = parse_region(text)
        assert (argument.mask is None) != (argument.path is None)
    except RegionError as error:
        said = str(error)
    assert "\n" not in said
    assert len(said) < 600
