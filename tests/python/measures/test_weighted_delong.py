"""Weighted DeLong: the definition written slowly, invariances, and intervals that cover."""

import numpy as np
import pytest

import bineural as bn
from bineural.errors import InputError


def draw(n_rows, n_levels, seed=7):
    rng = np.random.default_rng(seed)
    y_true = rng.integers(0, 2, n_rows)
    y_true[:4] = [0, 1, 0, 1]
    first = rng.normal(size=n_rows) + 0.7 * y_true
    second = first + rng.normal(size=n_rows)
    if n_levels:
        first, second = (np.floor(n_levels / (1 + np.exp(-s))) for s in (first, second))
    return y_true, first, second, rng.uniform(0.2, 3, n_rows)


def covariance_by_definition(y_true, weights, *scores):
    """Compute the covariance of weighted AUROCs from the full matrices of pairs."""
    gaps = {0: [], 1: []}
    w1, w0 = (weights[y_true == k] / weights[y_true == k].sum() for k in (1, 0))
    areas = []
    for score in scores:
        events, others = score[y_true == 1][:, None], score[y_true == 0]
        pairs = (events > others) + 0.5 * (events == others)
        areas.append(w1 @ pairs @ w0)
        gaps[1].append(w1 * (pairs @ w0 - areas[-1]))
        gaps[0].append(w0 * (w1 @ pairs - areas[-1]))
    n1, n0 = w1.size, w0.size
    gaps = {k: np.array(g) for k, g in gaps.items()}
    return areas, gaps[1] @ gaps[1].T * n1 / (n1 - 1) + gaps[0] @ gaps[0].T * n0 / (n0 - 1)


@pytest.mark.parametrize("n_levels", [3, 20, None])
def test_weighted_variances_equal_their_definition(n_levels):
    y_true, first, second, weights = draw(90, n_levels)
    areas, covariance = covariance_by_definition(y_true, weights, first, second)
    found = bn.compare_aurocs(y_true, first, second, weights=weights)
    assert [found.auroc_a, found.auroc_b] == pytest.approx(areas, rel=1e-13)
    assert [found.variance_a, found.variance_b, found.covariance] == pytest.approx(
        [covariance[0, 0], covariance[1, 1], covariance[0, 1]], rel=1e-11
    )
    interval = bn.auroc_interval(y_true, first, weights=weights)
    assert interval.estimate == bn.auroc(y_true, first, weights)
    assert interval.variance == pytest.approx(covariance[0, 0], rel=1e-12)


@pytest.mark.parametrize("n_levels", [5, None])
def test_equal_weights_give_delong_and_their_scale_does_not_count(n_levels):
    y_true, first, second, weights = draw(60, n_levels)
    plain = bn.compare_aurocs(y_true, first, second).to_dict()
    assert bn.compare_aurocs(y_true, first, second, weights=np.full(60, 3.0)).to_dict() == pytest.approx(
        plain, rel=1e-11
    )
    some, more = (bn.auroc_interval(y_true, first, weights=k * weights) for k in (1, 1e6))
    assert [some.low, some.high] == pytest.approx([more.low, more.high], rel=1e-12)


def test_rows_of_weight_zero_are_left_out():
    y_true, first, second, weights = draw(60, 10)
    weights[::3] = 0
    kept = weights > 0
    there = bn.compare_aurocs(y_true, first, second, weights=weights)
    assert there == bn.compare_aurocs(y_true[kept], first[kept], second[kept], weights=weights[kept])
    assert there.n == kept.sum()


def test_scores_that_rank_alike_compare_as_equal_with_weights_too():
    y_true, score, _, weights = draw(80, 6)
    found = bn.compare_aurocs(y_true, score, np.exp(-score[::1]) * -5, weights=weights)
    assert (found.statistic, found.p_value, found.difference) == (0, 1, 0)


def test_a_perfect_weighted_auroc_has_a_bound_of_effective_rows():
    y_true, weights = np.repeat([0, 1], [6, 4]), np.array([1.0] * 6 + [1, 1, 1, 3])
    interval = bn.auroc_interval(y_true, np.arange(10), weights=weights)
    assert interval.method == "exact"
    assert interval.low == pytest.approx(0.025 ** (1 / (6**2 / 12)))


def test_weighted_intervals_cover_where_weights_undo_unequal_sampling():
    # Rows of low |x| are sampled at a fifth of the rate of others; weights undo it.
    rng, missed, naive, draws = np.random.default_rng(4), 0, 0, 400
    big = rng.normal(size=(200_000, 2))
    event = rng.random(200_000) < 1 / (1 + np.exp(-1.5 * big[:, 0]))
    truth = bn.auroc(event, big[:, 0])
    chance = np.where(np.abs(big[:, 0]) < 1, 0.2, 1.0) * 300 / 100_000
    for _ in range(draws):
        rows = rng.random(200_000) < chance
        found = bn.auroc_interval(event[rows], big[rows, 0], weights=1 / chance[rows])
        missed += not found.low <= truth <= found.high
        plain = bn.auroc_interval(event[rows], big[rows, 0])
        naive += not plain.low <= truth <= plain.high
    assert 0.02 < missed / draws < 0.09
    assert naive / draws > 0.2


def test_bad_weights_of_a_comparison_are_named():
    with pytest.raises(InputError, match="Found 2 weights and 3 rows"):
        bn.compare_aurocs([0, 1, 1], [1, 2, 3], [1, 2, 3], weights=[1, 2])
