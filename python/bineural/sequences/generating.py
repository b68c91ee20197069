"""Sequences that a model makes up, and targets of sources: by drawing, greedy search or beams."""

import numpy as np
import pandas as pd

from bineural.checks import number, text, whole
from bineural.errors import InputError
from bineural.inputs.symbols import END, UNKNOWN, split_symbols
from bineural.messages import shown
from bineural.sequences import beams as beam_search
from bineural.sequences.stepping import stepper_of
from bineural.sequences.texts import read_texts

_MOST = 200  # symbols of what is made up where nothing says how long it may be
CHECKS = {
    "start": text("Leave it out, or pass for example 'A'.", empty=True).or_none(),
    "temperature": number(0, hint="Use 1 to draw as the model says, or 0 for greedy.").or_none(),
    "top_k": whole(1, hint="Use for example 5.").or_none(),
    "beams": beam_search.WIDTH.or_none(),
    "length_penalty": beam_search.PENALTY,
    "max_length": beam_search.LENGTH.or_none(),
}


def generate_from(
    model,
    given,
    *,
    start=None,
    temperature=None,
    top_k=None,
    beams=None,
    length_penalty=0.0,
    max_length=None,
    seed=None,
):
    """Make sequences up, or translate sources; see `generate`."""
    sources = not isinstance(given, int)
    sourced = getattr(model, "has_source_", False)
    if sources != sourced:
        raise InputError(
            "`n` must be a number of sequences, or the sources of a model that has learnt from sources.",
            f"Found {shown(given)}; the model has {'' if sourced else 'no '}sources.",
            "Pass a list of sources." if sourced else "Pass for example 10.",
        )
    _check_together(beams, temperature, top_k, start, sourced)
    given = read_texts([given] if isinstance(given, str) else given, "n") if sourced else given
    if sourced and len(given) == 1 and beams is not None:
        (source,) = given
        table = hypotheses(model, source, (), beams, length_penalty, max_length or _longest(model))
        table.insert(0, "source", source)
        return table
    if sourced and temperature is None and top_k is None:
        return translate(model, given, beams or 1, length_penalty, max_length)
    n = len(given) if sourced else given
    encoded = model.input_.numbers_of(given, source=True) if sourced else None
    most = max_length or _longest(model)
    begun = _begun(model, start)
    if beams is not None:
        return hypotheses(model, None, begun, beams, length_penalty, most).head(n)
    temperature = 1.0 if temperature is None else temperature
    rng = np.random.default_rng(seed)
    rows, log_probs = _draw(model, n, encoded, begun, temperature, top_k, most, rng)
    table = {
        "sequence": [model.input_.text_of(row) for row in rows],
        "log_prob": log_probs,
        "length": [len(row) for row in rows],
        "finished": [row[-1] == END for row in rows],
    }
    return pd.DataFrame(({"source": given} if sourced else {}) | table)


def translate(model, source, width, length_penalty, max_length):
    """Return the best hypothesis for each source: a data frame, see `generate`."""
    model._check_source(source)
    source = read_texts(source, "source")
    encoded = model.input_.numbers_of(source, source=True)
    most = max_length or _longest(model)
    step = stepper_of(model, encoded)
    found = beam_search.search(
        lambda which, prefixes: _known(step(which, prefixes)),
        len(source),
        END,
        width,
        length_penalty,
        most,
    )
    tables = []
    for read, beam in zip(source, found):
        table = beam_search.tabulate(beam, length_penalty, model.input_.text_of).drop(columns="tokens")
        table.insert(0, "source", read)
        tables.append(table.head(1))
    return pd.concat(tables, ignore_index=True)


def hypotheses(model, source, begun, width, length_penalty, most):
    """Return all hypotheses of one source, or of a language model that has begun, with the search tree."""
    encoded, prefix = None if source is None else model.input_.numbers_of([source], source=True), tuple(begun)
    step, signs = stepper_of(model, encoded), model.input_.signs
    tree = beam_search.Tree(" ".join(["<start>", *(signs[k - 1] for k in prefix)]))
    (beam,) = beam_search.search(
        lambda which, prefixes: _known(step(which, [prefix + p for p in prefixes])),
        1,
        END,
        width,
        length_penalty,
        max(1, most - len(prefix)),
        [tree],
    )
    columns = tree.columns(beam)
    columns["token"] = [signs[int(t) - 1] if k else t for k, t in enumerate(columns["token"])]
    first = _log_prob_of_prefix(model, prefix)
    beam = [each._replace(tokens=prefix + each.tokens, log_prob=first + each.log_prob) for each in beam]
    beam = sorted(beam, key=lambda each: -each.score(length_penalty))
    table = beam_search.tabulate(beam, length_penalty, model.input_.text_of)
    table["tokens"] = [tuple(signs[k - 1] for k in each) for each in table["tokens"]]
    table.attrs["tree"] = columns
    return table


def _log_prob_of_prefix(model, prefix):
    answers = (
        model.step_each(np.zeros(len(prefix), int), [prefix[:k] for k in range(len(prefix))])
        if prefix
        else []
    )
    return float(sum(values[symbol - 1] for symbol, (_, values) in zip(prefix, answers)))


def _draw(model, n, encoded, begun, temperature, top_k, most, rng):
    """Draw symbol after symbol; return the rows of numbers and their log probabilities under the model."""
    rows, sums = [list(begun) for _ in range(n)], np.full(n, _log_prob_of_prefix(model, tuple(begun)))
    live, step = list(range(n)), stepper_of(model, encoded)
    while live and len(rows[live[0]]) < most:
        prefixes = [tuple(rows[i]) for i in live]
        answers = step(np.array(live), prefixes)
        for i, (_, values) in zip(live, _known(answers)):
            symbol = _choose(values, temperature, top_k, rng)
            rows[i].append(symbol + 1)
            sums[i] += values[symbol]
        live = [i for i in live if rows[i][-1] != END]
    return rows, sums


def _choose(values, temperature, top_k, rng):
    """Return the place of one symbol, drawn from log probabilities made sharper or flatter."""
    if temperature == 0 or top_k == 1:
        return int(np.argmax(values))
    scaled = values / temperature
    if top_k is not None and top_k < len(scaled):
        kept = np.argsort(-scaled, kind="stable")[:top_k]
        scaled = np.where(np.isin(np.arange(len(scaled)), kept), scaled, -np.inf)
    p = np.exp(scaled - scaled.max())
    return int(np.searchsorted(np.cumsum(p / p.sum()), rng.random(), side="right").clip(0, len(p) - 1))


def _known(answers):
    """Return answers in which the unknown symbol, which can't be written, does not follow."""
    for _, values in answers:
        values[UNKNOWN - 1] = -np.inf
    return answers


def _begun(model, start):
    """Return the numbers of what sequences begin with."""
    if start is None:
        return []
    symbols = split_symbols(start, model.input_.unit)
    numbers = model.input_.numbers_of([start])[0][: len(symbols)].tolist() if symbols else []
    if UNKNOWN in numbers:
        raise InputError(
            "`start` must be of symbols that training had.",
            f"Found {start!r}, of which {symbols[numbers.index(UNKNOWN)]!r} is not.",
            "Begin with other symbols.",
        )
    return numbers


def _longest(model):
    """Return how many symbols a sequence may have: as many as the longest one of training."""
    return getattr(model.input_, "longest", _MOST)


def _check_together(beams, temperature, top_k, start, sourced):
    """Refuse ways that exclude each other."""
    if beams is not None and (temperature is not None or top_k is not None):
        raise InputError(
            "`beams` can't be used where sequences are drawn.",
            f"Found beams={beams}, temperature={temperature} and top_k={top_k}.",
            "Leave out `temperature` and `top_k`, or `beams`.",
        )
    if start is not None and sourced:
        raise InputError(
            "`start` can't be given to a model of sources.", f"Found {start!r}.", "Leave it out."
        )
