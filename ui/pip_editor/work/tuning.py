"""What restorations run on, and how, as the preferences say: put into every request, so that preview, export and batch agree.

Thread: `Tuning.chosen` is replaced by the window and read by the workers; it is one reference, and never changed in place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from pip_client import Client


class Tuning:
    """Model, device, precision, whether clean parts are left alone and whether all is looked at in four ways; those that nobody chose are left to the service."""

    def __init__(self) -> None:
        self.chosen: dict[str, str | bool] = {}
        """Among `model`, `device`, `precision`, `skip_clean`, `ensemble`."""

    @property
    def skips(self) -> bool:
        """Whether clean parts are left alone."""
        return "skip_clean" in self.chosen

    def choose(
        self, model: str, device: str, precision: str, *, skip_clean: bool = False, ensemble: bool = False
    ) -> bool:
        """Choose; "" and "auto" leave it to the service. Returns whether anything is another than before."""
        named = {"model": model, "device": device, "precision": precision}
        chosen: dict[str, str | bool] = {name: value for name, value in named.items() if value not in {"", "auto"}}
        chosen |= {name: True for name, wanted in (("skip_clean", skip_clean), ("ensemble", ensemble)) if wanted}
        changed = chosen != self.chosen
        self.chosen = chosen
        return changed


class _Tuned:
    """A client that says with every request what to run on."""

    def __init__(self, client: Client, tuning: Tuning) -> None:
        self._client, self._tuning = client, tuning

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def restore(self, *args: Any, **settings: Any) -> dict[str, Any]:
        """See `pip_client.Client`."""
        return self._client.restore(*args, **{**self._tuning.chosen, **settings})

    def suggest(self, *args: Any, **settings: Any) -> dict[str, Any]:
        """See `pip_client.Client`."""
        device = {name: value for name, value in self._tuning.chosen.items() if name == "device"}
        return self._client.suggest(*args, **{**device, **settings})


def tuned(connect: Callable[[], Client], tuning: Tuning) -> Callable[[], Client]:
    """Return what connects as `connect` does, and puts into every request what it runs on."""
    return lambda: cast("Client", _Tuned(connect(), tuning))
