"""Runs inside GIMP with a window (python-fu-eval): shows /work/photo.png and answers questions about it until told to stop.

A question is a file /work/ask-N, the answer is /work/answer-N, JSON. They come from gui.sh, which presses the keys.
"""

import hashlib
import json
import time
from pathlib import Path

from gi.repository import Babl, Gegl, Gimp, Gio

WORK = Path("/work")


def digest(drawable):
    """Return a hash of all pixels."""
    where = Gegl.Rectangle.new(0, 0, drawable.get_width(), drawable.get_height())
    own = Babl.get_name(drawable.get_format())
    return hashlib.sha256(drawable.get_buffer().get(where, 1.0, own, Gegl.AbyssPolicy.NONE)).hexdigest()


def state(image):
    """Tell what the image is."""
    copy = image.duplicate()
    Gimp.Selection.none(copy)
    shown = digest(copy.merge_visible_layers(Gimp.MergeType.CLIP_TO_IMAGE))
    copy.delete()
    return {
        "layers": [layer.get_name() for layer in image.get_layers()],
        "masks": [layer.get_mask() is not None for layer in image.get_layers()],
        "photo": digest(image.get_layers()[-1]),
        "shown": shown,
        "selection": digest(image.get_selection()),
        "channels": len(image.get_channels()),
    }


def main():
    """Answer until `quit`."""
    image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(str(WORK / "photo.png")))
    image.select_ellipse(Gimp.ChannelOps.REPLACE, 440, 30, 480, 600)
    Gimp.Selection.feather(image, 60)
    Gimp.Display.new(image).present()
    number, word = 0, ""
    while word != "quit":
        ask = WORK / f"ask-{number}"
        if not ask.exists():
            time.sleep(0.05)
            continue
        word = ask.read_text().strip()
        (WORK / "answer.new").write_text(json.dumps(state(image)))
        (WORK / "answer.new").replace(WORK / f"answer-{number}")
        number += 1


main()
