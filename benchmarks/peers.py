"""`make bench-peers`: the whole program beside what others use, on the same files, in one run and in turn; writes build/peers.json.

    python benchmarks/peers.py [--megapixels 6] [--photo CLEAN.png] [--chainner DIR] [--rounds 3]

Each row is run in processes of its own, from a file to 8-bit pixels, once in every round; its fastest round counts, and its highest peak of memory. Loading, and a warm-up on a small part, come before.
`--megapixels` is the size of the picture; what takes minutes for it (BM3D, non-local means) is run on `--slow-megapixels` of it, and everything is told a megapixel.
`--chainner` is a checkout of github.com/chaiNNer-org/chaiNNer (GPL-3.0): its tiler is run beside ours and nothing of it is copied. spandrel (MIT), bm3d
(non-commercial) and opencv-python-headless are measured where they are installed, and needed by nothing; a row that cannot run says why.
`--photo`, an undamaged photo, adds the PSNR of each row whose weights are real, on that photo under noise of `--sigma`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from peer_rows import ROWS, Given, Row, pixels_of, psnr

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    Run = Callable[[Row, Given], dict[str, Any]]

HERE = Path(__file__).parent


def main() -> None:
    """Measure all rows, print the table, write the figures down."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megapixels", type=float, default=6)
    parser.add_argument("--slow-megapixels", type=float, default=0.25)
    parser.add_argument("--photo", type=Path, help="an undamaged photo, for quality")
    parser.add_argument("--sigma", type=float, default=25, help="of the noise, of 255")
    parser.add_argument("--chainner", type=Path, metavar="DIR", help="a checkout of chaiNNer")
    parser.add_argument("--tile", type=int, default=0, help="px, for ours and chaiNNer's; 0: what each chooses")
    parser.add_argument("--runtime", default="auto", help="of the first row")
    parser.add_argument("--rows", help="names, by commas; all by default")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path("build/peers.json"))
    options = parser.parse_args()
    try:
        rows = chosen(options.rows)
        if options.rounds < 1 or min(options.megapixels, options.slow_megapixels) < 0.01:
            parser.error("There has to be a round, and a hundredth of a megapixel.")
        if options.photo is not None and not options.photo.is_file():
            parser.error(f"There is no photo {options.photo}.")
    except ValueError as error:
        parser.error(str(error))
    with tempfile.TemporaryDirectory() as folder:
        files = pictures(Path(folder), options)
        chainner = str(options.chainner.resolve()) if options.chainner else ""
        given = Given(files, options.sigma, options.runtime, options.tile, chainner)
        found = measured(rows, given, options.rounds, in_a_process)
    results = {
        "machine": f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, {platform.system()}",
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        "megapixels": options.megapixels,
        "sigma": options.sigma,
        "input dB": given.files.get("input dB"),
        "rows": found,
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(results, indent=1), encoding="utf-8")
    print(table(found, options.rounds, results["load"]))
    print(f"\nwritten to {options.out}")


def chosen(names: str | None) -> list[Row]:
    """Return the rows that are asked for; `ValueError` for a name that there is not."""
    if names is None:
        return list(ROWS)
    by_name = {row.name: row for row in ROWS}
    asked = [name.strip() for name in names.split(",")]
    strange = [name for name in asked if name not in by_name]
    if strange:
        raise ValueError(f"There is no row {strange[0]!r}; there are {', '.join(by_name)}.")
    return [by_name[name] for name in asked]


def measured(rows: Sequence[Row], given: Given, rounds: int, run: Run) -> dict[str, dict[str, Any]]:
    """Run the rows in turn, round after round; each gets the figures of its fastest round, or the reason why it was left out.

    A row that cannot run is not tried again. Peak memory is the highest of all rounds.
    """
    found: dict[str, dict[str, Any]] = {}
    for number in range(rounds):
        for row in rows:
            before = found.get(row.name, {})
            if "skipped" in before:
                continue
            now = run(row, given if number == 0 else without_quality(given))
            if "skipped" in now:
                print(f"{row.name.upper()} IS LEFT OUT: {now['skipped']}", file=sys.stderr)
            elif before:
                faster = now if now["s / MP"] < before["s / MP"] else before
                now = {**faster, "peak MB": max(now["peak MB"], before["peak MB"]), "PSNR dB": before["PSNR dB"]}
            found[row.name] = now
            print(f"round {number + 1}: {row.name}", file=sys.stderr)
    return found


def without_quality(given: Given) -> Given:
    """Return what is given without the noisy photo: quality is the same in every round."""
    return replace(given, files={name: path for name, path in given.files.items() if name != "noisy"})


def in_a_process(row: Row, given: Given) -> dict[str, Any]:
    """Measure a row once, in a process of its own, so that its memory is its own."""
    words = [sys.executable, str(HERE / "peer_rows.py"), row.name, json.dumps(asdict(given))]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        said = done.stderr.strip().splitlines()
        return {"skipped": f"it failed: {said[-1] if said else f'exit code {done.returncode}'}"}
    found: dict[str, Any] = json.loads(lines[-1])
    return found


def pictures(folder: Path, options: argparse.Namespace) -> dict[str, str]:
    """Write the pictures down; returns their paths: whole, slow, part and, with a photo, clean and noisy."""
    rng = np.random.default_rng(0)
    noise = options.sigma

    def spoiled(clean: NDArray[np.float64]) -> NDArray[np.uint8]:
        return np.clip(np.rint(clean + rng.normal(0, noise, clean.shape)), 0, 255).astype(np.uint8)

    found = {}
    for name, megapixels in (
        ("whole", options.megapixels),
        ("slow", min(options.slow_megapixels, options.megapixels)),
        ("part", 0.01),
    ):
        height = round((megapixels * 1e6 / 1.5) ** 0.5)
        width = round(megapixels * 1e6 / height)
        ramp = np.broadcast_to(np.linspace(25, 230, width)[None, :, None], (height, width, 3))
        found[name] = _written(folder / f"{name}.png", spoiled(ramp))
    if options.photo is not None:
        clean = pixels_of(options.photo)
        found["clean"] = _written(folder / "clean.png", clean)
        found["noisy"] = _written(folder / "noisy.png", spoiled(clean.astype(np.float64)))
        found["input dB"] = f"{psnr(pixels_of(Path(found['noisy'])), clean):.2f}"
    return found


def _written(path: Path, pixels: NDArray[np.uint8]) -> str:
    import pyvips

    pyvips.Image.new_from_array(np.ascontiguousarray(pixels), interpretation="srgb").pngsave(str(path), compression=1)
    return str(path)


def table(found: Mapping[str, Mapping[str, Any]], rounds: int, load: float | None) -> str:
    """Lay the figures out; what was left out stands below, with its reason."""
    lines = [
        f"Fastest of {rounds} rounds in turn, load {load} at the end.",
        "",
        "| what | MP | s / MP | CPU-s / MP | peak MB | PSNR, dB | notes |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    names = ("MP", "s / MP", "CPU-s / MP", "peak MB", "PSNR dB", "notes")
    for row, figures in found.items():
        if "skipped" not in figures:
            told = ("" if figures.get(name) is None else str(figures[name]) for name in names)
            lines.append(f"| {row} | {' | '.join(told)} |")
    left_out = [f"- {row}: {figures['skipped']}" for row, figures in found.items() if "skipped" in figures]
    return "\n".join([*lines, *(["", "Left out:", *left_out] if left_out else [])])


if __name__ == "__main__":
    main()
