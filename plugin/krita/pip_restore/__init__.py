"""PIP Restore for Krita 5 and 6: a docker, entries in the Filter menu, and a script for kritarunner.

What stands where:

- `krita_actions`: the Filter menu; `krita_docker`, `krita_regions`, `krita_sliders`, `krita_preview`: the docker;
- `krita_jobs`, `krita_thread`: long work beside Krita's window;
- `krita_edit`: Open in pip-editor;
- `krita_port`: the five functions of the host port; `krita_source`: what is read from Krita; `krita_result`: the layer
  that is put into the picture;
- `krita_formats`, `krita_naming`, `krita_png`: pure, tested without Krita;
- `batch`: for kritarunner;
- `pip_plugin`: what all hosts share; `pip_client`: the way to the service, which does the work.

Krita imports this folder once, at its start.
"""

from . import krita_shared  # noqa: F401 - makes pip_client and pip_plugin importable
from pip_plugin import speak

from .krita_qt import languages

speak(languages())  # before any text is made

from .krita_actions import register

register()
