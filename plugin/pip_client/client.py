"""What a host asks of the service: models, recipes, suggestions, restorations.

One thread, no callbacks from others: whatever is handed in (`rows`, `on_strip`, `cancelled`, …) is called by the thread that called
`suggest` or `restore`, so that hosts whose libraries belong to one thread are safe. While the service works, `cancelled`
is asked ten times a second and more.

A picture that is handed in a second time is not sent again: the service keeps the last one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Dict, Union

from .errors import ServiceError
from .job import Upload, as_mix, as_regions
from .talk import Callbacks, Talk, nothing

if TYPE_CHECKING:
    from .job import MaskRows, Region
    from .picture import Picture
    from .wire import Head

    Mix = Union[Dict[str, float], str, None]
    OnStrip = Callable[[int, int, int, int, bytes], object]
    OnProgress = Callable[[float, Union[float, None], str], object]


class Client:
    """A client of the restoration service; made by `connect`. A context manager."""

    def __init__(self, name: str, start: bool = True, timeout: float = 20.0) -> None:
        self._talk = Talk(name, start=start, timeout=timeout)

    @property
    def info(self) -> dict[str, Any]:
        """What the service says of itself: version, protocol, pid, device, names of models, limits."""
        return self._talk.info

    def __enter__(self) -> Client:  # noqa: PYI034 - Self came with Python 3.11
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up; what was under way is cancelled. Doing it twice does no harm."""
        self._talk.close()

    def models(self) -> list[dict[str, Any]]:
        """Return the restoration models: name, label, licence, summary, default, degradations."""
        return list(self._talk.ask("models")["models"])

    def recipes(self) -> list[dict[str, Any]]:
        """Return the presets: name, label, description, mix, and the recipe itself."""
        return list(self._talk.ask("recipes")["recipes"])

    def model_card(self, name: str) -> dict[str, Any]:
        """Return all that a model's file says of it: licence, training, metrics, tile, ...; see docs/protocol.md."""
        return dict(self._talk.ask("model", name=name)["card"])

    def import_model(self, path: str, name: str | None = None) -> str:
        """Put a model's file into the catalogue; returns what it is called there."""
        return str(self._talk.ask("import", path=path, name=name)["name"])

    def cache(self, limit: int | None = None, empty: bool = False) -> dict[str, Any]:
        """Return the bytes that the result cache has and may have, after setting its limit or emptying it."""
        answer = self._talk.ask("cache", limit=limit, empty=empty)
        return {"bytes": answer["bytes"], "limit": answer["limit"]}

    def ping(self) -> dict[str, Any]:
        """Return how the service is: version, pid, clients, jobs, seconds that it has run."""
        return dict(self._talk.ask("ping"))

    def stop(self) -> None:
        """End the service, for everybody."""
        try:
            self._talk.ask("stop")
        except ServiceError as error:
            if error.code != "gone":
                raise
        self._talk.hang_up()

    def keeps(self, picture: Picture) -> bool:
        """Whether the service has this picture from the last job with it, and is not sent it again."""
        return self._talk.keeps(picture)

    def suggest(
        self,
        picture: Picture | str,
        *,
        within: MaskRows | dict[str, Any] | None = None,
        device: str | None = None,
        heat: bool = False,
        on_progress: OnProgress = nothing,
        cancelled: Callable[[], bool] = nothing,
    ) -> dict[str, Any]:
        """Ask the sensor what is wrong with a picture.

        Parameters
        ----------
        picture
            Pixels, or the path of a file.
        within
            A mask as regions have it, where to look; None for the whole picture. A service that does not know this looks everywhere.
        heat
            Whether to ask what is wrong where, too; of the whole picture.
        device, on_progress, cancelled
            See `restore`.

        Returns
        -------
        dict
            mix: what it proposes to remove, empty for nothing; presence and amount: how sure it is of each degradation, and how
            much of it there would be, 0 to 1. With `heat` also map: see docs/protocol.md.

        Raises
        ------
        ServiceError, Cancelled
            See `restore`.

        """
        shape = within if isinstance(within, dict) else None
        rows = {} if within is None or isinstance(within, dict) else {0: within}
        answer = self._talk.job(
            {"type": "suggest", "device": device, "map": heat, "mask": "rows" if rows else shape},
            Upload(picture, rows),
            Callbacks(on_progress=on_progress, cancelled=cancelled),
        )
        return {name: answer.get(name) for name in ("mix", "presence", "amount", *(["map"] if heat else []))}

    def restore(
        self,
        picture: Picture | str,
        mix: Mix = None,
        regions: list[Region] | None = None,
        strength: float = 1.0,
        model: str | None = None,
        rectangle: tuple[int, int, int, int] | None = None,
        *,
        rectangles: list[tuple[int, int, int, int]] | None = None,
        recipe: str | dict[str, Any] | None = None,
        device: str | None = None,
        precision: str | None = None,
        skip_clean: bool = False,
        ensemble: bool = False,
        on_strip: OnStrip | None = nothing,
        on_difference: OnStrip | None = None,
        on_errors: OnStrip | None = None,
        on_progress: OnProgress = nothing,
        cancelled: Callable[[], bool] = nothing,
    ) -> dict[str, Any]:
        """Restore a picture, or a rectangle of it. Blocks until it is done.

        Parameters
        ----------
        picture
            Pixels, or the path of a file that the service can read.
        mix
            Degradation → weight in [0, 1], text as `parse_mix` takes it, or "suggest": the sensor decides, as it does
            when neither a mix nor regions nor a recipe are given.
        regions
            From bottom to top, in place of a mix; each a dict of name, mix, strength, feather (px) and mask. A mask is bytes (one a
            pixel of the whole picture), a function like `Picture.rows` that returns such bytes, a shape as in recipes, or None
            for the whole picture.
        strength
            How much of the change by `mix` is kept, 0 to 1.
        model
            Name; None for the default.
        rectangle
            Top, left, bottom, right (the latter two excluded) of what is wanted, px; it changes no pixel of what it shows.
        rectangles
            Several of them, in the order in which they are wanted, in place of one.
        recipe
            Name of a preset, or a recipe as JSON holds it, in place of a mix; regions lie over it.
        device, precision
            What to compute on and in; None leaves it to the service.
        skip_clean
            Whether parts are left alone, and take no time, in which the sensor finds nothing of what is to be removed; a recipe may
            say so itself. A service that does not know this restores them all the same, and its report has no `skipped`.
        ensemble
            Whether everything is looked at in four ways, mirrored, of which the mean is taken: a little better, four times as long. A
            service that does not know this restores as ever.
        on_strip
            `on_strip(top, left, height, width, data)`: finished rows from top to bottom, in the picture's coordinates, channels
            and depth; within each rectangle, if there are several. With None they are not sent.
        on_difference
            `on_difference(top, left, height, width, data)`: before each strip, what the network would change at full strength, three
            float32 a pixel, sRGB-encoded, NaN where that was not computed; see docs/protocol.md.
        on_errors
            `on_errors(top, left, height, width, data)`, in blocks of 16 x 16 px: after all strips of the whole picture, how far off the
            result may be, one float32 a block, steps of 255. A model that cannot tell, or a service that does not know this, tells nothing.
        on_progress
            `on_progress(done, seconds, text)`: how much is done, 0 to 1; how long it will take, or None; in words.
        cancelled
            Asked at least ten times a second while the service works; True ends it.

        Returns
        -------
        dict
            mix (what was removed in the whole picture, or None with regions), suggested, warnings, seconds, and skipped: which share was
            left alone, where that was wanted of the whole picture. With `on_errors` also errors: their mean, and the share of the picture
            of which 8 or more are expected; None for a model that cannot tell.

        Raises
        ------
        ServiceError
            It was not done. code "gone": the service ended meanwhile.
        Cancelled
            `cancelled` returned True.

        """
        head: Head = {"type": "restore", "strength": strength, "model": model, "recipe": recipe}
        head.update(device=device, precision=precision)
        if skip_clean:
            head["skip_clean"] = True
        if ensemble:
            head["ensemble"] = True
        head["rectangle"] = None if rectangle is None else [int(edge) for edge in rectangle]
        if rectangles is not None:
            head["rectangles"] = [[int(edge) for edge in part] for part in rectangles]
        head["regions"], masks = as_regions(regions or [])
        head["mix"] = None if regions or recipe is not None else as_mix(mix)
        if on_strip is None:
            head["strips"] = False
        callbacks = Callbacks(on_strip or nothing, on_progress=on_progress, cancelled=cancelled)
        if on_difference is not None:
            head["difference"] = True
            callbacks = callbacks._replace(on_difference=on_difference)
        if on_errors is not None:
            head["errors"] = True
            callbacks = callbacks._replace(on_errors=on_errors)
        answer = self._talk.job(head, Upload(picture, masks), callbacks)
        return dict(answer["report"])

    def edit(
        self,
        picture: Picture,
        regions: list[Region] | None = None,
        *,
        host: str,
        title: str,
        on_returned: Callable[[int, int, int, int], object] = nothing,
        on_strip: OnStrip = nothing,
        on_mask: OnStrip = nothing,
        on_progress: OnProgress = nothing,
        cancelled: Callable[[], bool] = nothing,
    ) -> dict[str, Any]:
        """Open a picture in pip-editor, and wait until it is given back. Blocks for as long as somebody works on it.

        Parameters
        ----------
        picture
            Pixels.
        regions
            To begin with, as in `restore`; masks are bytes, functions or None.
        host, title
            What people call the program, and the picture.
        on_returned
            `on_returned(top, left, bottom, right)`: before the first strip, what they will cover: the rectangle that was changed.
        on_strip
            As in `restore`: its finished rows.
        on_mask
            `on_mask(top, left, height, width, data)`: after them, 8 bits a pixel that say where they differ from the picture: 0 or 255.
        on_progress, cancelled
            As in `restore`. When `cancelled` returns True, the editor is told that nobody waits, and stays.

        Returns
        -------
        dict
            mix (the most that was removed of each degradation), rectangle (top, left, bottom, right), masked (whether `on_mask` was called;
            if not, everything in the rectangle was changed), warnings.

        Raises
        ------
        ServiceError
            code "editor": it could not be opened, and why.
        Cancelled
            `cancelled` returned True, or the editor was closed and gave nothing back.

        """
        title = title.encode("utf-8", "replace").decode("utf-8")  # names of files may hold what is no UTF-8
        head: Head = {"type": "edit", "host": host, "title": title}
        head["regions"], masks = as_regions(regions or [])
        callbacks = Callbacks(on_strip, on_mask, on_progress, cancelled, on_returned)
        return dict(self._talk.job(head, Upload(picture, masks), callbacks)["report"])


def connect(name: str, start: bool = True, timeout: float = 20.0) -> Client:
    """Find the running service, or start it.

    Parameters
    ----------
    name
        Of the program that asks, for the log.
    start
        Whether to start a service where none answers.
    timeout
        Seconds to wait for it.

    Returns
    -------
    Client

    Raises
    ------
    ServiceError
        None answers and none could be started; the sentence says why.

    """
    return Client(name, start, timeout)
