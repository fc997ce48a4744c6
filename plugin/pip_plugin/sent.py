"""A layer that the service has: so that it is not sent a second time when nobody has changed it meanwhile.

A dialog sends the layer for its preview; when its user presses OK, the same layer is wanted again, through another port. No host tells whether
somebody has painted on a layer since. So rows are hashed on their way to the service, and read and hashed again before they are
relied upon, which takes a fraction of what sending and preparing them takes.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from pip_client import Picture
from pip_client.picture import strips

if TYPE_CHECKING:
    from .port import Port


class Sent:
    """A port's layer as the client takes it, which knows what was sent.

    Parameters
    ----------
    port
        Whose layer it is.

    """

    def __init__(self, port: Port) -> None:
        self._port, self._extent = port, port.extent()
        self._hashes: dict[tuple[int, int], bytes] = {}
        width, height, channels, depth, icc = self._extent
        self.picture = Picture(width, height, channels, depth, self._rows, icc=icc)

    def still(self, port: Port) -> bool:
        """Whether a port's layer is, bit for bit, what was sent. Reads it."""
        if port.extent() != self._extent:
            return False
        parts = list(strips(self.picture.height, self.picture.row_bytes))
        if not all(part in self._hashes for part in parts):
            return False  # not all of it was sent, or none
        return all(_hash(port.read(*part)) == self._hashes[part] for part in parts)

    def _rows(self, top: int, bottom: int) -> bytes:
        data = self._port.read(top, bottom)
        self._hashes[top, bottom] = _hash(data)
        return data


def _hash(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()  # the fastest of the safe ones where the processor has it built in
