"""The multinomial fit against nnet (tests/reference/glm.R), statsmodels and the binomial fit."""

import numpy as np
import pytest

from bineural.errors import InputError
from bineural.irls import fit_irls, fit_multinomial, predict_multinomial
from test_irls import REFERENCE, rows_of

STORED = REFERENCE["multinomial"]
X, CODES = np.array(STORED["x"]).T, np.array(STORED["codes"])


def test_weighted_estimates_are_those_of_nnet():
    fit = fit_multinomial(X, CODES, 3, weights=STORED["weights"])
    np.testing.assert_allclose(fit.coef, STORED["coef"], rtol=1e-5)  # nnet stops early
    np.testing.assert_allclose(fit.std_error, STORED["std_error"], rtol=1e-5)
    assert fit.deviance == pytest.approx(STORED["deviance"], rel=1e-11)
    assert fit.converged and fit.last_step < 1e-4


@pytest.mark.filterwarnings("ignore")
def test_estimates_are_those_of_statsmodels():
    import statsmodels.api as sm

    fit = fit_multinomial(X, CODES, 3)
    oracle = sm.MNLogit(CODES, sm.add_constant(X)).fit(method="newton", disp=0, tol=1e-14)
    np.testing.assert_allclose(fit.coef, np.asarray(oracle.params).T, rtol=1e-9)
    np.testing.assert_allclose(fit.std_error, np.asarray(oracle.bse).T, rtol=1e-9)
    assert fit.null_deviance == pytest.approx(-2 * oracle.llnull)
    assert (fit.aic, fit.bic) == pytest.approx((oracle.aic, oracle.bic))


@pytest.mark.parametrize("options", [{}, {"weights": np.tile([1.0, 2.0, 0.0], 27)}, {"intercept": False}])
def test_two_classes_are_the_binomial_fit(options):
    x, y, _ = rows_of(REFERENCE["cases"]["main"])
    two, one = fit_multinomial(x, y.astype(int), 2, **options), fit_irls(x, y, converge="full", **options)
    np.testing.assert_allclose(two.coef[0], one.coef, rtol=1e-9)
    np.testing.assert_allclose(two.vcov, one.vcov, rtol=1e-8)
    np.testing.assert_allclose(two.fitted[:, 1], one.fitted, rtol=1e-9)
    for measure in ("deviance", "null_deviance", "aic", "bic", "log_lik", "df_residual", "df_null", "rank"):
        assert getattr(two, measure) == pytest.approx(getattr(one, measure)), measure


def test_aliased_columns_get_no_coefficient():
    fit = fit_multinomial(np.column_stack([X[:, 0], X[:, 0] * 3, X[:, 1:]]), CODES, 3)
    assert fit.aliased.tolist() == [False, False, True, False, False]
    assert np.isnan(fit.coef[:, 2]).all() and fit.n_parameters == 8
    plain = fit_multinomial(X, CODES, 3)
    np.testing.assert_allclose(fit.coef[:, ~fit.aliased], plain.coef, rtol=1e-9)
    np.testing.assert_allclose(
        predict_multinomial(fit.coef, np.column_stack([X[:, 0], X[:, 0] * 3, X[:, 1:]])),
        plain.fitted,
        rtol=1e-9,
    )


def test_offsets_move_the_intercepts():
    plain = fit_multinomial(X, CODES, 3)
    moved = fit_multinomial(X, CODES, 3, offset=np.tile([0.4, -1.0], (60, 1)))
    np.testing.assert_allclose(moved.coef[:, 0], plain.coef[:, 0] - [0.4, -1.0], rtol=1e-9)
    assert moved.null_deviance == pytest.approx(plain.null_deviance)


def test_many_blocks_solve_the_score_equations():
    rng = np.random.default_rng(6)
    x, codes = rng.normal(size=(60_000, 4)), rng.integers(0, 4, 60_000)
    fit = fit_multinomial(x, codes, 4)
    pull = (codes[:, None] == np.arange(4)) - fit.fitted
    assert np.abs(pull.T @ np.column_stack([np.ones(60_000), x])).max() < 1e-7
    assert fit.fitted.sum(axis=1) == pytest.approx(1)


def test_separated_classes_show_in_the_last_step():
    fit = fit_multinomial(np.arange(9.0)[:, None], np.repeat([0, 1, 2], 3), 3)
    assert fit.deviance < 1e-3 and fit.last_step > 0.3


@pytest.mark.parametrize(
    ("codes", "n_classes", "words"),
    [([0, 1, 2], 2, "whole number"), ([0, 1, 1.5], 3, "whole number"), ([0, 2, 2], 3, r"Classes \[1\]")],
)
def test_codes_must_make_sense(codes, n_classes, words):
    with pytest.raises(InputError, match=words):
        fit_multinomial([[1.0], [2.0], [4.0]], codes, n_classes)
