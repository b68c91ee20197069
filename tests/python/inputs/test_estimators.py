"""An estimator made of inputs, given rows and outcomes alone keeps scikit-learn's contract."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils.estimator_checks import parametrize_with_checks
from sklearn.utils.validation import check_is_fitted

from bineural.errors import ColumnError
from bineural.inputs.given_rows import put_back, read_rows
from bineural.inputs.kinds import choose_input
from bineural.inputs.learnt_outcome import learn_classes
from bineural.inputs.sklearn_columns import check_columns, note_columns
from bineural.tables.rows import count_rows


class Simple(ClassifierMixin, BaseEstimator):
    """A tree on what an input makes of x."""

    def __init__(self, formula=None, missing="error"):
        self.formula, self.missing = formula, missing

    def fit(self, X, y, sample_weight=None):
        kind = choose_input(X)
        if kind.kind == "table":
            X = check_columns(self, X, True, self.formula)
        given = read_rows(X, y, sample_weight, missing=self.missing, owner=type(self).__name__)
        options = {"formula": self.formula, "missing": self.missing, "scaling": False}
        self.input_, prepared = kind.learn(given.X, weights=given.weights, **options)
        given = given.kept(prepared.rows)
        self.outcome_, codes = learn_classes(given.y, levels=given.levels)
        if kind.kind != "table" or self.formula is not None:
            note_columns(self, self.input_)
        self.classes_ = self.outcome_.classes
        self.model_ = DecisionTreeClassifier(max_depth=3, random_state=0).fit(
            flat(prepared), codes, sample_weight=given.weights
        )
        return self

    def predict_proba(self, X):
        check_is_fitted(self)
        if self.input_.kind == "table":
            X = check_columns(self, X, False, self.formula)
        prepared = self.input_.apply(X)
        probability = self.model_.predict_proba(flat(prepared))
        return put_back(probability, prepared.rows, count_rows(X))

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags

    def predict(self, X):
        probability = self.predict_proba(X)
        return self.outcome_.most_probable(probability)


def flat(prepared):
    return prepared.inputs.reshape(len(prepared), -1).astype(float)


@parametrize_with_checks([Simple()])
def test_scikit_learn_checks(estimator, check):
    check(estimator)


def test_names_and_numbers_of_columns_are_those_that_are_used():
    rng = np.random.default_rng(2)
    table = pd.DataFrame(rng.normal(size=(40, 3)), columns=list("abc"))
    y = np.where(table["a"] + rng.normal(size=40) > 0, "yes", "no")
    by_type, by_formula = Simple().fit(table, y), Simple("c + a").fit(table, y)
    assert by_type.feature_names_in_.tolist() == list("abc") and by_type.n_features_in_ == 3
    assert sorted(by_formula.feature_names_in_) == ["a", "c"] and by_formula.n_features_in_ == 2
    shuffled = table[["b", "c", "a"]]
    np.testing.assert_array_equal(by_formula.predict_proba(shuffled), by_formula.predict_proba(table))
    with pytest.raises(ColumnError, match="feature names should match"):
        by_type.predict(shuffled)
    images = rng.normal(size=(40, 4, 4, 1))
    fitted = Simple().fit(images, y)
    assert fitted.n_features_in_ == 16 and not hasattr(fitted, "feature_names_in_")
    assert set(fitted.predict(images)) <= {"yes", "no"}


def test_rows_left_out_are_answered_by_nothing():
    table = pd.DataFrame({"a": [0.0, 1.0, np.nan, 3.0, 4.0, 5.0]})
    fitted = Simple(missing="drop")
    with pytest.warns(UserWarning, match="Left out 1 of 6"):
        fitted.fit(table, list("aaabbb"))
    assert np.isnan(fitted.predict_proba(table)[2]).all() and fitted.predict(table)[2] is None
