"""The program: one application, one window."""

from __future__ import annotations

import functools
import gc
import logging
import signal
from importlib.resources import files as resource_files
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from PyQt6 import sip
from PyQt6.QtCore import QTimer
from PyQt6.QtGui import QIcon
from PyQt6.QtWidgets import QApplication

from pip_editor.faults import Faults
from pip_editor.language import install_language
from pip_editor.screen import check_screen
from pip_editor.style import EditorStyle

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

    from pip_editor.window import MainWindow


def run(files: Sequence[str]) -> int:
    """Show the window with the first of these files, and run until it is closed.

    Raises
    ------
    NoScreenError
        There is no screen, or Qt cannot reach it.

    """
    check_screen()
    _log_to_file()
    application = make_application()
    window = make_window(files)
    window.show()
    faults = Faults(window)
    faults.install()
    signal.signal(signal.SIGINT, lambda *_: application.closeAllWindows())
    ending = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    ending = [number for number in ending if signal.getsignal(number) == signal.SIG_DFL]  # nohup has one ignored
    for number in ending:
        signal.signal(number, functools.partial(_end, window))
    # Python sees signals only while it runs; Qt's loop lets it, a few times a second.
    timer = QTimer()
    timer.timeout.connect(_nothing)
    timer.start(300)
    code = application.exec()
    timer.stop()
    for number in ending:
        signal.signal(number, signal.SIG_DFL)
    faults.remove()
    # Whatever holds pictures of Qt must go before the application does; left to the interpreter's end, the order is by chance.
    sip.delete(window)
    del window
    gc.collect()
    return code


def make_application() -> QApplication:
    """Return the application, made if there is none yet."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    application = QApplication(["pip-editor"])
    application.setApplicationName("pip-editor")
    application.setApplicationDisplayName("pip-editor")
    application.setDesktopFileName("pip-editor")
    application.setStyle(EditorStyle())
    application.setWindowIcon(program_icon())
    install_language(application)
    return application


def program_icon() -> QIcon:
    """Return the program's sign, for the window and the task bar."""
    try:
        return QIcon(str(resource_files("pip_resources") / "desktop" / "pip-editor.svg"))
    except ModuleNotFoundError:
        return QIcon()


def make_window(files: Sequence[str] = ()) -> MainWindow:
    """Return a window that opens the first of these files; the others go into the list of recent ones."""
    from pip_editor import recent  # noqa: PLC0415 - after the application
    from pip_editor.window import MainWindow  # noqa: PLC0415 - after the application

    window = MainWindow()
    for name in reversed(files[1:]):
        recent.remember(Path(name))
    if files:
        window.files.recovery.offer_later()
        QTimer.singleShot(0, lambda: window.files.open(Path(files[0])))
    else:
        QTimer.singleShot(0, window.files.recovery.offer)
    return window


def _log_to_file() -> None:
    folder = platformdirs.user_log_path("pip-editor")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = logging.FileHandler(folder / "editor.log", encoding="utf-8", delay=True)
    except OSError:
        handler = logging.StreamHandler()
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s", handlers=[handler]
    )


def _end(window: MainWindow, number: int, _frame: FrameType | None) -> None:
    """End as the signal would have it; the batch's photo waits again, since it is not what ends the program."""
    window.desk.queue.close()
    signal.signal(number, signal.SIG_DFL)
    signal.raise_signal(number)


def _nothing() -> None:
    """Let Python look at its signals."""
