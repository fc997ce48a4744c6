"""The command line: one module a command, no logic of its own. Nothing heavy is imported before a command runs."""

from .main import main

__all__ = ["main"]
