#!/bin/bash
# run.sh: the tests in the real hosts. Skips, and says why, where they cannot be run.
#   PY                the Python that has pip-editor and its tests' packages
#   SUITE             trixie (default: GIMP 3.0, Krita 5.2) or sid (GIMP 3.2, Krita 5.3)
#   PIP_EDITOR_HOSTS  where the Debian roots are kept (default: the user's cache folder)
#   PYTEST_ARGS       such as -k channels
#   SCREENSHOT        a file for a picture of GIMP's dialog
#   KRITA_SCREENSHOT  a file for a picture of Krita's docker
set -euo pipefail
here=$(dirname "$(realpath "$0")"); suite=${SUITE:-trixie}
roots=${PIP_EDITOR_HOSTS:-${XDG_CACHE_HOME:-$HOME/.cache}/pip-editor-tests/hosts}
skip() { printf '\n*** The host tests were SKIPPED: %s ***\n\n' "$1" >&2; exit 0; }

[ "$(uname -s)" = Linux ] || skip "they need Linux."
[ "$(id -u)" = 0 ] || skip "they need root (chroot and mounts)."
command -v unshare >/dev/null || skip "unshare is not there (package util-linux)."
unshare --mount --pid --fork true 2>/dev/null || skip "this container may not make namespaces."
if [ ! -f "$roots/$suite/.hosts-stamp" ]; then
  command -v apt-get >/dev/null || skip "they need a Debian host, to make a root with GIMP and Krita in it."
  command -v mmdebstrap >/dev/null || apt-cache policy mmdebstrap 2>/dev/null | grep -q Candidate: || skip "mmdebstrap is not there, and no package mirror that has it."
fi
bash "$here/setup-root.sh" "$roots/$suite" "$suite" || skip "the root with GIMP and Krita could not be made; see above."
export PIP_EDITOR_HOST_ROOT=$roots/$suite
eval "set -- ${PYTEST_ARGS:-}"
exec "${PY:?the Python to test with}" -m pytest -v -p no:cacheprovider "$here/gimp_tests.py" "$here/krita_tests.py" "$@"
