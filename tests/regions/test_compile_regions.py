"""The strength map and the prompt map of a stack of regions are those of the formulas; what cannot be compiled is refused."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from region_strategies import (
    FEW,
    HAZE,
    HEIGHT,
    LAW,
    LEFT,
    NOISE,
    WIDTH,
    compiled,
    covered,
    cuts,
    map_sizes,
    masks,
    mixes,
    names,
    picture,
    stacks,
)

from pip_backend.degradations import DEGRADATIONS
from pip_backend.errors import RegionError
from pip_backend.regions import (
    Ellipse,
    Feathered,
    Inverted,
    LuminosityRange,
    Mix,
    RasterMask,
    Rectangle,
    Region,
    UndecidedRegion,
    WholePicture,
    compile_regions,
)
from pip_backend.regions import compile as compiling


def by_the_book(stack, map_size, width=WIDTH, height=HEIGHT):
    """Strength map and prompt map as the formulas say, pixel by pixel; NaN where no cell is covered."""
    strength = np.zeros((height, width))
    prompt, area = np.zeros((len(DEGRADATIONS), height, width)), np.zeros((height, width))
    for region in stack:
        if not region.visible:
            continue
        a = covered(region.soft_mask, width, height).astype(np.float64)
        strength = strength * (1 - a) + a * region.strength
        if region.strength > 0:
            prompt = prompt * (1 - a) + a * np.array(region.mix.weights)[:, None, None]
            area = area * (1 - a) + a
    rows, columns = (averaging(map_size, size) for size in (height, width))
    with np.errstate(invalid="ignore"):
        return strength, (rows @ prompt @ columns.T) / (rows @ area @ columns.T)


def averaging(cells, size):
    edges = np.arange(cells + 1) * size / cells
    pixels = np.arange(size)
    return np.clip(np.minimum(pixels + 1, edges[1:, None]) - np.maximum(pixels, edges[:-1, None]), 0, 1)


@LAW
@given(stacks, map_sizes)
def test_strength_and_prompt_are_those_of_the_formulas(stack, map_size):
    work = compiled(stack, map_size)
    strength, prompt = by_the_book(stack, map_size)
    assert np.abs(work.strength(0, HEIGHT) - strength).max() < 1e-6
    # Rounding in `averaging` gives cells without coverage a trace of it, and in cells of next to none P / A is noise.
    solid = area_of(stack, map_size) > 1e-6
    assert np.abs(work.prompt_map - prompt)[:, solid].max(initial=0) < 1e-3


def area_of(stack, map_size):
    area = np.zeros((HEIGHT, WIDTH))
    for region in stack:
        if region.visible and region.strength > 0:
            a = covered(region.soft_mask).astype(np.float64)
            area = area * (1 - a) + a
    return averaging(map_size, HEIGHT) @ area @ averaging(map_size, WIDTH).T


@LAW
@given(stacks, map_sizes)
def test_both_maps_are_float32_from_0_to_1(stack, map_size):
    work = compiled(stack, map_size)
    for values, shape in (
        (work.prompt_map, (len(DEGRADATIONS), map_size, map_size)),
        (work.strength(0, HEIGHT), (HEIGHT, WIDTH)),
    ):
        assert values.dtype == np.float32
        assert values.shape == shape
        assert ((values >= 0) & (values <= 1)).all()


@LAW
@given(stacks, cuts())
def test_strength_does_not_depend_on_how_rows_are_split(stack, edges):
    work = compiled(stack)
    bands = [work.strength(a, b, picture(a, b)) for a, b in pairwise(edges)]
    assert (np.concatenate(bands) == work.strength(0, HEIGHT)).all()


@FEW
@given(stacks)
def test_neither_map_depends_on_the_bands_that_are_used_inside(stack):
    with pytest.MonkeyPatch.context() as patch:
        whole = compiled(stack)
        expected = whole.strength(0, HEIGHT)
        patch.setattr(compiling, "_BAND", WIDTH * 3)
        patch.setattr(compiling, "_BAND_ROWS", 2)
        banded = compiled(stack)
        assert (banded.strength(0, HEIGHT) == expected).all()
        assert np.abs(banded.prompt_map - whole.prompt_map).max() < 1e-6


@LAW
@given(stacks)
def test_a_constant_strength_is_the_strength_everywhere(stack):
    work = compiled(stack)
    strength, _ = by_the_book(stack, 1)
    assert work.constant_strength is None or np.abs(strength - work.constant_strength).max() < 1e-6


@LAW
@given(stacks, names, mixes, st.floats(0.01, 1), map_sizes)
def test_a_region_over_everything_gives_its_own_mix_exactly(stack, name, mix, strength, map_size):
    work = compiled([*stack, Region(name, WholePicture(), mix, strength)], map_size)
    assert (work.prompt_map == mix.array()[:, None, None]).all()
    assert work.constant_strength == strength
    assert (work.strength(3, 5) == np.float32(strength)).all()


@LAW
@given(st.lists(masks, min_size=1, max_size=4), mixes, map_sizes)
def test_regions_of_one_mix_give_that_mix_exactly_or_nothing(some_masks, mix, map_size):
    work = compiled([Region("a", mask, mix) for mask in some_masks], map_size)
    anything = any(covered(mask).any() for mask in some_masks)
    assert (work.prompt_map == (mix if anything else Mix.zero).array()[:, None, None]).all()


def test_a_luminosity_that_nothing_has_gives_zeros():
    work = compile_regions(
        [Region("x", LuminosityRange(0.9, 1, 0), NOISE)], 8, 8, 4, lambda a, b: np.zeros((b - a, 8, 3))
    )
    assert not work.prompt_map.any()
    assert not work.strength(0, 8).any()


def test_later_regions_lie_over_earlier_ones():
    below, above = Region("below", WholePicture(), NOISE, 1.0), Region("above", LEFT, HAZE, 0.25)
    work = compiled([below, above], 2, 16, 8)
    assert (work.prompt_map[:, :, 0] == HAZE.array()[:, None]).all()
    assert (work.prompt_map[:, :, 1] == NOISE.array()[:, None]).all()
    assert (work.strength(0, 8)[:, :8] == 0.25).all()
    assert (work.strength(0, 8)[:, 8:] == 1).all()
    assert compiled([above, below], 2, 16, 8).constant_strength == 1


@LAW
@given(stacks, stacks, names, masks, mixes)
def test_invisible_regions_take_no_part(before, after, name, mask, mix):
    hidden = Region(name, mask, mix, visible=False)
    with_it, without = compiled([*before, hidden, *after]), compiled([*before, *after])
    assert with_it.digest_prompt() == without.digest_prompt()
    assert (with_it.strength(0, HEIGHT) == without.strength(0, HEIGHT)).all()


@LAW
@given(stacks, masks)
def test_a_region_of_strength_0_protects_and_prompts_nothing(stack, mask):
    protected, without = compiled([*stack, Region("hands off", mask, NOISE, 0)]), compiled(stack)
    assert protected.digest_prompt() == without.digest_prompt()
    left = without.strength(0, HEIGHT) * (1 - covered(mask))
    assert np.abs(protected.strength(0, HEIGHT) - left).max() < 1e-6
    assert not protected.strength(0, HEIGHT)[covered(mask) == 1].any()


def test_what_is_uncovered_by_a_mask_keeps_strength_0_exactly():
    stack = [Region("soft", Ellipse(30, 20, 9, 7), NOISE, 0.3, feather=4), Region("hard", LEFT, HAZE)]
    strength = compiled(stack, 8, 60, 40).strength(0, 40)
    outside = (covered(stack[0].soft_mask, 60, 40) == 0) & (covered(LEFT, 60, 40) == 0)
    assert outside.sum() > 1000
    assert not strength[outside].any()


def test_at_an_isolated_soft_edge_the_strength_fades_and_the_prompt_stays_full():
    far = Region("far", Rectangle(0, 0, 4, 64), HAZE)
    soft = Region("soft", Rectangle(40, 20, 50, 44), NOISE, feather=8)
    work = compiled([far, soft], 32, 64, 64)
    edge = work.strength(0, 64)[32, 30:50]
    assert 0 < edge[3] < edge[8] < edge[14] < 1
    assert (work.prompt_map[:, 16, 15:] == NOISE.array()[:, None]).all()


@pytest.mark.parametrize(
    ("regions", "said"),
    [
        ([UndecidedRegion("sky", WholePicture())], "“sky” is not decided"),
        ([Region("sky", LuminosityRange(0, 1), NOISE)], "“sky” selects by luminosity"),
        ([Region("sky", Feathered(Inverted(LuminosityRange(0, 1)), 2), NOISE)], "“sky” selects by luminosity"),
        (
            [Region("sky", RasterMask.from_array(np.ones((3, 3), bool), 3, 3), NOISE, 0)],
            "“sky” cannot be used: .*3x3 px",
        ),
    ],
)
def test_regions_that_cannot_be_compiled_are_told_by_name(regions, said):
    with pytest.raises(RegionError, match=said):
        compile_regions(regions, 10, 10, 8)


@pytest.mark.parametrize("sizes", [(0, 1, 1), (1, 0, 1), (1, 1, 0), (-4, 1, 1)])
def test_sizes_are_positive(sizes):
    with pytest.raises(RegionError, match="at least 1"):
        compile_regions([], *sizes)


@pytest.mark.parametrize("rows", [(-1, 3), (3, HEIGHT + 1), (5, 4)])
def test_only_rows_of_the_picture_can_be_asked_for(rows):
    with pytest.raises(RegionError, match="lie outside"):
        compiled([Region("a", LEFT, NOISE)]).strength(*rows)


@pytest.mark.parametrize(
    "fields",
    [{"strength": 1.1}, {"strength": float("nan")}, {"feather": -1}, {"feather": 10**5}, {"name": " "}],
)
def test_a_region_is_checked_when_it_is_made(fields):
    with pytest.raises(RegionError):
        Region(**{"name": "a", "mask": WholePicture(), "mix": NOISE, **fields})


@pytest.mark.parametrize("rows", [(0, 300), (120, 190), (0, 90), (250, 300)])
def test_a_painted_rectangle_is_the_rectangle_that_is_told(
    rows,
):  # plug-ins tell a rectangular selection and do not send it
    width, height = 500, 300
    painted = np.zeros((height, width), np.uint8)
    painted[100:260, 40:333] = 255
    masks = (RasterMask.from_array(painted, width, height), Rectangle(40, 100, 333, 260))
    first, second = (compile_regions([Region("a", mask, Mix.of(denoise=1))], width, height, 24) for mask in masks)
    np.testing.assert_array_equal(first.strength(*rows), second.strength(*rows))
    np.testing.assert_array_equal(first.strength(*rows), (painted[slice(*rows)] / 255).astype(np.float32))
    np.testing.assert_array_equal(first.prompt_map, second.prompt_map)
