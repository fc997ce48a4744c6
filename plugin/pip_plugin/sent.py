"""A layer that the service has: so that it is not sent a second time when nobody has changed it meanwhile.

A dialog sends the layer for its preview; when its user presses OK, the same layer is wanted again, through another port. No host tells whether
somebody has painted on a layer since. So rows are hashed on their way to the service, and read and hashed again before what came of them is
relied upon: strip by strip while the service is at work, so that nobody waits for it.
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
        check = self.check(port)
        return check is not None and check.finish()

    def check(self, port: Port) -> Check | None:
        """Return what finds out, little by little, whether a port's layer is what was sent; None where it cannot be, which is known at once."""
        parts = list(strips(self.picture.height, self.picture.row_bytes))
        if port.extent() != self._extent or not all(part in self._hashes for part in parts):
            return None  # not all of it was sent, or none
        return Check(port, [(part, self._hashes[part]) for part in parts])

    def _rows(self, top: int, bottom: int) -> bytes:
        # First what it is known by: if somebody paints in between, it will not be taken for what was sent.
        own = self._port.look(top, bottom)
        data = self._port.read(top, bottom)
        self._hashes[top, bottom] = _hash(data if own is None else own)
        return data


class Check:
    """Looks at one strip after the other.

    Parameters
    ----------
    port
        Whose layer it is now.
    parts
        Rows of the strips, and the hash of what was sent of each.

    """

    def __init__(self, port: Port, parts: list[tuple[tuple[int, int], bytes]]) -> None:
        self._port, self._parts = port, parts
        self.changed = False
        """Whether a strip has been found that is not what was sent."""

    def step(self) -> bool:
        """Look at the next strip; whether all so far are what was sent."""
        if self._parts and not self.changed:
            rows, sent = self._parts.pop(0)
            own = self._port.look(*rows)
            self.changed = _hash(self._port.read(*rows) if own is None else own) != sent
        return not self.changed

    def finish(self) -> bool:
        """Look at the rest; whether all is what was sent."""
        while self._parts and not self.changed:
            self.step()
        return not self.changed


def _hash(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()  # the fastest of the safe ones where the processor has it built in
