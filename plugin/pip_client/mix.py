"""What to remove, as hosts and people write it. The service checks it again; this is for dialogs and command lines."""

from __future__ import annotations

import re

from .errors import ServiceError

DEGRADATIONS = ("denoise", "derain", "dehaze", "deblur", "brighten", "dejpeg")
"""The six degradations in the order that they have everywhere."""

LABELS = {
    "denoise": "Noise",
    "derain": "Rain",
    "dehaze": "Haze",
    "deblur": "Blur",
    "brighten": "Darkness",
    "dejpeg": "JPEG artefacts",
}
"""What each one removes, in a word for a dialog."""

_TERM = re.compile(r"([a-z]+)\s*(?:[=\s]\s*(\d+(?:\.\d*)?|\.\d+)\s*(%?))?")


def parse_mix(text: str) -> dict[str, float]:
    """Read a mix such as `denoise=1,dehaze=0.5`, `denoise 0.8 + dejpeg`, `dehaze 50%` or `nothing`.

    Returns
    -------
    dict
        Degradation → weight in (0, 1], in the order of `DEGRADATIONS`; empty for `nothing`.

    Raises
    ------
    ServiceError
        A degradation is unknown or named twice, or a weight is no number from 0 to 1.

    """
    if text.strip().lower() == "nothing":
        return {}
    found: dict[str, float] = {}
    for term in re.split(r"[,+]", text.lower()):
        match = _TERM.fullmatch(term.strip())
        if match is None or match.group(1) not in DEGRADATIONS:
            raise ServiceError(
                f"“{term.strip()}” names nothing that can be removed.",
                f"Write something like “denoise=1, dehaze=0.5”; there are {', '.join(DEGRADATIONS)}.",
                "usage",
            )
        name, number, percent = match.groups()
        weight = 1.0 if number is None else float(number) / (100 if percent else 1)
        if name in found or not 0 <= weight <= 1:
            problem = "is named twice" if name in found else f"has the weight {weight:g}"
            raise ServiceError(f"In “{text.strip()}”, {name} {problem}.", "Name each once, from 0 to 1.", "usage")
        found[name] = weight
    return {name: found[name] for name in DEGRADATIONS if found.get(name)}
