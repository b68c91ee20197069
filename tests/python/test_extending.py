"""What a user adds from outside works everywhere: architecture, option, measure, objective, kind of input.

Everything here is defined in this file, by the public registering functions and nothing else.
"""

import zipfile
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural._tensorflow import keras, tf
from bineural.bundles.schema import array, whole
from bineural.checks import whole as whole_number
from bineural.errors import InputError, SavingError
from bineural.inputs import Input, Prepared, register_input
from bineural.measures import register_measure
from bineural.nets import Objective, register_objective
from bineural.options import Option
from bineural.zoo import Architecture, register_architecture
from registries import put_back

# ---- an architecture with an option of its own ----


def build_powers(input_shape, n_outputs, *, degree=2, l2=0.0):
    """Build a linear model of the powers of each column."""
    x = keras.Input(input_shape)
    powers = [x] + [x**power for power in range(2, degree + 1)]
    together = keras.layers.Concatenate()(powers) if degree > 1 else x
    penalty = keras.regularizers.L2(l2) if l2 else None
    logits = keras.layers.Dense(n_outputs, kernel_regularizer=penalty, name="logits")(together)
    return keras.Model(x, logits, name="powers")


POWERS = Architecture(
    "powers",
    build_powers,
    reads=("l2",),
    options=(Option("degree", 2, whole_number(1, 9), "int", "Highest power.", in_r="count"),),
    learning_rate=0.05,
    title="linear in powers",
    paper="a test",
    year=2026,
)

# ---- a measure ----


def worst_error(y_true, predicted, weights=None):
    """Return the largest error."""
    return float(np.max(np.abs(np.asarray(y_true) - np.asarray(predicted))))


# ---- an objective: counts, learnt by the Poisson likelihood ----


def poisson_loss(inputs, y, outputs):
    """Return exp(eta) - y eta of each row."""
    eta = tf.reshape(outputs, [-1])
    return tf.exp(eta) - y * eta


COUNTS = Objective(
    "counts",
    "numbers",
    poisson_loss,
    unit="nats a row, less a constant",
    predict=lambda output, ending, state: np.exp(output[:, 0]),
)

# ---- a kind of input: bags of numbers of any length ----


@dataclass
class Bags(Input):
    """Lists of numbers, filled up with zeros beside a mask."""

    longest: int
    center: np.ndarray
    kind = "bag"
    SCHEMA = {"longest": whole(1), "center": array("f")}

    @classmethod
    def claims(cls, X):
        return isinstance(X, list) and bool(X) and all(isinstance(bag, set) for bag in X)

    @classmethod
    def learn(cls, X, *, weights=None, **options):
        if not cls.claims(X):
            raise InputError("Rows must be sets of numbers.", f"Found {type(X).__name__}.", "Pass a list.")
        every = np.concatenate([sorted(bag) for bag in X])
        learnt = cls(max(len(bag) for bag in X), np.array([every.mean()]))
        return learnt, learnt.apply(X)

    def apply(self, X):
        numbers = np.zeros((len(X), self.longest), np.float32)
        mask = np.zeros((len(X), self.longest), np.float32)
        for row, bag in enumerate(X):
            held = sorted(bag)[: self.longest]
            numbers[row, : len(held)], mask[row, : len(held)] = np.array(held) - self.center, 1
        return Prepared([numbers, mask], np.arange(len(X)))

    @property
    def shape(self):
        return (self.longest,)

    def baseline_columns(self, X):
        return pd.DataFrame({"mean": [np.mean(sorted(bag)) for bag in X], "n": [len(bag) for bag in X]})


def build_bag_net(input_shape, n_outputs):
    """Build a net of the masked mean."""
    numbers, mask = keras.Input(input_shape), keras.Input(input_shape)
    total = keras.ops.sum(numbers * mask, axis=1, keepdims=True)
    mean = total / keras.ops.sum(mask, axis=1, keepdims=True)
    return keras.Model([numbers, mask], keras.layers.Dense(n_outputs)(mean), name="bags")


@pytest.fixture(scope="module", autouse=True)
def _registered():
    """Register all of them, as a script does at its top; other tests know nothing of them."""
    with put_back():
        register_architecture(POWERS)
        register_architecture(Architecture("bags", build_bag_net, inputs=("bag",), learning_rate=0.1))
        register_measure(
            "worst",
            worst_error,
            label="largest error",
            tasks=("binary", "regression"),
            larger_is_better=False,
        )
        register_objective(COUNTS)
        register_input(Bags)
        yield


@pytest.fixture(scope="module")
def curve():
    """Rows whose log-odds, mean and count are a parabola of x."""
    rng = np.random.default_rng(3)
    x = rng.uniform(-2, 2, 200)
    eta = 2 * x**2 - 2.5
    event = np.where(rng.uniform(size=200) < 1 / (1 + np.exp(-eta)), "yes", "no")
    return pd.DataFrame({"x": x, "event": event, "count": rng.poisson(np.exp(0.5 * eta)).astype(float)})


OPTIONS = {"event": "yes", "architecture": "powers", "epochs": 30, "seed": 1}


def test_an_architecture_is_listed_and_described():
    listed = bn.list_architectures().set_index("name")
    assert listed.loc["powers", "paper"] == "a test"
    assert "degree" in str(listed.loc["powers", "options"])
    described = bn.describe_architecture("powers", (3,), degree=3)
    assert described.parameters == 3 * 3 + 1  # a slope for each power of each column, and the bias


def test_an_option_of_its_own_is_fitted_checked_cloned_and_saved(curve, tmp_path):
    net = bn.fit_net("event ~ x", curve, degree=3, **OPTIONS)
    assert [w.shape for w in net.weights_] == [(3, 1), (1,)]
    assert net.get_params()["degree"] == 3 and "degree 3" in net.summary()
    again = bn.load_model(bn.save_model(net, tmp_path / "net"))
    np.testing.assert_array_equal(again.predict_proba(curve), net.predict_proba(curve))
    assert again.get_params()["degree"] == 3
    refitted = bn.fit_nets(net, curve, settings=[{"degree": 1}, {"degree": 3}], seeds=[1])
    np.testing.assert_allclose(refitted.nets[1].predict_proba(curve), net.predict_proba(curve), atol=1e-5)
    assert len(refitted.nets[0].weights_[0]) == 1
    with pytest.raises(InputError, match="`degree` must be a whole number"):
        bn.fit_net("event ~ x", curve, degree=2.5, **OPTIONS)
    with pytest.raises(InputError, match="(?s)`degre`.*degree"):
        bn.fit_net("event ~ x", curve, degre=2, **OPTIONS)


def test_an_option_of_its_own_is_tuned_and_compared_with_the_reason_said(curve, tmp_path):
    net = bn.make_net("event ~ x", **{**OPTIONS, "learning_rate": 0.1})
    tuned = bn.tune_net(net, curve, {"degree": [1, 2]}, folds=3, seed=1)
    assert tuned.chosen == {"degree": 2}
    comparison = bn.compare_models({"powers": net, "tuned": tuned}, curve, folds=4, repeats=1, seed=1)
    table = comparison.table.set_index("model")["auroc"]
    assert table["powers"] > 0.8 > table["glm"]  # a line can't see a parabola
    page = bn.write_report(comparison, tmp_path / "report.html").read_text()
    assert "degree" in page and "powers" in page


@pytest.mark.long
def test_a_measure_is_evaluated_compared_tuned_bootstrapped_and_permuted(curve, tmp_path):
    line = bn.fit_glm("count ~ x", curve)
    worst = np.abs(curve["count"] - line.predict(curve)).max()
    evaluation = bn.evaluate_model(line, curve)
    assert evaluation.measures["worst"] == pytest.approx(worst)
    assert "largest error" in str(evaluation)
    interval = bn.bootstrap_interval("worst", curve["count"], line.predict(curve), n_boot=100, seed=1)
    assert interval.estimate == pytest.approx(worst) and interval.high <= worst
    comparison = bn.compare_models([line], curve, folds=5, repeats=1, measure="worst", seed=1)
    assert "largest error" in str(comparison)
    assert "largest error" in bn.write_report(comparison, tmp_path / "report.html").read_text()
    importance = bn.permutation_importance(line, curve, measure="worst", seed=1)
    assert importance.table["column"].tolist()
    net = bn.make_net("count ~ x", epochs=3, ensemble=1)
    assert bn.tune_net(net, curve, {"l2": [0.1]}, folds=2, measure="worst", seed=1).measure == "worst"


def test_an_objective_is_fitted_stacked_and_saved(curve, tmp_path):
    options = {"architecture": "powers", "epochs": 200, "validation": 0, "learning_rate": 0.02, "l2": 0.0}
    net = bn.fit_net("count ~ x", curve, objective="counts", seed=1, **options)
    glm = bn.fit_glm("count ~ x + I(x^2)", curve, family="poisson")
    np.testing.assert_allclose(net.predict(curve), glm.predict(curve), rtol=0.05)
    again = bn.load_model(bn.save_model(net, tmp_path / "net"))
    np.testing.assert_array_equal(again.predict(curve), net.predict(curve))
    nets = bn.fit_nets("count ~ x", curve, seeds=[1, 2], objective="counts", **options).nets
    np.testing.assert_allclose(nets[0].predict(curve), net.predict(curve), rtol=1e-3)
    comparison = bn.compare_models(
        {"net": net, "line": bn.fit_glm("count ~ x", curve)}, curve, folds=3, repeats=1
    )
    rmse = comparison.table.set_index("model")["rmse"]
    assert rmse["net"] < rmse["line"]
    with pytest.raises(InputError, match="models numbers"):
        bn.fit_net("event ~ x", curve, event="yes", objective="counts", architecture="powers")
    with pytest.raises(InputError, match="`objective` must be for the outcome"):
        bn.fit_net("count ~ x", curve, objective="classes", architecture="powers")


def test_a_kind_of_input_is_fitted_compared_and_saved(tmp_path):
    rng = np.random.default_rng(4)
    bags = [set(rng.normal(shift, 1, rng.integers(2, 6))) for shift in np.tile([-1.0, 1.0], 60)]
    y = np.tile(["low", "high"], 60)
    net = bn.make_net(event="high", architecture="bags", epochs=30, seed=1)
    fitted = bn.fit_net(bags, y, event="high", architecture="bags", epochs=30, seed=1)
    assert bn.evaluate_model(fitted, bags, y).measures["auroc"] > 0.9
    again = bn.load_model(bn.save_model(fitted, tmp_path / "net"))
    np.testing.assert_array_equal(again.predict_proba(bags), fitted.predict_proba(bags))
    nets = bn.fit_nets(net, (bags, y), folds=bn.make_folds(bags, folds=3, strata=y, seed=1))
    assert len(nets) == 3
    with pytest.raises(InputError, match="must be sets"):
        bn.fit_net(np.zeros((4, 2)), [0, 1, 0, 1], event=1, architecture="bags")


def test_a_strangers_file_names_only_what_is_registered(curve, tmp_path):
    path = bn.save_model(bn.fit_net("event ~ x", curve, **OPTIONS), tmp_path / "net")
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    changed = {name: content.replace(b'"powers"', b'"powder"') for name, content in parts.items()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in changed.items():
            archive.writestr(name, content)
    with pytest.raises(SavingError):
        bn.load_model(path)
