"""Thresholds, parts and points of curves and net benefit, judged by pROC and by their definitions."""

import itertools
import json
import math
import pathlib

import numpy as np
import pytest
from sklearn import metrics

import bineural as bn
from bineural.errors import InputError
from rjudge import assign, numbers, r

REFERENCE = json.loads(
    (pathlib.Path(__file__).parents[2] / "reference" / "evaluation.json").read_text(encoding="utf-8")
)
Y_TRUE = np.array(REFERENCE["y_true"])
SCORES = {name: np.array(score, dtype=float) for name, score in REFERENCE["scores"].items()}


def draw(n_rows, n_levels=None, seed=2):
    rng = np.random.default_rng(seed)
    y_true = np.concatenate([[0, 1], rng.integers(0, 2, n_rows - 2)])
    score = rng.normal(size=n_rows) + y_true
    return y_true, np.round(score * n_levels) / n_levels if n_levels else score, rng.uniform(0.5, 3, n_rows)


# ---- threshold ----


def test_youden_s_threshold_of_kyphosis_is_proc_s():
    best = bn.threshold(Y_TRUE, SCORES["B"])
    assert (best.threshold, best.criterion, best.n, best.n_events) == (-12.5, "youden", 81, 17)
    assert [best.sensitivity, best.specificity] == pytest.approx([0.882352941176471, 0.6875], rel=1e-14)


@pytest.mark.parametrize("name", "ABCD")
@pytest.mark.parametrize(
    "ours, theirs",
    [
        ({}, "best.method = 'youden'"),
        ({"criterion": "topleft"}, "best.method = 'closest.topleft'"),
        ({"costs": (1, 5)}, "best.method = 'youden', best.weights = c(5, 17 / 81)"),
        ({"costs": (2, 1), "prevalence": 0.4}, "best.method = 'youden', best.weights = c(0.5, 0.4)"),
        ({"criterion": "accuracy"}, "best.method = 'youden', best.weights = c(1, 17 / 81)"),
    ],
)
def test_best_thresholds_equal_proc(name, ours, theirs):
    assign("y", Y_TRUE)
    assign("s", SCORES[name])
    r("suppressMessages(library(pROC)); curve <- roc(y, s, levels = c(0, 1), direction = '<', quiet = TRUE)")
    columns = ("threshold", "sensitivity", "specificity")
    if "prevalence" not in ours:
        columns += ("ppv", "npv", "accuracy")
    ret = ", ".join(f"'{c}'" for c in columns)
    table = numbers(f"as.matrix(coords(curve, 'best', {theirs}, ret = c({ret}), transpose = FALSE))")
    best = bn.threshold(Y_TRUE, SCORES[name], **ours)
    table = table.reshape(-1, len(columns))
    assert best.n_best >= len(table)  # pROC loses ties to rounding
    assert [getattr(best, c) for c in columns] == pytest.approx(
        table[np.argsort(table[:, 0])[0]], rel=1e-12, nan_ok=True
    )


@pytest.mark.parametrize("n_levels", [3, None])
def test_the_smallest_cost_is_the_smallest_over_all_thresholds(n_levels):
    y_true, score, weights = draw(60, n_levels)
    best = bn.threshold(y_true, score, costs=(3, 2), weights=weights)
    costs = {}
    for cut in [-np.inf, *np.unique(score), np.inf]:
        called = score >= cut
        loss = 3 * (called & (y_true == 0)) + 2 * (~called & (y_true == 1))
        costs[cut] = np.average(loss, weights=weights)
    assert best.cost == pytest.approx(min(costs.values()), rel=1e-12)
    called = score >= best.threshold
    assert best.cost == pytest.approx(costs[min(score[called], default=np.inf)])
    assert best.accuracy == pytest.approx(np.average(called == y_true, weights=weights))
    assert best.ppv == pytest.approx(np.average(y_true[called], weights=weights[called]))
    assert best.npv == pytest.approx(np.average(1 - y_true[~called], weights=weights[~called]))


def test_prevalence_moves_predictive_values_by_bayes():
    best = bn.threshold(Y_TRUE, SCORES["B"], prevalence=0.01)
    hits, alarms = 0.01 * best.sensitivity, 0.99 * (1 - best.specificity)
    assert best.threshold == -12.5
    assert best.ppv == pytest.approx(hits / (hits + alarms))
    assert best.npv == pytest.approx(0.99 * best.specificity / (0.99 * best.specificity + 0.01 - hits))


def test_costs_may_call_all_or_none_and_what_is_undefined_is_nan():
    none = bn.threshold([0, 0, 1, 0], [1, 2, 3, 4], costs=(100, 1))
    every = bn.threshold([0, 0, 1, 0], [4, 3, 1, 2], costs=(1, 100))
    assert (none.threshold, every.threshold) == (math.inf, -math.inf)
    assert math.isnan(none.ppv) and none.npv == 0.75
    assert math.isnan(every.npv) and every.ppv == 0.25


def test_of_equally_good_thresholds_the_most_sensitive_is_given():
    best = bn.threshold([0, 1, 0, 1], [1, 2, 3, 4])
    assert (best.threshold, best.n_best, best.sensitivity) == (1.5, 2, 1)
    assert "2 thresholds are equally good" in str(best)


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"criterion": "gini"}, "must be one of 'youden', 'topleft', 'cost', 'accuracy'"),
        ({"criterion": "cost"}, "Costs must be named"),
        ({"criterion": "youden", "costs": (1, 2)}, "Costs must be named"),
        ({"costs": (1, -2)}, "two positive numbers"),
        ({"costs": 3}, "two positive numbers"),
        ({"costs": (1, math.inf)}, "two positive numbers"),
        ({"prevalence": 1}, "`prevalence` must be a number strictly between"),
    ],
)
def test_bad_choices_are_named(arguments, words):
    with pytest.raises(InputError, match=words):
        bn.threshold([0, 1, 0, 1], [1, 2, 3, 4], **arguments)


# ---- parts and points of curves ----


def test_partial_areas_of_kyphosis_are_the_known_figures():
    found = [bn.partial_auroc(Y_TRUE, SCORES["B"], specificity=(0.9, 1), corrected=c) for c in (False, True)]
    assert found == pytest.approx([0.0131066176470588, 0.542666408668731], rel=1e-12)


@pytest.mark.parametrize("focus", ["specificity", "sensitivity"])
@pytest.mark.parametrize("limits", [(0.8, 1), (0.25, 0.6), (0, 1)])
@pytest.mark.parametrize("n_levels", [2, None])
def test_partial_areas_equal_proc(focus, limits, n_levels):
    y_true, score, _ = draw(90, n_levels, seed=5)
    assign("y", y_true)
    assign("s", score)
    r("suppressMessages(library(pROC)); curve <- roc(y, s, levels = c(0, 1), direction = '<', quiet = TRUE)")
    for corrected in (False, True):
        flag = str(corrected).upper()
        truth = numbers(
            f"as.numeric(auc(curve, partial.auc = c({limits[1]}, {limits[0]}), partial.auc.focus = '{focus}',"
            f" partial.auc.correct = {flag}))"
        )
        assert bn.partial_auroc(y_true, score, **{focus: limits}, corrected=corrected) == pytest.approx(
            truth.item(), rel=1e-11
        )


def test_the_whole_range_is_the_auroc_weights_included():
    y_true, score, weights = draw(70, 3)
    whole = bn.auroc(y_true, score, weights)
    assert bn.partial_auroc(y_true, score, specificity=(0, 1), weights=weights) == pytest.approx(whole)
    assert bn.partial_auroc(
        y_true, score, sensitivity=(0, 1), corrected=True, weights=weights
    ) == pytest.approx(whole)


@pytest.mark.parametrize(
    "ranges",
    [{}, {"specificity": (0, 1), "sensitivity": (0, 1)}, {"specificity": (1, 0.9)}, {"sensitivity": 0.9}],
)
def test_one_rising_range_must_be_named(ranges):
    with pytest.raises(InputError, match="must be"):
        bn.partial_auroc([0, 1], [1, 2], **ranges)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("n_levels", [2, None])
def test_precision_recall_points_equal_scikit_learn(n_levels, weighted):
    y_true, score, weights = draw(80, n_levels)
    weights = weights if weighted else None
    precision, recall, _ = metrics.precision_recall_curve(y_true, score, sample_weight=weights)
    points = bn.pr_points(y_true, score, weights)
    assert points["precision"].to_numpy() == pytest.approx(precision[:-1], rel=1e-12)
    assert points["recall"].to_numpy() == pytest.approx(recall[:-1], rel=1e-12)
    gained = -np.diff(points["recall"], append=0)
    assert gained @ points["precision"] == pytest.approx(bn.average_precision(y_true, score, weights))
    for point in points.itertuples():
        called = score >= point.threshold
        assert point.recall == pytest.approx(
            np.average(called[y_true == 1], weights=None if weights is None else weights[y_true == 1])
        )


def test_weighted_roc_points_enclose_the_weighted_auroc():
    y_true, score, weights = draw(80, 3)
    points = bn.roc_points(y_true, score, weights)
    area = np.trapezoid(points["sensitivity"], points["specificity"])
    assert area == pytest.approx(bn.auroc(y_true, score, weights), rel=1e-12)


# ---- net benefit ----


@pytest.mark.parametrize("weighted", [False, True])
def test_net_benefit_is_events_found_less_vain_treatments_at_the_odds(weighted):
    rng = np.random.default_rng(9)
    probability = np.round(rng.random(80), 2)
    y_true, weights = (rng.random(80) < probability).astype(int), rng.uniform(0.5, 2, 80)
    found = bn.net_benefit(y_true, probability, weights=weights if weighted else None)
    weights = weights if weighted else np.ones(80)
    for row in found.table.itertuples():
        treated = probability >= row.threshold
        odds = row.threshold / (1 - row.threshold)
        gain = np.where(y_true == 1, 1.0, -odds)
        assert row.model == pytest.approx((weights * treated * gain).sum() / weights.sum(), abs=1e-13)
        assert row.treat_all == pytest.approx((weights * gain).sum() / weights.sum(), abs=1e-13)
        assert row.treat_none == 0
    assert len(found.table) == 99


def test_at_threshold_zero_all_are_treated():
    table = bn.net_benefit([0, 1, 0], [0.2, 0.3, 0.0], thresholds=[0]).table
    assert table["model"].tolist() == table["treat_all"].tolist() == [1 / 3]


def test_the_record_says_where_the_model_is_worth_more():
    found = bn.net_benefit([0, 0, 1, 1], [0.1, 0.2, 0.7, 0.8], thresholds=[0.05, 0.15, 0.5, 0.9])
    assert str(found).split("\n") == [
        "n = 4, events = 2, 4 thresholds",
        "The model is worth more than treating all or none at 2 of 4 thresholds, from 0.15 to 0.5.",
    ]
    assert "At no threshold" in str(bn.net_benefit([0, 1], [0.5, 0.5]))
    assert found.to_dict()["table"]["threshold"] == [0.05, 0.15, 0.5, 0.9]


@pytest.mark.parametrize("thresholds", [[1], [-0.1, 0.5], [], [math.nan]])
def test_thresholds_are_probabilities_under_one(thresholds):
    with pytest.raises(InputError, match="`thresholds` must"):
        bn.net_benefit([0, 1], [0.2, 0.4], thresholds)


def test_numbers_of_curves_are_monotone():
    y_true, score, _ = draw(50, 2)
    roc, pr = bn.roc_points(y_true, score), bn.pr_points(y_true, score)
    for one, other in itertools.pairwise(roc.itertuples()):
        assert one.sensitivity >= other.sensitivity and one.specificity <= other.specificity
    assert pr["recall"].is_monotonic_decreasing
