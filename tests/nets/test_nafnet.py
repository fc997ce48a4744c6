"""NAFNet is the published one, and PIPNAFNet is prompted down to its bottleneck."""

from __future__ import annotations

import pytest
import torch

from pip_backend.nets import NAFNet, PIPNAFNet, load_backbone
from pip_backend.nets.nafnet import NAFBlock

DENOISING = ((2, 2, 4, 8), 12, (2, 2, 2, 2))
DEBLURRING = ((1, 1, 1, 28), 1, (1, 1, 1, 1))


@pytest.mark.parametrize(
    ("width", "blocks", "millions"),
    [(32, DENOISING, 29.16), (64, DENOISING, 115.98), (32, DEBLURRING, 17.11), (64, DEBLURRING, 67.89)],
)
def test_parameters_are_the_published_ones(width, blocks, millions):
    with torch.device("meta"):
        network = NAFNet(width, *blocks)
    assert sum(parameter.numel() for parameter in network.parameters()) / 1e6 == pytest.approx(millions, abs=0.005)


def test_block_is_the_papers_formula():
    torch.manual_seed(0)
    block = NAFBlock(4)
    for parameter in block.parameters():
        torch.nn.init.normal_(parameter, std=0.5)

    def norm(x, layer):
        centred = x - x.mean(1, keepdim=True)
        normal = centred / (centred.square().mean(1, keepdim=True) + 1e-6).sqrt()
        return normal * layer.weight.view(1, -1, 1, 1) + layer.bias.view(1, -1, 1, 1)

    def pointwise(x, layer):
        return torch.einsum("oc,bchw->bohw", layer.weight[:, :, 0, 0], x) + layer.bias.view(1, -1, 1, 1)

    x = torch.rand(2, 4, 5, 6)
    wide = block.depthwise(pointwise(norm(x, block.spatial_norm), block.expand))
    gated = wide[:, :4] * wide[:, 4:]
    attended = gated * pointwise(gated.mean((2, 3), keepdim=True), block.attend)
    y = x + block.spatial_scale * pointwise(attended, block.project)
    wide = pointwise(norm(y, block.channel_norm), block.channel_expand)
    z = y + block.channel_scale * pointwise(wide[:, :4] * wide[:, 4:], block.channel_project)
    assert torch.allclose(block(x), z, atol=1e-5)


def published_state(width, encoder, middle, decoder):
    """Names and shapes of a published NAFNet checkpoint, written down from its layers."""

    def block(prefix, c):
        return {
            f"{prefix}.beta": (1, c, 1, 1),
            f"{prefix}.gamma": (1, c, 1, 1),
            f"{prefix}.conv1.weight": (2 * c, c, 1, 1),
            f"{prefix}.conv1.bias": (2 * c,),
            f"{prefix}.conv2.weight": (2 * c, 1, 3, 3),
            f"{prefix}.conv2.bias": (2 * c,),
            f"{prefix}.conv3.weight": (c, c, 1, 1),
            f"{prefix}.conv3.bias": (c,),
            f"{prefix}.sca.1.weight": (c, c, 1, 1),
            f"{prefix}.sca.1.bias": (c,),
            f"{prefix}.conv4.weight": (2 * c, c, 1, 1),
            f"{prefix}.conv4.bias": (2 * c,),
            f"{prefix}.conv5.weight": (c, c, 1, 1),
            f"{prefix}.conv5.bias": (c,),
            f"{prefix}.norm1.weight": (c,),
            f"{prefix}.norm1.bias": (c,),
            f"{prefix}.norm2.weight": (c,),
            f"{prefix}.norm2.bias": (c,),
        }

    shapes = {
        "intro.weight": (width, 3, 3, 3),
        "intro.bias": (width,),
        "ending.weight": (3, width, 3, 3),
        "ending.bias": (3,),
    }
    c = width
    for level, count in enumerate(encoder):
        for k in range(count):
            shapes |= block(f"encoders.{level}.{k}", c)
        shapes |= {f"downs.{level}.weight": (2 * c, c, 2, 2), f"downs.{level}.bias": (2 * c,)}
        c *= 2
    for k in range(middle):
        shapes |= block(f"middle_blks.{k}", c)
    for level, count in enumerate(decoder):
        shapes[f"ups.{level}.0.weight"] = (2 * c, c, 1, 1)
        c //= 2
        for k in range(count):
            shapes |= block(f"decoders.{level}.{k}", c)
    return {name: torch.rand(shape) for name, shape in shapes.items()}


def test_published_checkpoint_loads_completely():
    sizes = (8, (1, 2), 2, (2, 1))
    network = PIPNAFNet(3, *sizes, prompt_dims=(8, 8, 8), prompt_sizes=(4, 4, 4))
    state = published_state(*sizes)
    report = load_backbone(network, {"params": state})
    assert report.complete, report
    own = network.backbone.state_dict()
    assert len(report.loaded) == len(state) == len(own)
    assert torch.equal(own["encoder.1.1.attend.weight"], state["encoders.1.1.sca.1.weight"])
    assert torch.equal(own["decoder.0.1.channel_project.bias"], state["decoders.0.1.conv5.bias"])
    assert torch.equal(own["middle.1.spatial_scale"], state["middle_blks.1.beta"])


def test_backbone_without_training_returns_its_picture_and_the_heads_correction():
    # Scales of zero make every block the identity; a head of zeros leaves the picture.
    network = NAFNet(8, (1, 1), 1, (1, 1))
    torch.nn.init.zeros_(network.head.weight)
    torch.nn.init.zeros_(network.head.bias)
    image = torch.rand(1, 3, 16, 16)
    assert torch.equal(network(image), image)


def test_bottleneck_is_prompted_too():
    with torch.device("meta"):
        network = PIPNAFNet()
    assert network.prompt_strides == (1, 2, 4, 8, 16)
    assert len(network.prompts) == 5
    assert network.multiple_of == 16
