"""The networks and nothing else: prompt modules, backbones, the compact network, the sensor.

Every restoration network is a `PromptedNetwork`: `context` looks at the whole picture once, `forward` restores a tile.
What does not live here: files, devices, tiling (see `models` and `engine`), training.
What a network costs is told by `nets.cost`, which is not imported here.
"""

from .attach import Backbone, PromptedBackbone, attach_prompts
from .base import PromptedNetwork, Prompts, crop_prompts
from .checkpoints import LoadReport, Mismatch, grow_inputs, load_backbone
from .compact import PIPCompact
from .interaction import PromptToFeature, SelectivePromptToFeature
from .nafnet import NAFNet, PIPNAFNet
from .names import from_reference, reference_config
from .prompts import BasicPrompt, DegradationPrompt, PromptToPrompt, UniversalPrompt, mutual_angle_loss
from .restormer import PIPRestormer, Restormer
from .sensor import Sensor

__all__ = [
    "Backbone",
    "BasicPrompt",
    "DegradationPrompt",
    "LoadReport",
    "Mismatch",
    "NAFNet",
    "PIPCompact",
    "PIPNAFNet",
    "PIPRestormer",
    "PromptToFeature",
    "PromptToPrompt",
    "PromptedBackbone",
    "PromptedNetwork",
    "Prompts",
    "Restormer",
    "SelectivePromptToFeature",
    "Sensor",
    "UniversalPrompt",
    "attach_prompts",
    "crop_prompts",
    "from_reference",
    "grow_inputs",
    "load_backbone",
    "mutual_angle_loss",
    "reference_config",
]
