#!/bin/bash
# run.sh: the tests in the real hosts. Skips, and says why, where they cannot be run.
#   PY                the Python that has pip-editor and its tests' packages
#   SUITE             trixie (default: GIMP 3.0, Krita 5.2), sid (GIMP 3.2, Krita 5.3) or experimental (GIMP 3.2, Krita 6)
#   PIP_EDITOR_HOSTS  where the Debian roots are kept (default: the user's cache folder)
#   ROOT_SECONDS      how long the making of a root may take (default 600)
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
# In a mount namespace of its own: whatever ends it, nothing stays mounted in a root that is made anew later.
timeout -k 10 "${ROOT_SECONDS:-600}" unshare --mount --propagation private bash "$here/setup-root.sh" "$roots/$suite" "$suite" || {
  [ $? = 124 ] && skip "the root with GIMP and Krita was not made within ${ROOT_SECONDS:-600} s (ROOT_SECONDS)."
  skip "the root with GIMP and Krita could not be made; see above."
}
export PIP_EDITOR_HOST_ROOT=$roots/$suite
eval "set -- ${PYTEST_ARGS:-}"
# In this order: edit and meanwhile have a GIMP of their own; window comes after those that share a session with it, whose photo and service it takes away.
exec "${PY:?the Python to test with}" -m pytest -v -p no:cacheprovider \
  "$here"/gimp/{edit,meanwhile,pixels,layers,entries,window}_tests.py "$here"/krita/{pixels,layers,window}_tests.py "$@"
