"""A comparison fits on training rows alone, measures equal held-out rows, and never says too much."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.special import expit, logit
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import log_loss, r2_score, roc_auc_score
from sklearn.model_selection import (
    GroupKFold,
    KFold,
    RepeatedStratifiedKFold,
    StratifiedKFold,
    TimeSeriesSplit,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import bineural as bn
from bineural.comparing.corrected_t import corrected_t

KYPHOSIS = bn.load_dataset("kyphosis")
FULL = "Kyphosis ~ Age + Number + Start"
SHORT = "Kyphosis ~ Start"
GLM = bn.fit_glm(FULL, KYPHOSIS, event="present")
ONE = bn.fit_glm(SHORT, KYPHOSIS, event="present")


def folds_by_rank(k):
    """Make folds without any random number: rank within the class, in row order, modulo k."""
    rank = KYPHOSIS.groupby("Kyphosis", observed=True).cumcount().to_numpy()
    every = np.arange(len(KYPHOSIS))
    return [(every[rank % k != f], every[rank % k == f]) for f in range(k)]


@pytest.fixture(scope="module")
def reference():
    return bn.compare_models({"A": GLM, "B": ONE}, KYPHOSIS, folds=folds_by_rank(10))


def test_reference_figures_of_two_glms(reference):
    """Figures of R and baycomp for the same folds."""
    table = reference.table.set_index("model")
    assert table.loc["A", "auroc"] == pytest.approx(0.857142857142857, abs=1e-12)
    assert table.loc["B", "auroc"] == pytest.approx(0.871428571428571, abs=1e-12)
    found = reference.differences.iloc[0]
    assert (found["model"], found["other"], found["n"]) == ("B", "A", 10)
    assert found["p"] == pytest.approx(0.710968267246146, abs=1e-12)
    shares = found["p_better"], found["p_same"], found["p_worse"]  # of B
    assert shares == pytest.approx((0.544418488330144, 0.189692174499295, 0.265889337170562), abs=1e-12)
    scores = reference.scores.pivot(index="fold", columns="model", values="auroc")
    assert (scores["A"] - scores["B"]).std() == pytest.approx(0.0812862706607579, abs=1e-12)


def test_pooled_figures_are_those_of_all_held_out_rows(reference):
    expected = {"A": (0.820772058823529, 0.427866653674623), "B": (0.808823529411765, 0.432860931294514)}
    for model, (area, loss) in expected.items():
        _, truth, probability = reference.averaged_predictions(model)
        assert roc_auc_score(truth, probability) == pytest.approx(area, abs=1e-9)
        assert log_loss(truth, probability) == pytest.approx(loss, abs=1e-9)


def test_the_glm_of_kyphosis_over_ten_by_twenty_folds():
    """The honest figure beside the published 0.719, on scikit-learn's folds of seed 1."""
    folds = RepeatedStratifiedKFold(n_splits=10, n_repeats=20, random_state=1)
    found = bn.compare_models(GLM, KYPHOSIS, folds=folds)
    row, own = found.table.iloc[0], found.predictions.query("model == 'glm'")
    assert row["auroc"] == pytest.approx(0.8367, abs=5e-5)
    test = corrected_t(found.scores.query("model == 'glm'")["auroc"], 1 / 9)
    assert (round(test.low, 3), round(test.high, 3)) == (0.728, 0.945)
    reach = stats.t.ppf(0.975, 16) * test.se / (test.mean * (1 - test.mean))  # 17 events, on the logit scale
    limits = expit(logit(test.mean) + np.array([-reach, reach]))
    assert (row["low"], row["high"]) == pytest.approx(tuple(limits), rel=1e-3)  # folds of 8 and 9 rows
    event, probability = own["truth"] == "present", own[".pred_present"]
    assert round(log_loss(event, probability), 3) == 0.439  # over rows, where folds are of 8 and 9
    assert round(np.mean((event - probability) ** 2), 4) == 0.1349


def test_ten_folds_give_no_verdict(reference):
    assert reference.differences["finding"].eq("too few resamples").all()
    assert all("No verdict" in sentence and "50 are needed" in sentence for sentence in reference.verdicts)


def test_a_single_split_gives_no_verdict():
    split = bn.split_rows(KYPHOSIS, strata="Kyphosis", seed=1)
    found = bn.compare_models({"A": GLM, "B": ONE}, KYPHOSIS, folds=split)
    one = bn.evaluate_model(bn.fit_glm(FULL, split.train, event="present"), split.test)
    row = found.table.set_index("model").loc["A"]
    assert row["auroc"] == pytest.approx(one.measures["auroc"], abs=1e-12)
    assert (row["low"], row["high"]) == pytest.approx(
        (one.intervals["auroc"].low, one.intervals["auroc"].high)
    )
    assert found.differences["finding"].eq("single split").all() and "single split" in found.verdicts[0]


def test_predictions_are_those_of_models_fitted_to_the_training_rows():
    """Refit fold by fold with scikit-learn's own tools."""
    pipeline = make_pipeline(StandardScaler(), LogisticRegression())
    found = bn.compare_models(
        {"pipeline": pipeline, "glm": GLM}, KYPHOSIS, outcome="Kyphosis", folds=5, repeats=2, seed=4
    )
    folds = bn.make_folds(KYPHOSIS, folds=5, repeats=2, strata="Kyphosis", seed=4)
    X, y = KYPHOSIS.drop(columns="Kyphosis"), KYPHOSIS["Kyphosis"].astype(str).to_numpy()
    predictions = found.predictions
    for k, (train, test) in enumerate(folds):
        own = predictions[(predictions.repeat == k // 5 + 1) & (predictions.fold == k % 5 + 1)]
        expected = pipeline.fit(X.iloc[train], y[train]).predict_proba(X.iloc[test])[:, 1]
        mine = own[own.model == "pipeline"]
        assert mine["row"].tolist() == test.tolist()
        np.testing.assert_allclose(mine[".pred_present"], expected, atol=1e-12)
        glm = bn.fit_glm(FULL, KYPHOSIS.iloc[train], event="present")
        expected = glm.predict_event(KYPHOSIS.iloc[test])
        np.testing.assert_allclose(own[own.model == "glm"][".pred_present"], expected, atol=1e-12)


def test_test_rows_change_no_prediction_of_others():
    """What a fold learns is learnt from its training rows: spoil the test rows, and nothing else changes."""
    folds = [folds_by_rank(5)[0]]
    test = folds[0][1]
    spoilt = KYPHOSIS.copy()
    spoilt.loc[test[1:], ["Age", "Start"]] = 1_000
    options = {"outcome": "Kyphosis", "event": "present", "seed": 1}
    models = {"net": bn.NetClassifier(epochs=5), "rf": RandomForestClassifier(10), "glm": GLM}
    one, other = (
        bn.compare_models(models, d, folds=folds, **options).predictions for d in (KYPHOSIS, spoilt)
    )
    first = one["row"] == test[0]
    np.testing.assert_array_equal(one[first][".pred_present"], other[first][".pred_present"])


@pytest.mark.long
def test_nets_of_a_comparison_are_the_nets_alone_from_different_weights():
    net = bn.NetClassifier(event="present", epochs=8, units=(4,))
    found = bn.compare_models({"net": net, "glm": GLM}, KYPHOSIS, folds=4, repeats=1, seeds=2, seed=3)
    predictions = found.predictions[found.predictions.model == "net"]
    starts = []
    for draw in (0, 1):
        for k, one in enumerate(found.basis.sets):
            seed = found.basis.seed_of("net", k, draw)
            alone = bn.fit_net(
                "Kyphosis ~ .", KYPHOSIS.iloc[one.train], event="present", epochs=8, units=[4], seed=seed
            )
            own = predictions[(predictions.draw == draw + 1) & (predictions.fold == k + 1)]
            expected = alone.predict_event(KYPHOSIS.iloc[one.test])
            np.testing.assert_allclose(own[".pred_present"], expected, atol=2e-5)
            first = bn.fit_net(
                "Kyphosis ~ .",
                KYPHOSIS.iloc[one.train],
                event="present",
                epochs=1,
                learning_rate=1e-12,
                units=[4],
                seed=seed,
            )
            starts.append(np.concatenate([w.ravel() for w in first.weights_]).round(6).tobytes())
    assert len(set(starts)) == len(starts)
    row = found.table.set_index("model")
    scores = found.scores[found.scores.model == "net"].pivot(index="fold", columns="draw", values="auroc")
    assert row.loc["net", "seed_sd"] == pytest.approx(np.sqrt(scores.var(axis=1, ddof=1).mean()))
    assert np.isnan(row.loc["glm", "seed_sd"])


def test_spreads_are_told_apart():
    found = bn.compare_models(GLM, KYPHOSIS, folds=5, repeats=4, seed=1)
    scores = found.scores[found.scores.model == "glm"]
    row = found.table.iloc[0]
    assert row["fold_sd"] == pytest.approx(scores["auroc"].std())
    assert row["repeat_sd"] == pytest.approx(scores.groupby("repeat")["auroc"].mean().std())


@pytest.mark.long
def test_a_winner_is_named_where_there_is_one_and_nobody_where_there_is_none():
    rng = np.random.default_rng(7)
    data = pd.DataFrame(rng.normal(size=(150, 3)), columns=list("abc"))
    data["y"] = np.where(data["a"] + 0.3 * rng.normal(size=150) > 0, "yes", "no")
    data["noise"] = rng.normal(size=150)
    good = bn.fit_glm("y ~ a", data, event="yes")
    bad, worse = bn.fit_glm("y ~ b", data, event="yes"), bn.fit_glm("y ~ noise", data, event="yes")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = bn.compare_models({"bad": bad, "good": good}, data, folds=5, seed=1)
        neither = bn.compare_models({"bad": bad, "worse": worse}, data, folds=5, seed=1)
    assert found.differences.query("measure == 'auroc'")["finding"].tolist() == ["better"]
    assert found.verdicts[0].startswith("good beats bad by 0.") and "over 50 folds" in found.verdicts[0]
    assert neither.differences.query("measure == 'auroc'")["finding"].tolist() == ["no signal"]
    same = bn.compare_models({"one": good, "two": good}, data, folds=5, seed=1)
    assert same.differences["finding"].eq("identical").all() and same.differences["p"].eq(1).all()


def test_functions_and_averages_are_models():
    def share(train, test):
        assert "Kyphosis" in train and "Kyphosis" not in test
        return np.full(len(test), np.mean(train["Kyphosis"] == "present"))

    models = {"glm": GLM, "one": ONE, "share": share, "both": bn.average_models(["glm", "one"])}
    found = bn.compare_models(models, KYPHOSIS, folds=5, repeats=1, seed=2)
    wide = found.predictions.pivot(index="row", columns="model", values=".pred_present")
    np.testing.assert_allclose(wide["both"], (wide["glm"] + wide["one"]) / 2, atol=1e-15)
    np.testing.assert_allclose(wide["share"], wide["null"], atol=1e-15)
    objects = bn.average_models({"a": bn.fit_glm(FULL, KYPHOSIS, event="present"), "b": ONE})
    again = bn.compare_models({"mean": objects, "glm": GLM}, KYPHOSIS, folds=5, repeats=1, seed=2).predictions
    of_objects = again[again.model == "mean"].set_index("row")[".pred_present"].sort_index()
    np.testing.assert_allclose(of_objects, wide["both"], atol=1e-15)
    halves = bn.average_models({"glm": GLM, "one": ONE}, weights=[3, 1])
    expected = (3 * GLM.predict_proba(KYPHOSIS) + ONE.predict_proba(KYPHOSIS)) / 4
    np.testing.assert_allclose(halves.predict_proba(KYPHOSIS), expected, atol=1e-15)
    assert bn.evaluate_model(halves, KYPHOSIS).n_events == 17


def test_models_of_r_see_the_same_rows():
    """R's glm is our GLM."""
    ours = bn.fit_glm(FULL, KYPHOSIS, event="present")
    theirs = bn.r_model("function(train) glm(Kyphosis ~ Age + Number + Start, binomial, train)")
    found = bn.compare_models({"glm": ours, "R": theirs}, KYPHOSIS, folds=5, repeats=2, seed=5)
    wide = found.predictions.pivot(index=["repeat", "row"], columns="model", values=".pred_present")
    np.testing.assert_allclose(wide["R"], wide["glm"], atol=1e-12)
    with pytest.raises(bn.InputError, match="R says: .*no such thing"):
        bad = bn.r_model('function(train) stop("no such thing")')
        bn.compare_models({"bad": bad}, KYPHOSIS, "Kyphosis", event="present", folds=5)


@pytest.mark.parametrize("fit", ["function(train) runif(1)", 'function(train) stop("no")'])
def test_models_of_r_leave_its_random_stream_as_it_was(fit):
    """Where none had begun there is none, so that the next numbers of R's are new ones."""
    judge = pytest.importorskip("rjudge")
    model = bn.r_model(fit, "function(model, test) runif(nrow(test))")
    seed = "globalenv()[['.Random.seed']]"

    def compare():
        try:
            return bn.compare_models(
                {"noise": model}, KYPHOSIS, "Kyphosis", event="present", folds=2, repeats=1, seed=1
            ).predictions
        except bn.InputError:
            return None

    judge.r('RNGkind("L\'Ecuyer-CMRG"); set.seed(1)')
    before, first = judge.strings(seed), compare()
    assert judge.strings(seed) == before
    judge.r('RNGkind("default"); rm(.Random.seed, envir = globalenv())')
    second = compare()
    assert judge.r(f"is.null({seed})")[0]
    assert first is None or first.equals(second)


def test_several_classes_and_numbers():
    iris = bn.load_dataset("iris")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", bn.BineuralWarning)  # setosa is separated
        found = bn.compare_models(["rf", "glm"], iris, "species", folds=5, repeats=1, seed=1)
    assert found.task == "multiclass" and found.measure == "log_loss"
    own = found.predictions[found.predictions.model == "rf"].sort_values("row")
    columns = [f".pred_{label}" for label in found.classes]
    expected = [
        log_loss(part["truth"], part[columns], labels=found.classes) for _, part in own.groupby("fold")
    ]
    assert found.table.set_index("model").loc["rf", "log_loss"] == pytest.approx(np.mean(expected), rel=1e-6)
    numbers = bn.compare_models(
        [LinearRegression(), "glm"], iris.drop(columns="species"), "petal_width", folds=5, repeats=1, seed=1
    )
    row = numbers.table.set_index("model")
    assert row.loc["LinearRegression", "rmse"] == pytest.approx(row.loc["glm", "rmse"], rel=1e-10)
    own = numbers.predictions[numbers.predictions.model == "glm"]
    parts = [np.mean((p["truth"] - p[".pred"]) ** 2) for _, p in own.groupby("fold")]
    assert row.loc["glm", "rmse"] == pytest.approx(np.sqrt(np.mean(parts)))
    assert row.loc["glm", "r_squared"] == pytest.approx(r2_score(own["truth"], own[".pred"]), abs=1e-12)
    assert row.loc["null", "r_squared"] < 0


def test_measures_of_ones_own():
    def cost(truth, prediction):
        return float(np.mean(5 * truth * (prediction < 0.5) + (1 - truth) * (prediction >= 0.5)))

    found = bn.compare_models(
        {"A": GLM, "B": ONE},
        KYPHOSIS,
        folds=5,
        repeats=1,
        seed=1,
        measures={"cost": (cost, "smaller")},
        measure="cost",
    )
    own = found.predictions[found.predictions.model == "A"]
    parts = [cost(p["truth"] == "present", p[".pred_present"]) for _, p in own.groupby("fold")]
    assert found.table.iloc[0]["cost"] == pytest.approx(np.mean(parts))
    with pytest.raises(bn.InputError, match="'cost' must give a number .*\n.*ZeroDivisionError"):
        bn.compare_models(GLM, KYPHOSIS, folds=5, repeats=1, measures={"cost": lambda y, p: 1 / 0})


def test_a_glm_stands_beside_every_model_unless_refused():
    options = {"outcome": "Kyphosis", "event": "present", "folds": 3, "repeats": 1, "seed": 1}
    forest = RandomForestClassifier(5)
    assert bn.compare_models(forest, KYPHOSIS, **options).models == ["glm", "RandomForestClassifier", "null"]
    bare = bn.compare_models(forest, KYPHOSIS, baseline=False, **options)
    assert bare.models == ["RandomForestClassifier", "null"]
    named = bn.compare_models({"f": forest, "glm": "glm"}, KYPHOSIS, baseline="f", **options)
    assert named.reference == "f" and named.differences["other"].eq("f").all()


def test_one_class_in_a_fold_is_left_out_and_counted():
    late = KYPHOSIS.sort_values("Kyphosis", kind="stable").reset_index(drop=True)
    every = np.arange(81)
    folds = [(np.setdiff1d(every, test), test) for test in (np.arange(5), np.r_[5:20, 70:81])]
    found = bn.compare_models(GLM, late, folds=folds)
    row = found.table.iloc[0]
    assert row["n"] == 1 and row["auroc"] == found.scores["auroc"].dropna().iloc[-1]
    assert found.differences.query("measure == 'log_loss'")["n"].tolist() == [2]


def test_leaks_are_said():
    rng = np.random.default_rng(1)
    data = pd.DataFrame({"x": rng.normal(size=60), "patient": np.repeat(np.arange(12), 5)})
    data["y"] = rng.integers(0, 2, 60)
    data["after"] = data["y"] * 2.0 + 1
    options = {"event": 1, "folds": 3, "repeats": 1, "seed": 1}
    with pytest.warns(bn.LeakWarning, match="'after' alone tells the classes apart"):
        bn.compare_models(LogisticRegression(), data, formula="y ~ x + after", baseline=False, **options)
    with pytest.warns(bn.LeakWarning, match="groups='patient'"):
        bn.compare_models("glm", data, formula="y ~ x + patient", **options)
    twice = pd.concat([data[["x", "y"]]] * 2, ignore_index=True)
    with pytest.warns(bn.LeakWarning, match="of the test rows have an exact copy"):
        bn.compare_models("glm", twice, formula="y ~ x", **options)
    with warnings.catch_warnings():
        warnings.simplefilter("error", bn.LeakWarning)
        found = bn.compare_models("glm", data[["x", "y", "patient"]], "y", groups="patient", **options)
    torn = bn.make_folds(data, folds=3, seed=1)
    with pytest.raises(bn.InputError, match="part 12 of 12 groups in a fold|groups in a fold"):
        bn.compare_models("glm", data, formula="y ~ x", event=1, folds=torn, groups="patient")
    for one in found.basis.sets:
        assert not set(data["patient"].iloc[one.train]) & set(data["patient"].iloc[one.test])


def test_rows_without_an_outcome_are_left_out_and_weights_are_used():
    gaps = KYPHOSIS.astype({"Kyphosis": object})
    gaps.loc[[3, 40], "Kyphosis"] = None
    with pytest.warns(bn.BineuralWarning, match="2 of 81 rows without an outcome"):
        found = bn.compare_models("glm", gaps, "Kyphosis", event="present", folds=4, repeats=1, seed=1)
    assert set(found.predictions["row"]) == set(range(81)) - {3, 40}
    weights = np.random.default_rng(1).uniform(0.5, 2, 81)
    folds = folds_by_rank(4)
    found = bn.compare_models(GLM, KYPHOSIS, folds=folds, weights=weights)
    train, test = folds[1]
    glm = bn.fit_glm(FULL, KYPHOSIS.iloc[train], event="present", weights=weights[train])
    p, y = glm.predict_event(KYPHOSIS.iloc[test]), KYPHOSIS["Kyphosis"].iloc[test] == "present"
    scores = found.scores[(found.scores.model == "glm") & (found.scores.fold == 2)].iloc[0]
    assert scores["auroc"] == pytest.approx(roc_auc_score(y, p, sample_weight=weights[test]))
    assert scores["log_loss"] == pytest.approx(log_loss(y, p, sample_weight=weights[test]))


def test_rows_with_missing_predictors_are_left_out_for_all_models_alike():
    gaps = KYPHOSIS.copy()
    gaps.loc[[5, 9], "Age"] = np.nan
    gaps.loc[7, "Start"] = np.nan
    options = {"event": "present", "folds": 3, "repeats": 1, "seed": 1, "missing": "drop"}
    with pytest.warns(bn.BineuralWarning, match="3 of 81 rows with missing predictors"):
        found = bn.compare_models(["glm", "rf"], gaps, "Kyphosis", **options)
    assert set(found.predictions["row"]) == set(range(81)) - {5, 7, 9} and found.n_rows == 78
    with pytest.warns(bn.BineuralWarning, match="1 of 81 rows with missing predictors"):
        found = bn.compare_models("glm", gaps, formula="Kyphosis ~ Start", **options)
    assert set(found.predictions["row"]) == set(range(81)) - {7}


@pytest.mark.long
def test_other_processes_and_seeds_give_the_same():
    options = {"outcome": "Kyphosis", "event": "present", "folds": 3, "repeats": 1}
    forest = RandomForestClassifier(5)
    one, two = (bn.compare_models(forest, KYPHOSIS, n_jobs=n, seed=6, **options) for n in (None, 2))
    pd.testing.assert_frame_equal(one.predictions, two.predictions)
    again = bn.compare_models(forest, KYPHOSIS, seed=one.seed, **options)
    pd.testing.assert_frame_equal(one.scores, again.scores)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"models": "gml"}, "Found 'gml'.\nDid you mean 'mlp' or 'glm'"),
        ({"models": []}, "`models` must hold a model"),
        ({"models": {"null": "glm"}}, "other than 'null'"),
        ({"models": 3}, "is of type int"),
        ({"models": bn.NetRegressor()}, "net is a NetRegressor"),
        ({"models": {"a": "glm", "b": bn.average_models(["a", "c"])}}, "b names 'c'"),
        ({"models": lambda train, test: np.full(len(test), 2.0)}, "must be probabilities"),
        (
            {"models": lambda train, test: test["Age"].astype(str)},
            "Predictions must be numbers|probabilities",
        ),
        ({"models": lambda train, test: np.zeros(3)}, "must have shape"),
        ({"outcome": None}, "The outcome must be named"),
        ({"outcome": "Kyfosis"}, "Kyphosis"),
        ({"event": None}, "`event` must name the class"),
        ({"measure": "auc"}, "Did you mean 'auroc'"),
        ({"seeds": 0}, "`seeds` must be a whole number of at least 1"),
        ({"rope": -1}, "`rope` must be a number of at least 0"),
        ({"level": 2}, "`level`"),
        ({"n_jobs": 0}, "`n_jobs` must be a whole number other than 0"),
        ({"n_jobs": 1.5}, "`n_jobs` must be a whole number other than 0"),
        ({"seeds": 2.5}, "`seeds` must be a whole number"),
        ({"seed": -1}, "`seed` must be a whole number that is not negative"),
        ({"baseline": 3}, "`baseline` must be True or False or"),
        ({"missing": "omit"}, "`missing` must be one of 'error', 'drop', 'impute'"),
        ({"pairs": "every"}, "`pairs` must be one of 'reference', 'all'"),
        ({"verbose": "yes"}, "`verbose` must be one of"),
        ({"rope": float("inf")}, "`rope` must be a number"),
        ({"baseline": "forest"}, "`baseline` must be True, False or the name"),
        ({"folds": 200}, "fold"),
        ({"measures": [len]}, "`measures` must be a dict"),
    ],
)
def test_bad_input_is_said(change, message):
    given = {"models": "glm", "outcome": "Kyphosis", "event": "present", "folds": 3, "repeats": 1} | change
    with pytest.raises(bn.InputError, match=message):
        bn.compare_models(given.pop("models"), KYPHOSIS, **given)


def test_fitted_models_of_different_outcomes_or_events_are_refused():
    other = bn.fit_glm(FULL, KYPHOSIS, event="absent")
    with pytest.raises(bn.InputError, match="same event.\nA has 'present', B has 'absent'"):
        bn.compare_models({"A": GLM, "B": other}, KYPHOSIS)


SMALL = {"outcome": "y", "event": 1, "folds": 3, "repeats": 1, "seed": 1}


@pytest.fixture(scope="module")
def visits():
    """Rows with text, a group, and a date."""
    rng = np.random.default_rng(5)
    data = pd.DataFrame({"x": rng.normal(size=60), "sex": rng.choice(["f", "m"], 60)})
    data["site"], data["day"] = np.repeat(np.arange(12), 5), pd.date_range("2020-01-01", periods=60)
    data["y"] = (data["x"] + rng.normal(size=60) > 0).astype(int)
    return data


@pytest.mark.parametrize("n_jobs", [None, 2])
def test_a_failure_of_foreign_code_says_which_model_and_fold(visits, n_jobs):
    data = visits[["x", "sex", "y"]]
    pipeline = make_pipeline(StandardScaler(), LogisticRegression())
    with pytest.raises(
        bn.InputError, match="ValueError: .*\"?'[fm]'.* This is text, resample [123].\nA pipeline gets"
    ):
        bn.compare_models({"text": pipeline}, data, n_jobs=n_jobs, **SMALL)


def test_a_failure_of_a_function_keeps_its_cause(visits):
    with pytest.raises(bn.InputError, match="KeyError: 'age'. This is f, resample 1.\nCall it") as caught:
        bn.compare_models({"f": lambda train, test: test["age"]}, visits[["x", "y"]], **SMALL)
    assert isinstance(caught.value.__cause__.__cause__, KeyError)


def test_functions_see_all_columns_but_the_outcome(visits):
    seen = set()

    def share(train, test):
        seen.add((tuple(train.columns), tuple(test.columns)))
        return np.full(len(test), train["y"].mean())

    data = visits[["x", "site", "y"]]
    bn.compare_models({"share": share}, data, groups="site", **SMALL)
    apart = {**SMALL, "outcome": data["y"]}
    bn.compare_models({"share": share}, data[["x", "site"]], groups="site", **apart)
    assert seen == {(("x", "site", "y"), ("x", "site"))}


def test_a_constant_of_each_fold_has_no_calibration_slope(visits):
    share = {"share": lambda train, test: np.full(len(test), train["y"].mean())}
    found = bn.compare_models(share, visits[["x", "y"]], **SMALL).table.set_index("model")
    assert np.isnan(found.loc[["share", "null"], "calibration_slope"]).all()
    assert found.loc["glm", "calibration_slope"] > 0
    single = {**SMALL, "folds": 60, "strata": False}
    found = bn.compare_models("glm", visits[["x", "y"]], **single).table.set_index("model")
    assert found.loc["glm", "calibration_slope"] > 0  # one row a fold is no constant


def test_a_date_that_orders_rows_is_no_predictor(visits):
    data = visits[["x", "day", "y"]]
    ordered = bn.compare_models("glm", data, time="day", **SMALL)
    without = bn.compare_models("glm", data[["x", "y"]], time=data["day"], **SMALL)
    np.testing.assert_array_equal(ordered.scores["auroc"], without.scores["auroc"])
    text = data.assign(day=data["day"].astype(str))  # as a CSV file has it
    found = bn.compare_models("glm", text, time="day", **SMALL)
    np.testing.assert_array_equal(found.scores["auroc"], without.scores["auroc"])
    assert "in order of day" in str(ordered)
    assert "in order of values given" in str(without)


def test_the_baseline_has_the_columns_of_the_models(visits):
    data = visits[["x", "sex", "site", "y"]]
    added = bn.compare_models(bn.NetClassifier("x", epochs=2, ensemble=1), data, **SMALL)
    alone = bn.compare_models(bn.GLMClassifier("x"), data, **SMALL)
    glm = [found.table.set_index("model").loc["glm", "auroc"] for found in (added, alone)]
    assert glm[0] == glm[1]
    two = [bn.NetClassifier("x", epochs=2, ensemble=1), "random_forest"]  # "sex" and "site" too: all columns
    glm = bn.compare_models(two, data, **SMALL).table.set_index("model").loc["glm", "auroc"]
    assert glm == bn.compare_models("glm", data, **SMALL).table.set_index("model").loc["glm", "auroc"]


@pytest.mark.parametrize(
    ("splitter", "said"),
    [
        (KFold(3), "3 folds, seed 1"),
        (TimeSeriesSplit(3), "3 folds, 15 of 60 rows never tested, seed 1"),
        (StratifiedKFold(3), "3 folds, stratified by y, seed 1"),
        (GroupKFold(3), "3 folds, grouped by site, seed 1"),
    ],
)
def test_a_splitter_says_how_it_splits(visits, splitter, said):
    groups = "site" if isinstance(splitter, GroupKFold) else None
    given = {**SMALL, "folds": splitter, "groups": groups}
    assert said in str(bn.compare_models("glm", visits[["x", "site", "y"]], **given)).splitlines()


def test_a_comparison_is_stratified_exactly_however_rare_the_event():
    rng = np.random.default_rng(3)
    data = pd.DataFrame({"x": rng.normal(size=200), "y": rng.permutation(np.arange(200) < 12)})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        comparison = bn.compare_models("glm", data, "y", event=True, folds=6, repeats=2, seed=1)
    assert "6 folds x 2 repeats, stratified by y, seed 1" in str(comparison)
    assert {int(data["y"].to_numpy()[test].sum()) for _, test in comparison.folds} == {2}
    with pytest.warns(bn.BineuralWarning, match="'True' in 12 of 15 folds"):
        comparison = bn.compare_models("glm", data, "y", event=True, folds=15, repeats=1, seed=1)
    assert "15 folds, stratified by y ('True' in 12 of 15 folds), seed 1" in str(comparison)
    assert (comparison.scores.query("model == 'glm'")["auroc"].notna()).sum() == 12
    with pytest.raises(bn.InputError, match="at least two rows, .*\nTrue has 1 of 200 rows"):
        bn.compare_models("glm", data.assign(y=np.arange(200) == 7), "y", event=True, folds=5, seed=1)
    digits = pd.DataFrame({"x": rng.normal(size=160), "y": np.arange(160) % 8})
    comparison = bn.compare_models("glm", digits, "y", classes=range(8), folds=4, repeats=1, seed=1)
    assert {tuple(np.bincount(digits["y"].to_numpy()[test])) for _, test in comparison.folds} == {(5,) * 8}


def test_folds_of_others_are_read_in_a_comparison_as_by_make_folds(visits):
    number = np.arange(60) % 3
    by_number = bn.compare_models("glm", visits[["x", "y"]], **{**SMALL, "folds": number})
    made = bn.make_folds(visits, number)
    assert by_number.table["auroc"].equals(
        bn.compare_models("glm", visits[["x", "y"]], **{**SMALL, "folds": made}).table["auroc"]
    )
    with pytest.raises(bn.InputError, match="look like test rows"):
        bn.compare_models("glm", visits[["x", "y"]], **{**SMALL, "folds": [test for _, test in made]})


def test_rows_that_agree_in_the_columns_of_a_formula_are_no_copies(visits):
    with warnings.catch_warnings():
        warnings.simplefilter("error", bn.LeakWarning)
        rounded = visits.assign(coarse=visits["x"].round(1), z=visits["x"] ** 2, name=np.arange(60))
        bn.compare_models(
            "glm", rounded[["coarse", "z", "y"]], formula="y ~ coarse", event=1, folds=3, seed=1
        )
    twice = pd.concat([rounded[["x", "y"]]] * 2, ignore_index=True).assign(name=np.arange(120))
    with pytest.warns(bn.LeakWarning, match="exact copy"):
        bn.compare_models("glm", twice, formula="y ~ x", event=1, folds=3, seed=1)


def test_labels_beside_the_event_are_one_class_to_its_intervals():
    rng = np.random.default_rng(8)
    data = pd.DataFrame({"s": rng.normal(size=120)})
    data["y"] = np.where(data["s"] + rng.normal(size=120) > 0, "up", "down")
    parted = data.assign(y=np.where((data["y"] == "down") & (data.index % 3 == 0), "level", data["y"]))
    folds = bn.make_folds(data[["s"]], folds=10, repeats=5, seed=1)
    two, three = (
        bn.compare_models({"s": lambda train, test: expit(test["s"])}, d[["s"]], d["y"], event="up",
                          folds=list(folds), baseline=False, seed=1)
        for d in (data, parted)
    )  # fmt: skip
    pd.testing.assert_frame_equal(*(one.table.drop(columns="seconds") for one in (two, three)))
    pd.testing.assert_frame_equal(two.differences, three.differences)


def test_a_keras_model_by_itself_is_refused_with_the_way_to_pass_it():
    import keras

    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    data = pd.DataFrame({"x": np.arange(40.0) % 7, "y": ["a", "b"] * 20})
    with pytest.raises(bn.InputError, match="architecture of a net.*\\n.*Sequential.*\\n.*NetClassifier"):
        bn.compare_models({"mine": model}, data, "y", event="a", folds=2, repeats=1, seed=1)


@pytest.mark.parametrize("values", [np.zeros(5), pd.Series(["a", "b"]), ["a", "b"]])
def test_values_of_an_outcome_beside_a_formula_are_refused(values):
    rows = pd.DataFrame({"y": [0.0, 1.0, 3.0, 2.0], "a": [1.0, 2.0, 4.0, 3.0]})
    with pytest.raises(bn.errors.InputError, match="must name the same outcome"):
        bn.compare_models("glm", rows, values, formula="y ~ a", folds=2, repeats=1)


def test_a_set_of_names_is_compared_in_the_order_of_the_names():
    data = bn.load_dataset("kyphosis")
    options = {"outcome": "Kyphosis", "event": "present", "folds": 2, "repeats": 1, "seed": 1}
    assert bn.compare_models({"rf", "glm", "extra_trees"}, data, **options).models == [
        *("extra_trees", "glm", "rf"),
        "null",
    ]
