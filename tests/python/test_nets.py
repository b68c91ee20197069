"""Many nets from one call: every combination, each the net that `fit_net` fits alone."""

import contextlib
import pickle

import keras
import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.errors import BineuralWarning, DataMismatchError, InputError, InterruptedWarning, OutcomeError
from bineural.nets import many as net_many
from bineural.nets.progress import Line
from bineural.nets.settings import read_training_sets

FORMULA = "Kyphosis ~ Age + Number + Start"
SETTINGS = [{"learning_rate": 0.02}, {"l2": 0.05}]
OPTIONS = {"event": "present", "epochs": 6, "units": (3,)}


@pytest.fixture(scope="module")
def kyphosis():
    return bn.load_dataset("kyphosis")


@pytest.fixture(scope="module")
def folds(kyphosis):
    return bn.make_folds(kyphosis, folds=3, repeats=2, strata="Kyphosis", seed=7)


@pytest.fixture(scope="module")
def fits(kyphosis, folds):
    return bn.fit_nets(FORMULA, kyphosis, folds, SETTINGS, [4, 9], **OPTIONS)


@pytest.mark.long
def test_every_combination_is_the_net_fitted_alone(fits, kyphosis, folds):
    assert len(fits) == len(fits.nets) == len(fits.table) == 2 * 6 * 2
    assert fits.table["how"].unique().tolist() == ["stack"]
    for k in (0, 7, 14, 23):
        row, net = fits.table.iloc[k], fits.nets[k]
        train = folds[3 * (row["repeat"] - 1) + row["fold"] - 1].train_ids
        options = {**OPTIONS, **SETTINGS[row["setting"] - 1], "seed": row["seed"]}
        alone = bn.fit_net(FORMULA, kyphosis.iloc[train], **options)
        np.testing.assert_allclose(net.predict_proba(kyphosis), alone.predict_proba(kyphosis), atol=1e-4)
        told = alone.glance()
        assert row["n_rows"] == told["n_rows"] == len(train) and row["best_epoch"] == told["best_epoch"]
        assert row["validation_loss"] == pytest.approx(told["validation_loss"], abs=1e-4)
        assert net.formula_ == FORMULA and net.outcome_ == "Kyphosis"


@pytest.mark.long
def test_the_table_names_what_differs(fits):
    first = ["setting", "learning_rate", "l2", "repeat", "fold", "seed"]
    assert fits.table.columns[:6].tolist() == first
    keys = [(s, r, f, d) for s in (1, 2) for r in (1, 2) for f in (1, 2, 3) for d in (4, 9)]
    assert list(fits.table[["setting", "repeat", "fold", "seed"]].itertuples(index=False, name=None)) == keys
    assert fits.table["learning_rate"].isna().tolist() == [False] * 12 + [True] * 12
    text = repr(fits)
    assert text.startswith("24 nets: 2 settings x 6 training sets x 2 seeds\nHow: stack\n")
    assert "mean validation loss" in text


def test_held_out_rows_are_predicted_by_nets_that_never_saw_them(fits, kyphosis, folds):
    held_out = fits.held_out
    assert len(held_out) == 2 * 2 * 2 * 81 and held_out is fits.held_out
    assert (held_out["truth"] == kyphosis["Kyphosis"].iloc[held_out["row"]].to_numpy()).all()
    for k, (_, part) in enumerate(held_out.groupby(["setting", "repeat", "fold", "seed"], sort=False)):
        test = folds[k // 2 % 6].test_ids
        assert part["row"].tolist() == test.tolist()
        wanted = fits.nets[k].predict_proba(kyphosis.iloc[test])
        np.testing.assert_allclose(part[[".pred_absent", ".pred_present"]], wanted, atol=1e-6)  # float32
    assert pickle.loads(pickle.dumps(fits)).held_out.equals(held_out)


@pytest.mark.long
def test_settings_of_other_layouts_get_stacks_of_their_own(kyphosis):
    settings = pd.DataFrame({"units": [[4], [2, 2], [4]], "dropout": [0.0, 0.0, None]})
    options = {"epochs": 2, "seed": 3, "validation": None}
    fits = bn.fit_nets("Start ~ Age + Number", kyphosis, settings=settings[:2], **options)
    assert fits.held_out is None and fits.table["units"].tolist() == ["4", "2, 2"]
    assert fits.table["how"].tolist() == ["stack", "stack"] and fits.table["validation_loss"].isna().all()
    single = bn.fit_nets("Start ~ Age + Number", kyphosis, settings=settings[:2], ensemble=1, **options)
    assert single.table["how"].tolist() == ["alone", "alone"]
    alone = bn.fit_net("Start ~ Age + Number", kyphosis, units=[2, 2], dropout=0.0, **options)
    np.testing.assert_allclose(fits.nets[1].predict(kyphosis), alone.predict(kyphosis), rtol=1e-5)
    with pytest.raises(InputError, match="This is setting 3"):  # a missing value is None
        bn.fit_nets("Start ~ Age + Number", kyphosis, settings=settings, **options)


def test_own_models_arrays_ensembles_and_numbers(kyphosis):
    x, y = kyphosis[["Age", "Start"]].to_numpy(float), kyphosis["Number"].to_numpy(float)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, "tanh"), keras.layers.Dense(1)])
    options = {"architecture": model, "ensemble": 2, "epochs": 3, "seed": 1}
    rows = [np.arange(50), np.arange(70)]
    fits = bn.fit_nets(x, y, rows, weights=y, **options)
    assert fits.table["how"].tolist() == ["stack"] * 2 and len(fits.nets[0].members_) == 2
    assert fits.held_out["row"].tolist() == [*range(50, 81), *range(70, 81)]
    alone = bn.fit_net(x[:50], y[:50], weights=y[:50], **options)
    np.testing.assert_allclose(fits.held_out[".pred"][:31], alone.predict(x[50:]), rtol=1e-4)
    np.testing.assert_array_equal(fits.held_out["truth"][:31], y[50:])


@pytest.mark.long
def test_a_class_that_the_training_rows_lack_has_no_probability():
    iris = bn.load_dataset("iris")
    fits = bn.fit_nets(
        "species ~ .", iris, [np.arange(100), np.arange(150)[::2]], units=(3,), epochs=1, seed=1
    )
    first, second = (part for _, part in fits.held_out.groupby("fold"))
    names = [f".pred_{label}" for label in iris["species"].unique()]
    assert first[names[2]].isna().all() and not first[names[:2]].isna().any(axis=None)
    np.testing.assert_allclose(second[names].sum(axis=1), 1)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"settings": []}, InputError, "must hold a setting"),
        ({"settings": {"l2": 1}}, InputError, "list of dicts.*type dict"),
        (
            {"settings": [{}, {"learning_rte": 1}]},
            InputError,
            "Setting 2 names 'learning_rte'.*learning_rate",
        ),
        ({"settings": [{"seed": 1}]}, InputError, "`seed` must be the same.*Use `seeds`"),
        ({"settings": [{"weights": "Age"}]}, InputError, "`weights` must be the same"),
        (
            {"settings": [{"l2": 1}, {"l2": -1}]},
            InputError,
            "(?s)`l2` must be a number between 0.*setting 2",
        ),
        ({"seeds": [1, 1]}, InputError, "different whole numbers"),
        ({"seeds": [1], "seed": 1}, InputError, "can't both"),
        ({"seeds": [-1]}, InputError, "not negative"),
        ({"folds": 10}, InputError, "make_folds.*It is 10"),
        ({"folds": []}, InputError, "make_folds.*empty"),
        ({"folds": [[0, 1, 81]]}, InputError, "from 0 to 80.*Resample 1"),
        ({"folds": [([0, 1], [1, 2])]}, InputError, "both sides: \\[1\\]"),
        ({"memory": 0}, InputError, "`memory`"),
        ({"checkpoint": "x"}, InputError, "one net only"),
        ({"folds": [np.arange(60), np.arange(2)]}, OutcomeError, "only one class.*fold 2, seed"),
        ({"learning_rate": 1e30, "seeds": [3, 5]}, InputError, "(nan|inf) in the net of seed 3, member 1\\."),
        (
            {"learning_rate": 1e30, "seeds": [3, 5], "ensemble": 1},
            InputError,
            "(nan|inf) in the net of seed 3\\.",
        ),
    ],
)
def test_what_cannot_be_fitted_is_said(kyphosis, options, error, words):
    with pytest.raises(error, match=f"(?s){words}"):
        bn.fit_nets(FORMULA, kyphosis, **(OPTIONS | options))


def test_folds_know_their_data(kyphosis, folds):
    assert len(read_training_sets(folds, kyphosis.assign(new=1).drop(columns="Age"))) == 6
    assert read_training_sets(folds[0], kyphosis.to_numpy())[0].fold == 1
    with pytest.raises(DataMismatchError, match="another order"):
        bn.fit_nets(FORMULA, kyphosis[::-1], folds, **OPTIONS)
    with pytest.raises(DataMismatchError, match="81 rows, and there are 80"):
        bn.fit_nets(FORMULA, kyphosis[:80], folds, **OPTIONS)


def test_a_warning_of_many_nets_is_given_once(kyphosis, folds):
    gaps = kyphosis.assign(Kyphosis=kyphosis["Kyphosis"].where(np.arange(81) > 0))
    with pytest.warns(BineuralWarning) as caught:
        bn.fit_nets(FORMULA, gaps, seeds=[1, 2], missing="drop", **OPTIONS)
    assert len(caught) == 1 and "1 of 81 rows" in str(caught[0].message)
    assert str(caught[0].message).endswith("So for the net of seed 1 and 1 more.")


@pytest.mark.long
def test_an_interrupted_call_keeps_the_nets_that_had_begun(kyphosis, folds, monkeypatch):
    class Impatient(Line):
        def stack(self, done, finished):
            raise KeyboardInterrupt

    @contextlib.contextmanager
    def shown(epochs, verbose, n_nets):
        yield Impatient(epochs)

    monkeypatch.setattr(net_many, "shown_progress", shown)
    options = {**OPTIONS, "epochs": 2000, "patience": 1999, "seed": 1}
    settings = [{}, {"batch_size": 16}]
    with pytest.warns(InterruptedWarning, match="0 of 12 nets are done.\n6 more are kept"):
        fits = bn.fit_nets(FORMULA, kyphosis, folds, settings, **options)
    assert fits.table["setting"].tolist() == [1] * 6 and fits.table["n_epochs"].between(1, 1998).all()
    assert fits.table["how"].unique().tolist() == ["stack, interrupted"]
    assert len(fits.held_out) == 2 * 81 and "6 nets of 2 settings" in repr(fits)


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ({"quantiles": [0.5], "objective": "poisson"}, "option of 'quantile': name it as `objective`"),
        ({"delta": 2.0}, "option of 'huber': name it as `objective`"),
        ({"n_heads": 4}, "option of 'batch_ensemble': name it as `architecture`"),
        ({"offset": "years"}, "Write it into the formula"),
        ({"weights": "w"}, "Weights are of rows"),
    ],
    ids=str,
)
def test_an_option_that_is_anothers_names_whose_it_is(given, hint):
    with pytest.raises(bn.InputError, match=hint):
        bn.make_net("y ~ x", **given)
