from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

PATH = Path(__file__).parents[2] / "plugin" / "gimp" / "pip_restore" / "gimp_formats.py"


@pytest.fixture(scope="module")
def formats():
    spec = importlib.util.spec_from_file_location("gimp_formats", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SPACE = "-space-0.9642,1.0000_0.6097,0.3111_0.1492,0.0632_0.2053,0.6257_2.199218,2.199218,2.199218"


@pytest.mark.parametrize(
    ("own", "channels", "depth", "babl"),
    [
        ("R'G'B' u8", "RGB", "u8", "R'G'B' u8"),
        ("R'G'B'A u16", "RGBA", "u16", "R'G'B'A u16"),
        ("Y' u8", "GRAY", "u8", "Y' u8"),
        ("Y'A half", "GRAYA", "f16", "Y'A half"),
        ("R'G'B' float", "RGB", "f32", "R'G'B' float"),
        ("R'G'B' u32", "RGB", "f32", "R'G'B' float"),
        ("R'G'B'A double", "RGBA", "f32", "R'G'B'A float"),
        ("RGBA float", "RGBA", "f32", "R'G'B'A float"),
        ("RGB u8", "RGB", "f32", "R'G'B' float"),
        ("YA half", "GRAYA", "f32", "Y'A float"),
        ("Y u16", "GRAY", "f32", "Y' float"),
        ("R~G~B~A u16", "RGBA", "f32", "R'G'B'A float"),
        ("Y~ double", "GRAY", "f32", "Y' float"),
        (f"R'G'B'A u16{SPACE}", "RGBA", "u16", "R'G'B'A u16"),
        ("R'G'B' u8-DisplayP3", "RGB", "u8", "R'G'B' u8"),
        ("Y'A u16-sRGB-linear", "GRAYA", "u16", "Y'A u16"),
        (f"RGB half{SPACE}", "RGB", "f32", "R'G'B' float"),
    ],
)
def test_encoded_samples_that_the_service_knows_are_taken_as_they_are(formats, own, channels, depth, babl):
    assert formats.choose(own) == (channels, depth, babl)


@pytest.mark.parametrize("own", ["\u00e9A", "pal-a1b2", "CMYK u8", "R'G'B'A u8 x", ""])
def test_what_holds_no_photo_is_not_taken(formats, own):
    assert formats.choose(own) is None
