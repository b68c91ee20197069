"""Architectures, one family per file; every builder returns an uncompiled Keras model with logits.

A builder is a function `(input_shape, n_outputs, **options) -> keras.Model`. Registered names can be given as
`architecture=` to `fit_net`.
"""

import importlib

from bineural.errors import InputError
from bineural.messages import listed

_BUILDERS = {
    "mlp": ("mlp", "build_mlp"),
    "skip": ("skip_net", "build_skip_net"),
}


def list_architectures():
    """List the names that `build` and `fit_net(architecture=)` know.

    Returns
    -------
    list of str
    """
    return list(_BUILDERS)


def get_builder(name):
    """Return the builder of a registered architecture.

    Parameters
    ----------
    name : str

    Returns
    -------
    callable
        `(input_shape, n_outputs, **options) -> keras.Model`.

    Raises
    ------
    InputError
        If there is none of that name.
    """
    if name not in _BUILDERS:
        raise InputError(
            "`architecture` must be a name in the zoo, a Keras model or a function that builds one.",
            f"Found {name!r}.",
            f"The zoo has {listed(list_architectures())}.",
        )
    module, function = _BUILDERS[name]
    return getattr(importlib.import_module(f"{__name__}.{module}"), function)


def build(name, input_shape, n_outputs, **options):
    """Build a registered architecture.

    Parameters
    ----------
    name : str
    input_shape : tuple of int
        Shape of one row.
    n_outputs : int
        One logit for two classes or a regression, else one for each class.
    **options
        See the builder.

    Returns
    -------
    keras.Model
        Uncompiled; its output is on the logit scale.
    """
    return get_builder(name)(input_shape, n_outputs, **options)
