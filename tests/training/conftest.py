"""What the tests of training share: one thread, and photos that a formula made."""

from __future__ import annotations

import pytest
import torch

from .samples import photos_in_memory, write_photos


@pytest.fixture(autouse=True, scope="session")
def _one_thread():
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def photos():
    """Give clean photos and pairs, in memory."""
    return photos_in_memory()


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    """Give a data folder that no test changes."""
    return write_photos(tmp_path_factory.mktemp("data"))
