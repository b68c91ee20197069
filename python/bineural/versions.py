"""Installed versions of packages, read without importing them."""

import importlib.metadata

_TENSORFLOW_NAMES = ("tensorflow", "tensorflow-cpu", "tensorflow-intel", "tensorflow-macos", "tf-nightly")


def package_version(name):
    """Return the installed version of a package as str, or None; imports nothing heavy."""
    if name == "bineural":
        from bineural import __version__

        return __version__
    for candidate in _TENSORFLOW_NAMES if name == "tensorflow" else (name,):
        try:
            return importlib.metadata.version(candidate)
        except importlib.metadata.PackageNotFoundError:
            continue
    return None
