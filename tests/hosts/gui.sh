#!/bin/bash
# Runs inside the root with a screen: the dialog from the menu, Restore, undo; a quick entry and GIMP's Cancel.
# What the image is after each step lies in /work/STEP.json, pictures of the screen in /work/STEP.png.
# SLOW: times as long as usual that everything takes.
n=0; rm -f /work/ask-* /work/answer-* /work/gui.log
wait_for() { sleep "$(awk "BEGIN {print $1 * ${SLOW:-1}}")"; }
does() { timeout $((5 * ${SLOW:-1})) xdotool "$@"; }
log() { echo "$SECONDS s: $*; active: $(does getactivewindow getwindowname 2>&1)" >> /work/gui.log; }
key() { does key "$@"; wait_for 0.8; log "key $*"; }
state() { # NAME: asks GIMP what the image is now
  echo state > /work/ask.new; mv /work/ask.new /work/ask-$n
  for _ in $(seq 300); do [ -f /work/answer-$n ] && break; wait_for 0.1; done
  cp /work/answer-$n "/work/$1.json"; n=$((n + 1))
}
shot() { import -window root "/work/$1.png"; log "shot $1"; }
working() { ps -A -o args | grep -c '[p]ip_restore/pip_restore.py'; } # how many of our plug-in run
until_working() { # NUMBER: waits until so many run
  for _ in $(seq 60); do [ "$(working)" = "$1" ] && return; wait_for 0.25; done
}
window() { # TITLE [SECONDS]: waits for a window and puts its number into $w
  for _ in $(seq $((${2:-30} * 4))); do w=$(xdotool search --onlyvisible --name "$1" 2>/dev/null | head -1); [ -n "$w" ] && break; wait_for 0.25; done
  log "window $1: ${w:-none}"
}
focus() { # WINDOW: keys go there from now on; on a busy machine that takes more than one asking
  for _ in $(seq 40); do
    does windowactivate "$1"; wait_for 0.7
    [ "$(does getactivewindow)" = "$1" ] && return
  done
}
$GIMP --no-splash --new-instance --quit --batch-interpreter=python-fu-eval -b "exec(open('/work/gui.py').read())" >/work/gui.out 2>/work/gui.err & gimp=$!
window 'GIMP$' 150; main=$w; wait_for 2       # the first start reads all of its plug-ins; a busy machine took 50 s
state before
for _ in 1 2 3; do
  focus "$main"
  key alt+r; key h; key t                   # Filters, Enhance, PIP Restore
  does mousemove 1395 995      # no tool tip in the picture
  window '^PIP Restore$'; dialog=$w; [ -n "$dialog" ] && break
  key Escape; key Escape; key Escape        # what is left of a menu
done
wait_for 4
focus "$dialog"
key alt+e; for _ in 1 2 3 4 5 6 7; do key Down; done   # Recipe: my album, which was saved
wait_for 4; shot recipe
for _ in 1 2 3 4; do key Up; done           # Recipe: night phone photo
key alt+b                                   # Best quality
wait_for "${PREVIEW_SECONDS:-12}"; shot dialog
does getwindowgeometry --shell "$dialog" > /work/dialog.geometry
for i in $(seq 200); do
  if [ $((i % 40)) = 1 ] && xdotool search --onlyvisible --name '^PIP Restore$' >/dev/null 2>&1; then
    focus "$dialog"; key alt+t              # Restore; Return would open the recipes
  fi
  state restored; grep -q PIP /work/restored.json && break; wait_for 0.5
done
until_working 0; state restored; shot restored # the layer is there before its pixels are
focus "$main"; key ctrl+z; wait_for 1; state undone
key ctrl+shift+a                            # no selection: all of the photo, which takes a while
key alt+r; key h; key q; key d              # PIP Quick Restore, Denoise
until_working 1; wait_for 2; working > /work/working; shot working
eval "$(does getwindowgeometry --shell "$main")"
for _ in 1 2 3; do # Cancel: below the picture, left of the docks; it can be clicked when there is something to cancel
  does mousemove --window "$main" $((WIDTH - 281)) $((HEIGHT - 18)) click 1
  log cancel; for _ in $(seq 20); do [ "$(working)" = 0 ] && break 2; wait_for 0.25; done
done
shot cancelled; working > /work/stopped; state cancelled
echo quit > /work/ask.new; mv /work/ask.new /work/ask-$n
wait $gimp
