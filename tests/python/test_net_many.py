"""Nets fitted together are the nets fitted alone."""

import numpy as np
import pytest
from sklearn.base import clone

import bineural as bn
from bineural._tensorflow import keras
from bineural.nets.estimators import NetClassifier, NetRegressor
from bineural.nets.many import NetRun, fit_runs
from bineural.training import stacked


@pytest.fixture(scope="module")
def kyphosis():
    return bn.load_dataset("kyphosis")


def check(template, X, y, runs, n_graphs, **options):
    stacked.stacks.clear()
    nets = fit_runs(template, X, y, runs, **options)
    assert len(stacked.stacks) == n_graphs
    weights = options.get("sample_weight")
    for run, net in zip(runs, nets, strict=True):
        alone = clone(template).set_params(seed=run.seed, **run.settings)
        w = None if weights is None else weights[run.rows]
        alone.fit(X.iloc[run.rows], np.asarray(y)[run.rows], w)
        assert net.n_epochs_ == alone.n_epochs_ and net.best_epoch_ == alone.best_epoch_
        predict = "predict_proba" if hasattr(net, "classes_") else "predict"
        np.testing.assert_allclose(getattr(net, predict)(X), getattr(alone, predict)(X), atol=1e-4)


@pytest.mark.long
def test_folds_settings_and_ensembles_share_a_stack_and_equal_single_fits(kyphosis):
    X, y = kyphosis[["Age", "Number", "Start"]], kyphosis["Kyphosis"]
    rng = np.random.default_rng(1)
    rows = [np.sort(rng.permutation(81)[:n]) for n in (72, 73, 65, 72)]
    settings = {}, {"l2": 0.01}, {"learning_rate": 0.002, "ensemble": 2}, {"class_weight": "balanced"}
    runs = [NetRun(r, seed, s) for r, seed, s in zip(rows, (1, 2, 3, 4), settings)]
    template = NetClassifier(event="present", epochs=12, patience=3)
    check(template, X, y, runs, n_graphs=1, sample_weight=rng.integers(1, 4, 81).astype(float))


@pytest.mark.long
def test_penalties_and_dropout_of_any_size_share_a_stack(kyphosis):
    X, y = kyphosis[["Age", "Number", "Start"]], kyphosis["Kyphosis"]
    settings = {"l1": 0.01, "dropout": 0.1}, {"l1": 0.001, "l2": 0.0, "dropout": 0.4}
    runs = [NetRun(np.arange(n), n, s) for n, s in zip((81, 70), settings)]
    check(NetClassifier(event="present", epochs=6, architecture="mlp"), X, y, runs, n_graphs=1)
    check(NetClassifier(event="present", epochs=6, ensemble=1), X, y, runs[:1], n_graphs=0)


def test_nets_of_one_builder_share_a_stack(kyphosis):
    def builder(input_shape, n_outputs):
        inputs = keras.Input(input_shape)
        hidden = keras.layers.Dense(3, activation="tanh", kernel_regularizer="l2")(inputs)
        return keras.Model(inputs, keras.layers.Dense(n_outputs)(hidden))

    X, y = kyphosis[["Age", "Number", "Start"]], kyphosis["Kyphosis"]
    runs = [NetRun(np.arange(n), seed) for n, seed in ((81, 1), (70, 2))]
    template = NetClassifier(event="present", epochs=4, architecture=builder)
    check(template, X, y, runs, n_graphs=1)


@pytest.mark.long
def test_embedded_categories_and_unequal_layouts(kyphosis):
    X = kyphosis[["Age", "Kyphosis"]]
    rng = np.random.default_rng(2)
    rows = [rng.permutation(81)[:n] for n in (60, 70, 70)]
    runs = [NetRun(r, seed, {"units": u}) for r, seed, u in zip(rows, (5, 6, 7), ((4,), (4,), (3, 2)))]
    template = NetRegressor(epochs=5, validation=None, categories="embed", ensemble=1)
    check(template, X, kyphosis["Start"].astype(float), runs, n_graphs=1)


def test_nets_with_an_offset_share_a_stack(kyphosis):
    data = kyphosis.assign(known=0.1 * kyphosis["Start"])
    net = bn.make_net("Kyphosis ~ Age + offset(known)", event="present", units=(4,), epochs=3, ensemble=1)
    stacked.stacks.clear()
    fits = bn.fit_nets(net, data, seeds=[1, 2, 3])
    assert len(stacked.stacks) == 1 and set(fits.table["how"]) == {"stack"}
