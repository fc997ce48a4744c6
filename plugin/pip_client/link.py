"""An authenticated connection to the service: dialling, starting it where it does not run, and the handshake.

Four messages (docs/protocol.md): hello → challenge → proof → welcome. The service proves first that it holds the key of its file, so
that no pixels go to whoever has taken its port; the key itself is never sent.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Callable

from . import starting
from .errors import Cancelled, ServiceError
from .rendezvous import Address, find, reach
from .wire import PROTOCOL, Bytes, Head, Message, Receiver, WireError, new_nonce, pack, proof, same

if TYPE_CHECKING:
    import socket

ANSWER_SECONDS = 5.0
"""How long a service may take for a message of the handshake."""

SEND_SECONDS = 60.0
"""How long a message may take to be sent."""

_PAUSE = 0.05
_YIELD = 1.0
_GONE_ADVICE = "Try again: it is started anew. If it happens again, `pip-editor service log` says why."


def gone(error: BaseException | None = None) -> ServiceError:
    """Return the error for a service that has ended."""
    reason = f" ({error})" if isinstance(error, WireError) else ""
    return ServiceError(f"The restoration service has ended unexpectedly{reason}.", _GONE_ADVICE, "gone")


class Link:
    """A connection over which both sides have proven themselves."""

    def __init__(self, sock: socket.socket, address: Address, name: str) -> None:
        self.address = address
        self.heard = time.monotonic()
        """When the last message came."""
        self._sock = sock
        self._receiver = Receiver(sock)
        self.info: Head = self._shake(address.key, name)

    def send(self, head: Head, body: Bytes = b"") -> None:
        """Send a message; raises `ServiceError` when the service has gone."""
        try:
            self._sock.settimeout(SEND_SECONDS)
            self._sock.sendall(pack(head, len(body)))
            if body:
                self._sock.sendall(body)
        except OSError as error:
            raise self._last_words() from error

    def receive(self, timeout: float) -> Message | None:
        """Wait for a message, None when none came in time; raises `ServiceError` when the service has gone."""
        try:
            message = self._receiver.receive(timeout)
        except (OSError, EOFError, WireError) as error:
            raise gone(error) from error
        if message is not None:
            self.heard = time.monotonic()
        return message

    def close(self) -> None:
        """Hang up."""
        self._sock.close()

    def _last_words(self) -> ServiceError:
        """Return what the service said before it hung up."""
        try:
            for _ in range(1000):
                message = self._receiver.receive(0.5)
                if message is None:
                    break
                if message.head.get("type") == "error":
                    return refusal(message.head)
        except (OSError, EOFError, WireError):
            pass
        return gone()

    def _shake(self, key: bytes, name: str) -> Head:
        nonce = new_nonce()
        self._sock.settimeout(ANSWER_SECONDS)
        self._sock.sendall(pack({"type": "hello", "protocol": PROTOCOL, "client": name, "nonce": nonce}))
        challenge = self._expect("challenge")
        theirs = str(challenge.get("nonce"))
        if not same(challenge.get("proof"), proof(key, "service", nonce, theirs)):
            raise WireError("Somebody else answers at the service's address.")
        self._sock.sendall(pack({"type": "proof", "proof": proof(key, "client", theirs, nonce)}))
        welcome = self._expect("welcome")
        info = welcome.get("info")
        return info if isinstance(info, dict) else {}

    def _expect(self, kind: str) -> Head:
        message = self._receiver.receive(ANSWER_SECONDS)
        if message is None:
            raise WireError("The service does not answer.")
        if message.head.get("type") == "error":
            raise refusal(message.head)
        if message.head.get("type") != kind:
            raise WireError(f"The service does not answer with {kind}.")
        return message.head


def refusal(head: Head) -> ServiceError:
    """Return the error that a message tells of."""
    told = [str(head.get(name, "")) for name in ("message", "advice", "code")]
    return ServiceError(told[0] or "The restoration service refused.", told[1], told[2] or "failed")


def dial(name: str, timeout: float = ANSWER_SECONDS) -> Link | None:
    """Connect to the service that runs; None when none answers.

    Raises
    ------
    ServiceError
        It answers that it will not: it speaks another version of the protocol, or has too many clients.

    """
    for address in find():
        for sock in reach(address, timeout):
            try:
                return Link(sock, address, name)
            except (OSError, EOFError, WireError):
                sock.close()  # stale: somebody else's by now
            except ServiceError as error:
                sock.close()
                if error.code != "key":  # the key of a service that is no more: another file may have the right one
                    raise
    return None


def open_link(name: str, *, start: bool, timeout: float, cancelled: Callable[[], bool] = lambda: False) -> Link:
    """Connect to the service; start it when none answers and that is wanted.

    Raises
    ------
    ServiceError
        See `dial`; or it does not run, or could not be started within `timeout` seconds.
    Cancelled
        `cancelled`, which is asked between two tries, says so.

    """
    deadline = time.monotonic() + timeout
    link = dial(name, min(timeout, ANSWER_SECONDS))
    if link is not None:
        return link
    if not start:
        raise starting.unreachable(started=False)
    try:
        process = starting.start()
    except ServiceError as error:
        if starting.sandbox() is None:
            raise
        raise starting.unreachable(started=False) from error
    started = time.monotonic()
    while time.monotonic() < deadline:
        if cancelled():
            raise Cancelled
        link = dial(name)
        if link is not None:
            return link
        # 0: another one has the place. It will answer in a moment, or is about to leave it: then ours is started again.
        if process.poll() == 0 and time.monotonic() - started > _YIELD:
            started, process = time.monotonic(), starting.start()
        if process.poll() not in (None, 0):
            raise _ended()
        time.sleep(_PAUSE)
    raise starting.unreachable(started=True)


def _ended() -> ServiceError:
    """Return the error for a service that does not stay."""
    if starting.sandbox() is not None:  # it may not start programs outside
        return starting.unreachable(started=False)
    return ServiceError(
        "The restoration service ended as soon as it was started.",
        "Run `pip-editor service run` in a terminal to see why.",
        "not-started",
    )
