"""Laws that every restoration network keeps."""

from __future__ import annotations

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SHAPE = (1, 3, 16, 24)
WHOLE = torch.tensor([[0.0, 0.0, 1.0, 1.0]])
few = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_restored_picture_has_the_pictures_shape(network):
    assert network.restore(torch.rand(2, 3, 16, 24), torch.rand(2, 3)).shape == (2, 3, 16, 24)


@few
@given(st.lists(st.floats(0, 1, width=32), min_size=3, max_size=3), st.sampled_from([1, 3, 8, 16]))
def test_constant_map_gives_the_bits_of_the_plain_prompt(network, values, cells):
    image = torch.rand(SHAPE)
    plain = torch.tensor([values])
    constant = plain[:, :, None, None].expand(1, 3, cells, cells)
    assert torch.equal(network.restore(image, constant), network.restore(image, plain))


def test_map_says_another_thing_than_its_mean(network):
    image = torch.rand(SHAPE)
    prompt = torch.rand(1, 3, 8, 8).round()
    assert not torch.equal(network.restore(image, prompt), network.restore(image, prompt.mean((2, 3))))


def test_zero_prompt_is_finite_and_knows_no_class(network):
    image = torch.rand(SHAPE)
    zero = network.restore(image, torch.zeros(1, 3))
    assert zero.isfinite().all()
    vectors = [universal.degradation.vectors for universal in network.prompts]
    before = [vector.clone() for vector in vectors]
    for vector in vectors:
        vector.mul_(-2)
    other = network.restore(image, torch.zeros(1, 3))
    for vector, value in zip(vectors, before, strict=True):
        vector.copy_(value)
    assert torch.equal(zero, other)


def test_each_class_gives_another_picture(network):
    image = torch.rand(SHAPE)
    first, second = (network.restore(image, torch.eye(3)[k : k + 1]) for k in (0, 1))
    assert not torch.equal(first, second)


def test_crop_of_the_whole_picture_is_the_restored_picture(network):
    image, prompt = torch.rand(SHAPE), torch.rand(1, 3)
    tile = network(image, *network.crop(network.context(image, prompt), WHOLE, *SHAPE[-2:]))
    assert torch.equal(tile, network.restore(image, prompt))


def test_crop_fits_every_level_of_a_tile(network):
    side = 2 * network.multiple_of
    prompts = network.context(torch.rand(1, 3, 32, 32), torch.rand(1, 3, 8, 8))
    tile = network.crop(prompts, torch.tensor([[0.25, 0.5, 0.5, 1.0]]), side, side)
    assert [level.shape[-1] * stride for level, stride in zip(tile, network.prompt_strides, strict=True)] == [
        side
    ] * len(tile)
    assert network(torch.rand(1, 3, side, side), *tile).shape == (1, 3, side, side)


def test_pictures_of_a_batch_do_not_know_each_other(network):
    images, prompts = torch.rand(2, 3, 16, 24), torch.rand(2, 3, 4, 4)
    together = network.restore(images, prompts)
    alone = torch.cat([network.restore(images[k : k + 1], prompts[k : k + 1]) for k in (0, 1)])
    assert torch.allclose(together, alone, atol=1e-4)


def test_context_of_a_thumbnail_steers_a_tile_that_never_saw_it(network):
    tile, prompt = torch.rand(SHAPE), torch.rand(1, 3)
    dark, light = (
        network(tile, *network.crop(network.context(thumbnail, prompt), WHOLE, *SHAPE[-2:]))
        for thumbnail in (torch.rand(1, 3, 16, 16) * 0.1, torch.rand(1, 3, 16, 16))
    )
    assert not torch.equal(dark, light)


class Context(torch.nn.Module):
    """The context step as a module, for export."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, thumbnail, prompt):
        return self.network.context(thumbnail, prompt)


@torch.no_grad()
def test_both_steps_export(network):
    image, prompt = torch.rand(SHAPE), torch.rand(1, 3, 8, 8)
    prompts = network.context(image, prompt)
    exported = torch.export.export(Context(network), (image, prompt)).module()
    for ours, theirs in zip(prompts, exported(image, prompt), strict=True):
        assert torch.allclose(ours, theirs, atol=1e-5)
    tile = (torch.rand(SHAPE), *network.crop(prompts, WHOLE, *SHAPE[-2:]))
    assert torch.allclose(torch.export.export(network, tile).module()(*tile), network(*tile), atol=1e-5)


@torch.no_grad()
@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_layout_of_memory_does_not_change_the_picture(network, layout):
    image, prompt = torch.rand(2, 3, 16, 24), torch.rand(2, 3)
    expected = network.restore(image, prompt)
    network.to(memory_format=layout)
    result = network.restore(image.contiguous(memory_format=layout), prompt)
    network.to(memory_format=torch.contiguous_format)
    assert torch.allclose(result, expected, atol=1e-4)
