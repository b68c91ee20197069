"""A search tries what it says, chooses by the rule as written, and never sees a row that it is tested on."""

import itertools

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import log_loss, roc_auc_score

import bineural as bn
from bineural.comparing.grids import default_grid, simplicity
from bineural.comparing.searching import choose, epoch_shares
from bineural.errors import FailedFitWarning, InputError, UnseenLevelWarning
from bineural.training.seeds import stream_seed

KYPHOSIS = bn.load_dataset("kyphosis")
FORMULA = "Kyphosis ~ Age + Start"
QUICK = {"event": "present", "units": (4,), "epochs": 6, "ensemble": 1}
GRID = {"learning_rate": [0.01, 0.1], "dropout": [0.0, 0.3]}


def tune(grid=GRID, data=KYPHOSIS, **options):
    return bn.tune_net(FORMULA, data, grid, **{**QUICK, "folds": 3, "seed": 7, **options})


@pytest.fixture(scope="module")
def tuned():
    return tune()


def fit_slowly(settings, folds, seed, data=KYPHOSIS):
    """Fit one net after the other; AUROC by scikit-learn, shape (n_settings, n_folds)."""
    found = np.zeros((len(settings), len(folds)))
    for k, (train, test) in enumerate(folds):
        for i, setting in enumerate(settings):
            options = {**QUICK, **setting, "seed": stream_seed(seed, "tuning", k)}
            net = bn.fit_net(FORMULA, data.iloc[train], **options)
            truth = data["Kyphosis"].iloc[test] == "present"
            found[i, k] = roc_auc_score(truth, net.predict_event(data.iloc[test]))
    return found


@pytest.mark.long
def test_it_is_a_loop_over_settings_and_folds(tuned):
    settings = [dict(zip(GRID, point)) for point in itertools.product(*GRID.values())]
    assert tuned.settings == settings
    folds = bn.make_folds(KYPHOSIS, folds=3, strata="Kyphosis", seed=7)
    slow = fit_slowly(settings, folds, 7)
    np.testing.assert_allclose(tuned.table["mean"], slow.mean(axis=1), atol=1e-3)
    corrected = slow.std(axis=1, ddof=1) * np.sqrt(1 / 3 + 1 / 2)
    np.testing.assert_allclose(tuned.table["se"], corrected, atol=1e-3)
    wide = tuned.scores.pivot(index="setting", columns="fold", values="auroc")
    np.testing.assert_allclose(wide, slow, atol=1e-3)
    assert tuned.best == settings[int(np.argmax(slow.mean(axis=1)))]
    again = bn.fit_net(FORMULA, KYPHOSIS, **QUICK | tuned.chosen, seed=7)
    expected = again.predict_event(KYPHOSIS)
    np.testing.assert_allclose(tuned.model.predict_event(KYPHOSIS), expected, atol=1e-5)
    assert tuned.model.formula_ == FORMULA and tuned.model.outcome_ == "Kyphosis"


def test_the_rule_of_one_standard_error():
    """On a table made by hand: larger number in `order` is less simple."""
    means, ses = [0.80, 0.90, 0.86, 0.85, 0.70], [0.01, 0.05, 0.2, 0.01, 0.3]
    order = [(1,), (5,), (3,), (2,), (0,)]
    everyone = [True] * 5
    assert choose(means, ses, everyone, order, True, "one_se") == (1, 3)
    assert choose(means, ses, everyone, order, True, "best") == (1, 1)
    assert choose([-m for m in means], ses, everyone, order, False, "one_se") == (1, 3)
    assert choose(means, ses, [True, True, True, False, True], order, True, "one_se") == (1, 2)
    assert choose(means, [0.01, np.nan, 0.2, 0.01, 0.3], everyone, order, True, "one_se") == (1, 1)
    assert choose([0.9, np.nan, 0.9], [0.1] * 3, [True] * 3, [(1,), (0,), (1,)], True, "one_se") == (0, 0)
    with pytest.raises(bn.InputError, match="must be defined in some fold"):
        choose([np.nan], [np.nan], [True], [(0,)], True, "best")


def test_simpler_is_a_stronger_penalty_then_fewer_units_then_more_dropout_then_fewer_epochs():
    base = {"architecture": "skip", "l2": 0.1, "l1": 0.0, "units": (8,), "dropout": 0.1, "epochs": 50}
    simplest_first = [
        {"l2": 0.2, "units": (64, 64)},
        {"l2": 0.1, "l1": 0.1, "units": (64,)},
        {"units": (2, 2), "dropout": 0.0},
        {"dropout": 0.5, "epochs": 500},
        {"epochs": 10},
        {},
        {"l2": None, "units": ()},  # 3 / (2 * 20), less than 0.1
    ]
    order = [simplicity(base | change, n_trained=20) for change in simplest_first]
    assert order == sorted(order)


def test_halving_keeps_the_best_and_ends_with_the_numbers_of_a_full_search():
    grid = {"learning_rate": [0.001, 0.01, 0.03, 0.1, 0.3]}
    full = tune(grid, epochs=8, refit=False)
    halved = tune(grid, epochs=8, refit=False, halving=2)
    assert epoch_shares(5, 2) == [0.25, 0.5, 1.0] and epoch_shares(24, 3) == [1 / 9, 1 / 3, 1.0]
    assert halved.table["round"].value_counts().to_dict() == {1: 2, 2: 1, 3: 2}
    first = tune(grid, epochs=2, refit=False).table["mean"]
    assert set(first.nlargest(3).index) == set(halved.table.index[halved.table["round"] > 1])
    last = halved.table["round"] == 3
    pd.testing.assert_series_equal(halved.table["mean"][last], full.table["mean"][last], atol=1e-6)
    assert halved.table.loc[last, "chosen"].sum() == 1 and halved.model is None
    assert len(halved.scores) == (5 + 3 + 2) * 3


@pytest.mark.long
@pytest.mark.filterwarnings("ignore::bineural.errors.LeakWarning")  # two children are alike
def test_a_comparison_tunes_anew_on_training_rows_alone(tuned):
    """Spoil the test rows: neither choice nor prediction of others changes."""
    rank = KYPHOSIS.groupby("Kyphosis", observed=True).cumcount().to_numpy()
    train, test = np.flatnonzero(rank % 4 != 0), np.flatnonzero(rank % 4 == 0)
    spoilt = KYPHOSIS.copy()
    spoilt.loc[test[1:], ["Age", "Start"]] = 1_000
    spoilt.loc[test[1:], "Kyphosis"] = np.where(np.arange(len(test) - 1) % 2, "absent", "present")
    found = []
    for data in (KYPHOSIS, spoilt):
        comparison = bn.compare_models({"tuned": tuned}, data, folds=[(train, test)], seed=3, baseline=False)
        first = comparison.predictions.query("model == 'tuned' and row == @test[0]")[".pred_present"]
        found.append((comparison.entrants[0].told["chosen"], first.to_numpy()))
    assert found[0][0] == found[1][0]
    np.testing.assert_array_equal(found[0][1], found[1][1])


def test_each_training_fold_is_tuned_as_if_alone(tuned):
    found = bn.compare_models(
        {"tuned net": tuned, "glm": "glm"}, KYPHOSIS, folds=3, repeats=1, seed=4, seeds=2
    )
    entrant = next(one for one in found.entrants if one.name == "tuned net")
    assert entrant.kind == "net" and entrant.random
    assert len(entrant.told["chosen"]) == 6 and sum(entrant.told["counts"].values()) == 6
    assert "4 settings of learning_rate, dropout" in found.run["models"]["tuned net"]
    own = found.predictions[found.predictions["model"] == "tuned net"]
    for draw, k in ((0, 1), (1, 2)):
        one = found.basis.sets[k]
        alone = tune(data=KYPHOSIS.iloc[one.train], seed=found.basis.seed_of("tuned net", k, draw))
        assert alone.chosen == entrant.told["chosen"][draw * 3 + k]
        mine = own[(own["fold"] == k + 1) & (own["draw"] == draw + 1)][".pred_present"]
        np.testing.assert_allclose(mine, alone.model.predict_event(KYPHOSIS.iloc[one.test]), atol=1e-4)


@pytest.mark.long
def test_groups_stay_together_within_the_training_folds():
    data = KYPHOSIS.assign(patient=np.arange(81) // 3)
    one = bn.tune_net(FORMULA, data, {"l2": [0.1]}, **QUICK, folds=3, seed=1, strata=False)
    outer = {"folds": 3, "repeats": 1, "groups": "patient", "strata": False, "seed": 1}
    entrant = one.as_entrant("t")
    comparison = bn.compare_models({"t": entrant}, data, "Kyphosis", event="present", **outer)
    task = entrant._task(comparison.basis, 0, 0, "t")
    outside = set(comparison.basis.sets[0].test)
    for part in task.sets:
        assert not set(data["patient"].iloc[part.train]) & set(data["patient"].iloc[part.test])
        assert not outside & {*part.train, *part.test}


@pytest.mark.long
def test_grids_of_every_form():
    ranges = {"l2": {"low": 0.001, "high": 1, "log": True}, "batch_size": {"low": 8, "high": 10}}
    ranges["units"] = [(4,), 3]
    options = {"n_settings": 5, "epochs": 1, "refit": False}
    one, two = (tune(ranges, **options).settings for _ in range(2))
    assert one == two != tune(ranges, **options, seed=8).settings and len(one) == 5
    assert all(0.001 <= s["l2"] <= 1 and s["batch_size"] in (8, 9, 10) for s in one)
    frame = pd.DataFrame({"l2": [0.1, None], "units": [(4,), (3,)]})
    assert tune(frame, epochs=1, refit=False).settings == [
        {"l2": 0.1, "units": (4,)},
        {"l2": None, "units": (3,)},
    ]
    mixed = tune([{"units": (4, 2)}, {"units": 3}], epochs=1, refit=False)
    assert mixed.table["units"].tolist() == ["4, 2", "3"]
    some = tune({"dropout": [0.0], "l2": [0.1, 0.2, 0.3, 0.4]}, **options | {"n_settings": 2}).settings
    assert len(some) == 2 and some == sorted(some, key=lambda s: s["l2"])
    assert len(list(itertools.product(*default_grid(bn.NetClassifier(), 50).values()))) == 24
    assert "units" not in default_grid(bn.NetClassifier(units=(3,)), 50)
    assert default_grid(bn.NetClassifier(), 50)["l2"][1] == pytest.approx(1 / 100)
    assert default_grid(bn.NetClassifier(), 5000)["units"][-1] == (256, 128)


@pytest.mark.long
def test_other_outcomes_measures_and_weights():
    iris = bn.load_dataset("iris")
    options = {"folds": 3, "epochs": 4, "seed": 1, "units": (3,), "refit": False, "ensemble": 1}
    three = bn.tune_net("species ~ .", iris, {"l2": [0.1, 0.01]}, **options)
    assert three.measure == "log_loss" and three.n_events is None
    x, y = iris[["petal_length"]].to_numpy(), iris["petal_width"].to_numpy()
    numbers = bn.tune_net(x, y, {"l2": [0.1, 0.01]}, **options | {"refit": True})
    assert numbers.measure == "rmse" and numbers.model.predict(x).shape == (150,)
    best = numbers.table["mean"].argmin()
    assert numbers.table["best"].tolist() == [i == best for i in range(2)]

    weights = np.random.default_rng(1).uniform(0.5, 2, 81)
    found = tune({"l2": [0.1]}, weights=weights, measure="log_loss", refit=False)
    train, test = found.folds[0].train_ids, found.folds[0].test_ids
    seed = stream_seed(7, "tuning", 0)
    net = bn.fit_net(FORMULA, KYPHOSIS.iloc[train], **QUICK, l2=0.1, weights=weights[train], seed=seed)
    truth = KYPHOSIS["Kyphosis"].iloc[test] == "present"
    expected = log_loss(truth, net.predict_event(KYPHOSIS.iloc[test]), sample_weight=weights[test])
    assert found.scores["log_loss"][0] == pytest.approx(expected, abs=1e-4)

    def cost(truth, prediction):
        return float(np.mean(np.abs(truth - prediction)))

    own = tune({"l2": [0.1, 0.2]}, measure=(cost, "smaller"), refit=False, rule="best")
    assert own.measure == "cost" and own.chosen == own.best
    assert own.table["chosen"].tolist() == (own.table["mean"] == own.table["mean"].min()).tolist()


def test_it_says_what_it_found(tuned, tmp_path):
    text = str(tuned)
    assert text.startswith(
        "4 settings tried by AUROC on 81 rows, 17 events (Kyphosis: present; absent 64)\n3 folds"
    )
    assert "Chosen, the simplest setting within one standard error of the best" in text
    many = tune({"l2": np.geomspace(0.01, 1, 14)}, epochs=1, refit=False)
    assert "(" in str(many).split("more settings are in `table`")[0].splitlines()[-1]
    assert str(many).count("chosen") == 1
    for one in (tuned, many):
        figure = one.plot(tmp_path / "tuned.png")
        assert (tmp_path / "tuned.png").stat().st_size > 5_000
        (axes,) = figure.axes
        points = np.concatenate([line.get_xydata() for line in axes.containers[0].lines[:1]])
        column = 0 if one is tuned else 1
        others = one.table[~one.table["chosen"]]["mean"]
        np.testing.assert_allclose(np.sort(points[:, column]), np.sort(others))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"grid": {"lerning_rate": [0.1]}}, "The grid names 'lerning_rate'.\nDid you mean 'learning_rate'"),
        ({"grid": {"event": ["present"]}}, "`event` must be the same.*\n.*\nGive it outside of `grid`"),
        ({"grid": {"seed": [1]}}, "`seed` must be the same.*\n.*\nGive it outside of `grid`"),
        ({"grid": {"l2": []}}, "at least one value.\n`l2` has none"),
        ({"grid": {"l2": 0.1}}, "list of values, or a range.\n`l2` is 0.1"),
        (
            {"grid": {"l2": ["a"]}},
            "`l2` must be a number between 0 and 1e.30, or None.\nFound 'a'. This is setting 1",
        ),
        (
            {"grid": {"units": [(4,), (0,)]}},
            "`units` must be a positive whole number .*\n.*This is setting 2",
        ),
        ({"grid": {}}, "`grid` must name an option"),
        ({"grid": []}, "`grid` must be a dict .*\nIt is empty"),
        ({"grid": "l2"}, "`grid` must be a dict .*\nIt is of type str"),
        ({"grid": {"l2": {"low": 1, "high": 0.1}}}, "low < high"),
        ({"grid": {"l2": {"low": 0, "high": 0.1, "log": True}}}, "low > 0 where `log`"),
        ({"grid": {"l2": {"from": 0, "to": 1}}}, "must have `low` and `high`"),
        ({"grid": {"units": {"low": 1, "high": 9}}}, "be of an option that is a number"),
        ({"grid": {"epochs": range(1, 200), "l2": np.linspace(0, 1, 100)}}, "at most 10000 points"),
        ({"n_settings": 0}, "`n_settings` must be a whole number of at least 1"),
        ({"halving": 1}, "`halving` must be True, False or a whole number from 2"),
        ({"rule": "first"}, "`rule` must be one of 'one_se', 'best'"),
        ({"measure": "auc"}, "Did you mean 'auroc'"),
        ({"measure": 3}, "`measure` must be a name, a function"),
        ({"folds": 200}, "fold"),
        ({"folds": 1}, "fold"),
        ({"event": None}, "`event`"),
        ({"checkpoint": "x"}, "`checkpoint` can be used with one net only"),
        ({"memory": 0}, "`memory` must be"),
        ({"architecture": lambda shape, n: None}, "Setting 1 names `l2`, which a model of your own"),
    ],
)
def test_bad_input_is_said(change, message):
    with pytest.raises(bn.InputError, match=message):
        tune(**{"grid": {"l2": [0.1]}, **change})


@pytest.mark.long
def test_a_tuned_net_that_cannot_be_tuned_anew_is_refused():
    split = bn.split_rows(KYPHOSIS, strata="Kyphosis", seed=1)
    one = tune({"l2": [0.1, 0.2]}, folds=split, epochs=1)
    assert one.chosen == one.best and np.isnan(one.table["se"]).all()
    with pytest.raises(bn.InputError, match="tuned on a single split"):
        bn.compare_models({"one": one}, KYPHOSIS)
    iris = bn.load_dataset("iris")
    other = bn.tune_net(
        "petal_width ~ petal_length", iris, {"l2": [0.1]}, folds=2, epochs=1, units=(2,), seed=1
    )
    with pytest.raises(
        bn.InputError, match="other was tuned for regression; the comparison is of multiclass"
    ):
        bn.compare_models({"other": other}, iris, "species", folds=2, repeats=1, baseline=False)


@pytest.mark.long
def test_a_setting_that_explodes_is_never_chosen():
    grid = [{"learning_rate": 1e30, "units": [1]}, {"learning_rate": 0.01, "units": [2]}]
    options = {"event": "present", "folds": 3, "epochs": 3, "optimizer": "sgd", "ensemble": 1, "seed": 1}
    with pytest.warns(FailedFitWarning, match="In setting 1: the training loss became"):
        tuned = bn.tune_net("Kyphosis ~ .", KYPHOSIS, grid=grid, **options)
    assert tuned.chosen["learning_rate"] == 0.01 and "nan" not in repr(tuned.model.predict_proba(KYPHOSIS))
    alone = bn.tune_net("Kyphosis ~ .", KYPHOSIS, grid=grid[1:], **options)
    assert tuned.table["mean"].dropna().tolist() == pytest.approx(alone.table["mean"].tolist())
    with pytest.raises(InputError, match="Some setting must train to a finite loss"):
        bn.tune_net("Kyphosis ~ .", KYPHOSIS, grid=grid[:1], **options)


@pytest.mark.long
def test_what_fits_warn_of_is_said_once_for_each_kind(recwarn):
    rng = np.random.default_rng(1)
    data = pd.DataFrame({"a": rng.normal(size=60), "town": [f"t{k // 2}" for k in range(60)]})
    data["y"] = np.where(data["a"] + rng.normal(size=60) > 0, "up", "down")
    bn.tune_net("y ~ .", data, {"l2": [0.1, 0.2]}, **QUICK | {"event": "up", "epochs": 1}, folds=2, seed=1)
    (unseen,) = [one for one in recwarn if issubclass(one.category, UnseenLevelWarning)]
    assert str(unseen.message).startswith("In 4 fits: Levels that training never saw (rows): `town`: 't")
    fits = bn.fit_nets(
        "y ~ .",
        data,
        bn.make_folds(data, folds=2, seed=1),
        event="up",
        units=(4,),
        epochs=1,
        ensemble=1,
        seed=1,
    )
    recwarn.clear()
    assert len(fits.held_out) == 60
    (unseen,) = [one for one in recwarn if issubclass(one.category, UnseenLevelWarning)]
    assert str(unseen.message).startswith("In 2 fits: Levels")
