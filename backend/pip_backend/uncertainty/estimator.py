"""The network that expects errors: three layers over the figures of a block, in NumPy, since the whole of it takes a few milliseconds a megapixel.

It belongs to the weights whose errors it has seen, lies beside their file and names them; it is not taken for others.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from .figures import COUNT, figures

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from pip_backend.models.descriptor import Descriptor

    Values = NDArray[np.float32]

SUFFIX: Final = ".errors.npz"
"""Of its file, in place of the model file's `.safetensors`."""

LARGEST: Final = 128.0
"""Levels of 255, at most."""


class ErrorEstimator:
    """Expects errors.

    Parameters
    ----------
    arrays
        `mean` and `spread` (N,) of the figures, `weight0` … `weight2` (out, in) and `bias0` … `bias2` of the layers.

    Raises
    ------
    ValueError
        They do not fit together, or do not fit these figures.

    """

    def __init__(self, arrays: Mapping[str, NDArray[np.float16]]) -> None:
        def take(name: str, *shape: int) -> Values:
            array: Values = np.asarray(arrays[name], np.float32)
            if array.shape != shape or not np.isfinite(array).all():
                raise ValueError(f"{name} has the shape {array.shape}, not {shape}, or is not finite.")
            return array

        try:
            inputs = len(arrays["mean"])
            self.classes = inputs - COUNT
            """Degradations."""
            self._mean, self._spread = take("mean", inputs), take("spread", inputs)
            sizes = [inputs, len(arrays["bias0"]), len(arrays["bias1"]), 1]
            self._layers = [
                (take(f"weight{k}", sizes[k + 1], sizes[k]), take(f"bias{k}", sizes[k + 1])) for k in range(3)
            ]
        except KeyError as error:
            raise ValueError(f"{error} is missing.") from None
        if self.classes < 1:
            raise ValueError("It was made for other figures.")

    def expected(self, means: Values, weights: Values) -> Values:
        """Expect the mean absolute error of blocks, over colours and px, of the result at full strength.

        Parameters
        ----------
        means
            (n, m, `figures.SUMS`): `figures.block_means` of the whole picture.
        weights
            (n, m, K) in [0, 1]: what was to be removed there.

        Returns
        -------
        array
            (n, m), of 255; 0 where nothing was to be removed.

        """
        values = np.concatenate([figures(means), weights], axis=2)
        values = np.clip((values - self._mean) / self._spread, -6, 6)
        for index, (weight, bias) in enumerate(self._layers):
            values = values @ weight.T + bias
            if index < len(self._layers) - 1:
                values = np.maximum(values, 0)
        error: Values = np.minimum(np.exp(np.minimum(values[..., 0], 10)), LARGEST)
        return np.where(weights.any(axis=2), error, 0).astype(np.float32)


def find_estimator(path: Path, descriptor: Descriptor) -> ErrorEstimator | None:
    """Return the estimator that lies beside a model file and was made for its weights; None where there is none."""
    try:
        # Read before NumPy sees it, which leaves a damaged file open.
        with np.load(io.BytesIO(Path(path).with_suffix(SUFFIX).read_bytes()), allow_pickle=False) as content:
            if str(content["sha256"]) != descriptor.sha256:
                return None
            return ErrorEstimator({name: content[name] for name in content.files if name != "sha256"})
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile):
        return None
