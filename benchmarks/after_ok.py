"""Where the time goes from OK in a host's dialog to the first pixels: `python benchmarks/after_ok.py [--side 512] [--megapixels 24] [--runtime openvino] [--rounds 3]`.

A layer is sent for a preview, as a dialog does it; then a square selection of it is restored with the code that both plug-ins share, through a service of its own. The
host is one in memory, so what GIMP and Krita themselves take is left out (tests/hosts/overhead.py has it). Told are the instants after OK, and, of what is done until the
first pixels, how long each part takes and how often it is done; parts may lie beside or within each other, so they do not add up. The round with the earliest first pixels
counts. "px run" is what the network computes for the selection, halo and rounding to cells included.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pip_plugin import Extent, Mask, Port, Rectangle, Selections, Sent, Settings, restore

if TYPE_CHECKING:
    from collections.abc import Callable

Note = tuple[str, float, float, int]
"""What was done, from when to when (the machine's monotonic clock), and of how many px, where that is told."""


class Host(Port):
    """A layer in memory with a square selection; notes when its first restored rows come."""

    def __init__(self, pixels: bytes, width: int, selected: Rectangle) -> None:
        self._pixels, self._width, self._selected = pixels, width, selected
        self.instants: dict[str, float] = {}
        self.notes: list[Note] = []

    def extent(self) -> Extent:
        """See `Port.extent`."""
        return Extent(self._width, len(self._pixels) // (3 * self._width), "RGB", "u8", None)

    def read(self, top: int, bottom: int) -> bytes:
        """See `Port.read`."""
        began = time.monotonic()
        rows = self._pixels[top * self._width * 3 : bottom * self._width * 3]
        self.notes.append(("host: rows read", began, time.monotonic(), 0))
        return rows

    def write(self, into: Rectangle, top: int, height: int, pixels: bytes) -> None:  # noqa: ARG002
        """See `Port.write`."""
        self.instants.setdefault("first pixels", time.monotonic())

    def selection(self) -> Selections:
        """See `Port.selection`."""
        left, right = self._selected.left, self._selected.right
        row = bytes(left) + b"\xff" * (right - left) + bytes(self._width - right)

        def rows(top: int, bottom: int) -> bytes:
            inside = range(self._selected.top, self._selected.bottom)
            return b"".join(row if y in inside else bytes(self._width) for y in range(top, bottom))

        return Selections(Mask(self._selected, rows), ())

    def tell(self, fraction: float | None, text: str) -> bool:  # noqa: ARG002
        """See `Port.tell`."""
        if text:
            self.instants.setdefault("the service says that it begins", time.monotonic())
        return False


def main() -> None:
    """Measure, and print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--side", type=int, default=512)
    parser.add_argument("--megapixels", type=float, default=24)
    parser.add_argument("--runtime", default="openvino")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--serve", metavar="FILE", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve_noting(Path(options.serve))
        return
    height = round((options.megapixels * 1e6 / 1.5) ** 0.5)
    width = round(height * 1.5)
    if not 1 <= options.side <= height or options.rounds < 1:
        parser.error("The selection has to fit into the picture, and there has to be a round.")
    top, left = (height - options.side) * 3 // 8, (width - options.side) * 5 // 11
    selected = Rectangle(top, left, top + options.side, left + options.side)
    with tempfile.TemporaryDirectory() as folder:
        homes = {f"XDG_{kind}_HOME": f"{folder}/{kind.lower()}" for kind in ("CACHE", "STATE", "CONFIG", "DATA")}
        os.environ |= homes | {"XDG_RUNTIME_DIR": f"{folder}/run", "PIP_EDITOR_RUNTIME": options.runtime}
        Path(folder, "run").mkdir(mode=0o700)
        instants, notes = min(
            measured(os.urandom(width * 3) * height, width, selected, options.rounds, Path(folder) / "notes"),
            key=lambda found: found[0]["first pixels"],
        )
    print(f"{width} x {height} px, {options.side} px selected, {options.runtime}, load {os.getloadavg()[0]:.1f}\n")
    print("| instant | ms after OK |\n| --- | --- |")
    for name, when in sorted(instants.items(), key=lambda pair: pair[1]):
        print(f"| {name} | {when * 1000:.0f} |")
    print("\n| until the first pixels | ms | times | px run / px selected |\n| --- | --- | --- | --- |")
    for name in dict.fromkeys(note[0] for note in notes):
        spans = [note for note in notes if note[0] == name]
        ms, area = sum(end - start for _, start, end, _ in spans) * 1000, sum(px for *_, px in spans)
        print(f"| {name} | {ms:.0f} | {len(spans)} | {f'{area / options.side**2:.2f}' if area else ''} |")


def measured(
    pixels: bytes, width: int, selected: Rectangle, rounds: int, path: Path
) -> list[tuple[dict[str, float], list[Note]]]:
    """Start a service, press OK so often and once more before; of each round the instants after OK, and what was done until the first pixels."""
    from pip_client import ServiceError, connect

    service = subprocess.Popen([sys.executable, __file__, "--serve", str(path)])
    try:
        client: Any = None
        while client is None:
            try:
                client = connect("benchmark", start=False)
            except ServiceError:
                if service.poll() is not None:
                    raise
                time.sleep(0.05)
        sent = Sent(Host(pixels, width, selected))
        part = Rectangle(selected.top, selected.left, selected.top + 360, selected.left + 480)
        found = []
        for number in range(rounds + 1):
            settings = Settings(f"denoise={1 - number / 100}")  # another one each time: the service keeps results
            restore(client, Host(pixels, width, selected), settings, picture=sent.picture, preview=part)
            host = Host(pixels, width, selected)
            path.write_text("", encoding="utf-8")
            ok = time.monotonic()
            restore(client, host, settings, sent=sent)
            first = host.instants["first pixels"]
            notes = [*host.notes, *(tuple(json.loads(line)) for line in path.read_text("utf-8").splitlines())]
            notes = [note for note in notes if ok <= note[1] <= first]
            tiles = [note for note in notes if note[0] == "network: tile"]
            told = {"network begins": tiles[0][1], "network ends": tiles[-1][2]} if tiles else {}
            found.append(({name: when - ok for name, when in (host.instants | told).items()}, notes))
        client.close()
        return found[1:]
    finally:
        service.terminate()
        service.wait()


def serve_noting(path: Path) -> None:
    """Be the service, and write down what is done."""
    from pip_backend import restorer
    from pip_backend.engine.runtimes import openvino_runtime, torch_runtime
    from pip_backend.pictures import Picture
    from pip_backend.regions.compile import CompiledRegions
    from pip_backend.service import serve
    from pip_backend.service.upload import Upload

    def note(owner: Any, name: str, title: str, area: Callable[..., int] = lambda *_: 0) -> None:
        function = getattr(owner, name)

        def noting(*words: Any, **named: Any) -> Any:
            began = time.monotonic()
            try:
                return function(*words, **named)
            finally:
                line = json.dumps((title, began, time.monotonic(), area(*words)))
                with path.open("a", encoding="utf-8") as notes:
                    notes.write(f"{line}\n")

        setattr(owner, name, noting)

    note(Upload, "mask_rows", "service: a piece of the mask taken in")
    note(restorer, "compile_regions", "service: regions compiled")
    for name in ("working", "native", "thumbnail", "digest", "carry_back"):
        note(Picture, name, f"picture: {name}")
    note(CompiledRegions, "strength", "regions: strength of some rows")
    for owner in (openvino_runtime.OpenVINONetwork, torch_runtime.TorchNetwork):
        note(owner, "prepare", "network: prepare")
        note(owner, "context", "network: context")
        note(owner, "tile", "network: tile", lambda _, pixels, *__: pixels.shape[0] * pixels.shape[1])
    serve()


if __name__ == "__main__":
    main()
