#!/bin/bash
# setup-root.sh ROOT [SUITE]
#
# Makes (or refreshes) a Debian root with the real GIMP 3 and Krita in it, so that the plug-ins can be tested without a screen.
# Needs root on a Debian host, and mmdebstrap (installed from the host's own mirror when it is missing).
#   SUITE  trixie (default)   GIMP 3.0, Krita 5.2: stable, what the tests are pinned to
#          sid                GIMP 3.2, Krita 5.3: moves, and a run there can fail for reasons of its own
#          experimental       sid with Krita 6 (Qt 6) from Debian's experimental: moves even more
# Mirror, proxy and key ring are those of the host's own apt; only the suite is another. A second call with nothing
# changed ends at once; REFRESH=1 makes the root anew. About two minutes, 1.3 GB.
set -euo pipefail
target=${1:?usage: setup-root.sh ROOT [SUITE]}; suite=${2:-trixie}
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive

pkgs=(
  # the program (a host that is added gets its packages here)
  gimp gir1.2-gimp-3.0 gir1.2-gegl-0.4 gir1.2-babl-0.1 gir1.2-gtk-3.0 python3-gi python3-gi-cairo
  krita
  # what a test in it needs
  python3 xvfb xauth openbox xdotool imagemagick
  dbus dbus-x11 fonts-dejavu-core libgl1-mesa-dri procps ca-certificates hicolor-icon-theme adwaita-icon-theme
)
case $suite in
  experimental) pkgs+=(python3-pyqt6 qt6-svg-plugins) ;;  # without the second, Krita 6 has no icons
  *)            pkgs+=(python3-pyqt5) ;;
esac
base=${suite/experimental/sid}

stamp=$target/.hosts-stamp
want="$suite $(printf '%s\n' "${pkgs[@]}" | sha256sum | cut -c1-16)"
up_to_date() { [ "${REFRESH:-}" != 1 ] && [ -f "$stamp" ] && [ "$(head -1 "$stamp")" = "$want" ]; }
up_to_date && exit 0
[ "$(id -u)" = 0 ] || { echo "setup-root.sh: needs root" >&2; exit 1; }
case $(realpath -m "$target") in /|/usr*|/etc*|/var|/home|/root|/tmp) echo "not a folder for a root: $target" >&2; exit 1;; esac
if grep -q " $(realpath -m "$target")/" /proc/mounts; then echo "something is mounted under $target; not touched" >&2; exit 1; fi
mkdir -p "$(dirname "$target")"
exec 9> "$target.lock"; flock 9  # another run may be making it: wait, and look again
up_to_date && exit 0
free=$(df -Pk "$(dirname "$target")" | awk 'END {print $4}')
[ "$free" -ge 4000000 ] || { echo "setup-root.sh: less than 4 GB are free for $target" >&2; exit 1; }
command -v mmdebstrap >/dev/null || { apt-get update -qq; apt-get install -y -qq --no-install-recommends mmdebstrap >/dev/null; }

work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
# the host's own sources, whatever their format, with the suite name switched
code=$(. /etc/os-release; echo "$VERSION_CODENAME")
key=${KEYRING:-/usr/share/keyrings/debian-archive-keyring.gpg}
opt=; [ -f "$key" ] && opt="[signed-by=$key] "
sources() {
  apt-get indextargets --format '$(REPO_URI)|$(CODENAME)|$(COMPONENT)' 'Identifier: Packages' |
  while IFS='|' read -r uri rel comp; do
    case "$rel" in
      "$code") echo "deb $opt$uri $base $comp"
               [ "$suite" = "$base" ] || echo "deb $opt$uri $suite $comp" ;;
      "$code"-updates|"$code"-security) [ "$base" = sid ] || echo "deb $opt$uri $base-${rel##*-} $comp" ;;
    esac
  done | sort -u
}
sources > "$work/sources.list"
[ -s "$work/sources.list" ] || { apt-get update -qq; sources > "$work/sources.list"; }
[ -s "$work/sources.list" ] || { echo "no usable apt source found on the host" >&2; exit 1; }
apt-config dump | grep -E '^Acquire::(https?::(Proxy|CAInfo|Verify)|Check-(Valid-Until|Date)|Retries)' > "$work/apt.conf" || :
printf 'Acquire::Languages "none";\nAPT::Install-Recommends "false";\n' >> "$work/apt.conf"

only=()
if [ "$suite" = experimental ]; then
  # Nothing else of it: the rest of experimental is not made to go together.
  printf 'Package: krita krita-data\nPin: release a=experimental\nPin-Priority: 990\n' > "$work/pref"
  only+=(--setup-hook='mkdir -p "$1/etc/apt/preferences.d"' --setup-hook="cp '$work/pref' \"\$1/etc/apt/preferences.d/hosts\"")
fi

new=$target.new; rm -rf "$new"
nice -n 19 mmdebstrap --quiet --mode=root --variant=apt --skip=cleanup/tmp \
  --aptopt="$work/apt.conf" \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-include=/usr/share/locale/en*' \
  --include="$(IFS=,; echo "${pkgs[*]}")" ${only[@]+"${only[@]}"} \
  "$base" "$new" "$work/sources.list"
# what a first start would otherwise make again and again
chroot "$new" fc-cache -s >/dev/null 2>&1 || :
chroot "$new" dbus-uuidgen --ensure || :
{ echo "$want"; chroot "$new" dpkg-query -W gimp krita python3; } > "$new/.hosts-stamp"
rm -rf "$target"; mv "$new" "$target"
tail -n +2 "$stamp" >&2
