"""What regions, mixes and actions are called on the screen."""

from __future__ import annotations

import re
from functools import reduce
from typing import TYPE_CHECKING, Final

from pip_client import LABELS
from pip_editor.words import tr

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pip_backend.regions import Mix
    from pip_editor.document import EditRegion

WHOLE_NAME: Final = "Whole photo"
"""What the lowest region is called in documents, whatever the language."""

_ACCELERATOR: Final = re.compile(r"\s*\(&.\)")
_NOT_IN_A_NAME: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


def plain(text: str) -> str:
    """Return an action's words without the marks of a menu: "&Open …" and "打开(&O) …" are "Open" and "打开"."""
    return _ACCELERATOR.sub("", text).replace("&", "").removesuffix(" …")


def literal(text: str) -> str:
    """Return a text for menus and buttons, where "&" marks a key, as it stands."""
    return text.replace("&", "&&")


def file_stem(name: str) -> str:
    """Return the name of a region or recipe as that of a file, without what no system takes there."""
    return _NOT_IN_A_NAME.sub("-", name)


def shown_name(region: EditRegion) -> str:
    """Return what a region is called on the screen: the whole photo is called so in every language."""
    return tr(region.name) if region.whole else region.name


def shown_mix(mix: Mix) -> str:
    """Return what a mix removes, such as "haze 80 %, noise 25 %", the most first."""
    return shares(mix.named().items()) or tr("nothing")


def shares(found: Iterable[tuple[str, float]]) -> str:
    """Return degradations with their shares, 0 to 1, the largest first; "" for none."""
    ordered = sorted(found, key=lambda item: -item[1])
    return listing([f"{inside(name)} {round(share * 100)}\u00a0%" for name, share in ordered])


def inside(name: str) -> str:
    """Return what a degradation is called within a sentence; German writes it with a capital there too."""
    label = LABELS[name]
    translated = tr(label)
    return translated if translated != label or label[:2].isupper() else label[:1].lower() + label[1:]


def listing(words: Iterable[str]) -> str:
    """Return words in a row, with what stands between them in the window's language."""
    row = list(words)
    return reduce(lambda left, right: tr("{left}, {right}", left=left, right=right), row) if row else ""
