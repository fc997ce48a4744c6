"""What pyproject.toml cannot say: packages that are found in one folder, and some that lie under another name.

See docs/decisions/0003-setuptools-package-dir.md. Everything else stands in pyproject.toml.
"""

from setuptools import find_packages, setup

setup(
    packages=["pip_client", "pip_hosts", "pip_plugin", "pip_resources", *find_packages("backend"), *find_packages("ui")]
)
