"""Comparisons at equal training time: what to train is decided by them, and every row in docs/experiments.md is remade by a command.

`catalogue.toml` names sets of variants; `run` trains one variant for a budget of processor seconds of one thread (a busy machine
does not bend them) and measures it; `report` writes the tables. Networks that are made for a comparison alone live in `networks`.
Training itself lives in the room above.
"""
