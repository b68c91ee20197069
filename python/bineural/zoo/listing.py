"""The table of all registered architectures."""

from __future__ import annotations

from bineural._typing import DataFrame
from bineural.zoo.architecture import registered_architectures


def list_architectures() -> DataFrame:
    """List the architectures that `fit_net(architecture=)` knows by name.

    Returns
    -------
    pandas.DataFrame
        A row for each, in alphabetical order: `name`, `title`, `inputs` (kinds of input that it takes),
        `learns` ("outcome"; "rows", "samples", "hidden" or "sequences": see `fit_autoencoder`, `fit_gan`,
        `fit_rbm`, `fit_sequence`),
        `options` (those of a net that it reads, then its own), `learning_rate` (default with an optimizer by
        name; NaN: the optimizer's own), `paper`, `year` (Int64).

    See Also
    --------
    describe_architecture : the layers of one of them.

    Examples
    --------
    >>> import bineural as bn
    >>> bn.list_architectures().set_index("name").loc["mlp", "title"]
    'Multilayer perceptron'
    """
    import pandas as pd

    records = registered_architectures()
    return pd.DataFrame(
        {
            "name": [record.name for record in records],
            "title": [record.title for record in records],
            "inputs": [", ".join(record.inputs) for record in records],
            "learns": [record.learns for record in records],
            "options": [", ".join([*record.reads, *(o.name for o in record.options)]) for record in records],
            "learning_rate": pd.array([record.learning_rate for record in records], dtype="float64"),
            "paper": [record.paper for record in records],
            "year": pd.array([record.year for record in records], dtype="Int64"),
        }
    )
