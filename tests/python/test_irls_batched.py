"""Many fits at once are the fits one by one."""

import numpy as np
import pytest

from bineural.errors import InputError
from bineural.irls import fit_irls, fit_irls_batched

RNG = np.random.default_rng(77)
X = np.column_stack([RNG.normal(size=(120, 2)), RNG.integers(0, 2, 120)])
LINE = X @ [0.8, -0.5, 0.4] - 0.2
OUTCOMES = {
    "binomial": (RNG.random(120) < 1 / (1 + np.exp(-LINE))).astype(float),
    "poisson": RNG.poisson(np.exp(LINE)).astype(float),
    "gamma": RNG.gamma(4, np.exp(LINE / 4)),
    "gaussian": LINE + RNG.normal(size=120),
}


def folds(n_rows, n_folds=10):
    fold = np.arange(n_rows) % n_folds
    return (fold != np.arange(n_folds)[:, None]).astype(float)


def one_by_one(x, y, weights, offset=None, **options):
    fits = []
    for w in weights:
        live = w > 0
        part = None if offset is None else offset[live]
        fits.append(fit_irls(x[live], y[live], weights=w[live], offset=part, **options))
    return fits


def assert_equal(batch, fits, rtol=1e-9):
    np.testing.assert_allclose(batch.coef, [fit.coef for fit in fits], rtol=rtol)
    np.testing.assert_allclose(batch.deviance, [fit.deviance for fit in fits], rtol=rtol, atol=1e-9)
    assert batch.iterations.tolist() == [fit.iterations for fit in fits]
    assert batch.converged.tolist() == [fit.converged for fit in fits]


@pytest.mark.parametrize(
    ("family", "link"),
    [
        ("binomial", "logit"),
        ("binomial", "probit"),
        ("binomial", "cloglog"),
        ("poisson", "log"),
        ("gamma", "log"),
        ("gamma", "inverse"),
        ("gaussian", "identity"),
    ],
)
def test_folds_at_once_are_folds_one_by_one(family, link):
    y, options = OUTCOMES[family], {"family": family, "link": link}
    batch = fit_irls_batched(X, y, folds(120), **options)
    assert not batch.alone.any()
    assert_equal(batch, one_by_one(X, y, folds(120), **options))


def test_weights_offset_and_no_intercept():
    weights, offset = RNG.integers(0, 4, (7, 120)), RNG.normal(size=120) / 5
    options = {"intercept": False, "family": "poisson"}
    batch = fit_irls_batched(X, OUTCOMES["poisson"], weights, offset=offset, **options)
    assert_equal(batch, one_by_one(X, OUTCOMES["poisson"], weights, offset, **options))


@pytest.mark.parametrize("family", ["binomial", "poisson", "gamma", "gaussian"])
def test_each_fit_may_have_an_outcome_of_its_own(family):
    weights = RNG.integers(0, 3, (9, 120))
    y = np.array([RNG.permutation(OUTCOMES[family]) for _ in weights])
    options = {"family": family, "link": "log"} if family == "gamma" else {"family": family}
    batch = fit_irls_batched(X, y, weights, **options)
    fits = [one_by_one(X, outcome, w[None], **options)[0] for outcome, w in zip(y, weights)]
    assert not batch.alone.all()
    assert_equal(batch, fits, rtol=1e-8)


def test_outcomes_of_one_fit_alone_are_its_own():
    y = np.array([OUTCOMES["binomial"], X[:, 0] > 0])  # the second is separated
    batch = fit_irls_batched(X, y, np.ones((2, 120)))
    assert batch.alone.tolist() == [False, True]
    assert_equal(batch, [fit_irls(X, outcome.astype(float)) for outcome in y])


@pytest.mark.parametrize(
    ("y", "words"),
    [
        (np.ones((3, 120)), "a table of the shape of `weights`"),
        (np.full((2, 120), 2.0), "between 0 and 1, and finite"),
        (np.full((2, 120), np.nan), "between 0 and 1, and finite"),
    ],
)
def test_outcomes_must_make_sense(y, words):
    with pytest.raises(InputError, match=words):
        fit_irls_batched(X, y, np.ones((2, 120)))


def test_separated_and_deficient_folds_are_fitted_alone():
    x = np.column_stack([X[:, :2], np.arange(120) < 6])  # the third column is empty in the second fold
    y = OUTCOMES["binomial"].copy()
    weights = np.ones((3, 120))
    weights[1, :6] = 0
    weights[2, (y == 1) == (x[:, 0] < 0)] = 0  # the third fold is separated by the first column
    batch = fit_irls_batched(x, y, weights)
    fits = one_by_one(x, y, weights)
    assert batch.alone.tolist() == [False, True, True]
    assert np.isnan(batch.coef[1]).tolist() == [False, False, False, True]
    assert_equal(batch, fits)


def test_columns_aliased_everywhere_are_left_out_together():
    x = np.column_stack([X[:, 0], X[:, 0] + 1, X[:, 1:], X[:, 2] - X[:, 1], np.zeros(120)])
    weights = folds(120, 3)
    batch = fit_irls_batched(x, OUTCOMES["binomial"], weights)
    assert not batch.alone.any()
    assert np.isnan(batch.coef).tolist() == [[False, False, True, False, False, True, True]] * 3
    assert_equal(batch, one_by_one(x, OUTCOMES["binomial"], weights))


def test_a_column_aliased_by_one_huge_row_is_not_aliased_without_it():
    x = np.column_stack([X[:, 0], X[:, 0] + 1e-3 * X[:, 1]])
    x[0] = 1e12
    weights = folds(120, 3)
    batch = fit_irls_batched(x, OUTCOMES["binomial"], weights)
    assert np.isnan(batch.coef).tolist() == [[False] * 3, [False, False, True], [False, False, True]]
    assert_equal(batch, one_by_one(x, OUTCOMES["binomial"], weights), rtol=1e-6)


def test_many_blocks_of_rows_and_columns_of_unlike_scale():
    rng = np.random.default_rng(2)
    x = rng.normal(size=(9000, 3)) * [1e-4, 1.0, 1e5] + [0, 50, 0]
    y = (rng.random(9000) < 0.3).astype(float)
    weights = (rng.random((150, 9000)) < 0.7).astype(np.int8)
    batch = fit_irls_batched(x, y, weights)
    some = [0, 70, 149]
    fits = one_by_one(x, y, weights[some])
    np.testing.assert_allclose(batch.coef[some], [fit.coef for fit in fits], rtol=1e-9)


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        (np.ones(120), "one row for each fit"),
        (-np.ones((2, 120)), "finite and 0 or more"),
        (np.full((2, 120), np.nan), "finite and 0 or more"),
        (np.zeros((2, 120)), r"Fits \[0, 1\]"),
    ],
)
def test_weights_must_make_sense(weights, words):
    with pytest.raises(InputError, match=words):
        fit_irls_batched(X, OUTCOMES["binomial"], weights)
