"""A fitted model with rows, ready to be asked again with a column changed."""

import numpy as np

from bineural.errors import FormulaError, InputError
from bineural.formula.outcome import outcome_columns
from bineural.measures.class_columns import class_codes
from bineural.measures.model_answers import (
    predict_rows,
    read_outcome,
    rows_kept,
    settle_event,
    task_of,
)
from bineural.measures.ordering import class_answers, ordered
from bineural.measures.registry import choose_measure, measures_of
from bineural.tables.frames import as_frame, is_frame


class Question:
    """A model and the rows it predicts.

    Parameters
    ----------
    model : fitted estimator
    data : data frame or array_like
    event : label or None

    Attributes
    ----------
    frame : pandas.DataFrame
        The rows; of an array, its columns as x1, x2, ...
    task : {"binary", "multiclass", "regression"}
    event : label or None
    names : list
        Of what is predicted of a row, where it is several numbers: classes, labels, levels of quantiles.
    levels : list
        The classes, in the order of the column fitted to.
    predictors : list of str
        Columns other than the outcome that the model was fitted with.
    """

    def __init__(self, model, data, event):
        kind = task_of(model)
        self.model, self.named = model, is_frame(data)
        self.frame = _table_of(data)
        self.outcome = getattr(model, "outcome_", None)
        self.predictors = [name for name in self.frame.columns if name != self.outcome]
        self.n_rows = len(self.frame)
        self.classes, self.levels, self.event, self.names = None, None, None, []
        if kind == "regression":
            self.task, self.names = "regression", list(getattr(model, "columns_", ()))
            return
        self.classes = np.asarray(model.classes_).tolist()
        self.event = settle_event(model, self.classes, event)
        self.task = "multiclass" if self.event is None else "binary"
        self.names = self.classes if self.event is None else []
        self.levels = list(getattr(model, "levels_", self.classes))

    def predict(self, frame, order=False):
        """Return probabilities of the event, of all classes, or numbers; or what has their order alone."""
        rows = frame if self.named else frame.to_numpy()
        if self.task == "regression":
            shape = (self.n_rows, len(self.names)) if self.names else (self.n_rows,)
            return predict_rows(self.model.predict, rows, shape)
        if order:
            predicted = ordered(*class_answers(self.model, rows))
        else:
            predicted = predict_rows(self.model.predict_proba, rows, (self.n_rows, len(self.classes)))
        return predicted if self.event is None else predicted[:, self.classes.index(self.event)]

    def permuted(self, column, places):
        """Return the rows with a column's values taken from other rows."""
        values = self.frame[column].iloc[places]
        return self.frame.assign(**{column: values.set_axis(self.frame.index)})

    def values_of(self, column, n_points):
        """Return positions of rows that hold the values to be set, in order."""
        import pandas as pd

        held = self.frame[column].reset_index(drop=True).dropna()
        first = held.drop_duplicates()
        if isinstance(first.dtype, pd.CategoricalDtype):
            return first.index[np.argsort(first.cat.codes, kind="stable")].to_numpy()
        first = first.sort_values(key=None if first.dtype.kind in "iufbM" else lambda s: s.astype(str))
        if first.dtype.kind not in "iufM" or len(first) <= n_points:
            return first.index.to_numpy()
        ordered = held.sort_values(kind="stable")
        at = np.unique(np.linspace(0, len(ordered) - 1, n_points).round().astype(int))
        return ordered.iloc[at].drop_duplicates().index.to_numpy()

    def measure_by(self, y, measure):
        """Make ready to measure: read the outcome and keep the rows that have one."""
        y, name = read_outcome(self.model, self.frame, y)
        held = _columns_in(name)
        self.predictors = [column for column in self.predictors if column not in held]
        task = getattr(self.model, "measured_as_", None) or self.task
        known = getattr(self.model, "measured_", {})
        chosen = choose_measure(measure, measures_of(task, also=(measure,), **known))
        if self.task == "regression":
            y = np.asarray(y, dtype=np.float64)
        else:
            known = {**known, "ranks": [self.levels.index(label) for label in self.classes]}
        self.kept, _ = rows_kept(y, self.predict(self.frame))
        self.truth = y[self.kept]
        if self.task != "regression":
            codes = class_codes(self.truth, self.classes)
            binary = self.task == "binary"
            self.truth = (codes == self.classes.index(self.event)).astype(np.int64) if binary else codes
        self.measure = chosen.settled(y_true=self.truth, classes=self.classes, **known)

    def score(self, frame):
        """Return the measure of the predictions of some version of the rows."""
        predicted = self.predict(frame, order=self.measure.ranks)[self.kept]
        return self.measure(self.truth, predicted)


def _table_of(data):
    """Return rows as a data frame; what has no columns, such as images or texts, is refused."""
    try:
        return as_frame(data)
    except InputError as error:
        shape = np.shape(data) if hasattr(data, "shape") else None
        images = shape is not None and len(shape) > 2
        raise InputError(
            "`data` must be a table: its columns are changed, one after the other.",
            f"Found an array of shape {shape}." if images else f"{error.must} {error.found}",
            "Of images plot_features(net, x) shows what a net looks at."
            if images
            else "Pass a data frame; texts as a column of one, with a formula such as 'y ~ text(review)'.",
        ) from error


def _columns_in(outcome):
    """Return the columns that an outcome is made of, by its name or expression."""
    try:
        return {outcome, *outcome_columns(outcome)} if outcome else set()
    except FormulaError:
        return {outcome}


def ask_model(model, data, y, event, measure):
    """Return a `Question` that can be measured."""
    question = Question(model, data, event)
    question.measure_by(y, measure)
    return question
