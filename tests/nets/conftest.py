"""What the tests of the networks share: one thread, and each small network in turn."""

from __future__ import annotations

import pytest
import torch
from network_samples import NETWORKS


@pytest.fixture(autouse=True, scope="session")
def _one_thread():
    torch.set_num_threads(1)


@pytest.fixture(scope="session", params=NETWORKS)
def network(request):
    """Give each small network in turn, with settled weights, for inference."""
    torch.manual_seed(0)
    return NETWORKS[request.param]().eval().requires_grad_(False)
