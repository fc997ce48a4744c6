"""GIMP with the plug-in, and one run of it over all cases, for the tests of this folder."""

from __future__ import annotations

import time

import pytest

from tests.hosts.photos import save_recipe, write_pictures
from tests.hosts.session import SLOW, Session, wait_for

from .cases import OTHERS, RESTORED
from .results import example


@pytest.fixture(scope="package")
def session(tmp_path_factory):
    """GIMP with the plug-in and a saved recipe, and the service: one for the folder, since each start takes its time."""
    made = Session(tmp_path_factory.mktemp("gimp"))
    write_pictures(made.folder)
    save_recipe(made.home)
    made.install()
    made.start_service()
    yield made
    made.close()


@pytest.fixture(scope="package")
def report(session):
    """One run of GIMP over all cases; meanwhile the service is killed once, and the plug-in once, as GIMP's Cancel does."""

    def kill():
        time.sleep(2 * SLOW)
        session.kill_service()
        session.start_service()
        (session.folder / "alive").touch()

    def cancel():
        wait_for(session.plugin_process, 60)  # a busy machine takes its time to start one
        time.sleep(2 * SLOW)
        session.plugin_process().kill()

    session.when("kill-now", kill)
    session.when("cancel-now", cancel)
    (session.folder / "example.py").write_text(example("python"))
    return session.cases([*RESTORED, *OTHERS])
