"""The ridge whose strength is chosen: rows left out the slow way, other fits, other programs' choice."""

import warnings

import numpy as np
import pytest
from scipy.special import expit
from sklearn.linear_model import LogisticRegressionCV, Ridge, RidgeCV
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from bineural import irls
from bineural.errors import InputError
from bineural.irls import fit_chosen_ridge, fit_penalised, predict_link, ridge_classes
from bineural.irls.ridge import _fold_deviance, _make_hill
from bineural.irls.rows import Design

RNG = np.random.default_rng(5)
X = RNG.normal(size=(60, 4)) * [1, 10, 0.1, 1]
ETA = X @ [1.0, 0.05, -3.0, 0.0]
OUTCOMES = {
    "gaussian": ETA + RNG.normal(size=60),
    "binomial": (RNG.random(60) < expit(ETA)).astype(float),
    "poisson": RNG.poisson(np.exp(0.4 * ETA)).astype(float),
    "gamma": RNG.gamma(2, np.exp(0.4 * ETA)) + 0.01,
    "multinomial": np.digitize(ETA + RNG.normal(size=60), [-1, 1]),
}
LINKS = {"gamma": "log"}  # that of `fit_penalised`


def quasi_separated(seed, n=200):
    """Rows as of a credit table: whoever spends anything has the event."""
    rng = np.random.default_rng(seed)
    spend = np.where(rng.random(n) < 0.75, rng.gamma(1, 200, n), 0.0)
    income = rng.lognormal(1, 0.5, n)
    x = np.column_stack([spend, spend * 12 / (income * 1e4), income, rng.poisson(0.4, n)])
    return x, ((spend > 0) | (rng.random(n) < 0.07)).astype(int)


def rare_levels(seed, n=100):
    """Dummies of a factor with a pure level, which asks for no penalty, and rare levels, which need one."""
    rng = np.random.default_rng(seed)
    number, level = rng.normal(size=n), rng.choice(12, n, p=np.r_[[0.3, 0.2, 0.2], np.full(9, 0.3 / 9)])
    y = ((number + rng.normal(size=n) > 0) | (level == 1)).astype(int)
    return np.column_stack([number, level[:, None] == np.arange(1, 12)]).astype(float), y


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("family", OUTCOMES)
def test_the_fit_is_that_of_a_ridge_of_the_chosen_strength(family, weighted):
    weights = np.random.default_rng(1).integers(1, 4, 60).astype(float) if weighted else None
    chosen = fit_chosen_ridge(X, OUTCOMES[family], family, LINKS.get(family), weights=weights)
    given = fit_penalised(X, OUTCOMES[family], family, "ridge", chosen.strength, weights=weights)
    assert chosen.converged
    np.testing.assert_allclose(chosen.coef, given.coef, rtol=2e-4, atol=1e-6)
    np.testing.assert_allclose(chosen.fitted, given.fitted, rtol=1e-4)
    assert chosen.deviance == pytest.approx(given.deviance, rel=1e-6)


@pytest.mark.parametrize("weighted", [False, True])
def test_conjugate_gradients_end_where_whole_newton_steps_do(monkeypatch, weighted):
    rng, y = np.random.default_rng(2), OUTCOMES["multinomial"]
    x = np.column_stack([X, rng.normal(size=(60, 8))])
    weights = rng.integers(1, 4, 60).astype(float) if weighted else None
    whole = fit_chosen_ridge(x, y, "multinomial", weights=weights)
    monkeypatch.setattr(ridge_classes, "_FEW", 0)
    steps = fit_chosen_ridge(x, y, "multinomial", weights=weights)
    assert steps.converged and steps.strength == whole.strength
    np.testing.assert_allclose(steps.coef, whole.coef, rtol=1e-5, atol=1e-8)
    monkeypatch.setattr(ridge_classes, "_LEFT_OUT", 0)  # chosen by folds alone
    chosen = fit_chosen_ridge(x, y, "multinomial", weights=weights)
    given = fit_penalised(x, y, "multinomial", "ridge", chosen.strength, weights=weights)
    np.testing.assert_allclose(chosen.coef, given.coef, rtol=2e-4, atol=1e-6)
    hill = _make_hill(Design(x), y, "multinomial", None, weights, None, None, np.arange(60))

    def left_out(factor):
        penalty = chosen.strength * hill.total * factor
        return _fold_deviance(hill, hill.climb(hill.start(), penalty, 1e-13)[0], penalty)

    for factor in (10.0**0.25, 10.0**-0.25):
        assert left_out(1.0) < left_out(factor)


def test_least_squares_leave_out_rows_exactly_and_choose_as_scikit_learn_does():
    scaled = (X - X.mean(axis=0)) / X.std(axis=0)
    y = OUTCOMES["gaussian"]
    fit = fit_chosen_ridge(X, y, "gaussian")
    near = fit.strength * 60 * 10.0 ** (np.arange(-8, 9) / 4)
    assert RidgeCV(near).fit(scaled, y).alpha_ == pytest.approx(fit.strength * 60)
    np.testing.assert_allclose(
        fit.coef[1:] * X.std(axis=0), Ridge(fit.strength * 60).fit(scaled, y).coef_, rtol=1e-9
    )


@pytest.mark.parametrize("penalty", [0.3, 3.0])
@pytest.mark.parametrize("family", ["binomial", "poisson", "multinomial"])
def test_left_out_deviance_is_that_of_a_step_without_each_row(family, penalty):
    y, every = OUTCOMES[family], np.arange(60)
    classes = 3 if family == "multinomial" else None
    hill = _make_hill(Design(X), y, family, None, None, None, classes, every)
    whole, _ = hill.climb(hill.start(), penalty, 1e-13)
    one_step, to_the_end = [], []
    for row in every:
        weights = np.ones(60)
        weights[row] = 1e-12  # all but out
        part = _make_hill(Design(X), y, family, None, weights, None, classes, every)
        part.rows = hill.rows  # the columns are standardised as for all rows
        own = _make_hill(Design(X), y, family, None, None, None, classes, every)
        own.weights = np.eye(60)[row]
        one_step.append(own.deviance(part.climb(whole, penalty, max_iterations=1)[0]))
        to_the_end.append(own.deviance(part.climb(whole, penalty, 1e-13)[0]))
    found, optimism = hill.left_out_deviance(whole, penalty), np.mean(to_the_end) - hill.deviance(whole) / 60
    assert found == pytest.approx(np.mean(one_step), rel=1e-8)
    assert abs(found - np.mean(to_the_end)) < 0.1 * optimism


@pytest.mark.parametrize(
    ("x", "y"),
    [
        quasi_separated(0),
        (np.random.default_rng(3).normal(size=(60, 90)), np.arange(60) % 2),
        rare_levels(0),
        rare_levels(3),
    ],
    ids=["quasi-separated", "more columns than rows", "rare levels", "other rare levels"],
)
def test_it_is_as_good_as_scikit_learns_tuned_ridge(x, y):
    gaps = []
    for train, test in StratifiedKFold(4, shuffle=True, random_state=1).split(x, y):
        ours = predict_link(fit_chosen_ridge(x[train], y[train]).coef, x[test])
        tuned = LogisticRegressionCV(Cs=8, cv=4, scoring="neg_log_loss", solver="newton-cholesky")
        theirs = make_pipeline(StandardScaler(), tuned)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # of options that change their defaults
            theirs.fit(x[train], y[train])
        loss = np.logaddexp(0, np.where(y[test] == 1, -ours, ours))
        gaps.append(np.mean(loss + np.log(theirs.predict_proba(x[test])[np.arange(len(test)), y[test]])))
    assert np.mean(gaps) < 0.02 + 2 * np.std(gaps) / np.sqrt(4)


def test_an_offset_moves_the_intercept_alone():
    y = OUTCOMES["poisson"]
    plain = fit_chosen_ridge(X, y, "poisson")
    moved = fit_chosen_ridge(X, y, "poisson", offset=np.full(60, 2.0))
    np.testing.assert_allclose(moved.coef[1:], plain.coef[1:], rtol=1e-6)
    assert moved.coef[0] == pytest.approx(plain.coef[0] - 2, abs=1e-6)
    with pytest.raises(InputError, match="offset"):
        fit_chosen_ridge(X, OUTCOMES["multinomial"], "multinomial", offset=np.zeros(60))


@pytest.mark.parametrize("family", OUTCOMES)
def test_rows_of_weight_0_teach_nothing(family):
    y, weights = OUTCOMES[family], np.ones(60)
    weights[::4] = 0
    odd = X.copy()
    odd[::4] = 1e6
    fit = fit_chosen_ridge(odd, y, family, LINKS.get(family), weights=weights)
    kept = fit_chosen_ridge(X[weights > 0], y[weights > 0], family, LINKS.get(family))
    np.testing.assert_allclose(fit.coef, kept.coef, rtol=1e-6)
    assert fit.strength == pytest.approx(kept.strength)
    assert len(fit.fitted) == 60


def test_a_batch_tells_which_fits_still_moved():
    x = np.array([1.0, 2, 3, 4, 5, 6, 7, 8])[:, None]
    y = np.array([0, 1, 0, 0, 1, 0, 1, 1.0])
    weights = np.array([np.ones(8), [1, 0, 1, 1, 1, 0, 1, 1]])  # the second separates
    fits = irls.fit_irls_batched(x, y, weights)
    assert irls.separation_suspected(fits).tolist() == [False, True]
    for k in range(2):
        alone = irls.fit_irls(x[weights[k] > 0], y[weights[k] > 0])
        assert irls.separation_suspected(alone) == irls.separation_suspected(fits)[k]


@pytest.mark.parametrize("family", ["binomial", "multinomial"])
def test_the_many_small_systems_of_a_search_hold_the_matrix_library_to_one_thread(family, monkeypatch):
    import threadpoolctl

    seen, solve = [], np.linalg.solve

    def watched(*matrices):
        seen.extend(
            one["num_threads"] for one in threadpoolctl.threadpool_info() if one["user_api"] == "blas"
        )
        return solve(*matrices)

    monkeypatch.setattr(np.linalg, "solve", watched)
    with threadpoolctl.threadpool_limits(2, user_api="blas"):
        fit_chosen_ridge(X, OUTCOMES[family], family)
    assert set(seen) == {1}
