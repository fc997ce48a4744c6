"""The runtimes that run networks, one small file each behind one protocol. What does not live here: tiling, blending.

All that imports OpenVINO lies in here, behind what stands below: `import openvino` would otherwise tell Google Analytics, under a number
that it keeps in the user's home (`~/intel`), that it was imported. Without `openvino_telemetry` OpenVINO falls back on a stub of its own.
"""

import sys
from typing import Any, cast

# None makes an import fail as if the package were not there. Who has imported it already, in a program of theirs, keeps it.
cast("dict[str, Any]", sys.modules).setdefault("openvino_telemetry", None)
