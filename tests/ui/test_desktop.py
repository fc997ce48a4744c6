"""What a desktop is told of the program."""

from __future__ import annotations

from configparser import ConfigParser
from importlib.resources import files

from pip_editor.app import program_icon

FOLDER = files("pip_resources") / "desktop"


def test_the_icon_is_drawn_at_every_size(qapp):
    assert not program_icon().isNull()
    for side in (16, 48, 256):
        image = program_icon().pixmap(side, side).toImage()
        assert image.width() == side
        colours = {image.pixelColor(x, side // 2).name() for x in range(0, side, max(1, side // 16))}
        assert len(colours) > 4  # a picture and no blank


def test_the_desktop_entry_names_the_program():
    entry = ConfigParser(interpolation=None, delimiters=("=",))
    entry.optionxform = str
    entry.read_string((FOLDER / "pip-editor.desktop").read_text("utf-8"))
    told = entry["Desktop Entry"]
    assert told["Exec"].split()[0] == told["Icon"] == told["StartupWMClass"] == "pip-editor"
    assert (FOLDER / f"{told['Icon']}.svg").is_file()
    assert {"image/jpeg", "image/png", "image/tiff"} <= set(told["MimeType"].split(";"))
    assert {"GenericName[de]", "GenericName[zh_CN]", "Comment[de]", "Comment[zh_CN]"} <= set(told)
