"""What clients ask for, read from the heads of their messages and checked before anything is allocated.

Unknown fields are passed over, so that later versions can add some. Needs no numpy: the service reads its first message fast.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from pip_backend.degradations import DEGRADATIONS
from pip_backend.devices import KNOWN, is_device
from pip_client.picture import CHANNELS, DEPTHS

from .values import RefusedError, bad, flag, fraction, is_number, number_of, text, whole

if TYPE_CHECKING:
    from pip_client.wire import Bytes, Head

    from .limits import Limits

SUGGEST: Final = "suggest"
"""In place of a mix: the sensor decides."""

EDIT: Final = "edit"
"""Kind of a request: open the picture in the editor, and send what comes back."""

ROWS: Final = "rows"
"""In place of a mask: it comes by rows."""

PRECISIONS: Final = ("auto", "bf16", "fp32")

Rectangle: TypeAlias = tuple[int, int, int, int]
"""Top, left, bottom, right, px; the latter two excluded."""

Mix: TypeAlias = dict[str, float] | None
"""Degradation → weight; None: the sensor decides."""


@dataclass(frozen=True)
class FilePicture:
    """A file that the service reads."""

    path: str


@dataclass(frozen=True)
class KeptPicture:
    """The picture that came with an earlier request."""

    number: int


@dataclass(frozen=True)
class SentPicture:
    """A picture whose rows follow."""

    width: int
    height: int
    channels: str
    depth: str
    linear: bool
    icc: bytes | None

    @property
    def row_bytes(self) -> int:
        """Bytes of a row."""
        return self.width * CHANNELS[self.channels] * DEPTHS[self.depth]


@dataclass(frozen=True)
class RegionRequest:
    """A region as it was asked for."""

    name: str
    mix: Mix
    strength: float
    feather: float
    mask: str | dict[str, Any] | None
    """`ROWS`, a shape as in recipes, or None for the whole picture."""


class Runs(NamedTuple):
    """What a restoration runs on; restorers are kept by it."""

    model: str | None = None
    """None: the default."""
    device: str | None = None
    """As `Restorer` takes it; None: the one that the service was started with."""
    precision: str = "auto"
    ensemble: bool = False


@dataclass(frozen=True)
class Request:
    """What a client wants done with a picture."""

    kind: str
    """"suggest", "restore" or "edit"."""
    number: int
    """Of the request, as the client counts."""
    picture: FilePicture | KeptPicture | SentPicture
    mix: Mix = None
    strength: float = 1.0
    model: str | None = None
    rectangles: tuple[Rectangle, ...] = ()
    """In the order in which they are wanted; none for the whole picture."""
    recipe: str | dict[str, Any] | None = None
    regions: tuple[RegionRequest, ...] = ()
    """From bottom to top; of a suggestion one at most: where it is wanted."""
    device: str | None = None
    precision: str = "auto"
    difference: bool = False
    """Whether what the network would change at full strength is wanted too."""
    errors: bool = False
    """Whether it shall be told how far off the result may be, place by place; of the whole picture."""
    strips: bool = True
    """Whether the result is wanted."""
    skip_clean: bool = False
    """Whether parts are left alone in which the sensor finds nothing of it."""
    ensemble: bool = False
    """Whether every tile is looked at in four ways."""
    heat: bool = False
    """Whether a suggestion shall say what is wrong where."""
    host: str = ""
    """What people call the program that asks; only for "edit", like `title`."""
    title: str = ""

    @property
    def runs(self) -> Runs:
        """What it wants to run on."""
        return Runs(self.model, self.device, self.precision, self.ensemble)

    @property
    def painted(self) -> tuple[int, ...]:
        """Indices of the regions whose masks come by rows."""
        return tuple(index for index, region in enumerate(self.regions) if region.mask == ROWS)


def parse(head: Head, body: Bytes, limits: Limits) -> Request:
    """Read a request for a suggestion or a restoration.

    Raises
    ------
    RefusedError
        A field is missing or makes no sense, or something is larger than is taken.

    """
    number, picture = number_of(head), _picture(head.get("picture"), body, limits)
    if head["type"] == SUGGEST:
        where = () if head.get("mask") is None else (_region({"mask": head["mask"]}, 0),)
        request = Request(
            SUGGEST, number, picture, regions=where, device=_device(head.get("device")), heat=flag(head, "map")
        )
        _check_painted(request)
        return request
    regions = _regions(head.get("regions"), limits)
    if head["type"] == EDIT:
        return _edit(head, number, picture, regions)
    request = Request(
        "restore",
        number,
        picture,
        _mix(head.get("mix")),
        fraction(head, "strength"),
        _model(head.get("model")),
        _rectangles(head, limits),
        _recipe(head.get("recipe")),
        regions,
        _device(head.get("device")),
        _precision(head.get("precision")),
        flag(head, "difference"),
        flag(head, "errors"),
        flag(head, "strips", missing=True),
        flag(head, "skip_clean"),
        flag(head, "ensemble"),
    )
    _check_painted(request)
    if request.errors and request.rectangles:
        raise bad("errors", "left out where there are rectangles")
    return request


def _edit(
    head: Head, number: int, picture: FilePicture | KeptPicture | SentPicture, regions: tuple[RegionRequest, ...]
) -> Request:
    if isinstance(picture, FilePicture):
        raise bad("picture", "sent by rows, to be opened in the editor")
    if any(region.mask not in (None, ROWS) for region in regions):
        raise bad("mask", f'"{ROWS}" or null, to be opened in the editor')
    host, title = (text(head, name) for name in ("host", "title"))
    return Request(EDIT, number, picture, regions=regions, host=host, title=title)


def _picture(value: Any, body: Bytes, limits: Limits) -> FilePicture | KeptPicture | SentPicture:
    if not isinstance(value, dict):
        raise bad("picture", "an object")
    if "path" in value:
        path = value["path"]
        if not isinstance(path, str) or not path or "\0" in path:
            raise bad("path", "the name of a file")
        return FilePicture(path)
    if "same_as" in value:
        return KeptPicture(whole(value, "same_as", 0, 1 << 53))
    channels, depth = value.get("channels"), value.get("depth")
    if not isinstance(channels, str) or channels not in CHANNELS:
        raise bad("channels", f"one of {', '.join(CHANNELS)}")
    if not isinstance(depth, str) or depth not in DEPTHS:
        raise bad("depth", f"one of {', '.join(DEPTHS)}")
    linear = flag(value, "linear")
    width, height = whole(value, "width", 1, limits.side), whole(value, "height", 1, limits.side)
    if width * height > limits.pixels:
        raise RefusedError(
            "limit",
            f"A picture of {width} x {height} px is larger than the {limits.pixels / 1e6:.0f} megapixels that are taken.",
            "Cut it into parts.",
        )
    if len(body) > limits.profile:
        raise RefusedError("limit", "The colour profile is too large.", "Convert the picture to sRGB.")
    return SentPicture(width, height, channels, depth, linear, bytes(body) or None)


def _check_painted(request: Request) -> None:
    if request.painted and isinstance(request.picture, FilePicture):
        raise bad("mask", "a shape or null where the picture is a path")


def _mix(value: Any) -> Mix:
    if value is None or value == SUGGEST:
        return None
    if not isinstance(value, dict):
        raise bad("mix", f'an object of weights, or "{SUGGEST}"')
    for name, weight in value.items():
        if name not in DEGRADATIONS:
            raise bad("mix", f"made of {', '.join(DEGRADATIONS)}")
        if not is_number(weight) or not 0 <= weight <= 1:
            raise bad(f"weight of {name}", "a number from 0 to 1")
    return {name: float(weight) for name, weight in value.items()}


def _regions(value: Any, limits: Limits) -> tuple[RegionRequest, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(region, dict) for region in value):
        raise bad("regions", "a list of objects")
    if len(value) > limits.regions:
        raise RefusedError("limit", f"{len(value)} regions are too many.", f"Use at most {limits.regions}.")
    return tuple(_region(region, index) for index, region in enumerate(value))


def _region(value: dict[str, Any], index: int) -> RegionRequest:
    name = value.get("name", f"region {index + 1}")
    if not isinstance(name, str) or not name.strip():
        raise bad("name", "text")
    feather = value.get("feather", 0.0)
    if not is_number(feather):
        raise bad("feather", "a number of pixels")
    mask = value.get("mask")
    if mask is not None and mask != ROWS and not isinstance(mask, dict):
        raise bad("mask", f'"{ROWS}", a shape or null')
    return RegionRequest(name, _mix(value.get("mix")), fraction(value, "strength"), float(feather), mask)


def _model(value: Any) -> str | None:
    if value is None:
        return None
    # Names only: a sandboxed host shall not make the service open files for it.
    if not isinstance(value, str) or not value or set(value) & {"/", "\\"} or value.endswith(".safetensors"):
        raise bad("model", "a name from the list of models")
    return value


def _device(value: Any) -> str | None:
    if value is None or value == "auto":
        return None
    if not isinstance(value, str) or not is_device(value):
        raise bad("device", KNOWN)
    return value


def _precision(value: Any) -> str:
    if value is None:
        return "auto"
    if value not in PRECISIONS:
        raise bad("precision", f"one of {', '.join(PRECISIONS)}")
    return str(value)


def _rectangles(head: Head, limits: Limits) -> tuple[Rectangle, ...]:
    """Read which parts are wanted, and in which order."""
    one, several = head.get("rectangle"), head.get("rectangles")
    if one is not None and several is not None:
        raise bad("rectangles", "left out where there is a rectangle")
    if several is None:
        return () if one is None else (_rectangle(one, "rectangle"),)
    if not isinstance(several, list) or not several:
        raise bad("rectangles", "a list of rectangles")
    if len(several) > limits.rectangles:
        raise RefusedError("limit", f"{len(several)} rectangles are too many.", f"Use at most {limits.rectangles}.")
    return tuple(_rectangle(value, "rectangles") for value in several)


def _rectangle(value: Any, name: str) -> Rectangle:
    wanted = "made of four whole numbers: top, left, bottom, right"
    if not isinstance(value, list) or len(value) != 4:
        raise bad(name, wanted)
    if not all(isinstance(edge, int) and not isinstance(edge, bool) and 0 <= edge < 1 << 31 for edge in value):
        raise bad(name, wanted)
    top, left, bottom, right = value
    return top, left, bottom, right


def _recipe(value: Any) -> str | dict[str, Any] | None:
    if value is None or isinstance(value, (str, dict)):
        return value
    raise bad("recipe", "the name of a preset or of a saved recipe, or a recipe")
