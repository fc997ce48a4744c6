"""How messages look on the wire, and how both sides prove that they hold the key. docs/protocol.md tells it in words.

    magic "PIPE" | head length, 4 bytes | body length, 8 bytes | head: JSON object, UTF-8 | body: raw bytes

Numbers are big-endian. Lengths are checked before anything is allocated. Client and service both use this module, so that
there is one place for it; nothing here knows what the messages mean.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import socket
import struct
import time
from typing import Any, Dict, NamedTuple, NoReturn, Union

PROTOCOL = 1
"""Version of the protocol. A service answers clients of the same version."""

MAGIC = b"PIPE"
PREFIX = struct.Struct(">4sIQ")

MAX_HEAD = 1 << 20
"""Bytes of a head at most, 1 MiB."""

MAX_BODY = 16 << 20
"""Bytes of a body at most, 16 MiB."""

Head = Dict[str, Any]
Bytes = Union[bytes, bytearray, memoryview]


class WireError(Exception):
    """What came is no message of this protocol, or a larger one than is taken."""


class Message(NamedTuple):
    """A head and what came with it."""

    head: Head
    body: Bytes


def pack(head: Head, body_length: int = 0) -> bytes:
    """Return a message up to where its body begins."""
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    return PREFIX.pack(MAGIC, len(text), body_length) + text


def new_nonce() -> str:
    """Return 32 random bytes in hexadecimal, to be proven upon."""
    return secrets.token_hex(32)


def proof(key: bytes, side: str, theirs: str, ours: str) -> str:
    """Prove that one holds the key, without sending it.

    Parameters
    ----------
    key
        The 32 bytes.
    side
        "service" or "client": who proves. So neither can be made to prove for the other.
    theirs, ours
        The other side's nonce, and that of the side that proves.

    Returns
    -------
    str
        HMAC-SHA256 in hexadecimal of `pip-editor SIDE`, their nonce and our nonce, joined by line feeds.

    """
    text = "\n".join((f"pip-editor {side}", theirs, ours))
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def same(first: object, second: str) -> bool:
    """Compare a proof that came with the right one, in a time that tells nothing."""
    return isinstance(first, str) and hmac.compare_digest(first.encode("utf-8", "replace"), second.encode())


def parse_head(text: Bytes) -> Head:
    """Read a head; raises `WireError` when it is no JSON object."""
    try:
        head = json.loads(bytes(text).decode(), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise WireError("The head of a message is not JSON.") from error
    if not isinstance(head, dict):
        raise WireError("The head of a message is not a JSON object.")
    return head


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)


class Receiver:
    """Takes messages off a socket, however slowly they trickle in.

    Parameters
    ----------
    sock
        The socket; its timeout is changed here.
    max_head, max_body
        Bytes at most. Whoever is not trusted yet gets less.

    """

    def __init__(self, sock: socket.socket, max_head: int = MAX_HEAD, max_body: int = MAX_BODY) -> None:
        self.max_head, self.max_body = max_head, max_body
        self._sock = sock
        self._head: Head | None = None
        self._lengths: tuple[int, int] | None = None
        self._want(PREFIX.size)

    @property
    def begun(self) -> bool:
        """Whether a message has come in part."""
        return self._filled > 0 or self._lengths is not None

    @property
    def size(self) -> int:
        """Bytes of the message in hand, as far as they are known."""
        return PREFIX.size + sum(self._lengths or ())

    def receive(self, timeout: float) -> Message | None:
        """Wait for a message.

        Parameters
        ----------
        timeout
            Seconds; what has come till then is kept for the next call. 0 takes what is there.

        Returns
        -------
        Message or None
            None when it has not come in time.

        Raises
        ------
        EOFError
            The other side has gone; also in the middle of a message.
        WireError
            What came is no message, or too large a one.
        OSError
            The connection broke.

        """
        deadline = time.monotonic() + timeout
        while True:
            message = self._next()
            if message is not None:
                return message
            self._sock.settimeout(max(0.0, deadline - time.monotonic()))
            try:
                count = self._sock.recv_into(memoryview(self._buffer)[self._filled :])
            except (socket.timeout, BlockingIOError):
                return None
            if count == 0:
                raise EOFError
            self._filled += count

    def _want(self, count: int) -> None:
        self._buffer, self._filled = bytearray(count), 0

    def _next(self) -> Message | None:
        """Go on as far as what has come allows."""
        while self._filled == len(self._buffer):
            done = self._buffer
            if self._lengths is None:
                self._lengths = self._checked(*PREFIX.unpack(done))
                self._want(self._lengths[0])
            elif self._head is None:
                self._head = parse_head(done)
                self._want(self._lengths[1])
            else:
                message = Message(self._head, done)
                self._head = self._lengths = None
                self._want(PREFIX.size)
                return message
        return None

    def _checked(self, magic: bytes, head: int, body: int) -> tuple[int, int]:
        if magic != MAGIC:
            raise WireError("This is not the protocol of pip-editor.")
        if not 2 <= head <= self.max_head or body > self.max_body:
            raise WireError(
                f"A message of {head} + {body} bytes is larger than the {self.max_head} + {self.max_body} that are taken."
            )
        return head, body
