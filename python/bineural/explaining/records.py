"""Records of what a model makes of its columns: tables, text and figures."""

import textwrap

import numpy as np

from bineural.checks import checked
from bineural.figures.canvas import (
    COLOURS,
    FIGURE_FILE,
    curve_look,
    legend_below,
    new_figure,
    plain_axes,
    plain_text,
    write_figure,
)


class Importance:
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
        now = f"{self._measure.label} {self.estimate:.4f} on {self.n_rows} rows"
        table = self.table.to_string(index=False, float_format=lambda v: f"{v:.4f}")
        return f"{now}; worse by, when a column is shuffled ({repeats} times):\n\n{table}"

    __repr__ = __str__

    def to_dict(self):
        """Return everything as plain values and data frames; `text` is what print shows."""
        names = ("measure", "estimate", "event", "n_rows", "seed", "table", "draws")
        label = f"{self._measure.label} worse by"
        return {**{name: getattr(self, name) for name in names}, "label": label, "text": str(self)}

    @checked(path=FIGURE_FILE)
    def plot(self, path=None):
        """Draw a row of points for each column, shuffle by shuffle, with their mean.

        Parameters
        ----------
        path : str or path, optional
            PNG or SVG file to write.

        Returns
        -------
        matplotlib.figure.Figure
        """
        table, draws = self.table, self.draws
        places = {name: i for i, name in enumerate(table["column"])}
        labels = [plain_text(textwrap.fill(str(name), 26)) for name in places]
        figure = new_figure(5.6, 1.1 + 0.32 * sum(1 + 0.5 * label.count("\n") for label in labels))
        axes = figure.add_subplot()
        axes.axvline(0, color="0.4", linewidth=1, zorder=1)
        every = draws["column"].map(places)
        axes.scatter(draws["importance"], every, s=16, alpha=0.5, color=COLOURS[0], linewidths=0, zorder=2)
        axes.scatter(table["importance"], range(len(table)), s=50, marker="D", color="black", zorder=3)
        axes.set_yticks(range(len(labels)), labels)
        axes.set(ylim=(len(labels) - 0.5, -0.5), xlabel=f"{self._measure.label} worse by (diamond: mean)")
        plain_axes(axes)
        return write_figure(figure, path)


class Dependence:
    """How predictions hang on one column, from `partial_dependence`; printing it shows the table.

    Attributes
    ----------
    table : pandas.DataFrame
        `value`, `class` (several classes only), `mean` (of the predictions of all rows), `low`, `high` (their
        10% and 90% quantiles).
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
        self.n_rows, self._classes, self._values, self._parts = (
            question.n_rows,
            question.classes,
            values,
            parts,
        )

    @property
    def table(self):
        """A row for each value, and class where there are several."""
        import pandas as pd

        n_values, _, n_curves = self._parts.shape
        places = np.repeat(np.arange(n_values), n_curves)
        columns = {"value": self._values.iloc[places].reset_index(drop=True)}
        if self.task == "multiclass":
            columns["class"] = np.tile(np.array(self._classes, dtype=object), n_values)
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
        table = self.table.to_string(index=False, float_format=lambda v: f"{v:.4f}")
        return f"{self.label} over {self.n_rows} rows, {self.column} set to each value:\n\n{table}"

    __repr__ = __str__

    def to_dict(self):
        """Return everything as plain values and data frames; `text` is what print shows."""
        names = ("column", "task", "event", "n_rows", "label", "table")
        return {**{name: getattr(self, name) for name in names}, "text": str(self)}

    @checked(path=FIGURE_FILE)
    def plot(self, path=None):
        """Draw the means over the column's values, with the band that holds 80 of 100 rows.

        Parameters
        ----------
        path : str or path, optional
            PNG or SVG file to write.

        Returns
        -------
        matplotlib.figure.Figure
        """
        table = self.table
        classes = self._classes if self.task == "multiclass" else [None]
        numeric = table["value"].dtype.kind in "iufM"
        figure = new_figure(5.4, 4.0 + 0.22 * len(classes))
        axes = figure.add_subplot()
        for i, class_name in enumerate(classes):
            rows = table if class_name is None else table[table["class"] == class_name]
            look = curve_look(i)
            label = plain_text("mean of all rows" if class_name is None else str(class_name))
            if numeric:
                band = {"color": look["color"], "alpha": 0.15, "linewidth": 0}
                axes.fill_between(rows["value"], rows["low"], rows["high"], **band)
                axes.plot(rows["value"], rows["mean"], label=label, **look)
            else:
                at = np.arange(len(rows)) + 0.12 * (i - (len(classes) - 1) / 2)
                axes.vlines(at, rows["low"], rows["high"], color=look["color"], alpha=0.4, linewidth=4)
                axes.plot(at, rows["mean"], "o", color=look["color"], label=label)
                axes.set_xticks(
                    range(len(rows)), [plain_text(textwrap.fill(str(v), 12)) for v in rows["value"]]
                )
        axes.set(xlabel=plain_text(self.column), ylabel=plain_text(self.label))
        plain_axes(axes)
        legend_below(figure, "Band: 80 of 100 rows")
        return write_figure(figure, path)
