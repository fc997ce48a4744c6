"""The runtimes that run networks, one small file each behind one protocol. What does not live here: tiling, blending."""
