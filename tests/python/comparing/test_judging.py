"""A verdict says what is known: by its family, from enough folds, inside what a measure can be."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import r2_score, roc_auc_score

import bineural as bn
from bineural.comparing.corrected_t import corrected_t, holm
from bineural.measures.delong import auroc_interval


def given(name):
    """Make a model that answers with a column of the data, squeezed into (0, 1)."""
    return lambda train, test: 1 / (1 + np.exp(-test[name]))


def compare(models, data, outcome="y", **options):
    options = {"event": 1, "seed": 1, "baseline": False, "folds": 5} | options
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return bn.compare_models(models, data, outcome, **options)


def scored(n=150, noises=(1.0,), seed=1):
    """Draw an outcome and scores s0, s1, ... of it with so much noise each."""
    rng = np.random.default_rng(seed)
    signal = rng.normal(size=n)
    data = pd.DataFrame({f"s{k}": signal + noise * rng.normal(size=n) for k, noise in enumerate(noises)})
    data["y"] = (signal + 0.3 * rng.normal(size=n) > 0).astype(int)
    return data


@pytest.fixture(scope="module")
def nine():
    return scored(200, [0.2, *np.linspace(0.7, 1.1, 8)], seed=3)


@pytest.mark.long
def test_holm_is_over_the_family_that_is_asked_for(nine):
    models = {f"s{k}": given(f"s{k}") for k in range(9)}
    few = compare(models, nine, baseline="s0")
    every = compare(models, nine, baseline="s0", pairs="all")
    assert len(few.verdicts) == 8 and len(every.verdicts) == 36
    of_few, of_all = (
        c.differences.query("measure == 'auroc'").set_index(["model", "other"]) for c in (few, every)
    )
    assert set(of_few.index) == {(f"s{k}", "s0") for k in range(1, 9)}
    np.testing.assert_array_equal(of_few["p"], of_all.loc[of_few.index, "p"])
    np.testing.assert_allclose(of_few["p_holm"], holm(of_few["p"]))
    np.testing.assert_allclose(of_all["p_holm"], holm(of_all["p"]))
    hidden = (of_few["finding"] == "worse") & (of_all.loc[of_few.index, "finding"] == "not distinguishable")
    assert hidden.any() and (of_few.loc[hidden, "high"] < 0).all()
    assert "Holm's correction for 8 differences from s0" in str(few)
    assert "Holm's correction for 36 pairs" in str(every)
    with pytest.raises(bn.InputError, match="`pairs` must be"):
        compare(models, nine, pairs="some")


def test_what_could_be_seen_is_at_the_level_of_the_family(nine):
    found = compare({f"s{k}": given(f"s{k}") for k in range(9)}, nine, baseline="s0")
    one = found.differences.query("measure == 'auroc'").iloc[0]
    se = (one["high"] - one["low"]) / 2 / stats.t.ppf(0.975, 49)
    quantiles = stats.t.ppf(1 - 0.025 / 8, 49) + stats.t.ppf(0.8, 49)
    assert one["detectable"] == pytest.approx(quantiles * se, rel=1e-6)


def test_rounding_is_no_difference():
    rng = np.random.default_rng(3)
    data = pd.DataFrame({"x": rng.normal(size=60)}).assign(y=lambda d: d["x"] + rng.normal(size=60))
    up = lambda train, test: np.nextafter(test["x"], np.inf)  # noqa: E731
    found = compare({"a": lambda train, test: test["x"], "up": up}, data, event=None, rope=0, baseline="a")
    rows = found.differences.query("model == 'up' and other == 'a'")
    assert rows["finding"].eq("identical").all() and len(rows) == 4


def test_a_single_split_names_the_test_it_made():
    data = scored(90, [1.0, 1.0])
    both = {"a": given("s0"), "b": given("s1")}
    split = [(np.arange(60), np.arange(60, 90))]
    assert "Verdict by AUROC (DeLong):" in str(compare(both, data, folds=split))
    assert "Verdict by log loss:" in str(compare(both, data, folds=split, measure="log_loss"))


def test_a_gain_that_is_the_same_in_every_fold_is_signal():
    data = scored(120, [1.0])
    perfect = {"o": lambda train, test: test["y_again"] * 0.8 + 0.1, "g": given("s0")}
    data["y_again"] = data["y"]
    found = compare(perfect, data)
    assert found.table.set_index("model").loc["o", "fold_sd"] == 0
    verdict = found.differences.query("measure == 'auroc'")["finding"].item()
    assert verdict in ("better", "worse") and "o" in found.verdict
    alone = compare({"o": perfect["o"]}, data)
    exact = auroc_interval(data["y"], data["y_again"])  # all rows at once, all in the right order
    assert alone.interval("o") == pytest.approx((exact.low, exact.high))
    one = alone.differences.query("measure == 'auroc'").iloc[0]
    assert one["finding"] == "better" and one["low"] > 0.4 and one["high"] == 0.5
    rarest = min(data["y"].sum(), (1 - data["y"]).sum())
    assert one["p"] == pytest.approx(stats.binomtest(rarest, rarest).pvalue)
    few = pd.concat([data[data["y"] == 1].iloc[:5], data[data["y"] == 0]], ignore_index=True)
    place = (np.arange(len(few)) - (few["y"] == 0) * 5) % 5  # an event in each fold
    folds = [(np.flatnonzero(place != k), np.flatnonzero(place == k)) for k in range(5)] * 10
    found = compare({"o": perfect["o"]}, few, folds=folds).differences.query("measure == 'auroc'")
    assert found["finding"].item() == "no signal"  # five events in five prove nothing


def test_lack_of_evidence_is_not_called_absence():
    data = scored(80, [50.0, 60.0])
    pair = compare({"a": given("s0"), "b": given("s1")}, data)
    assert "too little evidence that either is better than no model at all" in pair.verdict
    one = compare({"a": given("s0")}, data)
    assert "too little evidence that a is better than no model at all" in one.verdict
    assert "neither" not in str(pair) + str(one)


@pytest.mark.parametrize("n_events", [2, 3])
def test_few_events_are_counted_and_no_interval_leaves_the_measure(n_events):
    rng = np.random.default_rng(n_events)
    data = pd.DataFrame({"s0": rng.normal(size=100), "s1": rng.normal(size=100), "y": 0})
    data.loc[data.index[:n_events], "y"] = 1
    folds = [np.arange(100) % 10 == k for k in range(10)]
    pairs = [(np.flatnonzero(~test), np.flatnonzero(test)) for test in folds] * 6
    found = compare({"a": given("s0"), "b": given("s1")}, data, folds=pairs)
    n = 6 * n_events
    assert found.table["n"].eq(n).all()
    assert f"undefined in {60 - n} of 60 folds (no row of 1 is tested in {60 - n})" in found.notes[0]
    assert f"estimates stand on the {n} others" in str(found)
    one = found.differences.query("measure == 'auroc'").iloc[0]
    assert one["finding"] == "too few resamples" and f"the {n} of 60 folds" in one["verdict"]
    assert "fewer `folds`" in one["verdict"] and -1 <= one["low"] < one["high"] <= 1
    assert ((found.table["low"].dropna() >= 0) & (found.table["high"].dropna() <= 1)).all()


def test_folds_without_a_value_widen_the_interval_of_the_others():
    rng = np.random.default_rng(1)
    values = rng.normal(0.1, 0.1, 30)
    from bineural.comparing.intervals import judge_difference

    gaps = np.concatenate([values, np.full(70, np.nan)])
    found = judge_difference(gaps, 1 / 9, 0.95, (-1.0, 1.0), 20)
    assert found == corrected_t(values, 100 / 30 / 9)


def test_a_model_that_answers_the_other_class_is_told():
    data = scored(120, [0.7])
    turned = lambda train, test: 1 / (1 + np.exp(test["s0"]))  # noqa: E731
    found = compare({"right": given("s0"), "turned": turned}, data)
    assert found.interval("turned")[1] < 0.5
    assert [note for note in found.notes if note.startswith("turned ranks the other class first")]
    assert "! turned ranks the other class first" in str(found) and "right ranks" not in str(found)
    data["s0"] = -data["s0"]
    glm = bn.fit_glm("y ~ s0", data.assign(s0=-data["s0"]), event=1)
    text = str(bn.evaluate_model(glm, data))
    assert "Caution: the model ranks the other class first" in text
    assert "ranks the other" not in str(bn.evaluate_model(glm, data.assign(s0=-data["s0"])))


def test_a_sure_difference_inside_the_region_of_equivalence_wins_nothing(nine):
    models = {"s0": given("s0"), "s1": given("s1")}
    found = compare(models, nine, baseline="s0")
    one = found.differences.query("measure == 'auroc'").iloc[0]
    assert one["finding"] == "worse"
    wide, narrow = (
        compare(models, nine, baseline="s0", rope=-one["low"] + step)
        .differences.query("measure == 'auroc'")
        .iloc[0]
        for step in (1e-6, -1e-6)
    )
    assert wide["finding"] == "equivalent" and "practically equivalent" in wide["verdict"]
    assert narrow["finding"] == "worse"


def test_advice_fits_the_folds():
    data = scored(90, [1.0, 1.0]).assign(day=np.arange(90))
    models = {"a": given("s0"), "b": given("s1")}
    assert "more `folds`" in compare(models, data, time="day").verdict
    assert "more `repeats`" in compare(models, data, repeats=1).verdict
    two = compare(models, data, folds=2, repeats=1)
    assert np.isnan(two.table[["low", "high"]]).all(axis=None)
    assert np.isnan(two.differences[["low", "high", "p"]]).all(axis=None)
    assert "[" not in two.verdict


def numbers(n=90, seed=2):
    rng = np.random.default_rng(seed)
    data = pd.DataFrame({"a": rng.normal(size=n), "b": rng.normal(size=n)})
    data["y"] = data["a"] + rng.standard_t(3, size=n)
    return data


def test_squared_errors_are_pooled_before_the_root():
    data = numbers()
    models = {"a": lambda train, test: test["a"], "b": lambda train, test: 0.5 * test["b"]}
    found = compare(models, data, event=None, baseline="b")
    table, own = found.table.set_index("model"), found.predictions
    own = own.assign(squared=(own["truth"] - own[".pred"]) ** 2, size=(own["truth"] - own[".pred"]).abs())
    by_fold = own.groupby(["model", "repeat", "fold"])[["squared", "size"]].mean().groupby("model").mean()
    np.testing.assert_allclose(table["rmse"], np.sqrt(by_fold["squared"])[table.index])
    np.testing.assert_allclose(table["mae"], by_fold["size"][table.index])
    for model, rows in own.groupby("model"):  # folds of one size: R squared is that of all held-out rows
        expected = r2_score(rows["truth"], rows[".pred"])
        assert table.loc[model, "r_squared"] == pytest.approx(expected, abs=1e-12)
    assert table.loc["null", "r_squared"] < 0  # no constant comes as near as the mean of the rows themselves
    for measure in ("rmse", "mae", "r_squared"):
        one = found.differences.query("measure == @measure").iloc[0]
        assert one["difference"] == pytest.approx(table.loc["a", measure] - table.loc["b", measure])
        low, high = found.interval("a", measure)
        assert low < table.loc["a", measure] < high
    assert found.interval("a", "rmse")[0] > 0 and found.interval("a", "r_squared")[1] < 1


def test_rmse_of_single_rows_is_that_of_all_rows():
    data = numbers(40)
    found = compare({"a": lambda train, test: test["a"]}, data, event=None, folds=40, repeats=1)
    assert found.table["rmse"].iloc[0] == pytest.approx(np.sqrt(np.mean((data["y"] - data["a"]) ** 2)))


@pytest.mark.parametrize("measure", ["rmse", "r_squared"])
def test_a_difference_has_the_spread_of_its_estimates_over_resampled_folds(measure):
    """The delta method is judged by the bootstrap of independent folds."""
    rng = np.random.default_rng(8)
    data = numbers(2000, 8)
    folds = [np.arange(2000) % 100 == k for k in range(100)]
    pairs = [(np.flatnonzero(~test), np.flatnonzero(test)) for test in folds]
    models = {"a": lambda train, test: test["a"], "b": lambda train, test: 0.5 * test["a"]}
    found = compare(models, data, event=None, folds=pairs, baseline="b")
    one = found.differences.query("measure == @measure").iloc[0]
    se = (
        (one["high"] - one["low"]) / 2 / stats.t.ppf(0.975, 99) / np.sqrt(1 + 100 / 99)
    )  # without the correction
    error = {
        m: np.square(data["y"] - p).to_numpy().reshape(20, 100).mean(axis=0)
        for m, p in (("a", data["a"]), ("b", 0.5 * data["a"]), ("null", data["y"].mean()))
    }
    drawn = rng.integers(0, 100, (2000, 100))
    means = {m: each[drawn].mean(axis=1) for m, each in error.items()}
    pooled = {
        m: np.sqrt(each) if measure == "rmse" else 1 - each / means["null"] for m, each in means.items()
    }
    assert se == pytest.approx(np.std(pooled["a"] - pooled["b"]), rel=0.1)


@pytest.mark.parametrize(
    ("noise", "said"), [("normal", False), ("uniform", False), ("standard_cauchy", True)]
)
def test_an_rmse_that_hangs_on_few_rows_is_said(noise, said):
    rng = np.random.default_rng(5)
    data = pd.DataFrame({"a": rng.normal(size=200)})
    data["y"] = data["a"] + getattr(rng, noise)(size=200)
    model = {"a": lambda train, test: test["a"]}
    assert ("of the squared error of 'a'" in str(compare(model, data, event=None))) == said
    assert not compare(model, data, event=None, measure="mae").notes


@pytest.mark.long
def test_tuning_pools_squared_errors_too():
    data = numbers(60)
    tuned = bn.tune_net("y ~ a", data, {"l2": [0.01, 1]}, folds=4, epochs=2, ensemble=1, refit=False, seed=1)
    expected = tuned.scores.groupby("setting")["rmse"].apply(lambda each: np.sqrt(np.mean(each**2)))
    np.testing.assert_allclose(tuned.table["mean"], expected)


def test_rows_of_weight_zero_are_rows_left_out():
    data = scored(90, [1.0])
    weights = np.where((data["y"] == 1) & (np.arange(90) > 40), 0.0, 2.0)
    found = compare({"g": bn.GLMClassifier("s0")}, data, weights=weights, folds=5, repeats=2)
    without = compare(
        {"g": bn.GLMClassifier("s0")}, data[weights > 0].reset_index(drop=True), folds=5, repeats=2
    )
    pd.testing.assert_frame_equal(
        found.table.drop(columns="seconds"), without.table.drop(columns="seconds"), rtol=1e-9
    )
    assert (found.n_rows, found.n_events) == (without.n_rows, without.n_events)
    test = np.arange(90) % 9 == 0
    part = [(np.flatnonzero(~test), np.flatnonzero(test))] * 2
    only = np.where(test & (data["y"] == 1), 0.0, 1.0)
    found = compare(
        {"g": bn.GLMClassifier("s0")}, data, weights=only, folds=part
    )  # one class in the test rows
    assert found.table["n"].eq(0).all() and "undefined in every fold" in found.verdict


def test_a_measure_that_is_infinite_is_said():
    data = scored(90, [1.0, 1.0])
    odd = {"odd": (lambda y, p: np.inf if y[0] else 1.0, "smaller")}
    found = compare({"a": given("s0"), "b": given("s1")}, data, measures=odd, measure="odd")
    text = str(found)
    assert "No verdict on b and a: odd is infinite in some folds" in text and "inf" in text
    assert any(note.startswith("odd is infinite in ") for note in found.notes)
    assert found.differences.query("measure == 'odd'")["finding"].eq("undefined").all()
    bn.plot_comparison(found, "repeats", measure="auroc")


def test_a_measure_that_is_infinite_everywhere_is_said():
    data = scored(90, [1.0, 1.0])
    found = compare({"a": given("s0")}, data, measures={"odd": lambda y, p: np.inf}, measure="odd")
    assert "odd is infinite in " in found.verdict
    assert np.isinf(found.estimate("a", "odd"))


def test_weighted_hand_till_counts_weighted_pairs_and_is_that_of_repeated_rows():
    rng = np.random.default_rng(4)
    data = pd.DataFrame({"a": rng.normal(size=90), "y": rng.choice(list("uvw"), 90)})
    weights = rng.integers(1, 4, 90)
    test = np.arange(90) % 3 == 0
    folds = [(np.flatnonzero(~test), np.flatnonzero(test)), (np.flatnonzero(test), np.flatnonzero(~test))]

    def model(train, test):
        scores = np.column_stack([np.exp(k * test["a"]) for k in (-1, 0, 1)])
        return scores / scores.sum(axis=1, keepdims=True)

    found = compare({"m": model}, data, event=None, weights=weights, folds=folds)
    value = found.scores.query("model == 'm' and fold == 1")["hand_till"].item()
    rows = np.flatnonzero(test)
    scores = model(None, data.iloc[rows])
    areas = []
    for i, first in enumerate("uvw"):
        for j, second in enumerate("uvw"):
            if i != j:
                one, two = (np.flatnonzero(data["y"].iloc[rows] == c) for c in (first, second))
                gap = scores[one, i][:, None] - scores[two, i]
                pair = weights[rows][one][:, None] * weights[rows][two]
                areas.append(np.sum(pair * ((gap > 0) + 0.5 * (gap == 0))) / pair.sum())
    assert value == pytest.approx(np.mean(areas))
    again = np.repeat(rows, weights[rows])
    repeated = bn.hand_till(data["y"].iloc[again], model(None, data.iloc[again]), ["u", "v", "w"])
    assert value == pytest.approx(repeated)


def test_training_rows_of_one_class_are_refused_at_the_door():
    data = scored(60, [1.0])
    data["y"] = (np.arange(60) < 7).astype(int)
    number = np.where(data["y"] == 1, 0, 1 + np.arange(60) % 4)  # all events in one fold
    with pytest.raises(bn.InputError, match="hold only one; the rarest class has 7 rows in all"):
        compare({"g": bn.GLMClassifier("s0")}, data, folds=number, repeats=1)


def test_an_interval_on_the_log_odds_has_the_degrees_of_freedom_of_the_events():
    data = scored(100, [1.0])
    data = pd.concat([data[data["y"] == 1].iloc[:12], data[data["y"] == 0]], ignore_index=True)
    found = compare({"g": given("s0")}, data)
    areas = [roc_auc_score(data["y"].iloc[one.test], data["s0"].iloc[one.test]) for one in found.basis.sets]
    mean = np.mean(areas)
    se = np.std(areas, ddof=1) * np.sqrt(1 / 50 + found.basis.test_share) / (mean * (1 - mean))
    odds = np.log(mean / (1 - mean)) + stats.t.ppf([0.025, 0.975], 11) * se
    assert found.interval("g") == pytest.approx(tuple(1 / (1 + np.exp(-odds))))
