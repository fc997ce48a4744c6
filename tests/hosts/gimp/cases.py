"""What GIMP is asked to do in one run, which batch.py does there."""

from __future__ import annotations

MIX = "denoise=1,dejpeg=0.5"
SOFT = {"ellipse": [20, 10, 90, 60], "feather": 12}

FILES = ["rgb8.png", "rgb16.png", "float.tif", "graya8.png", "edge8.png", "wide8.png", "wide16.png"]
PRECISIONS = ["U16_LINEAR", "HALF_NON_LINEAR", "FLOAT_LINEAR", "U32_NON_LINEAR", "DOUBLE_PERCEPTUAL"]
WHOLE = [{"name": f"all-{file}", "file": file} for file in FILES]
SELECTED = [
    *({"name": f"soft-{file}", "file": file, **SOFT} for file in FILES),
    *({"name": f"precision-{name}", "file": "rgb8.png", "precision": name, **SOFT} for name in PRECISIONS),
]
RESTORED = [*WHOLE, *SELECTED]
for case in RESTORED:
    case["arguments"] = {"mix": MIX}
OTHERS = [
    {"name": "best", "file": "rgb8.png", "arguments": {"mix": MIX, "ensemble": True}},
    {"name": "best again", "file": "rgb8.png", "procedure": "plug-in-pip-repeat"},
    {"name": "recipe", "file": "rgb8.png", "arguments": {"recipe": "my album"}},
    {"name": "recipe selected", "file": "rgb8.png", "arguments": {"recipe": "my album"}, **SOFT},
    {"name": "no recipe", "file": "rgb8.png", "arguments": {"recipe": "nonsense"}},
    {"name": "weak", "file": "rgb8.png", "arguments": {"mix": MIX, "strength": 0.4}},
    {"name": "python example", "code": "example.py"},
    {"name": "quick", "file": "rgb8.png", "procedure": "plug-in-pip-dejpeg"},
    {"name": "repeat", "file": "rgb8.png", "procedure": "plug-in-pip-repeat"},
    {"name": "suggest", "file": "dark.png", "procedure": "plug-in-pip-suggest"},
    {"name": "channels", "file": "rgb8.png", "prepare": "channels", "arguments": {"regions": "channels"}},
    {"name": "offset", "file": "rgb8.png", "prepare": "offset", "drawables": "all", "arguments": {"mix": MIX}, **SOFT},
    {"name": "group", "file": "rgb8.png", "prepare": "group", "arguments": {"mix": MIX}},
    {"name": "masked", "file": "rgb8.png", "prepare": "masked", "arguments": {"mix": MIX}, **SOFT},
    {"name": "hidden", "file": "rgb8.png", "prepare": "hidden", "arguments": {"mix": MIX}},
    {"name": "locked", "file": "rgb8.png", "prepare": "locked", "drawables": "child", "arguments": {"mix": MIX}},
    {"name": "text", "file": "rgb8.png", "prepare": "text", "arguments": {"mix": MIX}},
    {"name": "outside", "file": "rgb8.png", "prepare": "outside", "arguments": {"mix": MIX}},
    {"name": "mask", "file": "rgb8.png", "prepare": "masked", "drawables": "mask", "arguments": {"mix": MIX}},
    {"name": "no layer", "file": "rgb8.png", "drawables": "none", "arguments": {"mix": MIX}},
    {"name": "indexed", "file": "rgb8.png", "prepare": "indexed"},
    {"name": "floating", "file": "rgb8.png", "prepare": "floating", **SOFT},
    {"name": "no channel", "file": "rgb8.png", "arguments": {"regions": "channels"}},
    {"name": "no mix", "file": "rgb8.png", "arguments": {"mix": "denoize"}},
    {"name": "killed", "file": "large.png", "arguments": {"mix": MIX}, "signal": "kill-now", "wait": "alive"},
    {"name": "after the kill", "file": "rgb8.png", "arguments": {"mix": MIX}},
    {"name": "cancelled", "file": "large.png", "arguments": {"mix": MIX}, "signal": "cancel-now"},
    {"name": "after the cancel", "file": "rgb8.png", "arguments": {"mix": MIX}},
]
