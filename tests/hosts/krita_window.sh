#!/bin/bash
# Runs inside the root with a screen: Krita with the plug-in of krita_window.py, and pictures of what it shows when it asks.
cd /work || exit 1
rm -f shoot window.json
krita --nosplash >window.out 2>window.err & krita=$!  # who calls ends it when it takes too long
while kill -0 $krita 2>/dev/null; do
  if [ -f shoot ]; then
    read -r name size < shoot; sleep 1
    import -window root "$name-screen.png"
    convert "$name-screen.png" -crop "$size" +repage "$name.png"
    rm -f shoot
  fi
  sleep 0.2
done
wait $krita
