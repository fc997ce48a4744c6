#!/bin/sh
# The virtual environment in .venv of the current directory.
#
#   environment.sh check   prints "fits" when .venv was made for this directory and its Python runs
#   environment.sh make    makes it with $PYTHON, or with the newest Python from 3.11 on that is found
#   environment.sh screen  installs the system's libraries that Qt needs, also without a screen, where they are missing
#
# Debian keeps ensurepip in a package of its own (python3-venv). It is installed when that is allowed, otherwise one
# sentence says what is missing.
set -eu

place=.venv/.place

works() {
    .venv/bin/python -c 'import pip' >/dev/null 2>&1
}

suits() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    # 3.14 first: the newest that every pinned dependency has a wheel for.
    for candidate in ${PYTHON:+"$PYTHON"} python3.14 python3.13 python3.12 python3.11 python3 python; do
        if suits "$candidate"; then
            command -v "$candidate"
            return
        fi
        if [ "$candidate" = "${PYTHON:-}" ]; then
            break
        fi
    done
    echo "pip-editor needs Python 3.11 or newer, and ${PYTHON:-none on the search path} is not; name one with make PYTHON=…" >&2
    return 1
}

has_venv() {
    "$1" -c 'import ensurepip, venv' >/dev/null 2>&1
}

# Whether packages of the system can be installed; sets `become` to what has to stand before the command.
may_install() {
    if [ "$(id -u)" = 0 ]; then
        become=""
    elif sudo -n true 2>/dev/null; then
        become="sudo -n"
    else
        return 1
    fi
    command -v apt-get >/dev/null
}

install_venv() {
    may_install || return 1
    version=$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    $become apt-get update -qq || true
    for package in "python$version-venv" python3-venv; do
        $become env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$package" || continue
        has_venv "$1" && return
    done
    return 1
}

has_screen_libraries() {
    .venv/bin/python -c 'import PyQt6.QtWidgets' >/dev/null 2>&1
}

# One by one: names differ between releases, and one that is not there must not keep the others out.
install_screen_libraries() {
    may_install || return 1
    $become apt-get update -qq || true
    for package in libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 fontconfig libglib2.0-0 fonts-dejavu-core; do
        $become env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$package" >/dev/null || true
    done
    has_screen_libraries
}

case "${1:-}" in
screen)
    if ! has_screen_libraries && ! install_screen_libraries; then
        # pytest-qt would end every test run where Qt cannot be loaded; the tests of the window are left out without it.
        .venv/bin/python -m pip uninstall -y -q pytest-qt
        echo "Qt's system libraries are missing, so the editor's window does not run here (as root: apt-get install libegl1 libgl1 libxkbcommon0 libdbus-1-3 fontconfig)." >&2
    fi
    ;;
check)
    if [ "$(cat "$place" 2>/dev/null)" = "$(pwd -P)" ] && works; then
        echo fits
    fi
    ;;
make)
    if [ -e "$place" ] && [ "$(cat "$place")" = "$(pwd -P)" ] && works; then
        exit 0
    fi
    # One without the mark was made by hand: kept if it runs.
    if [ -e "$place" ] || ! works; then
        python=$(find_python)
        if ! has_venv "$python" && ! install_venv "$python"; then
            echo "$python cannot make virtual environments; install its venv package (as root: apt-get install python3-venv) and call make again." >&2
            exit 1
        fi
        rm -rf .venv
        "$python" -m venv .venv
    fi
    pwd -P >"$place"
    ;;
*)
    echo "usage: environment.sh check|make|screen" >&2
    exit 2
    ;;
esac
