"""Photos in the colours of the screen: what profiles say of it, and where the system keeps them."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtDBus import QDBusConnection

from pip_editor.around import desk
from pip_editor.picture import screen, systemscreen
from pip_editor.picture.screen import ScreenError, of_profile, screen_of
from pip_editor.picture.systemscreen import from_colord, from_x11

from .driving import running

sys.path.insert(0, str(Path(__file__).parents[1] / "pictures"))
import icc_samples

GAMMA = 2.2


def lut(matrix, ramp_in, ramp_out, corners):
    """Return an `mft2` tag of three channels, with a grid of two points a side, linear between them."""
    head = b"mft2\0\0\0\0" + bytes([3, 3, 2, 0]) + icc_samples.s15(*np.asarray(matrix).ravel())
    head += struct.pack(">2H", len(ramp_in), len(ramp_out))
    cells = [(r, g, b) for r in (0, 1) for g in (0, 1) for b in (0, 1)]
    grid = np.concatenate([np.clip(corners @ np.array(cell), 0, 1) for cell in cells])
    words = [*np.tile(ramp_in, 3), *grid, *np.tile(ramp_out, 3)]
    return head + np.rint(np.array(words) * 65535).astype(">u2").tobytes()


def by_tables(primaries, *, back=True):
    """Return the profile of a screen by tables that says the same as one by a matrix and gamma 2.2."""
    full = 1 + 32767 / 32768
    to_xyz = np.array(icc_samples.PRIMARIES[primaries]).T / full
    ramp = np.linspace(0, 1, 4096)
    # As makers of profiles do: a pair for each intent, of which the second is the colorimetric one.
    tags = dict.fromkeys((b"A2B0", b"A2B1"), lut(np.eye(3), ramp**GAMMA, np.array([0.0, 1.0]), to_xyz))
    if back:
        from_xyz = lut(np.linalg.inv(to_xyz), np.array([0.0, 1.0]), ramp ** (1 / GAMMA), np.eye(3))
        tags |= dict.fromkeys((b"B2A0", b"B2A1"), from_xyz)
    return icc_samples.profile("RGB ", tags)


def colours():
    """Return working values all over sRGB, and gray."""
    grid = np.linspace(0, 1, 9, dtype=np.float32)
    cube = np.stack(np.meshgrid(grid, grid, grid), axis=-1).reshape(27, 27, 3)
    return np.concatenate([cube, np.repeat(np.linspace(0, 1, 27, dtype=np.float32), 3).reshape(1, 27, 3)])


@pytest.mark.parametrize("primaries", ["srgb", "display-p3", "adobe-rgb"])
def test_a_screen_by_tables_shows_what_one_by_matrix_and_curves_shows(primaries):
    plain = of_profile("matrix", icc_samples.rgb_profile(primaries, icc_samples.gamma(GAMMA)))
    tables = of_profile("tables", by_tables(primaries))
    shown, wanted = tables.shown(colours()), np.clip(plain.shown(colours()), 0, 1)
    off = 255 * np.abs(np.clip(shown, 0, 1) - wanted)
    assert off.max() <= 3  # in the darkest colours, LittleCMS goes straight between points of a grid of its own
    assert off[wanted.min(axis=-1) > 0.05].max() <= 1
    np.testing.assert_allclose(tables.to_srgb, plain.to_srgb, atol=0.02)


def test_black_and_white_stay_black_and_white_by_tables():
    shown = of_profile("tables", by_tables("display-p3")).shown(np.array([[[0, 0, 0], [1, 1, 1]]], np.float32))
    np.testing.assert_allclose(shown, [[[0, 0, 0], [1, 1, 1]]], atol=1 / 255)


def test_a_profile_that_says_nothing_of_the_way_to_the_screen_is_refused():
    with pytest.raises(ScreenError, match=r"scan\.icc does not say"):
        of_profile("/somewhere/scan.icc", by_tables("srgb", back=False))
    with pytest.raises(ScreenError, match="no colour profile of a screen"):
        of_profile("gray.icc", icc_samples.gray_profile(icc_samples.gamma(2.2)))


def test_a_large_strip_is_converted_in_pieces_and_gives_the_same(monkeypatch):
    working = colours()
    at_once = screen_of("display-p3").shown(working)
    monkeypatch.setattr(screen, "chunks", lambda rows, columns: (slice(top, top + 5) for top in range(0, rows, 5)))
    np.testing.assert_array_equal(screen_of("display-p3").shown(working), at_once)


@pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="THERE IS NO dbus-daemon")
def test_colord_is_asked_for_the_profile_of_an_output(tmp_path, monkeypatch):
    monkeypatch.setattr(systemscreen, "PATIENCE", 60_000)
    daemon = ["dbus-daemon", "--session", "--nofork", "--print-address", "--address", f"unix:path={tmp_path}/bus"]
    fake = [sys.executable, str(Path(__file__).with_name("fake_colord.py")), "/profiles/screen.icc"]
    with running(daemon) as address:
        bus = QDBusConnection.connectToBus(address, "asks colord")
        assert from_colord("HDMI-1", bus) == ""  # there is none
        with running(fake, env=os.environ | {"DBUS_SESSION_BUS_ADDRESS": address}) as line:
            assert line == "there"
            assert from_colord("HDMI-1", bus) == "/profiles/screen.icc"
            assert from_colord("DP-2", bus) == ""
        QDBusConnection.disconnectFromBus("asks colord")


_SET = """
import ctypes, sys
x11 = ctypes.CDLL("libX11.so.6")
x11.XOpenDisplay.restype = ctypes.c_void_p
x11.XDefaultRootWindow.restype = x11.XInternAtom.restype = ctypes.c_ulong
display = ctypes.c_void_p(x11.XOpenDisplay(None))
atoms = [ctypes.c_ulong(x11.XInternAtom(display, name, 0)) for name in (b"_ICC_PROFILE", b"CARDINAL")]
data = bytes(range(256)) * 8
root = ctypes.c_ulong(x11.XDefaultRootWindow(display))
x11.XChangeProperty(display, root, *atoms, 8, 0, data, len(data))
x11.XSync(display, 0)
sys.path[:0] = {path}
from pip_editor.picture.systemscreen import from_x11
assert from_x11(0) == data
assert from_x11(1) is None
print("told")
"""


@pytest.mark.skipif(shutil.which("xvfb-run") is None, reason="THERE IS NO xvfb-run")
def test_the_x_server_tells_the_profile_that_it_keeps_for_a_screen():
    code = _SET.replace("{path}", repr(sys.path))
    ended = subprocess.run(
        ["xvfb-run", "-a", sys.executable, "-c", code], capture_output=True, check=False, text=True, timeout=120
    )
    assert ended.stdout == "told\n", ended.stderr


def test_without_a_bus_or_an_x_server_the_system_tells_nothing(monkeypatch):
    assert from_colord("HDMI-1", QDBusConnection("never connected")) == ""
    monkeypatch.setenv("DISPLAY", "/nowhere:99")
    assert from_x11(0) is None

    def lacks(name):
        raise OSError(name)

    assert from_x11(0, lacks) is None


def test_the_systems_profile_is_followed_and_only_what_is_seen_changes(qtbot, opened, pixels, monkeypatch):
    profile = icc_samples.rgb_profile("display-p3", icc_samples.gamma(GAMMA))
    monkeypatch.setattr(desk, "system_profile", lambda screen: profile)
    shown = opened.document.photo.pyramid.levels[0]
    before = shown.copy()
    try:
        with qtbot.waitSignal(opened.files._loader.finished, timeout=60_000):
            opened.desk.apply(replace(opened.desk.preferences, screen="system"))
        wanted = np.rint(255 * np.clip(of_profile("", profile).shown(pixels / np.float32(255)), 0, 1))
        assert np.abs(shown[..., 2::-1] - wanted).max() <= 1
        monkeypatch.setattr(desk, "system_profile", lambda screen: None)
        with qtbot.waitSignal(opened.files._loader.finished, timeout=60_000):
            opened.desk.screen_changed()
        np.testing.assert_array_equal(shown, before)
        monkeypatch.setattr(desk, "system_profile", lambda screen: b"no profile")
        opened.desk.screen_changed()
        assert "no colour profile" in opened.message.text.text()
    finally:
        opened.desk.apply(replace(opened.desk.preferences, screen="srgb"))
