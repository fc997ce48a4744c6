"""PIPRestormer is the authors' network: same outputs, same prompts, same parameters."""

from __future__ import annotations

import functools

import pytest
import torch
from network_samples import reference_arrays, reference_state

from pip_backend.nets import PIPRestormer, Restormer, from_reference, reference_config
from pip_backend.nets.names import UNUSED_REFERENCE_TENSORS

CASES = ("shallow", "shallow_cross", "full")
PARAMETERS = {"full": 27_429_510, "shallow": 8_312_065, "shallow_cross": 8_312_053}
TOLERANCE = 1e-4
"""Largest deviation over the standard deviation of the reference; measured 5e-6."""


@functools.cache
def load(case):
    """Give the state of a case, the network with it, the arrays."""
    state = reference_state(case)
    network = PIPRestormer(**reference_config(state)).eval().requires_grad_(False)
    network.load_state_dict(from_reference(state))
    return state, network, reference_arrays(case)


every_case = pytest.mark.parametrize("case", CASES)


def weights(output):
    prompt = torch.zeros(1, 5)
    if output == "mix_0_3":
        prompt[0, [0, 3]] = 0.5
    else:
        prompt[0, int(output[-1])] = 1
    return prompt


def deviation(ours, reference):
    return float((ours - reference).abs().max() / reference.std())


@every_case
@pytest.mark.parametrize("output", [*(f"class_{k}" for k in range(5)), "mix_0_3"])
def test_output_is_the_references(case, output):
    _, network, arrays = load(case)
    assert deviation(network.restore(arrays["input"], weights(output)), arrays[output]) < TOLERANCE


@every_case
def test_outputs_of_two_classes_differ_by_more_than_the_tolerance(case):
    # Else the test above would pass a network that ignores its prompt.
    _, _, arrays = load(case)
    assert deviation(arrays["class_0"], arrays["class_3"]) > 100 * TOLERANCE
    assert deviation(arrays["class_0"], arrays["mix_0_3"]) > 100 * TOLERANCE


def test_prompts_that_enter_prompt_to_feature_are_the_references():
    _, network, arrays = load("shallow")
    entered = {}
    hooks = [
        network.interactions[level - 1].prompt_conv.register_forward_hook(
            lambda _module, _arguments, output, level=level: entered.update({level: output})
        )
        for level in (2, 3)
    ]
    network.restore(arrays["input"], weights("class_0"))
    for hook in hooks:
        hook.remove()
    assert deviation(entered[2], arrays["class_0_prompt_2"]) < TOLERANCE
    assert deviation(entered[3], arrays["class_0_prompt_3"]) < TOLERANCE


@every_case
def test_parameters_are_the_references_less_its_unused_ones(case):
    state, network, _ = load(case)
    unused = sum(state[tensor].numel() for tensor in UNUSED_REFERENCE_TENSORS)
    assert sum(parameter.numel() for parameter in network.parameters()) + unused == PARAMETERS[case]


@every_case
def test_reference_config_is_the_papers(case):
    config = reference_config(load(case)[0])
    assert config["blocks"] == ((4, 6, 6, 8) if case == "full" else (1, 1, 1, 1))
    assert config["refinement"] == (4 if case == "full" else 1)
    assert config["interaction"] == ("cross" if case == "shallow_cross" else "selective")
    assert config["heads"] == (1, 2, 4, 8)
    assert (config["classes"], config["width"]) == (5, 48)


def test_every_reference_tensor_has_one_place_of_ours():
    state = reference_state("shallow")
    ours = from_reference(state)
    mixtures = 3 * 3  # four scalars become one tensor at each of three levels
    assert len(ours) == len(state) - len(UNUSED_REFERENCE_TENSORS) - mixtures


def test_state_of_another_network_is_refused():
    with torch.device("meta"):
        plain = Restormer(8, (1, 1, 1, 1), 1).state_dict()
    with pytest.raises(KeyError):
        reference_config(plain)


def test_plain_restormer_has_the_published_number_of_parameters():
    with torch.device("meta"):
        plain = Restormer()
    assert sum(parameter.numel() for parameter in plain.parameters()) == 26_126_644
