"""`fit_autoencoder`: codes of rows, in one call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from bineural._typing import ArrayLike, KerasModel, RowsLike
from bineural.checks import checked
from bineural.errors import InputError
from bineural.inputs.outcomes import check_weights
from bineural.nets.rows import refuse_objects
from bineural.nets.rows_net import begun_at_least
from bineural.representations.autoencoder import Autoencoder
from bineural.representations.options import OPTIONS
from bineural.tables.frames import as_frame, is_frame
from bineural.tables.rows import count_rows

_OWN = {option.name: option for option in OPTIONS[:6]}


@checked(**{name: option.check for name, option in _OWN.items() if name != "architecture"})
def fit_autoencoder(
    x: RowsLike | str | None = None,
    n_codes: int = 2,
    data: RowsLike | None = None,
    *,
    architecture: str | KerasModel | Callable[..., KerasModel] | None = None,
    variational: bool = False,
    noise: float = 0.0,
    beta: float = 1.0,
    likelihood: Literal["gaussian", "bernoulli"] = "gaussian",
    weights: str | ArrayLike | None = None,
    **options: Any,
) -> Autoencoder:
    """Fit an autoencoder: a net that squeezes rows into codes and makes them again.

    Parameters
    ----------
    x : data frame, array_like or str, optional
        Rows: a table, an array (n_rows, n_columns), or images or sequences as `fit_net` takes them. Or a
        formula without an outcome, such as ``"~ Age + Start"``, with `data`. None: nothing is fitted, and
        what comes back stands in `compare_models`.
    n_codes : int
        Numbers that a row is squeezed into.
    data : data frame, optional
        Rows, beside a formula.
    architecture : str, keras.Model or callable, optional
        "dense" (for any rows; `units` are the hidden layers on the way to the codes, and in reverse back),
        "deep" (1000-500-250 units), "convolutional" (images), "recurrent" (sequences), an architecture of the
        zoo that learns rows, or a Keras model or builder with the same outputs. None is dense, and recurrent
        for a list of sequences.
    variational : bool
        Whether codes are drawn about their means in training, and pay for their distance from a standard
        normal distribution; rows can then be generated.
    noise : float
        SD of normal numbers that are added to the scaled input in training (denoising); the target stays
        clean.
    beta : float
        Factor on the Kullback-Leibler divergence of a variational one; 1 is the evidence lower bound.
    likelihood : {"gaussian", "bernoulli"}
        What a value is about its reconstruction: normal, or 0 or 1 (rows then hold numbers from 0 to 1, or
        bytes).
    weights : str or array_like of float64, shape (n_rows,), optional
        Row weights, or the name of their column.
    **options
        Options of training and of the architecture, as in `fit_net`: `units`, `activation`, `epochs`, `seed`,
        ... (not those of an outcome or an ensemble).

    Returns
    -------
    Autoencoder
        With `transform`, `inverse_transform`, `reconstruct`, `score_samples` and `baseline_`, PCA of the same
        width. After Ctrl-C with the weights of the best epoch so far, with a warning. Without `x` unfitted.

    Raises
    ------
    InputError
        If rows or options cannot be used; it says which.

    See Also
    --------
    generate : rows from a variational autoencoder.

    Examples
    --------
    >>> import bineural as bn
    >>> digits = bn.load_images("digits").images
    >>> coder = bn.fit_autoencoder(digits[:200], 2, units=(16,), epochs=3, seed=1)
    >>> coder.reconstruct(digits[:5]).shape
    (5, 8, 8)
    """
    own = {"architecture": architecture, "variational": variational, "noise": noise, "beta": beta}
    own |= {"n_codes": n_codes, "likelihood": likelihood}
    if x is None:
        return unfitted(Autoencoder, data, weights, **own, **options)
    terms, rows, weights = read_rows_of(x, data, weights)
    coder = Autoencoder(terms, **own, **options)
    return begun_at_least(
        coder, lambda: coder.fit(rows, sample_weight=weights), lambda: coder.stand_beside(rows)
    )


def unfitted(kind, data, weights, **options):
    """Return an unfitted net of rows, its options checked; refuse what belongs to rows."""
    for name, value in (("data", data), ("weights", weights)):
        if value is not None:
            raise InputError(
                f"`{name}` must come with `x`.",
                "Found no `x`.",
                "Pass the rows as `x`, or a formula; without them nothing is fitted.",
            )
    net = kind(**options)
    net.read_options()
    return net


def read_rows_of(x, data, weights):
    """Return the right side of a formula, or None, the rows, and their weights or None."""
    terms, rows = _read(x, data)
    refuse_objects(rows)
    if weights is None:
        return terms, rows, None
    if not isinstance(weights, str):
        return terms, rows, check_weights(weights, count_rows(rows))
    frame = as_frame(rows) if is_frame(rows) else None
    if frame is None or weights not in frame.columns:
        raise InputError(
            "`weights` must name a column of the rows, or hold a number for each.",
            f"Found {weights!r}.",
            "Check its spelling.",
        )
    return terms, frame.drop(columns=weights), frame[weights]


def _read(x, data):
    """Return the right side of a formula, or None, and the rows."""
    if not isinstance(x, str):
        if data is not None:
            raise InputError(
                "`data` must come with a formula.", "Found rows in `x` as well.", "Leave one of them out."
            )
        return None, x
    left, tilde, right = x.partition("~")
    if not tilde or left.strip() or data is None or not is_frame(data):
        raise InputError(
            "A formula for codes must have no outcome, and come with a data frame.",
            f"Found {x!r}" + (" and no data." if data is None else "."),
            'Write for example fit_autoencoder("~ Age + Start", 2, data).',
        )
    return right.strip(), data
