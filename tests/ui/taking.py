"""Takes pictures of the window's views, always the same: `python -m tests.ui.taking FOLDER`, or `make snapshots` for those that are kept.

    python -m tests.ui.taking build/snapshots

Each scale has a process of its own, since Qt is told of it before it starts; so nothing that other tests did to the application is seen
either. Pinned are font, its size and hinting, palette, language, window size, scale, the photo and what the service answers.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

QT = "6.11"
"""Version of Qt that the kept pictures were made with; another one may draw a button elsewhere."""
FONTS = {
    "DejaVuSans.ttf": "49c0f03ec2fa354df7002bcb6331e106",
    "DejaVuSans-Bold.ttf": "21546d802d508f3d358082d85bc0d9f1",
}
"""DejaVu Sans 2.37 as matplotlib brings it: MD5 of each file."""
KEPT = Path(__file__).parent / "snapshots"
ROOT = Path(__file__).parents[2]
SCALES = (1, 2)
WIDTHS = {1: 900, 2: 968}
"""Of the window, px: what it had when the pictures that are kept were made, at twice the size the least that there was then."""


def font_files() -> list[Path]:
    """Return where the font is."""
    import matplotlib as mpl

    return [Path(mpl.get_data_path()) / "fonts" / "ttf" / name for name in FONTS]


def obstacle() -> str:
    """Say why pictures of this machine cannot be compared with those that are kept; "" if they can."""
    from PyQt6.QtCore import qVersion

    version = qVersion() or ""
    if version.rpartition(".")[0] != QT:
        return f"the snapshots were made with Qt {QT}, this is {version}; `make snapshots` makes them anew"
    if sys.platform != "linux":
        return f"the snapshots were made on Linux, this is {sys.platform}: glyphs are drawn by another engine"
    try:
        digests = [hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest() for path in font_files()]
    except (ImportError, OSError) as error:
        return f"the snapshots' font is not there: {error}"
    return "" if digests == list(FONTS.values()) else "matplotlib brings another font than the snapshots were made with"


def take_all(folder: Path) -> None:
    """Take all pictures, scale by scale, into a folder that is there."""
    pinned = {
        "QT_QPA_PLATFORM": "offscreen",
        "QT_FONT_DPI": "96",
        "QT_ENABLE_HIGHDPI_SCALING": "1",
        "QT_STYLE_OVERRIDE": "",
        "LC_ALL": "C.UTF-8",
        "OMP_NUM_THREADS": "1",
    }
    with tempfile.TemporaryDirectory(prefix="pip") as home:
        for name in ("CACHE_HOME", "DATA_HOME", "CONFIG_HOME", "STATE_HOME", "RUNTIME_DIR"):
            pinned[f"XDG_{name}"] = home
        # No font of the system, nor what it wishes of their outlines.
        pinned["FONTCONFIG_FILE"] = str(Path(home) / "fonts.conf")
        Path(home, "fonts.conf").write_text(f"<fontconfig><cachedir>{home}</cachedir></fontconfig>")
        plain = {name: value for name, value in os.environ.items() if not name.startswith("QT_")}
        for scale in SCALES:
            environment = plain | pinned | {"QT_SCALE_FACTOR": str(scale)}
            command = [sys.executable, "-m", "tests.ui.taking", str(folder.absolute()), "--scale", str(scale)]
            subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=120)


def main() -> None:
    """Take all of them, or those of one scale in this process."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=KEPT, help="where to put them (default: those kept)")
    parser.add_argument("--scale", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.scale is not None:
        _take(options.folder, options.scale)
        return
    if (reason := obstacle()) and options.folder == KEPT:
        print(f"Note: {reason}.", file=sys.stderr)
    take_all(options.folder)
    files = sorted(options.folder.glob("*.png"))
    print(f"{len(files)} pictures, {sum(file.stat().st_size for file in files) / 1000:.0f} kB in {options.folder}")


def _take(folder: Path, scale: int) -> None:
    from PyQt6.QtGui import QFont, QFontDatabase, QImage
    from PyQt6.QtWidgets import QApplication

    from pip_editor.app import make_application
    from pip_editor.preferences import Preferences
    from pip_editor.window import MainWindow
    from pip_editor.work import RestorationClient

    from .conftest import FakeClient

    Preferences(language="en", theme="light").save()
    application = make_application()
    for file in font_files():
        QFontDatabase.addApplicationFont(str(file))
    font = QFont("DejaVu Sans", 9)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setStyleStrategy(QFont.StyleStrategy.NoSubpixelAntialias | QFont.StyleStrategy.NoFontMerging)
    application.setFont(font)
    window = MainWindow(RestorationClient(FakeClient))
    window.resize(WIDTHS[scale], 600)
    window.show()

    def take(name, widget) -> None:
        QApplication.processEvents()
        image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
        assert image.devicePixelRatio() == scale, image.devicePixelRatio()
        suffix = "" if scale == 1 else f"@{scale}x"
        _save(image, folder / f"{name}{suffix}.png")

    _walk(window, take, scale)
    window.document.undo_stack.setClean()
    window.close()
    application.processEvents()
    del window


def _walk(window, take, scale) -> None:
    """Go through the views. At twice the size only those are taken that draw by themselves."""
    from PyQt6.QtWidgets import QToolBar

    from pip_editor.preferences import Preferences

    def theme(name) -> None:
        window.desk.apply(Preferences(language="en", theme=name))

    canvas, actions = window.canvas, window.actions_
    if scale == 1:
        take("welcome", window)
        theme("dark")
        take("welcome-dark", window)
        theme("light")
    _open(window)
    _regions(window)
    if scale == 1:
        take("regions", window)
        theme("dark")
        take("regions-dark", window)
        theme("light")
    else:
        canvas.zoom_to(2.5)
        take("canvas-overlay", canvas)
        theme("dark")
        take("tools-dark", window.findChild(QToolBar, "toolBar"))
        theme("light")
    actions["regionsAsOutline"].trigger()
    canvas._march.stop()
    canvas.regions.phase = 0
    take("canvas-outline", canvas)
    actions["regionsAsMask"].trigger()
    if scale == 1:
        take("canvas-mask", canvas)
    actions["regionsAsColour"].trigger()
    actions["overlay"].setChecked(False)
    actions["compare"].trigger()
    canvas.set_split(0.55)
    _wait(lambda: window.jobs.preview.state == "final")
    window.message.hide()
    take("canvas-split", canvas)
    actions["compare"].trigger()
    actions["preview"].setChecked(False)
    if scale == 1:
        actions["suggest"].trigger()
        _wait(lambda: window.heat.map is not None)
        window.message.hide()
        window.heat.panel.maps.setCurrentIndex(1)
        take("canvas-heat", canvas)
        take("panel-heat", window.regions.mix)


def _open(window) -> None:
    import numpy as np
    from PIL import Image

    y, x = np.mgrid[0:240, 0:320]
    # Squares of 40 px: few colours, so that files are small.
    pixels = np.stack([x // 40 * 32, y // 40 * 42, 40 + (x + y) // 80 * 28], axis=-1).astype(np.uint8)
    path = Path(os.environ["XDG_CACHE_HOME"]) / "photo.png"
    Image.fromarray(pixels).save(path)
    window.files.open(path)
    _wait(lambda: window.document.photo is not None and window.document.photo.complete)
    window.canvas.setFocus()


def _regions(window) -> None:
    from pip_backend.regions import Ellipse, Mix, Polygon

    editing, document = window.editing, window.document
    editing.set_mix(document.regions[0].uid, Mix.of(denoise=0.5, dejpeg=0.25))
    for shape, name, mix, strength, feather in (
        (Ellipse(110, 120, 80, 90), "Sky", Mix.of(dehaze=0.8, denoise=0.3), 1.0, 24.0),
        (Polygon(((150, 60), (300, 90), (250, 210), (170, 180))), "Street", Mix.of(derain=1.0, brighten=0.6), 0.7, 0.0),
    ):
        editing.add_region()
        editing.combine(shape, "add", "Shape")
        _wait(lambda: not window.masks.busy)
        uid = document.active.uid
        editing.rename(uid, name)
        editing.set_mix(uid, mix)
        editing.set_strength(uid, strength)
        editing.set_feather(uid, feather)


def _wait(what) -> None:
    from PyQt6.QtTest import QTest

    for _ in range(3000):
        if what():
            return
        QTest.qWait(10)
    raise SystemExit("The window did not come to rest.")


def _save(image, path) -> None:
    """Write the smaller one of two PNGs: lines of text are best kept as they are, areas by how they differ from their neighbours."""
    import numpy as np
    import pyvips

    width, height = image.width(), image.height()
    rows = np.frombuffer(image.constBits().asarray(image.sizeInBytes()), np.uint8).reshape(height, -1)
    picture = pyvips.Image.new_from_array(rows[:, : 3 * width].reshape(height, width, 3).copy())
    files = [picture.pngsave_buffer(compression=9, filter=how, keep="none") for how in ("none", "all")]
    path.write_bytes(min(files, key=len))


if __name__ == "__main__":
    main()
