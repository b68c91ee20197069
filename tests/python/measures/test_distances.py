"""Measures of predicted numbers against scikit-learn and R's glm."""

import math

import numpy as np
import pytest
from sklearn import metrics

import bineural as bn
from bineural.errors import InputError
from rjudge import assign, numbers

RNG = np.random.default_rng(6)
Y_TRUE, PREDICTED = RNG.gamma(2, 2, 60), RNG.gamma(2, 2, 60)
WEIGHTS = RNG.integers(0, 3, 60).astype(float)


@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["plain", "weighted"])
@pytest.mark.parametrize(
    "ours, theirs",
    [
        (bn.rmse, metrics.root_mean_squared_error),
        (bn.mae, metrics.mean_absolute_error),
        (bn.r_squared, metrics.r2_score),
        (bn.mean_deviance, metrics.mean_squared_error),
        (lambda y, p, weights: bn.mean_deviance(y, p, "gamma", weights), metrics.mean_gamma_deviance),
        (
            lambda y, p, weights: bn.mean_deviance(np.floor(y), p, "poisson", weights),
            lambda y, p, sample_weight: metrics.mean_poisson_deviance(
                np.floor(y), p, sample_weight=sample_weight
            ),
        ),
    ],
    ids=["rmse", "mae", "r_squared", "gaussian", "gamma", "poisson"],
)
def test_distances_equal_scikit_learn(ours, theirs, weights):
    expected = theirs(Y_TRUE, PREDICTED, sample_weight=weights)
    assert ours(Y_TRUE, PREDICTED, weights=weights) == pytest.approx(expected, rel=1e-12)


def test_mean_deviance_times_rows_is_r_s_deviance():
    counts = RNG.poisson(3, 40)
    x = RNG.normal(size=40)
    assign("y", counts)
    assign("x", x)
    fitted, deviance = numbers("fitted(glm(y ~ x, poisson))"), numbers("deviance(glm(y ~ x, poisson))")
    assert 40 * bn.mean_deviance(counts, fitted, "poisson") == pytest.approx(deviance.item(), rel=1e-9)


def test_deviances_at_the_end_of_the_range():
    assert bn.mean_deviance([0, 0], [0, 1], "poisson") == 1
    assert bn.mean_deviance([2], [0], "poisson") == math.inf
    assert bn.mean_deviance([0, 1], [0, 1], "binomial") == 0


def test_a_constant_outcome_has_no_r_squared():
    assert math.isnan(bn.r_squared([2, 2], [1, 3]))


@pytest.mark.parametrize(
    "measure, arguments, words",
    [
        (bn.rmse, ([1, math.inf], [1, 2]), "`y_true` must be finite"),
        (bn.mae, ([1, 2], [1, math.nan]), "`predicted` must not hold NaN"),
        (bn.r_squared, ([1, 2], [1]), "same length"),
        (bn.mean_deviance, ([-1, 2], [1, 1], "poisson"), "`y_true` must be 0 or more"),
        (bn.mean_deviance, ([1, 2], [1, 0], "gamma"), "`predicted` must be greater than 0"),
        (bn.mean_deviance, ([1, 2], [1, 0], "cauchy"), "must be the name of a family"),
    ],
)
def test_bad_numbers_are_named(measure, arguments, words):
    with pytest.raises(InputError, match=words):
        measure(*arguments)
