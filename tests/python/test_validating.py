"""Permutation test and optimism bootstrap: reference figures, slow definitions, and what is learnt where."""

import numpy as np
import pytest

import bineural as bn
from bineural.measures.cross_entropy import log_loss_each
from bineural.measures.roc_area import auroc_each

KYPHOSIS = bn.load_dataset("kyphosis")
PLAIN = "Kyphosis ~ Age + Number + Start"


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(8)
    data = KYPHOSIS.copy()
    data["ward"] = rng.choice(["a", "b", "c"], 81, p=[0.6, 0.37, 0.03])  # "c" is often missing in a sample
    return data


def test_optimism_bootstrap_gives_the_reference_figures():
    found = bn.optimism_bootstrap(PLAIN, KYPHOSIS, event="present", n_boot=200, seed=1)
    assert found.auroc_apparent == 0.859375
    assert found.auroc_optimism == pytest.approx(0.0176192846535549, rel=1e-12)
    assert found.auroc_corrected == pytest.approx(0.8417557153464451, rel=1e-13)
    figures = {  # of R's glm, which stops a little earlier on repeated rows
        "brier_apparent": 0.119937416771518,
        "brier_corrected": 0.136021803090582,
        "brier_loo": 0.146197496772892,
        "brier_632": 0.136533787332387,
        "brier_632_plus": 0.138459471168368,
    }
    assert {name: getattr(found, name) for name in figures} == pytest.approx(figures, abs=1e-10)
    assert (found.n, found.n_events, found.n_boot, found.n_undefined) == (81, 17, 200, 0)


def fit_sample(formula, data, draw):
    """Fit to a sample; where it separates as the baseline does, copies of a row being one of that weight."""
    fit = bn.fit_glm(formula, data.iloc[draw], event="present")
    if fit.failure_ is None:
        return fit
    rows, counts = np.unique(draw, return_counts=True)
    weighted = data.iloc[rows].assign(copies=counts)
    return bn.fit_glm(formula, weighted, event="present", weights="copies", penalty="auto")


def slow_optimism(formula, data, draws):
    """Harrell's recipe with `fit_glm`, a sample at a time."""
    gains = []
    y = data["Kyphosis"] == "present"
    for draw in draws:
        fit = fit_sample(formula, data, draw)
        inside, outside = fit.predict_event(data.iloc[draw]), fit.predict_event(data)
        gains.append(
            (
                bn.auroc(y.iloc[draw], inside) - bn.auroc(y, outside),
                bn.brier(y.iloc[draw], inside) - bn.brier(y, outside),
            )
        )
    return np.mean(gains, axis=0)


@pytest.mark.filterwarnings("ignore::bineural.errors.BineuralWarning")
@pytest.mark.parametrize("terms", ["Age + Start", "ns(Age, 2) + Start", "scale(Age):Start", "ward + Start"])
def test_every_sample_learns_its_own_preparation(frame, terms):
    from bineural.splitting.r_random import PCGRandom

    stream = PCGRandom(3)
    draws = [stream.integers(81, 81) for _ in range(12)]
    if "ward" in terms:
        assert len({frame["ward"].iloc[draw].nunique() for draw in draws}) == 2  # some lack a level
    found = bn.optimism_bootstrap(
        f"Kyphosis ~ {terms}", frame, event="present", n_boot=12, seed=3, rng="pcg64"
    )
    truth = slow_optimism(f"Kyphosis ~ {terms}", frame, draws)
    assert (found.auroc_optimism, found.brier_optimism) == pytest.approx(tuple(truth), rel=1e-6)


def slow_cross_validation(formula, data, folds, measure):
    found = []
    for train, test in folds:
        fit = fit_sample(formula, data, train)
        y = data["Kyphosis"].iloc[test] == "present"
        found.append(measure(y, fit.predict_event(data.iloc[test])))
    return np.mean(found)


@pytest.mark.filterwarnings("ignore::bineural.errors.BineuralWarning")
@pytest.mark.parametrize(
    "measure", ["auroc", *(pytest.param(name, marks=pytest.mark.long) for name in ("log_loss", "brier"))]
)
@pytest.mark.parametrize(
    "terms", ["Age + Start", "poly(Age, 2)", "ward + Start", "Start + offset(Number / 9)"]
)
def test_observed_is_the_mean_over_the_folds_of_make_folds(frame, terms, measure):
    formula = f"Kyphosis ~ {terms}"
    folds = bn.make_folds(frame, 5, 2, strata="Kyphosis", seed=4)
    options = {"event": "present", "n_permutations": 3, "measure": measure}
    found = bn.permutation_test(formula, frame, folds=5, repeats=2, seed=4, **options)
    assert found.observed == pytest.approx(
        slow_cross_validation(formula, frame, folds, getattr(bn, measure)), rel=1e-7
    )
    given = bn.permutation_test(formula, frame, folds=folds, seed=4, **options)
    assert given.observed == pytest.approx(found.observed, rel=1e-12)
    np.testing.assert_allclose(given.permuted, found.permuted, rtol=1e-12)


@pytest.mark.filterwarnings("ignore::bineural.errors.BineuralWarning")
@pytest.mark.parametrize("terms", ["Age + ward", "ns(Age, 2)"])
def test_a_permutation_deals_the_predictors_out_anew(frame, terms):
    from bineural.comparing.validating import _draw_orders

    formula = f"Kyphosis ~ {terms}"
    found = bn.permutation_test(formula, frame, event="present", folds=5, n_permutations=4, seed=6)
    folds = bn.make_folds(frame, 5, strata="Kyphosis", seed=6)
    for order, permuted in zip(_draw_orders(81, 4, 6), found.permuted):
        dealt = frame.iloc[order].reset_index(drop=True)
        dealt["Kyphosis"] = frame["Kyphosis"].to_numpy()
        assert permuted == pytest.approx(slow_cross_validation(formula, dealt, folds, bn.auroc), rel=1e-9)


def test_p_value_counts_permutations_that_do_as_well():
    strong = bn.permutation_test(PLAIN, KYPHOSIS, event="present", n_permutations=200, seed=1)
    assert strong.p_value == (1 + np.sum(strong.permuted >= strong.observed - 1e-12)) / 201 < 0.02
    loss = bn.permutation_test(
        PLAIN, KYPHOSIS, event="present", n_permutations=200, measure="log_loss", seed=1
    )
    assert loss.p_value == (1 + np.sum(loss.permuted <= loss.observed + 1e-12)) / 201 < 0.02
    constant = KYPHOSIS.assign(Age=1.0)
    same = bn.permutation_test("Kyphosis ~ Age", constant, event="present", n_permutations=20, seed=1)
    assert (same.observed, same.p_value) == (0.5, 1.0)


def test_p_values_of_noise_are_spread_evenly():
    rng = np.random.default_rng(12)
    y = np.repeat([0, 1], [40, 20])
    found = [
        bn.permutation_test(rng.normal(size=(60, 2)), y, event=1, folds=5, n_permutations=39, seed=k).p_value
        for k in range(60)
    ]
    assert 0.36 < np.mean(found) < 0.66  # 0.51 +- 4 standard errors
    assert np.mean(np.array(found) <= 0.25) < 0.48  # 0.25 + 4 standard errors


def test_folds_without_both_classes_are_left_out_and_counted():
    rare = KYPHOSIS.iloc[np.flatnonzero(KYPHOSIS["Kyphosis"] == "present")[:6].tolist() + list(range(20, 60))]
    rare = rare.drop_duplicates()
    pairs = list(bn.make_folds(rare, 10, seed=2))
    found = bn.permutation_test("Kyphosis ~ Start", rare, event="present", folds=pairs, n_permutations=5)
    assert found.n_folds + found.n_undefined == 10
    assert found.n_undefined > 0
    assert f"{found.n_undefined} without both classes left out" in repr(found)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"measure": "gini"}, "`measure` must be"),
        ({"measure": "rmse"}, "`measure` must be"),
        ({"n_permutations": 0}, "`n_permutations` must be a whole number"),
        ({"event": None}, "`event` must name"),
        ({"event": "no"}, "one of the outcome's classes"),
        ({"formula": "Age ~ Start", "event": None}, "two classes, one of them named"),
        ({"folds": 18}, "The rarer one has 17, and there are 18 folds"),
        ({"folds": 1}, "`folds` must be a whole number"),
        ({"data": KYPHOSIS.assign(Age=KYPHOSIS["Age"].where(KYPHOSIS["Age"] > 5))}, "out of `data` first"),
        ({"folds": [(np.arange(40), np.flatnonzero(KYPHOSIS["Kyphosis"][40:] == "absent") + 40)]}, "None of"),
        ({"seed": 0.5}, "`seed` must be"),
    ],
)
def test_permutation_test_says_what_is_wrong(arguments, words):
    arguments = {"formula": PLAIN, "data": KYPHOSIS, "event": "present"} | arguments
    with pytest.raises(bn.InputError, match=words):
        bn.permutation_test(**arguments)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"n_boot": 2.5}, "`n_boot` must be a whole number"),
        ({"rng": "java"}, "`rng` must be one of"),
        ({"data": KYPHOSIS.iloc[:5]}, "at least two rows"),
        (
            {"formula": "species ~ sepal_width", "data": bn.load_dataset("iris"), "event": "setosa"},
            "It has 3",
        ),
    ],
)
def test_optimism_bootstrap_says_what_is_wrong(arguments, words):
    arguments = {"formula": PLAIN, "data": KYPHOSIS, "event": "present"} | arguments
    with pytest.raises(bn.InputError, match=words):
        bn.optimism_bootstrap(**arguments)


def test_a_seed_is_drawn_and_repeats_the_result():
    first = bn.optimism_bootstrap(PLAIN, KYPHOSIS, event="present", n_boot=5)
    again = bn.optimism_bootstrap(PLAIN, KYPHOSIS, event="present", n_boot=5, seed=first.seed)
    assert again.to_dict() == first.to_dict()


@pytest.mark.parametrize("n_rows", [12, 300])  # pairs compared, and sorted
def test_measures_of_many_scores_are_the_measures_of_each(n_rows):
    rng = np.random.default_rng(4)
    event, scores = rng.random(n_rows) < 0.4, np.round(rng.random((7, n_rows)), 1)
    assert auroc_each(event, scores).tolist() == [bn.auroc(event, row) for row in scores]
    assert log_loss_each(event, scores) == pytest.approx([bn.log_loss(event, row) for row in scores])
