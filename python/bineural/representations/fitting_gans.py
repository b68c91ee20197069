"""`fit_gan`: rows made of noise, in one call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bineural._typing import ArrayLike, KerasModel, RowsLike
from bineural.checks import checked
from bineural.nets.rows_net import begun_at_least
from bineural.representations.fitting import read_rows_of, unfitted
from bineural.representations.gan import GAN
from bineural.zoo.parts.noise_option import N_NOISE


@checked(n_noise=N_NOISE.check)
def fit_gan(
    x: RowsLike | str | None = None,
    data: RowsLike | None = None,
    *,
    n_noise: int = 16,
    architecture: str | KerasModel | Callable[..., KerasModel] | None = None,
    weights: str | ArrayLike | None = None,
    **options: Any,
) -> GAN:
    """Fit a generative adversarial net: a generator that makes rows of noise, against a discriminator.

    Parameters
    ----------
    x : data frame, array_like or str, optional
        Rows: a table, an array (n_rows, n_columns), or images as `fit_net` takes them. Or a formula without
        an outcome, such as ``"~ Age + Start"``, with `data`. None: nothing is fitted, and what comes back
        stands in `compare_models`.
    data : data frame, optional
        Rows, beside a formula.
    n_noise : int
        Normal numbers that a row is made of.
    architecture : str, optional
        "dense" (for any rows; `units` are the hidden layers of the discriminator, and in reverse of the
        generator), "dcgan" (images), or the name of another architecture for samples in the zoo. None is
        dense.
    weights : str or array_like of float64, shape (n_rows,), optional
        Row weights, or the name of their column.
    **options
        Options of training and of the architecture, as in `fit_net`: `units`, `epochs`, `learning_rate`,
        `seed`, ... (not those of an outcome, an ensemble or of stopping).

    Returns
    -------
    GAN
        For `generate`. After Ctrl-C with the weights reached, with a warning. Without `x` unfitted.

    Raises
    ------
    InputError
        If rows or options cannot be used; it says which.

    Warns
    -----
    CollapsedWarning
        If made rows are much more alike than real ones.

    See Also
    --------
    two_sample_auroc : whether made rows can be told from real ones.

    Examples
    --------
    >>> import bineural as bn
    >>> import numpy as np
    >>> x = np.random.default_rng(1).normal(4, 0.5, (200, 1))
    >>> gan = bn.fit_gan(x, n_noise=4, epochs=40, seed=1)
    >>> bn.generate(gan, 3, seed=1).shape
    (3, 1)
    """
    if x is None:
        return unfitted(GAN, data, weights, n_noise=n_noise, architecture=architecture, **options)
    terms, rows, weights = read_rows_of(x, data, weights)
    gan = GAN(terms, n_noise=n_noise, architecture=architecture, **options)
    fit = lambda: gan.fit(rows, sample_weight=weights)  # noqa: E731
    return begun_at_least(gan, fit, lambda: gan.look_for_collapse(rows))
