"""Copies and leaks are named, and clean tables of every kind pass without an alarm."""

import warnings

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.comparing.basis import Rows
from bineural.comparing.basis_folds import Resampling
from bineural.comparing.guards import guard
from bineural.comparing.row_basis import make_basis


def sentences(data, outcome="y", folds=5):
    task = {} if data[outcome].dtype.kind == "f" else {"event": data[outcome].iloc[0]}
    if data[outcome].nunique() > 2:
        task = {}
    resampling = Resampling(folds, 1, False, seed=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return guard(make_basis(Rows(data, outcome, event=task.get("event")), resampling), [])


def clean_table(rng):
    """Draw rows of many kinds: fine and coarse numbers, counts, categories, functions of these."""
    n = int(rng.choice([30, 60, 150, 400]))
    kinds = {
        "fine": lambda: rng.normal(size=n),
        "money": lambda: rng.lognormal(10, 1, n).round(),
        "rounded": lambda: rng.normal(size=n).round(int(rng.integers(0, 3))),
        "count": lambda: rng.poisson(rng.choice([0.4, 3, 20]), n),
        "age": lambda: rng.integers(18, 80, n),
        "category": lambda: rng.choice(list("abcdefgh")[: rng.integers(2, 8)], n),
        "skewed": lambda: np.where(rng.random(n) < 0.8, 0.0, rng.gamma(1, 10, n)),
        "flag": lambda: rng.random(n) < 0.2,
    }
    names = rng.choice(list(kinds), rng.integers(1, 6))
    data = pd.DataFrame({f"{name}{i}": kinds[name]() for i, name in enumerate(names)})
    first = data.iloc[:, 0]
    if first.dtype.kind in "if" and rng.random() < 0.3:
        data["again"] = np.log1p(first - first.min())  # a function of a column
    number = data.select_dtypes("number")
    signal = 0 if number.empty else ((number - number.mean()) / (number.std() + 1e-9)).sum(axis=1)
    strong = signal * rng.choice([0, 1, 3]) + rng.normal(size=n)
    outcomes = [
        lambda: strong.astype(float) if hasattr(strong, "astype") else strong,
        lambda: np.where(strong > np.median(strong), "yes", "no"),
        lambda: np.clip(np.round(strong) + 3, 1, 5).astype(float),  # an ordinal outcome as numbers
        lambda: rng.poisson(np.exp(np.clip(strong, -3, 3))).astype(float),
    ]
    data["y"] = np.asarray(outcomes[rng.integers(4)]())
    return data


def test_clean_tables_give_no_alarm():
    rng = np.random.default_rng(60)
    alarms = {}
    for k in range(200):
        data = clean_table(rng)
        if data["y"].nunique() > 1 and (said := sentences(data)):
            alarms[k] = said, data.dtypes.to_dict(), len(data)
    assert not alarms


def rows(rng, n=60, numbers=True):
    data = pd.DataFrame({"a": rng.normal(size=n), "b": rng.normal(size=n), "sex": rng.choice(["f", "m"], n)})
    noise = rng.normal(size=n)
    data["y"] = data["a"] + noise if numbers else np.where(data["a"] + noise > 0, "yes", "no")
    return data


@pytest.mark.parametrize("numbers", [True, False])
@pytest.mark.parametrize("columns", [["a", "y"], ["a", "b", "sex", "y"]])
@pytest.mark.parametrize("times", [2, 3, 5])
def test_rows_that_all_come_several_times_are_named(times, columns, numbers):
    rng = np.random.default_rng(times)
    data = pd.concat([rows(rng, numbers=numbers)[columns]] * times, ignore_index=True)
    assert "have an exact copy among their training rows" in sentences(data)[0]
    shuffled = data.sample(frac=1, random_state=1, ignore_index=True)
    assert sentences(shuffled.assign(case=np.arange(len(data))))
    assert sentences(shuffled.assign(case=[f"case {i}" for i in range(len(data))]))


@pytest.mark.parametrize("numbers", [True, False])
def test_copies_that_differ_by_rounding_or_by_a_column_of_names_are_named(numbers):
    rng = np.random.default_rng(3)
    data = rows(rng, 100, numbers)
    near = data.copy()
    near[["a", "b"]] += rng.uniform(-1e-9, 1e-9, (100, 2))
    assert "a copy, equal to 7 digits," in sentences(pd.concat([data, near], ignore_index=True))[0]
    named = pd.concat([data, data], ignore_index=True).assign(id=rng.permutation(200) * 1.0)
    assert "equal in all columns but 'id'" in sentences(named)[0]
    batch = pd.concat([data.assign(batch=1), data.assign(batch=2)], ignore_index=True)
    assert "equal in all columns but 'batch'" in sentences(batch)[0]


def test_some_rows_that_come_twice_and_rare_ones_that_come_often_are_named():
    rng = np.random.default_rng(4)
    data = rows(rng, 200, numbers=False)
    assert sentences(pd.concat([data, data.iloc[:15]], ignore_index=True))
    often = data[data["y"] == "yes"].sample(300, replace=True, random_state=1)  # oversampled before the folds
    assert sentences(pd.concat([data, often], ignore_index=True))


def test_equal_rows_of_coarse_columns_are_no_copies():
    rng = np.random.default_rng(5)
    data = pd.DataFrame({"a": rng.integers(0, 3, 300), "b": rng.choice(["u", "v"], 300)})
    data["y"] = np.where(rng.random(300) < 0.3, "yes", "no")
    assert not sentences(data)
    age = rng.integers(0, 500, 100)
    old = pd.DataFrame({"age": age, "log_age": np.log1p(age), "y": np.where(age % 100 > 50, "yes", "no")})
    assert old.duplicated().mean() > 0.05 and not sentences(old)


@pytest.mark.parametrize(
    ("name", "leak"),
    [
        ("exponential", lambda y, rng: np.exp(y)),
        ("cube", lambda y, rng: -(y**3)),
        ("rounded", lambda y, rng: y.round()),
        ("rank", lambda y, rng: y.rank()),
        ("line", lambda y, rng: 3 * y + 1),
        ("copy with noise", lambda y, rng: y + 1e-3 * rng.normal(size=len(y))),
        ("with gaps", lambda y, rng: np.exp(y).where(rng.random(len(y)) < 0.9)),
        ("binned", lambda y, rng: np.floor(4 * y)),
    ],
)
def test_columns_that_are_made_of_a_number_are_named(name, leak):
    rng = np.random.default_rng(6)
    data = rows(rng, 120)
    data[name] = leak(data["y"] * 2, rng)
    assert sentences(data)[0].startswith(f"{name!r} alone tells the order of the outcome's numbers")


def test_a_strong_predictor_of_a_number_is_no_leak():
    rng = np.random.default_rng(7)
    data = rows(rng, 120)
    data["strong"] = data["y"] + 0.05 * data["y"].std() * rng.normal(size=120)
    assert np.corrcoef(data["strong"], data["y"])[0, 1] > 0.998
    assert not sentences(data)


def test_a_column_that_formulas_take_out_is_no_leak_and_costs_no_rows():
    rng = np.random.default_rng(8)
    data = rows(rng, 60)
    data["leak"] = np.exp(data["y"]).where(rng.random(60) < 0.8)
    found = bn.compare_models("glm", data, formula="y ~ . - leak", folds=3, repeats=1, seed=1)
    assert (found.guarded, found.n_rows) == ([], 60)
    models = {"one": bn.GLMRegressor("a - leak"), "all": bn.GLMRegressor(". - leak - a")}
    found = bn.compare_models(models, data, "y", folds=3, repeats=1, seed=1)
    assert (found.guarded, found.n_rows) == ([], 60)
