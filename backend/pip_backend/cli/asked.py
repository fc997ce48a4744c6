"""What the options of `restore` ask for: read once, before any photo is touched, then laid over each."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pip_backend.errors import ModelError, UsageError, quoted
from pip_backend.models import DEFAULT_MODEL, DEFAULT_SENSOR, find_model, is_path
from pip_backend.pictures import read_info, read_mask
from pip_backend.project import ProjectSettings, read_project
from pip_backend.regions import Mix, Region, UndecidedRegion, WholePicture, load_recipe, parse_region

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from pip_backend.pictures import Picture, WriteOptions
    from pip_backend.project import Project
    from pip_backend.regions import ParsedRegion, Recipe
    from pip_backend.restorer import Restorer


@dataclass(frozen=True)
class Asked:
    """What to remove where."""

    mix: Mix | None
    """For the whole photo, under the rest."""
    recipe: Recipe | None
    regions: tuple[ParsedRegion, ...]
    """Over all."""
    strength: float
    """How much of all this to keep; multiplied with the strength of each region."""
    project: Project | None = None
    """Of the editor, or of an earlier restoration: over the recipe, under the regions."""
    skip_clean: bool = False
    """Whether parts are left alone in which the sensor finds nothing of it."""
    model: str = DEFAULT_MODEL
    """Name, or path of a model file."""
    ensemble: bool = False
    """Whether everything is looked at in four ways."""

    @classmethod
    def by(cls, options: argparse.Namespace) -> Asked:
        """Read the options. What they do not say, a project does.

        Raises
        ------
        UsageError, RegionError, PictureError, ModelError
            One of them is wrong, or names what cannot be read or is not there.

        """
        if not 0 <= options.strength <= 1:
            raise UsageError(f"The strength {options.strength:g} is not between 0 and 1.")
        told = (options.degradation, options.region or None, options.recipe, options.project)
        if options.strength != 1 and told == (None, None, None, None):
            raise UsageError("--strength needs a --degradation, --region, --recipe or --project.")
        recipe = None if options.recipe is None else load_recipe(options.recipe)
        project = None if options.project is None else read_project(Path(options.project))
        kept = ProjectSettings() if project is None else project.settings
        if project is not None and kept.model and options.model is None:
            _check_model(project, kept.model)
        skip_clean = (recipe is not None and recipe.skip_clean) or bool(kept.skip_clean)
        asked = cls(
            None if options.degradation is None else Mix.parse(options.degradation),
            recipe,
            tuple(parse_region(text) for text in options.region),
            options.strength,
            project,
            skip_clean if options.skip_clean is None else options.skip_clean,
            (kept.model or DEFAULT_MODEL) if options.model is None else options.model,
            bool(kept.ensemble) if options.ensemble is None else options.ensemble,
        )
        for region in asked.regions:
            if region.path is not None:
                read_info(region.path)
        return asked

    def of(
        self, picture: Picture, restorer: Restorer, tell: Callable[[tuple[str, Mix]], object] = lambda _: None
    ) -> list[Region] | None:
        """Return the regions for one photo, or None when the sensor decides; `tell` is told what it chose for a region."""
        if self.nothing:
            return None
        regions: list[Region] = []
        if self.mix is not None:
            regions.append(Region("photo", WholePicture(), self.mix))

        def suggest(layer: Region) -> Mix:
            mix = restorer.suggest(picture, layer.mask).mix
            tell((layer.name, mix))
            return mix

        if self.recipe is not None or self.project is not None or self.regions:
            width, height = picture.width, picture.height
            if self.recipe is not None:
                regions.extend(self.recipe.regions(width, height, suggest))
            if self.project is not None:
                regions.extend(self.project.over(width, height))
            over = [region.resolve(width, height, read_mask) for region in self.regions]
            regions.extend(
                layer.decided(suggest(layer)) if isinstance(layer, UndecidedRegion) else layer for layer in over
            )
        return [replace(region, strength=region.strength * self.strength) for region in regions]

    def key(self, restorer: Restorer, writing: WriteOptions) -> str:
        """Hash all that a result depends on besides the photo."""
        sensed = self.of_sensor() or self.skip_clean
        told = {
            # What was added later is named only where it is used, so that batches of before go on.
            **({"skip_clean": True} if self.skip_clean else {}),
            **({"ensemble": True} if restorer.ensemble else {}),
            **(
                {}
                if self.project is None
                else {"project": hashlib.sha256(repr(self.project.regions).encode()).hexdigest()}
            ),
            **({} if writing.profile == "keep" else {"profile": writing.profile}),
            "mix": None if self.mix is None else str(self.mix),
            "strength": self.strength,
            "recipe": None if self.recipe is None else self.recipe.to_json(),
            "regions": [str(region) for region in self.regions],
            "masks": [_bytes(region.path) for region in self.regions if region.path is not None],
            "model": restorer.descriptor.identity,
            "sensor": find_model(DEFAULT_SENSOR).descriptor.identity if sensed else None,
            "tile": restorer.tile,
            "writing": [writing.quality, writing.depth, writing.compression, writing.metadata],
        }
        return hashlib.blake2b(json.dumps(told).encode(), digest_size=16).hexdigest()

    def changed(self, photo: Path) -> tuple[str, ...]:
        """Say so where the photo of the project has another content than it had; a photo that was named in its place may."""
        project = self.project
        if project is None or photo.absolute() != project.photo.absolute() or project.is_of(photo):
            return ()
        return (f"It is another photo than it was when {project.name} was saved: the regions may not fit.",)

    @property
    def settings(self) -> ProjectSettings:
        """What a project keeps of this besides the regions."""
        model = str(Path(self.model).absolute()) if is_path(self.model) else self.model
        return ProjectSettings("" if model == DEFAULT_MODEL else model, self.skip_clean, self.ensemble)

    @property
    def nothing(self) -> bool:
        """Whether nothing is named, so that the sensor decides."""
        return self.mix is None and self.recipe is None and self.project is None and not self.regions

    def of_sensor(self) -> bool:
        """Whether the sensor is asked for anything."""
        if self.nothing:
            return True
        if any(region.mix is None for region in self.regions):
            return True
        return self.recipe is not None and any(isinstance(layer, UndecidedRegion) for layer in self.recipe.layers)


def idle(what: list[Region] | None, width: int, height: int) -> list[str]:
    """Say which regions cover nothing of a photo of this size: a slip, most likely."""
    return [
        f"The region {quoted(region.name)} covers nothing of the photo."
        for region in what or ()
        if region.visible and region.mask.constant(width, height) == 0
    ]


def _check_model(project: Project, model: str) -> None:
    try:
        find_model(model)
    except ModelError as error:
        raise ModelError(
            f"{project.name} was restored by the model {quoted(model)}, which is not installed or cannot be read.",
            hint="Import it (`pip-editor models import FILE`), or choose another one with --model.",
        ) from error


def _bytes(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
