"""For every kind of layer: a replica of a stack is the net alone, and that is Keras' own training.

Keras takes the same initial values and batches by `train_on_batch`; `test_optimizers.py` has the optimizers.
"""

import os
import subprocess
import sys

import numpy as np
import pytest

from bineural._tensorflow import keras
from bineural.training import Blueprint, train_net, train_stack
from bineural.training.layouts import Layout
from bineural.training.seeds import draw_orders
from long_cases import long_but

layers, optimizers = keras.layers, keras.optimizers
N, BATCH, EPOCHS = 20, 7, 1  # three steps, the last one of fewer rows
SEEDS, SIZES = (5, 6, 7), (20, 20, 16)  # normalised over the batch: a stack of two and one of one


@keras.saving.register_keras_serializable("test_parity")
class Scaled(layers.Layer):
    """A layer of one's own: each column times a learnt factor."""

    def build(self, shape):
        self.factor = self.add_weight(shape=(shape[-1],), initializer="random_normal")

    def call(self, x):
        return x * (1 + self.factor)


def dense(units=4, **options):
    return layers.Dense(units, **options)


def adapted():
    layer = layers.Normalization()
    layer.adapt(np.random.default_rng(8).normal(3, 2, (50, 3)))
    return layer


TABLE, SERIES, IMAGES = (3,), (4, 2), (5, 5, 1)
# name: (shape of a row, layers before the last)
LAYERS = {
    "l1, l2": (TABLE, lambda: [dense(kernel_regularizer="l1", bias_regularizer="l2", activation="tanh")]),
    "activity": (TABLE, lambda: [dense(activity_regularizer="l2")]),
    "max norm": (TABLE, lambda: [dense(kernel_constraint=keras.constraints.MaxNorm(0.5))]),
    "selu, gelu": (TABLE, lambda: [dense(activation="selu"), dense(activation="gelu")]),
    "batch normalisation": (TABLE, lambda: [dense(), layers.BatchNormalization(momentum=0.5)]),
    "layer normalisation": (TABLE, lambda: [dense(), layers.LayerNormalization()]),
    "normalisation": (TABLE, lambda: [adapted(), dense()]),
    "own layer": (TABLE, lambda: [Scaled(), dense(activation="tanh")]),
    "lstm": (SERIES, lambda: [layers.LSTM(3)]),
    "gru": (SERIES, lambda: [layers.GRU(3)]),
    "simple rnn": (SERIES, lambda: [layers.SimpleRNN(3)]),
    "conv1d": (SERIES, lambda: [layers.Conv1D(3, 2, activation="relu"), layers.Flatten()]),
    "conv2d": (IMAGES, lambda: [layers.Conv2D(2, 3, activation="relu"), layers.Flatten()]),
    "dropout": (TABLE, lambda: [dense(activation="relu"), layers.Dropout(0.4)]),
    "alpha dropout": (TABLE, lambda: [dense(activation="selu"), layers.AlphaDropout(0.2)]),
    "gaussian noise": (TABLE, lambda: [dense(), layers.GaussianNoise(0.3)]),
}


VECTORISED = {"activity", "own layer"}  # what has no wide form


def net(shape, *inner):
    return keras.Sequential([keras.Input(shape), *inner, layers.Dense(1)])


def attention():
    series = keras.Input(SERIES)
    seen = layers.MultiHeadAttention(2, 3)(series, series)
    return keras.Model(series, layers.Dense(1)(layers.GlobalAveragePooling1D()(seen)))


def embedding():
    codes, x = keras.Input((2,), dtype="int32", name="codes"), keras.Input((3,), name="x")
    embedded = layers.Flatten()(layers.Embedding(5, 2)(codes))
    mixed = layers.Concatenate()([embedded, x])
    return keras.Model({"codes": codes, "x": x}, layers.Dense(1)(mixed))


def rows_for(model):
    rng = np.random.default_rng(1)
    if len(model.inputs) == 2:
        codes = rng.integers(0, 5, (N, 2)).astype("int32")
        return {"codes": codes, "x": rng.normal(size=(N, 3)).astype("float32")}
    return rng.normal(size=(N, *model.input_shape[1:])).astype("float32")


def take(inputs, rows):
    return {k: v[rows] for k, v in inputs.items()} if isinstance(inputs, dict) else inputs[rows]


Y = (np.random.default_rng(2).random(N) > 0.4).astype("float32")


def by_keras(model, optimizer, x, y, seed):
    """Train with Keras' `train_on_batch`; return the weights."""
    for variable, value in zip(model.variables, Blueprint.from_model(model).initial_values(seed)):
        variable.assign(value)
    model.compile(optimizer, keras.losses.BinaryCrossentropy(from_logits=True), run_eagerly=True)
    for order in draw_orders(seed, len(y), 0, EPOCHS):
        for k in range(0, len(y), BATCH):
            rows = order[k : k + BATCH]
            model.train_on_batch(take(x, rows), y[rows, None])
    model.optimizer.finalize_variable_values(model.trainable_variables)
    return model.get_weights()


def check(model, optimizer, xla=False, atol=3e-6, way="stack"):
    """Compare the stack with each net alone, and the last of them with Keras."""
    x, rows = rows_for(model), [np.arange(N)[-n:] for n in SIZES]
    options = {"loss": "binary_crossentropy", "batch_size": BATCH, "epochs": EPOCHS, "optimizer": optimizer}
    found = train_stack(model, x, Y, seeds=SEEDS, rows=rows, xla=xla, **options)
    for seed, r, one in zip(SEEDS, rows, found):
        alone = train_net(model, take(x, r), Y[r], seed=seed, **options)
        lone = not Layout(model).rows_apart and SIZES.count(len(r)) == 1  # no other shares its batches
        assert one.how == ("alone" if lone else way)
        close(one, alone, atol)
    keras_own = type(optimizer).from_config(optimizer.get_config())
    for a, b in zip(alone.weights, by_keras(model, keras_own, take(x, r), Y[r], seed), strict=True):
        np.testing.assert_allclose(a, b, atol=atol)


def close(one, other, atol):
    assert one.history.keys() == other.history.keys()
    for name in one.history:
        np.testing.assert_allclose(one.history[name], other.history[name], atol=1e-5)
    for a, b in zip(one.weights, other.weights, strict=True):
        np.testing.assert_allclose(a, b, atol=atol)


QUICK = {"max norm", "batch normalisation", "lstm", "conv2d"}


@pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.long) for name in LAYERS]
)
def test_each_layer_learns_alike_in_a_stack_alone_and_in_keras(name):
    shape, inner = LAYERS[name]
    way = "stack, vectorised" if name in VECTORISED else "stack"
    check(net(shape, *inner()), optimizers.SGD(0.2, momentum=0.9), way=way)


@pytest.mark.parametrize("make", long_but([embedding, attention], embedding))
def test_nets_with_branches_learn_alike(make):
    """Plain SGD: Keras squares an embedding's doubled rows apart where an optimizer has second moments."""
    check(make(), optimizers.SGD(0.1), atol=1e-5)


@pytest.mark.long
def test_a_convolution_compiled_by_xla_learns_alike():
    check(net(IMAGES, *LAYERS["conv2d"][1]()), optimizers.SGD(0.2, momentum=0.9), xla=True, way="stack, XLA")


THREADS = """
from bineural._tensorflow import tf
tf.config.threading.set_intra_op_parallelism_threads({n})
tf.config.threading.set_inter_op_parallelism_threads({n})
"""
PROGRAM = """
import hashlib, numpy as np
from bineural._tensorflow import keras
from bineural.training import train_net, train_stack
x, layers = np.random.default_rng(1).normal(size=(300, 3)), keras.layers
model = keras.Sequential([keras.Input((3,)), layers.Dense(64, "relu"), layers.Dropout(0.2), layers.Dense(1)])
y, options = (x[:, 0] > 0).astype(float), {"loss": "binary_crossentropy", "epochs": 3, "batch_size": 100}
trained = [train_net(model, x, y, seed=3, **options), *train_stack(model, x, y, seeds=range(8), **options)]
print(hashlib.sha256(b"".join(w.tobytes() for t in trained for w in t.weights)).hexdigest())
"""


@pytest.mark.long
def test_another_process_with_other_threads_gives_the_same_bits_and_is_quiet(capsys):
    """This one has a thread for each core. A stack of eight is parted into threads of its own besides."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    program = THREADS.format(n=2 if os.cpu_count() == 1 else 1) + PROGRAM
    run = {"env": environment, "capture_output": True, "text": True, "check": True}
    other = subprocess.run([sys.executable, "-c", program], **run)
    exec(PROGRAM, {})
    assert other.stdout == capsys.readouterr().out and len(other.stdout) == 65
    assert other.stderr == ""


def random_net(rng):
    """Draw a net with a skip connection, perhaps an embedding, norms and dropout in any order."""
    codes, x = keras.Input((1,), dtype="int32", name="codes"), keras.Input((3,), name="x")
    parts = [x]
    if rng.random() < 0.6:
        parts.append(layers.Flatten()(layers.Embedding(5, int(rng.integers(1, 4)))(codes)))
    h = layers.Concatenate()(parts) if len(parts) > 1 else x
    width = int(rng.integers(2, 8))
    h = dense(width, activation=str(rng.choice(["relu", "tanh", "gelu"])), kernel_regularizer="l2")(h)
    for _ in range(rng.integers(1, 4)):
        kinds = [
            layers.LayerNormalization,
            layers.BatchNormalization,
            lambda: layers.Dropout(float(rng.uniform(0.1, 0.5))),
            lambda: dense(width, activation="tanh"),
        ]
        h = layers.Add()([h, kinds[rng.integers(len(kinds))]()(h)])
    return keras.Model({"codes": codes, "x": x}, layers.Dense(1)(h))


@pytest.mark.parametrize("case", [0, *(pytest.param(case, marks=pytest.mark.long) for case in (1, 2))])
def test_random_branched_nets_are_in_a_stack_what_they_are_alone(case):
    rng = np.random.default_rng(100 + case)
    model, optimizer = random_net(rng), [optimizers.SGD(0.05, momentum=0.9), "adam", "adamax"][case]
    x = {"codes": rng.integers(0, 5, (N, 1)), "x": rng.normal(size=(N, 3))}
    rows = [rng.permutation(N)[:n] for n in rng.integers(8, N, 2)]
    watch = [np.setdiff1d(np.arange(N), r) for r in rows]
    seeds = [int(s) for s in rng.integers(0, 2**31, 2)]
    options = {"loss": "binary_crossentropy", "optimizer": optimizer, "epochs": 3}
    options |= {"batch_size": int(rng.integers(4, 15)), "patience": 2}
    found = train_stack(model, x, Y, seeds=seeds, rows=rows, validation=watch, **options)
    for seed, r, w, one in zip(seeds, rows, watch, found):
        alone = train_net(model, take(x, r), Y[r], seed=seed, validation=(take(x, w), Y[w]), **options)
        close(one, alone, 3e-5)
