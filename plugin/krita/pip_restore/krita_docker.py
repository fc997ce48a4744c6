"""The docker: what to remove and where, a preview, Restore.

The docker draws and asks; what takes time is a job (`krita_jobs`) in a thread (`krita_thread`). Regions are the document's
own masks (`krita_regions`), so nothing has to be kept here but what the sliders say of the selection.
"""

from __future__ import annotations

from krita import DockWidget, Krita
from pip_client import Cancelled, ServiceError
from pip_plugin import BY_CHANNELS, BY_SELECTION, HIDDEN, SUGGEST, PluginError, Settings, mix_text, t, told

from .krita_edit import OPEN, STOP, UNEXPECTED, Editor
from .krita_jobs import Jobs
from .krita_lists import Lists
from .krita_panel import Panel
from .krita_preview import image_of
from .krita_qt import QApplication, QIcon, QTimer
from .krita_source import is_open, is_seen, layer_of, selected
from .krita_thread import Worker

TITLE = "PIP Restore"
GROUP = "pip_restore"
LAST = "last"
"""Where Krita keeps the last settings, for *Repeat*."""

SHOWN = "shown"
"""Where Krita keeps that the docker has been shown."""

BEST = "best"
"""Where Krita keeps that the best quality is wanted."""

_PAUSE = 400
"""Milliseconds without a change before a preview begins."""
_MESSAGE = 8000
"""Milliseconds that a message stays over the canvas."""

dockers: list = []
"""All dockers, one a window."""


class Docker(DockWidget):
    """What Krita shows."""

    def __init__(self):
        super().__init__()
        self.setWindowTitle(TITLE)
        self._worker = Worker()
        self._jobs = Jobs(self._worker)
        self._editor = Editor()
        self._mix = {}
        self._recipe = ""
        self._restoring = None
        """The port that is restored, or waits for that."""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self._preview_now)
        self._arrival = QTimer(self)
        self._arrival.setSingleShot(True)
        self._arrival.timeout.connect(self._arrived)
        self.panel = Panel()
        self._lists = Lists(self._worker, self.panel)
        self.panel.best.setChecked(Krita.instance().readSetting(GROUP, BEST, "") == "yes")
        self.setWidget(self.panel)
        self._connect()
        self._show_state()
        dockers.append(self)
        self.destroyed.connect(lambda *_: self._gone())  # with its window

    def _connect(self):
        panel = self.panel
        panel.preview.moved.connect(self._soon)
        panel.where.currentIndexChanged.connect(self._where_chosen)
        panel.regions.chosen.connect(self._region_chosen)
        panel.sliders.changed.connect(self._slid)
        panel.recipe.activated.connect(self._recipe_chosen)
        panel.best.toggled.connect(lambda on: Krita.instance().writeSetting(GROUP, BEST, "yes" if on else ""))
        for signal in (
            panel.strength.changed,
            panel.model.currentIndexChanged,
            panel.best.toggled,
            panel.live.toggled,
        ):
            signal.connect(self._soon)
        panel.suggest.clicked.connect(lambda: self._guarded(self.suggest))
        panel.restore.clicked.connect(lambda: self.restore(self.settings()))
        panel.cancel.clicked.connect(self._worker.stop)
        panel.edit.clicked.connect(self.edit)
        self._editor.said.connect(self._editor_said)
        self._editor.complained.connect(self.complain)
        self._editor.changed.connect(self._editor_changed)
        self._lists.refilled.connect(self._refilled)
        self._worker.progress.connect(self._progressed)
        self._worker.changed.connect(self._show_state)
        for ending in (self._worker.close, self._editor.close):
            QApplication.instance().aboutToQuit.connect(ending)

    def _gone(self):
        """End what is under way: there is no window left in which to stop it, or to say what came of it."""
        dockers.remove(self)
        self._worker.close()
        self._editor.close()

    # -- what Krita calls

    def canvasChanged(self, canvas):  # noqa: N802 - Krita's name
        """Another picture is in front, or none."""
        self.panel.preview.clear()
        # Not at once: Krita calls this also while it takes its window apart, and asking for its documents ends it then.
        if canvas is not None:
            self._arrival.start()
        else:
            self._jobs.keep(())

    def _arrived(self):
        self._jobs.keep(Krita.instance().documents())
        self._refresh_regions()

    def enterEvent(self, event):  # noqa: N802 - Qt's name
        """See which masks there are when the pointer comes in, since Krita tells of no change."""
        self._refresh_regions()
        self._lists.begin()
        super().enterEvent(event)

    def present(self):
        """Bring the docker to the front.

        The first time it floats, as a filter's window does: Krita gives a new docker a corner that is too low to work in. Wherever it is
        put then, Krita keeps it there.
        """
        self.setVisible(True)
        if not Krita.instance().readSetting(GROUP, SHOWN, ""):
            Krita.instance().writeSetting(GROUP, SHOWN, "yes")
            self.panel.float_whole(self)
        self.raise_()
        self._lists.renew()

    # -- from the widgets to the settings, and back

    @property
    def by_masks(self):
        """Whether masks are the regions."""
        return self.panel.where.currentData() == BY_CHANNELS

    def settings(self):
        """Return what the widgets say."""
        mix = mix_text(self._mix) or SUGGEST
        panel = self.panel
        model, where = panel.model.currentData() or "", panel.where.currentData()
        return Settings(mix, panel.strength.value, model, where, panel.best.isChecked(), self._recipe)

    def _where_chosen(self, _index):
        self.panel.regions.setVisible(self.by_masks)
        if self.by_masks:
            self._drop_recipe()
        self._refresh_regions()
        self._soon()

    def _refresh_regions(self):
        self.panel.regions.refresh()
        self._region_chosen()

    def _region_chosen(self):
        mix = {} if self._recipe else self._mix
        self.panel.sliders.mix = self.panel.regions.mix if self.by_masks else mix
        somewhere = not self.by_masks or self.panel.regions.current is not None
        self.panel.sliders.setEnabled(somewhere and not self._recipe)

    def _slid(self):
        if self.by_masks:
            self.panel.regions.mix = self.panel.sliders.mix
        else:
            self._mix = self.panel.sliders.mix
        self._soon()

    def _set_mix(self, mix):
        self.panel.sliders.mix = mix
        self._slid()

    def _recipe_chosen(self, _index):
        recipe = self.panel.recipe.currentData()
        more = recipe is not None and not recipe["mix"]  # regions of its own, or something that is left to the sensor
        self._recipe = recipe["name"] if more else ""
        if more:
            self.panel.where.setCurrentIndex(0)
        elif recipe is not None:
            self.panel.strength.value = float(recipe.get("strength", 1.0))
            self._set_mix(recipe["mix"])
        self._region_chosen()
        self._soon()

    def _drop_recipe(self):
        if self._recipe:
            self._recipe = ""
            self.panel.recipe.setCurrentIndex(0)
            self._region_chosen()

    def _refilled(self):
        if self.panel.recipe.currentData() is None:  # the chosen one is not there any more
            self._drop_recipe()

    # -- what is done

    def restore(self, settings):
        """Restore the layer that is chosen; the result is put above it."""
        self._guarded(lambda: self._begin(settings))

    def _begin(self, settings):
        document, node = chosen()
        port, job = self._jobs.restoration(document, node, settings)
        self._restoring = port
        self._timer.stop()
        self._worker.start(job, lambda done: self._restored(port, done, settings), lambda e: self._failed(e, port))

    def _restored(self, port, done, settings):
        self._ended(port)
        self._lists.renew()
        self._guarded(lambda: self._put_in(port, done, settings))

    def _ended(self, port):
        if self._restoring is port:  # not another one, which waits
            self._restoring = None

    def _put_in(self, port, done, settings):
        layer = port.insert(done.name)
        if layer is None:
            self.say(t("The picture was closed before the result was ready."))
            return
        Krita.instance().writeSetting(GROUP, LAST, settings.to_json())
        if settings.mix == SUGGEST and settings.regions == BY_SELECTION and not settings.recipe and not self._mix:
            self._mix = done.mix  # what was proposed; sliders that somebody has moved meanwhile stay
            self._region_chosen()
        hidden = () if is_seen(port.node) else (t(HIDDEN, name=port.node.name()),)
        self.say("\n".join((t("Done: {name}", name=done.name), *hidden, *done.warnings)))

    def edit(self):
        """Open the layer in pip-editor's window; when one is open there, wait for it no more."""
        self._guarded(lambda: self._editor.toggle(*((None, None) if self._editor.busy else chosen())))

    def _editor_said(self, text):
        if not self._busy:  # what is restored here meanwhile is more important
            self.say(text)

    def _editor_changed(self):
        self._show_state()
        if not self._editor.busy:
            self._lists.renew()  # somebody may have saved a recipe there

    def repeat(self):
        """Do again what was done last."""
        text = Krita.instance().readSetting(GROUP, LAST, "")
        if text:
            self.restore(Settings.from_json(text))
        else:
            self.complain(PluginError("There is nothing to repeat yet.", "Restore something first."))

    def suggest(self):
        """Ask what is wrong with the layer, and set the sliders by it."""
        document, node = chosen()
        self._worker.start(self._jobs.suggestion(document, node), self._suggested, self._failed)

    def _suggested(self, mix):
        self._lists.soon()
        self._drop_recipe()
        self._set_mix(mix)
        self.say(t("PIP proposes to remove: {mix}", mix=mix_text(mix)))

    def _soon(self, *_):
        """Begin a preview when nothing has changed for a moment."""
        if self.panel.live.isChecked() and self._restoring is None:
            self._timer.start()
        elif not self.panel.live.isChecked():
            self._timer.stop()
            self.panel.preview.clear()

    def _preview_now(self):
        settings = self.settings()
        something = self.panel.regions.named if self.by_masks else settings.mix != SUGGEST or settings.recipe
        if something and self._restoring is None:
            self._guarded(lambda: self._begin_preview(settings))
        elif not something:
            self.panel.preview.clear()

    def _begin_preview(self, settings):
        document, node = chosen()
        selection = selected(document, node)
        centre = document.width() // 2, document.height() // 2
        if selection is not None:
            centre = selection.x() + selection.width() // 2, selection.y() + selection.height() // 2
        self.panel.preview.begin(document.width(), document.height(), centre)
        part = self.panel.preview.part
        port, job = self._jobs.preview(document, node, settings, part)
        before = port.source.read(part.top, part.bottom, part.left, part.right)
        self.panel.preview.show_before(image_of(document, port.source, part.width, part.height, before))

        def show(done):
            self._lists.soon()
            if not is_open(document):  # it was closed meanwhile
                self.say("")
                return
            if part == self.panel.preview.part:
                self.panel.preview.show_after(image_of(document, port.source, part.width, part.height, port.pixels))
            self.say("\n".join((t("Preview: {name}", name=done.name), *done.warnings)))

        self._worker.start(job, show, self._failed)

    # -- what is said

    def _guarded(self, function):
        try:
            function()
        except (PluginError, ServiceError) as error:
            self.complain(error)

    def _failed(self, error, port=None):
        if port is not None:
            self._ended(port)
            port.discard()
        if self._worker.closed:
            return
        if isinstance(error, Cancelled):
            self.say(t("Stopped; nothing has been changed."))
        elif isinstance(error, (PluginError, ServiceError)):
            self.complain(error)
        else:
            self.complain(PluginError(t(UNEXPECTED, error=error), "Nothing has been changed."))
            raise error  # for Krita's own report

    def complain(self, error):
        """Show what went wrong, here and over the canvas."""
        text = told(error)
        self.say(text)
        window = Krita.instance().activeWindow()
        view = None if window is None else window.activeView()
        if view is not None:
            view.showFloatingMessage(text, QIcon(), _MESSAGE, 1)

    def say(self, text):
        """Show a text."""
        self.panel.status.setText(text)

    @property
    def _busy(self):
        """Whether something is under way that somebody has asked for."""
        return self._worker.busy and not self._lists.asking

    def _progressed(self, fraction, text):
        if self._lists.asking:
            return
        if fraction is not None:
            self.panel.bar.setValue(round(1000 * fraction))
        if text:
            self.say(text)

    def _show_state(self):
        busy = self._busy
        self.panel.bar.setVisible(busy)
        self.panel.cancel.setEnabled(busy)
        self.panel.edit.setText(t(STOP if self._editor.busy else OPEN))
        self.panel.restore.setEnabled(self._restoring is None)
        self.panel.suggest.setEnabled(self._restoring is None)
        if not busy:
            self.panel.bar.setValue(0)


def chosen():
    """Return the picture in front and the layer that is chosen in it.

    Raises
    ------
    PluginError
        There is none.

    """
    document = Krita.instance().activeDocument()
    if document is None:
        raise PluginError("There is no open picture.", "Open one first.")
    return document, layer_of(document)
