#!/bin/bash
# Runs inside the root with a screen: the dialog from the menu, Restore, undo; a quick entry and GIMP's Cancel.
# What the image is after each step lies in /work/STEP.json, pictures of the screen in /work/STEP.png.
n=0; rm -f /work/ask-* /work/answer-*
key() { timeout 5 xdotool key "$@"; sleep 0.8; }
state() { # NAME: asks GIMP what the image is now
  echo state > /work/ask.new; mv /work/ask.new /work/ask-$n
  for _ in $(seq 300); do [ -f /work/answer-$n ] && break; sleep 0.1; done
  cp /work/answer-$n "/work/$1.json"; n=$((n + 1))
}
shot() { import -window root "/work/$1.png"; }
working() { ps -A -o args | grep -c '[p]ip_restore/pip_restore.py'; } # how many of our plug-in run
window() { # TITLE: waits for a window and puts its number into $w
  for _ in $(seq 120); do w=$(xdotool search --onlyvisible --name "$1" 2>/dev/null | head -1); [ -n "$w" ] && break; sleep 0.25; done
}
$GIMP --no-splash --new-instance --quit --batch-interpreter=python-fu-eval -b "exec(open('/work/gui.py').read())" >/work/gui.out 2>/work/gui.err & gimp=$!
window 'GIMP$'; main=$w; sleep 2
state before
timeout 5 xdotool windowactivate "$main"; sleep 0.7
key alt+r; key h; key t                     # Filters, Enhance, PIP Restore
timeout 5 xdotool mousemove 1395 995        # no tool tip in the picture
window '^PIP Restore$'; dialog=$w; sleep 4
timeout 5 xdotool windowactivate "$dialog"; sleep 0.7
key alt+e; key Down; key Down; key Down     # Recipe: night phone photo
sleep "${PREVIEW_SECONDS:-12}"; shot dialog
timeout 5 xdotool getwindowgeometry --shell "$dialog" > /work/dialog.geometry
timeout 5 xdotool windowactivate "$dialog"; sleep 0.7; key alt+t   # Restore; Return would open the recipes
for i in $(seq 200); do state restored; grep -q PIP /work/restored.json && break; sleep 0.5; done
shot restored
timeout 5 xdotool windowactivate "$main"; sleep 0.7; key ctrl+z; sleep 1; state undone
key ctrl+shift+a                            # no selection: all of the photo, which takes a while
key alt+r; key h; key q; key d              # PIP Quick Restore, Denoise
sleep 3; working > /work/working; shot working
eval "$(timeout 5 xdotool getwindowgeometry --shell "$main")"   # Cancel: below the picture, left of the docks
timeout 5 xdotool mousemove --window "$main" $((WIDTH - 281)) $((HEIGHT - 18)) click 1
sleep 2; shot cancelled; working > /work/stopped; state cancelled
echo quit > /work/ask.new; mv /work/ask.new /work/ask-$n
wait $gimp
