"""Values that are made again have one hash, in another process too; what differs has another."""

import functools
import importlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import bineural as bn
from bineural.tables.identity import identity_hash

ROOT = Path(__file__).parents[2]
OUTSIDE = 3


def scaled(factor):
    return lambda train, test: factor * np.mean(train) + OUTSIDE


def recursive(k):
    return k * recursive(k - 1) if k else other(k)


def other(k):
    return recursive(k)


class Model:
    """A model of a user's own."""

    shift = 1

    def __init__(self, size=2):
        self.size = size

    def fit(self, X, y):
        return np.mean(y) + self.shift


def keras_model(units=3, rate=0.2):
    from bineural._tensorflow import keras

    layers = keras.layers
    return keras.Sequential(
        [keras.Input((2,)), layers.Dense(units), layers.Dropout(rate), layers.Dense(1, activation="relu")]
    )


def changed_outside(monkeypatch):
    monkeypatch.setitem(globals(), "OUTSIDE", 4)
    return scaled(2)


def changed_method(monkeypatch):
    monkeypatch.setattr(Model, "fit", lambda self, X, y: 0.0)
    return Model()


def frame(b=3.0):
    return pd.DataFrame({"a": [1, 2], "b": [b, np.nan], "c": ["x", None]})


MADE = {
    "numbers": (lambda: [1, 2.5, (None, "a"), {"b": np.arange(3)}], lambda: [1, 2.5, (None, "a"), {"b": 2}]),
    "types": (lambda: [1], lambda: [1.0]),
    "order of keys": (lambda: {"a": 1, "b": 2}, lambda: {"a": 2, "b": 1}),
    "arrays": (lambda: np.arange(4.0), lambda: np.arange(4.0).reshape(2, 2)),
    "rows": (frame, lambda: frame(4.0)),
    "a column": (lambda: frame()["b"], lambda: frame()["a"]),
    "what a function keeps": (lambda: scaled(2), lambda: scaled(3)),
    "names that code uses": (lambda: lambda v: np.mean(v), lambda: lambda v: np.median(v)),
    "functions within": (lambda: lambda v: [i + 1 for i in v], lambda: lambda v: [i + 2 for i in v]),
    "functions that call each other": (lambda: recursive, lambda: other),
    "part of a function": (lambda: functools.partial(scaled, 2), lambda: functools.partial(scaled, 3)),
    "an estimator": (lambda: RandomForestClassifier(5), lambda: RandomForestClassifier(6)),
    "a pipeline": (
        lambda: make_pipeline(StandardScaler(), LogisticRegression(C=1.0)),
        lambda: make_pipeline(StandardScaler(), LogisticRegression(C=2.0)),
    ),
    "a random state": (lambda: np.random.RandomState(1), lambda: np.random.RandomState(2)),
    "a net": (lambda: bn.NetClassifier(units=(4,)), lambda: bn.NetClassifier(units=(4,), dropout=0.1)),
    "an object": (Model, lambda: Model(3)),
    "a Keras model": (keras_model, lambda: keras_model(rate=0.3)),
}


@pytest.mark.parametrize("name", MADE)
def test_what_is_made_again_is_the_same_and_what_differs_is_not(name):
    make, make_other = MADE[name]
    assert identity_hash(make()) == identity_hash(make()) != identity_hash(make_other())


@pytest.mark.parametrize(("make", "change"), [(lambda: scaled(2), changed_outside), (Model, changed_method)])
def test_what_a_function_or_class_takes_from_elsewhere_counts(monkeypatch, make, change):
    before = identity_hash(make())
    assert identity_hash(change(monkeypatch)) != before


def test_what_shows_only_and_where_an_object_lies_do_not_count():
    assert identity_hash(RandomForestClassifier(n_jobs=2)) == identity_hash(RandomForestClassifier())
    shared = [1, 2]
    assert identity_hash([shared, shared]) == identity_hash([[1, 2], [1, 2]])
    loop = []
    loop.append(loop)
    assert identity_hash(loop)


def test_another_process_gives_the_same_hashes():
    names = [name for name in MADE if "Keras" not in name]
    code = f"import test_identity as t; print(*[t.identity_hash(t.MADE[n][0]()) for n in {names!r}])"
    path = os.pathsep.join([str(ROOT / "python"), str(ROOT / "tests/python")])
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": "7"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)
    made = importlib.import_module("test_identity").MADE  # pytest gives this file a name of its own
    assert done.stdout.split() == [identity_hash(made[name][0]()) for name in names]
