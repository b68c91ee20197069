"""A checkpoint on disk: what it holds, and the network that is restored from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bineural._typing import DataFrame, PathLike
from bineural.checks import checked, path
from bineural.fundamentals.layer_state import open_checkpoint, restore_state
from bineural.fundamentals.layers import as_fit

if TYPE_CHECKING:
    from bineural.fundamentals.layers import LayersFit


@checked(checkpoint=path(hint="Pass what `save_to` was."))
def restore_layers(checkpoint: PathLike) -> LayersFit:
    """Restore a network of dense layers from a checkpoint, ready to predict.

    Parameters
    ----------
    checkpoint : str or path
        The `save_to` of `fit_layers`.

    Returns
    -------
    LayersFit
        Without least_squares and measures, for which the rows are needed; `predict(x)`.

    Raises
    ------
    InputError
        If there is no such checkpoint, or it holds something else.

    Examples
    --------
    >>> import numpy as np, tempfile
    >>> from bineural.fundamentals import fit_layers
    >>> x, y = np.arange(8.0)[:, None], np.arange(8.0) ** 2
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     fit = fit_layers(x, y, epochs=3, save_to=f"{folder}/squares", seed=1)
    ...     restored = restore_layers(f"{folder}/squares")
    >>> restored.epoch, bool((restored.predict(x) == fit.predict(x)).all())
    (3, True)
    """
    state = restore_state(checkpoint)
    tested = any(test == test for _, _, test in state.history)  # not all NaN
    return as_fit(state, ["train", "test"] if tested else ["train"])


@checked(checkpoint=path(hint="Pass what `save_to` was."))
def list_checkpoint(checkpoint: PathLike) -> DataFrame:
    """List the variables that a checkpoint of TensorFlow holds.

    Parameters
    ----------
    checkpoint : str or path
        The name that its files begin with.

    Returns
    -------
    pandas.DataFrame
        Columns variable, shape and dtype.

    Raises
    ------
    InputError
        If there is no such checkpoint.

    Examples
    --------
    >>> import numpy as np, tempfile
    >>> from bineural.fundamentals import fit_layers
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     fit = fit_layers(np.eye(4), np.arange(4.0), epochs=1, save_to=f"{folder}/rows", seed=1)
    ...     table = list_checkpoint(f"{folder}/rows")
    >>> table.query("variable == 'layers/0/weights'").iloc[0].tolist()
    ['layers/0/weights', '(4, 32)', 'float32']
    """
    import pandas as pd

    reader = open_checkpoint(checkpoint)
    shapes, dtypes = reader.get_variable_to_shape_map(), reader.get_variable_to_dtype_map()
    rows = [
        (name.removesuffix("/.ATTRIBUTES/VARIABLE_VALUE"), str(tuple(shapes[name])), dtypes[name].name)
        for name in sorted(shapes)
        if name != "_CHECKPOINTABLE_OBJECT_GRAPH"  # how the variables hang together
    ]
    return pd.DataFrame(rows, columns=["variable", "shape", "dtype"])
