"""The package `pip_hosts`: the files of the host plug-ins, which `pip-editor install-plugin` copies to where a host finds them.

Nobody imports it; `pip_client` and `pip_plugin` beside it are packages of their own.
"""
