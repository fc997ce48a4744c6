"""Batches: which photos, where each result goes, what has been done already, and what happens when one fails.

How a photo is restored is not known here: whoever runs a batch gives a function for it. The command line gives the
`Restorer`, the editor asks the service. No networks, no torch and no windows live here.
"""

from .folders import READ_SUFFIXES, Collected, collect, is_several
from .journal import JOURNAL, Journal, Known
from .plan import Existing, Item, Naming, Plan, State, file_name
from .run import PATIENCE, Outcome, in_turn, run

__all__ = [
    "JOURNAL",
    "PATIENCE",
    "READ_SUFFIXES",
    "Collected",
    "Existing",
    "Item",
    "Journal",
    "Known",
    "Naming",
    "Outcome",
    "Plan",
    "State",
    "collect",
    "file_name",
    "in_turn",
    "is_several",
    "run",
]
