"""What a package loads, and when: public names at their first use, files that register when asked for."""

import functools
import importlib
import pkgutil
import sys


@functools.cache
def import_files(package):
    """Import the files of a folder once, so that each registers what it holds; folders in it hold parts.

    Parameters
    ----------
    package : str
        Its `__name__`.
    """
    for file in pkgutil.iter_modules(importlib.import_module(package).__path__):
        if not file.ispkg:
            importlib.import_module(f"{package}.{file.name}")


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
