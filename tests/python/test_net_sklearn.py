"""The nets under scikit-learn's own examination."""

from sklearn.utils.estimator_checks import parametrize_with_checks

from bineural.nets.estimators import NetClassifier, NetRegressor

STOCHASTIC = "batches and validation rows are drawn by position, so a repeated row is not a weight of two"
EXPECTED = {
    "check_sample_weight_equivalence_on_dense_data": STOCHASTIC,
    "check_sample_weight_equivalence_on_sparse_data": STOCHASTIC,
}


@parametrize_with_checks(
    [NetClassifier(seed=0, epochs=30, units=(8,)), NetRegressor(seed=0, epochs=30, units=(8,))],
    expected_failed_checks=lambda estimator: EXPECTED,
)
def test_scikit_learn_checks(estimator, check):
    check(estimator)
