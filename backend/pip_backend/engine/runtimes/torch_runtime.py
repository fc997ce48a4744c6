"""torch as a runtime: CUDA, ROCm (which torch calls cuda), XPU, MPS and CPU.

bf16 where the processor has it, fp32 where not; channels_last; the context step always in fp32, since its output steers the whole picture;
prompts are cropped in fp32 as well: in bf16 their positions would round differently in each tile.
The network is loaded at its first step, not before. On a CPU, a tile that is no longer wanted ends before the next module of the network; a GPU
finishes the one that it has been given.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import importlib.metadata
from typing import TYPE_CHECKING, Any

import numpy as np

from pip_backend.engine.arrays import HOST
from pip_backend.errors import DeviceError, quoted

from .base import OutOfMemoryError, nothing
from .described import DescribedNetwork
from .failing import FailedDeviceError, is_processor, note, tells_memory, watched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import torch
    from numpy.typing import NDArray

    from pip_backend.engine.arrays import Arrays
    from pip_backend.engine.job import Pixels
    from pip_backend.models.descriptor import Descriptor
    from pip_backend.nets.base import PromptedNetwork

    from .base import Network


class TorchNetwork(DescribedNetwork):
    """A model in torch.

    Parameters
    ----------
    path
        Of the model file.
    descriptor
        Of the model.
    device
        `auto` or a torch device such as `cpu`, `cuda:1`, `mps`.
    precision
        `auto`, `bf16` or `fp32`.

    """

    def __init__(self, path: Path, descriptor: Descriptor, device: str = "auto", precision: str = "auto") -> None:
        super().__init__(path, descriptor, precision)
        self._device_name = device
        self._network: PromptedNetwork | None = None
        self._rounded: torch.nn.Module
        """What runs tiles in the chosen precision; there when `_network` is."""
        self._device: torch.device | None = None
        self._autocast: torch.dtype | None = None
        self._check: Callable[[], None] = nothing

    @property
    def runtime(self) -> str:
        """See `Network.runtime`."""
        return "torch"

    @functools.cached_property
    def key(self) -> str:
        """See `Network.key`."""
        device, precision = self._runs_on()
        return f"{self.descriptor.identity} torch {importlib.metadata.version('torch')} {device} {precision}"

    @functools.cached_property
    def arrays(self) -> Arrays:
        """See `Network.arrays`: of a card of CUDA or ROCm, its own."""
        if self._device_name == "cpu":
            return HOST
        import torch  # noqa: PLC0415 - start-up without torch

        from .torch_arrays import TorchArrays  # noqa: PLC0415

        with self._watched():
            device = torch.device(choose_device(self._device_name))
            return TorchArrays(device) if device.type == "cuda" else HOST

    def _runs_on(self) -> tuple[str, str]:
        """Name device and precision as they turn out here: what `auto` stands for may change with the machine's cards."""
        import torch  # noqa: PLC0415 - start-up without torch

        with self._watched():
            device = torch.device(choose_device(self._device_name))
            return str(device), "bf16" if self._wants_bf16(device) else "fp32"

    def _watched(self) -> contextlib.AbstractContextManager[None]:
        return _told(str(self._device or choose_device(self._device_name)))

    def settled(self, known: Callable[[str], bool]) -> Network:  # noqa: ARG002 - nothing is open
        """See `Network.settled`."""
        return self

    def prepare(self, tile: tuple[int, int] | None = None) -> None:  # noqa: ARG002 - any size is as good
        """See `Network.prepare`."""
        with self._watched():
            self._load()

    def context(
        self,
        thumbnail: Pixels,
        prompt_map: NDArray[np.float32],
        tile: tuple[int, int] | None = None,  # noqa: ARG002 - any size is as good
    ) -> tuple[torch.Tensor, ...]:
        """See `Network.context`."""
        import torch  # noqa: PLC0415 - start-up without torch

        with self._watched(), torch.inference_mode():
            network = self._load()
            small = torch.from_numpy(np.ascontiguousarray(thumbnail.transpose(2, 0, 1)))[None].to(self._device)
            cells = torch.from_numpy(self.planes(prompt_map))[None].to(self._device)
            return tuple(level.float() for level in network.context(small.clamp(0, 1), cells))

    def tile(
        self,
        pixels: Any,
        rectangle: tuple[float, float, float, float],
        prompts: Any,
        *,
        exact: bool,
        check: Callable[[], None] = nothing,
    ) -> Any:
        """See `Network.tile`."""
        import torch  # noqa: PLC0415

        self._check = check
        try:
            with self._watched(), torch.inference_mode():
                network = self._load()
                assert self._device is not None
                given = pixels if isinstance(pixels, torch.Tensor) else torch.from_numpy(pixels).to(self._device)
                tile = given.permute(2, 0, 1)[None]  # (h, w, 3) in memory is channels_last already: no copy
                where = torch.tensor([rectangle], device=self._device)
                cropped = network.crop(prompts, where, pixels.shape[0], pixels.shape[1])
                kind = None if exact else self._autocast
                with torch.autocast(self._device.type, kind or torch.bfloat16, enabled=kind is not None):
                    restored = (network if exact else self._rounded)(tile, *cropped)
                result = restored[0].float().permute(1, 2, 0)
                return result if given is pixels else result.cpu().numpy()
        finally:
            self._check = nothing

    def _load(self) -> PromptedNetwork:
        if self._network is None:
            import torch  # noqa: PLC0415

            from pip_backend.models.files import load_model  # noqa: PLC0415
            from pip_backend.nets.base import PromptedNetwork  # noqa: PLC0415

            self._device = torch.device(choose_device(self._device_name))
            self._autocast = torch.bfloat16 if self._wants_bf16(self._device) else None
            network = load_model(self._path).network
            if not isinstance(network, PromptedNetwork):
                raise DeviceError(f"{self.descriptor.name} is not a restoration network.")
            # torch's types do not know that modules take a memory format.
            network.to(device=self._device, memory_format=torch.channels_last)  # type: ignore[call-overload]
            self._rounded = network
            if self._device.type == "cpu":  # a card has been given a tile's work before it has begun
                for module in network.modules():
                    module.register_forward_pre_hook(lambda *_: self._check())
            elif self._autocast is not None:
                self._rounded = with_rounded_weights(network, self._autocast)
            self._network = network
        return self._network

    def _wants_bf16(self, device: torch.device) -> bool:
        if self._precision == "fp32" or (self._precision == "auto" and "bf16" not in self.descriptor.precision):
            return False
        return self._precision == "bf16" or has_bf16(device.type)


@contextlib.contextmanager
def _told(device: str) -> Iterator[None]:
    """Tell in a person's words that a card fails, and in the loop's that memory does not suffice."""
    with watched(device), _memory_told():
        yield


@contextlib.contextmanager
def _memory_told() -> Iterator[None]:
    """Tell in the loop's words that memory does not suffice."""
    import torch  # noqa: PLC0415

    try:
        yield
    except torch.OutOfMemoryError as error:
        torch.cuda.empty_cache()  # nothing where there is no card
        raise OutOfMemoryError(str(error)) from error
    except (RuntimeError, MemoryError) as error:
        if isinstance(error, MemoryError) or tells_memory(error):
            raise OutOfMemoryError(str(error)) from error
        raise


def with_rounded_weights(network: torch.nn.Module, kind: torch.dtype) -> torch.nn.Module:
    """Return a copy whose layers have their weights in the precision that autocast would give them for each tile: the same bits, half as many kernels to start."""
    import torch  # noqa: PLC0415

    rounded = copy.deepcopy(network)
    for module in rounded.modules():
        if isinstance(module, (torch.nn.Conv2d, torch.nn.Linear)):
            module.to(kind)
    return rounded


class TorchSensor:
    """The sensor in torch, in fp32: it is small. Loaded at its first use."""

    def __init__(self, path: Path, descriptor: Descriptor, device: str = "auto") -> None:
        self.descriptor = descriptor
        self._path, self._device_name = path, device
        self._network: torch.nn.Module | None = None
        self._instead: TorchSensor | None = None
        """Takes its place when a card has failed."""

    @property
    def context_size(self) -> int:
        """See `sensing.SensorNetwork.context_size`."""
        return self.descriptor.thumbnail

    def judge(self, tiles: Pixels, thumbnail: Pixels) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """See `sensing.SensorNetwork.judge`."""
        if self._instead is not None:
            return self._instead.judge(tiles, thumbnail)
        device = choose_device(self._device_name)
        try:
            with watched(device):
                return self._judge(tiles, thumbnail, device)
        except FailedDeviceError as error:
            if self._device_name != "auto":
                raise
            note(error)  # told with the next picture that is restored
        except RuntimeError as error:  # others have the card's memory: the sensor is small enough for the processor
            if self._device_name != "auto" or is_processor(device) or not tells_memory(error):
                raise
        self._instead = TorchSensor(self._path, self.descriptor, "cpu")
        return self._instead.judge(tiles, thumbnail)

    def _judge(self, tiles: Pixels, thumbnail: Pixels, device: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        import torch  # noqa: PLC0415

        from pip_backend.models.files import load_model  # noqa: PLC0415

        if self._network is None:
            network = load_model(self._path).network
            self._network = network.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        with torch.inference_mode():
            pixels = torch.from_numpy(np.ascontiguousarray(tiles)).permute(0, 3, 1, 2).to(device).clamp(0, 1)
            small = torch.from_numpy(np.array(thumbnail)).permute(2, 0, 1)[None].to(device).clamp(0, 1)
            presence, amount = self._network(pixels, small)
            return presence.sigmoid().float().cpu().numpy(), amount.sigmoid().float().cpu().numpy()


def choose_device(name: str = "auto") -> str:
    """Return a device that is there; raises `DeviceError` when the named one is not."""
    import torch  # noqa: PLC0415

    if name == "auto":
        for kind in ("cuda", "xpu", "mps"):
            if _available(kind):
                return kind
        return "cpu"
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise DeviceError(f"There is no device {quoted(name)}.", hint="Try auto, cpu, cuda, xpu or mps.") from error
    if device.type != "cpu" and not _available(device.type):
        raise DeviceError(f"This machine or this torch has no {name}.", hint="Take --device cpu, or auto.")
    if device.type == "cuda" and device.index is not None and device.index >= torch.cuda.device_count():
        raise DeviceError(f"There is no {name}.", hint=f"This machine has {torch.cuda.device_count()}.")
    return name


def cards() -> tuple[str, ...]:
    """Return the names of all cards of CUDA or ROCm."""
    import torch  # noqa: PLC0415

    return tuple(f"cuda:{index}" for index in range(torch.cuda.device_count()))


def check_alike(devices: Sequence[str]) -> None:
    """Raise `DeviceError` for cards that are not there, or not of one kind: a picture's pixels would tell which of them made what."""
    import torch  # noqa: PLC0415

    kinds: dict[tuple[object, ...], str] = {}
    for name in devices:
        with watched(name):
            card = torch.cuda.get_device_properties(choose_device(name))
        # One name may stand for several chips.
        chip = card.name, getattr(card, "gcnArchName", ""), card.major, card.minor, card.multi_processor_count
        kinds.setdefault(chip, name)
    if len(kinds) > 1:
        told = " and ".join(f"{name} ({chip[0]})" for chip, name in kinds.items())
        raise DeviceError(f"{told} are not of one kind, and cannot share a picture.", hint="Name one of them.")


def has_bf16(kind: str) -> bool:
    """Whether bf16 is computed in hardware there; emulated, it is slower than fp32."""
    import torch  # noqa: PLC0415

    if kind == "cpu":
        found = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
        return bool(found.get("avx512_bf16") or found.get("amx_bf16") or found.get("bf16"))
    if kind == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    return kind == "xpu"


def _available(kind: str) -> bool:
    import torch  # noqa: PLC0415

    backend = {"cuda": torch.cuda, "xpu": torch.xpu, "mps": torch.backends.mps}.get(kind)
    return backend is not None and bool(backend.is_available())
