"""`generate`: rows and sequences that a model makes up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from bineural._typing import Array, DataFrame, Seed
from bineural.checks import checked, seed, whole
from bineural.errors import InputError
from bineural.not_models import called
from bineural.sequences.generating import CHECKS, generate_from

_N = whole(1, hint="Use for example 10.")


@checked(seed=seed(), **CHECKS)
def generate(
    model: Any,
    n: int | Sequence[str] = 1,
    *,
    start: str | None = None,
    temperature: float | None = None,
    top_k: int | None = None,
    beams: int | None = None,
    length_penalty: float = 0.0,
    max_length: int | None = None,
    seed: Seed = None,
) -> Array | DataFrame:
    """Generate rows, or sequences.

    Parameters
    ----------
    model : Autoencoder, GAN, RBM, SequenceModel or NGram
        A variational autoencoder, whose codes are drawn from a standard normal distribution and decoded; a
        generator, which makes rows of normal noise; a Boltzmann machine, whose units are drawn in turn; or a
        model of sequences.
    n : int, or list of str
        Number of rows or sequences; to a model with sources, what it is to read.
    start : str, optional
        What sequences of a language model begin with.
    temperature : float, optional
        Symbols are drawn from log probabilities divided by it: below 1 the probable ones come more often, at
        0 always the most probable one (greedy search). None is 1 for a language model; a model with sources
        is then not drawn from, but searched.
    top_k : int, optional
        Only so many of the most probable symbols are drawn from.
    beams : int, optional
        Hypotheses that a beam keeps, see `decode_beams`: of a language model the `n` best of them are given,
        of each source the best, and of one source alone all, with what `plot_search_tree` draws. None is 1,
        greedy, where sources are searched.
    length_penalty : float
        Of beams: the log probability is divided by the length to the power of it.
    max_length : int, optional
        Symbols of a sequence, its end among them; None: as many as the longest one of training had.
    seed : int, optional
        None draws others each time.

    Returns
    -------
    ndarray of float64 (n, ...) or data frame
        Rows in the units of the training rows; of an autoencoder the mean of each value given the drawn
        codes, of a machine given its units. Of sequences a data frame: `sequence`, its `log_prob` under the
        model (nats, the end among it), its `length` with the end, and whether it is `finished` or was cut
        off; with beams `rank` and `score` too, and `source` where there is one.

    Raises
    ------
    InputError
        If the model generates nothing, or ways to generate exclude each other.

    Examples
    --------
    >>> import bineural as bn
    >>> digits = bn.load_images("digits").images
    >>> coder = bn.fit_autoencoder(digits[:200], 2, variational=True, units=(16,), epochs=3, seed=1)
    >>> bn.generate(coder, 4, seed=1).shape
    (4, 8, 8)
    >>> ngram = bn.fit_ngram(["anna", "hanna", "susanna", "nathan"])
    >>> bn.generate(ngram, 3, seed=1).columns.tolist()
    ['sequence', 'log_prob', 'length', 'finished']
    """
    if not getattr(model, "generates_", False):
        raise InputError(
            "`model` must be one that generates: a model of sequences, a variational autoencoder or a GAN.",
            f"Found {called(model)}.",
            "Fit one with fit_sequence, fit_autoencoder(x, variational=True) or fit_gan(x).",
        )
    how = {
        "start": start,
        "temperature": temperature,
        "top_k": top_k,
        "beams": beams,
        "length_penalty": length_penalty,
        "max_length": max_length,
    }
    of_sequences = hasattr(model, "step_each")
    n = n if of_sequences and not isinstance(n, (int, float, np.number, type(None))) else _N(n, "n")
    if of_sequences:
        return generate_from(model, n, seed=seed, **how)
    given = [name for name, value in how.items() if value not in (None, 0.0)]
    if given:
        raise InputError(
            f"`{given[0]}` can be used with models of sequences only.",
            f"Found {how[given[0]]!r} and {called(model)}.",
            "Leave it out.",
        )
    return model.generate_rows(n, np.random.default_rng(seed))
