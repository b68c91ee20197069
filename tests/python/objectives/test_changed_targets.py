"""A net of a changed outcome is the net of the outcome changed by hand, with its predictions changed back."""

import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import QuantileTransformer

import bineural as bn
from bineural.errors import InputError, OutcomeError

N = 90
QUICK = {"epochs": 15, "seed": 1, "ensemble": 1, "units": (3,)}


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(8)
    table = pd.DataFrame({"a": rng.normal(size=N), "b": rng.normal(size=N)})
    table["y"] = np.exp(2 + table["a"] + 0.3 * rng.normal(size=N))
    return table


def fitted(data, y="y", **options):
    return bn.fit_net(f"{y} ~ a + b", data, **QUICK, **options)


def test_the_logarithm_is_learnt_and_taken_back(data):
    net = fitted(data, target="log")
    by_hand = fitted(data, "log(y)")
    np.testing.assert_allclose(net.predict(data), np.exp(by_hand.predict(data)), rtol=1e-6)
    assert net.loss_ == "mean_squared_error" and "target log" in net.summary()
    assert "standardised outcome's logarithm" in net.summary()


def test_normal_quantiles_are_those_of_scikit_learn(data):
    trained = fitted(data, target="quantile", validation=0)
    ranks = QuantileTransformer(n_quantiles=N, output_distribution="normal", subsample=None)
    z = ranks.fit_transform(data[["y"]])
    by_hand = fitted(data.assign(z=z[:, 0]), "z", validation=0)
    back = ranks.inverse_transform(by_hand.predict(data)[:, None])[:, 0]
    np.testing.assert_allclose(trained.predict(data), back, rtol=1e-5)
    assert data["y"].min() <= trained.predict(data * 100).min() <= trained.predict(data * 100).max()


def test_clipped_predictions_stay_among_the_rows_trained_on(data):
    plain, clipped = fitted(data, validation=0), fitted(data, target="clipped", validation=0)
    far = data.assign(a=data["a"] * 5)
    low, high = data["y"].min(), data["y"].max()
    assert plain.predict(far).max() > high
    np.testing.assert_allclose(clipped.predict(far), plain.predict(far).clip(low, high), rtol=1e-6)


@pytest.mark.long
def test_quantiles_are_the_same_in_every_form(data):
    options = {"objective": "quantile", "quantiles": [0.2, 0.8]}
    logs = fitted(data, "log(y)", **options).predict(data)
    np.testing.assert_allclose(fitted(data, target="log", **options).predict(data), np.exp(logs), rtol=1e-5)


@pytest.mark.long
def test_members_are_changed_back_before_their_mean_and_files_keep_the_change(data, tmp_path):
    folds = [np.arange(60), np.arange(30, N)]
    options = QUICK | {"ensemble": 2, "epochs": 3}
    fits = bn.fit_nets("y ~ a + b", data, folds=folds, target="quantile", **options).nets
    alone = bn.fit_net("y ~ a + b", data.iloc[folds[1]], target="quantile", **options)
    np.testing.assert_allclose(fits[1].predict(data), alone.predict(data), rtol=1e-4)
    loaded = bn.load_model(bn.save_model(alone, tmp_path / "net.bineural"))
    again = pickle.loads(pickle.dumps(alone))
    for net in (loaded, again):
        np.testing.assert_array_equal(net.predict(data), alone.predict(data))
        assert net.target == "quantile" and "target quantile" in net.summary()
    spread = alone.predict_spread(data)
    np.testing.assert_array_equal(loaded.predict_spread(data), spread)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"target": "log", "y": "I(y - 100)"}, r"(?s)above 0 for target='log'.*lowest value is -9"),
        ({"target": "quantile", "y": "I(0 * y)"}, "must vary in the rows trained on"),
        ({"target": "log", "objective": "poisson"}, r"(?s)can't be changed for objective='poisson'.*'log'"),
        ({"target": "logs"}, r"(?s)`target` must be one of.*'logs'.*'log'"),
        ({"target": "logs", "objective": "huber"}, r"`target` must be one of"),
    ],
)
def test_what_has_no_such_form_says_so(data, change, words):
    with pytest.raises(InputError, match=words):
        fitted(data.assign(y=data["y"]), **change)


def test_classes_and_batches_have_no_other_form(data):
    labels = data.assign(y=np.where(data["a"] > 0, "yes", "no"))
    with pytest.raises(InputError, match="can't be changed for objective='binary'"):
        fitted(labels, event="yes", target="log")
    with pytest.raises(InputError, match=r"(?s)in batches can be learnt as it is only.*log\(y\) ~ x"):
        bn.fit_net("y ~ a", [data[:40], data[40:]], target="clipped", **QUICK)
    with pytest.raises(OutcomeError):
        bn.NetRegressor(target="log", **QUICK).fit(data[["a"]], -data["y"])
