"""`pip-editor evaluate`: PSNR and SSIM against undamaged photos."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from pip_backend.degradations import DEGRADATIONS
from pip_backend.devices import check_device

from .shared import add_engine_options, print_json, say, stoppable

if TYPE_CHECKING:
    import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument(
        "--set",
        required=True,
        metavar="DIR",
        help="folder with damaged photos in input/ and undamaged ones of the same names in target/",
    )
    parser.add_argument(
        "--degradation", required=True, metavar="X", help=f"what the prompt names; one of {', '.join(DEGRADATIONS)}"
    )
    parser.add_argument(
        "--sigma",
        type=float,
        metavar="S",
        help="make the input from target/ with Gaussian noise of this standard deviation, of 255",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    add_engine_options(parser)


def run(options: argparse.Namespace) -> int:
    """Measure one set."""
    from pip_backend.errors import UsageError  # noqa: PLC0415
    from pip_backend.restorer import Restorer  # noqa: PLC0415

    check_device(options.device)
    if not options.set:
        raise UsageError("--set names nothing.", hint="Look for a variable that is not set.")
    if options.sigma is not None and not 0 <= options.sigma <= 255:
        raise UsageError(f"Noise of {options.sigma:g} is not made.", hint="Give a --sigma from 0 to 255.")
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
        ensemble=bool(options.ensemble),
    )
    with stoppable() as check:  # noise is made in the temporary folder
        scores = evaluate(restorer, Path(options.set), options.degradation, sigma=options.sigma, check=check)
    if options.json:
        told = dataclasses.asdict(scores)
        print_json({key: told[key] for key in told if key not in ("worst_gain", "edge_gain")})
        return 0
    seam = "one tile" if scores.seam_score is None else f"{scores.seam_score:.2f}"
    say(f"{options.set}: {scores.count} pictures, {scores.degradation}")
    say("            PSNR dB     SSIM")
    say(f"  input     {scores.input_psnr:7.2f}   {scores.input_ssim:.4f}")
    say(f"  restored  {scores.psnr:7.2f}   {scores.ssim:.4f}")
    say(f"  gain      {scores.psnr - scores.input_psnr:+7.2f}   {scores.ssim - scores.input_ssim:+.4f}")
    say(
        f"  worst single gain {scores.worst_gain:+.2f} dB, at edges {scores.edge_gain:+.2f} dB, seam score {seam}, {scores.seconds_per_megapixel:.2f} s/MP"
    )
    return 0
