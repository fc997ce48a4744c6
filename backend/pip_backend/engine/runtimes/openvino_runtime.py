"""OpenVINO as a runtime: processors of every maker. Needs no torch for networks whose graphs came with the program (`openvino_steps`).

Crop and tile are joined to one graph, whose memory OpenVINO then shares (measured, fp32, 1376 x 1264 px: 1.1 GB, apart 1.8 GB). A graph has one precision, so in bf16
where the tile lies in the prompts is found by a small graph of its own (`openvino_join`). The context step is always in fp32.

Tiles may have any size; the first one of each size takes longer. For the size that the tiles of a picture have, if they are many, the graphs are compiled once more with all sizes
known: half a second, for which OpenVINO plans their memory and joins more of what lies between the convolutions (measured, fp32: 390 bytes a
pixel in place of 590, and a tenth less time). Jobs of pictures of several sizes may take turns, a row of tiles each. So a size that comes back soon after another took its
place makes room for both, up to `SIZES`; each of them takes 70 MB compiled, and only the latest one the memory of a tile besides. Which graph runs a tile hangs on its own
picture alone, whoever else is served.
"""

from __future__ import annotations

import contextlib
import functools
import threading
from collections import OrderedDict, deque
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from pip_backend.errors import DeviceError
from pip_backend.extras import TORCH, has_torch

from .base import OutOfMemoryError, nothing
from .described import DescribedNetwork
from .openvino_files import openvino_version
from .openvino_join import joined, sampled, sampling
from .openvino_steps import NO_ROOM, Queue, Step, exported, has_bf16, load_openvino

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from pip_backend.engine.job import Pixels
    from pip_backend.models.descriptor import Descriptor

    from .base import Network

DEVICES: Final = ("auto", "cpu")
"""Devices of this runtime; both are the processor."""


ARRANGED: Final = 2
"""Version of how the graphs are put together: results of different ones differ by less than is seen, but are not mixed."""

SIZES: Final = 4
"""Sizes of tiles that graphs are kept compiled for, at most."""


class _Prompts(NamedTuple):
    """A picture's."""

    levels: tuple[NDArray[np.float32], ...]
    tile: tuple[int, int] | None
    """Height and width of its whole tiles, px, if it has several."""


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
        check_device(device)
        self._version = openvino_version()
        self._core: Any = None
        self._folder: Path | None = None
        self._steps: dict[tuple[str, bool], Step] = {}
        self._sized: OrderedDict[tuple[int, int], dict[str, Step]] = OrderedDict()
        """The latest one, which is last, keeps the memory of a tile's features; the others are compiled and no more."""
        self._gone: deque[tuple[int, int]] = deque(maxlen=SIZES)
        """Sizes that had to go last: one of them that comes back shows that there is too little room."""
        self._room = 1
        self._lock = threading.RLock()
        """A graph runs one input at a time: threads that share a network take turns, tile by tile."""

    @property
    def runtime(self) -> str:
        """See `Network.runtime`."""
        return "openvino"

    @property
    def key(self) -> str:
        """See `Network.key`."""
        return f"{self.descriptor.identity} openvino {self._version} cpu {self._precision} {ARRANGED}"

    def settled(self, known: Callable[[str], bool]) -> Network:  # noqa: ARG002 - nothing is open
        """See `Network.settled`."""
        return self

    def prepare(self, tile: tuple[int, int] | None = None) -> None:
        """See `Network.prepare`: loads and compiles."""
        with _memory_told(), self._lock:
            self._step("context", bf16=False)
            if tile is None:
                for name in self._names():
                    self._step(name, bf16=self._in_bf16(name))
            else:
                self._of_size(tile)

    def context(
        self, thumbnail: Pixels, prompt_map: NDArray[np.float32], tile: tuple[int, int] | None = None
    ) -> _Prompts:
        """See `Network.context`."""
        with _memory_told(), self._lock:
            found = self._step("context", bf16=False)([np.array(thumbnail)[None], self.planes(prompt_map)[None]])
            return _Prompts(tuple(np.array(level.data) for level in found), tile)

    def tile(
        self,
        pixels: Pixels,
        rectangle: tuple[float, float, float, float],
        prompts: Any,
        *,
        exact: bool,
        check: Callable[[], None] = nothing,
    ) -> Pixels:
        """See `Network.tile`."""
        tile = np.ascontiguousarray(pixels)[None]
        where = np.array([rectangle], np.float32)
        restored: Pixels = np.empty(pixels.shape, np.float32)
        with _memory_told(), self._lock:
            if self._bf16() and not exact:
                sample, step = (self._ready(name, pixels, prompts) for name in ("sampling", "sampled"))
                given = sample([tile, where, *prompts.levels], check=check)
                step([tile, *given, *prompts.levels], restored[None], check)
            else:
                whole = self._step("whole", bf16=False) if self._bf16() else self._ready("whole", pixels, prompts)
                whole([tile, where, *prompts.levels], restored[None], check)
        return restored

    def _bf16(self) -> bool:
        if self._precision == "fp32" or (self._precision == "auto" and "bf16" not in self.descriptor.precision):
            return False
        return has_bf16(self._load())

    def _names(self) -> tuple[str, ...]:
        """Name the graphs that a tile goes through."""
        return ("sampling", "sampled") if self._bf16() else ("whole",)

    def _in_bf16(self, name: str) -> bool:
        return name == "sampled"

    def _ready(self, name: str, pixels: Pixels, prompts: _Prompts) -> Step:
        """Return the step for the size of the picture's whole tiles, if this is one, or that for any size."""
        if pixels.shape[:2] == prompts.tile:
            return self._of_size(prompts.tile)[name]
        return self._step(name, bf16=self._in_bf16(name))

    def _of_size(self, tile: tuple[int, int]) -> dict[str, Step]:
        """Return the steps for tiles of one size, compiled where they are not kept."""
        if next(reversed(self._sized), None) != tile:
            for step in next(reversed(self._sized.values()), {}).values():
                step.release()  # before the next ones take theirs
        if tile not in self._sized:
            if tile in self._gone:
                self._gone.remove(tile)
                self._room = min(self._room + 1, SIZES)
            while len(self._sized) >= self._room:
                self._gone.append(self._sized.popitem(last=False)[0])
            self._sized[tile] = self._for_size(*tile)
        self._sized.move_to_end(tile)
        return self._sized[tile]

    def _step(self, name: str, *, bf16: bool) -> Step:
        """Return a step for tiles of any size, compiled when it is first needed."""
        if (name, bf16) not in self._steps:
            core = self._load()
            assert self._folder is not None
            self._steps[name, bf16] = Step(core, self._folder, name, functools.partial(self._graph, name), bf16=bf16)
        return self._steps[name, bf16]

    def _for_size(self, height: int, width: int) -> dict[str, Step]:
        """Compile the steps for tiles of one size."""
        core, steps = self._load(), {}
        shapes: dict[int, list[int]] = {0: [1, height, width, 3]}
        for name in self._names():
            graph = self._graph(name)
            graph.reshape(shapes)
            for index, output in enumerate(graph.outputs):  # what the next step is given beside the tile
                shapes[1 + index] = list(output.shape)
            # Not kept beside the export: there are as many as sizes of pictures.
            steps[name] = Step(core, None, name, functools.partial(_given, graph), bf16=self._in_bf16(name))
        return steps

    def _graph(self, name: str) -> Any:
        if name == "context":
            return self._read("context")
        if name == "sampling":
            return sampling(self._read("crop"))
        return (joined if name == "whole" else sampled)(self._read("crop"), self._read("tile"))

    def _read(self, name: str) -> Any:
        core = self._load()
        assert self._folder is not None
        return core.read_model(self._folder / f"{name}.xml")

    def _load(self) -> Any:
        """Return OpenVINO, with the network exported."""
        if self._core is None:
            self._core = load_openvino()
            self._folder = exported(self._path, self.descriptor)
        return self._core


def _given(graph: Any) -> Any:
    return graph


_NO_MEMORY: Final = ("alloc", "out of memory", "not enough memory", NO_ROOM)
"""Words of OpenVINO's errors when the memory does not suffice."""


@contextlib.contextmanager
def _memory_told() -> Iterator[None]:
    """Tell in the loop's words that memory does not suffice."""
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        if isinstance(error, MemoryError) or any(word in str(error) for word in _NO_MEMORY):
            raise OutOfMemoryError(str(error)) from error
        raise


class OpenVINOSensor:
    """The sensor in OpenVINO, a tile at a time on each thread: so it takes less memory than torch's batch, and is loaded in a fraction of the time.

    Parameters
    ----------
    path
        Of the model file.
    descriptor
        Of the model.
    device
        `auto` or `cpu`.

    Raises
    ------
    DeviceError
        There is no such device.

    """

    def __init__(self, path: Path, descriptor: Descriptor, device: str = "auto") -> None:
        check_device(device)
        self.descriptor = descriptor
        self._path = path
        self._judge: Queue | None = None
        self._lock = threading.Lock()

    @property
    def context_size(self) -> int:
        """See `sensing.SensorNetwork.context_size`."""
        return self.descriptor.thumbnail

    def judge(self, tiles: Pixels, thumbnail: Pixels) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """See `sensing.SensorNetwork.judge`."""
        small = np.array(thumbnail, order="C")[None]
        with self._lock:
            if self._judge is None:
                core = load_openvino()
                folder = exported(self._path, self.descriptor)
                self._judge = Queue(core, folder, "judge", lambda: core.read_model(folder / "judge.xml"))
            found = self._judge([[np.array(tile, order="C")[None], small] for tile in tiles])
        presence, amount = (np.concatenate([pair[place] for pair in found]) for place in range(2))
        return presence, amount


def check_device(device: str) -> None:
    """Raise `DeviceError` for a device that OpenVINO is not used for."""
    if device not in DEVICES:
        raise DeviceError(
            f"OpenVINO runs on the processor, not on {device}.",
            hint="Take --runtime torch for it." if has_torch() else f"torch does. {TORCH}",
        )
