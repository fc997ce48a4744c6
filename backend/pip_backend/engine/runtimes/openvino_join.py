"""A network's graphs put together otherwise than they are exported: what runs a tile in one go takes far less memory than crop and tile apart.

Apart, the cropped prompts lie there in fp32 as long as the tile's step runs: 200 bytes a pixel of the tile for the compact network, which itself takes 300 in bf16.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openvino import Model, Node, Output

FINEST: Final = np.float32(256)
"""Bilinear weights for bf16 are multiples of one part in this many. Those it holds, and what they lack to 1; rounded otherwise they would not sum to 1, and what they weigh
would be up to 0.4 % larger or smaller from row to row."""

FEATURES: Final = 32
"""Channels from which on a prompt steers features, and may be in bf16. One of fewer is light and haze, of which pixels are made: cropped in bf16 it makes steps of 0.4 %."""


def joined(crop: Model, tile: Model) -> Model:
    """Return crop and tile as one graph: what the one gives out is what the other takes. Both are used up."""
    return _join(crop, tile, crop.get_parameters())


def sampling(crop: Model) -> Model:
    """Return the crop but for the last products of prompts that steer features, for fp32: it takes what the crop takes, and gives what `sampled` takes.

    Where a tile lies in the prompts has to be computed in fp32: in bf16 a cell would lie elsewhere, by up to a sixteenth, in each of the tiles that share it.
    """
    import openvino  # noqa: PLC0415 - start-up without it
    from openvino import opset13  # noqa: PLC0415

    gives = []
    for prompt in _prompts(crop):
        if prompt.product is None:
            gives.append(prompt.result.input(0).get_source_output())
            continue
        rows, across = _factors(prompt.product)
        rounded = opset13.round(opset13.multiply(rows, FINEST), "half_to_even")
        gives += [opset13.divide(rounded, FINEST).output(0), across]
    return openvino.Model(gives, crop.get_parameters(), "sampling")


def sampled(crop: Model, tile: Model) -> Model:
    """Return those products and the tile as one graph, for bf16: it takes the tile, what `sampling` gave, and the prompts, whose sizes it wants. Both are used up."""
    pixels, _, *prompts = crop.get_parameters()
    given = []
    for prompt in _prompts(crop):
        places = [prompt.result.input(0)] if prompt.product is None else prompt.product.inputs()
        for place in places:
            given.append(_like(place.get_source_output()))
            place.replace_source_output(given[-1].output(0))
    return _join(crop, tile, [pixels, *given, *prompts])


class _Prompt(NamedTuple):
    result: Node
    product: Node | None
    """The last one, of rows and of what has its columns already (`crop_prompts`); None for a prompt of light."""


def _prompts(crop: Model) -> list[_Prompt]:
    """Find what the crop gives out."""
    found = []
    for result in crop.get_results():
        node = None
        if result.get_output_partial_shape(0)[1].get_length() >= FEATURES:
            node = result
            while node.get_type_name() != "MatMul":
                node = node.input(0).get_source_output().get_node()
        found.append(_Prompt(result, node))
    return found


def _factors(product: Node) -> tuple[Output, Output]:
    return product.input(0).get_source_output(), product.input(1).get_source_output()


def _like(output: Output) -> Any:
    from openvino import opset13  # noqa: PLC0415

    return opset13.parameter(output.get_partial_shape(), output.get_element_type())


def _join(crop: Model, tile: Model, takes: Sequence[Node]) -> Model:
    import openvino  # noqa: PLC0415

    pixels, *prompts = tile.get_parameters()
    for prompt, result in zip(prompts, crop.get_results(), strict=True):
        prompt.output(0).replace(result.input(0).get_source_output())
    pixels.output(0).replace(takes[0].output(0))
    return openvino.Model(tile.get_results(), list(takes), "whole")
