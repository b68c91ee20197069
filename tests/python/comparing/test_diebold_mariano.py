"""Diebold and Mariano's test is its definition, written slowly, and finds as much as it says."""

import math

import numpy as np
import pytest
from scipy.stats import t as student

from bineural.comparing.diebold_mariano import diebold_mariano, long_run_variance


def slowly(d, h):
    """Return the variance of Harvey, Leybourne and Newbold (1997), Bartlett's, correction and mean."""
    n, mean = len(d), sum(d) / len(d)
    gamma = [sum((d[t] - mean) * (d[t - k] - mean) for t in range(k, n)) / n for k in range(h)]
    variance = (gamma[0] + 2 * sum(gamma[1:])) / n
    bartlett = (gamma[0] + 2 * sum((1 - k / h) * gamma[k] for k in range(1, h))) / n
    correction = math.sqrt((n + 1 - 2 * h + h * (h - 1) / n) / n)
    return variance, bartlett, correction, mean


@pytest.mark.parametrize(("n", "h"), [(20, 1), (60, 12), (24, 6), (30, 3)])
def test_the_statistic_is_its_definition(n, h):
    d = np.convolve(np.random.default_rng(n).standard_normal(n + h - 1), np.ones(h) / h, "valid") + 0.1
    variance, bartlett, correction, mean = slowly(d.tolist(), h)
    test = diebold_mariano(d, h)
    assert test.t == pytest.approx(correction * mean / math.sqrt(variance if variance > 0 else bartlett))
    assert test.df == n / h - 1
    assert test.p == pytest.approx(2 * student.sf(abs(test.t), test.df))
    reach = student.ppf(0.975, test.df) * test.se
    assert (test.low, test.high) == pytest.approx((mean - reach, mean + reach))


def test_one_step_ahead_is_the_papers_own_test():
    d = np.random.default_rng(1).standard_normal(25)
    test = diebold_mariano(d)
    plain = np.mean(d) / np.sqrt(np.mean((d - d.mean()) ** 2) / 25) * np.sqrt(24 / 25)
    assert test.t == pytest.approx(plain)
    assert test.df == 24


def test_a_negative_variance_is_made_positive_by_bartletts_weights():
    d = np.array([1.0, -1, 1, -1, 1, -1, 1, -1, 1, -1])
    variance, bartlett, _, _ = slowly(d.tolist(), 2)
    assert variance <= 0 < bartlett
    assert long_run_variance(d, 2) == pytest.approx(10 * bartlett)


@pytest.mark.parametrize(("n", "h"), [(20, 1), (24, 12), (60, 12), (60, 6)])
def test_equal_forecasters_are_found_different_as_seldom_as_said(n, h):
    rng, found = np.random.default_rng(3), []
    for _ in range(500):
        steps = np.diff(np.abs(rng.standard_normal((n + h, 2))), axis=1)[:, 0]
        found.append(diebold_mariano([steps[o : o + h].mean() for o in range(n)], h).p < 0.05)
    assert np.mean(found) < 0.109  # 7.4% of 4,000 (bench_forecasts), and three standard errors of 500 draws


def test_where_nothing_can_be_said_nothing_is():
    assert np.isnan(diebold_mariano([]).p)
    assert np.isnan(diebold_mariano([1.0]).p)
    assert np.isnan(diebold_mariano([1.0, 1.0, 1.0]).p)
    assert diebold_mariano([0.0, 0.0, 0.0]).p == 1
    assert np.isnan(diebold_mariano([1.0, 2.0, 4.0], 12).p)
