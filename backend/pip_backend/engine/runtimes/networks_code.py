"""Which code of the networks is here: another forward step with the same tensors is another network. Needs neither torch nor OpenVINO."""

from __future__ import annotations

import ast
import functools
import hashlib
import importlib.util
import io
import tokenize
from pathlib import Path


@functools.cache
def code_digest() -> str:
    """Digest of the networks' code as it is written: fast, for every start."""
    digest = hashlib.sha256()
    for path in _modules():
        digest.update(path.read_bytes())
    return digest.hexdigest()


@functools.cache
def meaning_digest() -> str:
    """Digest of what the networks' code does: without comments, docstrings and empty lines, the same in every Python. For graphs that were made elsewhere."""
    digest = hashlib.sha256()
    for path in _modules():
        digest.update(without_words(path.read_text(encoding="utf-8")).encode())
    return digest.hexdigest()


def without_words(source: str) -> str:
    """Return Python source without comments, docstrings (strings that stand alone) and empty lines."""
    lines = source.splitlines()
    cuts = [
        (token.start, token.end)
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    ]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            assert node.end_lineno is not None
            assert node.end_col_offset is not None
            # ast counts bytes of UTF-8, the tokenizer characters.
            first, last = lines[node.lineno - 1].encode(), lines[node.end_lineno - 1].encode()
            start = (node.lineno, len(first[: node.col_offset].decode()))
            cuts.append((start, (node.end_lineno, len(last[: node.end_col_offset].decode()))))
    for (top, left), (bottom, right) in sorted(cuts, reverse=True):  # from the end: places before stay what they are
        lines[top - 1 : bottom] = [lines[top - 1][:left] + lines[bottom - 1][right:], *[""] * (bottom - top)]
    return "\n".join(line.rstrip() for line in lines if line.strip())


def _modules() -> list[Path]:
    found = importlib.util.find_spec("pip_backend.nets")
    folders = (found.submodule_search_locations or ()) if found is not None else ()
    return [path for folder in folders for path in sorted(Path(folder).glob("*.py"))]
