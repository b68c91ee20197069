"""Firth's estimates against brglm2 (tests/reference/glm.R) and against the definition."""

import numpy as np
import pytest

from bineural.errors import InputError
from bineural.irls import fit_firth
from test_irls import REFERENCE, rows_of

SETS = {"kyphosis": "main", "weights": "weights"}


@pytest.mark.parametrize("name", SETS)
def test_estimates_are_those_of_brglm2(name):
    x, y, options = rows_of(REFERENCE["cases"][SETS[name]])
    fit, truth = fit_firth(x, y, **options), REFERENCE["firth"][name]
    np.testing.assert_allclose(fit.coef, truth["coef"], rtol=1e-9)
    np.testing.assert_allclose(fit.std_error, truth["std_error"], rtol=1e-9)
    assert fit.deviance == pytest.approx(truth["deviance"], rel=1e-10)
    assert fit.converged


def test_separated_rows_have_finite_estimates():
    fit, truth = fit_firth(np.arange(1.0, 7)[:, None], [0, 0, 0, 1, 1, 1]), REFERENCE["firth"]["separated"]
    np.testing.assert_allclose(fit.coef, truth["coef"], rtol=1e-9)
    np.testing.assert_allclose(fit.std_error, truth["std_error"], rtol=1e-9)


def test_the_penalised_likelihood_is_highest_at_the_estimates():
    x, y, _ = rows_of(REFERENCE["cases"]["main"])
    full = np.column_stack([np.ones(81), x])

    def likelihood(coef):
        p = 1 / (1 + np.exp(-full @ coef))
        information = full.T @ (full * (p * (1 - p))[:, None])
        return np.sum(np.log(np.where(y == 1, p, 1 - p))) + np.linalg.slogdet(information)[1] / 2

    fit = fit_firth(x, y)
    best = likelihood(fit.coef)
    for j in range(4):
        for sign in (-1, 1):
            moved = fit.coef.copy()
            moved[j] += sign * 0.01 * fit.std_error[j]
            assert likelihood(moved) < best


def test_aliased_columns_and_an_offset():
    x, y, _ = rows_of(REFERENCE["cases"]["main"])
    offset = np.full(81, 0.7)
    plain, moved = fit_firth(x, y), fit_firth(np.column_stack([x, x[:, 0] * 2]), y, offset=offset)
    assert moved.aliased.tolist() == [False] * 4 + [True]
    np.testing.assert_allclose(moved.coef[:4], plain.coef - [0.7, 0, 0, 0], rtol=1e-7)


def test_other_links_are_refused():
    with pytest.raises(InputError, match="logit link"):
        fit_firth([[1.0], [2.0]], [0, 1], link="probit")
