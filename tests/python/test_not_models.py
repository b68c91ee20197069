"""What is no fitted model says what it is, and where a model is; what is not fitted says so."""

import copy
import pickle
import re

import pytest

import bineural as bn
from bineural.errors import FormulaError, InputError
from bineural.glm.estimators import GLMClassifier, GLMRegressor
from bineural.nets.estimators import NetClassifier, NetRegressor

ESTIMATORS = [GLMClassifier, GLMRegressor, NetClassifier, NetRegressor]


@pytest.fixture(scope="module")
def wine():
    return bn.load_dataset("wine").rename(columns=lambda name: name.replace(" ", "_"))


@pytest.fixture(scope="module")
def others(wine):
    net = bn.make_net("alcohol ~ ash", epochs=1, units=2, validation=0)
    glm = bn.fit_glm("alcohol ~ ash", wine)
    tuned = bn.tune_net(net, wine, {"l2": [0.1, 1.0]}, folds=2, seed=1)
    return {
        "make_net() described": net,
        "what tune_net() returned": tuned,
        "many nets": bn.fit_nets(net, wine, seeds=[1, 2]),
        "an average of models": bn.average_models({"a": glm, "b": glm}),
        "an average of names": bn.average_models(["a", "b"]),
        "a comparison": bn.compare_models({"glm": glm}, wine, folds=2, repeats=1, seed=1),
    }


def test_what_is_no_model_says_where_one_is(others, wine):
    for words, other in others.items():
        with pytest.raises(
            AttributeError, match=f"(?s)`coef_` must be asked of a fitted model.*{re.escape(words)}"
        ):
            other.coef_  # noqa: B018
        for work in (lambda o: bn.save_model(o, "x"), bn.plot_history):
            with pytest.raises(InputError, match=re.escape(words)):
                work(other)
        assert not hasattr(other, "nonsense") and not hasattr(other, "coef_")
    for words in ("make_net() described", "what tune_net() returned", "many nets", "an average of names"):
        with pytest.raises(InputError, match=re.escape(words)):
            bn.evaluate_model(others[words], wine, "alcohol")
    tuned = others["what tune_net() returned"]
    with pytest.raises(InputError, match="a is what tune_net.*\nGive its `model`"):
        bn.average_models({"a": tuned, "b": tuned})
    assert bn.average_models({"a": tuned.model, "b": tuned.model}).predict(wine).shape == (len(wine),)


def test_what_is_no_model_is_copied_and_pickled_as_before(others):
    for words in ("make_net() described", "an average of models"):
        other = others[words]
        assert repr(copy.deepcopy(other)) == repr(pickle.loads(pickle.dumps(other))) == repr(other)


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_an_estimator_that_is_not_fitted_says_so(kind, wine):
    model = kind("ash")
    for name in ("n_rows_", "coef_", "history_", "preparation_"):
        with pytest.raises(AttributeError, match=f"this {kind.__name__} is not fitted"):
            getattr(model, name)
    with pytest.raises(AttributeError, match="has no attribute 'predictt'"):
        model.predictt  # noqa: B018
    for name in ("coefficients", "coef", "summary", "glance"):
        if hasattr(model, name):
            with pytest.raises(Exception, match="not fitted yet"):
                getattr(model, name)()
    with pytest.raises(InputError, match="must be fitted"):
        bn.evaluate_model(model, wine, "alcohol")
    with pytest.raises(InputError, match="not fitted"):
        bn.average_models({"a": model, "b": model})


def test_a_fitted_estimator_has_no_attributes_of_others(wine):
    glm = bn.fit_glm("alcohol ~ ash", wine)
    with pytest.raises(AttributeError, match="'GLMRegressor' object has no attribute 'history_'"):
        glm.history_  # noqa: B018


@pytest.mark.parametrize("kind", [GLMRegressor, NetRegressor])
def test_a_formula_of_two_sides_is_refused_where_the_outcome_is_given(kind, wine):
    words = r"(?s)right side of a formula.*both sides, 'alcohol ~ ash'.*Write 'ash'"
    with pytest.raises(FormulaError, match=words):
        kind("alcohol ~ ash").fit(wine, wine["alcohol"])
    with pytest.raises(FormulaError, match=rf"{words[:-12]}.*This is mine"):
        bn.compare_models({"mine": kind("alcohol ~ ash")}, wine, outcome="alcohol", seed=1)


def test_a_model_in_the_place_of_a_formula_is_told(others, wine):
    for model in (bn.fit_glm("alcohol ~ ash", wine), others["what tune_net() returned"]):
        with pytest.raises(InputError, match="(?s)formula, or predictors x, must come first"):
            bn.optimism_bootstrap(model, wine, seed=1)
    odd = wine[["ash", "alcohol"]].rename(columns={"ash": "predict"})
    assert bn.fit_glm(odd, "alcohol").names_ == ["(Intercept)", "predict"]  # a column's name is none
