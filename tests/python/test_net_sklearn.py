"""The nets under scikit-learn's own examination."""

import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from bineural.nets.estimators import NetClassifier, NetRegressor

STOCHASTIC = "batches and validation rows are drawn by position, so a repeated row is not a weight of two"
EXPECTED = {
    "check_sample_weight_equivalence_on_dense_data": STOCHASTIC,
    "check_sample_weight_equivalence_on_sparse_data": STOCHASTIC,
}
OPTIONS = {"seed": 0, "epochs": 30, "units": (8,)}


def name_of(check):
    """Return the name of a check, which may be a partial function."""
    return getattr(check, "func", check).__name__


def checks_of(kind):
    """List the checks of an estimator as pytest's parameters."""
    mark = parametrize_with_checks([kind(**OPTIONS)], expected_failed_checks=lambda estimator: EXPECTED)
    for case in mark.args[1]:
        values, marks = (case.values, case.marks) if hasattr(case, "marks") else (case, ())
        yield pytest.param(*values, marks=marks, id=f"{kind.__name__}-{name_of(values[1])}")


CLASSIFIER, REGRESSOR = (list(checks_of(kind)) for kind in (NetClassifier, NetRegressor))
NAMES = {name_of(case.values[1]) for case in CLASSIFIER}
SAME = [case for case in REGRESSOR if name_of(case.values[1]) in NAMES]


@pytest.mark.parametrize("estimator, check", [*CLASSIFIER, *(case for case in REGRESSOR if case not in SAME)])
def test_scikit_learn_checks(estimator, check):
    check(estimator)


@pytest.mark.long
@pytest.mark.parametrize("estimator, check", SAME)
def test_scikit_learn_checks_that_a_classifier_passes_too(estimator, check):
    check(estimator)
