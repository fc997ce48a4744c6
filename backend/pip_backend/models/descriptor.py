"""What a model file says about its network: enough to list it, to plan tiles for it and to build it.

The JSON form is the metadata of the model file. Reading checks every field and names the one that is wrong.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Final

from pip_backend.degradations import DEGRADATIONS
from pip_backend.errors import ModelError, quoted

FORMAT: Final = 2
"""Version of the model file. A reader refuses a later one. 2: tensors may be quantised (`quantised`)."""

PRECISIONS: Final = ("fp32", "bf16", "fp16")
"""Names of precisions; the order says nothing."""

SENSOR: Final = "sensor"
"""Architecture of the networks that tell what is wrong with a picture and restore nothing."""

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class PromptSpec:
    """How the context step looks at the picture."""

    map: int = 32
    """Side, in cells, of the square prompt map."""
    context: int = 0
    """Side, px, of the square thumbnail; 0 when any size will do."""


FREE_CONTEXT: Final = 128
"""Side, px, of the thumbnail of models that take any size."""


@dataclass(frozen=True)
class TileSpec:
    """Sizes and cost of a tile."""

    train: int = 0
    """Side, px, of the crops that the network was trained on; 0 when unknown."""
    best: int = 1024
    """Side, px, from which on a larger tile is no faster a pixel. The engine plans tiles around this area."""
    bytes_per_pixel: int = 0
    """Peak memory of a tile in fp32, bytes a pixel (`activation_bytes_per_pixel`); 0 when not measured."""


@dataclass(frozen=True)
class InputSpec:
    """What the numbers of the input mean."""

    range: tuple[float, float] = (0.0, 1.0)
    """Values of black and white."""
    encoding: str = "srgb"
    """The transfer function; only "srgb" is known."""


@dataclass(frozen=True)
class Descriptor:
    """Everything that is known about a model without its tensors.

    Only `name`, `architecture` and `config` have no default. A sensor leaves `overlap`, `prompt` and `tile` alone.

    Raises
    ------
    ModelError
        On construction, if a field cannot be right; the message names the field.

    """

    name: str
    """Lower-case letters, digits, dots, dashes; what people type to choose the model."""
    architecture: str
    """Key of the registry, such as "pip-compact"."""
    config: Mapping[str, Any]
    """Keyword arguments of the architecture; JSON values."""
    version: str = "1"
    degradations: tuple[str, ...] = DEGRADATIONS
    """Meaning of the prompt's classes, in their order; a subset of the six for networks that know fewer."""
    prompt: PromptSpec = field(default_factory=PromptSpec)
    multiple_of: int = 1
    """Sides of a tile are multiples of this."""
    overlap: int = 0
    """Px that neighbouring tiles share. A network that sees a quarter of it to each side is restored exactly (`engine.plan`)."""
    overlaps: Mapping[str, int] = field(default_factory=dict)
    """Px that they share where a degradation of this name is to be removed, for which the network looks farther; the largest counts."""
    tile: TileSpec = field(default_factory=TileSpec)
    input: InputSpec = field(default_factory=InputSpec)
    precision: tuple[str, ...] = ("fp32", "bf16")
    """Precisions in which the network keeps its quality."""
    licence: str = ""
    """SPDX expression of the weights' licence."""
    training: Mapping[str, Any] = field(default_factory=dict)
    """data, command, commit, steps, device, hours: how the weights came about."""
    metrics: Mapping[str, Any] = field(default_factory=dict)
    """What was measured, by protocol."""
    sha256: str = ""
    """Of the tensors as they lie in the file; written by `save_model`."""

    def __post_init__(self) -> None:
        _check(self)

    @property
    def restores(self) -> bool:
        """Whether this is a restoration network and not a sensor."""
        return self.architecture != SENSOR

    @property
    def thumbnail(self) -> int:
        """Side, px, of the thumbnail that the context step is given."""
        return self.prompt.context or FREE_CONTEXT

    def overlap_for(self, names: Iterable[str]) -> int:
        """Px that neighbouring tiles share where these degradations are to be removed."""
        return max(self.overlap, *(self.overlaps.get(name, 0) for name in names), 0)

    @property
    def identity(self) -> str:
        """Digest, 64 hexadecimal digits, of all that a model's results hang on: its tensors, and what its network makes of them."""
        parts = [self.sha256, self.architecture, dict(self.config), self.multiple_of, asdict(self.prompt)]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def with_sha256(self, sha256: str) -> Descriptor:
        """Return the same with the hash of its tensors."""
        return replace(self, sha256=sha256)

    def to_json(self) -> str:
        """Return one line of JSON that `from_json` reads."""
        # Not `asdict`: it copies deeply, which a read-only mapping refuses.
        values = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        return json.dumps({"format": FORMAT, **values}, allow_nan=False, ensure_ascii=False, default=_as_dict)

    @classmethod
    def from_json(cls, text: str, *, source: str = "The model") -> Descriptor:
        """Read a descriptor.

        Parameters
        ----------
        text
            What `to_json` wrote.
        source
            What an error calls the file.

        Raises
        ------
        ModelError
            If it is no JSON object, of a later format, lacks a field, has one too many, or a field makes no sense.

        """
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ModelError(f"{source} has a descriptor that is not JSON.") from error
        try:
            return cls(**_arguments(values))
        except ModelError as error:
            raise ModelError(f"{source} has a bad descriptor: {error.args[0]}", hint=error.hint) from error


_NESTED: Final = {"prompt": PromptSpec, "tile": TileSpec, "input": InputSpec}
_REQUIRED: Final = ("name", "architecture", "config")


def _as_dict(value: PromptSpec | TileSpec | InputSpec | Mapping[str, Any]) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else asdict(value)


def _arguments(values: object) -> dict[str, Any]:
    if not isinstance(values, dict):
        raise ModelError("it is not an object.")
    arguments = dict(values)
    version = arguments.pop("format", None)
    if not _is_int(version) or version < 1:
        raise ModelError("format is not a positive integer.")
    if version > FORMAT:
        raise ModelError(f"format {version} is newer than this program knows.", hint="Update pip-editor.")
    _known_keys("the descriptor", arguments, Descriptor)
    for name in _REQUIRED:
        if name not in arguments:
            raise ModelError(f"{name} is missing.")
    for name, kind in _NESTED.items():
        if name in arguments:
            if not isinstance(arguments[name], dict):
                raise ModelError(f"{name} is not an object.")
            _known_keys(name, arguments[name], kind)
            arguments[name] = kind(**{key: _tuple(value) for key, value in arguments[name].items()})
    for name in ("degradations", "precision"):
        arguments[name] = _tuple(arguments.get(name, getattr(Descriptor, name)))
    return arguments


def _known_keys(where: str, values: Mapping[str, Any], kind: type) -> None:
    known = {item.name for item in fields(kind)}
    for name in values:
        if name not in known:
            raise ModelError(f"{where} has the unknown field {name}.")


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _check(descriptor: Descriptor) -> None:
    """Raise for the first field that cannot be right."""
    _check_texts(descriptor)
    _check_json("overlaps", descriptor.overlaps)
    _check_sizes(descriptor)
    for name in ("config", "training", "metrics"):
        _check_json(name, getattr(descriptor, name))
    if descriptor.overlaps:
        _check_names("overlaps", tuple(descriptor.overlaps), descriptor.degradations)
    _check_names("degradations", descriptor.degradations, DEGRADATIONS)
    _check_names("precision", descriptor.precision, PRECISIONS)
    if descriptor.input.encoding != "srgb":
        raise ModelError('input.encoding is not "srgb".')
    if descriptor.input.range != (0.0, 1.0):
        raise ModelError("input.range is not 0 to 1.")


def check_name(name: str) -> None:
    """Raise `ModelError` for what no model can be called."""
    if not _NAME.fullmatch(name):
        raise ModelError("name is not made of 1 to 64 lower-case letters, digits, dots, dashes and underscores.")


def _check_texts(descriptor: Descriptor) -> None:
    for name in ("name", "architecture", "version", "licence", "sha256"):
        if not isinstance(getattr(descriptor, name), str):
            raise ModelError(f"{name} is not a text.")
    check_name(descriptor.name)
    if not descriptor.architecture:
        raise ModelError("architecture is empty.")
    if descriptor.sha256 and not _SHA256.fullmatch(descriptor.sha256):
        raise ModelError("sha256 is not 64 hexadecimal digits.")


def _check_sizes(descriptor: Descriptor) -> None:
    prompt, tile = descriptor.prompt, descriptor.tile
    sizes = (
        ("multiple_of", descriptor.multiple_of, 1, 1024),
        ("overlap", descriptor.overlap, 0, 4096),
        *((f"overlaps.{name}", value, 0, 4096) for name, value in descriptor.overlaps.items()),
        ("prompt.map", prompt.map, 1, 1024),
        ("prompt.context", prompt.context, 0, 4096),
        ("tile.train", tile.train, 0, 1 << 16),
        ("tile.best", tile.best, 1, 1 << 16),
        ("tile.bytes_per_pixel", tile.bytes_per_pixel, 0, 1 << 24),
    )
    for name, value, least, most in sizes:
        if not _is_int(value) or not least <= value <= most:
            raise ModelError(f"{name} is not an integer from {least} to {most}.")


def _check_json(name: str, value: object) -> None:
    if not isinstance(value, Mapping):
        raise ModelError(f"{name} is not an object.")
    try:
        json.dumps(dict(value), allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise ModelError(f"{name} holds something that JSON cannot hold.") from error


def _check_names(field_name: str, values: object, known: tuple[str, ...]) -> None:
    if not isinstance(values, tuple) or not values or not all(isinstance(value, str) for value in values):
        raise ModelError(f"{field_name} is not a list of names.")
    if len(set(values)) != len(values):
        raise ModelError(f"{field_name} names something twice.")
    for value in values:
        if value not in known:
            raise ModelError(f"{field_name} names {quoted(value)}, which is none of {', '.join(known)}.")
