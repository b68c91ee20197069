"""penalty="auto": maximum likelihood wherever it exists, else a ridge, which is said."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import make_classification

import bineural as bn
from bineural.errors import (
    BineuralWarning,
    ConvergenceWarning,
    InputError,
    PenaltyWarning,
    SeparationWarning,
)

KYPHOSIS = bn.load_dataset("kyphosis")
RNG = np.random.default_rng(7)
ROWS = pd.DataFrame({"x": RNG.normal(size=90), "f": RNG.choice(list("abc"), 90)})
ROWS["y"] = np.where((ROWS["f"] == "c") | (ROWS["x"] + RNG.normal(size=90) > 0), "yes", "no")  # "c" is pure
ROWS["k"] = np.where(ROWS["f"] == "c", 0, RNG.poisson(3, 90))
ROWS["three"] = np.where(ROWS["f"] == "c", "c", np.where(ROWS["x"] + RNG.normal(size=90) > 0, "a", "b"))


@pytest.mark.parametrize(
    ("formula", "data", "event"),
    [
        ("Kyphosis ~ Age + Number + Start", KYPHOSIS, "present"),
        ("price ~ beds + baths + sqft", bn.load_dataset("sacramento"), None),
        ("k ~ x", ROWS, None),
    ],
)
def test_maximum_likelihood_is_kept_to_the_last_digit(formula, data, event):
    plain, auto = (bn.fit_glm(formula, data, event=event, penalty=penalty) for penalty in (None, "auto"))
    np.testing.assert_array_equal(auto.coef(), plain.coef())
    assert (auto.penalty_, auto.strength_, auto.failure_) == (None, None, None)
    assert auto.summary() == plain.summary()
    np.testing.assert_array_equal(auto.vcov(), plain.vcov())


CASES = {
    "pure level": ({"formula": "y ~ x + f", "event": "yes"}, "separated by 'fc'"),
    "several classes": ({"formula": "three ~ x + f"}, "class .*separated by 'fc'"),
    "counts": ({"formula": "k ~ x + f", "family": "poisson"}, "no finite value"),
    "probit": ({"formula": "y ~ x + f", "event": "yes", "link": "probit"}, "separated"),
    "weights": ({"formula": "y ~ x + f", "event": "yes", "weights": np.arange(90) % 3 + 1.0}, "separated"),
    "offset": ({"formula": "y ~ x + f + offset(x / 2)", "event": "yes"}, "separated"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_ridge_stands_in_where_there_is_no_finite_fit_and_says_so(case, tmp_path):
    options, why = CASES[case]
    with pytest.warns(PenaltyWarning, match=f"(?i){why}.*ridge of strength .*chosen"):
        auto = bn.fit_glm(data=ROWS, penalty="auto", **options)
    assert auto.penalty_ == "ridge" and auto.strength_ > 0 and auto.failure_ is None
    assert np.isfinite(auto.coef()).all() and auto.coef().abs().max() < 1000
    assert "ridge with strength" in auto.summary() and "chosen, as" in auto.summary()
    with pytest.raises(InputError, match="penalised"):
        auto.vcov()
    with pytest.warns(SeparationWarning, match="penalty='auto'"):
        plain = bn.fit_glm(data=ROWS, **options)
    assert plain.failure_ is not None and plain.penalty_ is None
    again = bn.load_model(bn.save_model(auto, tmp_path / "auto.bineural"))
    np.testing.assert_array_equal(again.predict_link(ROWS), auto.predict_link(ROWS))
    assert again.summary() == auto.summary()


@pytest.mark.parametrize("n_columns", [31, 90, 200])
def test_many_columns_for_the_rows_take_a_ridge(n_columns):
    x, y = make_classification(90, n_columns, n_informative=5, random_state=1)
    with pytest.warns(PenaltyWarning, match=f"There are {n_columns} columns for 90 rows"):
        fit = bn.GLMClassifier(penalty="auto").fit(x, y)
    assert fit.penalty_ == "ridge"
    assert bn.auroc(y, fit.predict_proba(x)[:, 1]) > 0.7


def test_separation_is_found_where_nothing_moves_any_more():
    """Newton's steps for several classes may end at rest far out; any rows of iris are separated."""
    iris = bn.load_dataset("iris")
    for seed in range(6):
        rows = iris.sample(120, random_state=seed)
        with pytest.warns(SeparationWarning, match="'setosa'"):
            assert bn.fit_glm("species ~ .", rows).failure_ is not None


def test_a_fit_that_does_not_converge_is_replaced(monkeypatch):
    fit_irls = bn.irls.fit_irls
    restless = lambda *args, **options: dataclasses.replace(fit_irls(*args, **options), converged=False)  # noqa: E731
    monkeypatch.setattr("bineural.irls.fit_irls", restless)
    with pytest.warns(ConvergenceWarning):
        plain = bn.fit_glm("k ~ x", ROWS, family="poisson")
    assert plain.failure_ == "the fit did not converge"
    with pytest.warns(PenaltyWarning, match="did not converge"):
        auto = bn.fit_glm("k ~ x", ROWS, family="poisson", penalty="auto")
    assert auto.failure_ is None and auto.penalty_ == "ridge"
    np.testing.assert_allclose(auto.predict(ROWS), plain.predict(ROWS), rtol=0.3)


def test_a_fit_without_valid_means_is_replaced(monkeypatch):
    def lost(*args, **options):
        raise InputError("The gamma model must keep valid means.")

    monkeypatch.setattr("bineural.irls.fit_irls", lost)
    table = ROWS.assign(size=np.exp(ROWS["x"]))
    with pytest.warns(PenaltyWarning, match="no valid coefficients"):
        auto = bn.fit_glm("size ~ x", table, family="gamma", penalty="auto")
    assert auto.fit_.link == "inverse" and np.isfinite(auto.predict(table)).all()
    with pytest.raises(InputError, match="valid means"):
        bn.fit_glm("size ~ x", table, family="gamma")


def test_a_strength_is_refused_and_an_overlap_gives_no_warning():
    with pytest.raises(InputError, match="left out with penalty='auto'"):
        bn.fit_glm("y ~ x", ROWS, event="yes", penalty="auto", strength=0.1)
    bn.fit_glm("y ~ x", ROWS, event="yes", penalty="auto")  # a warning would be an error


def test_the_warning_is_one_of_ours():
    assert issubclass(PenaltyWarning, BineuralWarning)
