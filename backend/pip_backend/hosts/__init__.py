"""The programs that pip-editor's plug-ins live in: where each keeps plug-ins, installing them, and checking them.

Lives here: the table of hosts, the installer, what `doctor` says about hosts. Not here: the plug-ins themselves (`plugin/`),
which run in the host's Python and know nothing of this package.
"""

from __future__ import annotations

from .check import check
from .folders import HOSTS, Host, Places, Target, targets
from .install import Outcome, install, uninstall

__all__ = ["HOSTS", "Host", "Outcome", "Places", "Target", "check", "install", "targets", "uninstall"]
