"""The photo on the screen: opened by `pip_backend.pictures`, shown from a pyramid of halved copies."""

from __future__ import annotations

from pip_editor.picture.look import Look
from pip_editor.picture.photo import Photo, PhotoLoader
from pip_editor.picture.pyramid import Pyramid

__all__ = ["Look", "Photo", "PhotoLoader", "Pyramid"]
