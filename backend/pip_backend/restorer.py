"""From picture to picture: what the command line, the evaluation and a Python caller all go through.

It joins the rooms in the one way a pixel goes: `pictures` strip → `engine` tile → network → blend → strip → file.
"""

from __future__ import annotations

import dataclasses
import functools
import time
import weakref
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np

from .beside import Beside
from .devices import check_device, each_device
from .engine import NOT_BEGUN, Job, ResultCache
from .engine.ensemble import Ensemble
from .engine.runtimes.base import nothing
from .engine.runtimes.choice import check_precision, known_runtime, make_network, make_sensor, named_runtime
from .engine.scaling import BY_THEMSELVES, Scaled
from .engine.sensing import HeatMap, Suggestion, heat_map, suggest
from .engine.skipping import SkippingWork, leave_alone, needed_cells
from .engine.standby import restore_somewhere
from .errors import ModelError, PictureError, RegionError, UsageError
from .models import DEFAULT_MODEL, DEFAULT_SENSOR, find_model
from .pictures import ChangeMap, Picture, PictureWriter, WriteOptions, open_picture
from .regions import Mix, Region, WholePicture, compile_regions
from .uncertainty import ErrorEstimator, ErrorMap, find_estimator

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    from numpy.typing import NDArray

    from .engine import Network, Progress, Strip, Work
    from .engine.sensing import SensorNetwork
    from .regions import Mask

    What = Mix | Sequence[Region] | None
    """A mix for the whole photo, regions, or None: the sensor decides."""


FINISHED: Final = 2
"""Restored strips of a file that may wait to be written: each holds 24 bytes a pixel of it."""


@dataclass(frozen=True)
class Report:
    """What was done to a file."""

    source: Path
    target: Path
    width: int
    height: int
    suggestion: Suggestion | None
    """What the sensor chose, if it was asked."""
    seconds: float
    """From opening to the finished file."""
    progress: Progress | None
    """The last one; None when nothing had to be done."""
    warnings: tuple[str, ...]
    skipped: float = 0.0
    """Share of the pixels, in [0, 1], that was left alone since the sensor found it clean."""
    errors: ErrorMap | None = None
    """How far off it may be, if that was asked for and the model can tell."""
    chosen: tuple[tuple[str, Mix], ...] = ()
    """Names of the regions whose mixes were left to the sensor, and what it chose."""


class Restorer:
    """Restores pictures with one model on one device, or on several cards.

    Parameters
    ----------
    model
        Name in the catalogue, or path of a model file.
    device
        `auto`, `cpu`, `cuda`, `cuda:1`, `xpu`, `mps`; or cards of one kind, which then share each picture: `cuda:0,cuda:1`.
    precision
        `auto`, `bf16`, `fp32`.
    runtime
        `auto`, `torch`, `openvino`. `auto` is what the environment variable `PIP_EDITOR_RUNTIME` names, or else the one
        that was faster here, which the first restoration finds out (`engine.runtimes.choice`).
    tile
        Largest side of a tile, px; None for the model's best.
    cache
        Where results are kept; None for nowhere.
    ensemble
        Whether every tile is looked at in four ways (`engine.ensemble`): a little better, four times as long.

    Raises
    ------
    ModelError
        There is no such model, or it is no restoration network.
    DeviceError
        There is no such precision, runtime or kind of device (whether a device is there is found out when it is first needed).
    UsageError
        A tile without pixels.

    """

    def __init__(
        self,
        model: str = DEFAULT_MODEL,
        *,
        device: str = "auto",
        precision: str = "auto",
        runtime: str = "auto",
        tile: int | None = None,
        cache: ResultCache | None = None,
        ensemble: bool = False,
    ) -> None:
        entry = find_model(model)
        if not entry.descriptor.restores:
            raise ModelError(f"{entry.descriptor.name} is a sensor, not a restoration network.")
        self.descriptor = entry.descriptor
        check_precision(precision)
        check_device(device)
        if tile is not None and tile < 1:
            raise UsageError(f"A tile of {tile} px has no pixels.", hint="Leave it to the model, or take 256 and more.")
        self.tile, self.cache, self.ensemble = tile, cache, ensemble
        self._path, self._precision = entry.path, precision
        self._device, *self._other_devices = each_device(device)
        self._chosen = device == "auto"
        self._runtime = named_runtime(runtime)
        self._name = model
        # Pictures weakly: whoever goes with theirs, gives its memory back.
        self._compiled: tuple[weakref.ref[Picture], tuple[Region, ...], bool, Work] | None = None
        self._judged: tuple[weakref.ref[Picture], str, NDArray[np.float32]] | None = None

    @functools.cached_property
    def network(self) -> Network:
        """The model in its runtime. The first time that a tile has to be run on a machine, `auto` measures for seconds."""
        return self._on(self._device)

    @functools.cached_property
    def others(self) -> tuple[Network, ...]:
        """The same on the other cards that were named."""
        if self._other_devices:
            from .engine.runtimes.torch_runtime import check_alike  # noqa: PLC0415 - loads torch

            check_alike((self._device, *self._other_devices))
        return tuple(self._on(device) for device in self._other_devices)

    def _moved(self) -> Network:
        """Return the network on the processor, from now on: the card that was taken fails."""
        if self._device != "cpu":  # another picture that is under way may have found it first
            self._device, self.network = "cpu", self._on("cpu")
        return self.network

    def _on(self, device: str) -> Network:
        network = make_network(self._path, self.descriptor, self._runtime, device, self._precision)
        if self.descriptor.architecture not in BY_THEMSELVES:
            network = Scaled(network)
        return Ensemble(network) if self.ensemble else network

    @property
    def current(self) -> bool:
        """Whether the name that it was made with still stands for the same model: importing one may have changed that."""
        try:
            entry = find_model(self._name)
        except ModelError:
            return False
        return entry.path == self._path and entry.descriptor.identity == self.descriptor.identity

    def prepare(self) -> bool:
        """Load the model, where it is known that OpenVINO runs it; whether that was so.

        Else it is left to the first picture, which may have to measure, and load torch.
        """
        known = known_runtime(self.descriptor, self._runtime, self._device, self._precision)
        if known == "openvino":
            self.network.prepare()
            return True
        return False

    def suggest(self, picture: Picture, within: Mask | None = None) -> Suggestion:
        """Ask the sensor what is wrong with a picture, or with what lies under a mask; of what it proposes, what the model knows."""
        found = suggest(picture, self._sensor, within)
        known = {name: weight for name, weight in found.mix.named().items() if name in self.descriptor.degradations}
        return found if known == found.mix.named() else dataclasses.replace(found, mix=Mix.of(**known))

    def heat_map(self, picture: Picture) -> HeatMap:
        """Ask the sensor what is wrong where."""
        return heat_map(picture, self._sensor)

    @functools.cached_property
    def _sensor(self) -> SensorNetwork:
        entry = find_model(DEFAULT_SENSOR)
        return make_sensor(entry.path, entry.descriptor, self._runtime, self._device)

    def work(
        self,
        picture: Picture,
        what: Mix | Sequence[Region],
        *,
        skip_clean: bool = False,
        check: Callable[[], None] = nothing,
    ) -> Work:
        """Compile a mix or regions for a picture and this model. What came last is kept: a preview asks for part after part.

        With `skip_clean`, the sensor is asked place by place, and what it finds clean gets no strength (`engine.skipping`);
        `check` is called meanwhile, and what it raises ends it. A mix that names what the model does not know is a `RegionError`.
        """
        regions = (Region("photo", WholePicture(), what),) if isinstance(what, Mix) else tuple(what)
        if not all(isinstance(region, Region) for region in regions):
            raise RegionError(
                "What is to be restored is neither a mix nor regions.",
                hint="Give a Mix, such as Mix.parse('dehaze=1'), or a list of Region.",
            )
        if not regions:
            raise RegionError("There is no region to restore.")
        kept = self._compiled
        if kept is not None and kept[0]() is picture and kept[1:3] == (regions, skip_clean):
            return kept[3]
        self._check_known(regions)
        there = weakref.ref(picture)
        compiled: Work = compile_regions(
            regions, picture.width, picture.height, self.descriptor.prompt.map, pixels=functools.partial(_rows, there)
        )
        if skip_clean:
            compiled = self._without_clean(picture, compiled, check)
        self._compiled = (there, regions, skip_clean, compiled)
        return compiled

    def _check_known(self, regions: Sequence[Region]) -> None:
        known = self.descriptor.degradations
        for region in regions:
            strange = [name for name in region.mix.named() if name not in known]
            if strange and region.visible:
                raise RegionError(
                    f"{self.descriptor.name} cannot {strange[0]}: it knows {', '.join(known)}.",
                    hint="Leave that out, or take another model.",
                )

    def _without_clean(self, picture: Picture, work: Work, check: Callable[[], None]) -> Work:
        """See `engine.skipping`. The last judgement is kept: while somebody paints, masks change and the prompts do not."""
        if work.constant_strength == 0 or not work.prompt_map.any():
            return work
        prompt, kept = work.digest_prompt(), self._judged
        if kept is None or kept[0]() is not picture or kept[1] != prompt:
            kept = self._judged = (
                weakref.ref(picture), prompt, needed_cells(picture, work, self._sensor, check=check)
            )  # fmt: skip
        return leave_alone(picture, work, kept[2])

    def skipped(self, picture: Picture, what: Mix | Sequence[Region]) -> float:
        """Tell which share of a picture's pixels, in [0, 1], is left alone with `skip_clean`."""
        work = self.work(picture, what, skip_clean=True)
        return work.skipped if isinstance(work, SkippingWork) else 0.0

    def strips(
        self,
        picture: Picture,
        what: Mix | Sequence[Region],
        *,
        rectangle: tuple[int, int, int, int] | None = None,
        tile: int | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        skip_clean: bool = False,
    ) -> Iterator[Strip]:
        """Restore a picture, or a rectangle (top, left, bottom, right) of it, strip by strip, in working values."""
        # What the progress raises ends a job: also before its first tile, while the sensor looks, which takes seconds of a large picture.
        check = nothing if on_progress is None else functools.partial(on_progress, NOT_BEGUN)
        work = self.work(picture, what, skip_clean=skip_clean, check=check)
        job = Job(picture, work, rectangle, tile or self.tile)
        if self.cache is not None:
            self.cache.begin()
        moved = self._moved if self._chosen else None
        return restore_somewhere(job, self.network, moved, self.others, cache=self.cache, on_progress=on_progress)

    def restore_picture(self, picture: Picture, what: Mix | Sequence[Region]) -> NDArray[Any]:
        """Restore a picture in memory: (height, width, samples) in its own encoding, as a file would hold it."""
        rows = [_carry(picture, strip) for strip in self.strips(picture, what)]
        return np.concatenate(rows)

    def restore_file(
        self,
        source: str | Path,
        target: str | Path,
        what: What = None,
        *,
        options: WriteOptions | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        changes: ChangeMap | None = None,
        opened: Picture | None = None,
        skip_clean: bool = False,
        expect_errors: bool = False,
        placing: Callable[[Path], object] | None = None,
    ) -> Report:
        """Restore a file into another.

        While the network runs, a thread carries what it gave back into the picture's samples, and another one encodes them.

        Parameters
        ----------
        source, target
            Paths; the target's suffix names its format.
        what
            A mix for the whole photo, regions, or None: the sensor decides.
        options
            How to write.
        on_progress
            See `engine.restore`.
        changes
            Filled with what was changed; of the picture's size (upright).
        opened
            The source, where somebody has opened it already; it is closed.
        skip_clean
            Leave alone what the sensor finds clean, and take no time for it (`engine.skipping`).
        expect_errors
            Also find how far off the result may be, place by place: `Report.errors`, for models that can tell.
        placing
            Called with the finished file, just before it gets the target's name.

        Raises
        ------
        PictureError
            The source cannot be read, or the target not be written. Nothing is left half-written.

        """
        started = time.monotonic()
        source, target = Path(source), Path(target)
        options = options or WriteOptions()
        last: Progress | None = None
        with opened or open_picture(source) as picture:
            if not options.overwrite and target.exists() and target.samefile(source):
                raise PictureError(f"{source.name} would be overwritten.", hint="Choose another name for the result.")
            writer = PictureWriter(target, picture.info, options=options, placing=placing)
            with writer:
                suggestion = self.suggest(picture) if what is None else None
                chosen = suggestion.mix if suggestion is not None else what
                assert chosen is not None
                strips = self.strips(picture, chosen, on_progress=on_progress, skip_clean=skip_clean)
                errors = self.error_map(picture, chosen, skip_clean=skip_clean) if expect_errors else None
                with closing(cast("Generator[Strip]", strips)), Beside("pip-finish", FINISHED) as beside:
                    for strip in strips:
                        change = None if errors is None else strip.change.copy()  # the loop's own, until the next
                        beside.put(_finish, picture, strip, writer, changes, errors, change)
                        last = strip.progress
            warnings = (*picture.info.warnings, *writer.warnings, *(last.warnings if last else ()))
            return Report(
                source, writer.path, picture.width, picture.height,
                suggestion, time.monotonic() - started, last, warnings,
                self.skipped(picture, chosen) if skip_clean else 0.0, errors,
            )  # fmt: skip

    @functools.cached_property
    def estimator(self) -> ErrorEstimator | None:
        """What expects errors of this model's results; None for a model that nobody has taught it."""
        return find_estimator(self._path, self.descriptor)

    def error_map(self, picture: Picture, what: Mix | Sequence[Region], *, skip_clean: bool = False) -> ErrorMap | None:
        """Begin a map of the errors to expect, which the strips of the whole picture fill; None for a model that nobody has taught it."""
        if self.estimator is None:
            return None
        work = self.work(picture, what, skip_clean=skip_clean)
        return ErrorMap(picture.width, picture.height, work.prompt_map, self.estimator)


def _finish(
    picture: Picture,
    strip: Strip,
    writer: PictureWriter,
    changes: ChangeMap | None,
    errors: ErrorMap | None,
    change: NDArray[np.float32] | None,
) -> None:
    """Hand a restored strip on to those who want it."""
    if errors is not None and change is not None:
        errors.add(strip.source, change, strip.pixels)
    writer.write(_carry(picture, strip))
    if changes is not None:
        changes.add(strip.top, strip.left, strip.source, strip.pixels)


def restore(source: str | Path, target: str | Path, what: What = None, **settings: Any) -> Report:
    """Restore one file with the shipped model. `settings` are those of `Restorer`."""
    return Restorer(**settings).restore_file(source, target, what)


def _rows(picture: weakref.ref[Picture], top: int, bottom: int) -> NDArray[np.float32]:
    """Rows of a picture that whoever asks for them still has."""
    there = picture()
    assert there is not None
    return there.working(top, bottom)


def _carry(picture: Picture, strip: Strip) -> NDArray[Any]:
    native = picture.native(strip.top, strip.top + len(strip.pixels))
    return picture.carry_back(strip.top, native, strip.source, strip.pixels)


__all__ = ["Report", "Restorer", "restore"]
