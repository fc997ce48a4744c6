"""Photos made by a formula, the smallest network and the smallest configuration."""

from __future__ import annotations

import csv
import re

import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn import functional

from pip_backend.degradations import DEGRADATIONS
from pip_backend.errors import UsageError
from pip_backend.models import build
from pip_backend.training.config import parse_config
from pip_backend.training.objectives import RestorationObjective
from pip_backend.training.photos import Pair, Photos
from pip_backend.training.sensing import SensorObjective
from pip_backend.training.trainer import Budget, Trainer

NETWORK = {
    "classes": 6,
    "widths": [8, 8],
    "encoder": [1, 1],
    "decoder": [1],
    "prompt_dim": 8,
    "prompt_size": 8,
    "context_size": 32,
    "context_blocks": 1,
}
CPU = torch.device("cpu")
THUMBNAIL = NETWORK["context_size"]
"""Side of the thumbnails, px."""


def picture(height, width, seed):
    """Give (H, W, 3) uint8: soft colours, an edge, and fine texture, between about 40 and 215."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width].astype(np.float64)
    channels = []
    for _ in range(3):
        a, b, c, d = random.uniform(0.5, 2, 4)
        soft = np.sin(a * x / 17 + b) + np.cos(c * y / 13 + d)
        edge = np.where(x + y * random.uniform(-1, 1) > width * random.uniform(0.3, 0.7), 0.6, -0.6)
        channels.append(soft * 28 + edge * 30 + random.normal(0, 4, (height, width)))
    return np.clip(np.round(127 + np.stack(channels, -1)), 0, 255).astype(np.uint8)


def as_tensor(pixels):
    return torch.from_numpy(pixels).permute(2, 0, 1).contiguous()


def reduced(pixels):
    return functional.interpolate(pixels[None].float() / 255, size=(THUMBNAIL, THUMBNAIL), mode="area")[0]


def photos_in_memory(pairs=("denoise", "derain")):
    """Give five clean photos, and pairs whose damage is a lift by 20."""
    clean = []
    for seed in range(5):
        pixels = as_tensor(picture(120 + 8 * seed, 136, seed))
        clean.append(Pair(pixels, pixels, reduced(pixels), reduced(pixels)))
    paired = {}
    for place, name in enumerate(pairs):
        pixels = as_tensor(picture(128, 120, 100 + place))
        lifted = pixels + 20
        paired[name] = (Pair(lifted, pixels, reduced(lifted), reduced(pixels)),)
    return Photos(tuple(clean), paired)


def write_photos(folder, count=3):
    """Write a data folder: clean photos, and a pair of noise and one of rain."""
    (folder / "clean").mkdir(parents=True)
    for seed in range(count):
        Image.fromarray(picture(120, 128 + 8 * seed, seed)).save(folder / "clean" / f"photo_{seed}.png")
    for kind, suffix in (("realnoise", "png"), ("derain", "jpg")):
        for role, seed in (("input", 7), ("target", 8)):
            place = folder / "pairs" / kind / role
            place.mkdir(parents=True)
            Image.fromarray(picture(112, 120, seed)).save(place / f"one.{'png' if role == 'target' else suffix}")
    return folder


def write_set(folder, count=2, size=(48, 56)):
    """Write a set to measure on: input is the target, darker by 10."""
    for role, change in (("input", -10), ("target", 0)):
        (folder / role).mkdir(parents=True)
        for seed in range(count):
            pixels = np.clip(picture(*size, seed).astype(int) + change, 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / role / f"{seed}.png")
    return folder


def config(**changes):
    """Give the configuration of a run that takes seconds."""
    table = {
        "architecture": "pip-compact",
        "network": NETWORK,
        "stages": [{"start": 0.0, "size": 32, "count": 2}],
        "learning_rate": 2e-3,
        "distribution": {"pairs": {"denoise": 0.3}, "types": dict.fromkeys(DEGRADATIONS, 1.0)},
    }
    return parse_config({**table, **changes})


def rng(seed=0):
    return torch.Generator().manual_seed(seed)


def refused(action, *arguments, **settings):
    """Call what must be refused with a UsageError of one sentence, and give the sentence."""
    with pytest.raises(UsageError) as caught:
        action(*arguments, **settings)
    sentence = caught.value.args[0]
    assert re.fullmatch(r"\S.*\.", sentence, re.DOTALL), sentence
    return sentence


def on_steps(pixels):
    """Whether every value is one that 8 bits can hold."""
    levels = pixels * 255
    return bool(((levels - levels.round()).abs() < 1e-3).all() and (pixels >= 0).all() and (pixels <= 1).all())


def check_damage(crops, damaged, thumbnails, drawn):
    """Assert what holds of every damage to crops and the thumbnails of their photos: sizes, 8-bit steps, ranges, an amount for each."""
    assert damaged.shape == crops[0].shape
    assert damaged.dtype == torch.float32
    assert on_steps(damaged)
    assert thumbnails.shape == crops[1].shape
    assert thumbnails.min() >= 0
    assert thumbnails.max() <= 1
    assert drawn["amount"].shape == (len(crops[0]),)
    assert drawn["amount"].min() >= 0
    assert drawn["amount"].max() <= 1


class StopError(Exception):
    """Stands for whatever ends a process."""


def make(photos, folder, settings=None, **options):
    settings = settings or config()
    torch.manual_seed(0)
    network = build(settings.architecture, settings.network)
    objective = RestorationObjective(settings, CPU) if settings.architecture != "sensor" else SensorObjective(64, 8)
    return Trainer(network, settings, photos, folder, device=CPU, objective=objective, grid=8, **options)


def table(path, *without):
    with path.open(newline="") as file:
        return [{key: value for key, value in row.items() if key not in without} for row in csv.DictReader(file)]


def record(trainer, steps, stop=None):
    """Run up to `stop` of `steps`, and give the figures of every step."""
    figures = {}

    def note(step, _fraction, found):
        figures[step] = {name: float(value) for name, value in found.items()}
        if step == stop:
            raise StopError

    trainer.run(Budget(steps=steps), note)
    return figures
