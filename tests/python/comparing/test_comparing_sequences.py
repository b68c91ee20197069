"""Models of sequences in a comparison: the n-gram and copying beside them, on folds of sequences."""

import numpy as np
import pytest

import bineural as bn
from bineural.comparing.entrant_kinds.sequences import answer_of

NAMES = bn.load_dataset("first_names")["name"].str.lower().drop_duplicates()[:60].tolist()
PAIRS = bn.make_sequences("reversal", 40, seed=1)
SMALL = {"units": (8,), "embedding": 4, "epochs": 2, "verbose": 0}
FOLDS = {"folds": 3, "repeats": 1, "seed": 1}


def scores_of(comparison, model, measure):
    """Return a model's scores by fold."""
    scores = comparison.scores
    return scores.loc[scores["model"] == model, measure].to_numpy()


@pytest.fixture(scope="module")
def of_names():
    """A comparison of a language model with n-grams."""
    models = {"gru": bn.SequenceModel(**SMALL), "bigram": bn.fit_ngram(NAMES, order=2)}
    return bn.compare_models(models, NAMES, **FOLDS)


@pytest.mark.long
def test_a_language_model_stands_beside_the_n_gram_and_single_symbols(of_names):
    table = of_names.table.set_index("model")
    assert {"gru", "bigram", "null"} <= set(table.index) and of_names.measure == "bits_per_symbol"
    for k, resample in enumerate(of_names.basis.sets):
        train, test = ([NAMES[i] for i in rows] for rows in (resample.train, resample.test))
        slow = bn.score_sequences(bn.fit_ngram(train, order=2), test)["bits_per_symbol"].item()
        assert scores_of(of_names, "bigram", "bits_per_symbol")[k] == pytest.approx(slow)
        slow = bn.score_sequences(bn.fit_ngram(train, order=1), test)["bits_per_symbol"].item()
        assert scores_of(of_names, "null", "bits_per_symbol")[k] == pytest.approx(slow)


@pytest.mark.long
def test_the_net_of_a_fold_is_that_net_alone(of_names):
    (resample, *_), basis = of_names.basis.sets, of_names.basis
    seed = basis.seed_of("gru", 0, 0)
    alone = bn.SequenceModel(**SMALL, seed=seed).fit([NAMES[i] for i in resample.train])
    bits = answer_of(alone, basis, resample.test)
    told = of_names.predictions.query("model == 'gru' and fold == 1")[".pred"].to_numpy()
    assert told == pytest.approx(bits, rel=1e-3)


def test_all_models_read_the_same_part_of_long_sequences():
    comparison = bn.compare_models({"net": bn.SequenceModel(**SMALL, max_length=4)}, NAMES, **FOLDS)
    for k, resample in enumerate(comparison.basis.sets):
        train, test = ([NAMES[i] for i in rows] for rows in (resample.train, resample.test))
        shares = dict.fromkeys({*"".join(train), None}, 0)
        for name in train:
            for symbol in [*name, None][:4]:
                shares[symbol] += 1
        n_symbols = sum(min(len(name) + 1, 4) for name in test)
        assert comparison.basis.truth[resample.test].sum() == n_symbols
        bits = scores_of(comparison, "null", "bits_per_symbol")[k]
        n = sum(shares.values())
        slow = -sum(
            np.log2(max(shares.get(symbol, 0), 0.5) / n) for name in test for symbol in [*name, None][:4]
        )
        assert bits == pytest.approx(slow / n_symbols, rel=0.02)  # but for the smoothing


@pytest.mark.long
def test_pairs_are_compared_by_exact_match_beside_copying():
    model = bn.SequenceModel(**SMALL)
    comparison = bn.compare_models({"net": model, "most": "most_frequent"}, PAIRS, **FOLDS)
    assert comparison.measure == "exact_match"
    table = comparison.table.set_index("model")
    assert {"net", "most", "copy", "null"} <= set(table.index)
    same = (PAIRS["source"] == PAIRS["target"]).to_numpy()
    for k, resample in enumerate(comparison.basis.sets):
        assert scores_of(comparison, "copy", "exact_match")[k] == same[resample.test].mean()
        part = PAIRS.iloc[resample.test]
        edits = bn.edit_distance(part["source"], part["target"]).mean()
        assert scores_of(comparison, "copy", "edit_distance")[k] == pytest.approx(edits)
    assert "exact match" in str(comparison)
    again = bn.compare_models({"net": model}, PAIRS["source"].tolist(), PAIRS["target"].tolist(), **FOLDS)
    first, second = (scores_of(c, "net", "edit_distance") for c in (comparison, again))
    assert np.allclose(first, second)


@pytest.mark.parametrize(
    ("models", "data", "found"),
    [
        ([bn.SequenceModel(), "glm"], NAMES, "short name"),
        ([bn.SequenceModel(), "copy"], NAMES, "short name"),
        ([bn.SequenceModel(), bn.SequenceModel(unit="word")], NAMES, "the same `unit`"),
        ([bn.SequenceModel(), lambda train, test: 0], NAMES, "must predict sequences"),
        ([bn.SequenceModel()], PAIRS.rename(columns={"target": "t"}), "'target'"),
        ([bn.SequenceModel()], [1, 2, 3], "must be text"),
    ],
)
def test_what_cannot_be_compared_is_refused(models, data, found):
    with pytest.raises(bn.InputError, match=found):
        bn.compare_models(models, data, **FOLDS)
