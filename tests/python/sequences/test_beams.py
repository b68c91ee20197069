"""Beam search over any step function: greedy at width 1, exhaustive at full width, scores that add up."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.sequences.beams import search, step_from_r

END = 0


def random_step(seed, n_tokens=3):
    """Return a step function whose log probabilities depend on all tokens so far, and END = 0 among them."""
    tables = {}

    def step(tokens):
        key = tuple(tokens)
        if key not in tables:
            rng = np.random.default_rng(
                [seed, *[hash(str(t)) % 1000 if isinstance(t, str) else t + 1 for t in key]]
            )
            tables[key] = np.log(rng.dirichlet(np.ones(n_tokens)))
        return tables[key]

    return step


def rescore(step, tokens, start):
    """Return the log probability of tokens, step by step."""
    return sum(step([start, *tokens[:k]])[token] for k, token in enumerate(tokens))


def every_sequence(step, start, most, n_tokens=3):
    """Return {tokens: log probability} of all sequences that end within `most` tokens, or are cut."""
    found = {}
    for length in range(1, most + 1):
        for tokens in itertools.product(range(n_tokens), repeat=length):
            ended = tokens[-1] == END
            if END in tokens[:-1] or not (ended or length == most):
                continue
            found[tokens] = rescore(step, tokens, start)
    return found


@pytest.mark.parametrize("penalty", [0.0, 0.7, 1.0, 3.0])
@pytest.mark.parametrize("seed", range(5))
def test_width_one_is_greedy_for_any_penalty(seed, penalty):
    step, tokens = random_step(seed), []
    while len(tokens) < 5 and END not in tokens:
        tokens.append(int(np.argmax(step([9, *tokens]))))
    found = bn.decode_beams(step, 9, END, width=1, length_penalty=penalty, max_length=5)
    assert found["tokens"].tolist() == [tuple(tokens)]
    assert found["finished"].tolist() == [END in tokens]


@pytest.mark.parametrize("penalty", [0.0, 0.7, 1.0, 3.0])
@pytest.mark.parametrize("seed", range(5))
def test_full_width_is_exhaustive_search_for_any_penalty(seed, penalty):
    step, most = random_step(seed), 4
    every = every_sequence(step, 9, most)
    scores = {tokens: value / len(tokens) ** penalty for tokens, value in every.items()}
    found = bn.decode_beams(step, 9, END, width=3 ** (most - 1), length_penalty=penalty, max_length=most)
    best = sorted(scores, key=lambda tokens: -scores[tokens])[: len(found)]
    assert found["tokens"].tolist() == best
    assert found["score"].tolist() == pytest.approx([scores[tokens] for tokens in best])


@pytest.mark.parametrize("width", [2, 3, 5])
def test_scores_are_those_of_scoring_again_and_the_best_comes_first(width):
    step = random_step(7, 4)
    found = bn.decode_beams(step, 9, END, width=width, length_penalty=0.7, max_length=6)
    for row in found.itertuples():
        assert row.log_prob == pytest.approx(rescore(step, row.tokens, 9))
        assert row.score == pytest.approx(row.log_prob / row.length**0.7)
        assert row.length == len(row.tokens) <= 6
        assert row.finished == (row.tokens[-1] == END)
    assert found["score"].is_monotonic_decreasing and len(found) == width
    assert found["rank"].tolist() == list(range(1, width + 1))


def test_what_is_finished_is_frozen_and_never_asked_about_again():
    asked = []

    def step(tokens):
        asked.append(tokens)
        return random_step(3)(tokens)

    bn.decode_beams(step, 9, END, width=4, max_length=6)
    assert all(END not in tokens[1:] for tokens in asked)
    assert len({tuple(tokens) for tokens in asked}) == len(asked)


def test_the_greedy_choice_loses_where_a_less_probable_beginning_leads_to_more():
    """A: .5, then B .4 and C .4, .6 at the end: .048; with C (.3) in the second place .054."""
    after = {
        (): {"A": 0.5, "B": 0.2, "C": 0.2, "<eos>": 0.1},
        ("A",): {"A": 0.1, "B": 0.4, "C": 0.3, "<eos>": 0.2},
        ("A", "B"): {"A": 0.2, "B": 0.2, "C": 0.4, "<eos>": 0.2},
        ("A", "C"): {"A": 0.1, "B": 0.6, "C": 0.2, "<eos>": 0.1},
        ("A", "B", "C"): {"A": 0.0, "B": 0.2, "C": 0.2, "<eos>": 0.6},
        ("A", "C", "B"): {"A": 0.0, "B": 0.2, "C": 0.2, "<eos>": 0.6},
    }
    rest = {"A": 0.3, "B": 0.3, "C": 0.2, "<eos>": 0.2}

    def step(tokens):
        shares = after.get(tuple(tokens[1:]), rest)
        return {token: math.log(p) if p else -math.inf for token, p in shares.items()}

    greedy = bn.decode_beams(step, "<bos>", "<eos>", width=1, max_length=4)
    beam = bn.decode_beams(step, "<bos>", "<eos>", width=4, length_penalty=1.0, max_length=4)
    assert greedy["sequence"].tolist() == ["A B C"]
    assert math.exp(greedy["log_prob"][0]) == pytest.approx(0.048)
    assert beam["sequence"][0] == "A C B"
    assert math.exp(beam["log_prob"][0]) == pytest.approx(0.054)


def test_a_dict_a_series_and_an_array_are_the_same_step():
    step = random_step(2)
    tables = [
        bn.decode_beams(how, 9, END, width=3, max_length=4)
        for how in (
            step,
            lambda t: dict(enumerate(step(t))),
            lambda t: pd.Series(step(t)),
            lambda t: list(step(t)),
        )
    ]
    for table in tables[1:]:
        pd.testing.assert_frame_equal(table, tables[0])


def test_a_step_of_r_names_its_tokens_or_counts_them_from_one():
    named = step_from_r(lambda tokens: {"names": ["a", "b"], "values": np.log([0.3, 0.7])})
    assert list(named(["<start>"])) == ["a", "b"]
    assert list(step_from_r(lambda tokens: {"names": None, "values": [-1.0, -0.5]})([1])) == [1, 2]


def test_many_searches_at_once_are_the_same_as_one_by_one():
    steps = [random_step(seed) for seed in range(4)]

    def step_each(which, prefixes):
        return [(range(3), steps[i]([9, *tokens])) for i, tokens in zip(which, prefixes)]

    together = search(step_each, 4, END, 3, 0.5, 5)
    for i, beam in enumerate(together):
        alone = bn.decode_beams(steps[i], 9, END, width=3, length_penalty=0.5, max_length=5)
        assert [each.tokens for each in beam] == alone["tokens"].tolist()


def test_the_tree_adds_up_to_the_best_hypothesis():
    found = bn.decode_beams(random_step(5, 4), 9, END, width=3, max_length=5)
    tree = pd.DataFrame(found.attrs["tree"])
    path = tree[tree["on_path"]]
    assert path["token_log_prob"].sum() == pytest.approx(found["log_prob"][0])
    assert [int(t) for t in path["token"][1:]] == list(found["tokens"][0])
    grown = tree[tree["parent"] >= 0]
    above = tree["log_prob"].to_numpy()[grown["parent"]]
    assert np.allclose(above + grown["token_log_prob"], grown["log_prob"])
    assert grown.groupby("parent").size().max() <= 8


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ({"a": 0.5}, "returned"),
        ("a", "returned"),
        ({}, "returned"),
        ([[0.0]], "returned"),
        ([math.nan], "returned"),
        ({"a": -math.inf}, "all log probabilities"),
        (None, "returned"),
    ],
)
def test_what_is_no_log_probability_is_refused(answer, found):
    with pytest.raises(bn.InputError, match=found):
        bn.decode_beams(lambda tokens: answer, "s", "e")


def test_a_start_that_is_no_token_is_refused():
    with pytest.raises(bn.InputError, match="`start` must be a token"):
        bn.decode_beams(lambda tokens: [0.0], [1], 0)
