"""The order of a model's rows: rounding makes no ties, and what is equal stays equal."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

import bineural as bn
from bineural.measures.ordering import class_answers, class_logits, ordered

RNG = np.random.default_rng(2)
ROWS = pd.DataFrame({"x": np.r_[RNG.normal(size=60), RNG.normal(400, 100, 60)]})
ROWS["y"] = np.where(RNG.random(120) < expit((ROWS["x"] - 380) / 60), "yes", "no")
STEEP = bn.GLMClassifier("x", event="yes").fit(ROWS, ROWS["y"])
STEEP.fit_.coef[:] = [0.0, 1.0]  # logits up to 600: probabilities are rounded to R's bound


def test_the_order_is_that_of_the_logits_where_probabilities_are_rounded():
    logit = RNG.normal(0, 60, 200)
    order = ordered(expit(logit), logit)
    assert len(np.unique(expit(logit))) < 200
    np.testing.assert_array_equal(np.argsort(order), np.argsort(logit))


def test_what_no_rounding_made_equal_stays_as_it_is():
    logit = RNG.normal(size=50)
    assert ordered(expit(logit), logit) is not None
    np.testing.assert_array_equal(ordered(expit(logit), logit), expit(logit))
    twice = np.repeat(logit * 50, 2)
    shaken = twice * (1 + 1e-14 * RNG.normal(size=100))  # equal rows, computed in other places
    assert len(np.unique(ordered(np.clip(expit(twice), 1e-9, 1 - 1e-9), shaken))) == 50
    assert ordered(twice, None) is twice


def test_class_logits_are_the_log_odds_of_each_class():
    eta = RNG.normal(size=(20, 4))
    share = np.exp(eta) / np.exp(eta).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(class_logits(eta), np.log(share / (1 - share)), rtol=1e-10)
    assert np.isfinite(class_logits(eta * 1000)).all()


def test_an_evaluation_ranks_by_the_linear_predictor():
    truth, link = ROWS["y"] == "yes", STEEP.predict_link(ROWS)
    found = bn.evaluate_model(STEEP, ROWS, "y")
    assert found.measures["auroc"] == pytest.approx(roc_auc_score(truth, link), abs=1e-12)
    assert found.measures["auroc"] > roc_auc_score(truth, found.score) + 0.05  # by the probabilities
    assert found.intervals["auroc"].estimate == found.measures["auroc"]
    curve = found.plot_data()
    area = np.trapezoid(curve["sensitivity"], curve["specificity"])
    assert area == pytest.approx(found.measures["auroc"], abs=1e-9)
    finite = curve["threshold"][np.isfinite(curve["threshold"])]
    assert finite.between(0, 1).all()


def test_a_scikit_learn_model_ranks_by_its_decisions_where_they_agree():
    x, truth = ROWS[["x"]].to_numpy(), ROWS["y"] == "yes"
    model = LogisticRegression().fit(x, ROWS["y"])
    model.coef_[:], model.intercept_[:] = 1.0, 0.0
    found = bn.evaluate_model(model, x, ROWS["y"], event="yes")
    assert found.measures["auroc"] == pytest.approx(roc_auc_score(truth, x[:, 0]), abs=1e-12)

    class Turned(LogisticRegression):
        """Its decisions are of the other class."""

        def decision_function(self, X):
            return -X[:, 0]

        def predict_proba(self, X):
            event = expit(X[:, 0])
            return np.column_stack([1 - event, event])

    turned = Turned().fit(x, ROWS["y"])
    assert class_answers(turned, x)[1] is None


def test_a_net_ranks_by_its_logits():
    net = bn.fit_net("y ~ x", ROWS, event="yes", architecture="mlp", units=[2], epochs=1, ensemble=1, seed=1)
    net.fitted_.members[0].weights = [w * 1e4 if w.ndim == 2 else w for w in net.weights_]
    probability, logit = net._class_answers(ROWS)
    np.testing.assert_allclose(probability, expit(logit), rtol=1e-6)
    assert len(np.unique(ordered(probability[:, 1], logit[:, 1]))) > len(np.unique(probability[:, 1]))
