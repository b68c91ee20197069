"""Ranks against the definitions written the slow way, pROC and scikit-learn, ties and weights included."""

import json
import math
import pathlib

import numpy as np
import pytest
from sklearn import metrics

import bineural as bn
from bineural.errors import InputError
from bineural.measures import ranking as _ranking
from rjudge import assign, numbers, r

REFERENCE = json.loads(
    (pathlib.Path(__file__).parents[1] / "reference" / "evaluation.json").read_text(encoding="utf-8")
)
Y_TRUE = np.array(REFERENCE["y_true"])
SCORES = {name: np.array(score, dtype=float) for name, score in REFERENCE["scores"].items()}


def draw(n_rows, n_levels, seed=1958):
    """Draw labels, two related scores (with ties where there are few levels) and weights."""
    rng = np.random.default_rng(seed)
    y_true = rng.integers(0, 2, n_rows)
    y_true[:4] = [0, 1, 0, 1]
    first = rng.normal(size=n_rows) + 0.7 * y_true
    second = first + rng.normal(size=n_rows)
    if n_levels:
        first, second = (np.floor(n_levels * (1 / (1 + np.exp(-s)))) for s in (first, second))
    return y_true, first, second, rng.integers(0, 4, n_rows).astype(float)


def ordered_pairs(y_true, score):
    """Compare every event with every other row: 1, one half or 0, shape (n_events, n_others)."""
    events, others = score[y_true == 1][:, None], score[y_true == 0]
    return (events > others) + 0.5 * (events == others)


def delong_by_definition(y_true, *scores):
    """Compute the areas and DeLong's covariance matrix from the full matrix of pairs."""
    pairs = [ordered_pairs(y_true, score) for score in scores]
    of_events = np.atleast_2d(np.cov([p.mean(axis=1) for p in pairs]))
    of_others = np.atleast_2d(np.cov([p.mean(axis=0) for p in pairs]))
    n_events, n_others = pairs[0].shape
    return [p.mean() for p in pairs], of_events / n_events + of_others / n_others


@pytest.mark.parametrize("n_levels", [1, 2, 5, 1000, None])  # few levels, many ties
@pytest.mark.parametrize("n_rows", [4, 7, 200])
def test_auroc_is_the_share_of_ordered_pairs(n_rows, n_levels):
    y_true, score, _, _ = draw(n_rows, n_levels)
    assert bn.auroc(y_true, score) == pytest.approx(ordered_pairs(y_true, score).mean(), rel=1e-14)


@pytest.mark.parametrize("n_levels", [2, 50, None])
def test_weighted_auroc_weighs_pairs_by_the_product_of_their_weights(n_levels):
    y_true, score, _, weights = draw(150, n_levels)
    pair_weights = weights[y_true == 1][:, None] * weights[y_true == 0]
    by_pairs = (pair_weights * ordered_pairs(y_true, score)).sum() / pair_weights.sum()
    assert bn.auroc(y_true, score, weights) == pytest.approx(by_pairs, rel=1e-13)


@pytest.mark.parametrize("n_levels", [3, 100, None])
@pytest.mark.parametrize("weighted", [False, True])
def test_ranking_measures_equal_scikit_learn(n_levels, weighted):
    y_true, score, _, weights = draw(3000, n_levels, seed=7)
    weights = weights if weighted else None
    assert bn.auroc(y_true, score, weights) == pytest.approx(
        metrics.roc_auc_score(y_true, score, sample_weight=weights), rel=1e-12
    )
    assert bn.average_precision(y_true, score, weights) == pytest.approx(
        metrics.average_precision_score(y_true, score, sample_weight=weights), rel=1e-12
    )


def test_whole_weights_repeat_rows():
    y_true, score, _, weights = draw(100, 10)
    repeated = np.repeat(np.arange(100), weights.astype(int))
    for measure in (bn.auroc, bn.average_precision):
        assert measure(y_true, score, weights) == pytest.approx(measure(y_true[repeated], score[repeated]))


def test_weighted_auroc_of_kyphosis_is_the_known_number():
    assert bn.auroc(Y_TRUE, SCORES["B"], np.tile([1, 2, 3], 27)) == pytest.approx(
        0.821262002743484, rel=1e-13
    )


def test_auroc_depends_on_order_only_and_turns_with_the_score():
    y_true, score, _, _ = draw(300, 20)
    area = bn.auroc(y_true, score)
    assert bn.auroc(y_true, np.exp(score / 3) - 5) == area
    assert bn.auroc(y_true, -score) == pytest.approx(1 - area, rel=1e-14)
    assert bn.auroc(1 - y_true, score) == pytest.approx(1 - area, rel=1e-14)


def test_infinite_scores_and_signed_zeros_rank_as_numbers_do():
    assert bn.auroc([0, 1, 0, 1], [-np.inf, np.inf, np.inf, 0.0]) == 0.625
    assert bn.auroc([0, 1], [0.0, -0.0]) == 0.5


@pytest.mark.parametrize("n_levels", [2, 5, 1000, None])
def test_delong_equals_its_definition(n_levels):
    y_true, first, second, _ = draw(120, n_levels)
    areas, covariance = delong_by_definition(y_true, first, second)
    comparison = bn.compare_aurocs(y_true, first, second)
    assert [comparison.auroc_a, comparison.auroc_b] == pytest.approx(areas, rel=1e-13)
    assert comparison.variance_a == pytest.approx(covariance[0, 0], rel=1e-12)
    assert comparison.variance_b == pytest.approx(covariance[1, 1], rel=1e-12)
    assert comparison.covariance == pytest.approx(covariance[0, 1], rel=1e-11)
    assert bn.auroc_interval(y_true, first).variance == pytest.approx(covariance[0, 0], rel=1e-12)


def test_placements_of_either_class_average_to_the_area():
    y_true, score, _, _ = draw(200, 8)
    area, placement = _ranking.place(y_true == 1, score)
    assert placement[y_true == 1].mean() == pytest.approx(area, rel=1e-13)
    assert placement[y_true == 0].mean() == pytest.approx(area, rel=1e-13)


@pytest.mark.parametrize("name", "ABCD")
def test_intervals_of_kyphosis_equal_proc(name):
    reference = REFERENCE["single"][name]
    logit = bn.auroc_interval(Y_TRUE, SCORES[name])
    plain = bn.auroc_interval(Y_TRUE, SCORES[name], method="delong")
    assert logit.estimate == plain.estimate == pytest.approx(reference["auroc"], rel=1e-14)
    assert logit.variance == plain.variance == pytest.approx(reference["variance"], rel=1e-12)
    assert [logit.low, logit.high] == pytest.approx(reference["logit"], rel=1e-12)
    assert [plain.low, plain.high] == pytest.approx(reference["delong"], rel=1e-12)
    assert (logit.method, plain.method, logit.n, logit.n_events) == ("logit", "delong", 81, 17)


@pytest.mark.parametrize("pair", REFERENCE["pairs"], ids=lambda pair: pair["a"] + pair["b"])
def test_paired_comparisons_of_kyphosis_equal_proc(pair):
    ours = bn.compare_aurocs(Y_TRUE, SCORES[pair["a"]], SCORES[pair["b"]])
    for field in ("statistic", "p_value", "low", "high", "covariance"):
        assert getattr(ours, field) == pytest.approx(pair[field], rel=1e-11), field


@pytest.mark.parametrize("n_levels", [4, None])
def test_proc_run_live_gives_the_same_numbers(n_levels):
    y_true, first, second, _ = draw(400, n_levels, seed=3)
    assign("y", y_true)
    assign("a", first)
    assign("b", second)
    r("suppressMessages(library(pROC))")
    r("ra <- roc(y, a, levels = c(0, 1), direction = '<', quiet = TRUE)")
    r("rb <- roc(y, b, levels = c(0, 1), direction = '<', quiet = TRUE)")
    r("test <- roc.test(ra, rb, method = 'delong', paired = TRUE, conf.level = 0.9)")
    ours = bn.compare_aurocs(y_true, first, second, level=0.9)
    mine = [ours.auroc_a, ours.variance_a, ours.variance_b, ours.statistic, ours.p_value, ours.low, ours.high]
    assert mine == pytest.approx(
        numbers("c(auc(ra), var(ra), var(rb), test$statistic, test$p.value, test$conf.int)"),
        rel=1e-12,
        abs=1e-14,
    )
    plain = bn.auroc_interval(y_true, first, level=0.9, method="delong")
    limits = numbers("as.numeric(ci.auc(ra, conf.level = 0.9))")
    assert [plain.low, plain.estimate, plain.high] == pytest.approx(limits, rel=1e-12)
    points = bn.roc_points(y_true, first)
    table = numbers(
        "as.matrix(coords(ra, 'all', ret = c('threshold', 'sensitivity', 'specificity'), transpose = FALSE))"
    )
    assert points.to_numpy() == pytest.approx(table.reshape(points.shape), rel=1e-13)


def test_swapping_the_scores_turns_the_comparison_round():
    y_true, first, second, _ = draw(100, 30)
    there, back = bn.compare_aurocs(y_true, first, second), bn.compare_aurocs(y_true, second, first)
    assert there.statistic == pytest.approx(-back.statistic)
    assert there.p_value == pytest.approx(back.p_value)
    assert [there.low, there.high] == pytest.approx([-back.high, -back.low])


def test_identical_scores_compare_as_equal():
    y_true, score, _, _ = draw(50, 10)
    for other in (score, np.exp(score)):
        ours = bn.compare_aurocs(y_true, score, other)
        assert (ours.statistic, ours.p_value, ours.difference, ours.low, ours.high) == (0, 1, 0, 0, 0)


def test_a_difference_without_variance_has_no_p():
    ours = bn.compare_aurocs([0, 0, 1, 1], [1, 2, 3, 4], [4, 3, 2, 1])
    assert ours.difference == 1
    assert all(math.isnan(x) for x in (ours.statistic, ours.p_value, ours.low, ours.high))


@pytest.mark.parametrize("y_true", [[1, 0, 0, 0], [0, 1, 1, 1]])
def test_one_row_of_a_class_leaves_the_variance_undefined(y_true):
    interval = bn.auroc_interval(y_true, [2, 1, 3, 4])
    assert interval.estimate == bn.auroc(y_true, [2, 1, 3, 4])
    assert interval.method == "undefined"
    comparison = bn.compare_aurocs(y_true, [2, 1, 3, 4], [1, 2, 3, 4])
    for value in (interval.variance, interval.low, interval.high, comparison.p_value, comparison.low):
        assert math.isnan(value)


@pytest.mark.parametrize("n_events, n_others", [(2, 5), (4, 16), (30, 10)])
def test_a_perfect_auroc_gets_the_clopper_pearson_bound(n_events, n_others):
    y_true = np.repeat([0, 1], [n_others, n_events])
    k = min(n_events, n_others)
    bound = numbers(f"binom.test({k}, {k})$conf.int[1]").item()
    above = bn.auroc_interval(y_true, np.arange(y_true.size))
    below = bn.auroc_interval(y_true, -np.arange(y_true.size))
    assert (above.estimate, above.high, above.method) == (1, 1, "exact")
    assert above.low == pytest.approx(bound, rel=1e-12)
    assert (below.estimate, below.low, below.method) == (0, 0, "exact")
    assert below.high == pytest.approx(1 - bound, rel=1e-12)
    plain = bn.auroc_interval(y_true, np.arange(y_true.size), method="delong")
    assert (plain.low, plain.high) == (1, 1)  # as pROC


def test_the_exact_bound_covers_in_small_test_sets():
    rng = np.random.default_rng(11)
    truth, missed, draws = 0.95, 0, 2000
    shift = math.sqrt(2) * 1.6448536269514722  # normal scores with this AUROC
    for _ in range(draws):
        score = rng.normal(size=12)
        score[:4] += shift
        interval = bn.auroc_interval(np.repeat([1, 0], [4, 8]), score)
        missed += not interval.low <= truth <= interval.high
    assert missed / draws < 0.07


def test_a_constant_score_is_worth_one_half():
    interval = bn.auroc_interval([0, 1, 0, 1], [3, 3, 3, 3])
    assert (interval.estimate, interval.low, interval.high, interval.variance) == (0.5, 0.5, 0.5, 0)


def test_the_logit_interval_lies_inside_zero_and_one_and_widens_with_the_level():
    y_true, score, _, _ = draw(20, None)
    narrow, wide = (bn.auroc_interval(y_true, score, level) for level in (0.5, 0.999))
    assert 0 < wide.low < narrow.low < narrow.estimate < narrow.high < wide.high < 1


@pytest.mark.parametrize("level", [0, 1, -0.1, 95, "high", None, math.nan])
def test_levels_outside_zero_and_one_are_refused(level):
    with pytest.raises(InputError, match="`level` must be a number strictly between 0 and 1"):
        bn.auroc_interval([0, 1], [1, 2], level)


def test_unknown_methods_are_refused():
    with pytest.raises(InputError, match="must be one of 'logit', 'delong', 'bootstrap'"):
        bn.auroc_interval([0, 1], [1, 2], method="wald")


def test_a_million_pairs_are_counted_exactly():
    rng = np.random.default_rng(5)
    event, score = rng.random(200_000) < 0.3, rng.integers(0, 1000, 200_000).astype(float)
    events, others = np.bincount(score[event].astype(int)), np.bincount(score[~event].astype(int))
    below = np.concatenate([[0], np.cumsum(others)[:-1]])
    exact = int((events * (2 * below + others)).sum()) / (2 * int(events.sum()) * int(others.sum()))
    assert bn.auroc(event, score) == exact


def test_comparison_and_interval_are_plain_values_and_print_n_first():
    y_true, first, second, _ = draw(40, None)
    for record in (bn.auroc_interval(y_true, first), bn.compare_aurocs(y_true, first, second)):
        assert str(record).startswith(f"n = 40, events = {y_true.sum()}: AUROC ")
        assert all(type(value) in (float, int, str) for value in record.to_dict().values())


@pytest.mark.parametrize(
    "scores, fits",
    [
        ([0.0, -0.0, 1.0, -1.0, 5e-324, -5e-324, 1.5], True),
        ([0.0, -0.0, 0.0, -0.0], True),
        ([3.0, 4.0, 1e300, np.inf, np.nextafter(4.0, 5)], True),
        ([0.1, 0.3 - 0.2, 0.1, np.nextafter(0.1, 0), -0.1], True),
        ([-np.inf, np.inf, 0.0, 1e-3], False),
        ([1e308, -1e308, 5e-324, -5e-324, 0.0], False),
        ([1e200, -1e200, 1e-100, -1e-100, 0.0], True),
    ],
)
def test_packed_scores_sort_as_scores_do(scores, fits):
    rng = np.random.default_rng(6)
    score = rng.choice(np.array(scores), 300)
    event = rng.random(300) < 0.5
    keys = _ranking._pack(event, score)
    assert (keys is not None) == fits
    if fits:
        assert np.array_equal(np.sign(np.subtract.outer(keys >> 1, keys >> 1)), np.sign(_order(score)))
        assert np.array_equal(keys & 1, event)
    assert bn.auroc(event, score) == pytest.approx(ordered_pairs(event, score).mean(), rel=1e-14)


def _order(score):
    return (score[:, None] > score).astype(int) - (score[:, None] < score)


def test_packed_scores_of_any_size_sort_as_scores_do():
    rng = np.random.default_rng(8)
    bits = rng.integers(-(2**63), 2**63, 400_000)
    score = bits.view(np.float64)
    score = score[np.isfinite(score)]
    for low, high in ((0, np.inf), (1e-150, 1e150), (0, 1e-200), (1e10, np.inf)):
        part = score[(np.abs(score) > low) & (np.abs(score) < high)]
        part = np.concatenate([part, part[:50]])
        event = rng.random(part.size) < 0.5
        sorted_event, ends = _ranking._sort_events(event, part)
        order, same_ends = _ranking._sort_rows(part)
        assert np.array_equal(ends, same_ends)
        assert np.array_equal(np.cumsum(sorted_event)[ends], np.cumsum(event[order])[ends])
