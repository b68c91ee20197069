"""Columns as scikit-learn counts and names them: `n_features_in_` and `feature_names_in_` of an estimator.

An input checks its rows by itself; what stands here is what estimators say in scikit-learn's own words, which
name the estimator's class.
"""

import numpy as np
from sklearn.utils.validation import validate_data

from bineural.errors import ColumnError, InputError
from bineural.tables.frames import as_dense, as_frame, is_frame


def check_columns(estimator, X, reset, formula=None):
    """Return a table as a pandas frame or a float64 array, checked as scikit-learn would.

    Parameters
    ----------
    estimator : sklearn.base.BaseEstimator
        Its `n_features_in_` and `feature_names_in_` are set (`reset`) or compared.
    X : data frame, array_like or sparse matrix, shape (n_rows, n_features)
    reset : bool
        Whether these are training rows.
    formula : str, optional
        With a formula, columns of a frame are found by name, in any order.

    Returns
    -------
    pandas.DataFrame or ndarray of float64, shape (n_rows, n_features)

    Raises
    ------
    ColumnError, InputError
    """
    if is_frame(X):
        frame = as_frame(X)
        if formula is None:
            _check_names(estimator, frame, reset)
        return frame
    X = as_dense(X)
    try:
        return validate_data(estimator, X, reset=reset, dtype=np.float64, ensure_all_finite=False)
    except ValueError as error:
        raise InputError(
            "Rows must be an array of numbers, shape (n_rows, n_features), as in training.",
            str(error).rstrip(".") + ".",
            "Reshape or convert it, or pass a data frame with the columns' names.",
        ) from error


def note_columns(estimator, learnt):
    """Note the raw columns of an `Input` in an estimator, those that its formula asks for."""
    estimator.n_features_in_ = learnt.n_features_in
    if learnt.feature_names is not None:
        estimator.feature_names_in_ = np.asarray(learnt.feature_names, dtype=object)


def _check_names(estimator, frame, reset):
    try:
        validate_data(estimator, frame, skip_check_array=True, reset=reset)
    except ValueError as error:  # in scikit-learn's words, which its own checks read
        must, _, found = str(error).partition("\n")
        raise ColumnError(
            must, found.strip(), "Give the columns of the training data, in their order."
        ) from error
