"""`generate`: rows that a model makes up."""

from __future__ import annotations

import numpy as np

from bineural._typing import Array, DataFrame, Seed
from bineural.checks import checked, seed, whole
from bineural.errors import InputError
from bineural.not_models import called


@checked(n=whole(1, hint="Use for example 10."), seed=seed())
def generate(model: object, n: int = 1, *, seed: Seed = None) -> Array | DataFrame:
    """Generate rows.

    Parameters
    ----------
    model : Autoencoder, GAN or RBM
        A variational autoencoder, whose codes are drawn from a standard normal distribution and decoded; a
        generator, which makes rows of normal noise; or a Boltzmann machine, whose units are drawn in turn.
    n : int
        Number of rows.
    seed : int, optional
        None draws others each time.

    Returns
    -------
    ndarray of float64 (n, ...) or data frame
        In the units of the training rows; of an autoencoder the mean of each value given the drawn codes, of
        a machine given its units. Sequences are as long as the longest of training.

    Raises
    ------
    InputError
        If the model generates nothing.

    Examples
    --------
    >>> import bineural as bn
    >>> digits = bn.load_images("digits").images
    >>> coder = bn.fit_autoencoder(digits[:200], 2, variational=True, units=(16,), epochs=3, seed=1)
    >>> bn.generate(coder, 4, seed=1).shape
    (4, 8, 8)
    """
    if not getattr(model, "generates_", False):
        raise InputError(
            "`model` must generate rows: a variational autoencoder, a GAN or a Boltzmann machine.",
            f"Found {called(model)}.",
            "Fit one with fit_autoencoder(x, variational=True), fit_gan(x) or fit_rbm(x).",
        )
    return model.generate_rows(n, np.random.default_rng(seed))
