"""Fits that R's steps do not bring to a maximum of the likelihood get there, and say that R does not."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import LinearConstraint, brentq, minimize
from scipy.special import expit, log_expit, log_ndtr

import bineural as bn
from bineural.errors import ConvergenceWarning, InputError
from bineural.irls import fit_irls, fit_irls_batched, profile_interval
from bineural.irls.families import get_family
from bineural.irls.tails import unbounded

FAR = np.array([0.999999, 0.99, 0.99])
NO_COLUMNS = np.empty((3, 0))


def log_odds(probability):
    return np.log(probability) - np.log1p(-probability)


def shift_of(y, offset, weights=1.0):
    """Solve the one-dimensional score equation."""
    return brentq(lambda b: np.sum(weights * (y - expit(b + offset))), -90, 90, xtol=1e-13)


def test_an_intercept_far_from_the_offset_is_found():
    y, offset = np.array([0.0, 1, 1]), log_odds(FAR)
    fit = fit_irls(NO_COLUMNS, y, offset=offset)
    shift = shift_of(y, offset)
    assert fit.coef[0] == pytest.approx(shift, rel=1e-9)
    p = expit(shift + offset)
    assert fit.std_error[0] == pytest.approx(1 / np.sqrt(np.sum(p * (1 - p))), rel=1e-6)
    assert fit.deviance == pytest.approx(-2 * np.sum(np.where(y == 1, np.log(p), np.log(1 - p))), rel=1e-9)
    assert fit.converged and fit.beyond_r


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("far", [6, 20, 36])
def test_calibration_in_the_large_solves_its_score_equation(far, seed):
    rng = np.random.default_rng(seed)
    probability = expit(far * rng.choice([-1, 1], 60))
    y = (rng.random(60) < rng.uniform(0.2, 0.8)).astype(int)
    weights = rng.uniform(0.5, 3, 60)
    found = bn.calibration(y, probability)
    assert found.in_the_large == pytest.approx(shift_of(y, log_odds(probability)), abs=2e-5)
    assert found.in_the_large_low < found.in_the_large < found.in_the_large_high
    found = bn.calibration(y, probability, weights=weights)
    assert found.in_the_large == pytest.approx(shift_of(y, log_odds(probability), weights), abs=2e-5)


def test_the_door_says_that_r_does_not_reach_the_maximum():
    frame = pd.DataFrame({"y": [0, 1, 1], "o": log_odds(FAR)})
    with pytest.warns(ConvergenceWarning, match="R's steps do not reach the maximum"):
        model = bn.fit_glm("y ~ 1 + offset(o)", frame, event=1)
    assert model.intercept_[0] == pytest.approx(shift_of(frame["y"], frame["o"]), rel=1e-9)


@pytest.mark.parametrize(
    ("link", "log_mean"),
    [("logit", log_expit), ("probit", log_ndtr), ("cloglog", lambda eta: np.log(-np.expm1(-np.exp(eta))))],
)
def test_offsets_that_contradict_the_outcome_are_overcome(link, log_mean):
    log_rest = {"cloglog": lambda eta: -np.exp(eta)}.get(link, lambda eta: log_mean(-eta))
    rng = np.random.default_rng(3)
    x = rng.normal(size=(50, 1))
    y = (rng.random(50) < 0.5).astype(float)
    offset = np.where(y == 1, -4.0, 3.0) + x[:, 0]

    def cost(b):
        eta = b[0] + b[1] * x[:, 0] + offset
        return -2 * np.sum(np.where(y == 1, log_mean(eta), log_rest(eta)))

    fit = fit_irls(x, y, link=link, offset=offset)
    assert fit.converged
    best = minimize(cost, [0.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-11})
    assert fit.deviance == pytest.approx(best.fun, rel=1e-7)
    np.testing.assert_allclose(fit.coef, best.x, atol=2e-4)


def test_folds_at_once_are_folds_one_by_one_where_r_diverges():
    y, offset = np.tile([0.0, 1, 1], 4), np.tile(log_odds(FAR), 4)
    weights = 1.0 - (np.arange(12) // 3 == np.arange(4)[:, None])
    batch = fit_irls_batched(np.empty((12, 0)), y, weights, offset=offset)
    assert batch.converged.all() and batch.alone.all()
    np.testing.assert_allclose(batch.coef[:, 0], shift_of(y[:3], offset[:3]), rtol=1e-9)


def test_a_maximum_at_the_edge_is_found_where_r_has_no_start():
    rng = np.random.default_rng(3)
    x = rng.normal(size=30)
    y = rng.poisson(np.exp(3 * x)).astype(float)
    wide = np.column_stack([np.ones(30), x])

    def deviance(b):
        mean = wide @ b
        return 2 * np.sum(np.where(y > 0, y * np.log(np.where(y > 0, y, 1) / mean) - (y - mean), mean))

    with np.errstate(all="ignore"):
        inside = LinearConstraint(wide, 1e-9, np.inf, keep_feasible=True)
        best = minimize(
            deviance, [y.mean(), 0], method="trust-constr", constraints=inside, hess=lambda b: np.eye(2)
        )
    fit = fit_irls(x[:, None], y, family="poisson", link="identity")
    assert fit.converged and fit.boundary and fit.fitted.min() > 0
    assert fit.deviance == pytest.approx(best.fun, rel=1e-5)
    assert fit.deviance <= best.fun + 1e-6


def test_without_a_valid_start_an_error_says_so():
    with pytest.raises(InputError, match="must keep valid means"):
        fit_irls([[1.0], [2.0], [3.0]], [9, 0, 0], family="poisson", link="identity", offset=[0, -9, -99])


def test_a_slow_gamma_fit_goes_on_until_its_score_is_zero():
    rng = np.random.default_rng(3)
    for _ in range(6):
        x = rng.standard_t(1.5, size=(30, 2)) * 10
        y = rng.gamma(2, np.exp(np.clip(1 + x @ rng.normal(size=2) / 2, -2, 4)))
        fit = fit_irls(x, y, family="gamma", link="log")
        pull = y / fit.fitted - 1
        wide = np.column_stack([np.ones(30), x])
        assert fit.converged
        assert np.abs(pull @ wide).max() < 1e-3 * (np.abs(pull) @ np.abs(wide)).max()


def test_a_fit_whose_score_is_not_zero_has_not_converged():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(40, 2))
    y = (rng.random(40) < 0.5).astype(float)
    fit = fit_irls(x, y, offset=40 * rng.normal(size=40), max_iterations=1)
    assert not fit.converged or np.abs((y - fit.fitted) @ x).max() < 1e-4


def test_profiles_of_such_a_fit_have_bounds_where_the_deviance_has_risen_enough():
    y, offset = np.array([0.0, 1, 1]), log_odds(FAR)
    fit = fit_irls(NO_COLUMNS, y, offset=offset)
    low, high = profile_interval(NO_COLUMNS, y, fit, offset=offset, method="exact")[0]

    def deviance(b):
        eta = b + offset
        return -2 * np.sum(np.where(y == 1, log_expit(eta), log_expit(-eta)))

    for bound in (low, high):
        assert deviance(bound) - deviance(fit.coef[0]) == pytest.approx(1.959963984540054**2, rel=1e-6)


@pytest.mark.parametrize("link", ["logit", "probit", "cloglog"])
def test_without_bounds_the_likelihood_is_the_same_where_r_has_none(link):
    rng = np.random.default_rng(1)
    eta, y = rng.uniform(-4, 2.5, 50), rng.choice([0, 0.3, 1], 50)
    bounded = get_family("binomial", link)
    for ours, given in zip(unbounded(bounded).working(y, eta)[:4], bounded.working(y, eta)[:4]):
        np.testing.assert_allclose(ours, given, rtol=1e-8, atol=1e-12)
