"""docs/protocol.md is enough: what a client does that imports nothing of ours."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from pip_backend.regions import PRESETS
from pip_backend.service import requests
from pip_backend.service.limits import DEFAULTS
from pip_backend.service.session import Session

from .fakes import photo
from .foreign_client import Service

FOREIGN = Path(__file__).with_name("foreign_client.py")
TEXT = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text("utf-8")


@pytest.fixture(params=["unix", "tcp"])
def foreign(serve, runtime, request):
    serve()
    service = Service(runtime / "service.json", request.param)
    service.handshake("foreign")
    yield service
    service.socket.close()


def test_the_foreign_client_is_short_and_imports_nothing_of_ours():
    source = FOREIGN.read_text("utf-8")
    assert source.count("\n") < 150
    imported = {
        alias.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import) for alias in node.names
    }
    assert imported == {"hashlib", "hmac", "json", "os", "socket", "struct", "sys"}


def test_it_restores_a_file_as_a_program_of_its_own(serve, runtime, tmp_path):
    serve()
    pixels = photo()
    (tmp_path / "in.ppm").write_bytes(b"P6 30 40 255\n" + pixels.tobytes())
    words = [runtime / "service.json", "tcp", tmp_path / "in.ppm", tmp_path / "out.ppm", "dehaze"]
    command = [sys.executable, "-I", "-S", FOREIGN, *words]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=20)
    assert json.loads(done.stdout)["mix"] == {"dehaze": 1.0}
    result = np.frombuffer((tmp_path / "out.ppm").read_bytes()[len(b"P6 30 40 255\n") :], np.uint8)
    np.testing.assert_array_equal(result.reshape(pixels.shape), pixels + 64)


def test_pixels_go_there_and_come_back_restored(foreign):
    pixels = photo()
    foreign.begin("restore", 30, 40, pixels.tobytes(), mix={"denoise": 1})
    result, last = foreign.finish()
    assert last["type"] == "done"
    np.testing.assert_array_equal(np.frombuffer(result, np.uint8).reshape(pixels.shape), pixels + 64)


def test_models_recipes_and_a_suggestion_are_told(foreign):
    models = foreign.ask("models")["models"]
    assert [model["name"] for model in models if model["default"]] == ["pip-compact"]
    assert [recipe["name"] for recipe in foreign.ask("recipes")["recipes"]] == list(PRESETS)
    foreign.begin("suggest", 30, 40, photo().tobytes())
    _, last = foreign.finish()
    assert (last["type"], last["mix"]) == ("suggestion", {"denoise": 0.5})


def test_a_models_card_says_all_that_its_file_says(foreign):
    listed = next(model for model in foreign.ask("models")["models"] if model["default"])
    assert (listed["imported"], listed["bytes"] > 1e6) == (False, True)
    foreign.send({"type": "model", "id": 5, "name": listed["name"]})
    card = foreign.receive()[0]["card"]
    assert (card["name"], card["version"], card["licence"]) == (listed["name"], listed["version"], listed["licence"])
    assert {"data", "steps"} <= set(card["training"])
    assert card["metrics"]


def test_fields_that_are_not_known_are_passed_over(foreign):
    foreign.send({"type": "ping", "id": 7, "colour": "green"})
    assert foreign.receive()[0]["type"] == "pong"


@pytest.mark.parametrize(
    "head",
    [
        {"type": "dance", "id": 1},
        {"type": "restore", "id": 1},
        {"type": "restore", "id": 1, "picture": {"width": 0, "height": 1, "channels": "RGB", "depth": "u8"}},
        {"type": "restore", "id": 1, "picture": {"width": 1, "height": True, "channels": "RGB", "depth": "u8"}},
        {"type": "restore", "id": 1, "picture": {"width": 1, "height": 1, "channels": "CMYK", "depth": "u8"}},
        {"type": "restore", "id": 1, "picture": {"width": 1, "height": 1, "channels": ["RGB"], "depth": "u8"}},
        {"type": "restore", "id": 1, "picture": {"same_as": 99}},
        {"type": "restore", "id": 1, "picture": {"path": ""}},
        {"type": "restore", "id": 1, "picture": {"path": "a.png"}, "mix": {"dance": 1}},
        {"type": "restore", "id": 1, "picture": {"path": "a.png"}, "mix": {"denoise": 2}},
        {"type": "restore", "id": 1, "picture": {"path": "a.png"}, "mix": {"denoise": "1"}},
        {"type": "restore", "id": 1, "picture": {"path": "a.png"}, "mix": {"denoise": 10**400}},
        {"type": "restore", "id": 1, "picture": {"path": "a.png"}, "strength": -1},
        {"type": "restore", "id": 1, "picture": {"path": "a.png"}, "rectangle": [0, 0, 1]},
        {"type": "restore", "id": 1, "picture": {"path": "a.png"}, "rectangles": [[0, 0, 1]]},
        {"type": "restore", "id": 1, "picture": {"path": "a.png"}, "rectangles": []},
        {"type": "restore", "id": 1, "picture": {"path": "a.png"}, "rectangles": [[0, 0, 1, 1]] * 257},
        {"type": "restore", "id": 1, "picture": {"path": "a.png"}, "rectangle": [0, 0, 1, 1], "rectangles": [[0, 0, 1, 1]]},
        {"type": "restore", "id": 1, "picture": {"path": "a.png"}, "difference": 1},
        {"type": "restore", "id": 1, "picture": {"path": "a.png"}, "errors": "yes"},
        {"type": "restore", "id": 1, "picture": {"path": "a.png"}, "errors": True, "rectangle": [0, 0, 1, 1]},
        {"type": "restore", "id": 1, "picture": {"path": "a.png"}, "strips": 0},
        {"type": "restore", "id": 1, "picture": {"path": "a.png"}, "skip_clean": "yes"},
        {"type": "restore", "id": 1, "picture": {"path": "a.png"}, "ensemble": 1},
        {"type": "suggest", "id": 1, "picture": {"path": "a.png"}, "map": "yes"},
        {"type": "suggest", "id": 1, "picture": {"path": "a.png"}, "mask": "rows"},
        {"type": "suggest", "id": 1, "picture": {"path": "a.png"}, "mask": 5},
        {"type": "restore", "id": 1, "picture": {"path": "a.png"}, "model": "../../evil.safetensors"},
        {"type": "restore", "id": 1, "picture": {"path": "a.png"}, "regions": [{"mask": "rows"}]},
        {"type": "restore", "id": 1, "picture": {"path": "a.png"}, "regions": [1]},
        {"type": "restore", "id": 1, "picture": {"path": "a.png"}, "regions": [{"name": ""}]},
        {"type": "restore", "id": 1, "picture": {"path": "a.png"}, "recipe": 5},
        {"type": "restore", "id": 1, "picture": {"path": "a.png"}, "device": "../gpu"},
        {"type": "restore", "id": 1, "picture": {"path": "a.png"}, "device": "cuda:0,cpu"},
        {"type": "restore", "id": 1, "picture": {"path": "a.png"}, "precision": "fp4"},
        {"type": "model", "id": 1, "name": "../../evil"},
        {"type": "model", "id": 1, "name": "nobody"},
        {"type": "import", "id": 1, "path": ""},
        {"type": "import", "id": 1, "path": "/nowhere/model.pth"},
        {"type": "cache", "id": 1, "limit": "much"},
        {"type": "cache", "id": 1, "limit": 5},
        {"type": "cache", "id": 1, "empty": 1},
        {"type": "ping"},
    ],
)  # fmt: skip
def test_a_request_that_makes_no_sense_is_answered_and_the_connection_goes_on(foreign, head):
    foreign.send(head)
    answer, _ = foreign.receive()
    assert answer["type"] == "error"
    assert answer["id"] == head.get("id", -1)
    assert answer["message"].endswith(".")
    assert answer["advice"].endswith(".")
    assert foreign.ask("ping")["type"] == "pong"


def test_the_document_tells_of_every_message_and_every_limit():
    said = set(re.findall(r"`([a-z][a-z-]*)`", TEXT))
    answers = {
        "challenge",
        "welcome",
        "pong",
        "suggestion",
        "strip",
        "progress",
        "done",
        "cancelled",
        "error",
        "stopping",
        "bye",
    }
    assert said >= {*Session._handlers, "hello", "proof", *answers}
    sources = [path.read_text("utf-8") for path in Path(requests.__file__).parent.glob("*.py")]
    codes = {code for source in sources for code in re.findall(r'RefusedError\(\s*"([a-z-]+)"', source)}
    assert codes <= said
    for number in (DEFAULTS.clients, DEFAULTS.side, DEFAULTS.jobs, DEFAULTS.regions):
        assert str(number) in TEXT


def test_every_error_of_the_program_has_a_code_that_the_protocol_names():
    from pip_backend import errors
    from pip_backend.service.values import refusal

    named = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text("utf-8")
    kinds = [
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.PipEditorError)
    ]
    assert len(kinds) > 5
    for kind in set(kinds) - {errors.PipEditorError}:
        code = refusal(kind("Something is wrong.")).code
        assert f"`{code}`" in named, kind
        assert refusal(kind("Something is wrong.")).advice
