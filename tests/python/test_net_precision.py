"""Mixed precision: bfloat16 in the layers, float32 in weights, losses and predictions."""

import threading

import numpy as np
import pytest

from bineural import NetClassifier, NetRegressor, load_dataset, load_model, save_model
from bineural._tensorflow import keras
from bineural.errors import InputError
from bineural.nets.many import NetRun, fit_runs
from bineural.training import train_net, train_stack

OPTIONS = {
    "units": (16, 8),
    "numbers": "plain",
    "event": "present",
    "seed": 1,
    "epochs": 8,
    "verbose": 0,
    "dropout": 0.3,
    "batch_size": 16,
    "ensemble": 1,
}


@pytest.fixture(scope="module")
def kyphosis():
    return load_dataset("kyphosis")


@pytest.fixture(scope="module")
def x(kyphosis):
    return kyphosis[["Age", "Number", "Start"]]


@pytest.fixture(scope="module")
def mixed(kyphosis, x):
    return NetClassifier(precision="mixed", **OPTIONS).fit(x, kyphosis["Kyphosis"])


@pytest.mark.long
def test_mixed_is_near_float32_but_not_equal(kyphosis, x, mixed):
    plain = NetClassifier(**OPTIONS).fit(x, kyphosis["Kyphosis"])
    gap = np.abs(mixed.predict_proba(x) - plain.predict_proba(x)).max()
    assert 1e-6 < gap < 0.02
    assert {w.dtype for w in mixed.weights_} == {np.dtype("float32")}
    assert {v.dtype for v in mixed.keras_model_.weights} == {"float32"}
    assert mixed.keras_model_.get_layer("hidden_0").compute_dtype == "bfloat16"
    assert plain.keras_model_.get_layer("hidden_0").compute_dtype == "float32"


@pytest.mark.long
def test_the_callers_policy_stays_as_it_was(kyphosis, x):
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        net = NetClassifier(**OPTIONS).fit(x, kyphosis["Kyphosis"])
        assert keras.config.dtype_policy().name == "mixed_bfloat16"
        assert net.keras_model_.get_layer("hidden_0").compute_dtype == "float32"
    finally:
        keras.config.set_dtype_policy("float32")
    other = []
    thread = threading.Thread(target=lambda: other.append(keras.config.dtype_policy().name))
    NetClassifier(precision="mixed", **OPTIONS).fit(x, kyphosis["Kyphosis"])
    thread.start()
    thread.join()
    assert other == [keras.config.dtype_policy().name] == ["float32"]


def test_a_saved_mixed_net_predicts_the_same_to_the_bit(tmp_path, x, mixed):
    save_model(mixed, tmp_path / "net.bineural")
    again = load_model(tmp_path / "net.bineural")
    assert again.precision == "mixed"
    assert (again.predict_proba(x) == mixed.predict_proba(x)).all()


def build(input_shape, n_outputs):
    inner = [keras.layers.Dense(5, activation="relu"), keras.layers.Dense(n_outputs)]
    return keras.Sequential([keras.Input(input_shape), *inner])


def test_a_builders_net_is_mixed_and_saved_as_such(tmp_path, x):
    y = x["Start"] * 2.0
    net = NetRegressor(architecture=build, precision="mixed", seed=2, epochs=2).fit(x, y)
    assert net.keras_model_.layers[0].compute_dtype == "bfloat16"
    save_model(net, tmp_path / "net.bineural")
    assert (load_model(tmp_path / "net.bineural").predict(x) == net.predict(x)).all()


def test_a_model_that_exists_says_itself_what_it_computes_in(x):
    y = x["Start"] * 2.0
    with pytest.raises(InputError, match="(?s)can't change a Keras model.*compute in float32.*dtype="):
        NetRegressor(architecture=build((3,), 1), precision="mixed").fit(x, y)
    inner = [keras.layers.Dense(5, dtype="mixed_bfloat16"), keras.layers.Dense(1, dtype="mixed_bfloat16")]
    own = keras.Sequential([keras.Input((3,)), *inner])
    found = [
        NetRegressor(architecture=own, precision=p, seed=2, epochs=2).fit(x, y) for p in ("float32", "mixed")
    ]
    assert (found[0].predict(x) == found[1].predict(x)).all()


@pytest.mark.long
@pytest.mark.parametrize("xla", [False, True])
def test_a_mixed_stack_equals_alone(xla):
    rng = np.random.default_rng(3)
    x, dtype = rng.normal(size=(30, 3)), "mixed_bfloat16"
    y = (x[:, 0] > 0) * 1.0
    penalty = keras.regularizers.L2(0.01)
    inner = [
        keras.layers.Dense(8, activation="relu", dtype=dtype, kernel_regularizer=penalty),
        keras.layers.Dropout(0.4, dtype=dtype),
    ]
    net = keras.Sequential([keras.Input((3,)), *inner, keras.layers.Dense(1, dtype="float32")])
    options = {"loss": "binary_crossentropy", "epochs": 3, "batch_size": 8}
    for seed, one in zip((4, 5), train_stack(net, x, y, seeds=(4, 5), xla=xla, **options)):
        alone = train_net(net, x, y, seed=seed, **options)
        for a, b in zip(one.weights, alone.weights):
            np.testing.assert_allclose(a, b, atol=2e-3)  # bfloat16 has 8 bits: sums in other orders differ
        np.testing.assert_allclose(one.history["loss"], alone.history["loss"], rtol=5e-3)


@pytest.mark.long
def test_ensembles_and_many_nets_can_be_mixed(kyphosis, x):
    y = kyphosis["Kyphosis"]
    options = {**OPTIONS, "dropout": 0.0, "validation": 0, "units": 4}
    net = NetClassifier(precision="mixed", **{**options, "ensemble": 2}).fit(x, y)
    assert net.keras_model_.get_layer("hidden_0").compute_dtype == "bfloat16"
    rows = np.arange(len(x))
    kinds = [{"precision": "mixed"}, {"precision": "mixed"}, {}]
    found = fit_runs(
        NetClassifier(**options), x, y, [NetRun(rows, 1 + i % 2, k) for i, k in enumerate(kinds)]
    )
    kept = [f.keras_model_.get_layer("hidden_0").compute_dtype for f in found]
    assert kept == ["bfloat16", "bfloat16", "float32"]
    assert 1e-6 < np.abs(found[0].predict_proba(x) - found[2].predict_proba(x)).max() < 0.02
