"""cbind(successes, failures) is compared as shares of trials, which are the weights."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, xlogy
from sklearn.linear_model import LinearRegression

import bineural as bn
from bineural.errors import DroppedWarning, OutcomeError

FORMULA = "cbind(dead, alive) ~ dose"


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(6)
    frame = pd.DataFrame({"dose": rng.normal(size=60), "trials": rng.integers(2, 12, 60)})
    frame["dead"] = rng.binomial(frame["trials"], expit(2 * frame["dose"]))
    return frame.assign(alive=frame["trials"] - frame["dead"]).drop(columns="trials")


def deviance(dead, alive, p):
    """Binomial deviance of counts, by its definition."""
    n = dead + alive
    return 2 * np.sum(xlogy(dead, dead / (n * p)) + xlogy(alive, alive / (n * (1 - p))))


@pytest.mark.parametrize("given", ["fitted", "formula", "outcome"])
def test_the_deviance_of_held_out_rows_is_that_of_their_counts(rows, given):
    how = {"folds": 3, "repeats": 1, "seed": 2}
    if given == "fitted":
        found = bn.compare_models(bn.fit_glm(FORMULA, rows), rows, **how)
    elif given == "formula":
        found = bn.compare_models(["glm"], rows, formula=FORMULA, **how)
    else:
        found = bn.compare_models(["glm"], rows, "cbind(dead, alive)", **how)
    expected = []
    for resample in found.basis.sets:
        train, test = rows.iloc[resample.train], rows.iloc[resample.test]
        p = bn.fit_glm(FORMULA, train).predict(test)
        expected.append(deviance(test["dead"], test["alive"], p) / (test["dead"] + test["alive"]).sum())
    assert found.measure == "mean_deviance" and found.n_rows == 60 and found.event is None
    assert found.values("glm", "mean_deviance") == pytest.approx(expected, rel=1e-10)
    rate = rows.iloc[found.basis.sets[0].train][["dead", "alive"]].sum()
    null = found.predictions.query("model == 'null' and fold == 1")[".pred"]
    assert null.to_numpy() == pytest.approx(rate["dead"] / rate.sum())
    assert "mean binomial deviance" in str(found) and found.reference == "glm"


def test_rows_without_trials_are_left_out_and_weights_multiply(rows):
    empty = rows.assign(
        dead=rows["dead"].where(rows.index > 1, 0), alive=rows["alive"].where(rows.index > 1, 0)
    )
    with pytest.warns(DroppedWarning, match="2 of 60 rows of weight 0"):
        assert bn.compare_models(["glm"], empty, formula=FORMULA, folds=3, repeats=1).n_rows == 58
    heavy = rows.assign(heft=np.tile([1.0, 2.0], 30))
    found = bn.compare_models(["glm"], heavy, formula=FORMULA, weights="heft", folds=3, repeats=1)
    assert found.basis.weights == pytest.approx((rows["dead"] + rows["alive"]) * heavy["heft"])


def test_other_models_predict_the_share_even_where_they_leave_its_range(rows):
    found = bn.compare_models({"line": LinearRegression()}, rows, formula=FORMULA, folds=3, repeats=1, seed=1)
    lowest = found.predictions.query("model == 'line'")[".pred"].min()
    assert lowest < 0 and np.isfinite(found.table["mean_deviance"]).all() and found.reference == "glm"


def test_an_event_of_counts_is_refused(rows):
    with pytest.raises(OutcomeError, match="without an event"):
        bn.compare_models(["glm"], rows, formula=FORMULA, event="dead")


def test_an_evaluation_gives_the_deviance_of_the_counts(rows):
    model = bn.fit_glm(FORMULA, rows[:40])
    table = bn.evaluate_model(model, rows[40:]).table.set_index("measure")["estimate"]
    new = rows[40:]
    expected = deviance(new["dead"], new["alive"], model.predict(new)) / (new["dead"] + new["alive"]).sum()
    assert table["mean_deviance"] == pytest.approx(expected, rel=1e-10)
