"""The window's language: the system's, or the one that is preferred, where there is a translation.

Translations are Qt's `.ts` files, read as they are: some hundred sentences take a few milliseconds, no compiled file can be
older than its source, and Qt's own compiler (`lrelease`) is in no Python package that this program needs. What Qt itself says, in
file dialogs for instance, comes from the `.qm` files that PyQt6 brings.
"""

from __future__ import annotations

import logging
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from PyQt6.QtCore import QLibraryInfo, QLocale, QTranslator

from pip_editor.preferences import Preferences
from pip_editor.words import CONTEXT

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QApplication

LANGUAGES: Final = ("de", "zh_CN")
"""Translations that there are; English is in the code."""

_log = logging.getLogger(__name__)


class TsTranslator(QTranslator):
    """Translates by a `.ts` file."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._found = translations(language)

    def isEmpty(self) -> bool:
        """Whether it translates nothing."""
        return not self._found

    # PyQt takes None for a null string, which its type hints leave out.
    def translate(  # type: ignore[override]
        self, context: str | None, source: str | None, disambiguation: str | None = None, n: int = -1
    ) -> str | None:
        """Return the translation, or None to leave it to others; "" would be taken for a translation."""
        del disambiguation, n
        return self._found.get(source or "") if context == CONTEXT else None


@cache
def translations(language: str) -> dict[str, str]:
    """Return sentence → translation; empty where there is no such file."""
    try:
        text = (files("pip_editor") / "translations" / f"pip-editor_{language}.ts").read_text("utf-8")
        messages = ET.fromstring(text).iter("message")  # noqa: S314 - a file of this package
    except (OSError, ET.ParseError):
        _log.exception("the translation %s cannot be read", language)
        return {}
    found = {message.findtext("source", ""): message.findtext("translation", "") for message in messages}
    return {source: translation for source, translation in found.items() if translation}


def chosen(preferred: str) -> str:
    """Return which language a preference means: one of `LANGUAGES`, or "en"."""
    if preferred != "system":
        return preferred if preferred in LANGUAGES else "en"
    for name in QLocale.system().uiLanguages():
        plain = name.replace("-", "_")
        for language in LANGUAGES:
            if plain == language or plain.split("_")[0] == language.split("_")[0]:
                return language
        if plain.split("_")[0] == "en":
            return "en"
    return "en"


def install_language(application: QApplication) -> None:
    """Translate what is made from now on."""
    language = chosen(Preferences.load().language)
    if language == "en":
        return
    ours, qt = TsTranslator(language), QTranslator()
    qt.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    for translator in (qt, ours):
        translator.setParent(application)
        application.installTranslator(translator)
