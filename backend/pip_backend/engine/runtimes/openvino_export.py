"""Exporting a network for OpenVINO: torch traces it, OpenVINO's frontend converts it, and a comparison with torch lets it pass.

Three graphs of a restoration network, for pictures and tiles of a batch of one:

    context   thumbnail (1, T, T, 3), prompt map (1, K, M, M)        → the picture's prompts, (1, C, P, P') each
    crop      tile (1, h, w, 3), rectangle (1, 4), picture's prompts → the tile's prompts; only the tile's size counts
    tile      tile (1, h, w, 3), tile's prompts                      → restored (1, h, w, 3)

h and w are free: that costs nothing but a second at the first tile of a size. Nothing here knows how many prompts a network has, or which.
One of a sensor:

    judge     tile (1, 128, 128, 3), thumbnail (1, T, T, 3)          → probability and amount, (1, K) each

The comparison runs each step on two inputs and on the first again, since steps of one graph have been seen to differ (`openvino_template.fold_constants`).

`openvino.convert_model` would do the same, but reports each conversion to its makers' usage statistics (openvino-telemetry).
The one module beside `torch_runtime` that needs torch, and only where no template is there (`openvino_template`), and to make one.
"""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

import openvino
import torch
from openvino import opset13
from openvino.frontend import FrontEndManager
from openvino.frontend.pytorch import ConversionExtension
from openvino.frontend.pytorch.ts_decoder import TorchScriptPythonDecoder
from torch import Tensor, nn

from pip_backend.engine.sensing import TILE
from pip_backend.errors import DeviceError
from pip_backend.models.files import load_model
from pip_backend.models.registry import build
from pip_backend.nets.base import PromptedNetwork

from .networks_code import meaning_digest
from .openvino_files import cpu_settings, openvino_version
from .openvino_steps import load_openvino
from .openvino_template import Graph, Template, fold_constants, save_graphs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pip_backend.models.descriptor import Descriptor

TOLERANCE: Final = 1e-3
"""Largest difference from torch in fp32, of the largest number there is or of 1."""


def export(path: Path, descriptor: Descriptor, folder: Path) -> None:
    """Write the graphs of a model file into a folder.

    Parameters
    ----------
    path
        Of the model file.
    descriptor
        Its descriptor.
    folder
        An empty folder.

    Raises
    ------
    ModelError
        If the file cannot be loaded.
    DeviceError
        If the network cannot be exported, or the export gives other numbers than torch.

    """
    network = load_model(path).network
    try:
        # Not inference_mode: its tensors cannot be traced.
        with torch.no_grad():
            graphs = trace(network, descriptor)
            for graph in graphs.values():
                fold_constants(graph, load_openvino())
            worst = difference(network, descriptor, graphs)
    except (RuntimeError, TypeError, ValueError) as error:
        raise DeviceError(
            f"{descriptor.name} cannot be exported for OpenVINO.", hint="Take --runtime torch."
        ) from error
    if not worst <= TOLERANCE:
        raise DeviceError(
            f"{descriptor.name} gives other numbers in OpenVINO than in torch, by {worst:.1g}.",
            hint="Take --runtime torch.",
        )
    save_graphs(graphs, folder)


def make_template(descriptor: Descriptor) -> Template:
    """Make the template of a model's architecture. Its weights are not looked at.

    Raises
    ------
    DeviceError
        If the graphs hold something that depends on weights and is none.

    """
    first, second = (_traced_with_random_weights(descriptor, seed) for seed in (0, 1))
    if first != second:
        raise DeviceError(f"The graphs of {descriptor.architecture} hold numbers that were computed from weights.")
    return Template(meaning_digest(), openvino_version(), first)


def _traced_with_random_weights(descriptor: Descriptor, seed: int) -> dict[str, Graph]:
    network = build(descriptor.architecture, descriptor.config).eval().requires_grad_(requires_grad=False)
    chance = torch.Generator().manual_seed(seed)
    tensors = network.state_dict()
    with torch.no_grad(), tempfile.TemporaryDirectory() as folder:
        for tensor in tensors.values():
            if (
                tensor.is_floating_point()
            ):  # no two tensors are the same, so that a graph's numbers tell where they are from
                tensor.copy_(0.01 + 0.02 * torch.rand(tensor.shape, generator=chance))
        save_graphs(trace(network, descriptor), Path(folder))
        names = {tensor.numpy().tobytes(): name for name, tensor in tensors.items()}
        return {
            path.stem: _taken_apart(path.read_bytes(), path.with_suffix(".bin").read_bytes(), names)
            for path in sorted(Path(folder).glob("*.xml"))
        }


def _taken_apart(xml: bytes, numbers: bytes, names: Mapping[bytes, str]) -> Graph:
    """Tell weights from other numbers, by their bytes; names of operations, which OpenVINO counts through, become numbers."""
    tree = ET.fromstring(xml)  # noqa: S314 - written by OpenVINO a moment ago
    tree.set("name", "graph")
    for port in tree.iter("port"):
        port.attrib.pop("names", None)
    places = set()
    for layer in tree.iter("layer"):
        layer.set("name", layer.attrib["id"])
        data = layer.find("data")
        if layer.get("type") == "Const" and data is not None:
            places.add((int(data.attrib["offset"]), int(data.attrib["size"])))
    pieces = {offset: numbers[offset : offset + size] for offset, size in sorted(places)}
    for element in tree.iter():
        element.text = element.text and (element.text.strip() or None)
        element.tail = None
    return Graph(
        ET.tostring(tree),
        len(numbers),
        tuple((offset, len(piece), names[piece]) for offset, piece in pieces.items() if piece in names),
        tuple((offset, piece) for offset, piece in pieces.items() if piece not in names),
    )


class _Context(nn.Module):
    def __init__(self, network: PromptedNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, thumbnail: Tensor, prompt: Tensor) -> tuple[Tensor, ...]:
        return self.network.context(thumbnail.permute(0, 3, 1, 2).clamp(0, 1), prompt)


class _Crop(nn.Module):
    def __init__(self, network: PromptedNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, tile: Tensor, rectangle: Tensor, *prompts: Tensor) -> tuple[Tensor, ...]:
        return self.network.crop(prompts, rectangle, tile.shape[1], tile.shape[2])


class _Tile(nn.Module):
    def __init__(self, network: PromptedNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, tile: Tensor, *prompts: Tensor) -> Tensor:
        restored: Tensor = self.network(tile.permute(0, 3, 1, 2), *prompts)
        return restored.permute(0, 2, 3, 1)


class _Judge(nn.Module):
    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, tile: Tensor, thumbnail: Tensor) -> tuple[Tensor, Tensor]:
        presence, amount = self.network(*(pixels.permute(0, 3, 1, 2).clamp(0, 1) for pixels in (tile, thumbnail)))
        return presence.sigmoid(), amount.sigmoid()


def _examples(descriptor: Descriptor, height: int, width: int, seed: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Thumbnail, prompt map, tile and rectangle."""
    chance = torch.Generator().manual_seed(seed)
    side, cells, step = descriptor.thumbnail, descriptor.prompt.map, descriptor.multiple_of
    return (
        torch.rand(1, side, side, 3, generator=chance),
        torch.rand(1, len(descriptor.degradations), cells, cells, generator=chance),
        torch.rand(1, height * step, width * step, 3, generator=chance),
        torch.tensor([[0.1, 0.2, 0.5, 0.7]]) + 0.01 * seed,
    )


def _judged(descriptor: Descriptor, seed: int) -> tuple[Tensor, Tensor]:
    """Tile and thumbnail for a sensor."""
    chance = torch.Generator().manual_seed(seed)
    side = descriptor.thumbnail
    return 0.5**seed * torch.rand(1, TILE, TILE, 3, generator=chance), torch.rand(1, side, side, 3, generator=chance)


def trace(network: nn.Module, descriptor: Descriptor) -> dict[str, openvino.Model]:
    """Trace and convert the steps of a network; constants are not folded."""
    if not isinstance(network, PromptedNetwork):
        return {"judge": _converted(_Judge(network), _judged(descriptor, 0))}
    thumbnail, cells, tile, rectangle = _examples(descriptor, 6, 4, seed=0)
    prompts = network.context(thumbnail.permute(0, 3, 1, 2), cells)
    cropped = network.crop(prompts, rectangle, tile.shape[1], tile.shape[2])
    free = (1, -1, -1, 3)
    return {
        "context": _converted(_Context(network), (thumbnail, cells)),
        "crop": _converted(_Crop(network), (tile, rectangle, *prompts), {0: free}),
        "tile": _converted(
            _Tile(network),
            (tile, *cropped),
            {0: free, **{1 + i: (1, level.shape[1], -1, -1) for i, level in enumerate(cropped)}},
        ),
    }


def _pixel_shuffle(node: Any) -> Any:
    return opset13.depth_to_space(node.get_input(0), "depth_first", node.get_values_from_const_input(1)).outputs()


def _pixel_unshuffle(node: Any) -> Any:
    return opset13.space_to_depth(node.get_input(0), "depth_first", node.get_values_from_const_input(1)).outputs()


_REARRANGED: Final = {"aten::pixel_shuffle": _pixel_shuffle, "aten::pixel_unshuffle": _pixel_unshuffle}
"""What OpenVINO has an operation for. Its frontend makes three of each, between which sizes are forgotten: convolutions after them then
are not joined with their bias and sum (measured: a twentieth of the time, a seventh of the memory)."""


def _converted(step: nn.Module, examples: Sequence[Tensor], free: dict[int, Sequence[int]] | None = None) -> Any:
    """Convert a step whose inputs have the examples' shapes, but where `free` says otherwise."""
    with warnings.catch_warnings():
        # Each `if` on a shape warns: they hold for every tile, which the comparison with torch checks.
        warnings.simplefilter("ignore")
        frontend = FrontEndManager().load_by_framework("pytorch")
        for name, operation in _REARRANGED.items():
            frontend.add_extension(ConversionExtension(name, operation))
        decoder = TorchScriptPythonDecoder(  # named: the frontend does not keep it alive
            step.eval(), example_input=tuple(examples), trace_kwargs={"check_trace": False}
        )
        graph = frontend.convert(frontend.load(decoder))
    if len(graph.inputs) != len(examples):
        raise RuntimeError(f"{len(examples)} inputs became {len(graph.inputs)}")
    shapes = {i: list((free or {}).get(i, example.shape)) for i, example in enumerate(examples)}
    graph.reshape({i: openvino.PartialShape(shape) for i, shape in shapes.items()})
    return graph


def difference(network: nn.Module, descriptor: Descriptor, graphs: Mapping[str, openvino.Model]) -> float:
    """Compare with torch, at other sizes than was traced and one after the other; the largest relative difference of any step."""
    core = load_openvino()
    steps = {name: core.compile_model(graph, "CPU", cpu_settings(bf16=False)) for name, graph in graphs.items()}
    if not isinstance(network, PromptedNetwork):
        judge = _Judge(network)
        return max(
            _apart(steps["judge"], inputs, judge(*inputs)) for inputs in (_judged(descriptor, i) for i in (1, 2, 1))
        )
    runs = ((5, 9, 1), (8, 3, 2), (5, 9, 1))
    return max(_step_difference(network, _examples(descriptor, *run), steps) for run in runs)


def _step_difference(
    network: PromptedNetwork, examples: tuple[Tensor, Tensor, Tensor, Tensor], steps: dict[str, Any]
) -> float:
    thumbnail, cells, tile, rectangle = examples
    prompts = network.context(thumbnail.permute(0, 3, 1, 2), cells)
    cropped = network.crop(prompts, rectangle, tile.shape[1], tile.shape[2])
    restored = network(tile.permute(0, 3, 1, 2), *cropped).permute(0, 2, 3, 1)
    return max(
        _apart(steps["context"], (thumbnail, cells), prompts),
        _apart(steps["crop"], (tile, rectangle, *prompts), cropped),
        _apart(steps["tile"], (tile, *cropped), (restored,)),
    )


def _apart(step: Any, inputs: Sequence[Tensor], wanted: Sequence[Tensor]) -> float:
    found = step([value.contiguous().numpy() for value in inputs])
    worst = 0.0
    for index, want in enumerate(wanted):
        apart = float((torch.from_numpy(found[index]) - want).abs().max())
        worst = max(worst, apart / max(1.0, float(want.abs().max())))
    return worst


__all__ = ["TOLERANCE", "difference", "export", "make_template", "trace"]
