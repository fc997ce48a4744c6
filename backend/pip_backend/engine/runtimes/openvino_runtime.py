"""OpenVINO as a runtime: processors of every maker. Needs no torch where the network has been exported once (`openvino_export`).

fp32: crop and tile are joined to one graph, whose memory OpenVINO then shares (measured, 1376 x 1264 px: 1.1 GB, apart 1.8 GB).
bf16: they stay apart, since a graph has one precision, and prompts that are cropped in bf16 have other positions in each tile. The context step is always in fp32.

Tiles may have any size; the first one of each size takes longer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pip_backend.errors import DeviceError

from .base import OutOfMemoryError
from .described import DescribedNetwork
from .openvino_files import GRAPHS, cpu_settings, export_folder, is_whole, openvino_version, place

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from pip_backend.engine.job import Pixels
    from pip_backend.models.descriptor import Descriptor

DEVICES: Final = ("auto", "cpu")
"""Devices of this runtime; both are the processor."""


class OpenVINONetwork(DescribedNetwork):
    """A model in OpenVINO.

    Parameters
    ----------
    path
        Of the model file.
    descriptor
        Of the model.
    device
        `auto` or `cpu`.
    precision
        `auto`, `bf16` or `fp32`. Where the processor has no bf16, OpenVINO takes fp32.

    Raises
    ------
    DeviceError
        There is no such device or precision, or OpenVINO is not installed.

    """

    def __init__(self, path: Path, descriptor: Descriptor, device: str = "auto", precision: str = "auto") -> None:
        super().__init__(path, descriptor, precision)
        if device not in DEVICES:
            raise DeviceError(f"OpenVINO runs on the processor, not on {device}.", hint="Take --runtime torch for it.")
        self._version = openvino_version()
        self._core: Any = None
        self._folder: Path | None = None
        self._steps: dict[tuple[str, bool], _Step] = {}

    @property
    def runtime(self) -> str:
        """See `Network.runtime`."""
        return "openvino"

    @property
    def key(self) -> str:
        """See `Network.key`."""
        return f"{self.descriptor.sha256} openvino {self._version} cpu {self._precision}"

    def context(self, thumbnail: Pixels, prompt_map: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        """See `Network.context`."""
        found = self._step("context", bf16=False)([np.array(thumbnail)[None], np.array(prompt_map)[None]])
        return tuple(np.array(level.data) for level in found)

    def tile(
        self, pixels: Pixels, rectangle: tuple[float, float, float, float], prompts: Any, *, exact: bool
    ) -> Pixels:
        """See `Network.tile`."""
        tile = np.ascontiguousarray(pixels)[None]
        where = np.array([rectangle], np.float32)
        restored: Pixels = np.empty(pixels.shape, np.float32)
        try:
            if self._bf16() and not exact:
                cropped = self._step("crop", bf16=False)([tile, where, *prompts])
                self._step("tile", bf16=True)([tile, *cropped], restored[None])
            else:
                self._step("whole", bf16=False)([tile, where, *prompts], restored[None])
        except (RuntimeError, MemoryError) as error:
            if isinstance(error, MemoryError) or any(word in str(error) for word in _NO_MEMORY):
                raise OutOfMemoryError(str(error)) from error
            raise
        return restored

    def _bf16(self) -> bool:
        if self._precision == "fp32" or (self._precision == "auto" and "bf16" not in self.descriptor.precision):
            return False
        capabilities: list[str] = self._load().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        return "BF16" in capabilities

    def _step(self, name: str, *, bf16: bool) -> _Step:
        """Return a step, compiled when it is first needed."""
        if (name, bf16) not in self._steps:
            core = self._load()
            self._steps[name, bf16] = _Step(core, self._whole() if name == "whole" else self._read(name), bf16=bf16)
        return self._steps[name, bf16]

    def _whole(self) -> Any:
        """Join crop and tile: what the one gives out is what the other takes."""
        import openvino  # noqa: PLC0415 - start-up without it

        crop, tile = self._read("crop"), self._read("tile")
        pixels, *prompts = tile.get_parameters()
        for prompt, result in zip(prompts, crop.get_results(), strict=True):
            prompt.output(0).replace(result.input(0).get_source_output())
        pixels.output(0).replace(crop.get_parameters()[0].output(0))
        return openvino.Model(tile.get_results(), crop.get_parameters(), "whole")

    def _read(self, name: str) -> Any:
        assert name in GRAPHS
        core = self._load()
        assert self._folder is not None
        return core.read_model(self._folder / f"{name}.xml")

    def _load(self) -> Any:
        """Return OpenVINO, with the network exported."""
        if self._core is None:
            try:
                import openvino  # noqa: PLC0415 - start-up without it
            except ImportError as error:
                raise DeviceError(f"OpenVINO cannot be loaded ({error}).", hint="Take --runtime torch.") from error
            self._folder = exported(self._path, self.descriptor)
            self._core = openvino.Core()
        return self._core


_NO_MEMORY: Final = ("allocate", "bad_alloc", "out of memory", "not enough memory")
"""Words of OpenVINO's errors when the memory does not suffice."""


class _Step:
    """A compiled graph. What it gives out is valid until it is run again."""

    def __init__(self, core: Any, graph: Any, *, bf16: bool) -> None:
        self._request = core.compile_model(graph, "CPU", cpu_settings(bf16=bf16)).create_infer_request()
        self._outputs = len(graph.outputs)

    def __call__(self, inputs: Sequence[Any], into: NDArray[np.float32] | None = None) -> list[Any]:
        """Run it on arrays or tensors; the only output goes straight `into` an array, if one is given."""
        for index, value in enumerate(inputs):
            self._request.set_input_tensor(index, _tensor(value))
        if into is not None:
            self._request.set_output_tensor(0, _tensor(into))
        self._request.infer()
        return [self._request.get_output_tensor(index) for index in range(self._outputs)]


def _tensor(value: Any) -> Any:
    """Wrap an array without copying it."""
    import openvino  # noqa: PLC0415 - start-up without it

    return openvino.Tensor(value, shared_memory=True) if isinstance(value, np.ndarray) else value


def exported(path: Path, descriptor: Descriptor) -> Path:
    """Return the folder with a model's graphs, which are exported if they are not there.

    Raises
    ------
    DeviceError
        If they are not there, and torch is not there either, or the export fails.

    """
    folder = export_folder(descriptor)
    if not is_whole(folder):
        try:
            from .openvino_export import export  # noqa: PLC0415 - the export needs torch
        except ImportError as error:
            raise DeviceError(
                f"{descriptor.name} has to be exported for OpenVINO once, which needs torch ({error}).",
                hint="Install torch, or copy the folder of exports from a machine that has it.",
            ) from error
        place(folder, lambda beside: export(path, descriptor, beside))
    return folder
