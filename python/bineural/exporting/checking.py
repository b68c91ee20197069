"""Comparing what was written with the model it was written from, before it is handed over."""

import warnings

import numpy as np

from bineural.errors import BineuralWarning, InputError, SavingError
from bineural.exporting.models import in_order

_CLOSE = 1e-4  # between sums of float32 in one order and in another, relative to the predictions' size
_LEFT_OUT = 20  # rows without a prediction that the model is asked about one by one
_COARSE = 0.05  # where the net computes in bfloat16, and what is written in more


def rows_for(model, rows):
    """Return a table as the model was given it: as an array where its columns had no names."""
    named = getattr(model, "feature_names_in_", None) is not None or not hasattr(rows, "columns")
    return rows if named else rows.to_numpy(dtype=np.float64)


def predictions_of(model, rows):
    """Return what a model predicts: float64 (n_rows, n_outputs), as `output_names` names the columns."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BineuralWarning)
        rows = rows_for(model, rows)
        if hasattr(model, "classes_"):
            return np.column_stack(in_order(model, list(model.predict_proba(rows).T)))
        return np.asarray(model.predict(rows), dtype=np.float64).reshape(len(rows), -1)


def compare(model, rows, written, form):
    """Refuse what predicts otherwise than the model.

    Parameters
    ----------
    model : fitted bineural model
    rows : pandas.DataFrame or ndarray
    written : ndarray of float64, shape (n_rows, n_outputs)
        What the written form predicts; NaN where it says that a row can't be predicted.
    form : str
        Its format, for words.

    Returns
    -------
    float
        The largest difference.

    Raises
    ------
    SavingError
    """
    kept = ~np.isnan(written).any(axis=1)
    if not kept.any():
        raise _refusal(form, "none of the random rows could be predicted by what was written")
    left_out = np.flatnonzero(~kept)
    for row in left_out[:: max(1, len(left_out) // _LEFT_OUT)]:
        if _is_predicted(model, rows[row : row + 1]):
            raise _refusal(form, "it leaves out a row that the model predicts")
    rows = rows[kept] if isinstance(rows, np.ndarray) else rows.loc[kept].reset_index(drop=True)
    try:
        wanted = predictions_of(model, rows)
    except InputError as error:
        raise _refusal(form, f"the model refuses rows that it predicts: {error.found.rstrip('.')}") from error
    gaps = np.abs(written[kept] - wanted)
    sizes = np.maximum(np.abs(wanted), np.nanmedian(np.abs(wanted)) + 1e-12)
    precision = getattr(getattr(model, "fitted_", None), "precision", "float32")
    close = _CLOSE if precision == "float32" else _COARSE
    if not (gaps <= close * sizes).all():
        raise _refusal(form, f"predictions differ by up to {np.nanmax(gaps):.3g} of {np.nanmax(sizes):.3g}")
    return float(gaps.max())


def _is_predicted(model, row):
    """Say whether the model predicts a row, rather than refusing it or leaving it out."""
    try:
        return not np.isnan(predictions_of(model, row)).any()
    except InputError:
        return False


def _refusal(form, trouble):
    return SavingError(
        f"A model that is written as {form!r} must predict what it did before.",
        f"On random rows {trouble}.",
        "Choose another format, and please report this with the model's bundle.",
    )
