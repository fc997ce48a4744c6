"""Hosts run the client without anything of ours, on the Python that they ship."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import pip_client
from pip_backend.degradations import DEGRADATIONS
from pip_client import wire
from pip_client.picture import CHANNELS, DEPTHS

FOLDER = Path(pip_client.__file__).parent
SOURCES = sorted(FOLDER.glob("*.py"))

BLOCKED = """
import sys
class Block:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"numpy", "torch", "pip_backend", "PyQt6", "platformdirs"}:
            raise ImportError(name)
sys.meta_path.insert(0, Block())
sys.path.insert(0, sys.argv[1])
import pip_client
assert pip_client.parse_mix("denoise 0.5") == {"denoise": 0.5}
extra = {n.split(".")[0] for n in sys.modules} - set(getattr(sys, "stdlib_module_names", sys.modules)) - {"pip_client", "__main__"}
assert not {n for n in extra if not n.startswith("_")}, extra
print(sys.version_info[:2])
"""


def copied(tmp_path):
    """Lay the package where an installed plug-in has it."""
    shutil.copytree(FOLDER, tmp_path / "pip_client", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_it_runs_with_the_standard_library_alone(tmp_path):
    words = [sys.executable, "-I", "-S", "-W", "error", "-c", BLOCKED, str(copied(tmp_path))]
    subprocess.run(words, check=True, capture_output=True)


def test_it_runs_on_python_3_8_where_there_is_one(tmp_path):
    python = shutil.which("python3.8")
    works = python and subprocess.run([python, "-c", ""], check=False, capture_output=True).returncode == 0
    if not works:
        pytest.skip("no Python 3.8 here")
    done = subprocess.run([python, "-I", "-S", "-c", BLOCKED, str(copied(tmp_path))], check=True, capture_output=True)
    assert b"(3, 8)" in done.stdout


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_its_syntax_is_that_of_python_3_8(path):
    tree = ast.parse(path.read_text("utf-8"), feature_version=(3, 8))
    assert not [node for node in ast.walk(tree) if type(node).__name__ in {"Match", "TryStar", "TypeAlias"}]


def test_the_six_names_are_spelled_as_in_the_backend():
    assert pip_client.DEGRADATIONS == DEGRADATIONS
    assert tuple(pip_client.LABELS) == DEGRADATIONS


def test_the_kinds_of_pixels_are_those_of_the_backend():
    from pip_backend.pictures import raw

    assert set(CHANNELS) == set(raw.CHANNELS)
    assert {name: dtype.itemsize for name, dtype in raw.DEPTHS.items()} == DEPTHS
    for channels, count in CHANNELS.items():
        assert raw.RawFormat(7, 1, channels, "u8").row_bytes == 7 * count


def test_a_proof_is_of_one_side_and_one_exchange():
    key = bytes(range(32))
    proofs = {
        wire.proof(key, side, *nonces)
        for side in ("client", "service")
        for nonces in (("a" * 32, "b" * 32), ("b" * 32, "a" * 32))
    }
    assert len(proofs) == 4
    assert wire.proof(bytes(32), "client", "a" * 32, "b" * 32) not in proofs
    # The value of docs/protocol.md's formula, computed with openssl.
    assert (
        wire.proof(key, "service", "a" * 32, "b" * 32)
        == "319b83a981f6fed24e7a7b50fbf3531f4a018728c2e670658c1ec22e9f47fff6"
    )
