"""The service as hosts start it, but that hosts' layers are opened in an editor that somebody sits at: linked_editor.py."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from pip_backend.service import serve
from pip_backend.service.logs import open_log

if __name__ == "__main__":
    os.umask(0o077)
    open_log()
    serve(editor=[sys.executable, str(Path(__file__).with_name("linked_editor.py"))])
