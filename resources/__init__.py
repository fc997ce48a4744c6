"""Files that ship with the program: weights, samples. Importable as `pip_resources`, so that a wheel carries them."""
