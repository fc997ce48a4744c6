"""What Krita is asked to do in one run, which krita_driver.py does there."""

from __future__ import annotations

MIX = "denoise=1,dejpeg=0.5"
NAME = "PIP: denoise, dejpeg 0.5"
SELECT = [30, 16, 70, 50]
LINEAR = "sRGB-elle-V2-g10.icc"

FILES = ["rgb8.png", "rgb16.png", "graya8.png", "edge8.png", "wide8.png", "wide16.png"]
FLOATS = {
    "F16": ["RGBA", "F16", LINEAR],
    "F32": ["RGBA", "F32", LINEAR],
    "gray F32": ["GRAYA", "F32", "gray-D50-elle-V2-g10.icc"],
}
RESTORED = [
    *({"name": f"all-{file}", "file": file} for file in FILES),
    *({"name": f"soft-{file}", "file": file, "select": SELECT} for file in FILES),
]
LINEARS = [{"name": f"linear-{name}", "file": "rgb16.png", "convert": to} for name, to in FLOATS.items()]
SELECTED = [case for case in RESTORED if "select" in case] + [
    {**case, "name": f"soft-{case['name']}", "select": SELECT} for case in LINEARS
]
OTHERS = [
    {"name": "recipe", "file": "rgb8.png", "mix": "recipe:my album"},
    {"name": "weak", "file": "rgb8.png", "strength": "0.4"},
    {"name": "best", "file": "rgb8.png", "quality": "best"},
    {"name": "suggest", "file": "dark.png", "mix": "suggest"},
    {
        "name": "masks",
        "file": "rgb8.png",
        "mix": "masks",
        "masks": {"denoise 0.8": [4, 4, 60, 80], "brighten": [76, 4, 60, 80]},
    },
    {"name": "hidden", "file": "graya8.png", "hide": [0, 0, 70, 96], "select": SELECT},
    {"name": "several", "file": "rgb8.png", "second": True},
    {"name": "cmyk", "file": "rgb8.png", "convert": ["CMYKA", "U8", "Chemical proof"]},
    {"name": "no mask", "file": "rgb8.png", "mix": "masks"},
    {"name": "outside", "file": "rgb8.png", "select": [500, 500, 10, 10]},
    {"name": "local", "file": "rgb8.png", "local": {"Selection Mask 1": SELECT}},
    {"name": "region", "file": "rgb8.png", "local": {"denoise 0.8": SELECT}},
    {"name": "removed", "file": "rgb8.png", "meanwhile": "remove"},
    {"name": "removed group", "file": "rgb8.png", "meanwhile": "remove group"},
    {"name": "converted", "file": "rgb8.png", "meanwhile": "convert"},
    {"name": "cropped", "file": "rgb8.png", "meanwhile": "crop"},
    {"name": "moved", "file": "rgb8.png", "meanwhile": "move", "select": SELECT},
    {"name": "alone", "file": "rgb8.png", "select": SELECT, "alone": True},
    {"name": "to a file", "words": ["/work/rgb16.png", "/work/driven.png", MIX, "1"]},
]
EDITED = [
    {"name": "edit", "file": "rgb8.png", "select": SELECT, "edit": "rgb8.png: layer"},
    {"name": "edit 16", "file": "rgb16.png", "edit": "rgb16.png: layer"},
    {"name": "edit masks", "file": "rgb8.png", "masks": {"denoise 0.8": [4, 4, 60, 80]}, "edit": "rgb8.png: layer"},
    {"name": "edit closed", "file": "rgb8.png", "select": SELECT, "edit": "close"},
]
CASES = [*RESTORED, *LINEARS, *SELECTED[len(FILES) :], *OTHERS, *EDITED]
