"""What only the compact network promises."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional

from pip_backend.nets import PIPCompact, grow_inputs, load_backbone
from pip_backend.nets.compact import _erode
from pip_backend.nets.light import GOAL

HAZE, LIGHT = 1, 2
WHOLE = torch.tensor([[0.0, 0.0, 1.0, 1.0]])


def compact(erosion=5, rim=0):
    network = PIPCompact(
        3, (8, 12), (1, 1), (1,), prompt_dim=8, prompt_size=6, context_size=24, context_blocks=1,
        haze_class=HAZE, light_class=LIGHT, erosion=erosion, rim=rim,
    ).eval()  # fmt: skip
    torch.nn.init.normal_(network.relight.weight, std=0.5)  # zero at the start, which would hide it
    return network


@pytest.fixture(params=[0, 1], ids=["no rim", "rim"])
def network(request):
    torch.manual_seed(0)
    with torch.inference_mode():
        yield compact(rim=request.param)


def test_the_zero_prompt_returns_the_bits_of_the_picture(network):
    image = torch.rand(2, 3, 16, 24)
    assert torch.equal(network.restore(image, torch.zeros(2, 3)), image)


def test_a_constant_map_gives_the_bits_of_the_plain_prompt(network):
    image, plain = torch.rand(1, 3, 16, 24), torch.tensor([[0.3, 0.7, 0.9]])
    constant = plain[:, :, None, None].expand(1, 3, 7, 7)
    assert torch.equal(network.restore(image, constant), network.restore(image, plain))


def test_a_rim_is_what_lies_at_the_edges_once_more_and_steers_nothing():
    rimmed, plain = compact(rim=1), compact()
    plain.load_state_dict(rimmed.state_dict())
    assert (rimmed.map_size, rimmed.context_size) == (4, 16)
    thumbnail, prompt = torch.rand(1, 3, 16, 16), torch.rand(1, 3, 4, 4)
    with torch.inference_mode():
        light, *levels = rimmed.context(thumbnail, prompt)
        larger = functional.pad(thumbnail, (4, 4, 4, 4), mode="replicate")
        around = functional.pad(prompt, (1, 1, 1, 1), mode="replicate")
        wanted = [level[..., 1:-1, 1:-1] for level in plain.context(larger, around)[1:]]
    assert light.shape[-2:] == (16, 16)
    assert len(levels) == len(wanted) == 4
    assert all(torch.equal(level, cut) for level, cut in zip(levels, wanted, strict=True))


def test_a_region_at_the_edge_is_steered_by_its_own_prompt():
    network, prompt = compact(rim=1), torch.zeros(1, 3, 4, 4)
    prompt[:, 0, :, 0] = 1
    image = torch.rand(1, 3, 32, 32)
    with torch.inference_mode():
        change = (network.restore(image, prompt) - image).abs()
    assert change[..., :4].amin((0, 1, 2)).min() > 0
    assert change[..., 16:].max() == 0


def test_weights_act_linearly(network):
    # Half the weights make half of the change, for one type and for a mix.
    image = torch.rand(1, 3, 16, 24)
    for mix in (torch.eye(3)[0], torch.eye(3)[HAZE], torch.tensor([0.2, 0.4, 1.0])):
        full, half, tenth = (network.restore(image, mix[None] * share) - image for share in (1.0, 0.5, 0.1))
        assert full.abs().max() > 1e-3
        assert torch.allclose(half, full * 0.5, atol=1e-5)
        assert torch.allclose(tenth, full * 0.1, atol=1e-5)


def test_light_changes_only_under_the_prompts_of_haze_and_darkness():
    torch.manual_seed(0)
    network = compact()
    for head in (network.head.weight, network.head.bias):
        torch.nn.init.zeros_(head)
    image = torch.rand(1, 3, 16, 24)
    with torch.inference_mode():
        for index in range(3):
            changed = not torch.allclose(network.restore(image, torch.eye(3)[index : index + 1]), image, atol=1e-5)
            assert changed == (index in (HAZE, LIGHT)), index


def test_relighting_leaves_the_airlight_as_it_is():
    # Koschmieder: what is haze alone has the airlight's colour, whatever the transmission.
    torch.manual_seed(0)
    network = compact()
    with torch.inference_mode():
        for head in (network.head.weight, network.head.bias):
            torch.nn.init.zeros_(head)
        prompts = network.context(torch.rand(1, 3, 16, 16), torch.eye(3)[HAZE : HAZE + 1])
        centre = torch.full((1, 4), 0.625)  # of a cell: between cells, products of interpolated values differ a little
        cropped = network.crop(prompts, centre, 16, 16)
        airlight = cropped[0][:, 9:12]
        assert torch.allclose(network(airlight, *cropped), airlight, atol=1e-5)
        dimmer = airlight * 0.5
        assert not torch.allclose(network(dimmer, *cropped), dimmer, atol=1e-2)


def test_an_untrained_network_already_exposes_a_dark_photo():
    # What `light` tells without learning is where training begins.
    torch.manual_seed(0)
    network = compact()
    photo = torch.nn.functional.interpolate(torch.rand(1, 3, 6, 6).square(), size=(64, 64), mode="bilinear")
    with torch.inference_mode():
        for head in (network.head.weight, network.head.bias, network.relight.weight, network.relight.bias):
            torch.nn.init.zeros_(head)
        bright = network.restore(photo * 0.1, torch.eye(3)[LIGHT : LIGHT + 1])
    assert bright.mean() == pytest.approx(GOAL, abs=0.1)


@torch.no_grad()
def test_both_steps_export(network):
    image, prompt = torch.rand(1, 3, 16, 24), torch.rand(1, 3, 4, 4)
    prompts = network.context(image, prompt)
    tile = (image, *network.crop(prompts, WHOLE, 16, 24))
    assert torch.allclose(torch.export.export(network, tile).module()(*tile), network(*tile), atol=1e-5)


def test_a_network_that_grew_an_input_begins_as_the_one_that_it_was_made_from(network):
    before = compact(erosion=0, rim=network.rim)
    state, image = before.state_dict(), torch.rand(1, 3, 16, 24)
    report = load_backbone(network, state)
    assert grow_inputs(network, state, report) == ("stem.weight",)
    for prompt in torch.eye(3)[:, None]:
        assert torch.allclose(network.restore(image, prompt), before.restore(image, prompt), atol=1e-6)


def test_a_network_of_another_width_does_not_grow():
    state = {"stem.weight": torch.zeros(4, 24, 3, 3)}
    network = compact()
    before = network.stem.weight.clone()
    assert grow_inputs(network, state, load_backbone(network, state)) == ()
    assert torch.equal(network.stem.weight, before)


def test_the_erosion_is_the_least_of_each_colour_along_the_row():
    pixels = torch.rand(1, 3, 4, 12)
    eroded = _erode(pixels, 5)
    assert torch.equal(eroded[..., 6], pixels[..., 4:9].amin(-1))
    assert torch.equal(eroded[..., 0], pixels[..., :3].amin(-1))  # at the border, of what there is
