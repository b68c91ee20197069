"""`score_sequences` and `edit_distance`: how well sequences are predicted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from bineural._typing import Array, DataFrame
from bineural.checks import checked
from bineural.errors import InputError
from bineural.inputs.symbols import UNIT
from bineural.not_models import called
from bineural.sequences.beams import WIDTH
from bineural.sequences.edits import edit_distances, exact_matches
from bineural.sequences.ngrams import as_rows
from bineural.sequences.texts import read_pairs, read_texts

_COLUMNS = ("n", "n_symbols", "log_prob", "bits_per_symbol", "perplexity", "exact_match", "edit_distance")


@checked(beams=WIDTH)
def score_sequences(
    model: Any, target: Sequence[str], source: Sequence[str] | None = None, *, beams: int = 1
) -> DataFrame:
    """Measure how well a model predicts sequences.

    Parameters
    ----------
    model : SequenceModel, NGram, Copy or MostFrequent
        Fitted; what `baseline_` of a model holds, too.
    target : list of str
        Sequences that it was not trained on.
    source : list of str, optional
        Of each, where the model reads sources.
    beams : int
        Hypotheses that are kept in the search for a target, where there are sources; 1 is greedy.

    Returns
    -------
    pandas.DataFrame
        One row: `n` sequences with `n_symbols` symbols, the end of each counted; their `log_prob` (nats, of
        all); `bits_per_symbol`, -log2 of the probability of a symbol in the geometric mean; `perplexity`, 2
        to the power of it, as many symbols as if all were equally likely; with sources `exact_match`, the
        share of targets that are met to the last symbol, and `edit_distance`, the mean of edits that are
        missing. NaN is what a model does not say.

    Raises
    ------
    InputError
        If `model` predicts no sequences, or a source is missing.

    Notes
    -----
    A symbol that training has not counts as the unknown one. Bits per symbol of two models can be compared
    where both have learnt their symbols from the same sequences.

    Examples
    --------
    >>> import bineural as bn
    >>> ngram = bn.fit_ngram(["abab", "ab"] * 4, order=2)
    >>> bn.score_sequences(ngram, ["ab", "abab"])["n_symbols"].item()
    8
    """
    import pandas as pd

    says, weighs = hasattr(model, "predict") and source is not None, hasattr(model, "log_prob")
    if not (hasattr(model, "predict") or weighs) or not hasattr(model, "fit") and not weighs:
        raise InputError(
            "`model` must be one that predicts sequences.",
            f"Found {called(model)}.",
            "Fit one with fit_sequence or fit_ngram.",
        )
    rows = pd.DataFrame(read_pairs(target, source))
    row = dict.fromkeys(_COLUMNS, np.nan) | {"n": len(rows)}
    if weighs:
        row |= weigh(model, rows)
    if says:
        said = model.predict(rows["source"].tolist(), **({} if beams == 1 else {"beams": beams}))
        target = rows["target"].tolist()
        unit = getattr(model, "unit", "character")
        row["exact_match"] = float(np.mean(exact_matches(said, target)))
        row["edit_distance"] = float(np.mean(edit_distances(said, target, unit)))
    return pd.DataFrame([row])


def weigh(model, rows):
    """Return numbers of symbols, log probability, bits and perplexity of rows, as a dict."""
    columns = [rows[name].tolist() for name in rows]
    log_prob = float(np.sum(model.log_prob(*columns)))
    n_symbols = int(np.sum(count_symbols(model, rows)))
    bits = -log_prob / np.log(2) / n_symbols
    return {"n_symbols": n_symbols, "log_prob": log_prob, "bits_per_symbol": bits, "perplexity": 2.0**bits}


def count_symbols(model, rows):
    """Return how many symbols each target has for a model, its end counted."""
    return np.array([len(row) for row in as_rows(model.input_.numbers_of(rows["target"]))])


@checked(unit=UNIT.check)
def edit_distance(
    said: Sequence[str], target: Sequence[str], *, unit: Literal["character", "word"] = "character"
) -> Array:
    """Count the edits that make each target of what was said: insertions, deletions and replacements [1]_.

    Parameters
    ----------
    said, target : list of str
        As many of one as of the other.
    unit : {"character", "word"}
        What is inserted, deleted or replaced; words are what white space parts.

    Returns
    -------
    ndarray of int64, shape (n,)
        0 where both are equal.

    Raises
    ------
    InputError
        If they are no texts, or not as many.

    References
    ----------
    .. [1] Levenshtein (1966). Binary codes capable of correcting deletions, insertions and reversals. *Soviet
       Physics Doklady* 10(8), 707-710.

    Examples
    --------
    >>> edit_distance(["kitten", "flaw"], ["sitting", "lawn"]).tolist()
    [3, 2]
    """
    said, target = read_texts(said, "said"), read_texts(target, "target")
    if len(said) != len(target):
        raise InputError(
            "`said` and `target` must have the same number of sequences.",
            f"There are {len(said)} and {len(target)}.",
            "Give both in the same order.",
        )
    return edit_distances(said, target, unit)
