"""Counts: the net without hidden units is R's Poisson GLM, offsets included, and is compared with it."""

import pickle

import keras
import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.bundles.schema import Mismatch
from bineural.cli import main
from bineural.errors import InputError, OutcomeError
from objectives.linear import LINEAR, linear_net
from rjudge import assign, numbers

FORMULA = "cases ~ age + dose + offset(log(years))"
SHORT = {"objective": "poisson", "epochs": 20, "ensemble": 2, "seed": 1}


@pytest.fixture(scope="module")
def cohort():
    rng = np.random.default_rng(1837)
    n = 150
    rows = pd.DataFrame(
        {"age": rng.normal(50, 9, n), "dose": rng.normal(size=n), "years": rng.uniform(1, 20, n)}
    )
    rate = np.exp(-2 + 0.04 * (rows["age"] - 50) + 0.5 * rows["dose"])
    rows["cases"] = rng.poisson(rows["years"] * rate)
    return rows.assign(log_years=np.log(rows["years"]), weight=rng.integers(1, 4, n))


@pytest.fixture(scope="module")
def net(cohort):
    return linear_net(FORMULA, cohort, objective="poisson")


def test_a_net_without_hidden_units_is_rs_glm(cohort, net):
    assign("cohort", cohort)
    fit = "glm(cases ~ age + dose + offset(log(years)), poisson, cohort"
    np.testing.assert_allclose(net.predict(cohort), numbers(f"fitted({fit}))"), rtol=1e-5)
    deviance = numbers(f"deviance({fit}))")[0]
    assert 2 * len(cohort) * net.glance()["loss"] == pytest.approx(deviance, rel=1e-5)
    assert bn.evaluate_model(net, cohort).measures["mean_deviance"] == pytest.approx(deviance / len(cohort))
    weighted = linear_net(FORMULA, cohort, objective="poisson", weights="weight")
    fitted = numbers(f"fitted({fit}, weights = weight))")
    np.testing.assert_allclose(weighted.predict(cohort), fitted, rtol=1e-5)


def test_a_net_of_zero_weights_predicts_the_mean_rate(cohort):
    start = linear_net(FORMULA, cohort, objective="poisson", epochs=1, learning_rate=1e-9)
    rate = cohort["cases"].sum() / cohort["years"].sum()
    np.testing.assert_allclose(start.predict(cohort), rate * cohort["years"], rtol=1e-6)
    plain = linear_net("cases ~ age", cohort, objective="poisson", epochs=1, learning_rate=1e-9)
    np.testing.assert_allclose(plain.predict(cohort), cohort["cases"].mean(), rtol=1e-6)


def test_new_rows_bring_their_own_offset(cohort, net):
    twice = cohort.assign(years=2 * cohort["years"])
    np.testing.assert_allclose(net.predict(twice), 2 * net.predict(cohort), rtol=1e-12)
    with pytest.raises(InputError, match="no column `years`"):
        net.predict(cohort.drop(columns="years"))
    by_column = linear_net("cases ~ age + dose", cohort, objective="poisson", offset="log_years")
    np.testing.assert_allclose(by_column.predict(cohort), net.predict(cohort), rtol=1e-12)


def test_offsets_are_added_to_log_odds_and_numbers_too(cohort):
    cohort = cohort.assign(ill=cohort["cases"] > 2)
    net = linear_net("ill ~ dose + offset(log_years)", cohort, event=True, learning_rate=0.1)
    glm = bn.fit_glm("ill ~ dose + offset(log_years)", cohort, event=True)
    np.testing.assert_allclose(net.predict_event(cohort), glm.predict_event(cohort), atol=1e-5)
    net = linear_net("cases ~ dose + offset(years)", cohort, learning_rate=0.1)
    glm = bn.fit_glm("cases ~ dose + offset(years)", cohort)
    np.testing.assert_allclose(net.predict(cohort), glm.predict(cohort), atol=1e-4)
    with pytest.raises(InputError, match="'classes' can't take an offset"):
        bn.fit_net("cases ~ dose + offset(years)", cohort.assign(cases=list("abc") * 50), **LINEAR)


@pytest.mark.long
def test_stacks_files_and_keras_own_loop_give_the_same_net(cohort, tmp_path):
    net = bn.fit_net(FORMULA, cohort, **SHORT)
    assert net.how_.startswith("stack")
    for again in (bn.load_model(bn.save_model(net, tmp_path / "net")), pickle.loads(pickle.dumps(net))):
        np.testing.assert_array_equal(again.predict(cohort), net.predict(cohort))
    folds = bn.make_folds(cohort, folds=2, seed=1)
    fits = bn.fit_nets(FORMULA, cohort, folds, seeds=[1], **{**SHORT, "seed": None})
    train, test = folds[0].train_ids, folds[0].test_ids
    alone = bn.fit_net(FORMULA, cohort.iloc[train], **SHORT).predict(cohort.iloc[test])
    held_out = fits.held_out.query("fold == 1").set_index("row").loc[test, ".pred"]
    np.testing.assert_allclose(held_out, alone, rtol=1e-4)
    one = {**SHORT, "ensemble": 1}
    own_loop = bn.fit_net(FORMULA, cohort, callbacks=keras.callbacks.TerminateOnNaN(), **one)
    plain = bn.fit_net(FORMULA, cohort, **one)
    np.testing.assert_allclose(own_loop.predict(cohort), plain.predict(cohort), rtol=1e-4)


def test_rows_in_batches_give_the_net_of_the_same_rows(cohort):
    options = {"objective": "poisson", "epochs": 30}
    whole = linear_net("cases ~ age + dose", cohort, **options)
    parts = [cohort.iloc[:70], cohort.iloc[70:]]
    in_batches = linear_net("cases ~ age + dose", parts, **options)
    np.testing.assert_allclose(in_batches.predict(cohort), whole.predict(cohort), rtol=1e-5)
    with pytest.raises(InputError, match="can't come in batches"):
        linear_net(FORMULA, parts, **options)
    with pytest.raises(OutcomeError, match="0 or more"):
        linear_net("cases ~ age", [part.assign(cases=part["cases"] - 1) for part in parts], **options)


def test_a_file_without_what_was_learnt_is_refused(net, tmp_path):
    state = {**net.get_state(), "objective_state_": {"ignorant": 1.0}}
    with pytest.raises(Mismatch):
        type(net).from_state(state)


@pytest.mark.long
def test_a_comparison_has_the_glm_of_the_same_offset_and_counts_by_deviance(cohort):
    net = bn.make_net(FORMULA, **SHORT)
    how = {"formula": FORMULA, "folds": 3, "repeats": 1, "seed": 2}
    comparison = bn.compare_models({"net": net}, cohort, **how)
    assert comparison.measure == "mean_deviance" and comparison.reference == "glm"
    glm = bn.fit_glm(FORMULA, cohort, family="poisson")
    by_hand = bn.compare_models({"glm": glm}, cohort, measure="mean_deviance", folds=3, repeats=1, seed=2)
    of = lambda c, model: c.predictions.query("model == @model")[".pred"].to_numpy()  # noqa: E731
    np.testing.assert_array_equal(of(comparison, "glm"), of(by_hand, "glm"))
    null, folds = comparison.predictions.query("model == 'null' and fold == 1"), comparison.folds
    train = cohort.iloc[folds[0].train_ids]
    rate = train["cases"].sum() / train["years"].sum()
    np.testing.assert_allclose(null[".pred"], rate * cohort["years"].iloc[null["row"]], rtol=1e-6)
    tuned = bn.tune_net(net, cohort, {"l2": [0.01, 1.0]}, folds=3, seed=1)
    assert tuned.measure == "mean_deviance" and "poisson deviance" in str(tuned)
    both = bn.compare_models({"tuned": tuned, "glm": "glm"}, cohort, **how)
    np.testing.assert_array_equal(of(both, "glm"), of(comparison, "glm"))


@pytest.mark.long
def test_counts_of_two_values_are_counts(cohort):
    rare = cohort.assign(cases=np.minimum(cohort["cases"], 1))
    net = bn.fit_net("cases ~ dose", rare, **SHORT)
    assert "counts" in net.summary() and bn.evaluate_model(net, rare).task == "regression"
    assert bn.compare_models([net], rare, folds=3, repeats=1, seed=1).task == "regression"
    with pytest.raises(InputError, match="models numbers"):
        bn.fit_net("cases ~ dose", rare, event=1, **SHORT)
    with pytest.raises(InputError, match="models numbers"):
        bn.compare_models([net], rare, event=1, folds=3)


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        ({"cases": -1}, {}, "must be 0 or more for objective='poisson'"),
        ({"cases": 0}, {}, "must be above 0 in some"),
        ({}, {"offset": np.zeros(150)}, "offset of a net must be a column"),
        ({}, {"offset": "months"}, "`offset` must be a column"),
        ({}, {"monitor": "auroc"}, "`monitor` must be 'loss'"),
        ({}, {"objective": "poison"}, "registered objective"),
    ],
)
def test_what_can_not_be_is_said(cohort, change, options, message):
    with pytest.raises(InputError, match=message):
        bn.fit_net("cases ~ dose", cohort.assign(**change), **{**SHORT, **options})


def test_a_net_that_tells_no_rows_apart_loses_half_the_null_deviance(cohort, net):
    assign("cohort", cohort)
    null = numbers("glm(cases ~ age + offset(log(years)), poisson, cohort)$null.deviance")[0]
    assert net.fitted_.objective.ignorant_loss(net.fitted_.state) == pytest.approx(null / 2 / len(cohort))


@pytest.mark.long
def test_the_command_line_takes_objective_and_offset(cohort, tmp_path, capsys):
    cohort.to_csv(tmp_path / "cohort.csv", index=False)
    model = tmp_path / "net.bineural"
    line = [
        "fit",
        str(tmp_path / "cohort.csv"),
        "--formula",
        "cases ~ dose",
        "--model",
        "net",
        "--out",
        str(model),
    ]
    line += ["--objective", "poisson", "--offset", "log_years", "--epochs", "5", "--seed", "1"]
    assert main(line) == 0
    net = bn.load_model(model)
    twice = cohort.assign(log_years=cohort["log_years"] + np.log(2))
    np.testing.assert_allclose(net.predict(twice), 2 * net.predict(cohort), rtol=1e-12)
