"""Calibration against R's glm, scikit-learn's bins and the figures of the leave-one-out GLM."""

import math

import numpy as np
import pandas as pd
import pytest
from sklearn.calibration import calibration_curve

import bineural as bn
from bineural.errors import InputError
from rjudge import assign, numbers, r


@pytest.fixture(scope="module")
def left_out():
    """The event and its probability by the GLM that was fitted to all other rows of kyphosis."""
    r("k <- rpart::kyphosis; y <- as.integer(k$Kyphosis == 'present')")
    probability = numbers(
        "sapply(1:81, function(i) predict(glm(Kyphosis ~ Age + Number + Start, binomial, k[-i, ]), k[i, ],"
        " type = 'response'))"
    )
    return numbers("y").astype(int), probability


def test_the_glm_left_out_has_the_known_figures(left_out):
    found = bn.calibration(*left_out)
    assert found.slope == pytest.approx(0.684972217170669, rel=1e-12)
    assert found.intercept == pytest.approx(-0.354327997295385, rel=1e-12)
    assert found.in_the_large == pytest.approx(-0.0167900645931301, rel=1e-12)
    assert found.ece == pytest.approx(0.0954053267618774, rel=1e-12)
    assert (found.n, found.n_events, found.undefined, found.n_certain) == (81, 17, {}, 0)


@pytest.mark.parametrize("weighted", [False, True])
def test_slopes_and_intervals_are_those_of_r_s_glm(weighted):
    rng = np.random.default_rng(1)
    probability = rng.beta(1, 2, 150)
    y_true = (rng.random(150) < probability**1.5).astype(int)
    weights = rng.uniform(0.5, 4, 150) if weighted else None
    found = bn.calibration(y_true, probability, weights=weights, level=0.9)
    for name, values in (
        ("y", y_true),
        ("p", probability),
        ("w", np.ones(150) if weights is None else weights),
    ):
        assign(name, values)
    r("x <- qlogis(p); line <- suppressWarnings(glm(y ~ x, binomial, weights = w))")
    r("shift <- suppressWarnings(glm(y ~ 1, binomial, offset = x, weights = w))")
    r("""reach <- function(f) {
      if (all(w == 1)) return(qnorm(0.95) * sqrt(diag(vcov(f))))
      d <- model.matrix(f)
      bread <- solve(crossprod(d * sqrt(w * fitted(f) * (1 - fitted(f)))))
      qnorm(0.95) * sqrt(diag(bread %*% crossprod(d * w * (y - fitted(f))) %*% bread))
    }""")
    assert [found.intercept, found.slope] == pytest.approx(numbers("coef(line)"), rel=1e-12)
    assert [found.in_the_large] == pytest.approx(numbers("coef(shift)"), rel=1e-12)
    assert [found.intercept_high - found.intercept, found.slope - found.slope_low] == pytest.approx(
        numbers("reach(line)"), rel=1e-10
    )
    assert [found.in_the_large_high - found.in_the_large] == pytest.approx(numbers("reach(shift)"), rel=1e-10)


def test_limits_lie_beside_the_estimate_where_probabilities_are_nearly_the_same():
    rng = np.random.default_rng(0)
    probability = 0.3 + 1e-8 * rng.random(60)
    y_true, weights = rng.random(60) < 0.4, rng.uniform(0.5, 2, 60)
    found = bn.calibration(y_true, probability, weights=weights)
    assert found.slope_low < found.slope < found.slope_high


def test_recalibrated_probabilities_have_slope_one():
    rng = np.random.default_rng(2)
    probability = rng.random(200)
    y_true = rng.random(200) < probability**2
    found = bn.calibration(y_true, probability)
    logit = found.intercept + found.slope * np.log(probability / (1 - probability))
    again = bn.calibration(y_true, 1 / (1 + np.exp(-logit)))
    assert [again.slope, again.intercept, again.in_the_large] == pytest.approx([1, 0, 0], abs=1e-6)


@pytest.mark.parametrize("strategy", ["uniform", "quantile"])
@pytest.mark.parametrize("bins", [1, 4, 10])
@pytest.mark.parametrize("digits", [1, 9])
def test_bins_equal_scikit_learn(strategy, bins, digits):
    rng = np.random.default_rng(3)
    probability = np.round(rng.beta(0.5, 1, 300), digits)
    y_true = rng.random(300) < probability
    table = bn.calibration(y_true, probability, bins=bins, strategy=strategy).bins
    observed, predicted = calibration_curve(y_true, probability, n_bins=bins, strategy=strategy)
    assert table["observed"].to_numpy() == pytest.approx(observed, rel=1e-12)
    assert table["mean_predicted"].to_numpy() == pytest.approx(predicted, rel=1e-12, abs=1e-15)
    assert table["n"].sum() == 300
    assert (table["lower"] <= table["mean_predicted"] + 1e-12).all()
    assert (table["mean_predicted"] <= table["upper"] + 1e-12).all()


def test_intervals_of_shares_are_wilson_s():
    y_true, probability = np.repeat([1, 0], [3, 7]), np.full(10, 0.25)
    row = bn.calibration(y_true, probability).bins.iloc[0]
    assert [row["low"], row["high"]] == pytest.approx(numbers("prop.test(3, 10, correct = FALSE)$conf.int"))


def test_the_error_is_the_mean_distance_over_rows_weights_included():
    rng = np.random.default_rng(5)
    probability, weights = rng.random(100), rng.integers(0, 4, 100).astype(float)
    y_true = rng.integers(0, 2, 100)
    rows = np.repeat(np.arange(100), weights.astype(int))
    bins = np.minimum((probability[rows] * 10).astype(int), 9)
    by_hand = sum(abs((probability[rows] - y_true[rows])[bins == k].sum()) for k in range(10)) / rows.size
    found = bn.calibration(y_true, probability, weights=weights)
    repeated = bn.calibration(y_true[rows], probability[rows])
    assert found.ece == pytest.approx(by_hand, rel=1e-12)
    assert [found.slope, found.intercept] == pytest.approx([repeated.slope, repeated.intercept], rel=1e-7)
    assert found.bins["observed"].to_numpy() == pytest.approx(repeated.bins["observed"].to_numpy())


@pytest.mark.parametrize(
    "y_true, probability, names, reason",
    [
        ([0, 0, 1, 1], [0.1, 0.2, 0.3, 0.4], ["intercept", "slope"], "separate events from other rows"),
        ([1, 1, 0, 0], [0.1, 0.2, 0.2, 0.4], ["intercept", "slope"], "separate events from other rows"),
        ([0, 1, 0, 1], [0.3, 0.3, 0.3, 0.3], ["intercept", "slope"], "the same probability"),
        ([1, 1], [0.3, 0.4], ["in_the_large", "intercept", "slope"], "all 2 rows are events"),
        ([0, 0], [0.3, 0.4], ["in_the_large", "intercept", "slope"], "all 2 rows are without the event"),
    ],
)
def test_what_is_undefined_is_nan_with_its_reason(y_true, probability, names, reason):
    found = bn.calibration(y_true, probability)
    assert sorted(found.undefined) == names
    assert all(reason in why for why in found.undefined.values())
    for name in ("slope", "intercept", "in_the_large"):
        values = [getattr(found, name + end) for end in ("", "_low", "_high")]
        assert [math.isnan(v) for v in values] == [name in names] * 3
    assert 0 <= found.ece <= 1
    assert reason in str(found)


def test_just_overlapping_classes_have_a_slope():
    found = bn.calibration([0, 1, 0, 1], [0.1, 0.2, 0.21, 0.4])
    assert found.undefined == {} and found.slope > 0


def test_certain_probabilities_are_cut_and_counted():
    found = bn.calibration([0, 1, 0, 1, 1], [0.0, 0.6, 0.7, 1.0, 0.0])
    assert found.n_certain == 3 and math.isfinite(found.slope)
    assert "3 probabilities are 0 or 1" in str(found)


def test_the_record_prints_n_first_and_becomes_plain_values(left_out):
    found = bn.calibration(*left_out)
    assert str(found).startswith("n = 81, events = 17, 9 bins (uniform)\n\nslope")
    plain = found.to_dict()
    assert plain["bins"]["n"] == found.bins["n"].tolist()
    assert pd.DataFrame(plain["bins"]).equals(found.bins)


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"bins": 0}, "`bins` must be a whole number of at least 1"),
        ({"bins": 2.5}, "Found 2.5"),
        ({"strategy": "kmeans"}, "`strategy` must be one of 'uniform', 'quantile'"),
        ({"level": 2}, "`level`"),
        ({"probability": [0.1, 1.2]}, "between 0 and 1"),
    ],
)
def test_bad_arguments_are_named(arguments, words):
    with pytest.raises(InputError, match=words):
        bn.calibration(**{"y_true": [0, 1], "probability": [0.1, 0.2], **arguments})
