"""`fit_sequence`: a language model, or a net that makes one sequence of another, in one call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import pandas as pd

from bineural._typing import ArrayLike, KerasModel
from bineural.checks import checked
from bineural.inputs.symbols import UNIT
from bineural.nets.rows_net import begun_at_least
from bineural.sequences.model import SequenceModel
from bineural.sequences.texts import read_pairs
from bineural.zoo.sequence_nets import ATTENTION


@checked(unit=UNIT.check, attention=ATTENTION.check)
def fit_sequence(
    target: Sequence[str],
    source: Sequence[str] | None = None,
    *,
    unit: Literal["character", "word"] = "character",
    architecture: str | KerasModel | Callable[..., KerasModel] | None = None,
    attention: bool | None = None,
    weights: ArrayLike | None = None,
    **options: Any,
) -> SequenceModel:
    """Fit a net that predicts sequences symbol by symbol.

    Without sources it is a language model: it knows how probable a sequence is, and makes up others. With
    sources it reads one (encoder) and says another (decoder).

    Parameters
    ----------
    target : list of str
        Sequences to be predicted.
    source : list of str, optional
        What is read before each of them.
    unit : {"character", "word"}
        What is predicted one after the other: characters, or words, which white space parts. Words that are
        in a single training sequence are one symbol, the unknown one.
    architecture : str, optional
        "gru", "lstm", "rnn" or "transformer"; None is gru.
    attention : bool, optional
        Whether each symbol that is said looks at all symbols of the source; None: where there is a source. A
        transformer always does.
    weights : array_like of float64, shape (n_sequences,), optional
        Weights of the sequences.
    **options
        Options of training and of the architecture, as in `fit_net`: `units`, `embedding` (0: a column for
        each symbol), `dropout`, `epochs`, `learning_rate`, `validation`, `patience`, `seed`, ...

    Returns
    -------
    SequenceModel
        With `log_prob`, `predict` (of sources), `attention_to` and `baseline_`: the n-gram, or copying the
        source or the most frequent target. For `generate`, `score_sequences`, `compare_models` and
        `save_model`. After Ctrl-C with the weights of the best epoch so far, with a warning.

    Raises
    ------
    InputError
        If sequences or options cannot be used; it says which.

    See Also
    --------
    generate : sequences that a model makes up, or says to sources.
    score_sequences : bits per symbol, perplexity, exact match and edit distance.
    fit_ngram : the baseline of language models.

    Examples
    --------
    >>> import bineural as bn
    >>> pairs = bn.make_sequences("reversal", 200, seed=1)
    >>> model = bn.fit_sequence(pairs["target"], pairs["source"], units=(16,), epochs=2, seed=1)
    >>> len(model.predict(["abc", "bca"]))
    2
    """
    columns = read_pairs(target, source)
    model = SequenceModel(unit=unit, architecture=architecture, attention=attention, **options)
    fit = lambda: model.fit(columns["target"], columns.get("source"), sample_weight=weights)  # noqa: E731
    return begun_at_least(model, fit, lambda: model.stand_beside(pd.DataFrame(columns)))
