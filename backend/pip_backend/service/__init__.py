"""The process that the editor and the hosts share: one a user, warm, started by whoever needs it first, gone after 15 idle minutes.

What does not live here: restoring (`restorer`, `engine`) and the wire format (`pip_client.wire`, which hosts carry with them).

    main thread         listens, lets strangers prove themselves for a few seconds, ends the service
    reader   (a client) takes messages, checks them, writes rows into files            session.py
    writer   (a client) sends what waits in the client's outbox                        outbox.py
    files thread        reads the files that requests name                             files.py
    link     (a layer)  waits for the editor that has a host's layer                   links.py
    inference thread    takes one step of one job after the other, clients in turn     scheduler.py, work.py

Nothing is imported for the first message that is only needed for the first picture: the service answers within a second.
"""

from .limits import Limits
from .server import Server, serve

__all__ = ["Limits", "Server", "serve"]
