"""Packages that only some uses need: imported when they are, and named with what installs them."""

import importlib

from bineural.errors import InputError

_PACKAGES = {
    "onnx": ("tf2onnx", "onnx", "onnxruntime"),
    "serve": ("fastapi", "uvicorn"),
    "mlflow": ("mlflow",),
    "vetiver": ("vetiver",),
}


def need(extra):
    """Import the packages of an extra, or say how to get them.

    Parameters
    ----------
    extra : {"onnx", "serve", "mlflow", "vetiver"}

    Raises
    ------
    InputError
    """
    for name in _PACKAGES[extra]:
        try:
            importlib.import_module(name)
        except ImportError as error:
            raise InputError(
                f"The packages of the extra {extra!r} must be there: {', '.join(_PACKAGES[extra])}.",
                f"{name!r} could not be imported ({error}).",
                f'Install them: pip install "bineural[{extra}]".',
            ) from error
