"""`python -m pip_editor [FILE...]`."""

import sys

from pip_editor import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
