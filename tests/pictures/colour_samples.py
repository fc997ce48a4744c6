"""Pictures of every colour model, and the ways from their samples to working values and back."""

import icc_samples
import numpy as np
from icc_samples import gamma, gray_profile

from pip_backend.pictures import PictureInfo, colour

CMYK = icc_samples.cmyk_profile()

MODELS = {
    "srgb 8": PictureInfo(9, 7, "rgb"),
    "srgb 16": PictureInfo(9, 7, "rgb", dtype=np.dtype("u2"), icc=icc_samples.SRGB),
    "srgb float": PictureInfo(9, 7, "rgb", dtype=np.dtype("f4"), icc=icc_samples.SRGB),
    "linear float": PictureInfo(9, 7, "rgb", dtype=np.dtype("f4")),
    "linear gray": PictureInfo(9, 7, "gray", dtype=np.dtype("f4")),
    "p3 8": PictureInfo(9, 7, "rgb", icc=icc_samples.DISPLAY_P3),
    "p3 16": PictureInfo(9, 7, "rgb", dtype=np.dtype("u2"), icc=icc_samples.DISPLAY_P3),
    "adobe 16": PictureInfo(9, 7, "rgb", dtype=np.dtype("u2"), icc=icc_samples.ADOBE_RGB),
    "adobe 16 alpha": PictureInfo(9, 7, "rgb", alpha=True, dtype=np.dtype("u2"), icc=icc_samples.ADOBE_RGB),
    "prophoto float": PictureInfo(9, 7, "rgb", dtype=np.dtype("f4"), icc=icc_samples.PROPHOTO),
    "gray": PictureInfo(9, 7, "gray", alpha=True),
    "gray gamma 16": PictureInfo(9, 7, "gray", dtype=np.dtype("u2"), icc=gray_profile(gamma(2.2))),
    "cmyk": PictureInfo(9, 7, "cmyk"),
    "cmyk profile 16": PictureInfo(9, 7, "cmyk", alpha=True, dtype=np.dtype("u2"), icc=CMYK),
}


def bits(array):
    return array.view(f"u{array.dtype.itemsize}")


def model_of(info):
    return colour.choose_model(info).model


def working_of(info, pixels):
    return colour.to_working(model_of(info), pixels, info.colours)


def carried(info, pixels, restored, working=None):
    working = working_of(info, pixels) if working is None else working
    return colour.carry(model_of(info), pixels, working, restored, info)
