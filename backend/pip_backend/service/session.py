"""One connection: the handshake, then messages one after the other until either side has enough.

A stranger gets a few seconds and 4 KiB; whoever proves to hold the key gets a writer thread and an outbox. What is wrong with a
request is answered and the connection goes on; what is no message at all is answered, and the connection ends.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
import time
from typing import TYPE_CHECKING, Any, Final

from pip_backend.errors import PipEditorError
from pip_client.wire import Message, Receiver, WireError, pack

from .handshake import BUSY, LATE, broken, handshake
from .outbox import Outbox, UnreadError
from .requests import EDIT, FilePicture, KeptPicture, parse
from .scheduler import log_defect
from .values import RefusedError, error_head, number_of, refusal, whole
from .work import Task

if TYPE_CHECKING:
    from collections.abc import Callable

    from pip_client.wire import Bytes, Head

    from .server import Server
    from .upload import Upload

_log = logging.getLogger(__name__)
_FAREWELL: Final = 2.0
"""Seconds for the last message to be taken."""

FAILED: Final = RefusedError(
    "internal",
    "The restoration service failed.",
    "If pip-editor was updated, run `pip-editor service stop` in a terminal; then try again.",
)
"""A defect, or modules of two versions in one process, since they are loaded when they are needed."""


class Session:
    """A client's connection, with the threads that serve it.

    Parameters
    ----------
    sock
        The connection; closed at the end.
    server
        Whose client it is.
    local
        Whether it came by the Unix socket, which a sandbox cannot reach.

    """

    def __init__(self, sock: socket.socket, server: Server, *, local: bool) -> None:
        self._sock, self._server, self._local = sock, server, local
        self._limits = limits = server.limits
        self._tick = min(1.0, limits.message_seconds / 4, limits.upload_seconds / 4)
        self._receiver = Receiver(sock, limits.stranger_head, 0)
        self._out = sock.dup()  # its own timeout; the flag below it is the same for both, and stays non-blocking
        self.outbox = Outbox(limits, server.scheduler.wake)
        self.name = ""
        self._upload: Upload | None = None
        self._kept: tuple[int, Any] | None = None
        self._thread = threading.Thread(target=self._run, name="pip-reader", daemon=True)
        self._writer = threading.Thread(target=self._write, name="pip-writer", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def drop(self) -> None:
        """End the connection now, from any thread."""
        self.outbox.close()
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def farewell(self, reason: str) -> None:
        """Say that the service leaves, and end the connection when that has been read."""
        with contextlib.suppress(UnreadError):
            self.outbox.put({"type": "bye", "reason": reason})
        self.outbox.finish()

    def join(self, timeout: float) -> None:
        """Wait for the end."""
        self._thread.join(timeout)

    def _run(self) -> None:
        try:
            if self._shake():
                self._writer.start()
                self._read()
        except (OSError, EOFError):
            pass  # they have gone
        except Exception as error:  # noqa: BLE001 - one defect does not end the service
            log_defect("a connection", error)
        finally:
            self._end()

    def _end(self) -> None:
        if self._writer.ident is not None:
            self.outbox.finish()
            self._writer.join(_FAREWELL)
        self.outbox.close()
        self._server.scheduler.cancel(self)
        self._server.links.cancel(self)
        if self._upload is not None:
            self._upload.close()
        self._upload = self._kept = None
        self._linger()
        self._sock.close()
        self._out.close()
        self._server.left(self)

    def _linger(self) -> None:
        """Let the other side read our last words: a socket closed on unread bytes throws them away."""
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_WR)
            self._sock.settimeout(0.2)
            for _ in range(64):
                if not self._sock.recv(1 << 16):
                    break

    def _shake(self) -> bool:
        """Let the other side prove that it holds the key; tell whether it did."""
        found = handshake(self._receiver, self._say, self._server.key, self._limits.handshake_seconds)
        if isinstance(found, str):
            self.name = found
            if not self._server.trust(self):
                found = BUSY
        if isinstance(found, RefusedError):
            self._say(error_head(None, found))
            return False
        self._receiver.max_head, self._receiver.max_body = self._limits.head, self._limits.body
        self._say({"type": "welcome", "info": self._server.info()})
        self._server.scheduler.prepare()
        return True

    def _say(self, head: Head) -> None:
        """Send while there is no writer yet."""
        self._out.settimeout(self._limits.handshake_seconds)
        self._out.sendall(pack(head))

    # Messages.

    def _read(self) -> None:
        began = heard = time.monotonic()
        while not self.outbox.over:
            try:
                message = self._receiver.receive(self._tick)
            except WireError as error:
                self._tell(error_head(None, broken(error)))
                return
            now = time.monotonic()
            if message is not None:
                self._server.touch()
                began = heard = now
                self._handle(message)
                continue
            if self._receiver.begun:
                allowed = self._limits.message_seconds + self._receiver.size / self._limits.message_rate
                late = now - began > allowed
            else:
                began = now
                late = self._upload is not None and now - heard > self._limits.upload_seconds
            if late:
                self._tell(error_head(None, LATE))
                return

    def _handle(self, message: Message) -> None:
        """Do what a message asks for; what is wrong with it is told."""
        head, body = message
        number = head.get("id")
        try:
            handler = self._handlers.get(str(head.get("type")))
            if handler is None:
                raise RefusedError("usage", "There is no such type of message.", "See docs/protocol.md.")  # noqa: TRY301 - one way out
            handler(self, head, body)
        except PipEditorError as error:
            self._refuse(number, refusal(error))
        except RefusedError as error:
            self._refuse(number, error)
        except (MemoryError, OSError) as error:
            log_defect("a message", error)
            self._refuse(number, RefusedError("memory", "There is no memory left for this.", "Close other programs."))
        except Exception as error:  # noqa: BLE001 - of this message, and not of the connection
            log_defect("a message", error)
            self._refuse(number, FAILED)

    def _refuse(self, number: object, error: RefusedError) -> None:
        if self._upload is not None and self._upload.request.number == number:
            self._upload.close()
            self._upload = None
        valid = isinstance(number, int) and not isinstance(number, bool)
        self._tell(error_head(number if valid else -1, error))

    def _tell(self, head: Head) -> None:
        try:
            self.outbox.put(head)
        except UnreadError:
            _log.info("a client that reads nothing was dropped")
            self.drop()

    def _work(self, head: Head, body: Bytes) -> None:
        request = parse(head, body, self._limits)
        if isinstance(request.picture, FilePicture):
            if not self._local and self._server.has_unix:
                # A sandbox that shares the network has no business with files outside of it.
                raise RefusedError(
                    "forbidden", "Files are read for clients of the Unix socket only.", "Send the pixels."
                )
            picture = None
        elif isinstance(request.picture, KeptPicture):
            if self._kept is None or self._kept[0] != request.picture.number:
                raise RefusedError("unknown-picture", "That picture is not kept any more.", "Send it again.")
            picture = self._kept[1]
        else:
            picture = None
        if self._upload is not None:
            raise RefusedError("usage", "Another picture is still being sent.", "Send its rows first, or cancel it.")
        if self._server.scheduler.full(self):
            raise RefusedError(
                "busy", f"More than {self._limits.jobs} jobs of one client wait.", "Wait for one to end."
            )
        if isinstance(request.picture, FilePicture):
            self._server.scheduler.submit(Task(self, self.outbox, request))
            return
        from .upload import Upload  # noqa: PLC0415 - the service starts without it

        self._upload = Upload(request, picture, self._limits)
        self._submit_when_complete()

    def _rows(self, head: Head, body: Bytes) -> None:
        # Rows of a job that has been refused are still on their way when its client hears of it.
        if self._upload is not None and self._upload.request.number == number_of(head):
            self._upload.rows(head, body)
            self._submit_when_complete()

    def _mask(self, head: Head, body: Bytes) -> None:
        if self._upload is not None and self._upload.request.number == number_of(head):
            self._upload.mask_rows(head, body)
            self._submit_when_complete()

    def _submit_when_complete(self) -> None:
        upload = self._upload
        if upload is None or not upload.complete:
            return
        self._upload = None
        request = upload.request
        if not isinstance(request.picture, KeptPicture):
            self._kept = (request.number, upload.picture)
        task = Task(self, self.outbox, request, upload.picture, upload.masks)
        if request.kind == EDIT:
            self._server.links.begin(task)
        else:
            self._server.scheduler.submit(task)

    def _cancel(self, head: Head, _: Bytes) -> None:
        number = whole(head, "id", 0, 1 << 53)
        if self._upload is not None and self._upload.request.number == number:
            self._upload.close()
            self._upload = None
            self._tell({"type": "cancelled", "id": number})
        else:
            self.outbox.forget(number)
            self._server.scheduler.cancel(self, number)
            self._server.links.cancel(self, number)

    def _ask(self, head: Head, _: Bytes) -> None:
        self._tell({**self._server.answer(head, local=self._local), "id": number_of(head)})
        if head["type"] == "stop":
            self._server.stop("stop")

    _handlers: Final[dict[str, Callable[[Session, Head, Bytes], None]]] = {
        "restore": _work,
        "suggest": _work,
        "edit": _work,
        "rows": _rows,
        "mask": _mask,
        "cancel": _cancel,
        "ping": _ask,
        "models": _ask,
        "recipes": _ask,
        "model": _ask,
        "import": _ask,
        "cache": _ask,
        "stop": _ask,
    }

    # The other direction.

    def _write(self) -> None:
        """Send what waits, until nothing will come any more."""
        try:
            while not self.outbox.over:
                parcel = self.outbox.take(self._tick)
                if parcel is not None:
                    self._send(pack(parcel.head, len(parcel.body)))
                    self._send(parcel.body)
        except (OSError, TimeoutError):
            self.outbox.close()
        finally:
            with contextlib.suppress(OSError):
                self._sock.shutdown(socket.SHUT_WR)

    def _send(self, data: Bytes) -> None:
        view, moved = memoryview(data), time.monotonic()
        while view:
            self._out.settimeout(self._tick)
            try:
                view = view[self._out.send(view) :]
                moved = time.monotonic()
            except TimeoutError:
                if self.outbox.over or time.monotonic() - moved > self._limits.stall_seconds:
                    raise
