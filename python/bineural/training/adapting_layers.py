"""What preprocessing layers have learnt by `adapt`, which their configuration does not tell.

`Normalization` calculates with constants that follow its variables only when it adapts or is loaded, and
`IntegerLookup` has a table. So a copy learns them as Keras' files do: own variables first, then assets.
"""

import pathlib
import tempfile

import numpy as np


def learnt_by_adapting(model):
    """Return (own variables, files) of each layer of a model that can adapt, nested models too.

    Parameters
    ----------
    model : keras.Model

    Returns
    -------
    list of (dict of str to ndarray, dict of str to str)
    """
    return [_learnt(layer) for layer in _adapting_layers(model)]


def pass_on(learnt, model):
    """Give the layers of an equal model what `learnt_by_adapting` found."""
    for layer, (variables, files) in zip(_adapting_layers(model), learnt, strict=True):
        layer.load_own_variables(variables)
        if files:
            with tempfile.TemporaryDirectory() as folder:
                for name, text in files.items():
                    pathlib.Path(folder, name).write_text(text)
                layer.load_assets(folder)


def adapted_key(learnt):
    """Return text that is equal where layers have learnt the same."""
    numbers = [{k: (v.dtype.str, v.shape, v.tobytes().hex()) for k, v in own.items()} for own, _ in learnt]
    return repr((numbers, [files for _, files in learnt])) if learnt else ""


def _adapting_layers(model):
    return [layer for layer in model._flatten_layers(include_self=False) if hasattr(layer, "adapt")]


def _learnt(layer):
    variables, files = {}, {}
    layer.save_own_variables(variables)
    if hasattr(layer, "save_assets"):
        with tempfile.TemporaryDirectory() as folder:
            layer.save_assets(folder)
            files = {file.name: file.read_text() for file in sorted(pathlib.Path(folder).iterdir())}
    return {name: np.asarray(value) for name, value in variables.items()}, files
