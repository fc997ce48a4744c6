"""How bright a colour is."""

from __future__ import annotations

from typing import Final

REC709: Final = (0.2126, 0.7152, 0.0722)
"""Weights of R, G and B in luma, of encoded values (ITU-R BT.709); they sum to 1."""
