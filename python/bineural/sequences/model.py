"""`SequenceModel`: a net that predicts sequences symbol by symbol, with scikit-learn's face."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import pandas as pd

from bineural._typing import ArrayLike, Floats
from bineural.bundles.schema import dict_of, number, text
from bineural.errors import InputError
from bineural.nets.estimators import learnt
from bineural.nets.fitted import plan_of
from bineural.nets.objectives.objective import named_objective
from bineural.nets.rows_net import RowsNet, schema_of
from bineural.nets.watched_rows import hold_out
from bineural.options import takes, with_paragraphs
from bineural.sequences.options import FIXED, OPTIONS
from bineural.sequences.stepping import log_softmax
from bineural.sequences.texts import read_pairs

_AT_ONCE = 2**24  # logits that are held at the same time


class SequenceModel(RowsNet):
    """Net that predicts each symbol of a sequence from those before it, and from a source where there is one.

    Parameters
    ----------
    {options}

    Attributes
    ----------
    baseline_ : NGram, Copy or MostFrequent
        Without sources the n-gram of the sequences that the net was trained on, its order and smoothing
        chosen among them; with sources the better of copying the source and saying what is most frequent.
        None of a model from a file.
    errors_ : dict
        "net" and "baseline": bits per symbol of the sequences watched (of all where none were), with sources
        their share that is not met exactly by greedy search.
    history_ : dict of list of float
        "loss" and "validation_loss", nats a sequence.
    n_epochs_, best_epoch_, weights_, keras_model_, seed_, n_validation_rows_, interrupted_
        See `NetClassifier`.

    Notes
    -----
    In training the true symbols before each one are given (teacher forcing); `generate` gives the net what it
    has said itself. What is made small is the sum over all symbols of a sequence, the end among them, so that
    long sequences count for more, as they do in bits per symbol.

    References
    ----------
    Sutskever, Vinyals and Le (2014). Sequence to sequence learning with neural networks. *NeurIPS* 27.
    Luong, Pham and Manning (2015). Effective approaches to attention-based neural machine translation.
    *EMNLP*.

    Examples
    --------
    >>> model = SequenceModel(units=(8,), epochs=2, seed=1).fit(["abab", "ab", "ababab"] * 5)
    >>> model.log_prob(["ab", "ba"]).shape
    (2,)
    """

    __doc__ = with_paragraphs(__doc__, OPTIONS)
    OPTIONS, FIXED = OPTIONS, FIXED
    SCHEMA = schema_of(OPTIONS, FIXED) | {
        "unit": lambda value: value in ("character", "word"),
        "attention": lambda value: value is None or isinstance(value, bool),
        "errors_": dict_of(text, number()),
    }
    SHORT = {name: f"{name}_sequence" for name in ("gru", "lstm", "rnn", "transformer")}
    learns, called = "sequences", "A model of sequences"
    outcome_kind = "sequences"
    generates_ = True
    baseline_ = None
    formula = None

    @takes(OPTIONS, others=True, shown=False)
    def __init__(self, formula: None = None, **options: Any) -> None:
        self.formula = formula
        self._keep(options)

    asked_objective = property(lambda self: named_objective("next_symbol"), doc="What is learnt.")

    def objective_for(self, options, n_parts, shape):
        """Return the objective; how many symbols there are says the input."""
        return self.asked_objective

    def read_options(self, X=None, in_batches=False):
        """Return the options as they are used, by name, and the architecture's record; see `NetEstimator`."""
        if self.formula is not None:
            raise InputError(
                "A model of sequences can't have a formula.",
                f"Found {self.formula!r}.",
                "Pass target and source.",
            )
        return super().read_options(X, in_batches)

    # ---- fitting ----

    def fit(
        self,
        target: Sequence[str],
        source: Sequence[str] | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """Fit the net.

        Parameters
        ----------
        target : list of str
            Sequences to be predicted.
        source : list of str, optional
            What is read before each of them.
        sample_weight : array_like of float64, shape (n_sequences,), optional

        Returns
        -------
        self

        Raises
        ------
        InputError
            If sequences or options cannot be used; the message says which.
        """
        rows = pd.DataFrame(read_pairs(target, source))
        return self.fit_rows(rows, sample_weight).stand_beside(rows)

    def _fit(self, X, y, sample_weight=None, offset=None, exclude=(), outcome=None, formula=None):
        return self.fit_rows(X, sample_weight)

    def stand_beside(self, rows):
        """Fit the baseline to the rows trained on, and note the errors of both; return the model."""
        from bineural.sequences.baselines import errors_beside

        parting = hold_out(np.arange(len(rows)), self.validation, self.seed_, None)[0]
        watched = parting.watch if len(parting.watch) else parting.train
        self.baseline_, self.errors_ = errors_beside(self, rows.iloc[parting.train], rows.iloc[watched])
        return self

    # ---- asking ----

    has_source_ = learnt(lambda net: net.input.source_symbols is not None, "Whether it reads a source.")
    input_ = learnt(lambda net: net.input, "The symbols it knows.")
    symbols_ = learnt(lambda net: net.input.signs, "What each output stands for.")

    def rows_of(self, target, source):
        """Return the columns of sequences; a source must be there where one was learnt."""
        self._check_source(source)
        return pd.DataFrame(read_pairs(target, source))

    def _check_source(self, source):
        if (source is not None) != self.has_source_:
            raise InputError(
                "`source` must be given where the model has learnt from sources, and only there.",
                f"It is {'not ' * (source is None)}given; the model has {'no ' * (not self.has_source_)}"
                " sources.",
                "Pass the source of each sequence." if self.has_source_ else "Leave it out.",
            )

    def logits_of(self, numbers):
        """Return the logits (n, time, n_symbols) of arrays of numbers, in blocks of rows."""
        from bineural.training import device_or_cpu, predict_net

        fitted = self.fitted_
        first = numbers[0] if isinstance(numbers, list) else numbers
        n_symbols = fitted.input.builder_options["symbols"]
        block = max(1, _AT_ONCE // max(1, first.shape[1] * n_symbols))
        take = lambda rows: [a[rows] for a in numbers] if isinstance(numbers, list) else numbers[rows]  # noqa: E731
        weights, device = fitted.members[0].weights, device_or_cpu(fitted.device)
        for begin in range(0, len(first), block):
            part = take(slice(begin, begin + block))
            yield part, predict_net(plan_of(fitted), weights, part, device=device).astype(np.float64)

    def log_prob(self, target: Sequence[str], source: Sequence[str] | None = None) -> Floats:
        """Compute the log probability of sequences, their ends included.

        Parameters
        ----------
        target : list of str
        source : list of str, optional
            Of each, where the model has learnt from sources.

        Returns
        -------
        ndarray of float64, shape (n,)
            Nats. A symbol that training has not counts as the unknown one.
        """
        return self.log_prob_of(self.rows_of(target, source))

    def log_prob_of(self, rows):
        """Return the log probability of rows, a data frame with "target" and "source": (n,), nats."""
        sums = []
        for numbers, logits in self.logits_of(self.fitted_.input.apply(rows).inputs):
            target = numbers[0] if isinstance(numbers, list) else numbers
            each = log_softmax(logits)
            chosen = np.take_along_axis(each, np.maximum(target - 1, 0)[..., None], axis=-1)[..., 0]
            sums.append(np.where(target > 0, chosen, 0.0).sum(axis=1))
        return np.concatenate(sums)

    def step_each(self, which, prefixes, sources=None):
        """Return the log probabilities of what may follow each prefix of numbers; see `beams.search`.

        `sources` (n, steps) are those of the searches.
        """
        length = max(map(len, prefixes), default=0) + 1
        numbers = np.zeros((len(prefixes), -(-length // 8) * 8), np.int32)  # few lengths, few graphs
        for row, prefix in zip(numbers, prefixes):
            row[: len(prefix)] = prefix
        inputs = numbers if sources is None else [numbers, sources[which]]
        last = np.array([len(prefix) for prefix in prefixes])
        tokens, values, begin = range(1, len(self.symbols_) + 1), [], 0
        for _, logits in self.logits_of(inputs):
            here = last[begin : begin + len(logits)]
            values.append(log_softmax(logits[np.arange(len(logits)), here]))
            begin += len(logits)
        return [(tokens, each) for each in np.concatenate(values)]

    def predict(self, source: Sequence[str], *, beams: int = 1, max_length: int | None = None) -> list[str]:
        """Predict the target of each source: the best of a search.

        Parameters
        ----------
        source : list of str
        beams : int
            Hypotheses that are kept; 1 is greedy.
        max_length : int, optional
            Symbols of a target, its end among them; None: as many as the longest one of training had.

        Returns
        -------
        list of str
        """
        from bineural.sequences.generating import translate

        return translate(self, source, beams or 1, 0.0, max_length)["sequence"].tolist()

    def attention_to(self, source: str, target: str) -> pd.DataFrame:
        """Compute where a model with attention looks while it says a target.

        Parameters
        ----------
        source, target : str
            One sequence each.

        Returns
        -------
        pandas.DataFrame
            `step` and `said` (symbol of the target), `place` and `read` (symbol of the source), `weight`: its
            share of attention at that step (they sum to 1 over the source), of several heads and layers their
            mean.

        Raises
        ------
        InputError
            If the model has no attention to a source.
        """
        from bineural.sequences.attention import attention_of

        return attention_of(self, source, target)

    # ---- files ----

    def get_state(self):
        """Return options and what was learnt as a flat dict, as files hold them."""
        return super().get_state() | {"errors_": dict(self.errors_)}

    @classmethod
    def from_state(cls, state):
        """Make a model of what a file holds."""
        model = super().from_state(state)
        model.errors_ = dict(state["errors_"])
        return model

    def __getstate__(self):
        """Leave the baseline out, which holds what the training sequences are made of."""
        state = super().__getstate__()
        state.pop("baseline_", None)
        return state
