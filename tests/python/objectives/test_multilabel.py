"""Several labels: the net without hidden units is one logistic regression for each of them."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

import bineural as bn
from bineural.cli import main
from bineural.errors import InputError
from objectives.linear import linear_net

FORMULA = "cbind(a, b, c) ~ x + z"
SHORT = {"objective": "multilabel", "epochs": 10, "ensemble": 2, "seed": 1}
CONVERGED = {"objective": "multilabel", "epochs": 800, "learning_rate": 0.05}


@pytest.fixture(scope="module")
def labelled():
    rng = np.random.default_rng(2011)
    rows = pd.DataFrame(
        {"x": rng.normal(size=150), "z": rng.normal(size=150), "weight": rng.integers(1, 4, 150)}
    )
    slopes = {"a": (1, 0), "b": (-1, 1), "c": (0.5, -2)}
    for k, (name, (of_x, of_z)) in enumerate(slopes.items()):
        latent = of_x * rows["x"] + of_z * rows["z"] - 0.5 * k + rng.logistic(size=150)
        rows[name] = (latent > 0).astype(int)
    return rows


def one_by_one(train, test, **options):
    fits = [bn.fit_glm(f"{name} ~ x + z", train, event=1, **options) for name in "abc"]
    return np.column_stack([fit.predict_event(test) for fit in fits])


def test_a_net_without_hidden_units_is_a_glm_for_each_label(labelled):
    net = linear_net(FORMULA, labelled, **CONVERGED)
    np.testing.assert_allclose(net.predict(labelled), one_by_one(labelled, labelled), atol=1e-5)
    assert net.columns_ == ["a", "b", "c"] and net.preparation_.columns_ == ["x", "z"]
    weighted = linear_net(FORMULA, labelled, weights="weight", **CONVERGED)
    judge = one_by_one(labelled, labelled, weights="weight")
    np.testing.assert_allclose(weighted.predict(labelled), judge, atol=1e-5)
    losses = [log_loss(labelled[name], column) for name, column in zip("abc", net.predict(labelled).T)]
    assert net.glance()["loss"] == pytest.approx(np.mean(losses), rel=1e-5)


@pytest.mark.long
def test_formulas_tables_and_matrices_say_the_same(labelled):
    net = bn.fit_net(FORMULA, labelled, **SHORT)
    table = bn.fit_net(labelled[["x", "z"]], labelled[["a", "b", "c"]], **SHORT)
    np.testing.assert_array_equal(table.predict(labelled[["x", "z"]]), net.predict(labelled))
    truths = labelled[["a", "b", "c"]].to_numpy() == 1
    matrix = bn.fit_net(labelled[["x", "z"]].to_numpy(), truths, **SHORT)
    np.testing.assert_array_equal(matrix.predict(labelled[["x", "z"]].to_numpy()), net.predict(labelled))
    written = bn.fit_net("cbind(a, both = b + c > 1) ~ . - weight", labelled, **SHORT)
    assert written.columns_ == ["a", "both"] and written.preparation_.columns_ == ["x", "z"]


def test_a_net_of_zero_weights_predicts_the_shares(labelled):
    start = linear_net(FORMULA, labelled, objective="multilabel", epochs=1, learning_rate=1e-9)
    shares = labelled[["a", "b", "c"]].mean().to_numpy()
    np.testing.assert_allclose(start.predict(labelled), np.tile(shares, (150, 1)), rtol=1e-6)


def test_it_is_measured_label_by_label(labelled):
    net = bn.fit_net(FORMULA, labelled, **SHORT)
    evaluation = bn.evaluate_model(net, labelled)
    for name, judge in (
        ("label_log_loss", log_loss),
        ("label_brier", brier_score_loss),
        ("label_auroc", roc_auc_score),
    ):
        each = [judge(labelled[label], column) for label, column in zip("abc", net.predict(labelled).T)]
        assert evaluation.measures[name] == pytest.approx(np.mean(each))
    table = bn.fit_net(labelled[["x", "z"]], labelled[["a", "b", "c"]], **SHORT)
    assert (
        bn.evaluate_model(table, labelled[["x", "z"]], labelled[["a", "b", "c"]]).measures
        == evaluation.measures
    )


@pytest.mark.long
def test_a_comparison_has_a_glm_for_each_label(labelled):
    how = {"folds": 3, "repeats": 1, "seed": 2}
    net = bn.make_net(FORMULA, **SHORT)
    comparison = bn.compare_models({"net": net}, labelled, formula=FORMULA, **how)
    assert comparison.measure == "label_log_loss" and comparison.reference == "glms"
    kept = comparison.predictions.query("fold == 1").set_index("model")
    train, test = labelled.iloc[comparison.folds[0].train_ids], labelled.iloc[kept.loc["null", "row"]]
    columns = [".pred_a", ".pred_b", ".pred_c"]
    np.testing.assert_allclose(kept.loc["glms", columns], one_by_one(train, test), rtol=1e-8)
    np.testing.assert_allclose(kept.loc["null", columns].iloc[0], train[["a", "b", "c"]].mean())
    np.testing.assert_array_equal(kept.loc["net", ["truth_a", "truth_b", "truth_c"]], test[["a", "b", "c"]])
    x, y = labelled[["x", "z"]], labelled[["a", "b", "c"]]
    beside = bn.compare_models({"net": bn.make_net(**SHORT)}, x, y, **how)
    assert beside.estimate("glms", "label_log_loss") == pytest.approx(
        comparison.estimate("glms", "label_log_loss")
    )
    tuned = bn.tune_net(net, labelled, {"l2": [0.01, 0.1]}, folds=3, seed=1)
    assert tuned.measure == "label_log_loss" and tuned.model.predict(labelled).shape == (150, 3)


@pytest.mark.long
def test_files_stacks_gaps_and_the_command_line_know_the_labels(labelled, tmp_path, capsys):
    net = bn.fit_net(FORMULA, labelled, **SHORT)
    assert net.how_.startswith("stack")
    again = bn.load_model(bn.save_model(net, tmp_path / "net"))
    np.testing.assert_array_equal(again.predict(labelled), net.predict(labelled))
    assert again.columns_ == ["a", "b", "c"] and again.formula_ == FORMULA
    fits = bn.fit_nets(bn.make_net(FORMULA, **SHORT), labelled, bn.make_folds(labelled, folds=2, seed=1))
    assert {"truth_a", ".pred_c"} <= set(fits.held_out)
    gaps = labelled.assign(a=labelled["a"].astype(float).where(labelled.index > 4))
    with pytest.warns(match="Left out 5 of 150 rows without an outcome"):
        assert bn.fit_net(FORMULA, gaps, missing="drop", **SHORT).n_rows_ == 145
    labelled.to_csv(tmp_path / "rows.csv", index=False)
    line = [
        "fit",
        str(tmp_path / "rows.csv"),
        "--formula",
        FORMULA,
        "--model",
        "net",
        "--out",
        str(tmp_path / "cli"),
    ]
    assert main([*line, "--objective", "multilabel", "--epochs", "2"]) == 0
    assert main(["predict", str(next(tmp_path.glob("cli*"))), str(tmp_path / "rows.csv")]) == 0
    assert ".pred_a,.pred_b,.pred_c" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("formula", "options", "message"),
    [
        ("cbind(a, x) ~ z", {}, "Labels must be 0 or 1"),
        ("a ~ x", {}, "must bind the columns"),
        ("cbind(a, q) ~ x", {}, "no column `q`"),
        ("cbind(a) ~ x", {}, "two columns or more"),
        ("cbind(a, system(b)) ~ x", {}, "can't be used in a formula"),
        ("cbind(a, b) ~ x + offset(z)", {}, "can't take an offset"),
        ("cbind(a, b) ~ x", {"objective": None}, "objective='multilabel'"),
        ("cbind(a, b) ~ x", {"class_weight": "balanced"}, "classes only"),
        ("cbind(a, b) ~ x", {"event": 1}, "models numbers"),
    ],
)
def test_what_can_not_be_is_said(labelled, formula, options, message):
    with pytest.raises(InputError, match=message):
        bn.fit_net(formula, labelled, **{**SHORT, **options})


def test_rows_in_batches_and_one_outcome_are_refused(labelled):
    with pytest.raises(InputError, match="can't come in batches"):
        bn.fit_net(FORMULA, [labelled], **SHORT)
    with pytest.raises(InputError, match="two columns or more"):
        bn.fit_net(labelled[["x"]], labelled["a"], **SHORT)
