"""How the editor feels on large photos: time to the first pixels, frames while panning, a stroke's events, stalls of the window.

    python benchmarks/feel.py                                 as asked: 100 megapixels, strokes on 50, restoring 12
    python benchmarks/feel.py --first 4 --stroke 4 --masks 4 --restore 1        small, to see that it works
    python benchmarks/feel.py --first 0 --stroke 0 --restore 0                  soft masks of 100 megapixels alone

Rows say what was asked, where something was. "wall" is by the clock and counts on a machine that does nothing else; "own" is processor
time of the window's thread, which other programs lengthen less. Only the last rows need the service; it is started and ended here, with the
weights that ship and a cache of its own.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PyQt6.QtCore import QEvent, QPointF, Qt, QTimer
from PyQt6.QtGui import QMouseEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication
from redraw import restored_window, settle, show_as_restored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from pip_backend.regions import Bounds
    from pip_editor.document.maskchange import MaskView
    from pip_editor.window import MainWindow

FRAMES = 60
HAND = 12
"""Px of the widget between two events of a stroke: a hand that moves 1500 px a second, told 125 times."""
SAMPLE = Path(__file__).parents[1] / "resources" / "samples" / "misty_mountain.jpg"
BEAT = 2
"""Between two looks at whether the window stands still, ms."""


class Spans:
    """Times of something that is done again and again, ms."""

    def __init__(self) -> None:
        self.wall: list[float] = []
        self.own: list[float] = []

    @contextmanager
    def span(self) -> Iterator[None]:
        """Measure once."""
        started, busy = time.perf_counter(), time.thread_time()
        yield
        self.add(time.perf_counter() - started, time.thread_time() - busy)

    def add(self, wall: float, own: float) -> None:
        """Take a measurement, s."""
        self.wall.append(1e3 * wall)
        self.own.append(1e3 * own)


class Stalls(Spans):
    """Looks at the window's thread every `BEAT` ms, and keeps by how much it came late."""

    def __init__(self) -> None:
        super().__init__()
        self._last = (0.0, 0.0)
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT)
        self._timer.timeout.connect(self._beat)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch for as long as this lasts; events must be processed meanwhile."""
        self._last = (time.perf_counter(), time.thread_time())
        self._timer.start()
        yield
        self._beat()
        self._timer.stop()

    def _beat(self) -> None:
        before, self._last = self._last, (time.perf_counter(), time.thread_time())
        self.add(max(self._last[0] - before[0] - BEAT / 1e3, 0.0), self._last[1] - before[1])


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--first", type=float, default=100, help="megapixels to be opened; 0 for none (default: %(default)s)"
    )
    parser.add_argument(
        "--stroke", type=float, default=50, help="megapixels to be painted on; 0 for none (default: %(default)s)"
    )
    parser.add_argument(
        "--masks", type=float, default=100, help="megapixels of whole soft masks; 0 for none (default: %(default)s)"
    )
    parser.add_argument(
        "--restore", type=float, default=12, help="megapixels to be restored; 0 for none (default: %(default)s)"
    )
    parser.add_argument("--seconds", type=float, default=30, help="of restoring at most (default: %(default)s)")
    parser.add_argument("--seen", default="1280x720", help="of the canvas (default: %(default)s)")
    options = parser.parse_args()
    if any(0 < size < 0.1 or size < 0 for size in (options.first, options.stroke, options.masks, options.restore)):
        parser.error("There is nothing to see on photos of less than 0.1 megapixels.")
    seen = tuple(int(side) for side in options.seen.split("x"))
    with tempfile.TemporaryDirectory(prefix="pip") as folder:
        for name in ("CACHE_HOME", "DATA_HOME", "CONFIG_HOME", "STATE_HOME", "RUNTIME_DIR"):
            os.environ[f"XDG_{name}"] = folder
        from pip_editor.app import make_application

        application = make_application()
        print(f"canvas {options.seen}, {os.cpu_count()} processors; load before: {os.getloadavg()[0]:.1f}")
        print(f"{'':<56} {'asked':>6} {'wall, ms: median':>16} {'95 %':>6} {'most':>6} {'own: median':>12} {'most':>6}")
        for suffix in (".jpg", ".tif") if options.first else ():
            _opening(Path(folder), options.first, suffix, seen)
        if options.stroke:
            _painting(Path(folder), options.stroke, seen)
        if options.masks:
            _masks(options.masks)
        if options.restore:
            _restoring(Path(folder), options.restore, options.seconds, seen)
        application.processEvents()


def _opening(folder: Path, megapixels: float, suffix: str, seen: tuple[int, int]) -> None:
    """Open a photo, look at when its first pixels are drawn, and pan."""
    path = _photo(folder, megapixels, suffix)
    window = _new_window(seen)
    first, whole, stalls = Spans(), Spans(), Stalls()
    shown: list[int] = []
    window.files.strip_shown.connect(lambda: shown.append(1))
    with stalls.watching(), whole.span():
        with first.span():
            window.files.open(path)
            _until(lambda: bool(shown))
            window.canvas.repaint()
        _until(lambda: window.document.photo is not None and window.document.photo.complete)
    told = f"{megapixels:g} MP {suffix[1:].upper()}"
    _row(f"{told}: first pixels", first, 3000)
    _row(f"{told}: all pixels", whole)
    _row(f"{told}: the window stands still meanwhile", stalls, 50)
    if suffix == ".jpg":
        _panning(window, told)
    _end(window)
    path.unlink()


def _panning(window: MainWindow, told: str) -> None:
    canvas = window.canvas
    for zoom in (canvas.view.fit_zoom * 1.5, 0.45, 1.0, 3.0):
        canvas.zoom_to(zoom)
        canvas.repaint()
        frames = Spans()
        for number in range(FRAMES):
            with frames.span():
                canvas.set_view(canvas.view.panned(QPointF(17, 11) if number % 20 < 10 else QPointF(-17, -11)))
                QApplication.processEvents()
                canvas.repaint()
        _row(f"{told}: a frame while panning at {zoom:.0%}", frames)


def _painting(folder: Path, megapixels: float, seen: tuple[int, int]) -> None:
    """Paint on a photo of which everything is restored: three regions, one of them of half of the photo."""
    width, height = _sides(megapixels)
    window = restored_window(folder, width, height)
    canvas, actions = window.canvas, window.actions_
    canvas.setFixedSize(*seen)
    QApplication.processEvents()
    told = f"{megapixels:g} MP"
    window.choose_tool("brush")
    for preview in (False, True):
        actions["preview"].setChecked(preview)
        for zoom in (canvas.view.fit_zoom, 1.0):
            canvas.zoom_to(zoom)
            for size in (80, 400, 2000):
                window.settings.size = size
                row = f"{told}: stroke of {size} px at {zoom:.0%}{', preview' if preview else ''}"
                _row(row, _stroke(window), 16)
                window.document.undo_stack.undo()
    actions["preview"].setChecked(False)
    actions["regionsAsOutline"].trigger()
    window.settings.size = 400
    _row(f"{told}: stroke of 400 px at 100%, outlines", _stroke(window), 16)
    actions["regionsAsColour"].trigger()
    actions["preview"].setChecked(True)
    stalls = Stalls()
    for _ in range(3):  # what follows when the hand rests: a job for the service, and a copy of the work
        _stroke(window)
        with stalls.watching():
            QTest.qWait(600)
            window.files.autosave.save()
            QTest.qWait(100)
    _row(f"{told}: the window stands still after a stroke", stalls, 50)
    window.files.autosave.wait()
    _end(window)


def _masks(megapixels: float) -> None:
    """Remove regions with soft masks of all of the photo, change them as a whole, and undo that."""
    from pip_editor.document import Document, Editing
    from pip_editor.work.maskwork import MaskWork

    width, height = _sides(megapixels)
    document = Document()
    document.set_photo(None, width, height)
    editing = Editing(document)
    work = MaskWork(editing, lambda: False)
    stack = document.undo_stack
    copied, removed, changed = Spans(), Spans(), Spans()

    def change(what: Callable[[], None]) -> None:
        what()
        _until(lambda: not work.busy)

    def to_and_fro(spans: Spans) -> None:
        for step in (stack.undo, stack.redo, stack.undo):
            with spans.span():
                step()

    for _ in range(2):
        change(lambda: editing.change_mask(_grain, "Grain", width * height, begins=True))
        assert document.active is not None
        uid = document.active.uid
        with copied.span():
            document.mask(uid).snapshot()
        with removed.span():
            editing.remove_region(uid)
        to_and_fro(removed)
        change(partial(editing.duplicate_region, uid))
        to_and_fro(changed)
        change(editing.invert)
        to_and_fro(changed)
        document.activate(document.regions[0].uid)
    told = f"{megapixels:g} MP soft mask"
    _row(f"{told}: copy for a job", copied, 50)
    _row(f"{told}: its region removed; undone, redone", removed, 50)
    _row(f"{told}: all of it changed; undone, redone", changed, 50)
    work.close()


def _stroke(window: MainWindow) -> Spans:
    """Paint a stroke to and fro; each event is measured until what it changed is drawn."""
    canvas = window.canvas
    middle, reach = QPointF(canvas.width() / 2, canvas.height() / 2), canvas.width() / 4
    spans = Spans()
    if window.jobs.preview.on:
        show_as_restored(window)
    settle(window)
    _mouse(window, QEvent.Type.MouseButtonPress, middle)
    for number in range(FRAMES):
        away = (number * HAND) % (2 * reach)
        place = middle + QPointF(min(away, 2 * reach - away), number % 7)
        with spans.span():
            _mouse(window, QEvent.Type.MouseMove, place)
            settle(window)
    _mouse(window, QEvent.Type.MouseButtonRelease, middle)
    QApplication.processEvents()
    return spans


def _mouse(window: MainWindow, kind: QEvent.Type, place: QPointF) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if kind == QEvent.Type.MouseMove else left
    held = none if kind == QEvent.Type.MouseButtonRelease else left
    canvas = window.canvas
    where = canvas.mapToGlobal(place)
    QApplication.sendEvent(canvas, QMouseEvent(kind, place, where, button, held, Qt.KeyboardModifier.NoModifier))


def _restoring(folder: Path, megapixels: float, seconds: float, seen: tuple[int, int]) -> None:
    """Restore with the service, by a preview and an export at once, and look at how long the window stands still."""
    from pip_backend.pictures import WriteOptions
    from pip_backend.regions import Ellipse, Mix

    path = _photo(folder, megapixels, ".png")
    window = _new_window(seen)
    window.files.open(path)
    _until(lambda: window.document.photo is not None and window.document.photo.complete)
    editing, document = window.editing, window.document
    editing.set_mix(document.regions[0].uid, Mix.of(denoise=0.5, dejpeg=0.5))
    editing.combine(
        Ellipse(document.width / 2, document.height / 2, document.width / 4, document.height / 4), "add", "E"
    )
    _until(lambda: not window.masks.busy)
    assert document.active is not None
    editing.set_mix(document.active.uid, Mix.of(dehaze=1))
    stalls, finished, failed = Stalls(), [], []
    window.jobs.preview.finished.connect(lambda: finished.append(1))
    window.jobs.preview.failed.connect(lambda *words: failed.append(" ".join(words)))
    with stalls.watching():
        window.actions_["preview"].setChecked(True)
        window.jobs.export(folder / "restored.png", WriteOptions())
        deadline = time.monotonic() + seconds
        _until(lambda: bool(finished or failed) or time.monotonic() > deadline)
    if failed or window.jobs.preview.valid.isEmpty():
        _end(window)
        _stop_service()
        sys.exit(failed[0] if failed else f"Nothing was restored in {seconds:g} s; give it more --seconds.")
    told = "all is restored" if finished else f"restoring for {seconds:g} s"
    _row(f"{megapixels:g} MP: the window stands still while {told}", stalls, 50)
    _end(window)
    _stop_service()


def _grain(before: MaskView) -> tuple[Bounds, Callable[[Bounds], NDArray[np.uint8]]]:
    """Select softly everywhere, with fine grain, which packs worst."""
    grain = np.random.default_rng(1).integers(1, 200, (512, 512), np.uint8)

    def tile(place: Bounds) -> NDArray[np.uint8]:
        row, column = place.top // 256 % 256, place.left // 256 % 256
        return grain[row : row + place.bottom - place.top, column : column + place.right - place.left]

    return before.bounds, tile


def _stop_service() -> None:
    """End it; it may be too busy to answer at once."""
    from pip_client import ServiceError, connect

    for _ in range(20):
        try:
            with connect("feel", start=False) as client:
                client.stop()
        except ServiceError:
            time.sleep(1)
        else:
            time.sleep(0.5)  # it writes to the folder that is removed next
            return


def _photo(folder: Path, megapixels: float, suffix: str) -> Path:
    """Write an enlarged sample with noise, so that it is as hard to decode as a photo."""
    import pyvips

    width, height = _sides(megapixels)
    sample = pyvips.Image.new_from_file(str(SAMPLE), access="sequential")
    large = sample.resize(width / sample.width, vscale=height / sample.height)
    noisy = (large + pyvips.Image.gaussnoise(large.width, large.height, sigma=4)).cast("uchar")
    path = folder / f"photo{suffix}"
    noisy.write_to_file(str(path), **({"Q": 92} if suffix == ".jpg" else {}))
    return path


def _sides(megapixels: float) -> tuple[int, int]:
    height = round((megapixels * 1e6 / 1.5) ** 0.5)
    return round(1.5 * height), height


def _new_window(seen: tuple[int, int]) -> MainWindow:
    from pip_editor.app import make_window

    window = make_window()
    window.show()
    window.canvas.setFixedSize(*seen)
    QApplication.processEvents()
    return window


def _until(what: Callable[[], bool]) -> None:
    while not what():
        QApplication.processEvents()
        time.sleep(0.001)


def _end(window: MainWindow) -> None:
    window.jobs.exports.cancel()
    window.document.undo_stack.setClean()
    window.close()
    QApplication.processEvents()


def _row(name: str, spans: Spans, asked: float | None = None) -> None:
    wall = sorted(spans.wall)
    late = wall[min(int(0.95 * len(wall)), len(wall) - 1)]
    limit = "" if asked is None else f"{asked:g}"
    print(
        f"{name:<56} {limit:>6} {statistics.median(wall):>16.1f} {late:>6.1f} {wall[-1]:>6.1f} "
        f"{statistics.median(spans.own):>12.1f} {max(spans.own):>6.1f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
