"""The random streams of the process are the caller's: no verb resets or advances them."""

import pickle
import random

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras.src.backend.common import global_state
from sklearn.ensemble import RandomForestClassifier
from tensorflow.python.eager import context

import bineural as bn
from bineural.training import blueprint

KYPHOSIS = bn.load_dataset("kyphosis")
FORMULA = "Kyphosis ~ Age + Start"


def states():
    generator = global_state.get_global_attribute("global_seed_generator")
    return {
        "random": random.getstate(),
        "numpy": pickle.dumps(np.random.get_state()),  # noqa: NPY002
        "tensorflow": (context.global_seed(), context.context()._rng.getstate()),
        "keras": generator.state.numpy().tolist(),
    }


def own_model(dropout=0.2):
    keras.utils.set_random_seed(3)
    inputs = keras.Input((2,))
    hidden = keras.layers.Dropout(dropout)(keras.layers.Dense(3, activation="relu")(inputs))
    return keras.Model(inputs, keras.layers.Dense(1)(hidden))


def fit(**options):
    return bn.fit_net(FORMULA, KYPHOSIS, event="present", epochs=1, seed=1, ensemble=1, **options)


def saved_and_loaded(folder):
    path = folder / "own.bineural"
    bn.save_model(fit(architecture=own_model()), path)
    return lambda: bn.load_model(path).predict_proba(KYPHOSIS)


CALLS = {
    "skip": lambda _: fit,
    "mlp": lambda _: lambda: fit(architecture="mlp", dropout=0.3, batch_normalization=True),
    "fresh seed": lambda _: lambda: bn.fit_net(FORMULA, KYPHOSIS, event="present", epochs=1, ensemble=1),
    "own model": lambda _: (lambda model: lambda: fit(architecture=model))(own_model()),
    "callbacks": lambda _: lambda: fit(callbacks=[keras.callbacks.TerminateOnNaN()]),
    "loaded": saved_and_loaded,
    "comparison": lambda _: (
        lambda: bn.compare_models(
            {"net": fit(), "forest": RandomForestClassifier(5, random_state=1)},
            KYPHOSIS,
            folds=2,
            repeats=1,
            seed=1,
        )
    ),
    "split": lambda _: lambda: (bn.split_rows(KYPHOSIS), bn.make_folds(KYPHOSIS, seed=1)),
    "bootstrap": lambda _: lambda: bn.bootstrap_interval("brier", [0, 1, 1, 0], [0.1, 0.2, 0.3, 0.4]),
    "mechanism": lambda _: lambda: (bn.fundamentals.draw_weights(3, 2), bn.fundamentals.make_spirals()),
}


LONG = {"mlp", "own model", "callbacks"}  # which are trained as "skip" is


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.long) if name in LONG else name for name in CALLS]
)
def test_a_verb_leaves_the_streams_of_the_process_as_they_were(name, tmp_path):
    verb = CALLS[name](tmp_path)
    blueprint._plans.clear()  # so that layers are made anew
    keras.utils.set_random_seed(8)
    keras.random.normal((1,))  # begins Keras' own generator
    tf.random.normal((1,))
    before = states()
    verb()
    after = states()
    assert [stream for stream in before if before[stream] != after[stream]] == []
