"""Batches: which damage, which prompt, which target.

The distribution holds what users do: one damage named; two of which both or one are named (the target keeps the
other); a weight below 1 (the target keeps the rest); a type named that is not there; clean photos with a prompt (the target is
the photo: do no harm); two damages in two soft regions of one photo with a spatial prompt map.
The zero prompt needs no sample where the network returns its input under it by construction.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional

from pip_backend.degradations import DEGRADATIONS
from pip_backend.nets.base import crop_prompts

from .augment import recolour
from .degrade import PHYSICAL_ORDER, generators
from .degrade.base import chance, spread
from .degrade.blur import RADIUS
from .degrade.dark import well_exposed
from .photos import Crops, Pair, Photos, take_crops

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .degrade import Degradation, Parameters

MARGIN = RADIUS + 4
"""Px cut away around a crop after the damage is done: convolutions wrap around there."""


SHIFT = 4
"""Px by which a crop is cut off its centre at most: half a block of JPEG."""


@dataclass(frozen=True)
class Distribution:
    """How often what is trained."""

    types: Mapping[str, float] = field(default_factory=lambda: dict.fromkeys(DEGRADATIONS, 1.0))
    """Relative weight of each degradation."""
    pairs: Mapping[str, float] = field(default_factory=dict)
    """Probability, by degradation, that a sample of it comes from the paired photos."""
    realism: Mapping[str, float] = field(default_factory=dict)
    """Probability, by degradation, that damage is made by the second, more realistic generator: see `degrade.generators`."""
    second: float = 0.15
    """Probability of a second damage."""
    partial: float = 0.5
    """Probability that only one of two damages is named."""
    fraction: float = 0.08
    """Probability of a weight below 1."""
    absent: float = 0.12
    """Probability that a type is named that is not there."""
    clean: float = 0.04
    """Probability that there is no damage at all."""
    spatial: float = 0.08
    """Probability that a sample and its neighbour are composed in two soft regions."""
    reduced: float = 0.0
    """Probability that an undamaged photo is made smaller first (`augment`)."""
    recoloured: float = 0.0
    """Probability that an undamaged photo gets other colours, where neither haze nor darkness is to be told by them."""


@dataclass(frozen=True)
class Batch:
    """What one training step sees."""

    pixels: Tensor
    """(B, 3, S, S) damaged, in [0, 1]."""
    target: Tensor
    thumbnail: Tensor
    """(B, 3, T, T) damaged."""
    prompt: Tensor
    """(B, K, P, P)."""
    rectangle: Tensor
    """(B, 4)."""
    amount: Tensor
    """(B, K): how much of each damage is there, in [0, 1]; 0 where it is not. What the sensor learns."""

    def rows(self, index: Tensor | slice) -> Batch:
        """Return some samples alone; those of a slice are views."""
        return Batch(*(getattr(self, entry.name)[index] for entry in fields(self)))

    def keep_for(self, stream: torch.cuda.Stream) -> None:
        """Tell the allocator that another stream reads this, too."""
        for entry in fields(self):
            getattr(self, entry.name).record_stream(stream)


class Sampler:
    """Draws batches from photos.

    Parameters
    ----------
    photos
        What to draw from.
    distribution
        How often what.
    size
        S, side of the crops that come out, px.
    count
        B.
    grid
        P, side of the prompt map.
    damage
        What damages, by degradation; default: `degrade.generators` with the distribution's realism.

    """

    def __init__(
        self,
        photos: Photos,
        distribution: Distribution,
        *,
        size: int,
        count: int,
        grid: int,
        damage: Mapping[str, Degradation] | None = None,
    ) -> None:
        self.photos, self.distribution = photos, distribution
        self.size, self.count, self.grid = size, count, grid
        hazy, rainy = (
            [(pair.damaged, pair.clean) for pair in photos.pairs.get(name, ())] for name in ("dehaze", "derain")
        )
        self.generators = damage or generators(distribution.realism, hazy, rainy)

    def draw(self, rng: torch.Generator, times: int = 1) -> Batch:
        """Make a batch, or `times` as many samples; the same state of `rng` makes the same batch."""
        first, second, paired = self._types(self.count * times, rng)
        crops = take_crops(
            self._photos(first, paired, rng),
            self.size + 2 * MARGIN,
            rng,
            reduced=self.distribution.reduced,
            margin=MARGIN - SHIFT,
        )
        there = _one_hot(first) | _one_hot(second)
        crops = self._recolour(crops, there, paired, rng)
        named, weight = self._names(there, second, rng)
        pixels, target, thumbnail, amount = self._damage(crops, there, named, paired, rng)
        prompt = (named.float() * weight[:, None])[:, :, None, None].expand(-1, -1, self.grid, self.grid)
        # The rest of a damage that was to be removed in part stays.
        target = target + (1 - weight).view(-1, 1, 1, 1) * (pixels - target)
        batch = self._cut(Batch(pixels, target, thumbnail, prompt, crops.rectangle, amount), rng)
        return self._compose(batch, crops.clean_thumbnail, rng)

    def _types(self, count: int, rng: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """Draw the damages (index, or -1 for none) and whether a sample is from the pairs."""
        chosen, device = self.distribution, rng.device
        weights = torch.tensor([chosen.types.get(name, 0.0) for name in DEGRADATIONS], device=device)
        first = torch.multinomial(weights, count, replacement=True, generator=rng)
        second = torch.multinomial(weights, count, replacement=True, generator=rng)
        draw = torch.rand(3, count, generator=rng, device=device)
        probability = torch.tensor(
            [chosen.pairs.get(name, 0.0) if name in self.photos.pairs else 0.0 for name in DEGRADATIONS],
            device=device,
        )
        paired = draw[0] < probability[first]
        first = torch.where((draw[1] < chosen.clean) & ~paired, -1, first)
        second = torch.where((draw[2] < chosen.second) & (second != first) & ~paired & (first >= 0), second, -1)
        return first, second, paired

    def _photos(self, first: Tensor, paired: Tensor, rng: torch.Generator) -> list[Pair]:
        picked = []
        draw = torch.rand(len(first), generator=rng, device=rng.device).tolist()
        for index, from_pairs, place in zip(first.tolist(), paired.tolist(), draw, strict=True):
            pool = self.photos.pairs[DEGRADATIONS[index]] if from_pairs else self.photos.clean
            picked.append(pool[int(place * len(pool))])
        return picked

    def _recolour(self, crops: Crops, there: Tensor, paired: Tensor, rng: torch.Generator) -> Crops:
        """Give some photos other colours, but not those whose colours tell what haze or darkness did."""
        light = there[:, [DEGRADATIONS.index("dehaze"), DEGRADATIONS.index("brighten")]].any(1)
        rows = (chance(len(there), self.distribution.recoloured, rng) & ~paired & ~light).nonzero()[:, 0]
        if not len(rows):
            return crops
        clean, thumbnail = crops.clean.clone(), crops.clean_thumbnail.clone()
        clean[rows], thumbnail[rows] = recolour(clean[rows], thumbnail[rows], rng)
        return replace(crops, clean=clean, clean_thumbnail=thumbnail)

    def _names(self, there: Tensor, second: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor]:
        """Draw which types the prompt names (B, K) and how much of them (B,)."""
        chosen, count, device = self.distribution, len(there), rng.device
        draw = torch.rand(4, count, generator=rng, device=device)
        named = there.clone()
        drop = (draw[0] < chosen.partial) & (second >= 0)
        keep_second = draw[0] < chosen.partial / 2
        only_second = _one_hot(second)
        named = torch.where((drop & keep_second)[:, None], only_second, named)
        named = torch.where((drop & ~keep_second)[:, None], there & ~only_second, named)
        extra = _one_hot(torch.randint(0, len(DEGRADATIONS), (count,), generator=rng, device=device))
        add = (draw[1] < chosen.absent) | ~there.any(1)
        named = named | (extra & ~there & add[:, None])
        weight = torch.where(draw[2] < chosen.fraction, draw[3], torch.ones_like(draw[3]))
        return named, weight

    def _damage(
        self, crops: Crops, there: Tensor, named: Tensor, paired: Tensor, rng: torch.Generator
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Apply what is there to the pixels, and what is there but not named to the target."""
        pixels, thumbnail = crops.clean.clone(), crops.clean_thumbnail.clone()
        dark = (there[:, DEGRADATIONS.index("brighten")] & ~paired).nonzero()[:, 0]
        if len(dark):
            pixels[dark], thumbnail[dark] = well_exposed(pixels[dark], thumbnail[dark], rng)
        target = pixels.clone()
        amount = there.float() * paired[:, None]
        for name in PHYSICAL_ORDER:
            index = DEGRADATIONS.index(name)
            rows = (there[:, index] & ~paired).nonzero()[:, 0]
            if not len(rows):
                continue
            generator = self.generators[name]
            drawn = generator.sample(crops.clean_thumbnail[rows], pixels.shape[-1], rng)
            pixels[rows] = generator.crop(pixels[rows], drawn, crops.rectangle[rows])
            thumbnail[rows] = generator.thumbnail(thumbnail[rows], drawn, crops.scale[rows])
            amount[rows, index] = drawn["amount"]
            kept = ~named[rows, index]
            if bool(kept.any()):
                left: Parameters = {key: value[kept] for key, value in drawn.items()}
                target[rows[kept]] = generator.crop(target[rows[kept]], left, crops.rectangle[rows[kept]])
        select = paired.view(-1, 1, 1, 1)
        pixels = torch.where(select, crops.damaged, pixels)
        thumbnail = torch.where(select, crops.damaged_thumbnail, thumbnail)
        return pixels, target, thumbnail, amount

    def _cut(self, batch: Batch, rng: torch.Generator) -> Batch:
        """Cut the margin away, off-centre by up to 4 px so that JPEG's grid lies anywhere."""
        whole = batch.pixels.shape[-1]
        shift = torch.randint(-SHIFT, SHIFT, (2,), generator=rng, device=rng.device).tolist()
        top, left = MARGIN + shift[0], MARGIN + shift[1]
        window = (..., slice(top, top + self.size), slice(left, left + self.size))
        box = batch.rectangle
        height, width = box[:, 2] - box[:, 0], box[:, 3] - box[:, 1]
        rectangle = torch.stack(
            [
                box[:, 0] + height * top / whole,
                box[:, 1] + width * left / whole,
                box[:, 0] + height * (top + self.size) / whole,
                box[:, 1] + width * (left + self.size) / whole,
            ],
            dim=1,
        )
        return Batch(batch.pixels[window], batch.target[window], batch.thumbnail, batch.prompt, rectangle, batch.amount)

    def _compose(self, batch: Batch, clean: Tensor, rng: torch.Generator) -> Batch:
        """Lay two damages of one crop into two soft regions of it: samples 0 and 1, perhaps 2 and 3, and so on.

        The second of two is made from another photo; so both are composed only in the sense of a collage: a soft
        mask shows one photo here and the other there, each with its damage, and the prompt map follows.
        """
        wanted = self.distribution.spatial * len(clean) / 2
        pairs = min(int(wanted + float(torch.rand(1, generator=rng, device=rng.device))), len(clean) // 2)
        if not pairs:
            return batch
        side = clean.shape[-1]
        mask = soft_mask(pairs, side, rng)
        first, second = batch.rows(slice(0, 2 * pairs, 2)), batch.rows(slice(1, 2 * pairs, 2))
        over = crop_prompts(mask, first.rectangle, self.size, self.size)
        share = functional.interpolate(mask, size=(self.grid, self.grid), mode="area")
        # Where the second region is not named, its damage stays.
        named = ~spread(chance(pairs, 0.3, rng))
        other = torch.where(named, second.target, second.pixels)

        pixels, target = batch.pixels.clone(), batch.target.clone()
        thumbnail, prompt = batch.thumbnail.clone(), batch.prompt.clone()
        rows = slice(0, 2 * pairs, 2)
        pixels[rows] = torch.lerp(second.pixels, first.pixels, over)
        target[rows] = torch.lerp(other, first.target, over)
        thumbnail[rows] = torch.lerp(second.thumbnail, first.thumbnail, mask)
        prompt[rows] = torch.lerp(second.prompt * named, first.prompt, share)
        return replace(batch, pixels=pixels, target=target, thumbnail=thumbnail, prompt=prompt)


def soft_mask(count: int, side: int, rng: torch.Generator) -> Tensor:
    """(count, 1, side, side) in [0, 1]: blobs with soft borders, about half of the area."""
    hills = torch.randn(count, 1, 4, 4, generator=rng, device=rng.device)
    smooth = functional.interpolate(hills, size=(side, side), mode="bicubic", align_corners=False)
    return torch.sigmoid(smooth * 8)


def _one_hot(index: Tensor) -> Tensor:
    """(B,) with -1 for none to (B, K) booleans."""
    return index[:, None] == torch.arange(len(DEGRADATIONS), device=index.device)
