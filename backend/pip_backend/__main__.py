"""`python -m pip_backend` is `pip-editor`."""

import sys

from pip_backend.cli import main

sys.exit(main())
