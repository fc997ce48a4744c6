"""What a `Restorer` keeps from one call to the next, and what it lets go."""

from __future__ import annotations

import gc
import weakref
from types import SimpleNamespace

import numpy as np
import pytest

from pip_backend import Mix, Restorer
from pip_backend.engine.runtimes import torch_runtime
from pip_backend.errors import DeviceError, RegionError
from pip_backend.models import find_model, imported_folder
from pip_backend.models.files import copy_model
from pip_backend.pictures.raw import RawFormat, RawPicture
from pip_backend.regions import LuminosityRange, Region, parse_region
from tests.engine.networks import Lift
from tests.engine.stand_in import cards


@pytest.fixture
def restorer(monkeypatch):
    made = Lift()
    monkeypatch.setattr("pip_backend.restorer.make_network", lambda *_: made)
    return Restorer()


def picture(width=30, height=20):
    made = RawPicture(RawFormat(width, height, "RGB", "u8"))
    made.feed(np.arange(width * height * 3).astype(np.uint8).tobytes())
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
    def card(name, chips=132):
        return SimpleNamespace(name=name, major=9, minor=0, multi_processor_count=chips)

    found = {"cuda:0": card("H"), "cuda:1": card("H"), "cuda:2": card("T"), "cuda:3": card("H", 114)}
    monkeypatch.setattr(torch_runtime, "choose_device", lambda name: name)
    monkeypatch.setattr("torch.cuda.get_device_properties", found.get)
    restorer = Restorer(device="cuda:1,cuda:0,cuda:1", ensemble=True)
    assert "cuda:0" in restorer.network.key
    assert ["cuda:1" in each.key for each in restorer.others] == [True]
    assert restorer.others[0].key.endswith("views 4")
    with pytest.raises(DeviceError, match=r"cuda:0 \(H\) and cuda:2 \(T\) are not of one kind"):
        _ = Restorer(device="cuda:0,cuda:2").others
    with pytest.raises(DeviceError, match="not of one kind"):
        _ = Restorer(device="cuda:0,cuda:3").others
    assert Restorer(device="cuda:1").others == ()


@pytest.mark.parametrize(
    "name", ["cuda:x", "cuda:1:2", "cuda:0,cpu", "cuda,cuda:0", "cuda:0,cuda:256", "cuda:00", "cuda:¹"]
)
def test_what_is_no_device_is_refused(name):
    with pytest.raises(DeviceError, match="There is no device"):
        Restorer(device=name)


def test_every_card_that_is_named_gets_a_part_of_the_picture():
    restorer = Restorer()
    vars(restorer)["network"], *others = networks = cards(Lift, 3)
    vars(restorer)["others"] = tuple(others)
    for _ in restorer.strips(picture(64 + 5 * 48, 60), Mix.of(denoise=1.0)):
        pass
    assert [len(each.tiles) for each in networks] == [2, 2, 2]


@pytest.mark.parametrize("what", ["dehaze=1", ["dehaze"], [parse_region("rect(0,0,10,10):denoise")]])
def test_what_is_neither_a_mix_nor_regions_is_a_sentence(restorer, what):
    with pytest.raises(RegionError, match="neither a mix nor regions"):
        restorer.restore_picture(picture(), what)
