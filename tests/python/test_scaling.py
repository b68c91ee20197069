"""Columns by median and quartiles, or as normal quantiles: as RealMLP and scikit-learn have them."""

import math
import warnings

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, rankdata
from sklearn.preprocessing import QuantileTransformer

import bineural as bn
from bineural.errors import InputError, SkewedWarning
from bineural.inputs.preparation import Preparation
from bineural.tables.scaling import normal_quantiles, values_at

QUICK = {"epochs": 2, "seed": 1, "ensemble": 1, "units": 3}


@pytest.fixture(scope="module")
def table():
    rng = np.random.default_rng(5)
    n = 80
    data = pd.DataFrame(
        {
            "wide": rng.lognormal(0, 2.5, n),
            "few": rng.integers(0, 5, n) / 2.0,
            "rare": (rng.random(n) < 0.1).astype(float),
            "level": rng.choice(["a", "b", "c"], n),
        }
    )
    data["y"] = np.where(np.log(data["wide"]) + rng.normal(size=n) > 0, "yes", "no")
    return data


def bent(value, middle, scale):
    z = (value - middle) / scale
    return z / math.sqrt(1 + (z / 3) ** 2)


def test_robust_scaling_is_median_quartiles_and_a_smooth_clip(table):
    made = Preparation("wide + few + rare + level", scaling="robust").fit(table)
    matrix = dict(zip(made.names_, made.transform(table).matrix.T))
    for name in ("wide", "few"):
        low, middle, high = (np.percentile(table[name], share) for share in (25, 50, 75))
        by_hand = [bent(value, middle, high - low) for value in table[name]]
        np.testing.assert_allclose(matrix[name], by_hand, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(matrix["rare"], [bent(v, 0.0, 0.5) for v in table["rare"]])  # half the range
    assert set(matrix["levelb"]) == {0, 1}
    far = made.transform(table[:2].assign(wide=[1e300, -1e300])).matrix[:, 0]
    np.testing.assert_allclose(far, [3, -3])


def test_quantile_scaling_is_that_of_scikit_learn(table):
    numbers = ["wide", "few", "rare"]
    made = Preparation("wide + few + rare + level", scaling="quantile").fit(table)
    by_sklearn = QuantileTransformer(n_quantiles=len(table), output_distribution="normal", subsample=None)
    by_sklearn.fit(table[numbers].to_numpy())
    new = pd.DataFrame({name: np.linspace(-3, table[name].max() + 3, 50) for name in numbers})
    for rows in (table, new.assign(level="a")):
        matrix, wanted = made.transform(rows).matrix, by_sklearn.transform(rows[numbers].to_numpy())
        np.testing.assert_allclose(matrix[:, 0], wanted[:, 0], atol=1e-12)
        np.testing.assert_allclose(norm.cdf(matrix[:, 1:3]), norm.cdf(wanted[:, 1:]), atol=0.5 / 79)  # ties
    assert set(made.transform(table).matrix[:, 3]) == {0, 1}


def test_equal_values_get_the_middle_of_their_ranks(table):
    few = table[["few"]].to_numpy()
    made = Preparation(scaling="quantile").fit_transform(few).matrix[:, 0]
    ranks = (rankdata(few[:, 0], "min") + rankdata(few[:, 0], "max") - 2) / 2 / (len(few) - 1)
    inner = (few[:, 0] > few.min()) & (few[:, 0] < few.max())
    np.testing.assert_allclose(made[inner], norm.ppf(ranks[inner]), atol=1e-12)
    assert set(np.round(made[~inner], 3)) == {-5.199, 5.199}


def test_many_rows_share_a_thousand_quantiles():
    values = np.random.default_rng(1).normal(size=(2500, 1))
    made = Preparation(scaling="quantile").fit(values)
    by_sklearn = QuantileTransformer(n_quantiles=1000, output_distribution="normal", subsample=None)
    np.testing.assert_allclose(made.transform(values).matrix, by_sklearn.fit_transform(values), atol=1e-9)


def test_tiny_units_are_no_ties():
    """scikit-learn takes all within 1e-7 of the ends for the ends, in whatever unit."""
    values = np.random.default_rng(2).normal(size=(50, 1))
    scaled = [Preparation(scaling="quantile").fit_transform(values * unit).matrix for unit in (1.0, 1e-9)]
    np.testing.assert_allclose(*scaled, atol=1e-7)


def test_values_come_back_from_their_normal_quantiles():
    values = np.sort(np.random.default_rng(3).lognormal(size=40))
    np.testing.assert_allclose(values_at(normal_quantiles(values, values), values), values, rtol=1e-4)


@pytest.mark.parametrize("scaling", ["robust", "quantile"])
def test_rows_of_weight_0_teach_nothing(table, scaling):
    weights = (np.arange(len(table)) < 40).astype(float)
    weighted = Preparation("wide + few", scaling=scaling).fit(table, weights=weights)
    alone = Preparation("wide + few", scaling=scaling).fit(table[:40])
    np.testing.assert_array_equal(weighted.transform(table).matrix, alone.transform(table).matrix)


@pytest.mark.parametrize("scaling", ["robust", "quantile"])
def test_a_net_scales_as_asked_in_folds_and_files(table, scaling, tmp_path):
    folds = [np.arange(60), np.arange(20, 80)]
    fits = bn.fit_nets("y ~ wide + few", table, folds=folds, event="yes", scaling=scaling, **QUICK)
    for net, rows in zip(fits.nets, folds):
        own = Preparation("wide + few", scaling=scaling).fit(table.iloc[rows]).transform(table).matrix
        np.testing.assert_array_equal(net.preparation_.transform(table).matrix, own)
    loaded = bn.load_model(bn.save_model(net, tmp_path / "net.bineural"))
    assert loaded.scaling == loaded.scaling_ == scaling
    np.testing.assert_array_equal(loaded.predict_event(table), net.predict_event(table))
    words = {"robust": "median and quartiles", "quantile": "normal quantiles"}[scaling]
    assert words in loaded.summary()


@pytest.mark.parametrize("part", ["quantiles", "numeric"])
def test_a_damaged_scaling_is_refused(table, part):
    state = Preparation("wide + few", scaling="quantile").fit(table).get_state()
    state["scaling"][part] = state["scaling"][part][::-1] if part == "quantiles" else np.zeros(2)
    with pytest.raises(Exception, match="quantiles"):
        Preparation.from_state(state)


@pytest.mark.long
def test_very_skewed_columns_are_named_once_a_fit(table):
    skewed = table.assign(other=table["wide"] ** 2)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        bn.fit_net("y ~ wide + few + rare + other", skewed, event="yes", **QUICK)
    assert [w.category for w in caught] == [SkewedWarning]
    assert "'wide', 'other'" in str(caught[0].message) or "'other'" in str(caught[0].message)
    assert "'few'" not in str(caught[0].message) and "'rare'" not in str(caught[0].message)
    for scaling in ("standard", "robust", False):  # what is asked for is no surprise
        if scaling:
            bn.fit_net("y ~ other", skewed, event="yes", scaling=scaling, **QUICK)


def test_ordinary_columns_are_not_called_skewed():
    from bineural.nets.scaling import tail_skewness

    rng = np.random.default_rng(0)
    assert abs(tail_skewness(rng.normal(size=4001))) < 0.1
    assert tail_skewness(-rng.exponential(size=20001)) == pytest.approx(-0.564, abs=0.03)  # by its quantiles
    sacramento = bn.load_dataset("sacramento").dropna()
    bn.fit_net("log(price) ~ beds + baths + sqft + type + latitude + longitude", sacramento, **QUICK)


def test_what_can_only_be_standardised_says_so(table):
    images = np.random.default_rng(1).normal(size=(20, 4, 4, 1))
    builder = lambda shape, n: None  # noqa: E731
    with pytest.raises(InputError, match=r"(?s)Channels of images.*scaling='robust'.*scaling='standard'"):
        bn.fit_net(images, np.arange(20.0), architecture=builder, scaling="robust")
    with pytest.raises(InputError, match=r"(?s)standardised only.*scaling='quantile'"):
        bn.fit_net("y ~ wide", [table[:40], table[40:]], event="yes", scaling="quantile")
