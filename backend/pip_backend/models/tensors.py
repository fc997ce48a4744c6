"""Tensors of a model file as NumPy arrays, for runtimes that need no torch."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pip_backend.errors import ModelError

from .files import read_checked
from .quantised import dequantised

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray

_TYPES: Final = {"F16": "<f2", "F32": "<f4", "I64": "<i8", "I32": "<i4", "U8": "u1", "I8": "i1", "BOOL": "?"}
"""What `save_model` writes, in the words of safetensors and of NumPy."""


def read_tensors(path: str | os.PathLike[str]) -> dict[str, NDArray[Any]]:
    """Read the tensors of a model file, checked against the descriptor's hash.

    Returns
    -------
    dict
        By name; fractions in float32, as the network has them, everything else as it lies in the file. Quantised ones are multiplied with their scales.

    Raises
    ------
    ModelError
        The file is missing, damaged, none of ours, or holds a type of number that `save_model` does not write.

    """
    _, content, header = read_checked(path)
    start = 8 + int.from_bytes(content[:8], "little")
    tensors: dict[str, NDArray[Any]] = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        try:
            kind, shape = np.dtype(_TYPES[entry["dtype"]]), entry["shape"]
            values = np.frombuffer(content, kind, math.prod(shape), start + entry["data_offsets"][0]).reshape(shape)
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"{Path(path).name} has the tensor {name} in a form that is not known.") from error
        tensors[name] = values.astype(np.float32) if kind.kind == "f" else values
    return dequantised(tensors, Path(path).name)


__all__ = ["read_tensors"]
