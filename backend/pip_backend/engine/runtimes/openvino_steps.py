"""What the network and the sensor share in OpenVINO: loading it, finding a model's graphs, compiling and running one.

A compiled graph is kept beside its export, under the processor's name and the settings: reading it takes a quarter of the time of compiling (measured: 0.4 against 1.7 seconds
of processor time for context and tile of the compact network). Its checksum is looked at first, since OpenVINO trusts what it reads.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
import os
import zlib
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pip_backend.errors import DeviceError
from pip_backend.extras import TORCH, has_torch

from .base import nothing
from .networks_code import meaning_digest
from .openvino_files import cpu_settings, export_folder, graphs_of, is_whole, place

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from pip_backend.models.descriptor import Descriptor


POLL: Final = 50
"""Milliseconds between two looks whether what runs is still wanted."""


NO_ROOM: Final = "failed to map segment"
"""What the system's loader says where a library does not fit into the memory."""

STREAMS: Final = 8
"""Inputs that run side by side at most (`Queue`), since each has memory of its own; OpenVINO takes no more than it has threads."""


class Step:
    """A compiled graph. What it gives out is valid until it is run again.

    It is run by OpenVINO's own threads, and the caller's looks on: so Ctrl-C and what `check` raises end it at the layer that it is in, seconds before
    the end of a large tile. A graph for any size is made anew after that, and after a failure: some of its layers have the shapes of the tile that was not
    finished, others those of the one before, and OpenVINO does not notice where the next tile is as large as that one (measured: errors, and crashes; making it anew
    takes 0.12 s of processor time where it is kept compiled).

    Parameters
    ----------
    core
        OpenVINO's.
    folder
        Of the export that the graph is from, where it is kept compiled; None for not at all.
    name
        Of the graph.
    graph
        Gives it; called when it has not been compiled here before.
    bf16
        Whether to compute in it.

    """

    def __init__(self, core: Any, folder: Path | None, name: str, graph: Callable[[], Any], *, bf16: bool) -> None:
        make = functools.partial(_compiled, core, folder, name, graph, bf16=bf16)
        self._take(make())
        one_size = all(port.get_partial_shape().is_static for port in self._compiled.inputs)
        self._again = None if one_size else make
        """Makes it anew, where that may be needed; it holds the graph, which takes memory."""
        self._lent: tuple[Any, ...] = ()
        """What OpenVINO reads and writes while it runs, whoever else has let go of it."""

    def _take(self, compiled: Any) -> None:
        self._compiled = compiled
        self._request = self._compiled.create_infer_request()
        self._outputs = len(self._compiled.outputs)

    def __call__(
        self,
        inputs: Sequence[Any],
        into: NDArray[np.float32] | None = None,
        check: Callable[[], None] = nothing,
    ) -> list[Any]:
        """Run it on arrays or tensors; the only output goes straight `into` an array, if one is given. `check`: see `Network.tile`."""
        if self._lent:  # giving up was interrupted too
            self._give_up()
        if self._request is None:
            assert self._again is not None
            self._take(self._again())
        for index, value in enumerate(inputs):
            self._request.set_input_tensor(index, _tensor(value))
        if into is not None:
            self._request.set_output_tensor(0, _tensor(into))
        self._lent = (*inputs, into)
        try:
            self._request.start_async()
            check()
            while not self._request.wait_for(POLL):
                check()
        except BaseException:
            self._give_up()
            raise
        self._lent = ()
        return [self._request.get_output_tensor(index) for index in range(self._outputs)]

    def _give_up(self) -> None:
        """Have it stopped, and wait until it is: after that nobody writes into the arrays any more."""
        self._request.cancel()
        with contextlib.suppress(RuntimeError):  # that it was cancelled, or what it failed of
            self._request.wait()
        if self._again is not None:
            self._compiled = self._request = None
        self._lent = ()

    def release(self) -> None:
        """Give the memory of what lies between its layers back; it is had again when the step is next run."""
        self._compiled.release_memory()


class Queue:
    """A compiled graph for many small inputs: each runs on one thread, as many at a time as there are threads.

    A graph that hardly divides, such as the sensor's, leaves all cores but one waiting when its threads share one input (measured on two cores: half the time).

    Parameters
    ----------
    core, folder, name, graph
        See `Step`.

    """

    def __init__(self, core: Any, folder: Path, name: str, graph: Callable[[], Any]) -> None:
        import openvino  # noqa: PLC0415 - start-up without it

        compiled = _compiled(core, folder, name, graph, bf16=False, streams=STREAMS)
        self._queue = openvino.AsyncInferQueue(compiled)
        self._outputs = len(compiled.outputs)

    def __call__(self, inputs: Sequence[Sequence[NDArray[np.float32]]]) -> list[list[NDArray[np.float32]]]:
        """Run it on each of many inputs, which are copied; gives the outputs of each, in their order."""
        found: list[list[NDArray[np.float32]]] = [[] for _ in inputs]

        def take(request: Any, index: int) -> None:
            found[index] = [np.array(request.get_output_tensor(place).data) for place in range(self._outputs)]

        self._queue.set_callback(take)
        try:
            for index, values in enumerate(inputs):
                self._queue.start_async(list(values), index)
        finally:
            self._queue.wait_all()
        return found


def _compiled(
    core: Any, folder: Path | None, name: str, graph: Callable[[], Any], *, bf16: bool, streams: int | None = None
) -> Any:
    """Compile a graph, or read what compiling it gave before, if that is kept."""
    settings = cpu_settings(bf16=bf16)
    if streams is not None:
        settings["NUM_STREAMS"] = streams
    if folder is None:
        return core.compile_model(graph(), "CPU", settings)
    told = (
        core.get_property("CPU", "FULL_DEVICE_NAME"),
        core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"),
        settings,
    )
    path = folder / f"{name}-{hashlib.sha256(repr(told).encode()).hexdigest()[:12]}.compiled"
    with contextlib.suppress(OSError, RuntimeError):  # not there, damaged, or of another build of OpenVINO
        content = path.read_bytes()
        if len(content) > 4 and zlib.crc32(memoryview(content)[4:]) == int.from_bytes(content[:4], "little"):
            return core.import_model(content[4:], "CPU", settings)
    compiled = core.compile_model(graph(), "CPU", settings)
    with contextlib.suppress(OSError, RuntimeError):  # where it cannot be kept, the next process compiles too
        stream = io.BytesIO()
        compiled.export_model(stream)
        content = stream.getvalue()
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        beside.write_bytes(zlib.crc32(content).to_bytes(4, "little") + content)
        beside.replace(path)
    return compiled


def _tensor(value: Any) -> Any:
    """Wrap an array without copying it."""
    import openvino  # noqa: PLC0415 - start-up without it

    return openvino.Tensor(value, shared_memory=True) if isinstance(value, np.ndarray) else value


@functools.cache
def load_openvino() -> Any:
    """Return OpenVINO's core, one for the process.

    Each core gives its thread a stack for signals, and the one before back when it goes. Where cores go in the order they came, that one is no longer
    there, and Ctrl-C ends the process by a segmentation fault (seen with OpenVINO 2026.4.1).

    Raises
    ------
    DeviceError
        It is not installed, or does not run here.

    """
    try:
        import openvino  # noqa: PLC0415 - start-up without it
    except ImportError as error:
        if isinstance(error.__cause__, KeyboardInterrupt):  # which its binding turns into this
            raise KeyboardInterrupt from error
        if NO_ROOM in str(error):
            raise DeviceError("There is not the memory to load OpenVINO.", hint="Close other programs.") from error
        raise DeviceError(f"OpenVINO cannot be loaded ({error}).", hint="Take --runtime torch.") from error
    return openvino.Core()


def has_bf16(core: Any = None) -> bool:
    """Whether the processor computes in bf16; where it does not, OpenVINO takes fp32."""
    capabilities: list[str] = (core or load_openvino()).get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return "BF16" in capabilities


def exported(path: Path, descriptor: Descriptor) -> Path:
    """Return the folder with a model's graphs, which are made if they are not there.

    They are made from the template that came with the program, or else by torch. Whoever changes the networks' code has torch, and a template
    that no longer tells what the code does is not taken then.

    Raises
    ------
    ModelError
        The model file is damaged.
    DeviceError
        There is neither a template nor torch, or the export fails.

    """
    folder = export_folder(descriptor)
    return folder if is_whole(folder) else place(folder, lambda beside: _make(path, descriptor, beside))


def _make(path: Path, descriptor: Descriptor, folder: Path) -> None:
    from .openvino_template import find_template, save_graphs  # noqa: PLC0415 - only where an export is missing

    template = find_template(descriptor)
    if template is not None and (template.code == meaning_digest() or not has_torch()):
        from pip_backend.models.tensors import read_tensors  # noqa: PLC0415

        assert set(template.graphs) == set(graphs_of(descriptor))
        save_graphs(template.filled(read_tensors(path)), folder)
        return
    if not has_torch():
        raise DeviceError(f"{descriptor.name} has to be exported for OpenVINO once, which needs torch.", hint=TORCH)
    from .openvino_export import export  # noqa: PLC0415 - loads torch

    export(path, descriptor, folder)
