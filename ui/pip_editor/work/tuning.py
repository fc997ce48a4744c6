"""What restorations run on, and how, put into every request: as the preferences say, and for the photo that is open as its project says.

So preview and export agree; a batch, which is of other photos, follows the preferences alone.

Thread: `Tuning.chosen` and `preferred` are replaced by the window and read by the workers; each is one reference, and never changed in place.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from pip_backend.project import ProjectSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from pip_client import Client

    Chosen = dict[str, str | bool]


class Tuning:
    """Model, device, precision, whether clean parts are left alone and whether all is looked at in four ways; those that nobody chose are left to the service."""

    def __init__(self) -> None:
        self.preferred: Chosen = {}
        """By the preferences, among `model`, `device`, `precision`, `skip_clean`, `ensemble`."""
        self.project = ProjectSettings()
        """What the project of the photo that is open says, and nobody has chosen otherwise since."""
        self.chosen: Chosen = {}
        """For the photo that is open: as `preferred`, but for what the project says."""

    @property
    def skips(self) -> bool:
        """Whether clean parts of the photo that is open are left alone."""
        return "skip_clean" in self.chosen

    @property
    def settings(self) -> ProjectSettings:
        """What a project of the photo that is open keeps."""
        chosen = self.chosen
        return ProjectSettings(str(chosen.get("model", "")), "skip_clean" in chosen, "ensemble" in chosen)

    @property
    def differences(self) -> ProjectSettings:
        """What the project says otherwise than the preferences; None for the rest."""
        told = self.project.to_json().items()
        return ProjectSettings(**{name: value for name, value in told if (value or None) != self.preferred.get(name)})

    def choose(
        self, model: str, device: str, precision: str, *, skip_clean: bool = False, ensemble: bool = False
    ) -> bool:
        """Choose; "" and "auto" leave it to the service. What is chosen anew counts before what the project says.

        Returns whether the photo that is open is restored otherwise than before.
        """
        named = {"model": model, "device": device, "precision": precision}
        preferred: Chosen = {name: value for name, value in named.items() if value not in {"", "auto"}}
        preferred |= {name: True for name, wanted in (("skip_clean", skip_clean), ("ensemble", ensemble)) if wanted}
        before, self.preferred = self.preferred, preferred
        told = self.project.to_json()
        return self.follow(replace(self.project, **{n: None for n in told if before.get(n) != preferred.get(n)}))

    def follow(self, project: ProjectSettings) -> bool:
        """Restore the photo that is open as its project says; returns as `choose` does."""
        told = project.to_json()
        chosen = {name: value for name, value in {**self.preferred, **told}.items() if value}
        changed = chosen != self.chosen
        self.project, self.chosen = project, chosen
        return changed


class _Tuned:
    """A client that says with every request what to run on."""

    def __init__(self, client: Client, chosen: Callable[[], Chosen]) -> None:
        self._client, self._chosen = client, chosen

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def restore(self, *args: Any, **settings: Any) -> dict[str, Any]:
        """See `pip_client.Client`."""
        return self._client.restore(*args, **{**self._chosen(), **settings})

    def suggest(self, *args: Any, **settings: Any) -> dict[str, Any]:
        """See `pip_client.Client`."""
        device = {name: value for name, value in self._chosen().items() if name == "device"}
        return self._client.suggest(*args, **{**device, **settings})


def tuned(connect: Callable[[], Client], chosen: Callable[[], Chosen]) -> Callable[[], Client]:
    """Return what connects as `connect` does, and puts what is `chosen` then into every request."""
    return lambda: cast("Client", _Tuned(connect(), chosen))
