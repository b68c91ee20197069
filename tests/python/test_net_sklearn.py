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


# each trains nets of layouts of its own, on rows in a form that tests of ours have too
LONG = {
    "check_array_api_input",
    "check_class_weight_classifiers",
    "check_classifier_data_not_an_array",
    "check_classifiers_classes",
    "check_classifiers_one_label_sample_weights",
    "check_classifiers_train",
    "check_dont_overwrite_parameters",
    "check_dtype_object",
    "check_estimator_sparse_array",
    "check_estimator_sparse_matrix",
    "check_estimators_dtypes",
    "check_estimators_overwrite_params",
    "check_fit2d_1feature",
    "check_fit_idempotent",
    "check_fit_score_takes_y",
    "check_n_features_in_after_fitting",
    "check_pipeline_consistency",
    "check_positive_only_tag_during_fit",
    "check_regressor_data_not_an_array",
    "check_regressors_int",
    "check_regressors_no_decision_function",
    "check_regressors_train",
    "check_sample_weight_equivalence_on_dense_data",
    "check_sample_weight_equivalence_on_sparse_data",
    "check_sample_weights_list",
    "check_sample_weights_not_an_array",
    "check_sample_weights_pandas_series",
    "check_sample_weights_shape",
}
QUICK = [
    case
    for case in [*CLASSIFIER, *(case for case in REGRESSOR if case not in SAME)]
    if name_of(case.values[1]) not in LONG
]
EACH = [*CLASSIFIER, *REGRESSOR]


@pytest.mark.parametrize("estimator, check", QUICK)
def test_scikit_learn_checks(estimator, check):
    check(estimator)


@pytest.mark.long
@pytest.mark.parametrize("estimator, check", [case for case in EACH if case not in QUICK])
def test_scikit_learn_checks_that_take_longer(estimator, check):
    check(estimator)
