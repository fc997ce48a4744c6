"""Runs in kritarunner: does what /work/cases.json lists and tells in /work/report.json what came of it.

Pixels are written as the document shows them, raw and in Krita's order, to /work/out; the tests in krita/ compare them.
"""

import json
import traceback
from pathlib import Path

from krita import Krita, Selection

WORK = Path("/work")


def shown(document, name):
    """Write what a document shows; returns what it is."""
    document.refreshProjection()
    document.waitForDone()
    width, height = document.width(), document.height()
    (WORK / "out" / f"{name}.raw").write_bytes(bytes(document.pixelData(0, 0, width, height)))
    kind = {"model": document.colorModel(), "depth": document.colorDepth(), "profile": document.colorProfile()}
    return {"width": width, "height": height, **kind}


def layers(node):
    """List what lies in a node, from the bottom; the selection, which Krita keeps as a mask of the picture, is left out."""
    return [
        {
            "name": child.name(),
            "type": child.type(),
            "inherits": child.inheritAlpha(),
            "at": [child.position().x(), child.position().y()],
            "children": layers(child),
        }
        for child in node.childNodes()
        if child.name() != "Selection Mask"
    ]


def selected(rectangle, feather):
    """Return a soft selection."""
    selection = Selection()
    selection.select(*rectangle, 255)
    if feather:
        selection.feather(feather)
    return selection


def rows(selection, document, name):
    """Write a selection, 8 bits a pixel."""
    data = selection.pixelData(0, 0, document.width(), document.height())
    (WORK / "out" / f"{name}.raw").write_bytes(bytes(data))


def give_mask(document, layer, title, selection, called):
    """Give a layer a selection mask, and write down what is selected."""
    mask = document.createSelectionMask(title)
    rows(selection, document, called)
    mask.setSelection(selection)
    layer.addChildNode(mask, None)


def prepare(document, case):
    """Bring the document into the case's state."""
    name, layer = case["name"], document.topLevelNodes()[0]
    if "convert" in case:
        document.setColorSpace(*case["convert"])
        document.waitForDone()
    for title, rectangle in case.get("masks", {}).items():
        give_mask(document, layer, title, selected(rectangle, 3), f"{name}-{title.split()[0]}")
    if "hide" in case:
        mask = document.createTransparencyMask("hide")
        mask.setSelection(selected(case["hide"], 0))
        layer.addChildNode(mask, None)
    for title, rectangle in case.get("local", {}).items():
        give_mask(document, layer, title, selected(rectangle, 6), f"{name}-selection")
    if case.get("second"):
        document.rootNode().addChildNode(document.createNode("empty", "paintLayer"), None)
    document.waitForDone()
    if "select" in case:
        selection = selected(case["select"], 6)
        document.setSelection(selection)
        document.waitForDone()
        rows(document.selection(), document, f"{name}-selection")


def do(case):
    """Do one case."""
    from pip_restore import batch

    name = case["name"]
    if "words" in case:
        batch.run(case["words"])
        return {"error": ""}
    document = batch.opened(str(WORK / case["file"]))
    try:
        prepare(document, case)
        told = {"before": layers(document.rootNode()), "shown": shown(document, f"{name}-before"), "error": ""}
        settings = batch.settings_of(
            case.get("mix", "denoise=1,dejpeg=0.5"), case.get("strength", "1"), case.get("quality", "quick")
        )
        if "edit" in case:
            told["name"] = edited(document, batch.whole_of(document), case["edit"])
            told["result"] = shown(document, f"{name}-after")
            told["after"] = layers(document.rootNode())
            return told
        options = {"connecting": nobody} if case.get("alone") else {}
        try:
            told["name"] = restored(document, settings, case, options).name
        except Exception as error:  # noqa: BLE001 - goes into the report
            told["error"] = f"{type(error).__name__}: {error}"
        told["result"] = shown(document, f"{name}-after")
        told["after"] = layers(document.rootNode())
        return told
    finally:
        batch.discard(document)


def restored(document, settings, case, options):
    """Restore what stands for the document; in some cases it, or a group around it, is changed or deleted meanwhile."""
    from pip_restore import batch

    node = batch.whole_of(document)
    if "meanwhile" not in case:
        return batch.restore_at_once(document, node, settings, **options)
    other = document.createNode("other", "paintLayer")
    document.rootNode().addChildNode(other, None)
    what = case["meanwhile"]
    if what == "remove group":
        group = document.createGroupLayer("group")
        document.rootNode().addChildNode(group, None)
        node.remove()
        group.addChildNode(node, None)
    document.waitForDone()

    def connecting(name):
        if what == "convert":
            document.setColorSpace("RGBA", "U16", document.colorProfile())
        elif what == "crop":
            document.crop(10, 10, 30, 20)
        elif what == "move":
            node.move(7, -3)
        else:
            (group if what == "remove group" else node).remove()
        document.waitForDone()
        return connect(name)

    from pip_client import connect

    return batch.restore_at_once(document, node, settings, connecting)


def edited(document, node, name):
    """Open a layer in the editor, and put in what comes back; returns the result's name."""
    from pip_restore.krita_edit import put_in
    from pip_restore.krita_port import LayerPort

    from pip_client import Cancelled, connect
    from pip_plugin import edit

    port = LayerPort(document, node, lambda _fraction, _text: False)
    try:
        with connect("krita") as client:
            done = edit(client, port, "Krita", name)
    except Cancelled:
        port.discard()
        return "nothing"
    put_in(port, done)
    document.waitForDone()
    return done.name


def nobody(_name):
    """Look for a service where there is none."""
    from pip_client import ServiceError

    raise ServiceError("The restoration service is not running.", "Start it.", "not-running")


def main(_arguments):
    """Do all cases; a failing one does not stop the others."""
    (WORK / "out").mkdir(exist_ok=True)
    report = {"krita": Krita.instance().version()}
    for case in json.loads((WORK / "cases.json").read_text()):
        try:
            report[case["name"]] = do(case)
        except Exception:  # noqa: BLE001 - goes into the report
            report[case["name"]] = {"error": traceback.format_exc()}
    (WORK / "report.json.new").write_text(json.dumps(report, indent=1))
    (WORK / "report.json.new").replace(WORK / "report.json")
