"""Restores a picture without a window: `kritarunner -s pip_restore.batch -f main IN OUT MIX [STRENGTH [QUALITY]]`.

IN and OUT are files that Krita opens and exports. MIX is `denoise=1,dehaze=0.5`, `suggest` (the sensor decides), `masks`
(each mask that is named after a mix is a region), or `recipe:NAME`, a recipe that was saved in the editor. A selection that IN brings along bounds what is done. STRENGTH is
0 to 1, 1 where it is left out. QUALITY is `quick` or `best`, which takes four times as long. Where something is not done, the reason stands on stderr and OUT is not written.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from krita import InfoObject, Krita

from . import krita_shared  # noqa: F401 - makes the two packages below importable
from pip_client import Cancelled, ServiceError, connect, parse_mix
from pip_plugin import BY_CHANNELS, SUGGEST, PluginError, Settings, restore

from .krita_port import LayerPort
from .krita_source import discard, whole_of

MASKS = "masks"
RECIPE = "recipe:"
QUICK, BEST = "quick", "best"
USAGE = "kritarunner -s pip_restore.batch -f main IN OUT MIX [STRENGTH [QUALITY]]"


def main(arguments):
    """Do it; kritarunner's exit code is 1 when something went wrong."""
    try:
        run([str(word) for word in arguments])
    except (PluginError, ServiceError) as error:
        sys.stderr.write(f"pip_restore: {error.message} {error.advice}".strip() + "\n")
        sys.stderr.flush()
        if Krita.instance().activeWindow() is not None:  # called within Krita, where somebody is at work
            raise
        # kritarunner ends with 0 whatever is raised, SystemExit too; a script around it has to know.
        os._exit(1)


def run(words):
    """Restore IN into OUT.

    Raises
    ------
    PluginError, ServiceError
        OUT is not written.

    """
    if len(words) not in (3, 4, 5):
        raise PluginError("There have to be three to five arguments.", f"Usage: {USAGE}.")
    source, target, mix, *rest = words
    settings = settings_of(mix, *rest)
    document = opened(source)
    try:
        restore_at_once(document, whole_of(document), settings)
        export(document, Path(target))
    finally:
        discard(document)


def settings_of(mix, strength="1", quality=QUICK):
    """Read MIX, STRENGTH and QUALITY.

    Raises
    ------
    PluginError, ServiceError
        They make no sense.

    """
    try:
        amount = float(strength)
    except ValueError:
        amount = -1.0
    if not 0 <= amount <= 1:
        raise PluginError(f"{strength} is no strength.", "It is a number from 0 to 1.")
    if quality not in (QUICK, BEST):
        raise PluginError(f"{quality} is no quality.", f"It is {QUICK} or {BEST}.")
    best = quality == BEST
    if mix == MASKS:
        return Settings(strength=amount, regions=BY_CHANNELS, ensemble=best)
    if mix.startswith(RECIPE):
        return Settings(strength=amount, ensemble=best, recipe=mix[len(RECIPE) :])
    if mix != SUGGEST:
        parse_mix(mix)
    return Settings(mix, amount, ensemble=best)


def opened(path):
    """Open a document without questions.

    Raises
    ------
    PluginError
        Krita cannot.

    """
    krita = Krita.instance()
    krita.setBatchmode(True)  # a 16-bit PNG without a profile would ask for one, for ever
    document = krita.openDocument(os.path.abspath(path)) if Path(path).is_file() else None  # noqa: PTH100
    if document is None:
        raise PluginError(f"{path} cannot be opened.", "Name a picture that Krita opens.")
    document.setBatchmode(True)
    document.waitForDone()
    return document


def restore_at_once(document, node, settings, connecting=connect):
    """Restore a layer and put the result above it; waits for it.

    Raises
    ------
    PluginError, ServiceError
        Nothing has been changed.

    """
    port = LayerPort(document, node, lambda _fraction, _text: False)
    port.check(settings)
    try:
        with connecting("krita") as client:
            done = restore(client, port, settings)
        port.insert(done.name)
    except Cancelled as error:
        raise PluginError("The restoration was cancelled.", "Try again.") from error
    finally:
        port.discard()
    document.waitForDone()
    return done


def export(document, target):
    """Write what the document shows, whole or not at all.

    Raises
    ------
    PluginError
        Krita cannot.

    """
    options = InfoObject()
    for name, value in (("alpha", True), ("forceSRGB", False), ("saveSRGBProfile", True), ("indexed", False)):
        options.setProperty(name, value)
    part = target.with_name(f".{os.getpid()}-{target.name}")
    try:
        if not document.exportImage(str(part.absolute()), options) or not part.exists():
            raise PluginError(
                f"{target} cannot be written.", "Name a place that may be written, and a format of Krita's."
            )
        part.replace(target)
    finally:
        if part.exists():
            part.unlink()
