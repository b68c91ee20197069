"""A ridge of sparse columns is the minimum of its penalised loss; its strength loses least held out."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.linear_model import LogisticRegression, PoissonRegressor, Ridge

from bineural import irls
from bineural.errors import InputError
from bineural.irls import sparse_ridge

N, P = 60, 90


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(2004)
    x = sparse.random(N, P, 0.15, format="csr", random_state=rng, data_rvs=rng.random)
    eta = x @ rng.normal(size=P) * 2 - 0.5
    return x, eta, rng


@pytest.mark.parametrize("turned", [True, False], ids=["Gram matrix", "sparse columns"])
@pytest.mark.parametrize("family", ["binomial", "multinomial", "gaussian", "poisson"])
def test_coefficients_are_scikit_learns(rows, family, turned, monkeypatch):
    x, eta, rng = rows
    monkeypatch.setattr(sparse_ridge, "_MOST_TURNED", N if turned else 1)
    weights, strength = rng.integers(1, 4, N).astype(float), 0.02
    total = weights.sum()
    if family == "gaussian":
        y = eta + rng.normal(size=N)
        other = Ridge(alpha=strength * total, tol=1e-12).fit(x, y, weights)
        coef, first = other.coef_, other.intercept_
    elif family == "poisson":
        y = rng.poisson(np.exp(eta / 2)).astype(float)
        other = PoissonRegressor(alpha=strength, tol=1e-10, max_iter=10_000).fit(x.toarray(), y, weights)
        coef, first = other.coef_, other.intercept_
    else:
        cuts = [0.0] if family == "binomial" else [-0.7, 0.4]
        y = np.digitize(eta + rng.normal(size=N), cuts)
        other = LogisticRegression(C=1 / (strength * total), tol=1e-10, max_iter=10_000).fit(x, y, weights)
        coef, first = other.coef_, other.intercept_
        if family == "multinomial":
            coef, first = coef[1:] - coef[:1], first[1:] - first[0]
    fit = irls.fit_sparse_ridge(x, y, family, strength, weights=weights)
    own = np.atleast_2d(fit.coef)
    assert fit.converged and fit.strength == strength and fit.penalty == "ridge"
    assert np.allclose(own[:, 1:], coef, atol=2e-5) and np.allclose(own[:, 0], first, atol=2e-5)
    link = irls.predict_link(fit.coef, x)
    assert np.allclose(link, np.squeeze((x @ np.atleast_2d(coef).T + first).T), atol=1e-4)


def test_the_strength_has_the_least_held_out_loss(rows):
    x, eta, rng = rows
    y = (eta + rng.normal(size=N) > 0).astype(float)
    chosen = irls.fit_sparse_ridge(x, y)
    fold = np.empty(N, dtype=int)
    fold[np.argsort(y, kind="stable")] = np.arange(N) % 5

    def held_out(strength):
        loss = 0.0
        for k in range(5):
            fit = irls.fit_sparse_ridge(x[fold != k], y[fold != k], strength=strength)
            eta = irls.predict_link(fit.coef, x[fold == k])
            loss += np.sum(np.logaddexp(0, eta) - y[fold == k] * eta)
        return loss / N

    losses = {factor: held_out(chosen.strength * factor) for factor in (0.1, 10**-0.5, 1.0, 10**0.5, 10.0)}
    assert min(losses, key=losses.get) == 1.0


def test_a_weight_of_2_is_a_row_twice_and_of_0_none(rows):
    x, eta, rng = rows
    y, weights = eta + rng.normal(size=N), rng.integers(0, 3, N)
    weighted = irls.fit_sparse_ridge(x, y, "gaussian", 0.1, weights=weights.astype(float))
    repeated = np.repeat(np.arange(N), weights)
    plain = irls.fit_sparse_ridge(x[repeated], y[repeated], "gaussian", 0.1)
    assert np.allclose(weighted.coef, plain.coef, atol=1e-6)
    assert len(weighted.fitted) == N


def test_an_offset_is_known_and_no_intercept_is_none(rows):
    x, eta, rng = rows
    offset, y = rng.normal(size=N), eta + rng.normal(size=N)
    shifted = irls.fit_sparse_ridge(x, y + offset, "gaussian", 0.1, offset=offset)
    assert np.allclose(shifted.coef, irls.fit_sparse_ridge(x, y, "gaussian", 0.1).coef, atol=1e-6)
    bare = irls.fit_sparse_ridge(x, y, "gaussian", 0.1, intercept=False)
    expected = Ridge(alpha=0.1 * N, fit_intercept=False).fit(x.toarray(), y).coef_
    assert np.allclose(bare.coef, expected, atol=1e-5)
    with pytest.raises(InputError, match="several classes can't take an offset"):
        irls.fit_sparse_ridge(x, np.arange(N) % 3, "multinomial", 0.1, offset=offset)


def test_the_deviance_is_that_of_the_family(rows):
    x, eta, rng = rows
    y = (eta > 0).astype(float)
    sparse_fit = irls.fit_sparse_ridge(x, y, strength=0.05)
    p = sparse_fit.fitted
    assert sparse_fit.deviance == pytest.approx(-2 * np.sum(np.log(np.where(y == 1, p, 1 - p))), rel=1e-9)
