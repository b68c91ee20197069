"""A GLM of rows in batches is that of the same rows in memory."""

import warnings

import numpy as np
import pandas as pd
import pytest
from pyarrow import dataset

import bineural as bn
from bineural import irls
from bineural.errors import (
    AliasedWarning,
    DroppedWarning,
    FormulaError,
    InputError,
    OutcomeError,
    PenaltyWarning,
    SeparationWarning,
)
from bineural.irls import row_file

N_ROWS = 1200


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            "age": rng.normal(50, 9, N_ROWS),
            "dose": rng.gamma(2.0, size=N_ROWS),
            "site": rng.choice(["Bonn", "Graz", "Aarau"], N_ROWS),
            "grade": pd.Categorical(
                rng.choice(["low", "high"], N_ROWS), ["low", "mid", "high"], ordered=True
            ),
            "smoker": rng.random(N_ROWS) < 0.3,
            "heft": rng.integers(0, 4, N_ROWS).astype(float),
            "years": rng.gamma(5.0, size=N_ROWS),
        }
    )
    score = 0.05 * (frame["age"] - 50) + 0.5 * frame["dose"] - 1 + 0.7 * (frame["site"] == "Bonn")
    frame["dead"] = rng.binomial(7, 1 / (1 + np.exp(-score)))
    return frame.assign(
        sick=np.where(score + rng.logistic(size=N_ROWS) > 0, "yes", "no"),
        pain=score + rng.normal(size=N_ROWS),
        cost=np.exp(score / 3) * rng.gamma(3, size=N_ROWS),
        cases=rng.poisson(frame["years"] * np.exp(score / 4 - 1)),
        kind=rng.choice(list("abc"), N_ROWS),
        alive=7 - frame["dead"],
    )


@pytest.fixture(params=["held", "written"])
def file(request, monkeypatch):
    """Hold the few rows of a test, or write them to the file that many rows are written to."""
    if request.param == "written":
        monkeypatch.setattr(row_file, "_IN_MEMORY", 0)


def cut(frame, size=171):
    return [frame[i : i + size] for i in range(0, len(frame), size)]


FITS = {
    "binomial": ("sick ~ age + dose + site + grade + smoker", {"event": "yes"}),
    "the other event, weighted": ("sick ~ age + site * dose", {"event": "no", "weights": "heft"}),
    "probit": ("sick ~ age + log1p(dose)", {"event": "yes", "link": "probit"}),
    "gaussian": ("pain ~ age + dose + site", {"contrasts": {".": "sum"}}),
    "fully converged": ("cost ~ age + dose", {"family": "gamma", "link": "log", "converge": "full"}),
    "inverse Gaussian": ("cost ~ dose", {"family": "inverse_gaussian", "link": "log"}),
    "offset in the formula": ("cases ~ age + site + offset(log(years))", {"family": "poisson"}),
    "offset column": ("cases ~ age + site", {"family": "quasipoisson", "offset": "years"}),
    "no intercept": ("cases ~ 0 + age + site", {"family": "negative_binomial(2)"}),
    "theta estimated": ("cases ~ age", {"family": "negative_binomial"}),
    "shares": ("cbind(dead, alive) ~ age + dose", {}),
    "shares, weighted": ("cbind(dead, alive) ~ age", {"weights": "heft", "family": "quasibinomial"}),
    "several classes": ("kind ~ age + dose", {}),
    "Firth": ("sick ~ age + dose", {"event": "yes", "method": "firth"}),
    "aliased": ("sick ~ age + I(2 * age) + dose", {"event": "yes", "penalty": "auto"}),
}


@pytest.mark.parametrize("name", FITS)
def test_a_glm_of_batches_is_that_of_the_rows_in_memory(rows, file, name):
    formula, options = FITS[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AliasedWarning)
        expected, found = bn.fit_glm(formula, rows, **options), bn.fit_glm(formula, cut(rows), **options)
    assert found.names_ == expected.names_ and found.n_rows_ == expected.n_rows_
    for numbers in ("coef", "std_error", "statistic", "p_value", "vcov"):
        one, other = getattr(found.fit_, numbers), getattr(expected.fit_, numbers)
        np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-14)
    for number in (
        "deviance",
        "null_deviance",
        "aic",
        "bic",
        "log_lik",
        "df_residual",
        "df_null",
        "iterations",
    ):
        one, other = getattr(found.fit_, number), getattr(expected.fit_, number)
        assert one == pytest.approx(other, rel=1e-10, nan_ok=True), number
    assert str(found.summary()) == str(expected.summary())
    ask = "predict_proba" if hasattr(found, "classes_") else "predict"
    np.testing.assert_allclose(getattr(found, ask)(rows), getattr(expected, ask)(rows), rtol=1e-10)


@pytest.mark.parametrize("link", ["logit", "probit", "cloglog"])
def test_steps_that_overshoot_are_halved_in_a_file_as_in_memory(file, link):
    rng = np.random.default_rng(3)
    x = rng.normal(size=(50, 1))
    y = (rng.random(50) < 0.5).astype(float)
    offset = np.where(y == 1, -4.0, 3.0) + x[:, 0]
    part = irls.FilePart(irls.RowFile(3, 50), 1, True, False, True)
    for i in range(0, 50, 7):
        part.add(x[i : i + 7], y[i : i + 7], None, offset[i : i + 7])
    part.file.finish()
    expected = irls.fit_irls(x, y, link=link, offset=offset)
    found = irls.fit_irls_file(part, link=link)
    assert found.beyond_r == expected.beyond_r and found.converged
    np.testing.assert_allclose(found.coef, expected.coef, rtol=1e-10)
    np.testing.assert_allclose(found.std_error, expected.std_error, rtol=1e-10)


def test_every_source_of_the_same_rows_gives_the_same_glm(rows, tmp_path):
    frame = rows.drop(columns=["grade"])
    frame[:500].to_parquet(tmp_path / "a.parquet", index=False, row_group_size=100)
    frame[500:].to_parquet(tmp_path / "b.parquet", index=False, row_group_size=333)
    expected = bn.fit_glm("sick ~ age + site", frame, event="yes").coef().to_numpy()
    data_set = dataset.dataset(tmp_path, format="parquet")
    for source in (tmp_path, str(tmp_path), data_set, lambda: iter(cut(frame)), cut(frame)):
        found = bn.fit_glm("sick ~ age + site", source, event="yes").coef().to_numpy()
        np.testing.assert_allclose(found, expected, rtol=1e-12)
    model = bn.GLMClassifier("age + site", event="yes").fit(tmp_path, "sick")
    np.testing.assert_allclose(model.coef().to_numpy(), expected, rtol=1e-12)


def test_missing_rows_are_left_out_or_named(rows):
    gaps = rows.assign(dose=rows["dose"].where(rows.index % 7 != 3), sick=rows["sick"].where(rows.index != 8))
    with pytest.warns(DroppedWarning):
        expected = bn.fit_glm("sick ~ dose", gaps, event="yes", missing="drop")
        found = bn.fit_glm("sick ~ dose", cut(gaps), event="yes", missing="drop")
    np.testing.assert_allclose(found.coef(), expected.coef(), rtol=1e-12)
    with pytest.raises(InputError, match="row 9 .batch 1."):
        bn.fit_glm("sick ~ dose", cut(gaps), event="yes")


def test_separation_is_found_in_batches_and_a_ridge_is_taken_while_the_rows_are_few(rows, file, monkeypatch):
    frame = rows.assign(sick=np.where(rows["age"] > 50, "yes", "no"))
    with pytest.warns(SeparationWarning, match="completely separated by 'age'"):
        bn.fit_glm("sick ~ age + dose", cut(frame), event="yes")
    with pytest.warns(PenaltyWarning):
        expected = bn.fit_glm("sick ~ age + dose", frame, event="yes", penalty="auto")
    with pytest.warns(PenaltyWarning):
        found = bn.fit_glm("sick ~ age + dose", cut(frame), event="yes", penalty="auto")
    np.testing.assert_allclose(found.coef(), expected.coef(), rtol=1e-8)
    monkeypatch.setattr("bineural.glm.batches._HELD", 10)
    with pytest.warns(SeparationWarning, match="a sample of the rows"):
        found = bn.fit_glm("sick ~ age + dose", cut(frame), event="yes", penalty="auto")
    assert found.penalty_ is None and "separated" in found.failure_


def test_a_glm_of_batches_is_saved_and_says_what_it_lacks(rows, tmp_path):
    model = bn.fit_glm("sick ~ age + site", cut(rows), event="yes")
    loaded = bn.load_model(bn.save_model(model, tmp_path / "model.bineural"))
    assert (loaded.predict_event(rows) == model.predict_event(rows)).all()
    with pytest.raises(InputError, match="came in batches"):
        model.residuals()
    with pytest.raises(InputError, match="method='wald'"):
        model.confint()
    assert model.confint(method="wald").shape == (4, 3)


@pytest.mark.parametrize(
    ("formula", "options", "error", "words"),
    [
        ("sick ~ poly(age, 2)", {"event": "yes"}, FormulaError, "raw = TRUE"),
        (
            "sick ~ age",
            {"event": "yes", "penalty": "ridge", "strength": 1.0},
            InputError,
            "can't have a penalty",
        ),
        ("sick ~ age", {"event": "yes", "missing": "impute"}, InputError, "can't be imputed"),
        ("sick ~ age", {"event": "yes", "weights": np.ones(N_ROWS)}, InputError, "must name a column"),
        ("sick ~ age", {"event": "yes", "offset": np.ones(N_ROWS)}, InputError, "must name a column"),
        ("sick ~ age", {"event": "yes", "features": len}, InputError, "can't be a function"),
        ("sick ~ age", {}, OutcomeError, "must name the class"),
        ("sick ~ age", {"event": "maybe"}, OutcomeError, "maybe"),
        ("sick ~ text(site)", {"event": "yes"}, InputError, "Texts can't come in batches"),
        ("pain ~ age", {"family": "poisson"}, InputError, "0 or more"),
        ("cbind(dead, alive) ~ age", {"event": "yes"}, InputError, "no event"),
    ],
)
def test_what_batches_can_not_have_is_refused_in_words(rows, formula, options, error, words):
    with pytest.raises(error, match=words):
        bn.fit_glm(formula, cut(rows), **options)


@pytest.mark.parametrize(
    "left", ['relevel(site, "Graz")', 'factor(site, c("Graz", "Bonn", "Aarau"))', "factor(site)"]
)
def test_levels_that_a_formula_gives_are_those_of_the_rows_in_memory(rows, left):
    batches, how = [rows[:500], rows[500:]], {"folds": 2, "repeats": 1, "seed": 1}
    whole, apart = bn.fit_glm(f"{left} ~ age", rows), bn.fit_glm(f"{left} ~ age", batches)
    assert apart.levels_ == whole.levels_
    np.testing.assert_allclose(apart.coef_, whole.coef_, rtol=1e-6, atol=1e-8)
    compared = bn.compare_models("glm", batches, formula=f"{left} ~ age", **how)
    assert compared.classes == whole.levels_


def test_levels_that_batches_do_not_agree_on_are_refused(rows):
    apart = rows.sort_values("site")  # the last batch has one site alone, and another first level
    with pytest.raises(OutcomeError, match="must be the same in all batches"):
        bn.fit_glm('relevel(site, "Graz") ~ age', [apart[:700], apart[700:1000], apart[1000:]])


def test_a_disk_that_is_too_small_is_told_of(rows, monkeypatch):
    monkeypatch.setattr(row_file, "_IN_MEMORY", 0)
    monkeypatch.setattr(row_file.shutil, "disk_usage", lambda folder: type("Usage", (), {"free": 1000}))
    with pytest.raises(InputError, match="TMPDIR"):
        bn.fit_glm("sick ~ age", cut(rows), event="yes")


@pytest.mark.parametrize(("most", "passes"), [(2**20, 1), (1000, 2)])
def test_few_rows_are_read_once_and_many_twice(rows, monkeypatch, most, passes):
    monkeypatch.setattr("bineural.glm.batches._READ_ONCE", most)
    n_read = []

    def read():
        n_read.append(1)
        return iter(cut(rows))

    found = bn.fit_glm("sick ~ age + site", read, event="yes")
    expected = bn.fit_glm("sick ~ age + site", rows, event="yes")
    assert len(n_read) == 1 + passes  # and once for the names of the columns
    np.testing.assert_allclose(found.coef(), expected.coef(), rtol=1e-12)
