"""From a request to the messages that answer it: the one place of the service where pictures are restored.

It adds no pixel of its own: pictures come from `pictures`, regions from `regions`, and strips from `Restorer.strips`, the
loop that the command line uses too. An answer is an iterator of messages; closing it is cancelling.

The restorers are kept, so that the second request finds everything warm; files have been read before (`files`).
"""

from __future__ import annotations

import json
import logging
import time
from collections import OrderedDict
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from .answers import changes, errors, named, parcels, problems, suggestion, summed_up
from .outbox import Parcel
from .requests import SUGGEST, Runs

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    from pip_backend.engine import Progress, Strip
    from pip_backend.engine.sensing import HeatMap, Suggestion
    from pip_backend.pictures import Picture
    from pip_backend.regions import Mask, Mix, RasterMask, Recipe, Region
    from pip_backend.uncertainty import ErrorMap

    from .outbox import Outbox
    from .requests import Mix as AskedMix
    from .requests import Rectangle, RegionRequest, Request

MODELS_KEPT: Final = 2
LOADING: Final = "Loading the network"

_log = logging.getLogger(__name__)


class Restores(Protocol):
    """What is needed of a `Restorer`."""

    def prepare(self) -> bool:
        """Load what the first picture needs; whether it did."""
        ...

    def suggest(self, picture: Picture, within: Mask | None = None) -> Suggestion:
        """Ask the sensor, about what lies under a mask if there is one."""
        ...

    def heat_map(self, picture: Picture) -> HeatMap:
        """Ask the sensor what is wrong where."""
        ...

    def strips(
        self,
        picture: Picture,
        what: Mix | Sequence[Region],
        *,
        rectangle: tuple[int, int, int, int] | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        skip_clean: bool = False,
    ) -> Iterator[Strip]:
        """Restore."""
        ...

    @property
    def current(self) -> bool:
        """Whether it is still the model that its name stands for."""
        ...

    def skipped(self, picture: Picture, what: Mix | Sequence[Region]) -> float:
        """Tell which share is left alone with `skip_clean`."""
        ...

    def error_map(self, picture: Picture, what: Mix | Sequence[Region], *, skip_clean: bool = False) -> ErrorMap | None:
        """Begin a map of the errors to expect; None for a model that cannot tell."""
        ...


class CancelledError(Exception):
    """The client wants no more."""


@dataclass(eq=False)
class Task:
    """A request with all that belongs to it."""

    client: object
    """Whose it is; clients take turns."""
    outbox: Outbox
    request: Request
    picture: Picture | None = None
    """None while a file is being read."""
    masks: dict[int, RasterMask] = field(default_factory=dict)
    ready: bool = True
    """Whether it can be worked on: its file has been read."""
    failure: Exception | None = None
    """Why its file could not be read."""
    cancelled: bool = False
    answer: Iterator[Parcel | None] | None = None
    """None before it is started."""

    @property
    def title(self) -> str:
        """What the log calls it."""
        return f"job {self.request.number} of {getattr(self.client, 'name', '?')!r}"

    def tell(self, text: str, done: float = 0.0, eta: float | None = None) -> None:
        """Say how far it is."""
        number = self.request.number
        self.outbox.put_progress({"type": "progress", "id": number, "done": done, "eta": eta, "text": text})


class Workshop:
    """Answers requests, one step at a time. Belongs to the inference thread.

    Parameters
    ----------
    make
        Makes a restorer of a model on a device.

    """

    def __init__(self, make: Callable[[Runs], Restores]) -> None:
        self._make = make
        self._restorers: OrderedDict[Runs, Restores] = OrderedDict()
        self._warm: set[Runs] = set()

    def prepare(self) -> None:
        """Load what a request that names nothing needs, once. What goes wrong is told to whoever asks for a picture."""
        if self._restorers:
            return
        try:
            runs = Runs()
            restorer = self._restorers[runs] = self._make(runs)
            if restorer.prepare():
                self._warm.add(runs)
        except Exception as error:  # noqa: BLE001 - nobody waits for this yet
            self._restorers.clear()
            _log.info("could not be prepared: %s", type(error).__name__)

    def answer(self, task: Task) -> Iterator[Parcel | None]:
        """Yield the messages that answer a request; None where nothing is to be told and others may have their turn."""
        started = time.monotonic()
        request = task.request
        if task.failure is not None:
            raise task.failure
        picture = task.picture
        assert picture is not None
        restorer = self._restorer(task)
        if request.kind == SUGGEST:
            task.tell("Looking for damage")
            where = task.masks.get(0) or (_mask(request.regions[0], 0) if request.regions else None)
            found = restorer.suggest(picture, where)
            heat = restorer.heat_map(picture) if request.heat else None
            yield Parcel(suggestion(request.number, found, heat))
            return
        sensor = _Sensor(task, restorer, picture)
        recipe = _recipe(request)
        what = _regions(task, picture, recipe, sensor.mix)
        skip = request.skip_clean or (recipe is not None and recipe.skip_clean)
        parts: tuple[Rectangle | None, ...] = request.rectangles or (None,)
        expected = restorer.error_map(picture, what, skip_clean=skip) if request.errors else None
        last: list[Progress] = []
        for index, part in enumerate(parts):
            report = _reporter(
                task, "Restoring" if request.runs in self._warm else LOADING, before=index, parts=len(parts)
            )
            strips = restorer.strips(picture, what, rectangle=part, on_progress=report, skip_clean=skip)
            with closing(
                cast("Generator[Strip]", strips)
            ):  # cancelling ends the loop's threads now, not when somebody collects it
                for strip in strips:
                    last[index:] = [strip.progress]
                    if expected is not None:
                        # The loop overwrites the change with that of the next strip.
                        expected.add(strip.source, strip.change.copy(), strip.pixels)
                    if request.difference:
                        yield from changes(request.number, strip)
                    if request.strips:
                        yield from parcels(request.number, picture, strip)
                    else:
                        yield None
            self._warm.add(request.runs)
        if expected is not None:
            yield from errors(request.number, expected)
        whole = named(what[0].mix) if not (request.regions or request.recipe) else None
        yield Parcel(
            {
                "type": "done",
                "id": request.number,
                "report": {
                    "mix": whole,
                    "suggested": sensor.asked,
                    "width": picture.width,
                    "height": picture.height,
                    "warnings": [*problems(picture), *dict.fromkeys(said for part in last for said in part.warnings)],
                    "seconds": round(time.monotonic() - started, 3),
                    "tiles": sum(part.total for part in last),
                    "cache_hits": sum(part.cache_hits for part in last),
                    # Of the whole picture, so not counted anew for each preview.
                    "skipped": restorer.skipped(picture, what) if skip and not request.rectangles else None,
                    "errors": summed_up(expected),
                },
            }
        )

    def _restorer(self, task: Task) -> Restores:
        runs = task.request.runs
        if runs in self._restorers and not self._restorers[runs].current:  # imported anew under the same name
            del self._restorers[runs]
            self._warm.discard(runs)
        if runs not in self._restorers:
            task.tell(LOADING)
            self._restorers[runs] = self._make(runs)
        self._restorers.move_to_end(runs)
        while len(self._restorers) > MODELS_KEPT:
            self._warm.discard(self._restorers.popitem(last=False)[0])
        return self._restorers[runs]


class _Sensor:
    """The sensor's mixes for a picture and its regions: asked for when they are needed, and once for each mask."""

    def __init__(self, task: Task, restorer: Restores, picture: Picture) -> None:
        self._task, self._restorer, self._picture = task, restorer, picture
        self._found: list[tuple[Mask, Mix]] = []

    @property
    def asked(self) -> bool:
        return bool(self._found)

    def mix(self, mask: Mask) -> Mix:
        for known, mix in self._found:
            if known == mask:
                return mix
        self._task.tell("Looking for damage")
        mix = self._restorer.suggest(self._picture, mask).mix
        self._found.append((mask, mix))
        return mix


def restorers(device: str = "auto", runtime: str = "auto") -> Callable[[Runs], Restores]:
    """Return what makes the real restorers, with the result cache that the command line uses too.

    `device` is for those who name none.
    """

    def make(runs: Runs) -> Restores:
        from pip_backend.engine import ResultCache  # noqa: PLC0415 - the service starts without it
        from pip_backend.models import DEFAULT_MODEL  # noqa: PLC0415 - the service starts without it
        from pip_backend.restorer import Restorer  # noqa: PLC0415 - the service starts without it

        return Restorer(
            runs.model or DEFAULT_MODEL,
            device=runs.device or device,
            precision=runs.precision,
            ensemble=runs.ensemble,
            runtime=runtime,
            cache=ResultCache(),
        )

    return make


def _recipe(request: Request) -> Recipe | None:
    """Return the recipe of a request."""
    from pip_backend.regions import Recipe, named_recipe  # noqa: PLC0415 - the service starts without it

    told = request.recipe
    if told is None:
        return None
    return named_recipe(told) if isinstance(told, str) else Recipe.from_json(json.dumps(told))


def _regions(task: Task, picture: Picture, recipe: Recipe | None, suggested: Callable[[Mask], Mix]) -> list[Region]:
    """Return what a request wants done where, from bottom to top."""
    from pip_backend.regions import Region, WholePicture  # noqa: PLC0415 - the service starts without it

    request = task.request
    if recipe is None and not request.regions:
        whole = WholePicture()
        return [Region("photo", whole, _mix(request.mix, whole, suggested), request.strength)]
    regions: list[Region] = []
    if recipe is not None:
        regions.extend(recipe.regions(picture.width, picture.height, lambda layer: suggested(layer.mask)))
    for index, region in enumerate(request.regions):
        mask = task.masks[index] if index in task.masks else _mask(region, index)
        regions.append(Region(region.name, mask, _mix(region.mix, mask, suggested), region.strength, region.feather))
    return regions


def _mask(region: RegionRequest, index: int) -> Any:
    from pip_backend.regions import WholePicture  # noqa: PLC0415 - the service starts without it
    from pip_backend.regions.maskjson import mask_from_json  # noqa: PLC0415 - the service starts without it

    return WholePicture() if region.mask is None else mask_from_json(region.mask, f"regions[{index}].mask")


def _mix(asked: AskedMix, mask: Mask, suggested: Callable[[Mask], Mix]) -> Mix:
    from pip_backend.regions import Mix  # noqa: PLC0415 - the service starts without it

    return suggested(mask) if asked is None else Mix.of(**asked)


def _reporter(task: Task, first: str, *, before: int, parts: int) -> Callable[[Progress], None]:
    """Return what tells the client of progress, and ends a cancelled job; `first` is said until the first tile is done.

    `before` rectangles of `parts` are done.
    """

    def report(progress: Progress) -> None:
        if task.cancelled:
            raise CancelledError
        done = (before + progress.done / max(progress.total, 1)) / parts
        # Of several parts nobody knows how long the others take: they share tiles that the cache has by then.
        remaining = progress.remaining if parts == 1 else None
        task.tell("Restoring" if done else first, done, remaining)

    return report
