"""What the plug-ins say, in the host's language: English in the source, the others in `words_LANGUAGE`, by the English.

Names of layers and masks, and mixes, stay English: they are data, which scripts and other people's pictures hold too.
"""

from __future__ import annotations

import importlib
from typing import Any, Iterable

LANGUAGES = {"de": "words_de", "zh": "words_zh_cn", "zh_cn": "words_zh_cn", "zh_sg": "words_zh_cn"}
"""Module by tag."""

_words: dict[str, str] = {}


def speak(tags: Iterable[str]) -> None:
    """Choose the language by tags such as `de_AT.UTF-8`, the dearest first: the first one that is known; English if there is none."""
    _words.clear()
    other_script = False
    for tag in tags:
        plain = tag.split(".")[0].split("@")[0].replace("-", "_").lower().replace("zh_hans", "zh")
        if plain in ("c", "posix") or plain.split("_")[0] == "en":
            return
        # Not for Chinese: what is written in Taiwan is another script, also where a system goes on to `zh` by itself.
        other_script = other_script or (plain.startswith("zh") and plain not in LANGUAGES)
        if plain == "zh" and other_script:
            continue
        name = LANGUAGES.get(plain) or (None if plain.startswith("zh") else LANGUAGES.get(plain.split("_")[0]))
        if name is not None:
            _words.update(importlib.import_module(f"{__package__}.{name}").WORDS)
            return


def is_english() -> bool:
    """Tell whether texts are those of the source."""
    return not _words


def t(text: str, **values: object) -> str:
    """Return a text in the chosen language, with values where it has names in braces."""
    said = _words.get(text, text)
    return said.format(**values) if values else said


def told(error: Any) -> str:
    """Return what a `PluginError` or a `ServiceError` says: what is wrong, and what to do."""
    return f"{t(error.message)} {t(error.advice) if error.advice else ''}".strip()
