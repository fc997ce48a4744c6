from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from .krita_modules import load

formats = load("krita_formats")
TYPES = {"U8": np.uint8, "U16": np.uint16, "F16": np.float16, "F32": np.float32}
FULL = {"U8": 255, "U16": 65535, "F16": 1, "F32": 1}
KINDS = [(model, depth) for model in ("RGBA", "GRAYA") for depth in TYPES]


def pixels(model, depth, count=5, seed=1):
    data = np.random.default_rng(seed).random((count, 4 if model == "RGBA" else 2))
    return (data * FULL[depth]).astype(TYPES[depth])


@pytest.mark.parametrize(("model", "depth"), KINDS)
def test_the_formats_are_those_that_the_service_knows(model, depth):
    from pip_client.picture import CHANNELS, DEPTHS

    kind = formats.choose(model, depth)
    assert kind.samples == CHANNELS[kind.channels]
    assert len(kind.full) == DEPTHS[kind.depth]
    assert np.frombuffer(kind.full, TYPES[depth])[0] == FULL[depth]


@pytest.mark.parametrize(
    ("model", "depth"), [("CMYKA", "U8"), ("LABA", "U16"), ("XYZA", "F32"), ("A", "U8"), ("RGBA", "F64"), ("", "")]
)
def test_what_the_service_does_not_know_is_not_taken(model, depth):
    assert formats.choose(model, depth) is None


@pytest.mark.parametrize(("model", "depth"), KINDS)
def test_integers_of_colour_lie_blue_first_and_nothing_else_does(model, depth):
    kind, theirs = formats.choose(model, depth), pixels(model, depth)
    ours = np.frombuffer(formats.turned(theirs.tobytes(), kind), TYPES[depth]).reshape(theirs.shape)
    blue_first = model == "RGBA" and depth in ("U8", "U16")
    np.testing.assert_array_equal(ours, theirs[:, [2, 1, 0, 3]] if blue_first else theirs)


@given(st.sampled_from(KINDS), st.integers(0, 9), st.data())
def test_turning_twice_changes_no_bit(kind, count, data):
    chosen = formats.choose(*kind)
    size = count * chosen.samples * len(chosen.full)
    raw = data.draw(st.binary(min_size=size, max_size=size))
    assert formats.turned(formats.turned(raw, chosen), chosen) == raw


@pytest.mark.parametrize(("model", "depth"), KINDS)
def test_opacity_is_the_last_sample(model, depth):
    kind, data = formats.choose(model, depth), pixels(model, depth)
    assert formats.is_translucent(data.tobytes(), kind)
    full = np.frombuffer(formats.opaque(data.tobytes(), kind), TYPES[depth]).reshape(data.shape)
    assert (full[:, -1] == FULL[depth]).all()
    np.testing.assert_array_equal(full[:, :-1], data[:, :-1])
    assert not formats.is_translucent(full.tobytes(), kind)
