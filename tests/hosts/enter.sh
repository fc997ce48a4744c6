#!/bin/bash
# enter.sh [-x] ROOT FOLDER COMMAND [ARG...]
#
# Runs COMMAND in the Debian root ROOT, in mount and process namespaces of its own: nothing stays mounted and no process
# outlives it, not even one that hangs. FOLDER appears there as /work, read and write; FOLDER/home is HOME. The network
# is the caller's, and nothing else is: for a plug-in that is exactly what a Flatpak or Snap sandbox leaves it.
#   -x     with a screen: Xvfb, a window manager, a session bus
#   LIMIT  seconds before everything is ended (default 300, then exit code 124)
set -euo pipefail
X=0; [ "${1:-}" = -x ] && { X=1; shift; }
R=$(realpath "${1:?}"); W=$(realpath "${2:?}"); shift 2
[ -f "$R/.hosts-stamp" ] || { echo "enter.sh: $R was not made by setup-root.sh" >&2; exit 2; }
mkdir -p "$W/home"
export R W X
exec timeout -k 5 "${LIMIT:-300}" unshare --mount --pid --fork --kill-child --propagation private \
  /bin/bash -c '
  mkdir -p "$R"/{proc,dev,sys,tmp,work,home/test}
  mount -t proc proc "$R/proc"; mount --rbind /dev "$R/dev"; mount --rbind /sys "$R/sys" 2>/dev/null || :
  mount -t tmpfs -o mode=1777 tmp "$R/tmp"
  mount -t tmpfs shm "$R/dev/shm" 2>/dev/null || :
  mount --bind "$W" "$R/work"; mount --bind "$W/home" "$R/home/test"
  exec chroot "$R" /usr/bin/env -i HOME=/home/test PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin \
    LANG=C.UTF-8 LC_ALL=C.UTF-8 TERM=dumb USER=root LOGNAME=root XDG_RUNTIME_DIR=/tmp/run \
    GDK_BACKEND=x11 NO_AT_BRIDGE=1 PYTHONDONTWRITEBYTECODE=1 SCREEN_WANTED="$X" \
    /bin/bash -c '\''
      mkdir -p -m 700 "$XDG_RUNTIME_DIR"; cd /work
      # the configuration folder and the programs go by the version
      full=$(gimp-console --version 2>/dev/null | grep -oE "[0-9]+\.[0-9]+\.[0-9]+" | head -1); v=${full%.*}
      export GIMP_CONFIGURATION=$HOME/.config/GIMP/$v GIMP_CONSOLE=gimp-console-$v GIMP=gimp-$v
      mkdir -p "$GIMP_CONFIGURATION"
      # without config-version the first start shows the welcome window, whatever show-welcome-dialog says
      [ -f "$GIMP_CONFIGURATION/gimprc" ] || printf "(config-version \"%s\")\n(show-welcome-dialog no)\n(check-updates no)\n" "$full" > "$GIMP_CONFIGURATION/gimprc"
      if [ "$SCREEN_WANTED" = 1 ]; then
        exec dbus-run-session -- xvfb-run -a -s "-screen 0 1400x1000x24 -nolisten tcp" /bin/bash -c "
          while :; do openbox; sleep 0.5; done >>openbox.txt 2>&1 &   # keys go nowhere without it, and it has been seen to end
          for _ in \$(seq 300); do xdotool get_desktop >/dev/null 2>&1 && break; sleep 0.1; done
          exec \"\$@\"" x "$@"
      fi
      exec "$@"
    '\'' enter "$@"
' enter "$@"
