"""Published weights load into the backbone, and what does not is said."""

from __future__ import annotations

import pytest
import torch
from network_samples import ToyUNet, reference_state

from pip_backend.nets import PIPRestormer, Restormer, attach_prompts, load_backbone

SMALL = {"width": 48, "blocks": (1, 1, 1, 1), "refinement": 1}


def plain_restormer_state():
    """Give a plain Restormer's state by its published names: the reference's without its prompts, latent not reduced."""
    prompts = ("prompt", "low_prompt", "reduce_noise", "chnl_reduce3")
    state = {name: tensor for name, tensor in reference_state("shallow").items() if not name.startswith(prompts)}
    state["up4_3.body.0.weight"] = torch.rand(768, 384, 3, 3)
    state["reduce_chan_level3.weight"] = torch.rand(192, 384, 1, 1)
    return state


@pytest.fixture(scope="module")
def published():
    return plain_restormer_state()


def test_plain_restormer_loads_completely(published):
    backbone = Restormer(**SMALL)
    report = load_backbone(backbone, published)
    assert report.complete, report
    assert len(report.loaded) == len(published)
    assert torch.equal(backbone.encoder[1][0].attention.qkv.weight, published["encoder_level2.0.attn.qkv.weight"])
    assert torch.equal(backbone.up[0][0].weight, published["up2_1.body.0.weight"])


def test_what_pip_restormer_has_narrower_is_told_and_left_alone(published):
    network = PIPRestormer(**SMALL)
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    report = load_backbone(network, published)
    assert {mismatch.name for mismatch in report.mismatched} == {"up.2.0.weight", "fuse.2.weight"}
    assert report.missing == ("reduce_latent.weight",)
    assert report.unexpected == ()
    assert not report.complete
    after = network.state_dict()
    untouched = {f"backbone.{name}" for name in ("up.2.0.weight", "fuse.2.weight", "reduce_latent.weight")}
    for name, tensor in after.items():
        changed = name.startswith("backbone.") and name not in untouched
        assert changed or torch.equal(tensor, before[name]), name
    assert set(report.loaded) == {name.removeprefix("backbone.") for name in after if "backbone." in name} - {
        name.removeprefix("backbone.") for name in untouched
    }


@pytest.mark.parametrize("key", ["params", "params_ema", "state_dict"])
def test_nesting_and_prefix_of_training_programs_are_taken_off(published, key):
    nested = {"iteration": 3, key: {f"module.{name}": tensor for name, tensor in published.items()}}
    assert load_backbone(Restormer(**SMALL), nested).complete


def test_averaged_weights_are_preferred():
    backbone = ToyUNet()
    trained, averaged = ({name: torch.full_like(t, v) for name, t in backbone.state_dict().items()} for v in (1, 2))
    assert load_backbone(backbone, {"params": trained, "params_ema": averaged}).complete
    assert all((tensor == 2).all() for tensor in backbone.state_dict().values())


def test_backbone_that_somebody_brings_loads_by_its_own_names():
    network = attach_prompts(ToyUNet(), 3)
    state = ToyUNet().state_dict()
    assert load_backbone(network, state).complete
    assert torch.equal(network.backbone.first.weight, state["first.weight"])


def test_report_names_everything_that_did_not_load():
    network = attach_prompts(ToyUNet(), 3)
    state = {"first.weight": torch.rand(5, 4, 3, 3), "first.bias": torch.rand(5), "stranger": torch.rand(1), "step": 7}
    report = load_backbone(network, state)
    text = str(report)
    assert report.loaded == ("first.bias",)
    assert report.unexpected == ("stranger", "step")
    assert "first.weight" not in report.missing
    assert text.startswith("1 tensors loaded, 10 missing, 2 unexpected, 1 of another shape")
    assert "shape: first.weight is (5, 3, 3, 3), in the checkpoint (5, 4, 3, 3)" in text
    assert "missing: last.bias" in text
    assert "unexpected: stranger" in text


def test_normalisation_without_bias_is_reported(published):
    without = {name: tensor for name, tensor in published.items() if "norm" not in name or name.endswith("weight")}
    missing = load_backbone(Restormer(**SMALL), without).missing
    assert missing
    assert all(name.endswith("_norm.bias") for name in missing)
