"""The course: topics that render to pages, slides and notebooks, and exercises that check themselves."""

import importlib


def __getattr__(name):
    """Import a file of the shelf when it is first asked for."""
    try:
        return importlib.import_module(f"{__name__}.{name}")
    except ModuleNotFoundError as error:
        if error.name != f"{__name__}.{name}":
            raise
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
