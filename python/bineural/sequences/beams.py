"""Beam search: the best sequences that a step function can make, a few of them kept at each step.

A hypothesis is a sequence that has begun. Its log probability is the sum of those of its tokens after the
start, the end among them. In the search hypotheses are ranked by it; one that has reached the end is frozen
and keeps its place among the others. Only when all have ended, or reached `max_length`, are they ranked by
their score, the log probability over the length to the power of `length_penalty`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from bineural._typing import DataFrame, Label
from bineural.checks import checked, function, label, number, whole
from bineural.errors import InputError
from bineural.messages import shown

WIDTH = whole(1, 10**6, hint="Use for example 4; 1 is greedy.")
PENALTY = number(0, 100, hint="Use 0 for none, or 1 for the mean log probability of a token.")
TOKEN = label("Use for example '<start>' and '<end>'.", words="a token: text, or a number")
LENGTH = whole(1, 10**6, hint="Use for example 50.")
_DRAWN = 8  # children of a hypothesis that the tree remembers at most


class Hypothesis(NamedTuple):
    """A sequence that has begun.

    Attributes
    ----------
    tokens : tuple
        After the start.
    log_prob : float
        Nats.
    finished : bool
        Whether the last token is the end.
    node : int
        Its row in the tree; -1 where none is kept.
    """

    tokens: tuple = ()
    log_prob: float = 0.0
    finished: bool = False
    node: int = 0

    def score(self, penalty):
        """Return the log probability over the length to the power of the penalty; smaller is worse."""
        return self.log_prob / max(len(self.tokens), 1) ** penalty


@checked(step=function(), start=TOKEN, end=TOKEN, width=WIDTH, length_penalty=PENALTY, max_length=LENGTH)
def decode_beams(
    step: Callable[[list[Any]], Any],
    start: Label,
    end: Label,
    *,
    width: int = 4,
    length_penalty: float = 0.0,
    max_length: int = 50,
) -> DataFrame:
    """Search for the most probable sequences of a step function with a beam.

    Parameters
    ----------
    step : callable
        Gets the tokens so far, a list that begins with `start`, and returns the log probability (nats) of
        each token that may follow: a dict of token to number, or an array whose positions from 0 are the
        tokens. -inf is a token that can't follow.
    start, end : str or int
        Tokens that every sequence begins with, and ends with.
    width : int
        Hypotheses that are kept at each step; 1 is greedy search. With as many as there are sequences of
        `max_length` - 1 tokens (or more) the search is exhaustive.
    length_penalty : float
        The score of a sequence is its log probability over its number of tokens (those after the start, the
        end among them) to the power of this: 0 leaves the log probability, which favours short sequences; 1
        is its mean over tokens.
    max_length : int
        Tokens after the start at most; sequences that have not ended by then are cut off there.

    Returns
    -------
    pandas.DataFrame
        At most `width` sequences, the best score first: `rank`, `sequence` (tokens without start and end,
        parted by spaces), `log_prob`, `score`, `length`, `finished` (False where it was cut off), and
        `tokens`, a tuple. `attrs["tree"]` holds what `plot_search_tree` draws.

    Raises
    ------
    InputError
        If `step` returns no log probabilities, or no token can follow.

    Notes
    -----
    The penalty is used only between sequences that have ended (or been cut off), not between steps: a sum
    over few tokens and one over more are ranked as they are until then [1]_. Of equals the one that was found
    first is kept.

    References
    ----------
    .. [1] Wu and others (2016). Google's neural machine translation system. *arXiv* 1609.08144, section 7.

    Examples
    --------
    >>> import math
    >>> import bineural as bn
    >>> tree = {"a": {"c": 0.4, "<end>": 0.6}, "b": {"c": 0.05, "<end>": 0.95}}
    >>> def step(tokens):
    ...     last = {"<start>": {"a": 0.6, "b": 0.4}, "c": {"<end>": 1.0}}.get(tokens[-1])
    ...     return {token: math.log(p) for token, p in (last or tree[tokens[-1]]).items()}
    >>> bn.decode_beams(step, "<start>", "<end>", width=1)["sequence"].tolist()  # greedy: 0.6 * 0.6 = 0.36
    ['a']
    >>> bn.decode_beams(step, "<start>", "<end>", width=2)["sequence"].tolist()  # 0.4 * 0.95 = 0.38
    ['b', 'a']
    """

    def step_each(which, prefixes):
        return [read_answer(step([start, *tokens]), [start, *tokens]) for tokens in prefixes]

    tree = Tree(start)
    (beam,) = search(step_each, 1, end, width, length_penalty, max_length, [tree])
    table = tabulate(beam, length_penalty, lambda tokens: " ".join(str(t) for t in tokens if t != end))
    table.attrs["tree"] = tree.columns(beam)
    return table


def read_answer(answer, tokens):
    """Return (tokens, log probabilities) of what a step function gave.

    Raises
    ------
    InputError
        If it is none, or nothing can follow.
    """
    if isinstance(answer, Mapping):
        following, values = list(answer), list(answer.values())
    elif hasattr(answer, "index") and hasattr(answer, "to_numpy"):  # a Series
        following, values = list(answer.index), answer.to_numpy()
    else:
        following, values = None, answer
    try:
        values = np.asarray(values, np.float64)
    except (TypeError, ValueError):
        values = np.full(0, np.nan)
    following = range(len(values)) if following is None and values.ndim == 1 else following
    if values.ndim != 1 or not len(values) or np.isnan(values).any() or (values > 1e-6).any():
        raise InputError(
            "`step` must return the log probability of each token that may follow: a dict, or an array.",
            f"After {shown(tokens)} it returned {shown(answer)}.",
            "Return logarithms of probabilities, numbers of at most 0.",
        )
    if not (values > -np.inf).any():
        raise InputError(
            "Some token must be able to follow where a sequence has not ended.",
            f"After {shown(tokens)} all log probabilities are -inf.",
            "Let the end follow.",
        )
    return following, values


def search(step_each, n, end, width, length_penalty, max_length, trees=None):
    """Search for n sets of sequences at once.

    Parameters
    ----------
    step_each : callable (which, prefixes) -> list of (tokens, log probabilities)
        `which` (n_live,) int says which of the n searches a prefix, a tuple of tokens, is of.
    n : int
    end : token
    width, length_penalty, max_length
        See `decode_beams`.
    trees : list of Tree, optional

    Returns
    -------
    list of list of Hypothesis
        Best score first.
    """
    beams, trees = [[Hypothesis()] for _ in range(n)], trees or [None] * n
    for length in range(1, max_length + 1):
        live = [(i, each) for i, beam in enumerate(beams) for each in beam if not each.finished]
        if not live:
            break
        answers = iter(step_each(np.array([i for i, _ in live]), [each.tokens for _, each in live]))
        penalty = length_penalty if length == max_length else None
        beams = [_next_beam(beam, answers, end, width, penalty, tree) for beam, tree in zip(beams, trees)]
    return [sorted(beam, key=lambda each: -each.score(length_penalty)) for beam in beams]


def _next_beam(beam, answers, end, width, penalty, tree):
    """Return the hypotheses that are kept; they are ranked by score at the last step, where `penalty` is."""
    sets = [None if each.finished else next(answers) for each in beam]
    log_probs = [
        np.array([each.log_prob]) if found is None else each.log_prob + found[1]
        for each, found in zip(beam, sets)
    ]
    ranked = log_probs
    if penalty is not None:
        lengths = [len(each.tokens) + (found is not None) for each, found in zip(beam, sets)]
        ranked = [values / n**penalty for values, n in zip(log_probs, lengths)]
    ranked = np.concatenate(ranked)
    parents = np.repeat(np.arange(len(beam)), [len(values) for values in log_probs])
    starts = np.cumsum([0, *map(len, log_probs)])
    best = [k for k in _highest(ranked, width) if ranked[k] > -np.inf]
    kept, places = [], []
    for k in best:
        each, found = beam[parents[k]], sets[parents[k]]
        if found is None:
            kept.append(each)
            continue
        place = k - starts[parents[k]]
        token = found[0][place]
        places.append((parents[k], place))
        kept.append(
            Hypothesis((*each.tokens, token), float(log_probs[parents[k]][place]), token == end, each.node)
        )
    if tree is not None:
        nodes = iter(tree.grow(beam, sets, places))
        kept = [
            each if sets[parents[k]] is None else each._replace(node=next(nodes))
            for each, k in zip(kept, best)
        ]
    return kept


def _highest(values, n):
    """Return the places of the n highest values, the highest first; of equals the first ones."""
    if n >= len(values):
        return np.argsort(-values, kind="stable")
    least = -np.partition(-values, n - 1)[n - 1]
    among = np.flatnonzero(values >= least)
    return among[np.argsort(-values[among], kind="stable")][:n]


class Tree:
    """What a search has looked at: a row for each token of a hypothesis, kept or not."""

    def __init__(self, start):
        self.rows = [(0, str(start), 0.0, 0.0, True)]  # parent, token, its log probability, sum, kept

    def grow(self, beam, sets, places):
        """Add the children of all hypotheses that go on; return the numbers of those that are kept."""
        numbers = {}
        for parent, (each, found) in enumerate(zip(beam, sets)):
            if found is None:
                continue
            following, values = found
            kept = [place for of, place in places if of == parent]
            shown_ = list(dict.fromkeys([*kept, *_highest(values, _DRAWN)]))[: max(_DRAWN, len(kept))]
            for place in sorted(shown_):
                if values[place] == -np.inf:
                    continue
                numbers[parent, place] = len(self.rows)
                total = each.log_prob + values[place]
                token, value = str(following[place]), float(values[place])
                self.rows.append((each.node, token, value, float(total), place in kept))
        return [numbers[pair] for pair in places]

    def columns(self, beam):
        """Return the tree as a dict of lists; `on_path` tells the tokens of the best hypothesis."""
        parents, tokens, values, sums, kept = map(list, zip(*self.rows))
        path, node = {0}, beam[0].node
        while node:
            path.add(node)
            node = parents[node]
        on_path = [k in path for k in range(len(parents))]
        return {
            "node": list(range(len(parents))),
            "parent": [-1, *parents[1:]],
            "token": tokens,
            "token_log_prob": values,
            "log_prob": sums,
            "kept": kept,
            "on_path": on_path,
        }


def tabulate(beam, length_penalty, write):
    """Return the data frame of hypotheses, see `decode_beams`."""
    import pandas as pd

    return pd.DataFrame(
        {
            "rank": np.arange(1, len(beam) + 1),
            "sequence": [write(each.tokens) for each in beam],
            "log_prob": [each.log_prob for each in beam],
            "score": [each.score(length_penalty) for each in beam],
            "length": [len(each.tokens) for each in beam],
            "finished": [each.finished for each in beam],
            "tokens": [each.tokens for each in beam],
        }
    )


# ---- R ----


def step_from_r(function):
    """Make a step function of one of R's, which gets a list of tokens and gives names and numbers."""

    def step(tokens):
        answer = function(list(tokens))
        names, values = answer["names"], np.atleast_1d(answer["values"])
        names = range(1, len(values) + 1) if names is None else [names] if isinstance(names, str) else names
        return dict(zip(names, map(float, values)))

    return step


def hypotheses_to_r(table):
    """Take hypotheses apart: the table, the tokens of each, and the search tree or None."""
    import pandas as pd

    tree = table.attrs.get("tree")
    tokens = [list(each) for each in table["tokens"]] if "tokens" in table else None
    plain = table.drop(columns="tokens", errors="ignore")
    plain.attrs = {}
    return {"table": plain, "tokens": tokens, "tree": None if tree is None else pd.DataFrame(tree)}
