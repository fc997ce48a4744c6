"""Experiments: every variant learns from what the others do, a cut run goes on, and tables say what the files hold."""

from __future__ import annotations

import copy
import dataclasses
import json

import pytest
import torch

from pip_backend.nets.base import PromptedNetwork
from pip_backend.training.experiments import __main__ as command
from pip_backend.training.experiments import run as run_module
from pip_backend.training.experiments.catalogue import find_set, load_catalogue
from pip_backend.training.experiments.networks import NETWORKS
from pip_backend.training.experiments.report import keep, load_results, markdown, write_tables
from pip_backend.training.experiments.run import _middle, made_crops, of_tile, run_variants
from pip_backend.training.sampler import Distribution, Sampler
from pip_backend.training.validation import load_sets

from .samples import NETWORK, THUMBNAIL, config, refused, rng, write_photos, write_set


@pytest.fixture
def small(monkeypatch):
    """Give a set of two variants of the smallest network, measured in no time."""
    shapes = find_set("shapes")
    training = dataclasses.replace(
        config(stages=[{"start": 0.0, "size": 32, "count": 2}]), distribution=shapes.variants[0].training.distribution
    )
    first, second = (
        dataclasses.replace(variant, arguments=NETWORK, training=training) for variant in shapes.variants[:2]
    )
    monkeypatch.setattr(run_module, "SPEED_TILE", 32)
    monkeypatch.setattr(run_module, "inference_speed", lambda _network: 2.0)
    return dataclasses.replace(shapes, variants=(first, dataclasses.replace(second, tile_context=True)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Give a data folder with what is trained on and what is measured on."""
    made = tmp_path_factory.mktemp("experiments")
    write_photos(made / "train")
    for name in ("kodak", "mcmaster"):
        write_set(made / "val" / "gaussian" / name, size=(48, 64))
    return made


def run(experiment, folder, place):
    kept = []
    run_variants(
        experiment, list(experiment.variants), folder, place, minutes=0.01, say=lambda _line: None, keep=kept.append
    )
    return kept


@pytest.mark.parametrize("name", sorted(NETWORKS))
def test_every_network_that_is_compared_restores_and_learns(name):
    torch.manual_seed(0)
    network = NETWORKS[name]()
    assert isinstance(network, PromptedNetwork)
    image = torch.rand(1, 3, 64, 64, generator=rng())
    restored = network.restore(image, torch.eye(6)[:1])
    assert restored.shape == image.shape
    restored.square().mean().backward()
    copy.deepcopy(network)  # as the average is, to be looked at
    assert any(value.grad is not None and bool(value.grad.abs().sum() > 0) for value in network.parameters())


def test_who_is_not_told_does_the_same_whatever_the_prompt():
    image = torch.rand(1, 3, 32, 32, generator=rng())
    for name, told in (
        ("compact-blind", False),
        ("compact-bare", False),
        ("compact-planes", True),
        ("compact-told", True),
        ("compact-lower", True),
        ("compact-selective", True),
        ("compact-cross", True),
    ):
        torch.manual_seed(0)
        network = NETWORKS[name]()
        with torch.no_grad():
            one, other = (network.restore(image, torch.eye(6)[row : row + 1]) for row in (0, 5))
        assert torch.equal(one, other) is not told, name


def test_a_refolded_network_takes_tiles_and_steers_features_at_its_own_resolutions():
    for fold, levels in ((1, 4), (4, 3)):
        variant = next(
            found
            for found in load_catalogue()["whole"].variants
            if found.network == {1: "compact-unfolded", 4: "compact-folded"}[fold]
        )
        network = NETWORKS[variant.network](**variant.arguments)
        assert network.prompt_strides == (1, *sorted(2 * [fold * 2**level for level in range(levels)]))
        assert network.multiple_of == fold * 2 ** (levels - 1)
        seen = []
        network.encoder[0].register_forward_hook(lambda *call, seen=seen: seen.append(call[2].shape[-2:]))
        # Behind a new last layer, what a prompt without haze and darkness changes is small, and nothing at weight 0.
        image, side = torch.rand(1, 3, 96, 96, generator=rng()), 96 // fold
        with torch.no_grad():
            assert torch.equal(network.restore(image, torch.zeros(1, 6)), image)
            assert float((network.restore(image, torch.eye(6)[:1]) - image).abs().max()) < 0.2
        assert seen == 2 * [(side, side)]


def test_the_catalogue_names_networks_that_there_are():
    for experiment in load_catalogue().values():
        assert all(variant.network in NETWORKS for variant in experiment.variants)


def test_noise_is_clipped_but_where_a_variant_says_otherwise():
    free = [variant.name for found in load_catalogue().values() for variant in found.variants if not variant.clipped]
    assert free == ["PIP, noise neither clipped nor rounded"]
    for gaussian in (True, False):
        for clipped in (True, False):
            noise = run_module._damage(gaussian=gaussian, clipped=clipped)["denoise"]
            assert (noise.clipped, noise.camera == 0) == (clipped, gaussian)


def test_all_variants_of_a_set_are_trained_for_the_same_budget(small, folder, tmp_path):
    kept = run(small, folder, tmp_path)
    assert len(kept) == run_module.LOOKS
    for name, result in kept[-1].items():
        assert 0.6 <= result.budget_s < 3, name
        assert len(result.curve) == run_module.LOOKS
        assert set(result.figures) == {"kodak", "mcmaster"}
        assert result.megapixels == pytest.approx(result.steps * 2 * 32**2 / 1e6, abs=0.005)


def test_a_set_that_was_cut_off_goes_on_where_it_was(small, folder, tmp_path):
    class CutError(Exception):
        pass

    def cut(_results):
        raise CutError

    options = {"minutes": 0.01, "say": lambda _line: None}
    with pytest.raises(CutError):
        run_variants(small, list(small.variants), folder, tmp_path, keep=cut, **options)
    curves = {path.parent.name: json.loads(path.read_text()) for path in tmp_path.glob("*/curve.json")}
    assert [len(curve) for curve in curves.values()] == [1, 1]
    kept = []
    run_variants(small, list(small.variants), folder, tmp_path, keep=kept.append, **options)
    assert len(kept) == run_module.LOOKS - 1  # what was looked at is not trained again
    for name, result in kept[-1].items():
        assert result.curve[0] == curves[f"{run_module.slug(name)}-0"][0]
        assert result.budget_s < 3


def test_made_crops_have_two_damages_and_are_always_the_same(folder):
    sets = load_sets(folder / "val")
    big = [
        dataclasses.replace(found, pairs=tuple((clean.repeat(1, 1, 6, 6),) * 2 for _, clean in found.pairs))
        for found in sets
    ]
    types = {"denoise": 1.0, "dejpeg": 1.0}
    both, again = made_crops(big, THUMBNAIL, types, 0.0), made_crops(big, THUMBNAIL, types, 0.0)
    assert torch.equal(both.pixels, again.pixels)
    assert ((both.amount > 0).sum(1) == 2).all()
    assert (both.prompt.amax((2, 3)).sum(1) == 2).all()
    one = made_crops(big, THUMBNAIL, types, 1.0)
    assert (one.prompt.amax((2, 3)).sum(1) == 1).all()


def test_the_context_of_a_tile_is_the_tile(photos):
    batch = Sampler(photos, Distribution(), size=32, count=2, grid=8).draw(rng())
    own = of_tile(batch)
    assert own.thumbnail.shape == batch.thumbnail.shape
    assert torch.allclose(own.thumbnail.mean((2, 3)), batch.pixels.mean((2, 3)), atol=1e-5)
    assert torch.equal(own.rectangle, torch.tensor([[0.0, 0, 1, 1]]).expand(2, 4))
    assert torch.equal(own.pixels, batch.pixels)


def test_the_middle_of_a_picture_is_cut_from_both(folder):
    found = load_sets(folder / "val")[0]
    wide = dataclasses.replace(
        found, pairs=tuple((damaged.repeat(1, 1, 8, 8), clean.repeat(1, 1, 8, 8)) for damaged, clean in found.pairs)
    )
    for damaged, clean in _middle(wide).pairs:
        assert damaged.shape == clean.shape == (1, 3, run_module.MIDDLE, run_module.MIDDLE)
    for before, after in zip(found.pairs, _middle(found).pairs, strict=True):
        assert torch.equal(before[0], after[0])


def result(seed=0, **changes):
    return {
        "seed": seed, "parameters": 1234, "budget_s": 90.0, "megapixels": 10.0, "train_mp_s": 0.2, "infer_mp_s": 2.0,
        "figures": {"kodak": 28.0, "mcmaster": 29.2}, **changes,
    }  # fmt: skip


def test_a_table_tells_means_over_seeds_and_their_spread():
    text = markdown({"a": {"0": result(), "1": result(1, figures={"kodak": 29.0, "mcmaster": 29.2})}})
    assert "| a | 1,234 | 1.5 ± 0.0 |" in text
    assert "28.50 ± 0.50" in text
    assert len({line.count("|") for line in text.splitlines()}) == 1


def test_results_are_kept_in_the_order_of_the_catalogue_and_the_document_gets_its_table(tmp_path):
    shapes = find_set("shapes")
    path = tmp_path / "shapes.json"
    for name in ("three levels", "width 48 (shipped)", "three levels"):
        keep(path, shapes, name, result())
    assert list(load_results(path)) == ["width 48 (shipped)", "three levels"]
    document = tmp_path / "experiments.md"
    document.write_text(
        "before\n<!-- experiment shapes -->\nold\n<!-- end -->\nafter\n<!-- experiment other -->\n<!-- end -->\n"
    )
    assert write_tables(document, tmp_path) == ["shapes"]
    text = document.read_text()
    assert text.startswith("before\n<!-- experiment shapes -->\n| variant |")
    assert text.endswith("<!-- end -->\nafter\n<!-- experiment other -->\n<!-- end -->\n")
    assert "old" not in text
    assert write_tables(document, tmp_path) == ["shapes"]
    assert document.read_text() == text


def test_what_has_another_budget_than_the_sets_stays_out_of_the_document(folder, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "experiments.md").write_text("<!-- experiment told -->\nas it was\n<!-- end -->\n")
    kept = {}

    def run_variants(_experiment, variants, *_, keep, **__):
        keep({variants[0].name: kept["result"]})

    monkeypatch.setattr("pip_backend.training.experiments.run.run_variants", run_variants)
    monkeypatch.setattr("pip_backend.training.experiments.run.as_table", dict)
    for budget, minutes, told in ((18, ["--minutes", "0.3"], False), (180, [], False), (480, [], True)):
        kept["result"] = _Result(result(budget_s=budget))
        assert command.main(["told", "--variant", "PIP", "--data", str(folder), *minutes]) == 0
        assert ("as it was" not in (tmp_path / "docs" / "experiments.md").read_text()) is told
        assert (tmp_path / "docs" / "experiments" / "told.json").exists() is told
    assert (tmp_path / "build" / "experiments" / "told.json").exists()
    assert "| PIP |" in capsys.readouterr().out


class _Result(dict):
    @property
    def budget_s(self):
        return self["budget_s"]


def test_damaged_results_are_refused(tmp_path):
    path = tmp_path / "shapes.json"
    path.write_text("[]")
    assert "holds no results" in refused(load_results, path)


def test_the_command_lists_what_there_is_and_refuses_what_there_is_not(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert command.main([]) == 0
    assert "width 48 (shipped)" in capsys.readouterr().out
    for wrong in (["nothing"], ["shapes", "--data", "nowhere"], ["shapes", "--minutes", "0"], ["--tables"]):
        assert command.main(wrong) == 2
        assert len(capsys.readouterr().err.strip().splitlines()) == 1
