"""A measure stands once: what is registered is evaluated, compared, tuned by, bootstrapped and printed."""

import math
import subprocess
import sys

import numpy as np
import pytest
from sklearn import metrics
from sklearn.linear_model import LinearRegression

import bineural as bn
from bineural.errors import InputError
from bineural.measures.registry import all_measures, forget

KYPHOSIS = bn.load_dataset("kyphosis")
IRIS = bn.load_dataset("iris")
FORMULA = "Kyphosis ~ Age + Number + Start"
GLM = bn.fit_glm(FORMULA, KYPHOSIS, event="present")
RNG = np.random.default_rng(4)


def kappa(y_true, prediction, weights=None):
    """Cohen's kappa of calls at one half."""
    return metrics.cohen_kappa_score(y_true, prediction >= 0.5, sample_weight=weights)


@pytest.fixture
def registered():
    yield bn.register_measure("kappa", kappa, label="Cohen's kappa", tasks=["binary"], range=(-1, 1))
    forget("kappa")


def truth(data=KYPHOSIS):
    return (data["Kyphosis"] == "present").to_numpy().astype(int)


def test_it_is_evaluated_and_bootstrapped(registered):
    evaluation = bn.evaluate_model(GLM, KYPHOSIS)
    expected = kappa(truth(), GLM.predict_event(KYPHOSIS))
    assert evaluation.measures["kappa"] == pytest.approx(expected, rel=1e-12)
    line = next(line for line in str(evaluation).splitlines() if line.startswith("Cohen's kappa"))
    assert line.split()[-1] == f"{expected:.4f}"
    assert list(evaluation.measures)[-1] == "kappa" and list(evaluation.measures)[0] == "auroc"
    weights = RNG.integers(0, 3, 81)
    weighted = bn.evaluate_model(GLM, KYPHOSIS, weights=weights).measures["kappa"]
    assert weighted == pytest.approx(kappa(truth(), GLM.predict_event(KYPHOSIS), weights), rel=1e-12)
    interval = bn.bootstrap_interval("kappa", truth(), GLM.predict_event(KYPHOSIS), n_boot=100, seed=1)
    assert interval.estimate == pytest.approx(expected) and interval.low < expected < interval.high
    assert "Cohen's kappa" in str(interval)


def test_it_is_compared_judged_drawn_and_reported(registered, tmp_path):
    comparison = bn.compare_models(GLM, KYPHOSIS, folds=5, repeats=1, measure="kappa", seed=1)
    held_out = comparison.predictions.query("model == 'glm'")
    by_fold = [
        kappa((rows["truth"] == "present").astype(int), rows[".pred_present"])
        for _, rows in held_out.groupby("fold")
    ]
    assert comparison.table["kappa"].iloc[0] == pytest.approx(np.mean(by_fold), rel=1e-12)
    assert comparison.measure == "kappa" and "Verdict by Cohen's kappa" in str(comparison)
    low, high = comparison.interval("glm")
    assert -1 <= low < comparison.table["kappa"].iloc[0] < high <= 1
    assert comparison.plot().axes[0].get_xlabel().startswith("Cohen's kappa")
    page = bn.write_report(comparison, tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Cohen&#x27;s kappa" in page or "Cohen's kappa" in page
    assert page.count("your own: register_measure() it first") == 2  # in Python's code and in R's
    unasked = bn.compare_models(GLM, KYPHOSIS, folds=5, repeats=1, seed=1)
    assert unasked.measure == "auroc" and list(unasked.measures)[-1] == "kappa"


@pytest.mark.long
def test_it_is_tuned_by_permuted_and_importance_is_counted_in_it(registered):
    tuned = bn.tune_net(
        FORMULA,
        KYPHOSIS,
        {"l2": [0.01, 1]},
        event="present",
        measure="kappa",
        folds=3,
        epochs=2,
        ensemble=1,
        refit=False,
        seed=1,
    )
    assert tuned.measure == "kappa" and "tried by Cohen's kappa" in str(tuned)
    test = bn.permutation_test(
        FORMULA, KYPHOSIS, event="present", folds=5, n_permutations=20, measure="kappa", seed=1
    )
    one = bn.compare_models(
        GLM, KYPHOSIS, folds=bn.make_folds(KYPHOSIS, 5, strata="Kyphosis", seed=1), measure="kappa", seed=1
    )
    assert test.observed == pytest.approx(one.estimate("glm", "kappa"), rel=1e-7)
    assert test.p_value == (1 + np.sum(test.permuted >= test.observed - 1e-12)) / 21
    assert "Cohen's kappa" in str(test)
    importance = bn.permutation_importance(GLM, KYPHOSIS, measure="kappa", repeats=2, seed=1)
    assert importance.estimate == pytest.approx(kappa(truth(), GLM.predict_event(KYPHOSIS)))
    assert str(importance).startswith("Cohen's kappa")


def test_a_function_of_scikit_learn_is_a_measure_with_its_weights():
    def undefined(y_true, prediction):
        return None if y_true.any() else "no row is an event"

    try:
        bn.register_measure(
            "d2", metrics.d2_log_loss_score, tasks="binary", range=(-math.inf, 1), undefined=undefined
        )
        weights = RNG.integers(1, 4, 81)
        evaluation = bn.evaluate_model(GLM, KYPHOSIS, weights=weights)
        expected = metrics.d2_log_loss_score(truth(), GLM.predict_event(KYPHOSIS), sample_weight=weights)
        assert evaluation.measures["d2"] == pytest.approx(expected)
        absent = bn.evaluate_model(GLM, KYPHOSIS[KYPHOSIS["Kyphosis"] == "absent"])
        assert math.isnan(absent.measures["d2"])
        assert "Undefined: d2 (no row is an event)." in str(absent)
    finally:
        forget("d2")


def test_a_measure_without_weights_is_not_taken_of_weighted_rows():
    def calls(y_true, prediction):
        return np.mean(prediction >= 0.5)

    weights = np.ones(81)
    with pytest.raises(InputError, match="must take weights where rows are weighted"):
        bn.compare_models(GLM, KYPHOSIS, folds=5, repeats=1, weights=weights, measures={"calls": calls})
    with pytest.raises(InputError, match="must take weights where rows are weighted"):
        bn.bootstrap_interval(calls, truth(), np.linspace(0, 1, 81), weights=weights, seed=1)
    try:
        bn.register_measure("calls", calls)
        evaluation = bn.evaluate_model(GLM, KYPHOSIS, weights=weights)
        assert evaluation.undefined["calls"] == "it takes no weights"
        comparison = bn.compare_models(GLM, KYPHOSIS, folds=5, repeats=1, weights=weights, seed=1)
        assert "calls" not in comparison.measures
    finally:
        forget("calls")


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"name": "auroc"}, "'auroc' is there already"),
        ({"name": 3}, "`name` must be text"),
        ({"compute": 3}, "must be a function"),
        ({"tasks": ["two classes"]}, "`tasks` must be one of"),
        ({"tasks": []}, "`tasks` must be one of"),
        ({"range": (1, 0)}, "`range` must be"),
        ({"range": 1}, "`range` must be"),
        ({"label": 1}, "`label` must be text"),
        ({"undefined": 1}, "`undefined` must be a function"),
        ({"reference": 1}, "`reference` must be text"),
        ({"plcae": 1}, "Did you mean `place`"),
        ({"larger_is_better": "no"}, "`larger_is_better` must be True or False"),
    ],
)
def test_what_cannot_be_registered_is_named(arguments, words):
    before = set(all_measures())
    with pytest.raises(InputError, match=words):
        bn.register_measure(**{"name": "mine", "compute": kappa, **arguments})
    assert set(all_measures()) == before


def test_names_that_are_no_measure_are_refused_everywhere_with_the_nearest():
    for verb in (
        lambda: bn.compare_models(GLM, KYPHOSIS, measure="auc"),
        lambda: bn.permutation_test(FORMULA, KYPHOSIS, event="present", measure="auc"),
        lambda: bn.permutation_importance(GLM, KYPHOSIS, measure="auc"),
        lambda: bn.bootstrap_interval("auc", [0, 1], [0, 1]),
    ):
        with pytest.raises(InputError, match="must be the name of a measure(?s:.*)Did you mean 'auroc'"):
            verb()


def test_a_measure_of_another_task_is_refused_as_such():
    with pytest.raises(InputError, match="a measure of this task(?s:.*)'rmse', which is for regression"):
        bn.compare_models(GLM, KYPHOSIS, measure="rmse")


def test_a_measure_that_is_not_shown_unasked_can_be_asked_for():
    found = bn.compare_models(GLM, KYPHOSIS, folds=5, repeats=1, measure="accuracy", seed=1)
    held_out = found.predictions.query("model == 'glm'")
    right = (held_out[".pred_present"] >= 0.5) == (held_out["truth"] == "present")
    assert found.table["accuracy"].iloc[0] == pytest.approx(right.groupby(held_out["fold"]).mean().mean())
    assert "accuracy" not in bn.compare_models(GLM, KYPHOSIS, folds=5, repeats=1, seed=1).measures


def test_log_loss_is_one_of_events_and_classes():
    labels = np.array(["c", "a", "b", "a", "c", "b"])
    probability = RNG.dirichlet(np.ones(3), 6)
    probability[0] = [1, 0, 0]  # certain and wrong
    weights = RNG.integers(1, 5, 6)
    expected = metrics.log_loss(labels, probability, sample_weight=weights)
    assert bn.log_loss(labels, probability, weights) == pytest.approx(expected, rel=1e-12)
    turned = bn.log_loss(labels, probability[:, ::-1], weights, classes=["c", "b", "a"])
    assert turned == pytest.approx(expected, rel=1e-12)
    event = (labels == "a").astype(int)
    share = probability[:, 0]
    assert bn.log_loss(event, np.column_stack([1 - share, share])) == bn.log_loss(event, share)
    with pytest.raises(InputError, match="sum to 1"):
        bn.log_loss(labels, 2 * probability)
    with pytest.raises(InputError, match="only the classes 'a' and 'b'|must hold only the classes"):
        bn.log_loss(labels, probability, classes=["a", "b", "d"])


def test_r_squared_is_one_number_of_the_rows_measured():
    columns = ["sepal_length", "petal_length"]
    comparison = bn.compare_models(
        LinearRegression(), IRIS[columns], IRIS["petal_width"].to_numpy(), folds=5, repeats=1, seed=1
    )
    held_out = comparison.predictions.query("model == 'LinearRegression'")
    expected = metrics.r2_score(held_out["truth"], held_out[".pred"])
    assert comparison.estimate("LinearRegression", "r_squared") == pytest.approx(expected, rel=1e-12)
    assert bn.r_squared(held_out["truth"], held_out[".pred"]) == pytest.approx(expected, rel=1e-12)
    line = LinearRegression().fit(IRIS[columns][:100], IRIS["petal_width"][:100])
    rest = IRIS[100:]
    evaluation = bn.evaluate_model(line, rest[columns], rest["petal_width"])
    expected = metrics.r2_score(rest["petal_width"], line.predict(rest[columns]))
    assert evaluation.measures["r_squared"] == pytest.approx(expected, rel=1e-12)


def test_r_squared_over_folds_takes_weights_and_folds_of_one_row():
    weights = RNG.integers(1, 4, 30).astype(float)
    x, y = IRIS[["petal_length"]][::5], IRIS["petal_width"].to_numpy()[::5]
    comparison = bn.compare_models(LinearRegression(), x, y, folds=30, repeats=1, seed=1)
    held_out = comparison.predictions.query("model == 'LinearRegression'")
    expected = metrics.r2_score(held_out["truth"], held_out[".pred"])
    assert comparison.estimate("LinearRegression", "r_squared") == pytest.approx(expected, rel=1e-12)
    pairs = [(np.arange(10, 30), np.arange(10)), (np.arange(10), np.arange(10, 30))]
    comparison = bn.compare_models(LinearRegression(), x, y, folds=pairs, weights=weights, seed=1)
    held_out = comparison.predictions.query("model == 'LinearRegression'")
    truth, gap = held_out["truth"].to_numpy(), (held_out["truth"] - held_out[".pred"]).to_numpy()
    mean = np.average(truth, weights=weights[held_out["row"]])
    parts = [held_out["fold"].to_numpy() == k for k in held_out["fold"].unique()]
    errors, spreads = (
        np.mean([np.average(squares[of], weights=weights[held_out["row"]][of]) for of in parts])
        for squares in (gap**2, (truth - mean) ** 2)
    )
    assert comparison.estimate("LinearRegression", "r_squared") == pytest.approx(1 - errors / spreads)


def test_a_search_on_other_rows_takes_their_mean():
    r_squared = all_measures()["r_squared"]
    y_true, predicted = RNG.normal(size=20), RNG.normal(size=20)
    settled = r_squared.settled(y_true=y_true)
    part = slice(0, 5)
    about = np.mean(y_true)
    expected = 1 - np.mean((y_true - predicted)[part] ** 2) / np.mean((y_true - about)[part] ** 2)
    assert settled(y_true[part], predicted[part]) == pytest.approx(expected)
    again = settled.settled(y_true=y_true[:10])
    assert again(y_true[:10], predicted[:10]) == pytest.approx(metrics.r2_score(y_true[:10], predicted[:10]))
    assert math.isnan(settled.settled(y_true=np.ones(4))(np.ones(4), np.zeros(4)))


def test_the_registry_is_listed_and_light():
    table = bn.list_measures("multiclass")
    assert table["name"].tolist() == [
        "log_loss",
        "ranked_probability",
        "accuracy",
        "auroc_macro",
        "hand_till",
    ]
    assert table.set_index("name").loc["log_loss", ["low", "high"]].tolist() == [0, np.inf]
    code = (
        "import sys\nfrom bineural.measures.registry import all_measures\nall_measures()\nprint(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert not {"tensorflow", "keras", "sklearn", "pandas", "scipy", "matplotlib"} & loaded
