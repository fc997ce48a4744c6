#!/bin/bash
# Runs inside the root with a screen: the dialog from the menu, Restore, undo; a quick entry and GIMP's Cancel.
# What the image is after each step lies in /work/STEP.json, pictures of the screen in /work/STEP.png.
# SLOW: times as long as usual that everything takes.
n=0; rm -f /work/ask-* /work/answer-*
wait_for() { sleep "$(awk "BEGIN {print $1 * ${SLOW:-1}}")"; }
does() { timeout $((5 * ${SLOW:-1})) xdotool "$@"; }
key() { does key "$@"; wait_for 0.8; }
state() { # NAME: asks GIMP what the image is now
  echo state > /work/ask.new; mv /work/ask.new /work/ask-$n
  for _ in $(seq 300); do [ -f /work/answer-$n ] && break; wait_for 0.1; done
  cp /work/answer-$n "/work/$1.json"; n=$((n + 1))
}
shot() { import -window root "/work/$1.png"; }
working() { ps -A -o args | grep -c '[p]ip_restore/pip_restore.py'; } # how many of our plug-in run
window() { # TITLE: waits for a window and puts its number into $w
  for _ in $(seq 120); do w=$(xdotool search --onlyvisible --name "$1" 2>/dev/null | head -1); [ -n "$w" ] && break; wait_for 0.25; done
}
$GIMP --no-splash --new-instance --quit --batch-interpreter=python-fu-eval -b "exec(open('/work/gui.py').read())" >/work/gui.out 2>/work/gui.err & gimp=$!
window 'GIMP$'; main=$w; wait_for 2
state before
does windowactivate "$main"; wait_for 0.7
key alt+r; key h; key t                     # Filters, Enhance, PIP Restore
does mousemove 1395 995        # no tool tip in the picture
window '^PIP Restore$'; dialog=$w; wait_for 4
does windowactivate "$dialog"; wait_for 0.7
key alt+e; for _ in 1 2 3 4 5 6 7; do key Down; done   # Recipe: my album, which was saved
wait_for 4; shot recipe
for _ in 1 2 3 4; do key Up; done           # Recipe: night phone photo
key alt+b                                   # Best quality
wait_for "${PREVIEW_SECONDS:-12}"; shot dialog
does getwindowgeometry --shell "$dialog" > /work/dialog.geometry
does windowactivate "$dialog"; wait_for 0.7; key alt+t   # Restore; Return would open the recipes
for i in $(seq 200); do state restored; grep -q PIP /work/restored.json && break; wait_for 0.5; done
shot restored
does windowactivate "$main"; wait_for 0.7; key ctrl+z; wait_for 1; state undone
key ctrl+shift+a                            # no selection: all of the photo, which takes a while
key alt+r; key h; key q; key d              # PIP Quick Restore, Denoise
wait_for 3; working > /work/working; shot working
eval "$(does getwindowgeometry --shell "$main")"   # Cancel: below the picture, left of the docks
does mousemove --window "$main" $((WIDTH - 281)) $((HEIGHT - 18)) click 1
wait_for 2; shot cancelled; working > /work/stopped; state cancelled
echo quit > /work/ask.new; mv /work/ask.new /work/ask-$n
wait $gimp
