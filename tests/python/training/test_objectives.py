"""What is watched: areas under the curve by scikit-learn, other losses by their definition."""

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, roc_auc_score

from bineural._tensorflow import keras, tf
from bineural.errors import InputError
from bineural.training import predict_net, train_net, train_stack
from bineural.training.row_losses import area_under_curve

BINARY = {"loss": "binary_crossentropy", "batch_size": 16}


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(90, 3))
    return x, (x[:, 0] - x[:, 1] ** 2 + rng.normal(size=90) > -1).astype(float)


@pytest.fixture(scope="module")
def model():
    hidden = keras.layers.Dense(6, activation="tanh")
    return keras.Sequential([keras.Input((3,)), hidden, keras.layers.Dense(1)])


@pytest.mark.parametrize("n_levels", [2, 7, 10**6])  # few levels, many ties
def test_areas_are_those_of_scikit_learn(n_levels):
    rng = np.random.default_rng(n_levels)
    score = rng.integers(0, n_levels, (4, 60)).astype(np.float32)
    y, weights = rng.integers(0, 2, (4, 60)), rng.integers(0, 4, (4, 60))
    found = area_under_curve(score, y.astype(np.float32), tf.constant(weights, tf.float32)).numpy()
    wanted = [roc_auc_score(a, b, sample_weight=w) for a, b, w in zip(y, score, weights)]
    np.testing.assert_allclose(found, wanted, rtol=1e-6)


@pytest.mark.long
def test_watching_the_auroc_keeps_its_best_epoch_alone_and_stacked(data, model):
    (x, y), rng = data, np.random.default_rng(2)
    rows = [rng.permutation(90)[:n] for n in (60, 50)]
    watch = [np.setdiff1d(np.arange(90), r) for r in rows]
    options = {"monitor": "auroc", "patience": 6, "epochs": 40, **BINARY}
    stack = train_stack(model, x, y, seeds=[5, 6], rows=rows, validation=watch, **options)
    for seed, r, w, stacked in zip((5, 6), rows, watch, stack):
        alone = train_net(model, x[r], y[r], seed=seed, validation=(x[w], y[w]), **options)
        areas = alone.history["validation_auroc"]
        assert alone.best_epoch == int(np.argmax(areas)) + 1
        assert alone.stopped == (alone.epochs_run < 40)
        assert max(areas) == pytest.approx(roc_auc_score(y[w], predict_net(model, alone.weights, x[w])[:, 0]))
        assert len(alone.history["validation_loss"]) == alone.epochs_run
        assert (stacked.epochs_run, stacked.best_epoch) == (alone.epochs_run, alone.best_epoch)
        np.testing.assert_allclose(stacked.history["validation_auroc"], areas, rtol=1e-6)


def test_two_outputs_are_ranked_by_their_difference(data):
    x, y = data
    two = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    options = {"loss": "categorical_crossentropy", "epochs": 3, "monitor": "auroc"}
    found = train_net(two, x[:60], y[:60], seed=1, validation=(x[60:], y[60:]), **options)
    output = predict_net(two, found.weights, x[60:])
    best = found.history["validation_auroc"][found.best_epoch - 1]
    assert best == pytest.approx(roc_auc_score(y[60:], output[:, 1] - output[:, 0]))


def brier(y, output):
    return tf.square(tf.sigmoid(output) - y)


def test_watching_another_loss(data, model):
    x, y = data
    watch = list(range(60, 90))
    options = {"monitor": brier, "epochs": 5, "min_delta": 1e-9, **BINARY}
    alone = train_net(model, x[:60], y[:60], seed=3, validation=(x[60:], y[60:]), **options)
    probability = 1 / (1 + np.exp(-predict_net(model, alone.weights, x[60:])[:, 0].astype(float)))
    assert min(alone.history["validation_brier"]) == pytest.approx(
        brier_score_loss(y[60:], probability), rel=1e-5
    )
    (stacked,) = train_stack(model, x, y, seeds=[3], rows=[range(60)], validation=[watch], **options)
    np.testing.assert_allclose(
        stacked.history["validation_brier"], alone.history["validation_brier"], rtol=1e-5
    )


def test_min_delta_is_in_the_monitors_own_unit(data, model):
    x, y = data
    options = {"epochs": 12, "patience": 2, "monitor": "auroc", "validation": (x[60:], y[60:]), **BINARY}
    areas = train_net(model, x[:60], y[:60], seed=5, **{**options, "patience": None}).history[
        "validation_auroc"
    ]
    for delta in (0.0, 0.02, 1.0):
        best, wait, run = -np.inf, 0, 0
        while run < 12 and wait < 2:
            wait, best = (0, areas[run]) if areas[run] - delta > best + 1e-9 else (wait + 1, best)
            run += 1
        assert train_net(model, x[:60], y[:60], seed=5, min_delta=delta, **options).epochs_run == run


def test_undefined_and_unknown_monitors_are_refused(data, model):
    x, y = data
    some = {"seed": 1, "epochs": 1, **BINARY}
    with pytest.raises(InputError, match="must hold both classes"):
        train_net(model, x, y, validation=(x[:5], np.ones(5)), monitor="auroc", **some)
    with pytest.raises(InputError, match="must hold both classes"):
        lone = [np.flatnonzero(y == 0)[:4]]
        train_stack(model, x, y, seeds=[1], validation=lone, monitor="auroc", epochs=1, **BINARY)
    with pytest.raises(InputError, match="`monitor` must be"):
        train_net(model, x, y, validation=(x, y), monitor="accurracy", **some)
    three = keras.Sequential([keras.Input((3,)), keras.layers.Dense(3)])
    with pytest.raises(InputError, match="two classes"):
        options = {**some, "loss": "categorical_crossentropy"}
        train_net(three, x, y, validation=(x, y), monitor="auroc", **options)
