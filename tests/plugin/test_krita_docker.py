"""The docker of the Krita plug-in and its worker, with Qt itself and a stand-in for Krita."""

from __future__ import annotations

import gc
import threading
import types
import weakref

import pytest
from PyQt6.QtCore import QCoreApplication, QEvent

from pip_client import Cancelled, ServiceError
from pip_plugin import PluginError, Settings
from pip_plugin.run import Done

from .krita_host import APPLICATION, Document, load

thread, docker_module, jobs_module = load("krita_thread", "krita_docker", "krita_jobs")
DENOISE, DERAIN = Settings("denoise=1"), Settings("derain=1")
PATIENCE = 10_000


class Client:
    """A service that is asked for lists only."""

    def __init__(self):
        self.names = ["my album"]
        self.fails, self.failed = False, 0

    def recipes(self):
        if self.fails:
            self.failed += 1
            raise ServiceError("The restoration service does not answer any more.", "", "gone")
        return [{"name": name, "label": name, "mix": {}, "recipe": {}} for name in self.names]

    def models(self):
        return [{"name": "small", "label": "Small"}]

    def close(self):
        pass


class Port:
    """A layer that is restored when `go` is set."""

    def __init__(self, document, node, worker, settings):
        self.document, self.node, self.settings = document, node, settings
        self.source = types.SimpleNamespace(kind=None, read=lambda *_: b"")
        self.pixels, self.ended, self.mix = b"", "", {}
        self.begun, self.go = threading.Event(), threading.Event()
        self._tell = worker.tell
        self.error = None

    def job(self, _client):
        self.begun.set()
        while not self.go.wait(0.01):
            if self._tell(None, ""):
                raise Cancelled
        return Done(f"PIP: {self.settings.mix}", self.mix, None, ())

    def insert(self, name):
        if self.error is not None:
            raise self.error
        self.ended = name
        return self.node

    def discard(self):
        self.ended = self.ended or "discarded"


class Jobs:
    """Makes jobs that wait to be let go."""

    def __init__(self, worker):
        self.worker, self.made = worker, []

    def restoration(self, document, node, settings):
        port = Port(document, node, self.worker, settings)
        self.made.append(port)
        return port, port.job

    def preview(self, document, node, settings, _part):
        return self.restoration(document, node, settings)

    def keep(self, documents):
        pass


@pytest.fixture
def client(monkeypatch):
    made = Client()
    monkeypatch.setattr(thread, "connect", lambda _name: made)
    return made


@pytest.fixture
def docker(qtbot, client, monkeypatch):
    APPLICATION.opened[:] = [Document()]
    APPLICATION.kept = {docker_module.SHOWN: "yes"}  # there is no window that it could float beside
    monkeypatch.setattr(docker_module, "image_of", lambda *_: None)
    made = docker_module.Docker()
    made._jobs = Jobs(made._worker)
    monkeypatch.setattr(made.panel.regions, "refresh", lambda: None)
    yield made
    made._worker.stop()
    idle(qtbot, made)
    made._timer.stop()
    docker_module.dockers.clear()
    made.destroyed.disconnect()
    made.deleteLater()
    APPLICATION.opened.clear()


def begun(qtbot, docker, number):
    """Wait for a job to begin; returns its port."""
    qtbot.waitUntil(
        lambda: len(docker._jobs.made) > number and docker._jobs.made[number].begun.is_set(), timeout=PATIENCE
    )
    return docker._jobs.made[number]


def idle(qtbot, docker):
    qtbot.waitUntil(lambda: not docker._worker.busy, timeout=PATIENCE)


def test_cancel_of_a_restoration_that_waits_for_a_preview_leaves_the_docker_alive(qtbot, docker):
    docker._mix = {"denoise": 1.0}
    docker._preview_now()
    begun(qtbot, docker, 0)
    docker.restore(DENOISE)
    docker.panel.cancel.click()
    idle(qtbot, docker)
    assert docker._jobs.made[1].ended == "discarded"
    assert docker.panel.restore.isEnabled()
    assert docker.panel.suggest.isEnabled()
    docker._soon()
    assert begun(qtbot, docker, 2).settings.mix == "denoise=1"


def test_a_second_restoration_is_not_stopped_by_a_slider(qtbot, docker):
    docker._mix = {"denoise": 1.0}
    docker.restore(DENOISE)
    begun(qtbot, docker, 0)
    docker.restore(DERAIN)
    second = begun(qtbot, docker, 1)
    docker._soon()
    docker._preview_now()
    assert not docker.panel.restore.isEnabled()
    second.go.set()
    idle(qtbot, docker)
    assert [port.ended for port in docker._jobs.made] == ["discarded", "PIP: derain=1"]
    assert docker.panel.restore.isEnabled()


def test_a_third_restoration_takes_the_place_of_the_one_that_waits(qtbot, docker):
    docker.restore(DENOISE)
    begun(qtbot, docker, 0)
    docker.restore(DERAIN)
    docker.restore(DENOISE)
    begun(qtbot, docker, 2).go.set()
    idle(qtbot, docker)
    assert [port.ended for port in docker._jobs.made] == ["discarded", "discarded", "PIP: denoise=1"]


def test_cancel_acts_while_the_service_is_looked_for_and_the_next_job_goes_on_with_that(qtbot, client, monkeypatch):
    came, asked = threading.Event(), []

    def connect(name):
        asked.append(name)
        came.wait(PATIENCE / 1000)
        return client

    monkeypatch.setattr(thread, "connect", connect)
    worker, told = thread.Worker(), []
    worker.start(lambda given: given, told.append, told.append)
    qtbot.waitUntil(lambda: bool(asked), timeout=PATIENCE)
    worker.stop()
    qtbot.waitUntil(lambda: bool(told), timeout=2000)
    assert isinstance(told[0], Cancelled)
    qtbot.waitUntil(lambda: not worker.busy, timeout=PATIENCE)
    worker.start(lambda given: given, told.append, told.append)
    came.set()
    qtbot.waitUntil(lambda: len(told) == 2 and not worker.busy, timeout=PATIENCE)
    assert told[1] is client
    assert len(asked) == 1
    worker.close()


def test_a_service_that_is_not_found_is_looked_for_again(qtbot, client, monkeypatch):
    answers = [ServiceError("The restoration service is not running.", "", "not-running"), client]

    def connect(_name):
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(thread, "connect", connect)
    worker, told = thread.Worker(), []
    for count in (1, 2):
        worker.start(lambda given: given, told.append, told.append)
        qtbot.waitUntil(lambda n=count: len(told) == n and not worker.busy, timeout=PATIENCE)
    assert isinstance(told[0], ServiceError)
    assert told[1] is client
    worker.close()


def test_sliders_that_are_moved_during_a_restoration_stay(qtbot, docker):
    docker._mix = {"denoise": 1.0}
    docker.restore(docker.settings())
    port = begun(qtbot, docker, 0)
    docker.panel.sliders.mix = {"derain": 0.7}
    docker._slid()
    port.go.set()
    idle(qtbot, docker)
    assert docker.settings().mix == "derain=0.7"


def test_what_was_proposed_is_what_the_sliders_show_unless_somebody_has_moved_them(qtbot, docker):
    for moved, shown in (({}, "dehaze=1"), ({"derain": 0.7}, "derain=0.7")):
        docker._mix = {}
        docker.restore(docker.settings())
        port = begun(qtbot, docker, len(docker._jobs.made) - 1)
        port.mix = {"dehaze": 1.0}
        docker._mix = moved
        port.go.set()
        idle(qtbot, docker)
        assert docker.settings().mix == shown


def test_a_window_that_is_closed_ends_what_is_under_way_in_it(qtbot, client, monkeypatch):
    APPLICATION.opened[:] = [Document()]
    APPLICATION.kept = {docker_module.SHOWN: "yes"}
    made = docker_module.Docker()
    made._jobs = Jobs(made._worker)
    monkeypatch.setattr(made.panel.regions, "refresh", lambda: None)
    made.restore(DENOISE)
    port, worker = begun(qtbot, made, 0), made._worker
    with qtbot.capture_exceptions() as errors:
        made.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        qtbot.waitUntil(lambda: not worker.busy, timeout=PATIENCE)
    APPLICATION.opened.clear()
    assert errors == []
    assert not port.go.is_set()
    assert port.ended == "discarded"
    assert made not in docker_module.dockers


def recipes(docker):
    chooser = docker.panel.recipe
    return [chooser.itemText(index) for index in range(1, chooser.count())]


def test_the_lists_are_filled_as_soon_as_the_docker_is_shown_and_nothing_is_said_of_it(qtbot, docker):
    said = docker.panel.status.text()
    docker.present()
    qtbot.waitUntil(lambda: recipes(docker) == ["my album"], timeout=PATIENCE)
    assert docker.panel.model.findData("small") == 1
    assert docker.panel.status.text() == said


def test_a_recipe_that_is_saved_later_appears_and_the_chosen_one_stays(qtbot, docker, client):
    docker.present()
    qtbot.waitUntil(lambda: recipes(docker) == ["my album"], timeout=PATIENCE)
    docker.panel.recipe.setCurrentIndex(1)
    docker._recipe_chosen(1)
    client.names = ["another", "my album"]
    docker._editor.changed.emit()  # it has ended
    qtbot.waitUntil(lambda: recipes(docker) == client.names, timeout=PATIENCE)
    assert docker.panel.recipe.currentText() == "my album"
    assert docker.settings().recipe == "my album"
    client.names = ["another"]
    docker.restore(DENOISE)
    begun(qtbot, docker, 0).go.set()
    qtbot.waitUntil(lambda: recipes(docker) == client.names, timeout=PATIENCE)
    assert docker.panel.recipe.currentIndex() == 0
    assert docker.settings().recipe == ""


def test_lists_that_could_not_be_had_are_asked_for_again(qtbot, docker, client):
    client.fails = True
    docker._lists.begin()
    qtbot.waitUntil(lambda: client.failed == 1 and not docker._worker.busy, timeout=PATIENCE)
    assert recipes(docker) == []
    client.fails = False
    docker.restore(DENOISE)
    begun(qtbot, docker, 0).go.set()
    qtbot.waitUntil(lambda: recipes(docker) == ["my album"], timeout=PATIENCE)


def test_a_picture_that_is_closed_during_its_preview_is_not_shown(qtbot, docker, monkeypatch):
    docker._mix = {"denoise": 1.0}
    docker._preview_now()
    port = begun(qtbot, docker, 0)
    APPLICATION.opened.clear()
    monkeypatch.setattr(docker_module, "image_of", lambda *_: pytest.fail("its layer is not there any more"))
    port.go.set()
    idle(qtbot, docker)
    assert docker.panel.status.text() == ""


def test_a_layer_that_was_removed_is_told_of(qtbot, docker):
    docker.restore(DENOISE)
    port = begun(qtbot, docker, 0)
    port.error = PluginError("The layer was removed before the result came back.", "Choose another one.")
    port.go.set()
    idle(qtbot, docker)
    assert docker.panel.status.text() == "The layer was removed before the result came back. Choose another one."
    assert docker.panel.restore.isEnabled()


def test_what_was_restored_last_does_not_stay_in_memory(qtbot, docker):
    docker.restore(DENOISE)
    begun(qtbot, docker, 0).go.set()
    qtbot.waitUntil(lambda: bool(recipes(docker)) and not docker._worker.busy, timeout=PATIENCE)
    port = weakref.ref(docker._jobs.made.pop())
    gc.collect()
    assert port() is None


class Part:
    """A port that was sent."""

    def __init__(self, document, _node, _worker):
        self.document, self.released = document, False

    def extent(self):
        return 8, 8, "RGB", "u8", None

    def release(self):
        self.released = True


def test_a_layer_that_was_sent_is_let_go_with_its_picture_when_no_job_reads_it_any_more(qtbot, client, monkeypatch):
    monkeypatch.setattr(jobs_module, "Part", Part)
    monkeypatch.setattr(jobs_module, "_fingerprint", lambda *_: "always the same")
    worker, document, go = thread.Worker(), Document(), threading.Event()
    jobs = jobs_module.Jobs(worker)
    port, sent = jobs._part(document, document.layer)
    jobs.keep([document])
    assert jobs._part(document, document.layer)[1] is sent
    worker.start(lambda _client: go.wait(10), lambda _done: None, lambda _error: None)
    jobs.keep(())
    assert not port.released
    go.set()
    qtbot.waitUntil(lambda: port.released, timeout=PATIENCE)
    assert jobs._part(document, document.layer)[1] is not sent
    worker.close()
