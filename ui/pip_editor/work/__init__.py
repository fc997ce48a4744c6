"""Work that takes time: asking the service, preview, export. All of it happens in threads that own no widget."""

from __future__ import annotations

from pip_editor.work.client import Operation, RestorationClient
from pip_editor.work.requests import Snapshot

__all__ = ["Operation", "RestorationClient", "Snapshot"]
