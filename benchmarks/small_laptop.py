"""Restores 24 MP in the memory of a laptop with 4 GB: `python benchmarks/small_laptop.py [--megapixels 24] [--runtime openvino] [--left 2.5]`.

The process may take no more private memory than what such a laptop has left beside its system and desktop (`--left` GB, held by RLIMIT_DATA, which counts what is asked for and
not only what is used), and is told that the machine has 4 GB, by which tiles are planned. Prints what it took; ends with an error when that was not enough.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

CHILD = """
import json, resource, sys, time
source, target, runtime, limit = sys.argv[1:]
limit = int(limit)
resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
from pip_backend.engine.runtimes import described
described.machine_bytes = lambda: 4_000_000_000
from pip_backend import Mix, Restorer
restorer = Restorer(runtime=runtime, device="cpu")
started = time.monotonic()
report = restorer.restore_file(source, target, Mix.of(denoise=1))
with open("/proc/self/status") as lines:
    peak = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
print(json.dumps({
    "tile px": restorer.network.best_tile,
    "tiles": report.progress.total,
    "seconds": round(time.monotonic() - started, 1),
    "computed seconds": round(time.process_time(), 1),
    "peak MB": round(peak),
    "warnings": list(report.warnings),
}))
"""


def main() -> None:
    """Make a picture, restore it in a process with little memory, print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megapixels", type=float, default=24)
    parser.add_argument("--runtime", default="openvino")
    parser.add_argument("--left", type=float, default=2.5, help="GB")
    options = parser.parse_args()
    import pyvips

    height = round((options.megapixels * 1e6 / 1.5) ** 0.5)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "photo.jpg", Path(folder) / "restored.jpg"
        noise = pyvips.Image.gaussnoise(round(height * 1.5), height, mean=128, sigma=30)
        noise.bandjoin([noise, noise]).cast("uchar").copy(interpretation="srgb").jpegsave(str(source))
        words = [str(source), str(target), options.runtime, str(round(options.left * 1e9))]
        done = subprocess.run([sys.executable, "-c", CHILD, *words], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"It was not enough: {done.stderr.strip().splitlines()[-1] if done.stderr else done.returncode}")
    print(f"{options.megapixels:g} MP, {options.runtime}, {options.left:g} GB left of 4:\n")
    print("| what | measured |\n| --- | --- |")
    for what, value in json.loads(done.stdout).items():
        print(f"| {what} | {value} |")


if __name__ == "__main__":
    main()
