"""What the laws of regions are tried on: small pictures, all kinds of masks, mixes and regions, and stacks of them."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from pip_backend.degradations import DEGRADATIONS
from pip_backend.regions import (
    Combined,
    Ellipse,
    Feathered,
    Inverted,
    LinearGradient,
    LuminosityRange,
    Mix,
    Percent,
    Polygon,
    RadialGradient,
    RasterMask,
    Rectangle,
    Region,
    UndecidedRegion,
    WholePicture,
    compile_regions,
)

LAW = settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
FEW = settings(LAW, max_examples=15)

WIDTH, HEIGHT = 23, 17

NOISE, HAZE = Mix.of(denoise=1), Mix.of(dehaze=0.5)
LEFT, RIGHT = Rectangle(0, 0, 8, 8), Rectangle(8, 0, 16, 8)

fractions = st.floats(0, 1).map(lambda value: value + 0.0)
px = st.floats(-10, 40)
lengths = px | st.floats(-50, 150).map(Percent)
positive = st.floats(0.01, 40) | st.floats(0.5, 150).map(Percent)
mixes = st.tuples(*[fractions] * len(DEGRADATIONS)).map(Mix)


@st.composite
def spans(draw):
    """Two lengths, the second beyond the first: of one unit, or one of each."""
    start, more = draw(px), draw(st.floats(0.01, 40))
    return draw(
        st.sampled_from([(start, start + more), (Percent(start), Percent(start + more)), (start, Percent(more))])
    )


@st.composite
def rectangles_of(draw):
    """Rectangles, some of which are turned inside out on the picture since their units differ."""
    (left, right), (top, bottom) = draw(spans()), draw(spans())
    return Rectangle(left, top, right, bottom)


@st.composite
def linear_gradients(draw):
    """Linear gradients of some length, in all directions."""
    x, y, along = draw(st.floats(-10, 10)), draw(lengths), draw(st.sampled_from([0.01, 3, 30, Percent(90)]))
    start, stop = (x, along) if isinstance(along, Percent) else (x, x + along)
    points = ((start, y), (stop, draw(lengths)))
    (x0, y0), (x1, y1) = draw(st.permutations(points))
    return LinearGradient(x0, y0, x1, y1)


rectangles = rectangles_of()
ellipses = st.builds(Ellipse, lengths, lengths, positive, positive)
polygons = st.lists(st.tuples(lengths, lengths), min_size=3, max_size=8).map(lambda points: Polygon(tuple(points)))
gradients = linear_gradients() | st.builds(RadialGradient, lengths, lengths, positive)
luminosities = st.tuples(fractions, fractions, fractions).map(
    lambda values: LuminosityRange(min(values[:2]), max(values[:2]), values[2])
)
shapes = st.just(WholePicture()) | rectangles | ellipses | polygons | gradients
plain = shapes | luminosities
feathers = st.sampled_from([0.0, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 30.0])


def nested(inner):
    """Masks made of masks."""
    return (
        st.builds(Inverted, inner)
        | st.builds(Feathered, inner, feathers)
        | st.builds(Combined, st.sampled_from(["add", "subtract", "intersect"]), inner, inner)
    )


recipe_masks = st.recursive(plain, nested, max_leaves=4)


@st.composite
def rasters(draw):
    """Painted masks, some with a small box, of 8 or 16 bits."""
    seed = draw(st.integers(0, 2**32 - 1))
    generator = np.random.default_rng(seed)
    values = generator.integers(0, 256, (HEIGHT, WIDTH), dtype=np.uint8)
    values[: draw(st.integers(0, HEIGHT))] = 0
    values[:, : draw(st.integers(0, WIDTH))] = 0
    depth = draw(st.sampled_from([np.uint8, np.uint16]))
    return RasterMask.from_array(values.astype(depth) * depth(257 if depth is np.uint16 else 1), WIDTH, HEIGHT)


masks = st.recursive(plain | rasters(), nested, max_leaves=4)
names = st.text("abc é~:.1", max_size=5).map(lambda text: f"n{text}")


def regions_of(some_masks):
    """Regions with such masks."""
    return st.builds(
        Region, names, some_masks, mixes, st.sampled_from([0.0, 0.3, 1.0]) | fractions, feathers, st.booleans()
    )


regions = regions_of(masks)
stacks = st.lists(regions, max_size=4)
map_sizes = st.sampled_from([1, 2, 3, 5, 8, 32])
recipe_regions = regions_of(recipe_masks) | st.builds(
    UndecidedRegion, names, recipe_masks, fractions, feathers, st.booleans()
)


def picture(top, bottom, width=WIDTH):
    """Rows of a picture that has every luma, in no order."""
    y, x = np.mgrid[top:bottom, :width]
    value = ((y * 7919 + x * 104729) % 101 / 100).astype(np.float32)
    return np.stack([value, value**2, 1 - value], axis=2)


def cuts(height=HEIGHT):
    """Ways to split rows into bands."""
    return st.sets(st.integers(1, height - 1), max_size=6).map(lambda inner: [0, *sorted(inner), height])


def covered(mask, width=WIDTH, height=HEIGHT):
    """Coverage of the whole picture."""
    return mask.coverage(0, height, width, height, lambda top, bottom: picture(top, bottom, width))


def compiled(stack, map_size=8, width=WIDTH, height=HEIGHT):
    """Compile regions for the small picture, or for one without pixels."""
    return compile_regions(stack, width, height, map_size, picture if width == WIDTH else None)
