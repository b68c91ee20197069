"""A net that is far worse than none is told: its loss is finite, and far above that of ignorance."""

import warnings

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.errors import ConvergenceWarning
from bineural.nets.astray import astray_losses, ignorant_loss

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of copies in iris
    DATA = {name: bn.load_dataset(name) for name in ("kyphosis", "iris", "diabetes", "breast_cancer")}
KYPHOSIS = DATA["kyphosis"]
TWO, SEVERAL, NUMBERS = "Kyphosis ~ .", "species ~ .", "progression ~ ."
FAR = {"learning_rate": 1e3, "epochs": 15, "ensemble": 1, "seed": 1, "units": (16, 8), "numbers": "plain"}
EVENT = {"event": "present"}


def told(work):
    """List what is said of nets that are worse than none."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        work()
    assert not [entry for entry in caught if entry.category is RuntimeWarning]
    return [
        str(e.message)
        for e in caught
        if e.category is ConvergenceWarning and "worse than none" in str(e.message)
    ]


def fit(name, formula, **options):
    event = {"kyphosis": "present", "breast_cancer": "malignant"}.get(name)
    return bn.fit_net(formula, DATA[name], event=event, seed=1, **options)


def in_batches():
    return (KYPHOSIS[k : k + 27] for k in (0, 27, 54))


@pytest.mark.parametrize(
    "work",
    [
        lambda: bn.fit_net(TWO, KYPHOSIS, **EVENT, **FAR),
        lambda: bn.fit_net(TWO, KYPHOSIS, **EVENT, **FAR | {"validation": 0}),
        lambda: bn.fit_net(SEVERAL, DATA["iris"], **FAR),
        lambda: bn.fit_net("Age ~ Start + Number", KYPHOSIS, **FAR),
        lambda: bn.fit_net(TWO, in_batches, **EVENT, **FAR),
        lambda: bn.fit_net(TWO, KYPHOSIS, **EVENT, **FAR | {"ensemble": 2}),
        lambda: bn.fit_nets(TWO, KYPHOSIS, bn.make_folds(KYPHOSIS, 2, seed=1), **EVENT, **FAR),
        lambda: bn.compare_models(
            {"n": bn.NetClassifier(**EVENT, **FAR)}, KYPHOSIS, "Kyphosis", folds=2, repeats=1, seed=1
        ),
    ],
    ids=["two classes", "no validation", "several", "numbers", "batches", "ensemble", "nets", "compare"],
)
def test_every_door_tells_it_once(work):
    (sentence,) = told(work)
    assert "its loss is " in sentence and "Lower learning_rate" in sentence


def test_keras_own_loop_tells_it():
    import keras

    options = {"callbacks": [keras.callbacks.Callback()], "event": "present"}
    assert len(told(lambda: bn.fit_net(TWO, KYPHOSIS, **options, **FAR))) == 1


def test_many_nets_are_told_with_their_number():
    folds = bn.make_folds(KYPHOSIS, 2, seed=1)
    (sentence,) = told(lambda: bn.fit_nets(TWO, KYPHOSIS, folds, **EVENT, **FAR))
    assert sentence.endswith("\nSo for 2 of 2 nets.")
    net = {"n": bn.NetClassifier(**EVENT, **FAR)}
    (sentence,) = told(lambda: bn.compare_models(net, KYPHOSIS, "Kyphosis", folds=2, repeats=1, seed=1))
    assert sentence.startswith("n, in 2 of 2 fits: The net is far worse than none")


@pytest.mark.parametrize("validation", [0, 0.2])
@pytest.mark.long
@pytest.mark.parametrize("epochs", [1, 40])
def test_nets_at_their_defaults_are_not_told(validation, epochs):
    def work():
        options = {"epochs": epochs, "validation": validation, "ensemble": 4}
        fit("kyphosis", TWO, **options)
        fit("iris", SEVERAL, **options)
        fit("breast_cancer", "diagnosis ~ .", **options)
        fit("diabetes", NUMBERS, **options)

    assert told(work) == []


@pytest.mark.long
def test_pure_noise_is_not_told():
    rng = np.random.default_rng(3)
    noise = pd.DataFrame(rng.normal(size=(60, 8))).rename(columns="x{}".format)
    for outcome in (rng.choice(["no", "yes"], 60), rng.normal(size=60)):
        event = "yes" if outcome.dtype.kind == "U" else None
        for epochs in (1, 200):
            options = {"epochs": epochs, "ensemble": 4, "validation": 0, "event": event, "seed": 1}
            assert told(lambda: bn.fit_net("y ~ .", noise.assign(y=outcome), **options)) == []  # noqa: B023


@pytest.mark.parametrize(
    ("in_training", "in_watching", "is_told"),
    [(10.1, 2.1, True), (9.9, 99, False), (99, 1.9, False), (99, float("nan"), True)],
)
def test_the_bounds_are_ten_and_two_times_that_loss(in_training, in_watching, is_told):
    net = fit("iris", SEVERAL, epochs=1, ensemble=1).fitted_
    chance = np.log(3)  # every class has one chance in three
    net.members[0].history |= {"loss": [in_training * chance], "validation_loss": [in_watching * chance]}
    assert bool(astray_losses(net)) == is_told
    net.members[0].history["validation_loss"] = []
    assert bool(astray_losses(net)) == (in_training > 10)


@pytest.mark.long
def test_ignorance_costs_what_it_costs():
    from sklearn.metrics import log_loss

    two, numbers = fit("kyphosis", TWO, epochs=1).fitted_, fit("diabetes", NUMBERS, epochs=1).fitted_
    y = KYPHOSIS["Kyphosis"] == "present"
    assert ignorant_loss(two) == pytest.approx(log_loss(y, np.full(len(y), 0.5)))
    target = numbers.objective.targets(DATA["diabetes"]["progression"].to_numpy(), numbers.state)
    assert ignorant_loss(numbers) == pytest.approx(np.mean(target**2), rel=0.1)  # of the rows trained on
