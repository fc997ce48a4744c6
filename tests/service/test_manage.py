"""Managing by messages: importing a model, the size of the cache, and what a restoration runs on."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from pip_backend.engine import ResultCache
from pip_backend.models import find_model, imported_folder
from pip_client import ServiceError, connect

from .fakes import FakeRestorer, as_picture, photo


def test_a_model_is_imported_and_listed(client, tmp_path):
    shutil.copy(find_model("pip-compact").path, tmp_path / "mine.safetensors")
    assert client.import_model(str(tmp_path / "mine.safetensors"), "mine") == "mine"
    listed = {model["name"]: model["imported"] for model in client.models()}
    assert listed == {"mine": True, "pip-compact": False}
    assert client.model_card("mine")["name"] == "mine"
    assert (imported_folder() / "mine.safetensors").exists()


def test_what_is_no_model_is_one_sentence(client, tmp_path):
    (tmp_path / "bad.pth").write_bytes(b"nothing")
    with pytest.raises(ServiceError, match="bad.pth"):
        client.import_model(str(tmp_path / "bad.pth"))
    assert client.ping()


def test_the_limit_of_the_cache_holds_for_every_program(client):
    cache = ResultCache()
    for number in range(40):
        cache.put(cache.key(number), np.zeros((500, 500, 3), np.float32))
    before = cache.size()
    assert client.cache() == {"bytes": before, "limit": ResultCache().limit}
    answer = client.cache(limit=100_000_000)
    assert answer["limit"] == cache.limit == 100_000_000
    assert answer["bytes"] == cache.size() <= 100_000_000 < before
    assert client.cache(empty=True)["bytes"] == 0


def test_a_restoration_runs_where_its_client_says(serve):
    asked = []

    def make(runs):
        asked.append(tuple(runs))
        return FakeRestorer()

    serve(make)
    with connect("test", start=False, timeout=5) as client:
        client.restore(as_picture(photo()), {"denoise": 1})
        client.restore(as_picture(photo()), {"denoise": 1}, device="cpu", precision="fp32")
        client.restore(as_picture(photo()), {"denoise": 1}, device="auto", precision="auto")
        client.suggest(as_picture(photo()), device="cpu")
        client.restore(as_picture(photo()), {"denoise": 1}, ensemble=True)
    assert asked == [
        (None, None, "auto", False),
        (None, "cpu", "fp32", False),
        (None, "cpu", "auto", False),
        (None, None, "auto", True),
    ]
