"""A table with many columns of one trouble is told of it as often as a table with one such column."""

import warnings

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.errors import DroppedWarning

N = 48
NET = {"event": "yes", "units": [], "epochs": 1, "ensemble": 1, "seed": 1}
FOLDS = {"folds": 2, "repeats": 1, "seed": 1}


def table(width, seed=1):
    """Return rows with `width` columns of each trouble."""
    rng = np.random.default_rng(seed)
    columns = {"a": rng.normal(size=N), "y": rng.choice(["no", "yes"], N)}
    for k in range(width):
        columns[f"rare{k}"] = np.where(np.arange(N) == 5 * k + seed, "seldom", rng.choice(["a", "b"], N))
        columns[f"near{k}"] = rng.choice(["yes", "Yes ", "no"], N)
        columns[f"unused{k}"] = pd.Categorical(rng.choice(["u", "v"], N), ["u", "v", "w"])
        columns[f"text{k}"] = [
            *"?" * (k + 1),
            *(f"{v:.2f}" for v in rng.choice(rng.normal(size=20), N - k - 1)),
        ]
        columns[f"name{k}"] = [f"p{v}" for v in rng.integers(0, N, N)]
        columns[f"gap{k}"] = np.where(np.arange(N) == k, np.nan, rng.normal(size=N))
        columns[f"constant{k}"] = 1.0
        columns[f"alone{k}"] = "only"
    return pd.DataFrame(columns)


def lines_of(work, data):
    """List the lines that are said, so that a warning of several lines is no way around."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        work(data)
    return [line for entry in caught for line in str(entry.message).splitlines()]


def fit_apart(data):
    return bn.fit_net("y ~ .", data.iloc[: N // 2], missing="impute", **NET)


def in_batches(data):
    return lambda: (data[k : k + 16] for k in (0, 16, 32))


VERBS = {
    "glm": lambda d: bn.fit_glm("y ~ .", d, event="yes", missing="drop", penalty="ridge", strength=1.0),
    "net": lambda d: bn.fit_net("y ~ .", d, missing="drop", **NET),
    "stream": lambda d: bn.fit_net("y ~ .", in_batches(d), missing="drop", **NET),
    "nets": lambda d: bn.fit_nets("y ~ .", d, bn.make_folds(d, 2, seed=1), missing="drop", **NET).held_out,
    "compare": lambda d: bn.compare_models(
        {
            "net": bn.NetClassifier(**NET, missing="impute"),
            "glm": bn.GLMClassifier(event="yes", missing="impute", penalty="ridge", strength=1.0),
            "stiff": bn.GLMClassifier(event="yes", missing="impute", penalty="ridge", strength=9.0),
        },
        d, "y", event="yes", missing="impute", **FOLDS,
    ),
    "tune": lambda d: bn.tune_net(
        "y ~ .", d, {"l2": [0.1, 1.0]}, missing="impute", folds=2, **NET
    ),
    "predict": lambda d: fit_apart(d).predict_proba(d),
    "evaluate": lambda d: bn.evaluate_model(fit_apart(d), d),
}  # fmt: skip


LONG = {
    "stream",
    "nets",
    "evaluate",
    "tune",
    "compare",
}  # they fit as `net` does, and predict as `predict` does


@pytest.mark.parametrize(
    "verb", [pytest.param(verb, marks=pytest.mark.long) if verb in LONG else verb for verb in VERBS]
)
def test_a_wide_table_is_told_in_as_many_lines_as_a_narrow_one(verb):
    narrow, wide = (lines_of(VERBS[verb], table(width)) for width in (2, 8))
    assert len(narrow) == len(wide) > 3
    assert max(map(len, wide)) < 600  # the first few columns are named, the others counted
    assert any("more" in line for line in wide)


def test_a_table_is_told_of_each_of_its_troubles(recwarn):
    data = table(8)
    VERBS["net"](data)
    said = " ".join(str(entry.message) for entry in recwarn)
    for k in range(6):
        assert f"`text{k}`" in said and f"`name{k}`" in said and f"`near{k}`" in said
    assert (
        "Left out 8 of 48 rows with missing values in `gap0` (1), " in said
        and "`gap5` (1) and 2 more." in said
    )
    (dropped,) = [
        str(e.message) for e in recwarn if e.category is DroppedWarning and "constant" in str(e.message)
    ]
    assert dropped.startswith("Left out constant columns: ") and dropped.endswith(
        " and 10 more."
    )  # 8 + 8 - 6
