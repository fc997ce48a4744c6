"""Memory depends on the width of a picture and not on its height."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from picture_samples import info_of, write

JOURNEY = """
import json, resource, sys
import numpy as np
from pip_backend.pictures import PictureWriter, open_picture

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)

with open_picture(sys.argv[1]) as picture:
    start = peak()
for path in sys.argv[2:]:
    with open_picture(path) as picture, PictureWriter(path + "-out." + path.rsplit(".", 1)[1], picture.info) as writer:
        picture.digest()
        picture.thumbnail(32, 32)
        for top in range(0, picture.height, 64):
            bottom = min(top + 64, picture.height)
            native, working = picture.native(top, bottom), picture.working(top, bottom)
            writer.write(picture.carry_back(top, native, working, working * np.float32(0.5)))
print(json.dumps(peak() - start))
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no such measure")
@pytest.mark.parametrize("suffix", [".tif", ".png", ".jpg"])
def test_a_tall_picture_goes_from_file_to_file_in_little_memory(tmp_path, suffix):
    """46 MB of samples, 184 MB of working values; the process may grow by less than 25 MB over a picture of 4 rows."""
    width, height = 256, 60_000
    ramp = np.arange(width, dtype=np.uint8)[None, :, None]
    strip = np.broadcast_to(ramp, (height, width, 3))
    tall = np.ascontiguousarray(strip)
    small = tmp_path / f"small{suffix}"
    write(small, info_of(tall[:4]), tall[:4])
    compression = {} if suffix == ".jpg" else {"compression": "none"}
    write(tmp_path / f"tall{suffix}", info_of(tall), tall, **compression)
    command = [sys.executable, "-c", JOURNEY, str(small), str(tmp_path / f"tall{suffix}")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) < 25
