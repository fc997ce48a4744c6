"""What each way to install takes: `python benchmarks/installs.py [WAY…]`, megabytes to download, megabytes on the disk, seconds to the first restored picture.

Each way gets an environment of its own. Seconds are those of one process, from its start to the
written file, with user folders of its own: the first run makes what the runtime keeps, the second finds it. Both take the sample photo of `make run`.
Sizes hold everywhere; seconds only beside each other, since they are of one run on one machine.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]

WAYS: Final = {
    "light": ("", "pip install pip-editor"),
    "editor": ("[editor]", "pip install 'pip-editor[editor]'"),
    "torch": ("[torch]", "pip install 'pip-editor[torch]'"),
}
"""Name to extra and command."""


def main() -> None:
    """Measure the ways that are named, or all; a row of a table each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ways", nargs="*", metavar="WAY", default=list(WAYS))
    options = parser.parse_args()
    print("| way | download MB | installed MB | first picture s | second s |")
    print("| --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(place), str(ROOT)])
        wheel = next(place.glob("*.whl"))
        for way in options.ways:
            found = measure(wheel, place / way, WAYS[way][0])
            print(f"| `{WAYS[way][1]}` | {' | '.join(str(value) for value in found.values())} |", flush=True)
        print(f"\nThe wheel of pip-editor is {wheel.stat().st_size / 1e6:.1f} MB of each download.")


def run(words: list[str], **more: str) -> float:
    """Run a command, quietly; returns its seconds."""
    environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "PIP_EDITOR_RUNTIME")}
    started = time.monotonic()
    done = subprocess.run(words, env=environment | more, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(words)}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return time.monotonic() - started


def measure(wheel: Path, place: Path, extra: str) -> dict[str, float]:
    """Install a wheel with an extra and restore a picture."""
    run([sys.executable, "-m", "venv", str(place)])
    pip = [str(place / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
    empty, wheels = size(place), place.with_suffix(".wheels")
    what = [f"{wheel}{extra}", "-c", str(ROOT / "constraints.txt")]
    run([*pip, "download", "-q", "-d", str(wheels), *what])
    run([*pip, "install", "-q", "--no-compile", "--find-links", str(wheels), *what])
    sample = ROOT / "resources" / "samples" / "dusk_lowlight_couple.jpg"
    words = [str(place / "bin" / "pip-editor"), "restore", str(sample), "-d", "denoise", "--no-cache", "--json"]
    installed = size(place) - empty
    homes = {f"XDG_{kind}_HOME": str(place / kind.lower()) for kind in ("CACHE", "STATE", "CONFIG", "DATA")}
    times = [run([*words, "-o", str(place / f"{count}.jpg")], **homes) for count in range(2)]
    return {
        "download": round(size(wheels)),
        "installed": round(installed),
        "first": round(times[0], 1),
        "second": round(times[1], 1),
    }


def size(folder: Path) -> float:
    """Megabytes of all files below a folder."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink()) / 1e6


if __name__ == "__main__":
    main()
