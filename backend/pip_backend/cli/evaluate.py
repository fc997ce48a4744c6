"""`pip-editor evaluate`: PSNR and SSIM against undamaged photos."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from .shared import add_engine_options, print_json, say

if TYPE_CHECKING:
    import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("--set", required=True, metavar="DIR", help="folder with input/ and target/ of equal stems")
    parser.add_argument("--degradation", required=True, metavar="X", help="what the prompt names")
    parser.add_argument("--sigma", type=float, help="make the input of target/ with Gaussian noise, of 255")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    add_engine_options(parser)


def run(options: argparse.Namespace) -> int:
    """Measure one set."""
    from pip_backend.errors import UsageError  # noqa: PLC0415
    from pip_backend.restorer import Restorer  # noqa: PLC0415

    try:
        from pip_backend.training.evaluate import evaluate  # noqa: PLC0415
    except ImportError as error:
        raise UsageError(f"evaluate needs {error.name}.", hint="pip install 'pip-editor[train]' brings it.") from error

    restorer = Restorer(
        options.model,
        device=options.device,
        precision=options.precision,
        runtime=options.runtime,
        tile=options.tile,
    )
    scores = evaluate(restorer, Path(options.set), options.degradation, sigma=options.sigma)
    if options.json:
        print_json({key: value for key, value in dataclasses.asdict(scores).items() if key != "worst_gain"})
        return 0
    seam = "one tile" if scores.seam_score is None else f"{scores.seam_score:.2f}"
    say(f"{options.set}: {scores.count} pictures, {scores.degradation}")
    say("            PSNR dB     SSIM")
    say(f"  input     {scores.input_psnr:7.2f}   {scores.input_ssim:.4f}")
    say(f"  restored  {scores.psnr:7.2f}   {scores.ssim:.4f}")
    say(f"  gain      {scores.psnr - scores.input_psnr:+7.2f}   {scores.ssim - scores.input_ssim:+.4f}")
    say(f"  worst single gain {scores.worst_gain:+.2f} dB, seam score {seam}, {scores.seconds_per_megapixel:.2f} s/MP")
    return 0
