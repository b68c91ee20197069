"""Predictions of a model as columns, with the warnings that they came with."""

import threading
import warnings

from bineural.errors import BineuralWarning
from bineural.exporting.checking import rows_for

_ONE_AT_A_TIME = threading.Lock()  # warnings are of the process, and so are TensorFlow's threads


def predict_table(model, frame):
    """Predict a table.

    Parameters
    ----------
    model : fitted bineural model
    frame : data frame

    Returns
    -------
    table : pandas.DataFrame
        `.pred_<class>` for each class and `.pred_class`, or `.pred`, or `.pred_<column>` of several numbers.
    messages : list of str
        What the model warned of.
    """
    import pandas as pd

    with _ONE_AT_A_TIME, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", BineuralWarning)
        columns = _columns(model, rows_for(model, frame))
    messages = [str(w.message) for w in caught if issubclass(w.category, BineuralWarning)]
    return pd.DataFrame(columns), messages


def _columns(model, frame):
    if not hasattr(model, "predict_proba"):
        from bineural.nets.net_fits import prediction_columns

        return prediction_columns(model, model.predict(frame))
    probability = model.predict_proba(frame)
    classes = model.classes_.tolist()
    levels = list(getattr(model, "levels_", None) or classes)
    columns = {f".pred_{level}": probability[:, classes.index(level)] for level in levels}
    if ".pred_class" not in columns:  # a class may be called so
        columns[".pred_class"] = model._outcome.most_probable(probability)
    return columns
