"""Ridge and lasso against glmnet (tests/reference/glm.R), on its scale of strength."""

import numpy as np
import pytest

from bineural.errors import InputError
from bineural.irls import fit_irls, fit_penalised, predict_link
from test_irls import REFERENCE

STORED = REFERENCE["penalised"]
KYPHOSIS, X = np.array(STORED["x_kyphosis"]).T, np.array(STORED["x"]).T
CASES = [
    ("binomial", "ridge", KYPHOSIS, "event", 1e-7),
    ("binomial", "lasso", KYPHOSIS, "event", 1e-5),
    ("gaussian", "ridge", X, "real", 1e-7),
    ("gaussian", "lasso", X, "real", 1e-7),
    ("poisson", "ridge", X, "count", 1e-7),
]


@pytest.mark.parametrize(("family", "penalty", "x", "outcome", "precision"), CASES)
def test_coefficients_are_those_of_glmnet(family, penalty, x, outcome, precision):
    fit = fit_penalised(x, np.array(STORED[outcome], dtype=float), family, penalty, 0.05)
    truth = np.array(STORED[f"{family}_{penalty}"])
    np.testing.assert_allclose(fit.coef, truth, rtol=precision, atol=precision)
    assert fit.converged
    assert fit.n_nonzero == np.count_nonzero(truth[1:])


@pytest.mark.parametrize(("penalty", "strength"), [("ridge", 0.05), ("lasso", 0.01)])
def test_several_classes_are_those_of_glmnet(penalty, strength):
    fit = fit_penalised(X, STORED["codes"], "multinomial", penalty, strength)
    truth = np.array(STORED[f"multinomial_{penalty}"])
    np.testing.assert_allclose(fit.coef, truth[1:] - truth[0], rtol=1e-4, atol=1e-5)
    assert fit.fitted.shape == (60, 3) and fit.fitted.sum(axis=1) == pytest.approx(1)


@pytest.mark.parametrize("family", ["binomial", "gaussian", "poisson", "gamma"])
def test_a_weak_ridge_is_the_plain_fit(family):
    y = {
        "binomial": np.array(STORED["codes"]) > 0,
        "gaussian": np.array(STORED["real"]),
        "poisson": np.array(STORED["count"]),
        "gamma": np.array(STORED["count"]) + 1.0,
    }[family]
    link = "log" if family == "gamma" else None
    weights = np.tile([1.0, 2.0], 30)
    plain = fit_irls(X, y, family=family, link=link, weights=weights, converge="full")
    fit = fit_penalised(X, y, family, "ridge", 1e-9, weights=weights)
    np.testing.assert_allclose(fit.coef, plain.coef, rtol=1e-5)
    np.testing.assert_allclose(fit.fitted, plain.fitted, rtol=1e-5)
    assert fit.deviance == pytest.approx(plain.deviance, rel=1e-8)


def test_the_unit_of_a_column_does_not_matter():
    y = np.array(STORED["real"])
    fit, scaled = (fit_penalised(x, y, "gaussian", "ridge", 0.3) for x in (X, X * [1000, 1, 0.01]))
    np.testing.assert_allclose(fit.fitted, scaled.fitted, rtol=1e-9)


def test_weights_repeat_rows():
    weights = np.tile([1, 2, 3], 20)
    y = np.array(STORED["codes"]) == 1
    fit = fit_penalised(X, y, "binomial", "ridge", 0.1, weights=weights)
    again = fit_penalised(np.repeat(X, weights, axis=0), np.repeat(y, weights), "binomial", "ridge", 0.1)
    np.testing.assert_allclose(fit.coef, again.coef, rtol=1e-7)


def test_no_intercept_and_a_constant_column():
    y = np.array(STORED["count"])
    fit = fit_penalised(np.column_stack([X, np.full(60, 3.0)]), y, "poisson", "ridge", 0.1)
    assert fit.coef[4] == 0
    bare = fit_penalised(X, y, "poisson", "ridge", 0.1, intercept=False)
    np.testing.assert_allclose(np.log(bare.fitted), predict_link(bare.coef, X, intercept=False), rtol=1e-12)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"family": "poisson", "penalty": "lasso"}, "can't take the lasso"),
        ({"penalty": "elastic"}, "one of 'ridge', 'lasso'"),
        ({"strength": 0}, "a number above 0"),
        ({"strength": None}, "a number above 0"),
        ({"offset": np.zeros(60)}, "can't take an offset"),
        ({"family": "normal"}, "`family` must be one of"),
        ({"y": np.zeros(60)}, "both of them"),
        ({"y": np.full(60, 0.5)}, "both of them"),
    ],
)
def test_what_cannot_be_fitted_is_refused_in_words(change, words):
    good = {"x": X, "y": np.arange(60) % 2, "family": "binomial", "penalty": "ridge", "strength": 0.1}
    with pytest.raises(InputError, match=words):
        fit_penalised(**(good | change))


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("family", ["binomial", "multinomial", "gaussian", "poisson", "gamma"])
def test_with_more_columns_than_rows_the_score_of_a_ridge_is_zero(family, intercept, weighted):
    rng = np.random.default_rng(11)
    n, p, strength = 30, 70, 0.05
    x = rng.normal(size=(n, p)) * rng.uniform(0.1, 10, p) + 3
    y = {
        "binomial": (rng.random(n) < 0.4).astype(float),
        "multinomial": np.arange(n) % 3,
        "gaussian": rng.normal(size=n),
        "poisson": rng.poisson(3, n).astype(float),
        "gamma": rng.gamma(3, 1, n),
    }[family]
    weights = rng.integers(0, 3, n).astype(float) if weighted else None
    w = np.ones(n) if weights is None else weights
    w = w / w.sum()
    fit = fit_penalised(x, y, family, "ridge", strength, intercept=intercept, weights=weights)
    assert fit.converged
    pull = {"gamma": lambda: y / fit.fitted - 1, "multinomial": lambda: np.eye(3)[y] - fit.fitted}
    pull = pull.get(family, lambda: y - fit.fitted)().reshape(n, -1)
    coef = np.atleast_2d(fit.coef)
    slopes = coef[:, int(intercept) :] * fit.scales
    if family == "multinomial":  # each class has coefficients, which sum to zero at the smallest penalty
        slopes = np.vstack([np.zeros(p), slopes])
        slopes = slopes - slopes.mean(axis=0)
    score = (w[:, None] * pull).T @ ((x - fit.centers) / fit.scales)
    np.testing.assert_allclose(score, strength * slopes, atol=1e-8)
    if intercept:
        np.testing.assert_allclose(w @ pull, 0, atol=1e-8)
