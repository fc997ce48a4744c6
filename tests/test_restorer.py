"""What a `Restorer` keeps from one call to the next, and what it lets go."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

from pip_backend import Mix, Restorer
from pip_backend.engine.runtimes import torch_runtime
from pip_backend.errors import DeviceError
from pip_backend.models import find_model, imported_folder
from pip_backend.models.files import copy_model
from pip_backend.pictures.raw import RawFormat, RawPicture
from pip_backend.regions import LuminosityRange, Region
from tests.engine.networks import Lift


@pytest.fixture
def restorer(monkeypatch):
    made = Lift()
    monkeypatch.setattr("pip_backend.restorer.make_network", lambda *_: made)
    return Restorer()


def picture():
    made = RawPicture(RawFormat(30, 20, "RGB", "u8"))
    made.feed(np.arange(1800, dtype=np.uint16).astype(np.uint8).tobytes())
    return made


@pytest.mark.parametrize(
    "what", [Mix.of(denoise=1), [Region("bright", LuminosityRange(0.5, 1.0), Mix.of(denoise=1))]], ids=["all", "tones"]
)
def test_a_picture_that_nobody_has_any_more_is_not_kept(restorer, what):
    """A service that restored it would hold its memory as long as it lives."""
    mine = picture()
    first = restorer.work(mine, what, skip_clean=False)
    assert restorer.work(mine, what) is first
    assert restorer.restore_picture(mine, what).shape == (20, 30, 3)
    gone = weakref.ref(mine)
    del mine
    gc.collect()
    assert gone() is None


def test_a_restorer_knows_whether_its_name_still_means_its_model():
    restorer = Restorer()
    assert restorer.current
    shipped = find_model()
    copy_model(shipped.path, imported_folder(), shipped.name)
    assert not restorer.current
    assert Restorer().current


def test_cards_are_taken_lowest_first_and_have_to_be_of_one_kind(monkeypatch):
    kinds = {"cuda:0": "H", "cuda:1": "H", "cuda:2": "T"}
    monkeypatch.setattr(torch_runtime, "choose_device", lambda name: name)
    monkeypatch.setattr("torch.cuda.get_device_name", kinds.get)
    restorer = Restorer(device="cuda:1,cuda:0,cuda:1", ensemble=True)
    assert "cuda:0" in restorer.network.key
    assert ["cuda:1" in each.key for each in restorer.others] == [True]
    assert restorer.others[0].key.endswith("views 4")
    with pytest.raises(DeviceError, match=r"cuda:0 \(H\) and cuda:2 \(T\) are not of one kind"):
        _ = Restorer(device="cuda:0,cuda:2").others
    assert Restorer(device="cuda:1").others == ()
