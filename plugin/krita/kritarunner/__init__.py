"""For kritarunner, which looks for scripts in a folder of its own: the modules are those of the plug-in in Krita's."""

from pathlib import Path

# DATA/kritarunner/pykrita/pip_restore/__init__.py -> DATA/krita/pykrita/pip_restore
__path__ = [str(Path(__file__).resolve().parents[3] / "krita" / "pykrita" / "pip_restore")]
