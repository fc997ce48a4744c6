"""Measures what overlap brings, from file to file: `python benchmarks/pipeline.py [--megapixels 24] [--rounds 3] [--formats jpg,png,tif]`.

Decoding, the network, carrying back and encoding of one photo, each run in a process of its own, in turn and overlapped one after the other; the middle of
the rounds counts. Busy is processor time against what all cores could have given. The files must have the same bytes, or it ends with an error.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

CHILD = """
import json, sys, threading, time
from concurrent.futures import Future
source, target, overlap = sys.argv[1:]
from pip_backend import Mix, Restorer, restorer
from pip_backend.engine import loop
from pip_backend.pictures import behind

class InTurn:
    def __init__(self, name, most=1): self.stopped = threading.Event()
    def __enter__(self): return self
    def __exit__(self, *_): pass
    def start(self, task, *args):
        done = Future()
        done.set_result(task(*args))
        return done
    def put(self, task, *args): task(*args)
    def wait(self): pass

def unsupported(): raise OSError(95, "Operation not supported")

if overlap == "no":
    loop.Beside = restorer.Beside = InTurn
    behind._unnamed = unsupported
made = Restorer(device="cpu")
made.network
started, computed = time.monotonic(), time.process_time()
made.restore_file(source, target, Mix.of(denoise=1))
seconds, computed = time.monotonic() - started, time.process_time() - computed
with open("/proc/self/status") as lines:
    peak = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
print(json.dumps([seconds, computed, peak, made.network.runtime]))
"""


def main() -> None:
    """Make a photo in each format, restore it both ways, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megapixels", type=float, default=24)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--formats", default="jpg,png,tif")
    options = parser.parse_args()
    import pyvips

    height = round((options.megapixels * 1e6 / 1.5) ** 0.5)
    noise = pyvips.Image.gaussnoise(round(height * 1.5), height, mean=128, sigma=30)
    photo = noise.bandjoin([noise, noise]).cast("uchar").copy(interpretation="srgb")
    print(
        "| format | in turn s | overlapped s | saved | busy in turn | busy overlapped | peak MB in turn | peak MB overlapped |"
    )
    print("| --- " * 8 + "|")
    with tempfile.TemporaryDirectory() as folder:
        for suffix in options.formats.split(","):
            source = Path(folder) / f"photo.{suffix}"
            photo.write_to_file(str(source))
            found: dict[str, list[list[float]]] = {"no": [], "yes": []}
            for _ in range(options.rounds):
                for overlap, rows in found.items():
                    rows.append(run(source, source.with_stem(f"restored-{overlap}"), overlap))
            if source.with_stem("restored-no").read_bytes() != source.with_stem("restored-yes").read_bytes():
                sys.exit(f"Overlap has changed the {suffix} file.")
            told = {
                way: [statistics.median(row[index] for row in rows) for index in range(3)]
                for way, rows in found.items()
            }
            (before, computed, peak), (after, computed_too, peak_too) = told["no"], told["yes"]
            cores = os.cpu_count() or 1
            print(
                f"| {suffix} | {before:.1f} | {after:.1f} | {1 - after / before:.0%} | {computed / before / cores:.0%} | "
                f"{computed_too / after / cores:.0%} | {peak:.0f} | {peak_too:.0f} |",
                flush=True,
            )


def run(source: Path, target: Path, overlap: str) -> list[float]:
    """Restore in a process of its own: seconds, processor seconds, peak MB."""
    target.unlink(missing_ok=True)
    words = [sys.executable, "-c", CHILD, str(source), str(target), overlap]
    told: list[float] = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
    return told[:3]


if __name__ == "__main__":
    main()
