"""Public names that are resolved when they are first used, so that a package loads nothing until then."""

import importlib
import sys


def lazily(package, homes):
    """Return `__getattr__`, `__dir__` and `__all__` of a package whose names stand in its files.

    Parameters
    ----------
    package : str
        Its `__name__`.
    homes : dict of str to list of str
        File (a dotted path within the package) to the public names that it holds.

    Returns
    -------
    tuple (callable, callable, list of str)
    """
    file_of = {name: file for file, names in homes.items() for name in names}

    def __getattr__(name):
        if name in file_of:
            value = getattr(importlib.import_module(f"{package}.{file_of[name]}"), name)
            setattr(sys.modules[package], name, value)
            return value
        try:
            return importlib.import_module(f"{package}.{name}")
        except ModuleNotFoundError as error:
            if error.name != f"{package}.{name}":
                raise
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return __getattr__, lambda: sorted(file_of), list(file_of)
