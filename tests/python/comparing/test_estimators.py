"""scikit-learn's classifiers are compared whatever labels they take, also those that hold our models."""

import joblib
import numpy as np
import pandas as pd
import pytest
from joblib.parallel import BACKENDS
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import BaggingClassifier, StackingClassifier, VotingClassifier
from sklearn.linear_model import LogisticRegression

import bineural as bn
from bineural.errors import InputError, OutcomeError

KYPHOSIS = bn.load_dataset("kyphosis")
X, Y = KYPHOSIS[["Age", "Number", "Start"]], KYPHOSIS["Kyphosis"]
OPTIONS = {"event": "present", "folds": 3, "repeats": 1, "seed": 1}
pytestmark = pytest.mark.filterwarnings("ignore::bineural.errors.BineuralWarning")


class Numbered(ClassifierMixin, BaseEstimator):
    """Refuses labels that are not 0, 1, ..., as xgboost does, and rows that it is told to refuse."""

    def __init__(self, C=1.0, random_state=None, least=0):
        self.C, self.random_state, self.least = C, random_state, least

    def fit(self, X, y, sample_weight=None):
        classes = np.unique(y)
        if classes.tolist() != list(range(len(classes))):
            raise ValueError(f"Invalid classes inferred from unique values of `y`: got {classes}")
        if len(X) < self.least:
            raise ValueError("too few rows")
        model = LogisticRegression(C=self.C, random_state=self.random_state, max_iter=1000)
        self.inner_ = model.fit(X, y, sample_weight)
        self.classes_ = self.inner_.classes_
        return self

    def predict_proba(self, X):
        return self.inner_.predict_proba(X)


def held_out(model, data=KYPHOSIS, outcome="Kyphosis", **options):
    """Compare a model; return its held-out predictions."""
    comparison = bn.compare_models({"m": model}, data, outcome, **{**OPTIONS, "baseline": False, **options})
    return comparison.predictions.query("model == 'm'").reset_index(drop=True)


def test_a_classifier_that_refuses_labels_gets_their_places():
    weights = np.linspace(0.5, 2, len(KYPHOSIS))
    for given in ({}, {"weights": weights}):
        ours = held_out(Numbered(C=0.3), **given)
        pd.testing.assert_frame_equal(ours, held_out(LogisticRegression(C=0.3, max_iter=1000), **given))
        places = KYPHOSIS.assign(Kyphosis=(Y == "present").astype(int))
        coded = held_out(Numbered(C=0.3), places, event=1, **given)
        np.testing.assert_allclose(ours[".pred_present"], coded[".pred_1"], rtol=1e-9)


def test_places_are_those_of_each_class_where_there_are_several():
    iris = bn.load_dataset("iris")
    labels = pd.Categorical(iris["species"], ["virginica", "setosa", "versicolor"])  # not in sorted order
    options = {"outcome": "species", "event": None, "data": iris.assign(species=labels)}
    plain = held_out(LogisticRegression(max_iter=1000), **options)
    pd.testing.assert_frame_equal(held_out(Numbered(), **options), plain)


def test_what_a_classifier_says_of_labels_is_said_where_it_refuses_places_too():
    with pytest.raises(InputError, match="(?s)Invalid classes inferred.*'absent' 'present'"):
        held_out(Numbered(least=1000))


MADE = {
    "stacking": lambda model: StackingClassifier([("glm", model)], cv=3),
    "voting": lambda model: VotingClassifier([("glm", model)], voting="soft"),
    "bagging": lambda model: BaggingClassifier(model, n_estimators=2, random_state=0),
    "calibration": lambda model: CalibratedClassifierCV(model, ensemble=False, cv=3),
}


@pytest.mark.parametrize("make", MADE.values(), ids=MADE)
def test_the_hint_for_labels_that_were_numbered_leads_on(make):
    with pytest.raises(
        OutcomeError, match="(?s)classes are 0, 1.*leave `event` out, or name it by its place"
    ):
        make(bn.GLMClassifier(event="present")).fit(X, Y)
    plain = make(bn.GLMClassifier()).fit(X, Y)
    by_place = make(bn.GLMClassifier(event=1)).fit(X, (Y == "present").astype(int))
    np.testing.assert_allclose(plain.predict_proba(X), by_place.predict_proba(X), rtol=1e-9)
    assert plain.classes_.tolist() == ["absent", "present"]


def test_stacking_takes_the_event_by_its_place_and_is_compared():
    model = StackingClassifier([("glm", bn.GLMClassifier(event=1))], LogisticRegression(), cv=3)
    np.testing.assert_array_equal(
        clone(model).fit(X, Y).predict_proba(X),
        clone(model).set_params(glm__event=None).fit(X, Y).predict_proba(X),
    )
    default = StackingClassifier([("glm", bn.GLMClassifier(event=1))], cv=3)  # ends in the same regression
    pd.testing.assert_frame_equal(held_out(model), held_out(default))


def test_backends_that_give_no_generator_give_the_same_numbers():
    class Listing(joblib.parallel.ThreadingBackend):
        supports_return_generator = False

    joblib.register_parallel_backend("listing", Listing)
    try:
        with joblib.parallel_config(backend="listing"):
            listed = held_out(LogisticRegression(max_iter=1000), n_jobs=2)
    finally:
        del BACKENDS["listing"]
    pd.testing.assert_frame_equal(listed, held_out(LogisticRegression(max_iter=1000)))
