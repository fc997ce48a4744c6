"""What pyproject.toml cannot say: packages that are found in one folder, and one that lies under another name.

See docs/decisions/0003-setuptools-package-dir.md. Everything else stands in pyproject.toml.
"""

from setuptools import find_packages, setup

setup(packages=["pip_resources", *find_packages("backend")])
