"""The preferences. Whatever is changed takes effect at once, so that it can be seen; Cancel takes it back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QSignalBlocker, pyqtSignal
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from pip_editor.around.dialogs import Buttons, named
from pip_editor.panels.slider import NumberSlider
from pip_editor.preferences import Preferences
from pip_editor.style import OVERLAYS
from pip_editor.words import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

_PROFILES = "*.icc *.icm"
_BROWSE = "browse"
"""In the list of screens: ask for a file."""
_MEGABYTE = 1_000_000


class PreferencesDialog(QDialog):
    """Shows and changes the preferences."""

    changed = pyqtSignal(object)
    """Preferences to put into effect; not kept yet."""
    cache_wanted = pyqtSignal(int)
    """Bytes that the result cache may have."""
    cache_emptied = pyqtSignal()
    models_wanted = pyqtSignal()

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preferencesDialog")
        self.setWindowTitle(tr("Preferences"))
        self.preferences = self._before = preferences
        self._limit: int | None = None
        self._make_look()
        self._make_service()
        self.autosave = named(QSpinBox(), "preferencesAutosave", tr("Save a copy every"))
        self.autosave.setRange(10, 3600)
        self.autosave.setSuffix(tr(" s"))
        self.autosave.setToolTip(tr("Of unsaved work, for the case that the program or the machine ends unexpectedly"))
        self.buttons = Buttons("preferences", self, tr("Keep"))
        self.buttons.add(tr("Defaults"), "preferencesDefaults", tr("Everything as it is after installation"))
        self._lay_out()
        self.show_preferences(preferences)
        self.screen_chooser.activated.connect(self._choose_screen)
        for chooser in (self.theme, self.language, self.colour, self.device, self.precision):
            chooser.activated.connect(self._read)
        self.opacity.changed.connect(self._read)
        self.skip_clean.clicked.connect(self._read)
        self.ensemble.clicked.connect(self._read)
        self.autosave.valueChanged.connect(self._read)
        defaults = self.findChild(QPushButton, "preferencesDefaults")
        assert defaults is not None
        defaults.clicked.connect(self._defaults)

    def show_preferences(self, preferences: Preferences) -> None:
        """Show these."""
        self.preferences = preferences
        for chooser, value in (
            (self.theme, preferences.theme), (self.language, preferences.language),
            (self.colour, preferences.overlay_colour), (self.device, preferences.device),
            (self.precision, preferences.precision),
        ):  # fmt: skip
            chooser.setCurrentIndex(max(chooser.findData(value), 0))
        self._show_screen(preferences.screen)
        self.skip_clean.setChecked(preferences.skip_clean)
        self.ensemble.setChecked(preferences.ensemble)
        self.opacity.show_value(preferences.overlay_opacity)
        blocker = QSignalBlocker(self.autosave)
        self.autosave.setValue(preferences.autosave)
        blocker.unblock()
        self.model.setText(preferences.model or tr("the one that comes with the program"))

    def show_cache(self, used: int, limit: int) -> None:
        """Show how large the result cache is, and may become."""
        blocker = QSignalBlocker(self.cache)
        self.cache.setEnabled(True)
        self.cache.setValue(round(limit / _MEGABYTE))
        blocker.unblock()
        self._limit = self.cache.value()
        self.cache_used.setText(tr("{used} MB are used", used=f"{used / _MEGABYTE:.0f}"))
        self.cache_empty.setEnabled(used > 0)

    def accept(self) -> None:
        """Keep the preferences."""
        self.preferences.save()
        if self._limit is not None and self.cache.value() != self._limit:
            self.cache_wanted.emit(self.cache.value() * _MEGABYTE)
        super().accept()

    def reject(self) -> None:
        """Take everything back."""
        self.changed.emit(replace(self._before, model=self.preferences.model))
        super().reject()

    def _make_look(self) -> None:
        self.theme = _chooser(
            "preferencesTheme", tr("Theme"),
            [(tr("As the system"), "system"), (tr("Light"), "light"), (tr("Dark"), "dark")],
        )  # fmt: skip
        self.language = _chooser(
            "preferencesLanguage", tr("Language"),
            [(tr("As the system"), "system"), ("English", "en"), ("Deutsch", "de"), ("中文", "zh_CN")],
        )  # fmt: skip
        self.language.setToolTip(tr("Takes effect at the next start"))
        colours = (tr("Orange"), tr("Sky blue"), tr("Green"), tr("Yellow"), tr("Blue"), tr("Red"), tr("Purple"))
        self.colour = _chooser(
            "preferencesColour", tr("Colour of regions"),
            [(tr("One for each"), ""), *zip(colours, OVERLAYS[1:], strict=True)],
        )  # fmt: skip
        self.colour.setToolTip(tr("These are told apart whatever kind of colour vision one has"))
        self.opacity = NumberSlider(
            "preferencesOpacity", tr("Opacity of regions"), 100, suffix=" %", smallest=10,
            tip=tr("Of the region that is worked on; others are drawn fainter"),
        )  # fmt: skip
        self.opacity.label.hide()

        self.screen_chooser = _chooser(
            "preferencesScreen", tr("Screen"),
            [("sRGB", "srgb"), (tr("As the system says"), "system"), ("Display P3", "display-p3"), ("Adobe RGB", "adobe-rgb"), (tr("Profile …"), _BROWSE)],
        )  # fmt: skip
        self.screen_chooser.setToolTip(tr("In whose colours photos are shown; sRGB unless you know better"))

    def _show_screen(self, choice: str) -> None:
        """Show a screen, which may be a profile's path."""
        self.screen_chooser.setCurrentIndex(self.screen_chooser.findData(choice))
        if self.screen_chooser.currentIndex() < 0:
            self.screen_chooser.insertItem(self.screen_chooser.count() - 1, Path(choice).name, choice)
            self.screen_chooser.setCurrentIndex(self.screen_chooser.findData(choice))

    def _choose_screen(self) -> None:
        if self.screen_chooser.currentData() == _BROWSE:
            path, _ = QFileDialog.getOpenFileName(
                self, tr("Colour profile of the screen"), "", tr("Colour profiles ({patterns})", patterns=_PROFILES)
            )
            self._show_screen(path or self.preferences.screen)
        self._read()

    def _make_service(self) -> None:
        self.model = named(QLabel(), "preferencesModel", tr("Model"))
        self.models = named(QPushButton(tr("Models …")), "preferencesModels", tip=tr("Import one, or use another"))
        self.models.setAutoDefault(False)
        self.models.clicked.connect(self.models_wanted)
        self.device = _chooser(
            "preferencesDevice", tr("Compute on"),
            [
                (tr("The best there is"), "auto"), (tr("Processor"), "cpu"),
                (tr("NVIDIA or AMD graphics card"), "cuda"), (tr("Intel graphics card"), "xpu"),
                (tr("Apple graphics"), "mps"),
            ],
        )  # fmt: skip
        self.device.setToolTip(tr("What the service computes on; it says so when there is no such device"))
        self.precision = _chooser(
            "preferencesPrecision", tr("Precision"),
            [(tr("As fits the device"), "auto"), (tr("bf16, faster"), "bf16"), (tr("fp32, exact"), "fp32")],
        )  # fmt: skip
        self.precision.setToolTip(tr("bf16 needs a device that computes in it; fp32 works on every one"))
        self.skip_clean = named(QCheckBox(tr("Leave clean parts alone")), "preferencesSkipClean")
        self.skip_clean.setToolTip(
            tr(
                "Parts of a photo in which the sensor finds nothing of what is to be removed keep their pixels and take no time; for noise and JPEG above all"
            )
        )
        self.ensemble = named(QCheckBox(tr("Best quality, four times as long")), "preferencesEnsemble")
        self.ensemble.setToolTip(
            tr(
                "Everything is looked at in four ways, mirrored, of which the mean is taken: finer above all where there is noise or rain"
            )
        )
        self.cache = named(QSpinBox(), "preferencesCache", tr("Result cache"))
        self.cache.setRange(68, 1_000_000)
        self.cache.setSuffix(" MB")
        self.cache.setEnabled(False)
        self.cache.setToolTip(
            tr(
                "Disk space for results, so that strength, edges and the next export need no network again; for all programs"
            )
        )
        self.cache_used = named(QLabel(), "preferencesCacheUsed", tr("Used"))
        self.cache_empty = named(QPushButton(tr("Empty it")), "preferencesCacheEmpty", tr("Empty the result cache"))
        self.cache_empty.setAutoDefault(False)
        self.cache_empty.setEnabled(False)
        self.cache_empty.clicked.connect(self.cache_emptied)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        for name, title, rows in (
            ("preferencesLook", tr("Look"), (
                (tr("Theme"), self.theme), (tr("Language"), self.language),
                (tr("Colour of regions"), self.colour), (tr("Opacity of regions"), self.opacity),
                (tr("Screen"), self.screen_chooser),
            )),
            ("preferencesService", tr("Restoration"), (
                (tr("Model"), _row(self.model, self.models)), (tr("Compute on"), self.device),
                (tr("Precision"), self.precision), ("", self.skip_clean), ("", self.ensemble),
                (tr("Result cache"), _row(self.cache, self.cache_used, self.cache_empty)),
            )),
            ("preferencesSafety", tr("Safety"), ((tr("Save a copy every"), self.autosave),)),
        ):  # fmt: skip
            group = QGroupBox(title)
            group.setObjectName(name)
            form = QFormLayout(group)
            for label, part in rows:
                if isinstance(part, QHBoxLayout):
                    form.addRow(label, part)
                else:
                    form.addRow(label, part)
            layout.addWidget(group)
        layout.addWidget(self.buttons)
        self.setMinimumWidth(520)

    def _read(self, *_: object) -> None:
        """Take what is chosen now, and tell."""
        self.preferences = replace(
            self.preferences,
            theme=self.theme.currentData(),
            language=self.language.currentData(),
            overlay_colour=self.colour.currentData(),
            overlay_opacity=self.opacity.value,
            autosave=self.autosave.value(),
            device=self.device.currentData(),
            precision=self.precision.currentData(),
            screen=self.screen_chooser.currentData(),
            skip_clean=self.skip_clean.isChecked(),
            ensemble=self.ensemble.isChecked(),
        )
        self.changed.emit(self.preferences)

    def _defaults(self) -> None:
        self.show_preferences(Preferences(model=self.preferences.model))
        self._read()


def _chooser(name: str, spoken: str, entries: Sequence[tuple[str, str]]) -> QComboBox:
    chooser = named(QComboBox(), name, spoken)
    for text, value in entries:
        chooser.addItem(text, value)
    return chooser


def _row(*widgets: Any) -> QHBoxLayout:
    row = QHBoxLayout()
    for place, widget in enumerate(widgets):
        row.addWidget(widget, 0 if place else 1)
    return row
