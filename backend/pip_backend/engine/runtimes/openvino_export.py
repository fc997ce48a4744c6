"""Exporting a network for OpenVINO: torch traces it, OpenVINO's frontend converts it, and a comparison with torch lets it pass.

Three graphs, for pictures and tiles of a batch of one:

    context   thumbnail (1, T, T, 3), prompt map (1, K, M, M)        → the picture's prompts, (1, C, P, P') each
    crop      tile (1, h, w, 3), rectangle (1, 4), picture's prompts → the tile's prompts; only the tile's size counts
    tile      tile (1, h, w, 3), tile's prompts                      → restored (1, h, w, 3)

h and w are free: that costs nothing but a second at the first tile of a size. Nothing here knows how many prompts a network has, or which.

What depends on constants alone is computed here and not left to OpenVINO: its processor plugin (2026.4.1) does so in memory that later steps write into,
so that the second context step of a prompt network had other numbers than the first. The comparison runs each step on two inputs and on the first again.

`openvino.convert_model` would do the same, but reports each conversion to its makers' usage statistics (openvino-telemetry).
The one module beside `torch_runtime` that needs torch, and only where an export is missing.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import openvino
import torch
from openvino.frontend import FrontEndManager
from openvino.frontend.pytorch.ts_decoder import TorchScriptPythonDecoder
from torch import Tensor, nn

from pip_backend.errors import DeviceError
from pip_backend.models.files import load_model
from pip_backend.nets.base import PromptedNetwork

from .openvino_files import cpu_settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

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
    if not isinstance(network, PromptedNetwork):
        raise DeviceError(f"{descriptor.name} is not a restoration network.")
    try:
        # Not inference_mode: its tensors cannot be traced.
        with torch.no_grad():
            graphs = _graphs(network, descriptor)
            worst = _difference(network, descriptor, graphs)
    except (RuntimeError, TypeError, ValueError) as error:
        raise DeviceError(
            f"{descriptor.name} cannot be exported for OpenVINO.", hint="Take --runtime torch."
        ) from error
    if not worst <= TOLERANCE:
        raise DeviceError(
            f"{descriptor.name} gives other numbers in OpenVINO than in torch, by {worst:.1g}.",
            hint="Take --runtime torch.",
        )
    for name, graph in graphs.items():
        openvino.save_model(graph, folder / f"{name}.xml", compress_to_fp16=False)


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


def _examples(descriptor: Descriptor, height: int, width: int, seed: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Thumbnail, prompt map, tile and rectangle."""
    chance = torch.Generator().manual_seed(seed)
    side, cells, step = descriptor.prompt.context, descriptor.prompt.map, descriptor.multiple_of
    return (
        torch.rand(1, side, side, 3, generator=chance),
        torch.rand(1, len(descriptor.degradations), cells, cells, generator=chance),
        torch.rand(1, height * step, width * step, 3, generator=chance),
        torch.tensor([[0.1, 0.2, 0.5, 0.7]]) + 0.01 * seed,
    )


def _graphs(network: PromptedNetwork, descriptor: Descriptor) -> dict[str, openvino.Model]:
    """Trace and convert the three steps."""
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


def _converted(step: nn.Module, examples: Sequence[Tensor], free: dict[int, Sequence[int]] | None = None) -> Any:
    """Convert a step whose inputs have the examples' shapes, but where `free` says otherwise."""
    with warnings.catch_warnings():
        # Each `if` on a shape warns: they hold for every tile, which the comparison with torch checks.
        warnings.simplefilter("ignore")
        frontend = FrontEndManager().load_by_framework("pytorch")
        decoder = TorchScriptPythonDecoder(  # named: the frontend does not keep it alive
            step.eval(), example_input=tuple(examples), trace_kwargs={"check_trace": False}
        )
        graph = frontend.convert(frontend.load(decoder))
    if len(graph.inputs) != len(examples):
        raise RuntimeError(f"{len(examples)} inputs became {len(graph.inputs)}")
    shapes = {i: list((free or {}).get(i, example.shape)) for i, example in enumerate(examples)}
    graph.reshape({i: openvino.PartialShape(shape) for i, shape in shapes.items()})
    _fold_constants(graph)
    return graph


def _fold_constants(graph: Any) -> None:
    """Replace what depends on no input by its value."""
    varying: set[str] = set()
    fixed: dict[tuple[str, int], tuple[Any, list[Any]]] = {}  # an output, and the inputs that take it
    for operation in graph.get_ordered_ops():
        sources = [(port, port.get_source_output()) for port in operation.inputs()]
        names = [source.get_node().get_name() for _, source in sources]
        if operation.get_type_name() != "Parameter" and varying.isdisjoint(names):
            continue
        varying.add(operation.get_name())
        for (port, source), name in zip(sources, names, strict=True):
            if name not in varying and source.get_node().get_type_name() != "Constant":
                fixed.setdefault((name, source.get_index()), (source, []))[1].append(port)
    if not fixed:
        return
    outputs = [source for source, _ in fixed.values()]
    values = openvino.Core().compile_model(openvino.Model(outputs, [], "fixed"), "CPU", cpu_settings(bf16=False))([])
    for index, (_, ports) in enumerate(fixed.values()):
        constant = openvino.opset13.constant(np.array(values[index]))
        for port in ports:
            port.replace_source_output(constant.output(0))
    graph.validate_nodes_and_infer_types()


def _difference(network: PromptedNetwork, descriptor: Descriptor, graphs: dict[str, openvino.Model]) -> float:
    """Compare with torch, at other sizes than was traced and one after the other; the largest relative difference of any step."""
    core = openvino.Core()
    steps = {name: core.compile_model(graph, "CPU", cpu_settings(bf16=False)) for name, graph in graphs.items()}
    runs = ((5, 9, 1), (8, 3, 2), (5, 9, 1))
    return max(_step_difference(network, _examples(descriptor, *run), steps) for run in runs)


def _step_difference(
    network: PromptedNetwork, examples: tuple[Tensor, Tensor, Tensor, Tensor], steps: dict[str, Any]
) -> float:
    thumbnail, cells, tile, rectangle = examples
    prompts = network.context(thumbnail.permute(0, 3, 1, 2), cells)
    cropped = network.crop(prompts, rectangle, tile.shape[1], tile.shape[2])
    restored = network(tile.permute(0, 3, 1, 2), *cropped).permute(0, 2, 3, 1)
    worst = 0.0
    for name, inputs, wanted in (
        ("context", (thumbnail, cells), prompts),
        ("crop", (tile, rectangle, *prompts), cropped),
        ("tile", (tile, *cropped), (restored,)),
    ):
        found = steps[name]([value.contiguous().numpy() for value in inputs])
        for index, want in enumerate(wanted):
            apart = float((torch.from_numpy(found[index]) - want).abs().max())
            worst = max(worst, apart / max(1.0, float(want.abs().max())))
    return worst


__all__ = ["TOLERANCE", "export"]
