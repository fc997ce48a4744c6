"""Open in pip-editor: a layer goes to the editor's window and comes back as a layer above it.

It waits in a thread and with a connection of its own, so that the docker goes on working meanwhile, for as long as somebody paints
in the editor. One layer at a time; the button says which of both it does: open, or wait no more.
"""

from __future__ import annotations

from pathlib import Path

from pip_client import Cancelled, ServiceError
from pip_plugin import PluginError, edit, t

from .krita_port import LayerPort
from .krita_qt import QByteArray, QObject, pyqtSignal
from .krita_source import selection_of
from .krita_thread import Worker

OPEN, STOP = "Open in pip-editor", "Do not wait for pip-editor"
UNEXPECTED = "Something unexpected went wrong: {error}."


class Editor(QObject):
    """The layer that is open in the editor, if one is."""

    said = pyqtSignal(str)
    """How it goes, or how it went."""
    complained = pyqtSignal(object)
    """An error."""
    changed = pyqtSignal()
    """`busy` is another."""

    def __init__(self):
        super().__init__()
        self._worker = Worker()
        self._worker.progress.connect(lambda _fraction, text: self.said.emit(text) if text else None)
        self._worker.changed.connect(self.changed)

    @property
    def busy(self):
        """Whether a layer is open there."""
        return self._worker.busy

    def toggle(self, document, node):
        """Open a layer; when one is open, wait for it no more.

        Raises
        ------
        PluginError
            It cannot be restored.

        """
        if self.busy:
            self._worker.stop()
            return
        port = LayerPort(document, node, self._worker.tell, self._worker.main.call)
        title = f"{Path(document.fileName()).name or document.name() or 'Unnamed'}: {node.name()}"
        self._worker.start(
            lambda client: edit(client, port, "Krita", title),
            lambda done: self._returned(port, done),
            lambda error: self._failed(port, error),
        )

    def close(self):
        """End with Krita."""
        self._worker.close()

    def _returned(self, port, done):
        try:
            layer = put_in(port, done)
        except PluginError as error:
            self.complained.emit(error)
            return
        if layer is None:
            self.said.emit(t("The picture was closed before the result came back."))
        else:
            self.said.emit("\n".join((t("From pip-editor: {name}", name=done.name), *done.warnings)))

    def _failed(self, port, error):
        port.discard()
        if self._worker.closed:
            return
        if isinstance(error, Cancelled):
            self.said.emit(t("Nothing came back from pip-editor."))
        elif isinstance(error, (PluginError, ServiceError)):
            self.complained.emit(error)
        else:
            self.complained.emit(PluginError(t(UNEXPECTED, error=error), "Nothing has been changed."))
            raise error  # for Krita's own report


def put_in(port, done):
    """Put what came back above its source; returns it, or None when the picture has gone.

    Raises
    ------
    PluginError
        The layer has gone.

    """
    where, mask = done.rectangle, done.mask
    shape = None
    if mask is not None:
        shape = selection_of(QByteArray(mask), where.left, where.top, where.width, where.height)
    return port.insert(done.name, shape)
