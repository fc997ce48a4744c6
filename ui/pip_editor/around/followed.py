"""What the photo that is open is restored with: as its project says; and words for where the preferences say otherwise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pip_backend.project import ProjectSettings
from pip_editor.naming import listing
from pip_editor.words import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pip_client import Client
    from pip_editor.window import MainWindow


class Following:
    """Has the photo that is open restored as its project says.

    Parameters
    ----------
    window
        Whose photo it is.
    ask
        Asks the service: a question, and what takes its answer, or a sentence where there is none.
    open_models
        Shows the models there are.

    """

    def __init__(
        self,
        window: MainWindow,
        ask: Callable[[Callable[[Client], Any], Callable[[Any], object], Callable[[str], object]], None],
        open_models: Callable[[], object],
    ) -> None:
        self._window, self._ask, self._open_models = window, ask, open_models

    def follow(self, settings: ProjectSettings) -> None:
        """Restore the photo that is being opened as its project says, and say where the preferences say otherwise."""
        tuning = self._window.client.tuning
        self.retuned(changed=tuning.follow(settings))
        model = tuning.differences.model
        if not model:
            self._say("")
            return

        def answered(models: Sequence[dict[str, Any]]) -> None:
            if tuning.project.model != model:  # another photo is open, or something else was chosen
                return
            missing = model not in {each["name"] for each in models}
            if missing:
                self.retuned(changed=tuning.follow(replace(tuning.project, model=None)))
            self._say(model if missing else "")

        # Where the service cannot be asked now, it says what is missing when it is to restore.
        self._ask(lambda client: client.models(), answered, lambda _: self._say(""))

    def _say(self, missing: str) -> None:
        """Say what of a project is followed and not preferred; `missing` is the model that it names in vain."""
        differences = followed_words(self._window.client.tuning.differences)
        if missing:
            gone = tr(
                "The model {name} of this project is not installed; the one of the preferences restores it.",
                name=model_word(missing),
            )
            said = f"{gone} {differences}".strip()
            self._window.message.say(said, tr("Models …"), self._open_models, returns=True)
        elif differences:
            self._window.message.say(differences, tr("Use the preferences"), self.prefer, returns=True)

    def prefer(self) -> None:
        """Restore the photo that is open by the preferences, whatever its project says."""
        self.retuned(changed=self._window.client.tuning.follow(ProjectSettings()))

    def retuned(self, *, changed: bool) -> None:
        """Take note of what the photo that is open is restored with now."""
        self._window.document.settings = self._window.client.tuning.settings
        if changed:
            self._window.jobs.preview.renew()


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
