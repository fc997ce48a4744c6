"""What the tensors of published checkpoints are called here.

Three vocabularies: the plain Restormer, the plain NAFNet, and the authors' PIP-Restormer. Each is a list of (pattern,
replacement), applied to a name one after the other. A name of ours passes through unchanged.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

Vocabulary = tuple[tuple[str, str], ...]
"""Pairs of a regular expression and its replacement, as `re.sub` takes them."""


def _levels(pattern: str, replacement: str) -> Vocabulary:
    """Return the pair for each of three levels, N standing for its number: published from 1, here from 0."""
    return tuple((pattern.replace("N", str(n)), replacement.replace("N", str(n - 1))) for n in (1, 2, 3))


_TRANSFORMER_BLOCK: Vocabulary = (
    (r"\.norm1\.body\.", ".attention_norm."),
    (r"\.norm2\.body\.", ".feed_forward_norm."),
    (r"\.attn\.kv(?=[._])", ".attn.key_value"),
    (r"\.attn\.q(?=[._])", ".attn.query"),
    (r"\.attn\.", ".attention."),
    (r"\.ffn\.project_in\.", ".feed_forward.expand."),
    (r"\.ffn\.dwconv\.", ".feed_forward.depthwise."),
    (r"\.ffn\.project_out\.", ".feed_forward.project."),
    (r"_dwconv\.", "_depthwise."),
    (r"\.project_out\.", ".project."),
)

RESTORMER: Vocabulary = (
    (r"^patch_embed\.proj\.", "stem."),
    *_levels(r"^encoder_levelN\.", "encoder.N."),
    *_levels(r"^decoder_levelN\.", "decoder.N."),
    *_levels(r"^downN_\d\.body\.", "down.N."),
    *_levels(r"^up\d_N\.body\.", "up.N."),
    *_levels(r"^reduce_chan_levelN\.", "fuse.N."),
    (r"^chnl_reduce3\.", "reduce_latent."),  # of the authors' PIP-Restormer alone
    (r"^output\.", "head."),
    *_TRANSFORMER_BLOCK,
)
"""Published Restormer to `Restormer`."""

NAFNET: Vocabulary = (
    (r"^intro\.", "stem."),
    (r"^ending\.", "head."),
    (r"^encoders\.", "encoder."),
    (r"^decoders\.", "decoder."),
    (r"^middle_blks\.", "middle."),
    (r"^downs\.", "down."),
    (r"^ups\.", "up."),
    (r"\.norm1\.", ".spatial_norm."),
    (r"\.norm2\.", ".channel_norm."),
    (r"\.conv1\.", ".expand."),
    (r"\.conv2\.", ".depthwise."),
    (r"\.sca\.1\.", ".attend."),
    (r"\.conv3\.", ".project."),
    (r"\.conv4\.", ".channel_expand."),
    (r"\.conv5\.", ".channel_project."),
    (r"\.beta$", ".spatial_scale"),
    (r"\.gamma$", ".channel_scale"),
)
"""Published NAFNet to `NAFNet`."""

_PIP: Vocabulary = (
    *_levels(r"^promptN\.detask_prompt_param$", "prompts.N.degradation.vectors"),
    *_levels(r"^promptN\.low_prompt_param$", "prompts.N.basic.prompt"),
    *_levels(r"^promptN\.outconv\.", "interactions.N.prompt_conv."),
    *_levels(r"^promptN\.LGM\.", "prompts.N.interaction."),
    *_levels(r"^low_prompt_interaction_levelN\.prompt_transformer_cross\.", "interactions.N."),
    (r"^(prompts.*)\.norm11\.body\.", r"\1.basic_norm."),
    (r"^(prompts.*)\.norm12\.body\.", r"\1.degradation_norm."),
    (r"\.norm11\.body\.", ".feature_norm."),
    (r"\.norm12\.body\.", ".prompt_norm."),
    (r"\.reduce_channel\.", ".reduce."),
    *_TRANSFORMER_BLOCK,
)

UNUSED_REFERENCE_TENSORS = tuple(f"reduce_noise_channel_{n}.weight" for n in (1, 2, 3))
"""Tensors that stand in the authors' checkpoints and take no part in the output; dropped on reading."""


def translate(name: str, vocabulary: Vocabulary) -> str:
    """Return what the tensor of a published checkpoint is called here."""
    for pattern, replacement in vocabulary:
        name = re.sub(pattern, replacement, name)
    return name


def from_reference(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Translate the state of the authors' PIP-Restormer to one that `PIPRestormer.load_state_dict` takes.

    Besides the names three things differ: class vectors are (K, dim) and not (1, K, dim, 1, 1); the four scalars
    of the selective attention are one tensor; `UNUSED_REFERENCE_TENSORS` are dropped.

    Parameters
    ----------
    state
        Tensors by the authors' names.

    Returns
    -------
    dict
        Tensors by the names of `PIPRestormer`. Unknown names stay as they are, for `load_state_dict` to refuse.

    """
    ours: dict[str, Tensor] = {}
    for name, tensor in state.items():
        if name in UNUSED_REFERENCE_TENSORS or re.search(r"\.attn[2-4]$", name):
            continue
        if name.endswith(".attn1"):
            stem = translate(name.removesuffix(".attn.attn1") + ".", _PIP)
            parts = [state[name[:-1] + digit].reshape(1) for digit in "1234"]
            ours[f"{stem}attention.mixture"] = torch.cat(parts)
            continue
        renamed = translate(name, _PIP)
        if not renamed.startswith(("prompts.", "interactions.")):
            renamed = "backbone." + translate(name, RESTORMER)
        ours[renamed] = tensor[0, :, :, 0, 0] if renamed.endswith("degradation.vectors") else tensor
    return ours


def reference_config(state: Mapping[str, Tensor]) -> dict[str, Any]:
    """Tell from a state of the authors' PIP-Restormer the arguments of the `PIPRestormer` that it fits.

    The feed-forward's expansion is the published 2.66.

    Parameters
    ----------
    state
        Tensors by the authors' names.

    Returns
    -------
    dict
        Keyword arguments of `PIPRestormer`.

    Raises
    ------
    KeyError
        If the state is not one of a PIP-Restormer.

    """
    stages = ("encoder_level1", "encoder_level2", "encoder_level3", "latent")
    basic = [state[f"prompt{n}.low_prompt_param"] for n in (1, 2, 3)]
    selective = any(name.endswith(".attn.attn1") for name in state)
    return {
        "classes": state["prompt1.detask_prompt_param"].shape[1],
        "width": state["patch_embed.proj.weight"].shape[0],
        "blocks": tuple(_count_blocks(state, stage) for stage in stages),
        "refinement": _count_blocks(state, "refinement"),
        "heads": tuple(state[f"{stage}.0.attn.temperature"].shape[0] for stage in stages),
        "prompt_dims": tuple(prompt.shape[1] for prompt in basic),
        "prompt_sizes": tuple(prompt.shape[2] for prompt in basic),
        "interaction": "selective" if selective else "cross",
        "context_size": 0,
    }


def _count_blocks(state: Mapping[str, Tensor], stage: str) -> int:
    return sum(name.startswith(f"{stage}.") and name.endswith(".attn.temperature") for name in state)
