"""A plug-in of the tests: uses ours in Krita's window, tells in /work/window.json what was seen, and ends Krita.

What takes time is waited for by a timer, as a user waits: the window goes on living, and how long it stood still at most
while the service worked is told too.
"""

import faulthandler
import hashlib
import json
import os
import sys
import time
import traceback
from pathlib import Path

from krita import Extension, Krita, Selection

try:
    from PyQt5.QtCore import QPoint, QTimer
except ImportError:
    from PyQt6.QtCore import QPoint, QTimer

WORK = Path("/work")
SELECTION = (380, 240, 320, 260)
TICK = 20
PATIENCE = 90 * float(os.environ.get("SLOW", "1"))
"""Seconds for one step."""


def menus(bar):
    """List our entries: the object name of the menu that each is in, and its text."""
    found = {}

    def walk(menu, name):
        for action in menu.actions():
            if action.menu() is not None:
                walk(action.menu(), action.objectName() or action.menu().objectName())
            elif action.objectName().startswith("pip_restore"):
                found[action.objectName()] = [name, action.text().replace("&", "")]

    for action in bar.actions():
        if action.menu() is not None:
            walk(action.menu(), action.objectName())
    return found


def shortcuts():
    """Return our shortcuts, and those that somebody else has too."""
    every = {action.objectName(): action.shortcut().toString() for action in Krita.instance().actions()}
    ours = {name: keys for name, keys in every.items() if name.startswith("pip_restore") and keys}
    clashes = [name for name, keys in every.items() if name not in ours and keys and keys in ours.values()]
    return ours, clashes


class Story:
    """What is done, step by step; each `yield` is something to wait for."""

    def __init__(self):
        self.told = {"error": ""}
        self.pause = 0.0
        self.watched = False

    def docker(self):
        from pip_restore.krita_docker import dockers

        return dockers[-1]

    def state(self, name):
        """Keep what the document is."""
        document = self.document
        document.refreshProjection()
        document.waitForDone()
        pixels = bytes(document.pixelData(0, 0, document.width(), document.height()))
        nodes = [node for node in document.topLevelNodes() if not node.type().endswith("mask")]
        self.told[name] = {
            "layers": [node.name() for node in nodes],
            "masks": [child.type() for child in nodes[-1].childNodes()],
            "shown": hashlib.sha256(pixels).hexdigest(),
            "said": self.docker().panel.status.text(),
        }

    def log(self, text):
        """Say where the story is, for whoever looks why it did not end."""
        with (WORK / "window.log").open("a") as file:
            file.write(f"{time.monotonic():.1f} {text} | {self.docker().panel.status.text()}\n")

    def seen(self, docker):
        """Tell whether the docker floats, is within Krita's window, and shows all that it has."""
        scrolled, main = docker.panel.scrolled, docker.parent()
        within = main.frameGeometry().contains(docker.frameGeometry())
        return docker.isFloating(), within, scrolled.height() <= scrolled.parent().height()

    def idle(self):
        return not self.docker()._worker.busy

    def shoot(self, name):
        """Have a picture of the screen taken."""
        docker = self.docker()
        corner = docker.mapToGlobal(QPoint(0, 0))
        size = f"{docker.width()}x{docker.height()}+{corner.x()}+{corner.y()}"
        (WORK / "shoot.new").write_text(f"{name} {size}\n")
        (WORK / "shoot.new").replace(WORK / "shoot")
        return lambda: not (WORK / "shoot").exists()

    def steps(self):
        krita = Krita.instance()
        window = krita.activeWindow()
        window.qwindow().showMaximized()
        self.told["menu"] = menus(window.qwindow().menuBar())
        self.told["shortcuts"], self.told["clashes"] = shortcuts()
        krita.action("pip_restore_denoise").trigger()
        self.told["no picture"] = self.docker().panel.status.text()
        yield self.shoot("first")  # a second, in which Qt lays it out
        self.told["first"] = self.seen(self.docker())
        docker = self.docker()
        best = {"at first": docker.panel.best.isChecked(), "asked": docker.settings().ensemble}
        docker.panel.best.click()
        self.told["best"] = {**best, "then": docker.settings().ensemble}
        krita.setBatchmode(True)
        self.document = krita.openDocument(str(WORK / "photo.png"))
        krita.setBatchmode(False)
        window.addView(self.document)
        yield lambda: self.document.activeNode() is not None
        selection = Selection()
        selection.select(*SELECTION, 255)
        selection.feather(12)
        self.document.setSelection(selection)
        self.document.waitForDone()
        self.state("before")

        self.watched, begun = True, time.monotonic()
        krita.action("pip_restore_denoise").trigger()
        yield self.idle
        self.watched = False
        self.told["worked"] = time.monotonic() - begun
        self.state("restored")
        krita.action("edit_undo").trigger()
        self.document.waitForDone()
        start = time.monotonic()
        yield lambda: time.monotonic() - start > 1
        self.state("undone")

        docker = self.docker()
        yield from self.editor(docker)
        docker.move(980, 120)
        self.document.setActiveNode(self.document.topLevelNodes()[0])
        docker._set_mix({"denoise": 0.8, "brighten": 0.6})
        yield lambda: docker.panel.preview._after is not None or "service" in docker.panel.status.text()
        yield self.shoot("docker")

        yield from self.recipe(docker)
        yield from self.while_previewing(docker)
        yield from self.masks(docker)
        yield from self.closed(docker, window)
        yield from self.local()

        self.document.setSelection(None)
        self.document.waitForDone()
        krita.action("pip_restore_denoise").trigger()
        start = time.monotonic()
        yield lambda: time.monotonic() - start > 0.3  # the whole photo takes seconds
        self.told["was at work"] = docker._worker.busy
        docker.panel.cancel.click()
        yield self.idle
        self.state("cancelled")

        (WORK / "kill-now").touch()
        yield (WORK / "killed").exists
        krita.action("pip_restore_denoise").trigger()
        yield self.idle
        self.state("gone")

    def editor(self, docker):
        """Open the layer in pip-editor from the menu, take what comes back, and undo that."""
        krita = Krita.instance()
        self.document.setActiveNode(self.document.topLevelNodes()[0])
        krita.action("pip_restore_edit").trigger()
        yield lambda: docker.panel.status.text() == "Waiting for pip-editor"
        self.state("opened")
        yield lambda: not docker._editor.busy
        self.state("edited")
        krita.action("edit_undo").trigger()
        self.document.waitForDone()
        start = time.monotonic()
        yield lambda: time.monotonic() - start > 1
        self.state("edit undone")

    def recipe(self, docker):
        """Choose a recipe that has regions of its own, and none again."""
        chooser, mix = docker.panel.recipe, docker._mix
        chooser.setCurrentIndex(chooser.findText("My album"))
        chooser.activated.emit(chooser.currentIndex())
        seen = {"asked": docker.settings().recipe, "sliders": docker.panel.sliders.isEnabled()}
        yield lambda: docker.panel.status.text().startswith("Preview: PIP: my")
        seen["said"] = docker.panel.status.text()
        yield self.shoot("recipe")
        chooser.setCurrentIndex(0)
        chooser.activated.emit(0)
        docker._set_mix(mix)
        self.told["recipe"] = {
            **seen, "then": docker.settings().recipe, "sliders then": docker.panel.sliders.isEnabled()
        }  # fmt: skip

    def while_previewing(self, docker):
        """Press Restore while a preview is at work, then Cancel; see that the docker still does what it did."""
        docker._timer.stop()
        docker._preview_now()
        docker.panel.restore.click()
        docker.panel.cancel.click()
        yield self.idle
        self.told["stopped twice"] = [docker.panel.restore.isEnabled(), docker.panel.status.text()]
        docker._set_mix(docker._mix)
        yield lambda: docker.panel.status.text().startswith("Preview: ")

    def closed(self, docker, window):
        """Close a picture while its preview is at work; see that nothing of it is kept."""
        krita = Krita.instance()
        krita.setBatchmode(True)
        other = krita.openDocument(str(WORK / "photo.png"))
        krita.setBatchmode(False)
        window.addView(other)
        yield lambda: krita.activeDocument() == other and other.activeNode() is not None
        docker._timer.stop()
        docker._preview_now()
        self.told["previewed"] = docker._worker.busy
        other.setBatchmode(True)
        other.setModified(False)
        other.close()
        yield self.idle
        start = time.monotonic()
        yield lambda: time.monotonic() - start > 1
        open_still = krita.documents() == [self.document]
        self.told["closed"] = [open_still, docker.panel.status.text(), docker._jobs._kept is None, docker._worker._then]

    def local(self):
        """Make a local selection as a user does, and deselect it."""
        from pip_restore.krita_source import selected

        krita, layer, seen = Krita.instance(), self.document.topLevelNodes()[0], []
        for mask in layer.childNodes():
            mask.remove()
        self.document.setActiveNode(layer)
        for action in ("add_new_selection_mask", "deselect", "reselect"):
            krita.action(action).trigger()
            start = time.monotonic()
            yield lambda start=start: time.monotonic() - start > 0.7
            self.document.setActiveNode(layer)
            self.document.waitForDone()
            found = selected(self.document, layer)
            seen.append(None if found is None else [found.x(), found.y(), found.width(), found.height()])
        self.told["local"] = [self.document.selection() is None, *seen]
        for mask in layer.childNodes():
            mask.remove()

    def masks(self, docker):
        """Make a region of the selection, give it a mix, restore, and take the result back."""
        panel, layer = docker.panel, self.document.topLevelNodes()[0]
        said = panel.status.text()
        panel.where.setCurrentIndex(1)
        start = time.monotonic()
        yield lambda: time.monotonic() - start > 1
        self.told["no mask yet"] = panel.status.text() == said  # no complaint while there cannot be one yet
        panel.regions._new.click()
        docker._set_mix({"denoise": 0.5, "dejpeg": 1.0})
        self.told["mask"] = [[child.type(), child.name()] for child in layer.childNodes()]
        docker.resize(340, 760)
        yield lambda: docker.panel.status.text().startswith("Preview: PIP: denoise 0.5")
        yield self.shoot("regions")
        layer.setVisible(False)
        panel.restore.click()
        yield self.idle
        layer.setVisible(True)
        self.state("by masks")
        Krita.instance().action("edit_undo").trigger()
        self.document.waitForDone()
        start = time.monotonic()
        yield lambda: time.monotonic() - start > 1
        self.state("masks undone")
        panel.where.setCurrentIndex(0)


class Window(Extension):
    """Begins when the window is there."""

    def setup(self):
        notifier = Krita.instance().notifier()
        notifier.setActive(True)
        notifier.windowCreated.connect(lambda: QTimer.singleShot(1500, self.begin))

    def createActions(self, window):  # noqa: N802 - Krita's name
        pass

    def begin(self):
        self.crash = (WORK / "crash.txt").open("w")
        faulthandler.enable(self.crash)
        sys.excepthook = self.failed  # Krita's own shows a dialog, for ever
        self.story = Story()
        self.steps = self.story.steps()
        self.wanted = lambda: True
        self.last = self.began = time.monotonic()
        self.timer = QTimer()
        self.timer.timeout.connect(self.tick)
        self.timer.start(TICK)

    def tick(self):
        now = time.monotonic()
        if self.story.watched:
            self.story.pause = max(self.story.pause, now - self.last)
        self.last = now
        try:
            if self.wanted():
                self.wanted = next(self.steps)
                self.story.log(f"waits at line {self.steps.gi_frame.f_lineno}")
                self.last = self.began = time.monotonic()
            elif now - self.began > PATIENCE:
                self.story.told["error"] = f"waited in vain at line {self.steps.gi_frame.f_lineno}"
                self.end()
        except StopIteration:
            self.end()
        except Exception:  # noqa: BLE001 - goes into the report
            self.story.told["error"] = traceback.format_exc()
            self.end()

    def failed(self, kind, error, trace):
        self.story.told["error"] += "".join(traceback.format_exception(kind, error, trace))
        self.end()

    def end(self):
        self.timer.stop()
        self.story.told["longest_pause"] = self.story.pause
        (WORK / "window.json").write_text(json.dumps(self.story.told, indent=1))
        krita = Krita.instance()
        krita.setBatchmode(True)
        for document in krita.documents():
            document.setBatchmode(True)
            document.setModified(False)
            document.close()
        krita.action("file_quit").trigger()


Krita.instance().addExtension(Window(Krita.instance()))
