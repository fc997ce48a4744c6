"""The page and the picture of what `bench.py` measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

BY_HAND = "<!-- What follows is written by hand. -->"
"""Mark on the page, from which on it is kept when it is made anew."""

NOTES = {
    "runtimes": "The bare network, one 512 px tile in a loop: all runtimes and precisions in turn, five rounds, the fastest run of each. "
    "A processor without bf16 runs OpenVINO's in fp32, and torch's by emulation.",
    "engine": "The chosen runtime: the restoration loop on a whole picture against as many runs of the bare network on one tile of the same size, "
    "a row of tiles of each in turn; three rounds, whose times are added up. Asked: at least 0.90.",
    "compile": "`torch.compile` of the tile step, 512 px.",
    "onnxruntime": "The same tile, exported; evidence for a later choice of runtimes.",
    "region and cache": "24 MP: a region of a tenth (asked: at most 0.20 of the whole), and the same picture at another strength "
    "with the results in the cache (at most 0.05).",
    "memory": "JPEG file to JPEG file in a process of its own, start-up included. Asked: 24 MP in at most 45 s and 1500 MB above an "
    "empty process, 100 MP in the same memory.",
}
"""What each step measures, for the page."""


def document(results: dict[str, object], *, drawn: bool) -> str:
    """Return the page, Markdown; with the picture of `plot`, if it was drawn."""
    lines = [
        "# Performance",
        "",
        f"Made by `python benchmarks/bench.py --document docs/performance.md` (`make bench` prints the same) on {results['machine']}. Ratios hold from machine to machine, absolute figures only within this one run.",
    ]
    if drawn:
        lines += ["", "![speed of the runtimes, and time and memory from file to file](images/performance.png)"]
    for name, note in NOTES.items():
        lines += ["", f"## {name.capitalize()}", "", note, "", "| what | measured |", "| --- | --- |"]
        figures = results[name]
        assert isinstance(figures, dict)
        lines += [f"| {what} | {value} |" for what, value in figures.items()]
    return "\n".join(lines) + "\n"


def plot(results: dict[str, object], path: Path) -> None:
    """Draw the speed of the runtimes, and time and memory from file to file, side by side."""
    from matplotlib.figure import Figure  # no pyplot, so no window

    figure = Figure(figsize=(11, 3.2), layout="constrained")
    panels = figure.subplots(1, 3)
    wanted = (("runtimes", " MP/s", "bare network, MP/s"), ("memory", " file to file s", "file to file, seconds"))
    for panel, (step, ending, title) in zip(
        panels, (*wanted, ("memory", " peak above that MB", "peak above an empty process, MB")), strict=True
    ):
        figures = results[step]
        assert isinstance(figures, dict)
        bars = {name.removesuffix(ending): value for name, value in figures.items() if name.endswith(ending)}
        drawn = panel.barh(list(bars), list(bars.values()), color="#00568f")
        panel.bar_label(drawn, padding=3)
        panel.set_title(title, fontsize="medium")
        panel.margins(x=0.18)
        panel.invert_yaxis()
        panel.spines[["top", "right"]].set_visible(False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=90)


def write_page(results: dict[str, object], page: Path, *, drawn: bool) -> None:
    """Write the page; what stands on it below `BY_HAND` stays."""
    told = page.read_text(encoding="utf-8") if page.exists() else ""
    by_hand = told[told.index(BY_HAND) :] if BY_HAND in told else ""
    page.write_text("\n".join(filter(None, [document(results, drawn=drawn), by_hand])), encoding="utf-8")
