"""Client of pip-editor's restoration service: standard library only, Python 3.8 and newer, copied into each host's plug-in.

    from pip_client import Picture, connect

    with connect("my host") as client:
        client.restore(Picture(width, height, "RGB", "u8", rows), {"denoise": 1}, on_strip=take)

Nothing that restores anything lives here, and nothing of a host. The protocol is told in docs/protocol.md.
"""

from .client import Client, connect
from .errors import Cancelled, ServiceError
from .mix import DEGRADATIONS, LABELS, parse_mix
from .picture import Picture
from .wire import PROTOCOL

__all__ = [
    "DEGRADATIONS",
    "LABELS",
    "PROTOCOL",
    "Cancelled",
    "Client",
    "Picture",
    "ServiceError",
    "connect",
    "parse_mix",
]
