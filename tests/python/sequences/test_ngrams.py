"""The n-gram: probabilities of its definition, its order and smoothing chosen by what is held out."""

import itertools

import numpy as np
import pytest

import bineural as bn
from bineural.sequences.ngrams import ORDERS, STRENGTHS, count_grams, look_up, smoothed

WORDS = ["anna", "hanna", "susanna", "banana", "ananas", "nathan", "ethan", "hannah"]


def defined(rows, context, symbol, strength, n_symbols):
    """Return P(symbol | context), written out from all rows padded with 0."""
    if context is None:
        return 1 / n_symbols
    shorter = defined(rows, context[1:] if context else None, symbol, strength, n_symbols)
    n = len(context)
    seen = of = 0
    for row in rows:
        padded = (0,) * 9 + tuple(row)
        for k in range(9, len(padded)):
            if padded[k - n : k] == tuple(context):
                of += 1
                seen += padded[k] == symbol
    return (seen + strength * shorter) / (of + strength)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_probabilities_are_those_of_the_definition(order):
    ngram = bn.fit_ngram(WORDS, order=order, strength=0.7)
    rows = [[int(k) for k in row if k] for row in ngram.input_.numbers_of(WORDS)]
    for text in ("anna", "than"):
        (row,) = ([int(k) for k in r if k] for r in ngram.input_.numbers_of([text]))
        padded = (0,) * (order - 1) + tuple(row)
        slow = sum(
            np.log(defined(rows, padded[k : k + order - 1], padded[k + order - 1], 0.7, ngram.n_symbols))
            for k in range(len(row))
        )
        assert ngram.log_prob([text])[0] == pytest.approx(slow)


def test_what_may_follow_sums_to_one_and_is_what_sequences_cost():
    ngram = bn.fit_ngram(WORDS, order=3, strength=0.5)
    (_, start), (tokens, after) = ngram.step_each(np.zeros(2, int), [(), (3, 4)])
    assert np.exp(start).sum() == pytest.approx(1) and np.exp(after).sum() == pytest.approx(1)
    (row,) = ([int(k) for k in r if k] for r in ngram.input_.numbers_of(["anna"]))
    parts = [ngram.step_each(np.zeros(1, int), [tuple(row[:k])])[0][1][row[k] - 1] for k in range(len(row))]
    assert sum(parts) == pytest.approx(ngram.log_prob(["anna"])[0])


def test_order_and_strength_are_those_that_do_best_on_what_is_held_out():
    texts = [a + b + c for a, b, c in itertools.product("abc", "de", "fgh")] + WORDS
    ngram = bn.fit_ngram(texts)
    rows = [[int(k) for k in row if k] for row in ngram.input_.numbers_of(texts)]
    best = (-np.inf, None)
    for order, strength in itertools.product(ORDERS, STRENGTHS):
        total = 0.0
        for part in range(5):
            counts = count_grams([row for k, row in enumerate(rows) if k % 5 != part], order)
            seen, of = look_up(counts, rows[part::5], order)
            total += np.log(smoothed(seen, of, strength, ngram.n_symbols)[:, -1]).sum()
        best = max(best, (total, (order, strength)), key=lambda pair: pair[0])
    assert (ngram.order_, ngram.strength_) == best[1]


def test_words_of_one_sequence_are_the_unknown_one():
    ngram = bn.fit_ngram(["a cat sat", "a cat ran", "a dog ran"], unit="word", order=2)
    assert sorted(ngram.input_.symbols) == ["a", "cat", "ran"]
    assert ngram.log_prob(["a dog sat"])[0] == pytest.approx(ngram.log_prob(["a bird flew"])[0])


@pytest.mark.long
def test_draws_come_as_often_as_the_model_says():
    ngram = bn.fit_ngram(["ab", "ab", "ba", "a"], order=2, strength=0.1)
    drawn = bn.generate(ngram, 4000, seed=1)
    shares = drawn["sequence"].value_counts(normalize=True)
    for text in ("ab", "a", "ba"):
        (row,) = ([int(k) for k in r if k] for r in ngram.input_.numbers_of([text]))
        p = 1.0  # without the unknown symbol, number 2, which is not drawn
        for k, symbol in enumerate(row):
            values = np.exp(ngram.step_each(np.zeros(1, int), [tuple(row[:k])])[0][1])
            p *= values[symbol - 1] / (1 - values[1])
        assert abs(shares[text] - p) < 5 * np.sqrt(p * (1 - p) / 4000)
    known = drawn[drawn["finished"]]
    assert known["log_prob"].to_numpy() == pytest.approx(ngram.log_prob(known["sequence"].tolist()))
