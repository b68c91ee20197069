"""Test rows that the model was fitted to, or that have scored many models, are told."""

import numpy as np
import pytest

import bineural as bn
from bineural.measures import reuse

KYPHOSIS = bn.load_dataset("kyphosis")
FORMULA = "Kyphosis ~ Age + Number + Start"


@pytest.fixture(autouse=True)
def _forget(monkeypatch):
    monkeypatch.setattr(reuse, "_scored", {})


def test_rows_of_the_fit_are_counted():
    split = bn.split_rows(KYPHOSIS, strata="Kyphosis", seed=3)
    glm = bn.fit_glm(FORMULA, split.train, event="present")
    train, test = list(map(tuple, split.train.astype(str).values)), split.test.astype(str).values
    by_chance = sum(tuple(row) in train for row in test)
    found = bn.evaluate_model(glm, split.test)
    assert found.n_known == by_chance and "fitted to" not in str(found)
    mixed = KYPHOSIS.iloc[np.r_[split.test_ids, split.train_ids[:10]]]
    found = bn.evaluate_model(glm, mixed)
    assert found.n_known == by_chance + 10
    assert f"Caution: {found.n_known} of {found.n} rows are among those the model was fitted to" in str(found)


def test_a_changed_outcome_or_predictor_makes_another_row():
    glm = bn.fit_glm(FORMULA, KYPHOSIS, event="present")
    other = KYPHOSIS.assign(Age=KYPHOSIS["Age"] + 1000)
    assert bn.evaluate_model(glm, other).n_known == 0
    numbers = bn.fit_glm("Age ~ Number + Start", KYPHOSIS)
    assert bn.evaluate_model(numbers, KYPHOSIS).n_known == 81
    assert bn.evaluate_model(numbers, KYPHOSIS.assign(Age=KYPHOSIS["Age"] + 1000)).n_known == 0


def test_a_net_of_arrays_knows_its_rows_too_and_a_file_does_not(tmp_path):
    X, y = (
        KYPHOSIS[["Age", "Number", "Start"]].to_numpy(float),
        (KYPHOSIS["Kyphosis"] == "present").to_numpy(),
    )
    glm = bn.fit_glm(X[:60], y[:60], event=True)
    assert bn.evaluate_model(glm, X[50:], y[50:]).n_known == 10
    bn.save_model(glm, tmp_path / "glm.bineural")
    again = bn.load_model(tmp_path / "glm.bineural")
    assert bn.evaluate_model(again, X[50:], y[50:]).n_known == 0


def test_many_models_on_the_same_rows_are_counted_once_each():
    split = bn.split_rows(KYPHOSIS, strata="Kyphosis", seed=3)
    columns = ["Age", "Number", "Start", "Age + Start", "Age + Number"]
    models = [bn.fit_glm(f"Kyphosis ~ {c}", split.train, event="present") for c in columns]
    counts = [bn.evaluate_model(model, split.test).n_scored for model in [*models[:4], models[0]]]
    assert counts == [1, 2, 3, 4, 4]
    last = bn.evaluate_model(models[4], split.test)
    assert last.n_scored == 5 and "these rows have scored 5 models" in str(last)
    assert bn.evaluate_model(models[4], split.test.iloc[1:]).n_scored == 1
