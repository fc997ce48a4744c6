"""A card that is found and cannot compute fails no photo that nobody has named it for; who has named it is told in a sentence.

torch's `meta` device stands in for the card: it takes networks and pixels, and gives nothing back.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch

from pip_backend import Mix, Restorer
from pip_backend.cli.main import main
from pip_backend.engine import ArraySource, Job, ResultCache, restore, uniform_work
from pip_backend.engine.runtimes import failing, torch_runtime
from pip_backend.engine.runtimes.failing import FailedDeviceError
from pip_backend.engine.runtimes.torch_arrays import TorchArrays
from pip_backend.engine.runtimes.torch_runtime import TorchNetwork, TorchSensor
from pip_backend.engine.standby import restore_somewhere
from pip_backend.models import DEFAULT_SENSOR, find_model
from pip_backend.pictures import PictureInfo, PictureWriter, read_info

from .networks import Lift
from .runtime_models import small_model

MIX = Mix.of(denoise=1)
EVERYWHERE = uniform_work(np.ones(6, np.float32), 50, 4)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return str(small_model(tmp_path_factory.mktemp("model")).path)


@pytest.fixture(autouse=True)
def card(monkeypatch):
    """Have `auto` and `cuda` find a card that is broken; each process of a test begins anew."""
    failing.forget()
    monkeypatch.setattr(torch_runtime, "choose_device", lambda name="auto": "cpu" if name == "cpu" else "meta")
    yield
    failing.forget()


@pytest.fixture
def photo(tmp_path):
    info = PictureInfo(50, 40)
    with PictureWriter(tmp_path / "a.png", info) as writer:
        writer.write(np.random.default_rng(3).integers(0, 255, (40, 50, 3), np.uint8))
    return tmp_path / "a.png"


class Breaks(Lift):
    """A card that fails from its n-th tile on."""

    def __init__(self, first, **kw):
        super().__init__(**kw)
        self.first = first

    def answer(self, pixels):
        if len(self.tiles) >= self.first:
            raise FailedDeviceError("cuda", RuntimeError("CUDA error: unspecified launch failure\nmore"))
        return super().answer(pixels)


def made(model, **settings):
    return Restorer(model, runtime="torch", precision="fp32", **settings)


def test_the_processor_does_the_work_of_a_card_that_fails_and_says_so_once(model, photo, tmp_path):
    expected = made(model, device="cpu").restore_file(photo, tmp_path / "cpu.png", MIX)
    assert expected.warnings == ()
    restorer = made(model)
    (sentence,) = restorer.restore_file(photo, tmp_path / "b.png", MIX).warnings
    assert sentence.startswith("The device meta fails: ")
    assert "--device cpu" in sentence
    assert "\n" not in sentence
    assert restorer.restore_file(photo, tmp_path / "c.png", MIX).warnings == ()
    assert made(model).restore_file(photo, tmp_path / "d.png", MIX).warnings == ()
    for name in ("b.png", "c.png", "d.png"):
        assert (tmp_path / name).read_bytes() == (tmp_path / "cpu.png").read_bytes()


def test_a_card_that_failed_is_not_tried_again_by_this_process(model, photo, tmp_path, monkeypatch):
    made(model).restore_file(photo, tmp_path / "b.png", MIX)
    monkeypatch.setattr(
        torch_runtime, "choose_device", lambda name="auto": pytest.fail(name) if name != "cpu" else name
    )
    assert made(model).restore_file(photo, tmp_path / "c.png", MIX).progress.total > 0
    assert (tmp_path / "c.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_what_the_processor_made_is_kept_under_its_own_key(model, photo, tmp_path):
    cache = ResultCache(tmp_path / "cache")
    made(model, cache=cache).restore_file(photo, tmp_path / "b.png", MIX)
    report = made(model, device="cpu", cache=cache).restore_file(photo, tmp_path / "c.png", MIX)
    assert report.progress is not None
    assert report.progress.cache_misses == 0


def test_who_names_the_card_is_told_in_a_sentence_and_loses_nothing(model, photo, tmp_path, capsys):
    words = ["restore", str(photo), "-o", str(tmp_path / "b.png"), "-d", "denoise=1", "--model", model]
    before = sorted(tmp_path.iterdir())
    assert main([*words, "--device", "cuda", "--runtime", "torch"]) == 2
    told = capsys.readouterr().err
    assert "The device meta fails" in told
    assert "--device cpu" in told
    assert "Traceback" not in told
    assert sorted(tmp_path.iterdir()) == before
    assert read_info(photo).width == 50


@pytest.mark.parametrize("rectangle", [None, (30, 8, 190, 41)])
@pytest.mark.parametrize("first", [1, 2, 4])
def test_what_was_given_out_stays_and_the_rest_is_what_the_processor_makes(first, rectangle):
    pixels = np.random.default_rng(1).random((200, 50, 3), np.float32)
    job = Job(ArraySource(pixels), EVERYWHERE, rectangle)
    expected = list(restore(job, Lift()))
    progress = []
    strips = list(restore_somewhere(job, Breaks(first), Lift, on_progress=progress.append))
    top = job.rectangle[0] if job.rectangle else 0
    for strip in strips:
        assert strip.top == top
        top += len(strip.pixels)
    np.testing.assert_array_equal(
        np.concatenate([strip.pixels for strip in strips]), np.concatenate([strip.pixels for strip in expected])
    )
    assert len(strips[-1].progress.warnings) == 1
    assert "unspecified launch failure." in strips[-1].progress.warnings[0]
    assert progress[-1].warnings == strips[-1].progress.warnings


def test_a_named_card_that_fails_is_an_error_of_the_job():
    job = Job(ArraySource(np.zeros((40, 50, 3), np.float32)), EVERYWHERE)
    with pytest.raises(FailedDeviceError, match="fails: CUDA error: unspecified launch failure[.] Mend"):
        list(restore_somewhere(job, Breaks(1), None))


def test_what_others_raise_is_not_taken_for_the_card(model, photo):
    def stop(_progress):
        raise RuntimeError("mine")

    pixels = ArraySource(np.zeros((40, 50, 3), np.float32))
    with pytest.raises(RuntimeError, match="mine"):
        list(restore_somewhere(Job(pixels, EVERYWHERE), Lift(), lambda: pytest.fail("moved"), on_progress=stop))
    for words, device in (("a defect", "cpu"), ("CUDA error: out of memory", "cuda:0")):
        with pytest.raises(RuntimeError, match=words), failing.watched(device):
            raise RuntimeError(words)
    assert failing.untold() == ()


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (torch.OutOfMemoryError("too much"), torch_runtime.OutOfMemoryError),
        (RuntimeError("CUDA error: no kernel image is available"), FailedDeviceError),
        (torch.cuda.DeferredCudaCallError("CUDA call failed lazily"), FailedDeviceError),
    ],
)
def test_memory_that_does_not_suffice_is_no_failure_of_the_card(model, monkeypatch, raised, told):
    def load(*_):
        raise raised

    entry = find_model(model)
    network = TorchNetwork(entry.path, entry.descriptor, "auto", "fp32")
    monkeypatch.setattr(network, "_load", load)
    with pytest.raises(told):
        network.prepare()


def test_the_sensor_judges_on_the_processor_and_the_next_photo_tells_it():
    entry = find_model(DEFAULT_SENSOR)
    tiles, small = np.full((2, 128, 128, 3), 0.4, np.float32), np.full((64, 64, 3), 0.4, np.float32)
    expected = TorchSensor(entry.path, entry.descriptor, "cpu").judge(tiles, small)
    sensor = TorchSensor(entry.path, entry.descriptor)
    for _ in range(2):
        np.testing.assert_array_equal(sensor.judge(tiles, small), expected)
    with pytest.raises(FailedDeviceError):
        TorchSensor(entry.path, entry.descriptor, "cuda").judge(tiles, small)
    job = Job(ArraySource(np.zeros((40, 50, 3), np.float32)), EVERYWHERE)
    (strip,) = restore_somewhere(job, Lift(), Lift)
    assert len(strip.progress.warnings) == 1


def test_pixels_that_do_not_come_back_from_a_card_are_its_failure():
    arrays = TorchArrays(torch.device("meta"))
    with pytest.raises(FailedDeviceError, match="meta"):
        arrays.fetch(torch.zeros((2, 2, 3), device="meta"))
