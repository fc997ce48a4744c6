"""The errors that people see: one sentence that says what is wrong, and a hint that says what to do.

Every error that the program raises on purpose is a child of `PipEditorError`; the command line turns it into
one line on stderr and exit code 2. Anything else is a defect and keeps its traceback.
"""

from __future__ import annotations

import errno
import os


def one_line(text: str) -> str:
    """Show a text with nothing in it that ends a line or moves a terminal's cursor."""
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)


def quoted(value: object) -> str:
    """Show a value of the user's in an error: text in “these” marks, on one line, cut where it gets long."""
    if not isinstance(value, str):
        text = repr(value)
        return text if len(text) <= 60 else f"{text[:40]}…{text[-12:]}"
    text = one_line(value)
    if len(text) > 58:
        text = f"{text[:39]}…{text[-11:]}"
    return f"“{text}”"


def refused_by_system(error: OSError) -> str | None:
    """Say in a sentence what a system that refuses a file or folder wants changed; None for what is no fault of the user's.

    Whatever asks the file system of a name may meet these, `Path.exists` too.
    """
    name = "" if error.filename is None else os.fsdecode(error.filename)
    if error.errno == errno.ENAMETOOLONG:
        return f"A name is longer than the file system takes: {name[:40]}…"
    if error.errno in {errno.EACCES, errno.EPERM} and name:
        return f"{quoted(name)} may not be looked at or changed. Ask its owner for the permission."
    return None


class PipEditorError(Exception):
    """Base of all expected errors.

    Parameters
    ----------
    message
        One sentence: what is wrong, with the name of the thing.
    hint
        What to do about it, or "" when the message says it already.

    """

    exit_code = 2

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint

    def __str__(self) -> str:
        message = super().__str__()
        whole = f"{message} {self.hint}" if self.hint else message
        return one_line(whole)  # names of files may hold line breaks and what a terminal obeys


class UsageError(PipEditorError):
    """An argument, option or configuration value that cannot be used."""


class PictureError(PipEditorError):
    """A picture that cannot be read or written."""


class DiskFullError(PictureError):
    """There is no space left for the picture, nor for the next one."""


class RegionError(PipEditorError):
    """A mask, mix or recipe that makes no sense."""


class ModelError(PipEditorError):
    """A model file that is missing, damaged, or not to be trusted."""


class DeviceError(PipEditorError):
    """A device or precision that is not there, or memory that does not suffice even for the smallest tile."""
