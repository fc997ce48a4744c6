#!/usr/bin/env python3
"""Filters > Enhance > PIP Restore: the GIMP 3 plug-in (3.0 and later).

What stands where:

- here: what GIMP is told at its start, and what a call does with its arguments;
- `gimp_run`: from drawables to result layers, in one undo step;
- `gimp_port`: the five functions of the host port; `gimp_formats`: which pixels GIMP is asked for;
- `gimp_source`: what a layer shows, what is selected; `gimp_result`: a result layer's kind, blending and mask;
- `gimp_edit`: Open in pip-editor;
- `gimp_dialog`, `gimp_preview`: the dialog, loaded only when one is shown;
- `pip_plugin`: what all hosts share; `pip_client`: the way to the service, which does the work.

GIMP starts this file anew for every call, and once to ask what there is; that has to be quick.
"""

import sys
from pathlib import Path

# Some builds of GIMP start plug-ins in a way that leaves their own folder out.
sys.path.insert(0, str(Path(__file__).resolve().parent))

import gi

gi.require_version("Gimp", "3.0")
gi.require_version("Gegl", "0.4")
gi.require_version("Babl", "0.1")
from gi.repository import Gimp, GLib, GObject

from pip_client import Cancelled, ServiceError
from pip_plugin import BEST_HELP, BY_CHANNELS, BY_SELECTION, QUICK, PluginError, Settings, speak, t, told

speak(GLib.get_language_names())

MAIN = "plug-in-pip-restore"
REPEAT = "plug-in-pip-repeat"
EDIT = "plug-in-pip-edit"
QUICKLY = {f"plug-in-pip-{quick.name}": quick for quick in QUICK}
ENHANCE = "<Image>/Filters/Enhance"
SUBMENU = f"{ENHANCE}/{t('PIP _Quick Restore')}"
VISIBLE = GObject.ParamFlags.READWRITE


class PipRestore(Gimp.PlugIn):
    """What GIMP asks: which procedures there are, and what each one is."""

    def do_query_procedures(self):
        """Name the procedures."""
        return [MAIN, EDIT, *QUICKLY, REPEAT]

    def do_set_i18n(self, _name):
        """Say that there is no catalogue of translations; GIMP warns otherwise."""
        return False

    def do_create_procedure(self, name):
        """Describe one procedure."""
        procedure = Gimp.ImageProcedure.new(self, name, Gimp.PDBProcType.PLUGIN, run, None)
        # Indexed images too: a sentence that says what to do is better than a gray menu entry.
        procedure.set_image_types("*")
        procedure.set_sensitivity_mask(Gimp.ProcedureSensitivityMask.DRAWABLE | Gimp.ProcedureSensitivityMask.DRAWABLES)
        procedure.set_attribution("pip-editor contributors", "pip-editor contributors, MIT", "2026")
        if name == MAIN:
            _describe(
                procedure, "PIP Res_tore...", "Removes noise, rain, haze, blur, darkness and JPEG artefacts", ENHANCE
            )
            _add_arguments(procedure)
        elif name == EDIT:
            _describe(
                procedure,
                "_Open in pip-editor...",
                "Opens the layer in pip-editor's window, where regions are painted, and puts the result above it",
                ENHANCE,
            )
        elif name == REPEAT:
            _describe(procedure, "Re_peat", "Does again what PIP Restore did last", SUBMENU)
        else:
            quick = QUICKLY[name]
            _describe(procedure, quick.label, quick.help, SUBMENU)
        return procedure


def _describe(procedure, label, text, menu):
    procedure.set_menu_label(t(label))
    procedure.add_menu_path(menu)
    does = t(text)
    more = t("The result is a new layer above each chosen layer, with the selection as its mask, in one undo step.")
    procedure.set_documentation(does, f"{does}. {more}", procedure.get_name())


def _add_arguments(procedure):
    defaults = Settings()
    procedure.add_string_argument(
        "mix", t("_Mix"), t("What to remove, such as denoise=1,dehaze=0.5; or suggest"), defaults.mix, VISIBLE
    )
    procedure.add_double_argument(
        "strength", t("_Strength"), t("How much of the change to keep"), 0.0, 1.0, 1.0, VISIBLE
    )
    procedure.add_string_argument("model", t("M_odel"), t("Name of a model; empty: the best"), defaults.model, VISIBLE)
    choice = Gimp.Choice.new()
    choice.add(
        BY_SELECTION,
        0,
        t("The selection, or all of the layer"),
        t("One region: the selection, or the whole layer without one"),
    )
    named = t("Each channel named after a mix")
    choice.add(BY_CHANNELS, 1, named, t("A region for each channel such as denoise 0.8"))
    procedure.add_choice_argument("regions", t("_Regions"), t("Where to restore"), choice, BY_SELECTION, VISIBLE)
    # The last ones: scripts that were written before it was there name their arguments by place.
    procedure.add_boolean_argument("ensemble", t("_Best quality"), t(BEST_HELP), defaults.ensemble, VISIBLE)
    text = t("Name of a recipe, in place of the mix; empty: none")
    procedure.add_string_argument("recipe", t("R_ecipe"), text, defaults.recipe, VISIBLE)


def run(procedure, run_mode, image, drawables, config, _data):
    """Answer a call; what went wrong becomes GIMP's message, one sentence what and one what to do."""
    try:
        done = _do(procedure, run_mode, image, drawables, config)
    except Cancelled:
        return procedure.new_return_values(Gimp.PDBStatusType.CANCEL, GLib.Error())
    except (PluginError, ServiceError) as error:
        return procedure.new_return_values(Gimp.PDBStatusType.EXECUTION_ERROR, _error(told(error)))
    status = Gimp.PDBStatusType.SUCCESS if done else Gimp.PDBStatusType.CANCEL
    return procedure.new_return_values(status, GLib.Error())


def _error(text):
    return GLib.Error.new_literal(Gimp.PlugIn.error_quark(), text, 0)


def _do(procedure, run_mode, image, drawables, config):
    """Do what the procedure is for; False when the user closed the dialog."""
    from gimp_run import check, remembered, restore_layers, settings_of

    check(image, drawables)
    name = procedure.get_name()
    if name in QUICKLY:
        restore_layers(image, drawables, Settings(mix=QUICKLY[name].mix))
        return True
    if name == EDIT:
        from gimp_edit import edit_layer

        edit_layer(image, drawables)
        return True
    if name == REPEAT:
        last = remembered()
        if last is None:
            raise PluginError("There is nothing to repeat yet.", "Use PIP Restore or one of the quick entries first.")
        restore_layers(image, drawables, last)
        return True
    if run_mode == Gimp.RunMode.INTERACTIVE:
        from gimp_dialog import ask

        wanted = ask(procedure, config, image, drawables)
        if wanted is None:
            return False
        with wanted.client as client:
            restore_layers(image, drawables, settings_of(config), client, wanted.sent)
        return True
    restore_layers(image, drawables, settings_of(config))
    return True


Gimp.main(PipRestore.__gtype__, sys.argv)
