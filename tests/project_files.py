"""Projects that are not as the program writes them."""

from __future__ import annotations

import json
import zipfile


def changed(path, change):
    """Change what a project says of itself, and nothing else in it."""
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    told = json.loads(entries["project.json"])
    change(told)
    entries["project.json"] = json.dumps(told).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
