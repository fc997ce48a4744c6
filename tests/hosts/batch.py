"""Runs inside GIMP (python-fu-eval): does what /work/cases.json lists and tells in /work/report.json what came of it.

Pixels are written as they lie in the layers, raw, to /work/out; the tests in gimp/ compare them.
"""

import json
import time
import traceback
from pathlib import Path

from gi.repository import Babl, Gegl, Gimp, Gio

WORK = Path("/work")
ENCODED = {"RGB": "R'G'B'", "RGBA": "R'G'B'A", "R~G~B~": "R'G'B'", "R~G~B~A": "R'G'B'A", "Y": "Y'", "YA": "Y'A"}
UNREADABLE = ("floating", "indexed", "hidden")
"""States of an image that cannot be flattened, or whose samples nobody compares."""


def samples(drawable, name, plain):
    """Write a drawable's samples in a format of its own colour space."""
    space = Babl.format_get_space(drawable.get_format())
    where = Gegl.Rectangle.new(0, 0, drawable.get_width(), drawable.get_height())
    in_space = Babl.get_name(Babl.format_with_space(plain, space))
    data = drawable.get_buffer().get(where, 1.0, in_space, Gegl.AbyssPolicy.NONE)
    (WORK / "out" / f"{name}.raw").write_bytes(data)


def dump(drawable, name):
    """Write a layer's samples, encoded by its own profile; returns what they are."""
    model, kind = Babl.get_name(drawable.get_format()).split("-")[0].split(" ")
    # what is not encoded by the profile is asked for as the plug-in asks for it
    plain = f"{ENCODED[model]} float" if model in ENCODED else f"{model} {kind}"
    samples(drawable, name, plain)
    return {"format": plain, "width": drawable.get_width(), "height": drawable.get_height()}


def dump_mask(drawable, name):
    """Write a mask, a channel or the selection: 8 bits, as it is."""
    encoded = Babl.get_name(drawable.get_format()).startswith("Y'")
    samples(drawable, name, "Y' u8" if encoded else "Y u8")


def composite(image, name):
    """Write what the image shows."""
    copy = image.duplicate()
    Gimp.Selection.none(copy)
    told = dump(copy.merge_visible_layers(Gimp.MergeType.CLIP_TO_IMAGE), name)
    copy.delete()
    return told


def layers(items):
    """List layers, with what is in groups."""
    return [
        {
            "name": layer.get_name(),
            "offsets": list(layer.get_offsets())[1:],
            "size": [layer.get_width(), layer.get_height()],
            "mask": layer.get_mask() is not None,
            "children": layers(layer.get_children()) if layer.is_group() else [],
        }
        for layer in items
    ]


def indexed(image, _):
    """Make it indexed."""
    image.convert_indexed(Gimp.ConvertDitherType.NONE, Gimp.ConvertPaletteType.GENERATE, 16, False, False, "")


def offset(image, _):
    """Add a smaller layer that lies elsewhere."""
    copy = image.get_layers()[0].copy()
    image.insert_layer(copy, None, 0)
    copy.resize(50, 40, -10, -5)
    copy.set_offsets(30, 20)


def group(image, _):
    """Put the layer into a group."""
    folder = Gimp.GroupLayer.new(image, "group")
    image.insert_layer(folder, None, 0)
    image.reorder_item(image.get_layers()[1], folder, 0)


def masked(image, _):
    """Give the layer a mask of its own: the left half."""
    layer = image.get_layers()[0]
    layer.add_alpha()
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 0, 0, image.get_width() // 2, image.get_height())
    layer.add_mask(layer.create_mask(Gimp.AddMaskType.SELECTION))
    Gimp.Selection.none(image)


def channels(image, case):
    """Save two soft selections to channels that are named after mixes."""
    width, height = image.get_width(), image.get_height()
    for name, x in (("denoise 0.8", 0), ("brighten", width // 2)):
        image.select_rectangle(Gimp.ChannelOps.REPLACE, x + 4, 4, width // 2 - 8, height - 8)
        Gimp.Selection.feather(image, 3)
        Gimp.Selection.save(image).set_name(name)
        dump_mask(image.get_channels()[0], f"{case['name']}-{name.split()[0]}")
    Gimp.Selection.none(image)


def hidden(image, _):
    """Hide the layer."""
    image.get_layers()[0].set_visible(False)


def locked(image, case):
    """Put the layer into a group, and lock both in every way."""
    group(image, case)
    for item in (image.get_layers()[0].get_children()[0], image.get_layers()[0]):
        item.set_lock_content(True)
        item.set_lock_position(True)
        item.set_lock_visibility(True)


def text(image, _):
    """Write something over it: a text layer, the uppermost one."""
    layer = Gimp.TextLayer.new(image, "PIP", Gimp.context_get_font(), 40, Gimp.Unit.pixel())
    image.insert_layer(layer, None, 0)


def outside(image, case):
    """Add a smaller layer that the selection does not reach."""
    offset(image, case)
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 0, 0, 5, 5)


def soft_mask(image, case):
    """Give the layer a mask with a soft edge, which a selection may cross."""
    layer = image.get_layers()[0]
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 0, 0, 60, 50)
    Gimp.Selection.feather(image, 20)
    layer.add_mask(layer.create_mask(Gimp.AddMaskType.SELECTION))
    dump_mask(layer.get_mask(), f"{case['name']}-own")
    Gimp.Selection.none(image)


def unmasked(image, case):
    """Give the layer a mask, and switch it off."""
    masked(image, case)
    image.get_layers()[0].set_apply_mask(False)


def filtered(image, case):
    """Lay filters over the uppermost layer."""
    layer = image.get_layers()[0]
    for operation in case["filters"]:
        layer.append_filter(Gimp.DrawableFilter.new(layer, operation, operation))


def filtered_off(image, case):
    """Lay filters over it, and switch them off."""
    filtered(image, case)
    for each in image.get_layers()[0].get_filters():
        each.set_visible(False)


def filtered_group(image, case):
    """Put the layer into a group, and lay filters over that."""
    group(image, case)
    filtered(image, case)


def filtered_child(image, case):
    """Lay filters over the layer, lock it, and put it into a group."""
    filtered(image, case)
    locked(image, case)


PREPARATIONS = {
    "soft mask": soft_mask,
    "unmasked": unmasked,
    "filtered": filtered,
    "filtered off": filtered_off,
    "filtered group": filtered_group,
    "filtered child": filtered_child,
    "hidden": hidden,
    "locked": locked,
    "text": text,
    "outside": outside,
    "indexed": indexed,
    "offset": offset,
    "group": group,
    "masked": masked,
    "channels": channels,
}


def prepare(image, case):
    """Bring the image into the case's state."""
    how = case.get("prepare")
    if "precision" in case:
        image.convert_precision(getattr(Gimp.Precision, case["precision"]))
    if how in PREPARATIONS:
        PREPARATIONS[how](image, case)
    if "layer" in case:
        image.get_layers()[0].set_name(case["layer"])
    if "ellipse" in case:
        image.select_ellipse(Gimp.ChannelOps.REPLACE, *case["ellipse"])
        Gimp.Selection.feather(image, case["feather"])
    if how == "floating":
        Gimp.Selection.float(image, image.get_layers(), 3, 3)


def call(image, case):
    """Run the procedure; returns its status and message."""
    procedure = Gimp.get_pdb().lookup_procedure(case.get("procedure", "plug-in-pip-restore"))
    config = procedure.create_config()
    config.set_property("run-mode", Gimp.RunMode.NONINTERACTIVE)
    config.set_property("image", image)
    chosen = image.get_layers() if case.get("drawables") == "all" else image.get_layers()[:1]
    if case.get("drawables") == "child":
        chosen = chosen[0].get_children()
    elif case.get("drawables") == "mask":
        chosen = [chosen[0].get_mask()]
    elif case.get("drawables") == "none":
        chosen = []
    config.set_core_object_array("drawables", chosen)
    for name, value in case.get("arguments", {}).items():
        config.set_property(name, value)
    result = procedure.run(config)
    names = {getattr(Gimp.PDBStatusType, n): n for n in ("SUCCESS", "EXECUTION_ERROR", "CALLING_ERROR", "CANCEL")}
    return names.get(result.index(0), str(result.index(0))), Gimp.get_pdb().get_last_error()


def do(case):
    """Do one case."""
    name = case["name"]
    image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(str(WORK / case["file"])))
    prepare(image, case)
    told = {"before": layers(image.get_layers())}
    readable = case.get("prepare") not in UNREADABLE
    if readable:
        told["source"] = dump(image.get_layers()[0], f"{name}-source")
        told["shown"] = composite(image, f"{name}-shown")
    dump_mask(image.get_selection(), f"{name}-selection")
    samples(image.get_selection(), f"{name}-selection-exact", "Y float")
    image.clean_all()
    (WORK / "meanwhile.py").write_text(case.get("meanwhile", ""))
    if "signal" in case:
        (WORK / case["signal"]).touch()
    start = time.monotonic()
    told["status"], told["error"] = call(image, case)
    told["seconds"] = time.monotonic() - start
    if not image.get_layers():  # somebody has taken the only one away
        image.delete()
        return told
    told["after"] = layers(image.get_layers())
    told["dirty"] = image.is_dirty()
    if readable:
        told["result"] = composite(image, f"{name}-result")
    dump_mask(image.get_selection(), f"{name}-selection-after")
    top = image.get_layers()[0]
    if readable:
        told["layer"] = dump(top, f"{name}-layer")
        told["photo"] = dump(image.get_layers()[-1], f"{name}-photo")
    if top.get_mask() is not None:
        dump_mask(top.get_mask(), f"{name}-mask")
    while "wait" in case and not (WORK / case["wait"]).exists():
        time.sleep(0.1)
    image.delete()
    return told


def menu():
    """Return what is registered: label and places in the menus of each procedure."""
    found = {}
    for name in ("restore", "denoise", "derain", "dehaze", "deblur", "brighten", "dejpeg", "suggest", "repeat"):
        procedure = Gimp.get_pdb().lookup_procedure(f"plug-in-pip-{name}")
        found[name] = procedure and [procedure.get_menu_label(), procedure.get_menu_paths()]
    return found


def main():
    """Do all cases; a failing one does not stop the others."""
    (WORK / "out").mkdir(exist_ok=True)
    report = {"gimp": Gimp.version(), "menu": menu()}
    for case in json.loads((WORK / "cases.json").read_text()):
        try:
            if "code" in case:
                exec((WORK / case["code"]).read_text(), dict(globals()))
                report[case["name"]] = {"status": "SUCCESS"}
            else:
                report[case["name"]] = do(case)
        except Exception:  # noqa: BLE001 - goes into the report
            report[case["name"]] = {"status": "FAILED", "error": traceback.format_exc()}
    (WORK / "report.json.new").write_text(json.dumps(report, indent=1))
    (WORK / "report.json.new").replace(WORK / "report.json")


main()
