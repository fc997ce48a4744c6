"""What is installed only by those who want it, and the sentence that says how. Imports nothing of ours but the errors."""

from __future__ import annotations

import importlib.util
from typing import Final

from .errors import UsageError

TORCH: Final = "Install it with `pip install 'pip-editor[torch]'`."
"""What to do where torch is missing."""


HEIC: Final = "Install `pip install 'pip-editor[heic]'`, or convert it to TIFF first."
"""What to do with a HEIC photo where its decoder is missing."""


def has_heic() -> bool:
    """Whether pillow-heif is installed; does not load it."""
    return importlib.util.find_spec("pillow_heif") is not None


def has_torch() -> bool:
    """Whether torch is installed; does not load it."""
    return importlib.util.find_spec("torch") is not None


def need_torch(what: str) -> None:
    """Raise `UsageError` where torch is not installed.

    Parameters
    ----------
    what
        What needs it, as the beginning of a sentence.

    """
    if not has_torch():
        raise UsageError(f"{what} needs torch, which is not installed.", hint=TORCH)
