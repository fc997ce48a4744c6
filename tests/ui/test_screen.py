"""Where no window can be shown, one sentence says why and what to do; Qt would end the process with many lines."""

from __future__ import annotations

import sys

import pytest

from pip_editor.screen import NoScreenError, check_screen

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="ONLY LINUX HAS X11 AND WAYLAND")


def lacks_a_library(path):
    raise OSError("libxcb-cursor.so.0: cannot open shared object file: No such file or directory")


def never(path):
    raise AssertionError(f"{path} is loaded")


def test_no_screen_at_all_is_told():
    with pytest.raises(NoScreenError, match="There is no screen"):
        check_screen({}, never)


@pytest.mark.parametrize(
    "environment", [{"DISPLAY": ":1"}, {"DISPLAY": ":1", "QT_QPA_PLATFORM": "xcb"}, {"QT_QPA_PLATFORM": "xcb"}]
)
def test_a_library_that_x11_lacks_is_named_with_what_to_install(environment):
    with pytest.raises(NoScreenError, match=r"libxcb-cursor\.so\.0 is missing.*apt install .*libxcb-cursor0"):
        check_screen(environment, lacks_a_library)


@pytest.mark.parametrize(
    "environment",
    [{"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":1"}, {"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":1"}],
)
def test_other_screens_do_not_need_x11s_libraries(environment):
    check_screen(environment, never)


def test_the_plugin_that_is_tried_is_qts_own():
    tried = []
    check_screen({"DISPLAY": ":1"}, tried.append)
    (path,) = tried
    assert path.endswith("platforms/libqxcb.so")
