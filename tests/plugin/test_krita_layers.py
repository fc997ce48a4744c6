"""A layer of Krita's that is changed while it is restored, or open in the editor: what comes back fits it, or is not put in."""

from __future__ import annotations

import threading
import time
import types

import pytest

from pip_client import Cancelled
from pip_plugin import PluginError, Rectangle

from .krita_host import load

edit_module, result_module, source_module, port_module = load(
    "krita_edit", "krita_result", "krita_source", "krita_port"
)
SIDE = 20
PROFILE = "sRGB-elle-V2-srgbtrc.icc"


class Layer:
    """A layer of 8 or 16 bits that lies somewhere."""

    def __init__(self, depth="U8"):
        self.depth, self.at, self.children, self.written = depth, [0, 0], [], []

    def type(self):
        return "paintlayer"

    def visible(self):
        return True

    def childNodes(self):  # noqa: N802 - Krita's name
        return self.children

    def parentNode(self):  # noqa: N802 - Krita's name
        return None

    def duplicate(self):
        made = Layer(self.depth)
        made.at, made.written, made.children = list(self.at), self.written, self.children
        return made

    def colorModel(self):  # noqa: N802 - Krita's name
        return "RGBA"

    def colorDepth(self):  # noqa: N802 - Krita's name
        return self.depth

    def colorProfile(self):  # noqa: N802 - Krita's name
        return PROFILE

    def position(self):
        return types.SimpleNamespace(x=lambda: self.at[0], y=lambda: self.at[1])

    def move(self, x, y):
        self.at = [x, y]

    def pixelData(self, _x, _y, width, height):  # noqa: N802 - Krita's name
        return bytes(width * height * 4 * (1 if self.depth == "U8" else 2))

    def setPixelData(self, data, _x, _y, width, height):  # noqa: N802 - Krita's name
        assert len(data) == width * height * 4 * (
            1 if self.depth == "U8" else 2
        )  # Krita reads so many, whatever it is given
        self.written.append(height)

    def setName(self, name):  # noqa: N802 - Krita's name
        pass

    def addChildNode(self, child, _above):  # noqa: N802 - Krita's name
        self.children = [*self.children, child]

    def setInheritAlpha(self, on):  # noqa: N802 - Krita's name
        pass


class Document:
    """A picture of one layer, its root."""

    def __init__(self, depth="U8"):
        self.side, self.root = SIDE, Layer(depth)

    def width(self):
        return self.side

    height = width

    def resolution(self):
        return 72

    def rootNode(self):  # noqa: N802 - Krita's name
        return self.root

    def createNode(self, *_):  # noqa: N802 - Krita's name
        return Layer(self.root.depth)

    def fileName(self):  # noqa: N802 - Krita's name
        return "photo.png"

    def __getattr__(self, name):
        """Krita's other functions, of which nothing comes back."""
        if name not in ("setBatchmode", "waitForDone", "refreshProjection", "setModified", "close"):
            raise AttributeError(name)
        return lambda *_: None


@pytest.fixture
def document(monkeypatch):
    made = Document()
    made.opened = [made]
    application = types.SimpleNamespace(
        createDocument=lambda _width, _height, _name, _model, depth, _profile, _resolution: Document(depth),
        documents=lambda: made.opened,
    )
    for module in (result_module, source_module):
        monkeypatch.setattr(module, "Krita", types.SimpleNamespace(instance=lambda: application))
    monkeypatch.setitem(source_module._profiles, ("RGBA", PROFILE), b"profile")
    monkeypatch.setattr(port_module, "selected", lambda *_: None)
    monkeypatch.setattr(port_module, "region_masks", lambda *_: [])
    return made


def restored(document, meanwhile):
    """Make a port, change the picture, and let the result come; returns the port."""
    port = port_module.LayerPort(document, document.root, lambda *_: False)
    meanwhile()
    port.write(Rectangle(0, 0, SIDE, SIDE), 0, SIDE, bytes(SIDE * SIDE * 4))
    return port


@pytest.mark.parametrize("change", [{"depth": "U16"}, {"side": 8}])
def test_a_layer_that_is_converted_or_cropped_meanwhile_gets_no_result(document, change):
    def meanwhile():
        document.root.depth = change.get("depth", "U8")
        document.side = change.get("side", SIDE)

    port = restored(document, meanwhile)
    with pytest.raises(PluginError, match="size or mode was changed"):
        port.insert("PIP")
    assert document.root.children == []


@pytest.mark.parametrize("way", [(0, 0), (7, -3)])
def test_a_result_and_its_masks_go_where_the_layer_was_moved_to(document, way):
    document.root.at = [5, 5]
    port = restored(document, lambda: document.root.move(5 + way[0], 5 + way[1]))
    mask = Layer()
    port._result._layer.children = [mask]
    assert port.insert("PIP").at == list(way)
    assert mask.at == list(way)


def waiting(qtbot, monkeypatch, document, meanwhile):
    """Open the layer in an editor that does not answer, change the picture, and return what the host's side says."""
    opened = threading.Event()

    class Client:
        def edit(self, *_told, cancelled, **_handlers):
            opened.set()
            while not cancelled():
                time.sleep(0.01)
            raise Cancelled

    monkeypatch.setattr("pip_plugin.editing.LOOK_SECONDS", 0.05)
    editor, said = edit_module.Editor(), []
    editor._worker._client = Client()
    editor.complained.connect(said.append)
    document.root.name = lambda: "layer"
    editor.toggle(document, document.root)
    qtbot.waitUntil(opened.is_set, timeout=10_000)
    meanwhile()
    qtbot.waitUntil(lambda: not editor.busy, timeout=10_000)
    return [error.message for error in said]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("close", "The picture was closed before the result came back."),
        ("crop", "The layer's size or mode was changed before the result came back."),
    ],
)
def test_nobody_waits_for_the_editor_with_a_layer_that_can_take_no_result(qtbot, monkeypatch, document, change, says):
    def meanwhile():
        if change == "close":
            document.opened = []
        else:
            document.side = 8

    assert waiting(qtbot, monkeypatch, document, meanwhile) == [says]
