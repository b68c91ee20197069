"""The n-gram: how often a symbol followed the last few, smoothed by the same of fewer; the baseline of nets.

The probability of a symbol w after the context h is (count(h w) + s P(w | h')) / (count(h) + s), where h' is
the context without its first symbol; without a context P is 1 / V. Order (symbols of context and one) and
strength s are chosen by the likelihood of training sequences that are held out.
Reference: MacKay and Peto (1995). A hierarchical Dirichlet language model. Natural Language Engineering 1(3).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Literal

import numpy as np

from bineural._typing import Floats
from bineural.checks import checked, number, whole
from bineural.inputs.symbols import UNIT, SymbolInput
from bineural.sequences.texts import read_texts

ORDERS = tuple(range(1, 9))
STRENGTHS = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
_PARTS = 5  # of the training sequences, each held out once


class NGram:
    """An n-gram of characters or words.

    Attributes
    ----------
    order_ : int
        Symbols of a gram: 1 is how frequent each is, 3 looks at two symbols before.
    strength_ : float
        How many symbols the shorter contexts count for.
    input_ : SymbolInput
        The symbols, as a net has them.

    See Also
    --------
    fit_ngram : makes one of sequences.

    Examples
    --------
    >>> import bineural as bn
    >>> bn.fit_ngram(["abab", "ab"], order=2, strength=1)
    2-gram of characters, strength 1, 4 symbols
    """

    generates_ = True

    def __init__(self, learnt, rows, order=None, strength=None):
        self.input_, self.asked_order = learnt, order
        self.n_symbols = learnt.builder_options["symbols"]
        if order is None or strength is None:
            order, strength = self._choose(rows, order, strength)
        self.order_, self.strength_ = int(order), float(strength)
        self._counts = count_grams(rows, self.order_)

    def _choose(self, rows, order, strength):
        """Choose order and strength by sequences that are held out, every fifth in turn."""
        orders = ORDERS if order is None else (order,)
        strengths = STRENGTHS if strength is None else (strength,)
        n_parts = min(_PARTS, len(rows))
        sums = np.zeros((len(strengths), max(orders)))
        for part in range(n_parts if n_parts > 1 else 0):
            held_out = rows[part::n_parts]
            counts = count_grams([row for k, row in enumerate(rows) if k % n_parts != part], max(orders))
            seen, of = look_up(counts, held_out, max(orders))
            for i, s in enumerate(strengths):
                sums[i] += np.log(smoothed(seen, of, s, self.n_symbols)).sum(axis=0)
        sums = sums[:, [o - 1 for o in orders]]
        i, j = np.unravel_index(np.argmax(sums), sums.shape)
        return orders[j], strengths[i]

    def log_prob_of(self, rows):
        """Return the log probability of sequences of numbers, ends included: (n,), nats."""
        seen, of = look_up(self._counts, rows, self.order_)
        each = np.log(smoothed(seen, of, self.strength_, self.n_symbols)[:, -1])
        ends = np.cumsum([len(row) for row in rows])
        return np.array([part.sum() for part in np.split(each, ends[:-1])])

    def log_prob(self, target: Sequence[str], source: None = None) -> Floats:
        """Compute the log probability of sequences, their ends included.

        Parameters
        ----------
        target : list of str
        source : None

        Returns
        -------
        ndarray of float64, shape (n,)
            Nats.
        """
        return self.log_prob_of(as_rows(self.input_.numbers_of(read_texts(target, "target"))))

    def step_each(self, which, prefixes):
        """Return the log probabilities of what may follow each prefix of numbers; see `beams.search`."""
        tokens = list(range(1, self.n_symbols + 1))
        rows = [[*prefix, token] for prefix in prefixes for token in tokens]
        last = [[(0,) * (self.order_ - 1) + tuple(row)][0][-self.order_ :] for row in rows]
        seen = np.array([[self._counts[k].get(g[-k - 1 :], 0) for k in range(self.order_)] for g in last])
        of = np.array(
            [[self._counts[k].get((*g[-k - 1 : -1], -1), 0) for k in range(self.order_)] for g in last]
        )
        values = np.log(smoothed(seen, of, self.strength_, self.n_symbols)[:, -1])
        return [(tokens, part) for part in values.reshape(len(prefixes), -1)]

    def __repr__(self):
        """Say what it is."""
        unit = self.input_.unit
        return f"{self.order_}-gram of {unit}s, strength {self.strength_:g}, {self.n_symbols} symbols"


def count_grams(rows, order):
    """Count grams of all lengths up to an order, the context before the first symbol filled up with 0.

    Parameters
    ----------
    rows : list of list of int
    order : int

    Returns
    -------
    list of dict
        For each length of context from 0: (context..., symbol) to its count, and (context..., -1) to the
        count of the context.
    """
    counts = [defaultdict(int) for _ in range(order)]
    for row in rows:
        padded = (0,) * (order - 1) + tuple(row)
        for place in range(order, len(padded) + 1):
            gram = padded[place - order : place]
            for k in range(order):
                counts[k][gram[-k - 1 :]] += 1
                counts[k][(*gram[order - k - 1 : -1], -1)] += 1
    return counts


def look_up(counts, rows, order):
    """Return how often each symbol of rows followed its contexts, and how often these were: (n, order)."""
    seen, of = [], []
    for row in rows:
        padded = (0,) * (order - 1) + tuple(row)
        for place in range(order, len(padded) + 1):
            gram = padded[place - order : place]
            seen.append([counts[k].get(gram[-k - 1 :], 0) for k in range(order)])
            of.append([counts[k].get((*gram[order - k - 1 : -1], -1), 0) for k in range(order)])
    return np.array(seen, float).reshape(-1, order), np.array(of, float).reshape(-1, order)


def smoothed(seen, of, strength, n_symbols):
    """Return the probabilities of each order, of counts (n, order)."""
    p, each = np.full(len(seen), 1 / n_symbols), []
    for k in range(seen.shape[1]):
        p = (seen[:, k] + strength * p) / (of[:, k] + strength)
        each.append(p)
    return np.stack(each, axis=1)


def as_rows(numbers):
    """Return lists of the numbers (n, length) of each row, without what fills up."""
    return [[int(k) for k in row[row > 0]] for row in np.asarray(numbers)]


@checked(unit=UNIT.check, order=whole(1, 20).or_none(), strength=number(0, above=True).or_none())
def fit_ngram(
    target: Sequence[str],
    *,
    unit: Literal["character", "word"] = "character",
    order: int | None = None,
    strength: float | None = None,
) -> NGram:
    """Fit an n-gram to sequences: the baseline of language models.

    Parameters
    ----------
    target : list of str
        Sequences.
    unit : {"character", "word"}
        What is predicted one after the other; see `fit_sequence`.
    order : int, optional
        Symbols of a gram; None chooses 1 to 8 by the likelihood of sequences that are held out.
    strength : float, optional
        How many symbols the probabilities of shorter contexts count for; None chooses it with the order.

    Returns
    -------
    NGram
        For `score_sequences`, `generate` and `compare_models`.

    Raises
    ------
    InputError
        If there are no sequences of text.

    Examples
    --------
    >>> import bineural as bn
    >>> ngram = bn.fit_ngram(["abab", "ababab", "ab"], order=2, strength=0.1)
    >>> bn.score_sequences(ngram, ["abab"])["bits_per_symbol"].round(2).item()
    0.42
    """
    frame = {"target": read_texts(target, "target")}
    import pandas as pd

    learnt, prepared = SymbolInput.learn(pd.DataFrame(frame), unit=unit)
    return NGram(learnt, as_rows(prepared.inputs), order, strength)
