"""How much the service takes from one client and from all: checked before anything is allocated."""

from __future__ import annotations

from dataclasses import dataclass

from pip_client.wire import MAX_BODY, MAX_HEAD


@dataclass(frozen=True)
class Limits:
    """Bounds. The defaults are those of docs/protocol.md."""

    clients: int = 64
    """Connections that have proven themselves."""
    strangers: int = 32
    """Connections that have not yet; when one more comes, the oldest is dropped."""
    stranger_head: int = 4096
    """Bytes of a head from a stranger, who sends no bodies."""
    head: int = MAX_HEAD
    """Bytes of a head."""
    body: int = MAX_BODY
    """Bytes of a body, either way."""
    jobs: int = 8
    """Of one client at a time, waiting ones among them."""
    started: int = 8
    """Of all clients that read: each holds a few rows of tiles in memory."""
    parked: int = 8
    """Jobs beyond these that are held for clients that read nothing; where that does not suffice, the stillest client is dropped."""
    parking_seconds: float = 5.0
    """Without taking a message, a client whose outbox is full reads nothing."""
    side: int = 1 << 19
    """Px of a picture, either way; 524288 is GIMP's."""
    pixels: int = 2_000_000_000
    """Of a picture."""
    profile: int = 4 << 20
    """Bytes of an ICC profile."""
    regions: int = 64
    """Of a job."""
    rectangles: int = 256
    """Of a job."""
    spare_disk: int = 256 << 20
    """Bytes that a picture must leave free in the temporary folder."""
    queued_strips: int = 4
    """Strips that wait for one client to read them; its jobs rest while there are as many."""
    queued_bytes: int = 16 << 20
    """The same in bytes."""
    queued_notes: int = 256
    """Other messages that wait; a client that reads none of so many is dropped."""
    handshake_seconds: float = 5.0
    """From connecting to the proof."""
    message_seconds: float = 30.0
    """For a message, from its first byte to its last; and a second more a `message_rate` bytes."""
    message_rate: int = 64 << 10
    """Bytes a second that even a slow client sends."""
    upload_seconds: float = 120.0
    """Between two messages while a picture is being sent."""
    stall_seconds: float = 120.0
    """Without taking a byte of what waits for it, a client is dropped."""
    idle_seconds: float = 900.0
    """Without a message or a job, the service leaves."""


DEFAULTS = Limits()
