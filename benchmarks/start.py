"""How long somebody waits who opens a host's plug-in or the editor: `python benchmarks/start.py [--runtime openvino] [--rounds 5] [--pause 1.5]`.

A client starts the service as plug-ins do (asked: at most 1 s until it answers), looks at its window for `--pause` seconds, and asks for a preview of 512 x 512 px
(asked: first pixels within 0.5 s). Then it asks for another one, of other pixels. The first round finds no exports ("cold"), the others do; their medians count.
Beside the seconds that went by stand those that the service's process computed: only these mean something while other programs run, and they count all cores.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runtime", default="openvino")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pause", type=float, default=1.5, help="seconds between the answer and the preview")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        homes = {f"XDG_{kind}_HOME": f"{folder}/{kind.lower()}" for kind in ("CACHE", "STATE", "CONFIG", "DATA")}
        os.environ |= homes | {"XDG_RUNTIME_DIR": f"{folder}/run", "PIP_EDITOR_RUNTIME": options.runtime}
        Path(folder, "run").mkdir(mode=0o700)
        cold, *warm = (one_round(seed, options.pause) for seed in range(options.rounds + 1))
    median = {what: tuple(statistics.median(found[what][i] for found in warm) for i in (0, 1)) for what in cold}
    print(f"{options.runtime}, {options.rounds} rounds, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    print("| what | cold s | computed | warm s | computed |\n| --- | --- | --- | --- | --- |")
    for what in cold:
        numbers = (*cold[what], *median[what])
        print(f"| {what} | {' | '.join(f'{number:.2f}' for number in numbers)} |")


def one_round(seed: int, pause: float) -> dict[str, tuple[float, float]]:
    """Start the service, ask for two previews, stop it; seconds that went by and that were computed, for each step."""
    from pip_client import Picture, connect

    found = {}
    started = time.monotonic()
    with connect("benchmark", timeout=300) as client:
        process = client.info["pid"]
        found["service answers"] = (time.monotonic() - started, computed(process))
        time.sleep(pause)
        for what in ("first preview, first pixels", "second preview, first pixels"):
            started, before = time.monotonic(), computed(process)
            first: list[float] = []
            client.restore(
                Picture(512, 512, "RGB", "u8", noise(seed)),
                {"denoise": 1},
                on_strip=lambda *_, first=first: first.append(time.monotonic()),
            )
            found[what] = (first[0] - started, computed(process) - before)
            seed += 1000
    subprocess.run([sys.executable, "-m", "pip_backend", "service", "stop"], check=True, capture_output=True)
    return found


def noise(seed: int):  # noqa: ANN201
    """Return what gives rows of a picture that no cache knows."""
    import random

    chance = random.Random(seed)  # noqa: S311
    whole = chance.randbytes(512 * 512 * 3)
    return lambda top, bottom: whole[top * 1536 : bottom * 1536]


def computed(process: int) -> float:
    """Return the processor time of a process, seconds."""
    words = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
