"""Makes the pictures of the editor in the documents, by a journey through it: docs/images/editor-*.png.

    python scripts/make_screenshots.py                       those of the documents
    python scripts/make_screenshots.py --out build/dark --dark --scale 1.5 --size 1280x720 --language de

It needs no screen: Qt draws off screen, the service and the weights that ship restore. Preferences and caches of the user are left alone.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtWidgets import QWidget

    from pip_backend.regions import Mix
    from pip_editor.window import MainWindow

IMAGES = Path(__file__).parents[1] / "docs" / "images"
PHOTO = "dusk_lowlight_couple.jpg"


def main() -> None:
    """Make them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=IMAGES, help="folder (default: docs/images)")
    parser.add_argument("--dark", action="store_true", help="in dark colours")
    parser.add_argument("--scale", type=float, default=1.0, help="screen pixels to a logical one")
    parser.add_argument("--size", default="1280x800", help="of the window (default: %(default)s)")
    parser.add_argument("--language", default="en", help="en, de or zh_CN (default: %(default)s)")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="pip") as home:
        for name in ("CACHE_HOME", "DATA_HOME", "CONFIG_HOME", "STATE_HOME", "RUNTIME_DIR"):
            folder = Path(home) / name.lower()
            folder.mkdir(mode=0o700)
            os.environ[f"XDG_{name}"] = str(folder)
        os.environ.update(QT_QPA_PLATFORM="offscreen", QT_SCALE_FACTOR=str(options.scale))
        _journey(options, Path(home))


def _journey(options: argparse.Namespace, home: Path) -> None:
    from PyQt6.QtGui import QFont  # noqa: PLC0415

    from pip_backend.regions import Ellipse, LinearGradient, Mix, Percent  # noqa: PLC0415
    from pip_client import connect  # noqa: PLC0415
    from pip_editor.app import make_application, make_window  # noqa: PLC0415
    from pip_editor.panels.welcome import samples  # noqa: PLC0415
    from pip_editor.preferences import Preferences  # noqa: PLC0415

    Preferences(language=options.language, theme="dark" if options.dark else "light").save()
    application = make_application()
    application.setFont(QFont("DejaVu Sans", 9))
    window = make_window()
    window.resize(*(int(side) for side in options.size.split("x")))
    window.show()
    take = _camera(options.out)
    take(window, "welcome")

    photo = next(path for path in samples() if path.name == PHOTO)
    window.files.open(photo)
    _wait(lambda: window.document.photo is not None and window.jobs.preview.exchange is not None)
    _pause(500)
    told: list[object] = []
    window.jobs.suggest().ended.connect(lambda: told.append(None))
    _wait(lambda: bool(told))
    window.message.hide()
    editing, document = window.editing, window.document
    editing.set_mix(document.regions[0].uid, Mix.of(brighten=0.6, denoise=0.5, dejpeg=0.3))
    editing.combine(LinearGradient(Percent(0), Percent(5), Percent(0), Percent(50)), "add", "Gradient")
    _wait(lambda: not window.masks.busy)
    _describe(window, "Background", Mix.of(denoise=0.9, brighten=0.5), 0.8)
    editing.add_region()
    editing.combine(Ellipse(Percent(54), Percent(62), Percent(20), Percent(44)), "add", "Ellipse")
    _wait(lambda: not window.masks.busy)
    _pause(500)
    _describe(window, "Couple", Mix.of(brighten=0.6, denoise=0.7), 0.8, feather=60)
    take(window, "regions")

    window.actions_["overlay"].setChecked(False)
    window.actions_["compare"].trigger()
    window.canvas.set_split(0.45)
    _wait(lambda: window.jobs.preview.state == "final")  # all of the photo is in sight
    _pause(500)
    window.message.hide()
    take(window, "compare")

    _dialogs(window, take, home)
    document.undo_stack.setClean()
    window.close()
    application.processEvents()
    with connect("screenshots", start=False) as client:
        client.stop()
    time.sleep(0.5)


def _dialogs(window: MainWindow, take: Callable[[QWidget, str], None], home: Path) -> None:
    """Take pictures of the dialogs."""
    from pip_editor.panels.welcome import samples  # noqa: PLC0415 - after the environment

    preferences = window.desk.open_preferences()
    _wait(preferences.cache.isEnabled)
    take(preferences, "preferences")
    preferences.reject()
    keys = window.desk.open_shortcuts()
    keys.choose("preview")
    take(keys, "keys")
    keys.close()
    models = window.desk.open_models()
    _wait(lambda: "MB" in models.card.toPlainText())
    take(models, "models")
    models.close()
    batch = window.desk.open_batch()
    batch.add(samples())
    batch.form.folder.setText(str(home / "restored"))
    batch.start()
    plan = window.desk.queue.plan
    assert plan is not None
    _wait(lambda: any(item.state == "done" for item in plan.items))
    batch.form.folder.setText("~/Pictures/restored")
    take(batch, "batch")
    window.desk.queue.cancel()
    batch.close()


def _describe(window: MainWindow, name: str, mix: Mix, strength: float, feather: float = 0.0) -> None:
    """Set the active region."""
    active = window.document.active
    assert active is not None
    window.editing.rename(active.uid, name)
    window.editing.set_mix(active.uid, mix)
    window.editing.set_strength(active.uid, strength)
    window.editing.set_feather(active.uid, feather)


def _camera(folder: Path) -> Callable[[QWidget, str], None]:
    """Return what takes a picture of a window."""

    def take(widget: QWidget, name: str) -> None:
        _pause(200)
        path = folder / f"editor-{name}.png"
        if not widget.grab().save(str(path)):
            raise SystemExit(f"{path} cannot be written.")
        print(path)

    return take


def _wait(what: Callable[[], bool], seconds: float = 300.0) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        if time.monotonic() > deadline:
            raise SystemExit("The service did not answer in time.")
        _pause(50)


def _pause(milliseconds: int) -> None:
    from PyQt6.QtTest import QTest  # noqa: PLC0415 - after the environment

    QTest.qWait(milliseconds)


if __name__ == "__main__":
    main()
