"""Records of what a model makes of its columns: tables and text."""

import numpy as np

from bineural.drawn import Drawn
from bineural.messages import number_of
from bineural.notebook import Shown
from bineural.printable import printable


class Importance(Shown, Drawn):
    """How much each column matters, from `permutation_importance`; printing it shows the table.

    Attributes
    ----------
    table : pandas.DataFrame
        `column`, `importance` (how much worse the measure gets, mean over shuffles), `sd` (over shuffles);
        the most important column first.
    draws : pandas.DataFrame
        `column`, `repeat`, `importance`.
    measure : str
    estimate : float
        The measure of the rows as they are.
    event, n_rows, seed

    Examples
    --------
    >>> import bineural as bn
    >>> iris = bn.load_dataset("iris")
    >>> line = bn.fit_glm("petal_width ~ petal_length", iris)
    >>> importance = bn.permutation_importance(line, iris, columns=["petal_length"], seed=1)
    >>> importance.measure, round(importance.estimate, 3)
    ('rmse', 0.205)
    """

    def __init__(self, names, drops, estimate, measure, event, n_rows, seed):
        self._names, self._drops, self._measure = names, drops, measure
        self.measure, self.estimate = measure.name, float(estimate)
        self.event, self.n_rows, self.seed = event, n_rows, seed

    @property
    def table(self):
        """A row for each column."""
        import pandas as pd

        sd = self._drops.std(axis=1, ddof=1) if self._drops.shape[1] > 1 else np.nan
        columns = {"column": self._names, "importance": self._drops.mean(axis=1), "sd": sd}
        table = pd.DataFrame(columns).sort_values("importance", ascending=False, kind="stable")
        return table.reset_index(drop=True)

    @property
    def draws(self):
        """A row for each column and shuffle."""
        import pandas as pd

        n, repeats = self._drops.shape
        columns = {"column": np.repeat(self._names, repeats), "repeat": np.tile(np.arange(repeats) + 1, n)}
        return pd.DataFrame({**columns, "importance": self._drops.ravel()})

    def __str__(self):
        """Say what was measured, then the table."""
        repeats = self._drops.shape[1]
        now = f"{self._measure.label} {self.estimate:.4f} on {number_of(self.n_rows, 'row')}"
        heading = f"{now}; worse by, when a column is shuffled ({number_of(repeats, 'time')}):"
        return printable("\n".join([heading, "", *self._table_lines()]))

    __repr__ = __str__

    def _table_lines(self):
        return _written(self.table)

    def to_dict(self):
        """Return everything as plain values and data frames; `text` is what print shows."""
        names = ("measure", "estimate", "event", "n_rows", "seed", "table", "draws")
        label = f"{self._measure.label} worse by"
        return {**{name: getattr(self, name) for name in names}, "label": label, "text": str(self)}


class Dependence(Shown, Drawn):
    """How predictions hang on one column, from `partial_dependence`; printing it shows the table.

    Attributes
    ----------
    table : pandas.DataFrame
        `value`, `class` (several classes only) or `curve` (several labels or quantiles), `mean` (of the
        predictions of all rows), `low`, `high` (their 10% and 90% quantiles).
    column : str
    task, event, n_rows

    Examples
    --------
    >>> import bineural as bn
    >>> iris = bn.load_dataset("iris")
    >>> line = bn.fit_glm("petal_width ~ petal_length", iris)
    >>> bn.partial_dependence(line, iris, "petal_length", n_points=2).table["mean"].round(2).tolist()
    [0.05, 2.51]
    """

    def __init__(self, column, values, parts, question):
        self.column, self.task, self.event = column, question.task, question.event
        self.n_rows, self._names = question.n_rows, question.names
        self._values, self._parts = values, parts
        if self.task == "multiclass":  # in the order that the user's column has
            self._names = question.levels
            self._parts = parts[:, :, [question.names.index(label) for label in self._names]]

    @property
    def table(self):
        """A row for each value, and class where there are several."""
        import pandas as pd

        n_values, _, n_curves = self._parts.shape
        places = np.repeat(np.arange(n_values), n_curves)
        columns = {"value": self._values.iloc[places].reset_index(drop=True)}
        if self._names:
            of = "class" if self.task == "multiclass" else "curve"
            columns[of] = np.tile(np.array(self._names, dtype=object), n_values)
        mean, low, high = (self._parts[:, k].ravel() for k in range(3))
        return pd.DataFrame({**columns, "mean": mean, "low": low, "high": high})

    @property
    def label(self):
        """What the means are of."""
        if self.task == "regression":
            return "Mean prediction"
        return "Mean probability" + (f" of {self.event}" if self.task == "binary" else "")

    def __str__(self):
        """Say what was averaged, then the table."""
        heading = f"{self.label} over {number_of(self.n_rows, 'row')}, {self.column} set to each value:"
        return printable("\n".join([heading, "", *self._table_lines()]))

    __repr__ = __str__

    def _table_lines(self):
        return _written(self.table)

    def to_dict(self):
        """Return everything as plain values and data frames; `text` is what print shows."""
        names = ("column", "task", "event", "n_rows", "label", "table")
        return {**{name: getattr(self, name) for name in names}, "text": str(self)}


def _written(table):
    return table.to_string(index=False, float_format=lambda v: f"{v:.4f}").splitlines()
