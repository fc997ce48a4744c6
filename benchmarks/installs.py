"""What each way to install takes: `python benchmarks/installs.py [WAY…]`, megabytes to download, megabytes on the disk, seconds to the first restored picture.

Each way gets an environment of its own. Seconds are those of one process, from its start to the written file, with user folders of its own: the first run makes what the
runtime keeps, the second finds it. Both take the sample photo of `make run`. Beside the seconds that went by stand those that were computed, which count all cores and mean
something also while other programs run. `--sizes` only downloads, and tells what lies packed in the wheels; `--here` runs the two pictures in this environment, in the way's runtime.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]

WAYS: Final = {
    "light": ("", "openvino"),
    "editor": ("[editor]", "openvino"),
    "torch": ("[torch]", "torch"),
}
"""Name to extra, and to the runtime that is timed."""


def main() -> None:
    """Measure the ways that are named, or all; a row of a table each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ways", nargs="*", metavar="WAY", default=list(WAYS))
    parser.add_argument("--sizes", action="store_true")
    parser.add_argument("--here", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        if not options.here:
            run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, str(ROOT)])
        for way in options.ways:
            extra, runtime = WAYS[way]
            found: dict[str, float] = {}
            if not options.here:
                wheel = next(place.glob("*.whl"))
                what = [f"{wheel}{extra}", "-c", str(ROOT / "constraints.txt")]
                found |= sizes(what, place / f"{way}.wheels")
            if options.here:
                found |= seconds(Path(sys.executable), place / way, runtime)
            elif not options.sizes:
                python = place / way / "bin" / "python"
                run([sys.executable, "-m", "venv", str(place / way)])
                run([str(python), "-m", "pip", "install", "-q", "--find-links", str(place / f"{way}.wheels"), *what])
                found |= seconds(python, place / way, runtime)
            print(f"{way}: {', '.join(f'{name} {value}' for name, value in found.items())}", flush=True)


def run(words: list[str], **more: str) -> tuple[float, float]:
    """Run a command, quietly; returns the seconds that went by and that it computed."""
    environment = {key: value for key, value in os.environ.items() if key != "PIP_EDITOR_RUNTIME"}
    if "-m" in words:
        environment.pop("PYTHONPATH", None)
    started, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(words, env=environment | more, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(words)}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic() - started, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def sizes(what: list[str], folder: Path) -> dict[str, float]:
    """Download a wheel and all that it needs; megabytes packed and unpacked (of the one source distribution, pyvips, packed)."""
    run([sys.executable, "-m", "pip", "download", "-q", "-d", str(folder), *what])
    packed = unpacked = 0
    for path in folder.iterdir():
        packed += path.stat().st_size
        if path.suffix == ".whl":
            with zipfile.ZipFile(path) as archive:
                unpacked += sum(entry.file_size for entry in archive.infolist())
        else:
            unpacked += path.stat().st_size
    return {"download MB": round(packed / 1e6), "installed MB": round(unpacked / 1e6)}


def seconds(python: Path, place: Path, runtime: str) -> dict[str, float]:
    """Restore a picture twice."""
    sample = ROOT / "resources" / "samples" / "dusk_lowlight_couple.jpg"
    code = "import sys; from pip_backend.cli import main; sys.exit(main())"
    words = [str(python), "-c", code, "restore", str(sample), "-d", "denoise", "--no-cache", "--runtime", runtime]
    homes = {f"XDG_{kind}_HOME": str(place / kind.lower()) for kind in ("CACHE", "STATE", "CONFIG", "DATA")}
    place.mkdir(exist_ok=True)
    found = {}
    for name in ("first", "second"):
        went, computed = run([*words, "-o", str(place / f"{name}.jpg")], **homes)
        found |= {f"{name} picture s": round(went, 1), f"{name} computed s": round(computed, 1)}
    return found


if __name__ == "__main__":
    main()
