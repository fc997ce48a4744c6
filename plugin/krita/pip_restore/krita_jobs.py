"""What the docker has done in the worker's thread: restore, suggest, preview. A job is made in the main thread.

Where the layer has not changed, the service is not sent it again: a preview that follows a slider takes as long as the part
takes that it shows. Krita's API does not tell when somebody paints; so a small image of the layer is compared. What
that misses changes a preview by nothing that could be seen; a restoration compares every pixel.
"""

from __future__ import annotations

import hashlib

from pip_plugin import SUGGEST, Sent, decide, restore

from .krita_port import LayerPort

_SMALL = 192


class Part(LayerPort):
    """The port of a preview: its result is kept as bytes, and is put into no picture."""

    def __init__(self, document, node, worker):
        super().__init__(document, node, worker.tell, worker.main.call)
        self.pixels = b""

    def write(self, into, top, height, pixels):  # noqa: ARG002 - the port's signature
        """Keep a strip."""
        self.pixels += pixels


class Jobs:
    """Makes jobs for a worker."""

    def __init__(self, worker):
        self._worker = worker
        self._known = None, None
        self._kept = None
        self._left = []
        worker.changed.connect(self._let_go)

    def restoration(self, document, node, settings):
        """Return a port, and the job that restores it; the port is inserted, or discarded, when that has ended."""
        port = LayerPort(document, node, self._worker.tell, self._worker.main.call)
        port.check(settings)
        key, sent = self._known
        if key != _fingerprint(
            node, port.extent()
        ):  # another layer; where it seems the same, `restore` looks at every pixel
            sent = None
        return port, lambda client: restore(client, port, settings, sent=sent)

    def suggestion(self, document, node):
        """Return the job that asks what is wrong with a layer."""
        port, sent = self._part(document, node)
        return lambda client: decide(client, port, SUGGEST, sent.picture)

    def preview(self, document, node, settings, part):
        """Return a port whose `pixels` are the restored part afterwards, and the job."""
        port, sent = self._part(document, node)
        port.check(settings)
        return port, lambda client: restore(client, port, settings, picture=sent.picture, preview=part)

    def _part(self, document, node):
        port = Part(document, node, self._worker)
        key = _fingerprint(node, port.extent())
        if self._known[0] != key:
            self._known, self._kept = (key, Sent(port)), port
        return port, self._known[1]

    def keep(self, documents):
        """Let go of the layer that was sent last, unless it belongs to one of these pictures."""
        if self._kept is not None and self._kept.document not in documents:
            self._left.append(self._kept)
            self._known, self._kept = (None, None), None
            self._let_go()

    def _let_go(self):
        if not self._worker.busy:  # a job may be reading it
            while self._left:
                self._left.pop().release()


def _fingerprint(node, extent):
    image = node.thumbnail(_SMALL, _SMALL)
    bits = image.constBits()
    bits.setsize(image.sizeInBytes())
    return node.uniqueId().toString(), extent, hashlib.sha256(bytes(bits)).digest()
