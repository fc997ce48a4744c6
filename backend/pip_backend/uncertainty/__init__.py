"""How wrong a restoration may be, place by place: an expectation of its error, learned from photos whose truth is known."""

from .error_map import ErrorMap
from .estimator import ErrorEstimator, find_estimator
from .figures import BLOCK

__all__ = ["BLOCK", "ErrorEstimator", "ErrorMap", "find_estimator"]
