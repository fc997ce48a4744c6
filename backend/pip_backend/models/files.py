"""The model file: tensors in safetensors, with the descriptor in its metadata.

Nothing is ever unpickled. The header is read by hand, so that listing models needs neither torch nor the tensors.
The descriptor carries the SHA-256 of the tensors, and a file whose tensors have another one is refused.

Layout of safetensors: 8 bytes, little-endian, the length of the header; the header, a JSON object that
gives each tensor's type, shape and place; then the tensors' bytes.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from pip_backend.errors import ModelError
from pip_backend.extras import need_torch

from .descriptor import Descriptor
from .quantised import SCALE, dequantised, is_quantised, quantise
from .registry import build

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from torch import Tensor, nn

SUFFIX: Final = ".safetensors"
METADATA_KEY: Final = "pip_editor"
"""Key of the safetensors metadata under which the descriptor lies."""
_HEADER_LIMIT: Final = 32 << 20
_HASH_PIECE: Final = 1 << 20


@dataclass(frozen=True)
class ModelFile:
    """A model that lies on the disk and whose header has been read."""

    path: Path
    descriptor: Descriptor

    @property
    def name(self) -> str:
        """The model's name."""
        return self.descriptor.name


@dataclass(frozen=True)
class Model:
    """A model in memory."""

    descriptor: Descriptor
    network: nn.Module
    """In fp32 on the CPU, in evaluation mode, without gradients: a `PromptedNetwork`, or a `Sensor`."""
    sha256: str
    """Of the tensors as they lie in the file."""


def save_model(
    path: str | os.PathLike[str],
    network: nn.Module,
    descriptor: Descriptor,
    *,
    storage: Literal["fp16", "fp32"] = "fp16",
    levels: Mapping[str, int] | None = None,
) -> ModelFile:
    """Write a model file, atomically.

    Parameters
    ----------
    path
        Where to; replaced if it exists.
    network
        Its state is written. It stays as it is.
    descriptor
        Its `sha256` is replaced by the right one.
    storage
        How floating-point tensors lie in the file.
    levels
        Tensors that lie there as whole numbers up to this one, at most 127, and a scale: `quantised`.

    Raises
    ------
    ModelError
        If the config does not build a network with this state, a number is not finite or does not fit fp16, or the
        file cannot be written.

    """
    import torch  # noqa: PLC0415
    from safetensors.torch import save  # noqa: PLC0415

    dtype = torch.float16 if storage == "fp16" else torch.float32
    tensors: dict[str, Tensor] = {}
    for name, tensor in network.state_dict().items():
        stored = tensor.detach().to("cpu", dtype if tensor.is_floating_point() else tensor.dtype).contiguous().clone()
        if not stored.isfinite().all():
            raise ModelError(f"The tensor {name} holds numbers that are not finite in {storage}.")
        if levels and name in levels and is_quantised(tensor):
            tensors[name], tensors[name + SCALE] = quantise(tensor.detach().to("cpu", torch.float32), levels[name])
        else:
            tensors[name] = stored
    _fill(build(descriptor.architecture, descriptor.config), dequantised(tensors, descriptor.name), descriptor.name)

    without_hash = save(tensors)
    header, start = _parse_header(without_hash[: 8 + int.from_bytes(without_hash[:8], "little")], descriptor.name)
    finished = descriptor.with_sha256(_sha256(header, memoryview(without_hash)[start:]))
    target = Path(path)
    write_atomically(target, save(tensors, metadata={METADATA_KEY: finished.to_json()}))
    return ModelFile(target, finished)


def read_model_file(path: str | os.PathLike[str]) -> ModelFile:
    """Read the header of a model file. Needs no torch, and does not check the tensors.

    Raises
    ------
    ModelError
        If the file is missing, no safetensors file, truncated, not one of ours, or its descriptor is bad.

    """
    target = Path(path)
    text = _descriptor_text(target)
    if text is None:
        raise ModelError(
            f"{target.name} has no descriptor of pip-editor.", hint="Convert it with `pip-editor models import`."
        )
    return ModelFile(target, Descriptor.from_json(text, source=target.name))


def has_descriptor(path: str | os.PathLike[str]) -> bool:
    """Tell a model file of ours, sound or not, from another safetensors file.

    Raises
    ------
    ModelError
        If the file is missing or no safetensors file.

    """
    return _descriptor_text(Path(path)) is not None


def load_model(path: str | os.PathLike[str]) -> Model:
    """Load a model file and check its tensors against the descriptor's hash.

    Raises
    ------
    ModelError
        As in `read_model_file`; also if the hash differs, or the tensors do not fit the architecture.

    """
    need_torch("Loading a network into torch")
    from safetensors import SafetensorError  # noqa: PLC0415
    from safetensors.torch import load  # noqa: PLC0415

    descriptor, content, _ = read_checked(path)
    try:
        tensors = load(content)
    except SafetensorError as error:
        raise ModelError(f"{Path(path).name} is damaged or truncated.") from error
    network = build(descriptor.architecture, descriptor.config)
    _fill(network, dequantised(tensors, Path(path).name), Path(path).name)
    return Model(descriptor, network.eval().requires_grad_(requires_grad=False), descriptor.sha256)


def read_checked(path: str | os.PathLike[str]) -> tuple[Descriptor, bytes, dict[str, Any]]:
    """Read a whole model file and check its tensors against the descriptor's hash. Needs no torch.

    Returns
    -------
    tuple
        The descriptor, the file's bytes, and its header: type, shape and place of each tensor, places counted from the header's end.

    Raises
    ------
    ModelError
        As in `read_model_file`; also if a tensor lies outside of the file, or the hash differs.

    """
    found = read_model_file(path)
    try:
        content = found.path.read_bytes()
    except OSError as error:
        raise ModelError(f"{found.path.name} cannot be read ({error.strerror}).") from error
    header, start = _parse_header(content[: 8 + int.from_bytes(content[:8], "little")], found.path.name)
    body = memoryview(content)[start:]
    try:
        inside = all(0 <= first <= last <= len(body) for first, last in _places(header))
        sha256 = _sha256(header, body) if inside else None
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{found.path.name} is damaged or truncated.") from error
    if sha256 is None:
        raise ModelError(f"{found.path.name} is damaged or truncated.")
    if sha256 != found.descriptor.sha256:
        raise ModelError(
            f"{found.path.name} does not hold the tensors that its descriptor names.",
            hint="Download or import it again.",
        )
    return found.descriptor, content, header


def copy_model(source: Path, folder: Path, name: str) -> ModelFile:
    """Copy a model file that `load_model` accepts into a folder, under another name; tensors stay bit for bit.

    Raises
    ------
    ModelError
        If the file cannot be read or written, or the name is none.

    """
    return write_descriptor(source, folder / f"{name}{SUFFIX}", replace(read_model_file(source).descriptor, name=name))


def write_descriptor(source: Path, target: Path, descriptor: Descriptor) -> ModelFile:
    """Write the tensors of a model file, bit for bit, under another descriptor; `target` may be `source`.

    Raises
    ------
    ModelError
        If a file cannot be read or written.

    """
    from safetensors.torch import load_file, save  # noqa: PLC0415

    write_atomically(target, save(load_file(source), metadata={METADATA_KEY: descriptor.to_json()}))
    return ModelFile(target, descriptor)


def write_atomically(target: Path, content: bytes) -> None:
    """Write a file beside the target and rename it, so that nobody sees half of it."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(0o644)
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ModelError(f"{target} cannot be written ({error.strerror}).") from error


def _fill(network: nn.Module, tensors: Mapping[str, Tensor], source: str) -> None:
    """Copy tensors into a network of the same names and shapes."""
    own = network.state_dict()
    for name in own:
        if name not in tensors:
            raise ModelError(f"{source} lacks the tensor {name} of its architecture.")
        if tensors[name].shape != own[name].shape:
            found, expected = tuple(tensors[name].shape), tuple(own[name].shape)
            raise ModelError(f"{source} has the tensor {name} in shape {found}; its architecture wants {expected}.")
    for name in tensors:
        if name not in own:
            raise ModelError(f"{source} has the tensor {name}, which its architecture does not know.")
    network.load_state_dict(tensors)


def _descriptor_text(path: Path) -> str | None:
    with _opened(path) as file:
        header, _ = _parse_header(_header_bytes(file, path), path.name)
    metadata = header.get("__metadata__")
    text = metadata.get(METADATA_KEY) if isinstance(metadata, dict) else None
    return text if isinstance(text, str) else None


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[Any]:
    try:
        with path.open("rb") as file:
            yield file
    except IsADirectoryError as error:
        raise ModelError(f"{path.name or path} is a folder and no model file.") from error
    except FileNotFoundError as error:
        raise ModelError(f"There is no model file {path}.") from error
    except OSError as error:
        raise ModelError(f"{path.name} cannot be read ({error.strerror}).") from error


def _header_bytes(file: Any, path: Path) -> bytes:
    prefix: bytes = file.read(8)
    length = int.from_bytes(prefix, "little")
    if len(prefix) < 8 or length > _HEADER_LIMIT or length > path.stat().st_size - 8:
        raise ModelError(f"{path.name} is no safetensors file, or is truncated.")
    rest: bytes = file.read(length)
    return prefix + rest


def _parse_header(data: bytes, source: str) -> tuple[dict[str, Any], int]:
    """Return the header of a safetensors file and where its tensors begin."""
    try:
        header = json.loads(data[8:])
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{source} is no safetensors file.") from error
    if not isinstance(header, dict):
        raise ModelError(f"{source} is no safetensors file.")
    return header, len(data)


def _places(header: Mapping[str, Any]) -> list[tuple[int, int]]:
    """First and last byte of each tensor, counted from the header's end."""
    places = []
    for name in set(header) - {"__metadata__"}:
        first, last = header[name]["data_offsets"]
        places.append((first, last))
    return places


def _sha256(header: Mapping[str, Any], body: memoryview) -> str:
    """Hash each tensor's name, type, shape and bytes, in the order of the names."""
    digest = hashlib.sha256()
    for name in sorted(set(header) - {"__metadata__"}):
        entry = header[name]
        start, stop = entry["data_offsets"]
        digest.update(json.dumps([name, entry["dtype"], entry["shape"]]).encode())
        for piece in range(start, stop, _HASH_PIECE):
            digest.update(body[piece : min(piece + _HASH_PIECE, stop)])
    return digest.hexdigest()
