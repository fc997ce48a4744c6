"""Listening, who may come in, and when it is time to leave."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import selectors
import signal
import socket
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from pip_backend import __version__
from pip_client.rendezvous import FILE, read
from pip_client.wire import PROTOCOL

from . import facts, manage
from .limits import DEFAULTS, Limits
from .links import EDITOR, Links
from .listening import listen_tcp, listen_unix, same_user
from .place import Lock, ServiceError, private_folder, publish, publish_again, withdraw
from .scheduler import Scheduler
from .session import Session
from .work import Workshop, restorers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from types import FrameType

    from pip_client.wire import Head

    from .requests import Runs
    from .work import Restores

SOCKET = "service.sock"
_log = logging.getLogger(__name__)


class Server:
    """The service within this process: `open`, `run` until it leaves, `close`.

    Parameters
    ----------
    limits
        How much is taken.
    make
        Makes a restorer of a model on a device; None for the real ones.
    editor
        The command that opens a host's layer, whose link follows.

    """

    def __init__(
        self,
        limits: Limits = DEFAULTS,
        make: Callable[[Runs], Restores] | None = None,
        editor: Sequence[str] = EDITOR,
    ) -> None:
        self.limits = limits
        self.links = Links(editor)
        self.key = secrets.token_bytes(32)
        self.scheduler = Scheduler(limits, Workshop(make or restorers()))
        self.has_unix = False
        self.port = 0
        self._started = self._touched = time.monotonic()
        self._strangers: list[Session] = []
        self._clients: list[Session] = []
        self._guard = threading.Lock()
        self._stopping = ""
        self._listeners: list[socket.socket] = []
        self._told: dict[str, Any] = {}
        self._published: list[Path] = []
        self._lock: Lock | None = None
        self._bell, self._button = socket.socketpair()

    def open(self) -> bool:
        """Become the service of this user; False when there is one already.

        Raises
        ------
        ServiceError
            It cannot run here.

        """
        folder = private_folder()
        lock = Lock(folder)
        if not lock.take():
            lock.close()
            publish_again(folder)
            return False
        self._lock = lock
        unix, tcp = listen_unix(folder / SOCKET), listen_tcp()
        self._listeners = [listener for listener in (unix, tcp) if listener is not None]
        if not self._listeners:
            raise ServiceError("Nobody could reach the service: it may open no socket.", hint="Look into its log.")
        self.has_unix, self.port = unix is not None, tcp.getsockname()[1] if tcp is not None else 0
        path = os.fspath(folder / SOCKET) if unix is not None else None
        self._told = {
            "protocol": PROTOCOL,
            "pid": os.getpid(),
            "socket": path,
            "port": self.port,
            "key": self.key.hex(),
            "version": __version__,
            "python": sys.executable,
        }
        self._published = publish(self._told, folder)
        self.scheduler.start()
        _log.info(
            "started: version %s, port %d, %s", __version__, self.port, "Unix socket" if path else "no Unix socket"
        )
        return True

    def run(self) -> None:
        """Serve until somebody says stop, or nobody has come for long."""
        with selectors.DefaultSelector() as selector:
            for listener in (*self._listeners, self._bell):
                selector.register(listener, selectors.EVENT_READ)
            pause = min(5.0, self.limits.idle_seconds / 4)
            while not self._stopping:
                for ready, _ in selector.select(pause):
                    if ready.fileobj is not self._bell:
                        self._accept(ready.fileobj)  # type: ignore[arg-type]
                self._be_found()
                if self._idle():
                    self.stop("idle")

    def stop(self, reason: str) -> None:
        """Make `run` return, from any thread or a signal."""
        self._stopping = self._stopping or reason
        with contextlib.suppress(OSError):
            self._button.send(b"!")

    def close(self) -> None:
        """Say goodbye and leave no file behind."""
        for listener in self._listeners:
            listener.close()
        if self._lock is not None:
            self.links.stop()
            self.scheduler.stop()
            withdraw(self._published, os.getpid())
            with contextlib.suppress(OSError):  # something else stands in its place
                (private_folder() / SOCKET).unlink(missing_ok=True)
        with self._guard:
            sessions, strangers = list(self._clients), list(self._strangers)
        for session in strangers:
            session.drop()
        for session in sessions:
            session.farewell(self._stopping or "stop")
        for session in (*strangers, *sessions):
            session.join(3.0)
        self._bell.close()
        self._button.close()
        if self._lock is not None:
            self._lock.close()
            _log.info("ended: %s", self._stopping or "stop")

    # What sessions ask.

    def touch(self) -> None:
        """Note that somebody is there."""
        self._touched = time.monotonic()

    def trust(self, session: Session) -> bool:
        """Take a stranger among the clients; False when there are too many."""
        with self._guard:
            if session in self._strangers:
                self._strangers.remove(session)
            if len(self._clients) >= self.limits.clients:
                return False
            self._clients.append(session)
        self.touch()
        _log.info("client %r came", session.name)
        return True

    def left(self, session: Session) -> None:
        """Forget a connection that has ended."""
        with self._guard:
            for group in (self._strangers, self._clients):
                if session in group:
                    group.remove(session)
        if session.name:
            _log.info("client %r left", session.name)

    def info(self) -> dict[str, Any]:
        """Return what a new client is told."""
        limits = self.limits
        return {
            "service": "pip-editor",
            "version": __version__,
            "protocol": PROTOCOL,
            "pid": os.getpid(),
            "device": facts.device(),
            "models": [model["name"] for model in facts.models()],
            "limits": {
                "head": limits.head,
                "body": limits.body,
                "side": limits.side,
                "pixels": limits.pixels,
                "profile": limits.profile,
                "regions": limits.regions,
                "jobs": limits.jobs,
            },
        }

    def answer(self, head: Head, *, local: bool) -> dict[str, Any]:
        """Return what is answered at once: to ping, models, model, import, cache, recipes and stop."""
        kind = head["type"]
        if kind == "models":
            return {"type": "models", "models": facts.models()}
        if kind in manage.ANSWERS:
            return manage.answer(head, local=local or not self.has_unix)
        if kind == "recipes":
            return {"type": "recipes", "recipes": facts.recipes()}
        if kind == "stop":
            return {"type": "stopping"}
        with self._guard:
            clients = len(self._clients)
        return {
            "type": "pong",
            "version": __version__,
            "pid": os.getpid(),
            "clients": clients,
            "jobs": self.scheduler.count(),
            "links": self.links.count(),
            "seconds": round(time.monotonic() - self._started, 1),
            "device": facts.device(),
        }

    # Coming in.

    def _be_found(self) -> None:
        """Publish again what somebody has removed or broken: nobody would find this service, and no other can start."""
        with contextlib.suppress(ServiceError):  # as it stays until that is put right
            folder = private_folder()
            if self._told and read(folder / FILE) is None:
                self._published = publish(self._told, folder)

    def _idle(self) -> bool:
        return (
            not self.scheduler.count()
            and not self.links.count()
            and time.monotonic() - self._touched > self.limits.idle_seconds
        )

    def _accept(self, listener: socket.socket) -> None:
        try:
            sock, _ = listener.accept()
        except BlockingIOError:
            return
        except OSError:  # no more file descriptors: those of strangers come back within seconds
            time.sleep(0.05)
            return
        local = listener.family != socket.AF_INET
        if local and not same_user(sock):
            sock.close()
            return
        session = None
        try:
            if not local:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            session = Session(sock, self, local=local)
            with self._guard:
                self._strangers.append(session)
                oldest = self._strangers.pop(0) if len(self._strangers) > self.limits.strangers else None
            if oldest is not None:
                oldest.drop()
            session.start()
        except (OSError, RuntimeError):  # no descriptor or thread to be had
            sock.close()
            if session is not None:
                self.left(session)


def serve(
    limits: Limits = DEFAULTS,
    *,
    device: str = "auto",
    runtime: str = "auto",
    ready: Callable[[Server], None] | None = None,
    editor: Sequence[str] = EDITOR,
) -> bool:
    """Be the service until it ends; False when another one runs already.

    Parameters
    ----------
    limits
        How much is taken.
    device, runtime
        As `Restorer` takes them.
    ready
        Called when clients can come.
    editor
        See `Server`.

    Raises
    ------
    ServiceError
        It cannot run here.

    """
    server = Server(limits, restorers(device, runtime), editor)

    def leave(number: int, _: FrameType | None) -> None:
        server.stop(signal.Signals(number).name)

    for name in ("SIGTERM", "SIGINT"):
        signal.signal(getattr(signal, name), leave)
    try:
        if not server.open():
            return False
        if ready is not None:
            ready(server)
        server.run()
    finally:
        server.close()
    return True
