"""Krita with the plug-in, and one run of kritarunner over all cases, for the tests of this folder."""

from __future__ import annotations

import pytest
from PIL import Image

from tests.hosts.krita_session import KritaSession
from tests.hosts.photos import save_recipe, write_pictures, write_png16

from .cases import CASES


@pytest.fixture(scope="package")
def session(tmp_path_factory):
    """Krita with the plug-in and a saved recipe, and the service: one for the folder, since each start takes its time."""
    made = KritaSession(tmp_path_factory.mktemp("krita"))
    write_pictures(made.folder)
    save_recipe(made.home)
    name_profiles(made.folder)
    made.install()
    made.start_service()
    yield made
    made.close()


@pytest.fixture(scope="package")
def report(session):
    """One run of kritarunner over all cases."""
    return session.cases(CASES)


def name_profiles(folder):
    """Give the pictures of wide gamut a profile that tells its name: by that alone Krita's API knows profiles."""
    import pyvips

    profile = pyvips.Operation.call("profile_load", "p3")
    with Image.open(folder / "wide8.png") as picture:
        picture.save(folder / "wide8.png", icc_profile=profile)
    write_png16(folder / "wide16.png", pyvips.Image.new_from_file(str(folder / "wide16.png")).numpy(), profile)
