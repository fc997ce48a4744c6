"""How a stranger becomes a client: both sides prove that they hold the key, the service first, and neither sends it.

client → hello {protocol, client, nonce}     service → challenge {protocol, nonce, proof}
client → proof {proof}                       service → welcome {info}, or error
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from pip_client.wire import PROTOCOL, Receiver, WireError, new_nonce, proof, same

from .values import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pip_client.wire import Head

SEE: Final = "See docs/protocol.md."
BUSY: Final = RefusedError("busy", "The service has too many clients.", "Close some and try again.")
LATE: Final = RefusedError("timeout", "The rest of a message did not come.", "Connect again.")


def handshake(receiver: Receiver, say: Callable[[Head], None], key: bytes, seconds: float) -> str | RefusedError:
    """Let the other side prove itself.

    Parameters
    ----------
    receiver, say
        The connection.
    key
        32 bytes.
    seconds
        For all of it.

    Returns
    -------
    str or RefusedError
        What the client calls itself, or what is wrong with it.

    Raises
    ------
    EOFError, OSError
        It has gone.

    """
    deadline = time.monotonic() + seconds
    try:
        hello = _expect(receiver, "hello", deadline)
        theirs, ours = hello.get("nonce"), new_nonce()
        if hello.get("protocol") != PROTOCOL:
            return RefusedError(
                "version",
                f"The service speaks version {PROTOCOL} of the protocol, and the client another one.",
                "Run `pip-editor service stop`, and install the plug-in anew with `pip-editor install-plugin`.",
            )
        if not isinstance(theirs, str) or not 32 <= len(theirs) <= 128:
            return RefusedError("protocol", "The nonce has to be 32 to 128 characters.", SEE)
        ticket = proof(key, "service", theirs, ours)
        say({"type": "challenge", "protocol": PROTOCOL, "nonce": ours, "proof": ticket})
        answer = _expect(receiver, "proof", deadline)
    except WireError as error:
        return broken(error)
    if not same(answer.get("proof"), proof(key, "client", ours, theirs)):
        return RefusedError("key", "The client does not hold the service's key.", "Read it from service.json.")
    return str(hello.get("client", ""))[:40] or "unnamed"


def broken(error: WireError) -> RefusedError:
    """Return what is told about bytes that are no message."""
    return RefusedError("protocol", str(error), SEE)


def _expect(receiver: Receiver, kind: str, deadline: float) -> Head:
    message = receiver.receive(max(0.0, deadline - time.monotonic()))
    if message is None:
        raise WireError(f"No {kind} came in time.")
    if message.head.get("type") != kind:
        raise WireError(f"A message of type {kind} was due.")
    return message.head
