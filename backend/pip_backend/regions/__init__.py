"""Masks, mixes and recipes, and what the engine needs of them: a coarse prompt map and a strength map by rows.

Nothing here decodes a picture, runs a network or draws on a screen.
"""

from __future__ import annotations

from pip_backend.regions.compile import CompiledRegions, RowSource, compile_regions
from pip_backend.regions.feather import Feathered
from pip_backend.regions.luminosity import LuminosityRange
from pip_backend.regions.masks import Bounds, Combined, Inverted, Mask, RowReader, WholePicture
from pip_backend.regions.mix import Mix
from pip_backend.regions.parse import ParsedRegion, parse_region
from pip_backend.regions.presets import PRESETS, preset
from pip_backend.regions.quantities import Length, Percent
from pip_backend.regions.raster import RasterMask
from pip_backend.regions.recipe import Recipe, recipe_schema
from pip_backend.regions.region import Region, UndecidedRegion
from pip_backend.regions.saved import load_recipe, named_recipe, recipe_folder, saved_recipes
from pip_backend.regions.shapes import Ellipse, LinearGradient, Polygon, RadialGradient, Rectangle

__all__ = [
    "PRESETS",
    "Bounds",
    "Combined",
    "CompiledRegions",
    "Ellipse",
    "Feathered",
    "Inverted",
    "Length",
    "LinearGradient",
    "LuminosityRange",
    "Mask",
    "Mix",
    "ParsedRegion",
    "Percent",
    "Polygon",
    "RadialGradient",
    "RasterMask",
    "Recipe",
    "Rectangle",
    "Region",
    "RowReader",
    "RowSource",
    "UndecidedRegion",
    "WholePicture",
    "compile_regions",
    "load_recipe",
    "named_recipe",
    "parse_region",
    "preset",
    "recipe_folder",
    "recipe_schema",
    "saved_recipes",
]
