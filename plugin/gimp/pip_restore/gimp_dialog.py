"""The dialog of PIP Restore.

The procedure's configuration is the one truth: sliders and choosers write into it, and follow it when GIMP's own
buttons (Reset, Load, Save) change it.

One thread: libgimp belongs to the thread that GIMP started. The client asks `tell` at least ten times a second while
the service works on the preview, and GTK's events are dealt with in there; whatever a user changes meanwhile stops the
preview that is under way, and the next one begins. Only looking for the service, which has no pixels in it, is done
in a thread of its own, so that the dialog is there at once.
"""

from __future__ import annotations

import threading
from typing import Any, NamedTuple

import gi

gi.require_version("GimpUi", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gimp, GimpUi, GLib, Gtk
from gimp_preview import Preview, PreviewPort
from gimp_run import check, settings_of

from pip_client import DEGRADATIONS, LABELS, Cancelled, ServiceError, connect, parse_mix
from pip_plugin import BEST, BEST_HELP, BY_SELECTION, SUGGEST, PluginError, Sent, decide, mix_text, restore, t, told

_PAUSE = 250
"""Milliseconds without a change before a preview begins."""


class Wanted(NamedTuple):
    """What the dialog leaves when the user wants the restoration."""

    client: Any
    """Connected."""
    sent: Sent
    """The layer of the preview, which the service has."""


def ask(procedure: Gimp.Procedure, config: Any, image: Gimp.Image, drawables: list[Gimp.Drawable]) -> Wanted | None:
    """Show the dialog; None when the user does not want the restoration.

    Raises
    ------
    ServiceError
        The user wants it, but there is no service.

    """
    GimpUi.init("pip_restore")
    layers = check(image, drawables)
    return _Dialog(procedure, config, image, layers[0]).run()


class _Dialog:
    """The dialog and what it is doing."""

    def __init__(self, procedure: Gimp.Procedure, config: Any, image: Gimp.Image, layer: Gimp.Drawable) -> None:
        self._config, self._image, self._layer = config, image, layer
        self._port = PreviewPort(image, layer, self._tell)
        self._sent = Sent(self._port)
        self._client: Any | None = None
        self._error: ServiceError | None = None
        self._search = threading.Thread(target=self._connect, daemon=True)
        self._busy = self._stop = self._closing = self._following = False
        self._timer = 0
        self._recipes: list[dict[str, Any]] = []
        self._mixes: list[str] = []
        self._window = GimpUi.ProcedureDialog.new(procedure, config, "PIP Restore")
        self._window.set_ok_label(t("Res_tore"))
        help_button = self._window.get_widget_for_response(Gtk.ResponseType.HELP)
        if help_button is not None:  # GIMP's help has no page of ours
            help_button.set_no_show_all(True)
            help_button.hide()
        self._build()
        config.connect("notify", self._changed)
        self._window.connect("response", self._response)

    # -- widgets

    def _build(self) -> None:
        sides = Gtk.Box(orientation=Gtk.Orientation.HORIZONTAL, spacing=12, border_width=12)
        self._window.get_content_area().pack_start(sides, True, True, 0)
        left = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6)
        self._preview = Preview(self._layer.get_width(), self._layer.get_height(), self._centre(), self._moved)
        frame = Gtk.Frame(shadow_type=Gtk.ShadowType.IN)
        frame.add(self._preview)
        left.pack_start(frame, True, True, 0)
        self._status = Gtk.Label(
            label=f"{t('Looking for the restoration service')}…", xalign=0, yalign=0, wrap=True, max_width_chars=60
        )
        # Room for two lines whatever it says: the preview would change its size with every word otherwise.
        self._status.set_size_request(-1, self._status.create_pango_layout("\n").get_pixel_size()[1])
        left.pack_start(self._status, False, False, 0)
        sides.pack_start(left, True, True, 0)
        right = Gtk.Grid(row_spacing=6, column_spacing=6, hexpand=False)  # all that there is more is the preview's
        sides.pack_start(right, False, False, 0)
        self._recipe = Gtk.ComboBoxText(hexpand=True)
        self._recipe.append("", t("Choose a recipe…"))
        self._recipe.connect("changed", self._recipe_chosen)
        suggest = Gtk.Button(label=t("S_uggest"), use_underline=True)
        suggest.set_tooltip_text(t("Look what is wrong with the layer, or with what is selected, and set the sliders."))
        suggest.connect("clicked", self._suggest)
        self._row(right, 0, t("R_ecipe:"), self._recipe)
        right.attach(suggest, 1, 1, 1, 1)
        self._sliders = {name: self._slider(right, 2 + row, t(LABELS[name])) for row, name in enumerate(DEGRADATIONS)}
        for slider in self._sliders.values():
            slider.connect("value-changed", self._slid)
        row = 2 + len(DEGRADATIONS)
        right.attach(Gtk.Separator(), 0, row, 2, 1)
        self._strength = self._slider(right, row + 1, t("Stre_ngth"))
        self._strength.connect(
            "value-changed", lambda slider: config_set(self._config, "strength", round(slider.get_value(), 2))
        )
        self._regions = Gtk.ComboBoxText()
        self._regions.append("selection", t("The selection, or all of the layer"))
        self._regions.append("channels", t("Each channel named after a mix"))
        self._regions.set_tooltip_text(t("Channels are named like denoise 0.8 or brighten, in the Channels dialog."))
        self._regions.connect("changed", self._regions_chosen)
        self._row(right, row + 2, t("Re_gions:"), self._regions)
        self._model = Gtk.ComboBoxText()
        self._model.append("", t("The best one"))
        self._model.connect("changed", self._model_chosen)
        self._row(right, row + 3, t("_Model:"), self._model)
        self._best = Gtk.CheckButton(label=t(f"_{BEST}"), use_underline=True)
        self._best.set_tooltip_text(t(BEST_HELP))
        self._best.connect("toggled", lambda box: config_set(self._config, "ensemble", box.get_active()))
        right.attach(self._best, 1, row + 4, 1, 1)
        self._follow()
        sides.show_all()

    def _row(self, grid: Gtk.Grid, row: int, text: str, widget: Gtk.Widget) -> None:
        label = Gtk.Label(label=text, use_underline=True, xalign=0)
        label.set_mnemonic_widget(widget)
        grid.attach(label, 0, row, 1, 1)
        grid.attach(widget, 1, row, 1, 1)

    def _slider(self, grid: Gtk.Grid, row: int, text: str) -> Gtk.Scale:
        slider = Gtk.Scale.new_with_range(Gtk.Orientation.HORIZONTAL, 0.0, 1.0, 0.05)
        slider.set_digits(2)
        slider.set_increments(0.01, 0.1)
        slider.set_value_pos(Gtk.PositionType.RIGHT)
        slider.set_size_request(200, -1)
        self._row(grid, row, text, slider)
        return slider

    def _centre(self) -> tuple[int, int]:
        found = self._port.selection().selection
        if found is None or found.bounds.empty:
            return self._layer.get_width() // 2, self._layer.get_height() // 2
        return (found.bounds.left + found.bounds.right) // 2, (found.bounds.top + found.bounds.bottom) // 2

    # -- from the widgets to the configuration, and back

    def _slid(self, _slider: Gtk.Scale) -> None:
        if not self._following:
            config_set(self._config, "mix", mix_text({n: s.get_value() for n, s in self._sliders.items()}) or "nothing")

    def _suggest(self, _button: Gtk.Button) -> None:
        config_set(self._config, "recipe", "")
        config_set(self._config, "mix", SUGGEST)

    def _recipe_chosen(self, chooser: Gtk.ComboBoxText) -> None:
        if self._following:
            return
        chosen = [recipe for recipe in self._recipes if recipe["name"] == chooser.get_active_id()]
        more = [recipe["name"] for recipe in chosen if not recipe["mix"]]
        config_set(self._config, "recipe", more[0] if more else "")
        if more:  # it has regions of its own, or leaves something to the sensor
            config_set(self._config, "regions", BY_SELECTION)
        elif chosen:
            config_set(self._config, "mix", mix_text(chosen[0]["mix"]) or "nothing")
            config_set(self._config, "strength", round(float(chosen[0].get("strength", 1.0)), 2))

    def _regions_chosen(self, chooser: Gtk.ComboBoxText) -> None:
        if not self._following:
            if chooser.get_active_id() != BY_SELECTION:
                config_set(self._config, "recipe", "")
            config_set(self._config, "regions", chooser.get_active_id() or BY_SELECTION)

    def _model_chosen(self, chooser: Gtk.ComboBoxText) -> None:
        if not self._following:
            config_set(self._config, "model", chooser.get_active_id() or "")

    def _follow(self) -> None:
        """Set the widgets by the configuration."""
        settings = settings_of(self._config)
        try:
            mix = {} if settings.recipe or settings.mix == SUGGEST else parse_mix(settings.mix)
        except ServiceError:
            mix = {}
        self._following = True
        for name, slider in self._sliders.items():
            slider.set_value(mix.get(name, 0.0))
            slider.set_sensitive(settings.regions == BY_SELECTION and not settings.recipe)
        self._strength.set_value(settings.strength)
        self._regions.set_active_id(settings.regions)
        self._model.set_active_id(settings.model)
        self._best.set_active(settings.ensemble)
        if settings.recipe or self._recipe.get_active_id() not in self._mixes:
            self._recipe.set_active_id(settings.recipe)
        self._following = False

    def _changed(self, *_: object) -> None:
        self._follow()
        self._soon()

    # -- the service

    def _connect(self) -> None:
        try:
            self._client = connect("gimp", start=True)
        except ServiceError as error:
            self._error = error

    def _connected(self) -> bool:
        """Look, four times a second, whether the search is over; in the main thread."""
        if self._search.is_alive() and not self._closing:
            return True
        if self._client is not None and not self._closing:
            self._fill()
            self._soon()
        elif self._error is not None:
            self._say(told(self._error))
        return False

    def _fill(self) -> None:
        """Fill the choosers with what the service has."""
        try:
            self._recipes = self._client.recipes()
            models = self._client.models()
        except ServiceError as error:
            self._say(told(error))
            return
        for recipe in self._recipes:
            self._recipe.append(recipe["name"], t(recipe["label"]))
        self._mixes = [recipe["name"] for recipe in self._recipes if recipe["mix"]]
        for model in models:
            self._model.append(model["name"], model["label"])
        self._follow()

    # -- the preview

    def _moved(self) -> None:
        self._show_before()
        self._soon()

    def _show_before(self) -> None:
        try:
            self._preview.show_before(self._port.before(self._preview.part))
        except PluginError as error:  # the layer was deleted while the dialog is open
            self._say(told(error))

    def _soon(self) -> None:
        """Begin a preview when nothing has changed for a moment; stop the one that is under way."""
        self._stop = self._busy
        if self._timer:
            GLib.source_remove(self._timer)
        self._timer = GLib.timeout_add(_PAUSE, self._refresh)

    def _refresh(self) -> bool:
        if self._busy:
            return True  # the one under way ends within a tenth of a second
        self._timer = 0
        if self._client is None or self._closing:
            return False
        self._busy, self._stop = True, False
        self._port.taken()  # what a stopped preview left
        try:
            self._restore_part()
        except Cancelled:
            pass
        except (PluginError, ServiceError) as error:
            self._preview.show_after(None)
            self._say(told(error))
        finally:
            self._busy = False
        return False

    def _restore_part(self) -> None:
        settings = settings_of(self._config)
        if settings.mix.strip() in ("", SUGGEST) and settings.regions == BY_SELECTION and not settings.recipe:
            mix = decide(self._client, self._port, SUGGEST, self._sent.picture)
            config_set(self._config, "mix", mix_text(mix))  # shows on the sliders, and asks for the next preview
            return
        part = self._preview.part
        done = restore(self._client, self._port, settings, picture=self._sent.picture, preview=part)
        if part == self._preview.part:
            self._preview.show_after(self._port.taken())
        self._say("\n".join((t("Preview: {name}", name=done.name), *done.warnings)))

    def _tell(self, fraction: float | None, text: str) -> bool:
        if text:
            self._say(f"{text}…" if not fraction else f"{text} ({fraction:.0%})")
        while Gtk.events_pending():
            Gtk.main_iteration()
        return self._stop or self._closing

    def _say(self, text: str) -> None:
        self._status.set_text(text)

    # -- beginning and end

    def _response(self, _window: Gtk.Dialog, response: int) -> None:
        if response in (Gtk.ResponseType.OK, Gtk.ResponseType.CANCEL, Gtk.ResponseType.DELETE_EVENT):
            self._closing = True

    def run(self) -> Wanted | None:
        """Show it until the user decides."""
        self._show_before()
        self._search.start()
        GLib.timeout_add(250, self._connected)
        wanted = self._window.run()
        self._closing = True
        if self._timer:
            GLib.source_remove(self._timer)
        self._window.destroy()
        if not wanted:
            if self._client is not None:
                self._client.close()
            return None
        self._search.join()
        if self._client is None:
            raise self._error or ServiceError("The restoration service was not found.", "Run `pip-editor doctor`.")
        return Wanted(self._client, self._sent)


def config_set(config: Any, name: str, value: object) -> None:
    """Set a property if that changes it, so that nothing goes round in circles."""
    if config.get_property(name) != value:
        config.set_property(name, value)
