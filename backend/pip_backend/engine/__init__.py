"""The restoration loop: plan, tiles, blending, result cache, and the runtimes that run networks. No torch here.

torch lives in `runtimes/torch_runtime.py` alone. What does not live here: files (`pictures`), masks (`regions`), networks (`nets`).
"""

from .cache import ResultCache, set_limit
from .job import NOT_BEGUN, ArraySource, Job, Progress, Source, Strip, Work, uniform_work
from .loop import restore
from .plan import Plan, Tile, make_plan
from .runtimes.base import Network, OutOfMemoryError
from .seams import seam_score

__all__ = [
    "NOT_BEGUN",
    "ArraySource",
    "Job",
    "Network",
    "OutOfMemoryError",
    "Plan",
    "Progress",
    "ResultCache",
    "Source",
    "Strip",
    "Tile",
    "Work",
    "make_plan",
    "restore",
    "seam_score",
    "set_limit",
    "uniform_work",
]
