"""A baseline that breaks down makes no winner: it falls back, and what failed gets no verdict."""

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import bineural as bn
from bineural.errors import FailedFitWarning, PenaltyWarning, SeparationWarning

pytestmark = pytest.mark.filterwarnings("ignore::bineural.errors.BineuralWarning")
KYPHOSIS = bn.load_dataset("kyphosis")


def credit(n=120):
    """Rows as of a credit table: whoever spends anything has the event."""
    rng = np.random.default_rng(0)
    spend = np.where(rng.random(n) < 0.75, rng.gamma(1, 200, n), 0.0)
    income = rng.lognormal(1, 0.5, n)
    rows = pd.DataFrame({"spend": spend, "share": spend * 12 / (income * 1e4), "income": income})
    rows["y"] = np.where((spend > 0) | (rng.random(n) < 0.2), "yes", "no")
    return rows


CREDIT = credit()
RIDGE = make_pipeline(StandardScaler(), LogisticRegression(C=1e4))
OPTIONS = {"outcome": "y", "event": "yes", "folds": 5, "repeats": 2, "seed": 1}


@pytest.fixture(scope="module")
def compared():
    models = {
        "glm": "glm",
        "ml": bn.GLMClassifier(),
        "ridge": RIDGE,
        "mean": bn.average_models(["glm", "ml"]),
    }
    return bn.compare_models(models, CREDIT, pairs="all", **OPTIONS)


def test_the_baseline_is_as_good_as_a_weak_ridge_and_maximum_likelihood_is_not(compared):
    auroc = compared.table.set_index("model")["auroc"]
    assert auroc["glm"] > 0.9
    assert abs(auroc["glm"] - auroc["ridge"]) < 0.02
    assert compared.table.set_index("model").loc["glm", "log_loss"] < 0.3


def test_the_area_is_that_of_the_linear_predictors(compared):
    truth = (CREDIT["y"] == "yes").to_numpy()
    table, x = compared.scores, CREDIT.drop(columns="y")
    for name, penalty in (("glm", "auto"), ("ml", None)):
        areas = []
        for one in compared.basis.sets:
            model = bn.GLMClassifier(event="yes", penalty=penalty)
            model.fit(x.iloc[one.train], CREDIT["y"].iloc[one.train])
            areas.append(roc_auc_score(truth[one.test], model.predict_link(x.iloc[one.test])))
        found = table["auroc"][table["model"] == name].to_numpy()
        np.testing.assert_allclose(found, areas, atol=1e-12)


def test_there_is_no_verdict_on_a_model_whose_fits_failed(compared):
    found = compared.differences.query("measure == 'auroc'").set_index(["model", "other"])
    for pair in (("ml", "glm"), ("mean", "glm"), ("ridge", "ml"), ("mean", "ml")):
        assert found.loc[pair, "finding"] == "failed fits"
    verdict = found.loc[("ml", "glm"), "verdict"]
    assert verdict.startswith("No verdict on ml and glm: 10 of 10 fits of ml failed (the classes are ")
    assert "separated by 'spend'" in verdict and "penalty='auto'" in verdict
    assert found.loc[("ridge", "glm"), "finding"] != "failed fits"


def test_what_fits_warn_of_is_counted_and_printed(compared):
    (ridge,) = [text for text in compared.warned if "ridge of strength" in text]
    assert ridge.startswith("glm, in 10 of 10 fits: The classes are ")
    assert any(text.startswith("ml, in 10 of 10 fits: The classes are") for text in compared.warned)
    assert all(f"! {text.splitlines()[0]}" in str(compared) for text in compared.warned)
    assert compared.to_dict()["warned"] == compared.warned
    glm = next(one for one in compared.entrants if one.name == "glm")
    assert glm.told["fitted_by"] == ["ridge"] * 10 and len(glm.told["strength"]) == 10


@pytest.mark.long
def test_a_report_shows_every_warning(compared, tmp_path):
    page = bn.write_report(compared, tmp_path / "report.html").read_text()
    assert page.count("ridge of strength") == 1 and page.count("in 10 of 10 fits") == 2
    assert "The guards found no column" in page  # what fits warn of is none of theirs


@pytest.mark.long
def test_processes_tell_the_same():
    models, few = {"ml": bn.GLMClassifier()}, OPTIONS | {"repeats": 1}
    alone = bn.compare_models(models, CREDIT, **few)
    with pytest.warns(SeparationWarning, match="ml, in 5 of 5 fits"):
        spread = bn.compare_models(models, CREDIT, n_jobs=2, **few)
    assert spread.warned == alone.warned and spread.verdicts == alone.verdicts
    pd.testing.assert_frame_equal(spread.scores, alone.scores)


def test_a_baseline_that_exists_is_maximum_likelihood_to_the_last_digit():
    formula = "Kyphosis ~ Age + Number + Start"
    glm = bn.fit_glm(formula, KYPHOSIS, event="present")
    given = bn.compare_models({"glm": glm}, KYPHOSIS, folds=5, repeats=2, seed=1)
    made = bn.compare_models(["glm"], KYPHOSIS, formula=formula, event="present", folds=5, repeats=2, seed=1)
    pd.testing.assert_frame_equal(made.scores, given.scores, check_exact=True)
    assert made.warned == given.warned == []


def test_several_classes_fall_back_too():
    iris = bn.load_dataset("iris")
    with pytest.warns(PenaltyWarning, match="glm, in 10 of 10 fits: The class 'setosa'"):
        found = bn.compare_models(
            {"glm": "glm", "ml": bn.GLMClassifier()}, iris, "species", folds=5, repeats=2, seed=1
        )
    loss = found.table.set_index("model")["log_loss"]
    assert loss["glm"] < 0.1 < loss["ml"]
    assert set(found.differences["finding"]) == {"failed fits"}


def test_other_programs_fits_that_do_not_converge_get_no_verdict():
    models = {"glm": "glm", "hasty": LogisticRegression(max_iter=1)}
    rows = CREDIT.assign(income=CREDIT["income"] * 1e4)
    with pytest.warns(ConvergenceWarning, match="hasty, in 5 of 5 fits"):
        found = bn.compare_models(models, rows, **OPTIONS | {"repeats": 1})
    assert found.principal.finding == "failed fits"
    assert "5 of 5 fits of hasty failed (lbfgs failed to converge" in found.verdict
    assert any(text.startswith("hasty, in 5 of 5 fits: ") for text in found.warned)


def test_rows_left_out_and_folds_without_an_event_are_said():
    rows = KYPHOSIS.iloc[np.r_[np.flatnonzero(KYPHOSIS["Kyphosis"] == "present")[:3], :40]].drop_duplicates()
    rows = rows.reset_index(drop=True).astype({"Age": float})
    rows.loc[5, "Age"] = np.nan
    found = bn.compare_models(
        ["glm"],
        rows,
        formula="Kyphosis ~ Age",
        event="present",
        folds=10,
        repeats=1,
        missing="drop",
        seed=1,
        strata=False,
    )
    assert any("with missing predictors, for all models" in text for text in found.warned)
    n = int(found.table.set_index("model").loc["glm", "n"])
    assert n < 10 and any(f"undefined in {10 - n} of 10 folds" in text for text in found.notes)


def half(train, test):
    return np.full(len(test), 0.5)


def exploding(**options):
    return bn.NetClassifier(units=[3], epochs=3, optimizer="sgd", learning_rate=1e30, **options)


@pytest.mark.parametrize("ensemble", [1, 2])
def test_a_net_that_explodes_gets_no_verdict_and_the_others_keep_their_results(ensemble):
    few = OPTIONS | {"repeats": 1}
    alone = bn.compare_models(
        {"glm": "glm", "half": lambda train, test: np.full(len(test), 0.5)}, CREDIT, **few
    )
    models = {"glm": "glm", "net": exploding(ensemble=ensemble), "half": alone.entrants[1].model}
    with pytest.warns(FailedFitWarning, match="net, in 5 of 5 fits: The training loss became"):
        found = bn.compare_models(models, CREDIT, **few)
    kept = found.scores.query("model in ['glm', 'half']").reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, alone.scores.query("model != 'null'").reset_index(drop=True))
    verdict = next(text for text in found.verdicts if "net" in text)
    assert verdict.startswith(
        "No verdict on net and glm: 5 of 5 fits of net failed (the training loss became"
    )
    assert "Lower learning_rate" in verdict and "Try penalty" not in verdict
    own, null = (found.table.set_index("model").loc[name, "log_loss"] for name in ("net", "null"))
    assert own == null
    assert any("the null model's predictions stand in" in text for text in found.warned)


def holed(train, test):
    return np.where(np.arange(len(test)) == 0, np.nan, 0.5)


def endless(train, test):
    return np.full(len(test), np.inf)


@pytest.mark.parametrize("function", [holed, endless])
def test_a_function_without_finite_predictions_gets_no_verdict(function):
    with pytest.warns(FailedFitWarning, match="own, in 10 of 10 fits: .* no finite prediction"):
        found = bn.compare_models({"glm": "glm", "own": function}, CREDIT, **OPTIONS)
    assert found.principal.finding == "failed fits"
    assert "10 of 10 fits of own failed" in found.verdict and "Use missing='impute'" in found.verdict
    assert found.table.set_index("model").loc["glm", "auroc"] > 0.9


@pytest.mark.long
def test_the_first_verdict_is_on_a_model_whose_fits_did_not_fail():
    models = {"glm": "glm", "ml": bn.GLMClassifier(), "half": half}
    found = bn.compare_models(models, CREDIT, **OPTIONS | {"repeats": 10})  # 50 folds, as a verdict needs
    auroc = found.table.set_index("model")["auroc"]
    assert auroc["ml"] > auroc["half"]
    assert found.principal.model == "half" and found.verdict.startswith("half is worse than glm")


@pytest.mark.long
def test_nets_of_regression_and_of_several_classes_may_explode_too():
    rng = np.random.default_rng(2)
    rows = pd.DataFrame({"x": rng.normal(size=60), "z": rng.normal(size=60)})
    options = {"units": [3], "epochs": 3, "optimizer": "sgd", "learning_rate": 1e30, "ensemble": 1}
    kinds = {
        "number": (rows["x"] + rng.normal(size=60), bn.NetRegressor),
        "class": (rng.choice(list("abc"), 60), bn.NetClassifier),
    }
    for outcome, (values, net) in kinds.items():
        found = bn.compare_models(
            {"glm": "glm", "net": net(**options)},
            rows.assign(**{outcome: values}),
            outcome,
            folds=3,
            repeats=1,
            seed=1,
        )
        assert found.principal.finding == "failed fits"
        assert np.isfinite(found.table[found.measure]).all() and str(found)
