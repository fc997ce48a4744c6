"""Measures the shipped network on all validation sets and writes docs/benchmarks.md and build/benchmarks.json.

    python scripts/benchmark_table.py VALIDATION_FOLDER [--into MODEL_FILE]

`--into` also writes the figures into the descriptor of the measured model file. The folder holds derain, dehaze, deblur, lowlight, jpeg and realnoise, each with input/ and target/, and gaussian/kodak and
gaussian/mcmaster with target/ alone. What others reach on the same files was measured with the same protocol, with their authors'
weights; "tuned" is the best of a few settings over the set, which favours the peer.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pip_backend.models import DEFAULT_MODEL, read_model_file
from pip_backend.models.files import write_descriptor
from pip_backend.pictures import open_picture
from pip_backend.regions import Mix
from pip_backend.restorer import Restorer
from pip_backend.training.evaluate import Scores, evaluate


class Row(NamedTuple):
    """A set, and what peers reach on it: name and PSNR, dB."""

    title: str
    folder: str
    degradation: str
    sigma: float | None
    classical: tuple[str, float]
    learned: tuple[str, float]


ROWS = (
    Row(
        "Gaussian σ 25, Kodak", "gaussian/kodak", "denoise", 25, ("bilateral, tuned", 28.19), ("FFDNet, told σ", 32.43)
    ),
    Row(
        "Gaussian σ 25, McMaster",
        "gaussian/mcmaster",
        "denoise",
        25,
        ("bilateral, tuned", 28.12),
        ("FFDNet, told σ", 31.95),
    ),
    Row("rain (Rain100)", "derain", "derain", None, ("NLM, tuned", 20.46), ("PReNet Rain100H", 30.96)),
    Row("haze (RESIDE, O-HAZE)", "dehaze", "dehaze", None, ("dark channel prior", 21.03), ("AOD-Net", 18.07)),
    Row("blur (REDS, shake)", "deblur", "deblur", None, ("Richardson-Lucy, tuned", 25.63), ("DMPHN", 23.36)),
    Row(
        "darkness (LOL, SICE)",
        "lowlight",
        "brighten",
        None,
        ("stretch + gamma, best goal", 23.16),
        ("IAT lol_v1", 21.44),
    ),
    Row("JPEG q 10 to 40 (LIVE1)", "jpeg", "dejpeg", None, ("ffmpeg spp, tuned", 28.28), ("DnCNN-3", 28.82)),
    Row(
        "camera noise (PolyU, Nam)",
        "realnoise",
        "denoise",
        None,
        ("bilateral, tuned", 37.67),
        ("FFDNet, tuned σ", 38.89),
    ),
)

HEAD = """\
# Benchmarks

What the shipped network reaches on the validation photos, beside what people use today on the same files. Made by

    python scripts/benchmark_table.py VALIDATION_FOLDER

Protocol: 8-bit RGB, range 255, the mean over pictures of each one's PSNR; SSIM is scikit-image's `structural_similarity(channel_axis=2)`. Gaussian noise is
drawn by one `numpy.random.default_rng(0)` in sorted file order, rounded and clipped. Each picture is restored as `pip-editor restore` does it, with the prompt of its set at weight 1:
the network is told the kind of damage, never its amount. Learned peers are single-task networks with their authors' weights; a tuned peer has the best of a few settings over the set.
The photos are not in this repository; their origins are: Kodak, McMaster, Rain100L and Rain100H, RESIDE SOTS and O-HAZE, REDS (320 x 180) and synthetic camera shake, LOL and SICE, LIVE1, PolyU and Nam.

| set | pictures | input | **pip-editor** | gain | SSIM | best classical | best learned peer | worst single gain | at edges | seam score |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
"""


NOTES = """\
How bright a dark photo should become is a matter of taste: after one gain a picture that gives the result the target's mean, the result for darkness is {matched:.2f} dB.

*At edges*: the gain, in dB, in the outermost 24th of the sides less that of the middle.

*Seam score*: energy of the change across tile joins over that elsewhere. Joins lie at multiples of 16 px, as JPEG's block borders do, so that it is above 2 where the photos are JPEG; an untiled result has the same figure on the same lines.
"""


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--into", metavar="MODEL_FILE", type=Path)
    options = parser.parse_args()
    model = str(options.into) if options.into else DEFAULT_MODEL
    restorer = Restorer(model, precision="fp32")  # the same on every machine
    lines, found = [], []
    for row in ROWS:
        scores = evaluate(restorer, options.folder / row.folder, row.degradation, sigma=row.sigma)
        found.append({"title": row.title, **dataclasses.asdict(scores)})
        lines.append(table_row(row, scores))
        print(lines[-1], flush=True)
    exposed = matched(restorer, options.folder / "lowlight")
    notes = NOTES.format(matched=exposed)
    print(notes)
    Path("build").mkdir(exist_ok=True)
    Path("build/benchmarks.json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    Path("docs/benchmarks.md").write_text(HEAD + "\n".join(lines) + "\n\n" + notes, encoding="utf-8")
    if options.into:
        write_metrics(options.into, found)


def matched(restorer: Restorer, folder: Path) -> float:
    """Return the mean PSNR, dB, after one gain a picture that gives the result the target's mean: how bright is a matter of taste."""
    values = []
    for path in sorted((folder / "input").iterdir()):
        target = next(other for other in (folder / "target").iterdir() if other.stem == path.stem)
        with open_picture(path) as picture, open_picture(target) as wanted:
            result = restorer.restore_picture(picture, Mix.of(brighten=1.0)).astype(np.float64)
            truth = wanted.native(0, wanted.height).astype(np.float64)
        scaled = np.clip(result * (truth.mean() / max(result.mean(), 1e-6)), 0, 255).round()
        values.append(10 * np.log10(255**2 / np.square(scaled - truth).mean()))
    return float(np.mean(values))


def write_metrics(path: Path, found: list[dict[str, object]]) -> None:
    """Put the figures into a model file's descriptor."""
    descriptor = read_model_file(path).descriptor
    kept = ("psnr", "ssim", "input_psnr", "input_ssim", "worst_gain", "edge_gain", "seam_score")
    metrics = {str(row["title"]): {name: row[name] for name in kept} for row in found}
    write_descriptor(path, path, dataclasses.replace(descriptor, metrics=metrics))


def table_row(row: Row, scores: Scores) -> str:
    """Return one line of the table."""

    def peer(known: tuple[str, float]) -> str:
        return f"{known[1]:.2f} ({known[0]}): {scores.psnr - known[1]:+.2f}"

    seam = "" if scores.seam_score is None else f"{scores.seam_score:.2f}"
    return (
        f"| {row.title} | {scores.count} | {scores.input_psnr:.2f} | **{scores.psnr:.2f}** | {scores.psnr - scores.input_psnr:+.2f} "
        f"| {scores.ssim:.4f} | {peer(row.classical)} | {peer(row.learned)} | {scores.worst_gain:+.2f} | {scores.edge_gain:+.2f} | {seam} |"
    )


if __name__ == "__main__":
    main()
