import math

import numpy as np
import pytest
from scipy import stats

from bineural.comparing.corrected_t import corrected_t, correlated_bayes, detectable_difference, holm
from bineural.errors import InputError
from rjudge import r

D = np.array([0.02, 0.05, -0.01, 0.04, 0.03, 0, 0.06, -0.02, 0.01, 0.05])
NINTH = 1 / 9  # n_test / n_train of 10 folds


def close(*expected):
    return pytest.approx(expected, rel=1e-13, abs=1e-14)


def test_corrected_t_gives_the_reference_figures():
    found = corrected_t(D, NINTH)
    assert (found.t, found.p) == close(1.81978461486973, 0.102138147527424)
    assert (found.low, found.high) == close(-0.00559108397731081, 0.0515910839773108)
    assert found.df == 9
    assert found.mean == pytest.approx(D.mean())


def test_corrected_t_without_overlap_is_the_paired_t():
    found = corrected_t(D, 0)
    assert (found.t, found.p) == close(2.64408574507575, 0.0267341198732614)
    truth = stats.ttest_1samp(D, 0)
    low, high = truth.confidence_interval(0.9)
    found = corrected_t(D, 0, level=0.9)
    assert found == close(
        D.mean(), low, high, D.std(ddof=1) / math.sqrt(10), truth.statistic, 9, truth.pvalue
    )


def test_correlated_bayes_gives_the_reference_figures():
    left, rope, right = correlated_bayes(D, NINTH, 0.01)
    assert (left, rope, right) == close(0.0141123246084165, 0.151152060623055, 0.834735614768528)
    assert correlated_bayes(D, NINTH, 0).right == pytest.approx(0.948930926236288, rel=1e-13)
    twice = np.concatenate([D, 0.9 * D[::-1]])
    found = correlated_bayes(twice, NINTH, 0.01)
    assert found[::-1] == close(0.8693642187536127, 0.1277662988289593, 0.0028694824174280)


def test_bayes_of_a_mirrored_difference_is_mirrored():
    assert correlated_bayes(-D, 0.25, 0.02) == pytest.approx(correlated_bayes(D, 0.25, 0.02)[::-1], rel=1e-12)


def test_identical_models_have_p_1_and_lie_in_the_rope():
    assert corrected_t(np.zeros(100), NINTH) == (0, 0, 0, 0, 0, 99, 1)
    assert correlated_bayes(np.zeros(100), NINTH, 0) == (0, 1, 0)


@pytest.mark.parametrize("differences", [np.full(50, 0.1), [0.3], [0.0]])
def test_differences_without_spread_leave_the_test_undefined(differences):
    found = corrected_t(differences, NINTH)
    assert found.mean == differences[0]
    assert np.isnan([found.low, found.high, found.t, found.p]).all()
    assert np.isnan(correlated_bayes(differences, NINTH, 0.01)).all()
    assert math.isnan(detectable_difference(found.se, found.df))


@pytest.mark.parametrize(
    ("differences", "share", "words"),
    [
        ([0.1, np.nan], 0.1, "must not hold NaN"),
        ([0.1, np.inf], 0.1, "1 of 2 are finite"),
        ([], 0.1, "0 of 0 are finite"),
        ([0.1, 0.2], -0.1, "`test_share` must be a number of at least 0"),
        ([0.1, 0.2], np.nan, "`test_share` must be a number of at least 0"),
    ],
)
def test_corrected_t_says_what_is_wrong(differences, share, words):
    with pytest.raises(InputError, match=words):
        corrected_t(differences, share)


def test_bayes_refuses_a_negative_rope():
    with pytest.raises(InputError, match="`rope` must be"):
        correlated_bayes(D, NINTH, -0.01)


def test_holm_is_r_s_p_adjust():
    rng = np.random.default_rng(1979)
    for n in (1, 2, 7, 30):
        p = np.round(rng.uniform(0, 0.3, n), 2)  # with ties
        p[rng.uniform(size=n) < 0.2] = np.nan
        text = ", ".join("NA" if math.isnan(v) else repr(float(v)) for v in p)
        truth = np.array(r(f"p.adjust(as.numeric(c({text})), 'holm')"))
        np.testing.assert_allclose(holm(p), truth, rtol=1e-15)


def test_detectable_difference_is_found_with_the_power_named():
    assert detectable_difference(0.02, 99) == pytest.approx(
        0.02 * (stats.t.ppf(0.975, 99) + stats.t.ppf(0.8, 99)), rel=1e-13
    )
    size = detectable_difference(1.0, 30, level=0.9, power=0.7)
    found = stats.nct.sf(stats.t.ppf(0.95, 30), 30, size)
    assert found == pytest.approx(0.7, abs=0.01)
