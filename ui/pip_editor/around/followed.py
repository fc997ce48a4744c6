"""Words for what a project is restored with, where the preferences say otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pip_editor.naming import listing
from pip_editor.words import tr

if TYPE_CHECKING:
    from pip_backend.project import ProjectSettings


def followed_words(differences: ProjectSettings) -> str:
    """Return a sentence; "" where there is no difference."""
    words = []
    if differences.model is not None:
        named, own = tr("the model {name}", name=model_word(differences.model)), tr("the model of the program")
        words.append(named if differences.model else own)
    if differences.ensemble is not None:
        words.append(tr("best quality") if differences.ensemble else tr("no best quality"))
    if differences.skip_clean is not None:
        words.append(tr("clean parts left alone") if differences.skip_clean else tr("clean parts restored as well"))
    if not words:
        return ""
    return tr("Restored as this project says, not as the preferences do: {differences}.", differences=listing(words))


def model_word(model: str) -> str:
    """Return the name of a model, or of its file, no longer than a line has room for."""
    name = Path(model).name
    return name if len(name) <= 40 else f"{name[:39]}…"
