"""The curves of an additive model: what each column adds to the linear predictor, whatever the others are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from bineural._typing import Model, RowsLike
from bineural.checks import checked, label, list_of
from bineural.errors import InputError
from bineural.explaining.curves import Curve, Curves
from bineural.explaining.predictor import predictor_of
from bineural.messages import near_names
from bineural.tables.frames import as_frame, is_frame

__all__ = ["additive_curves"]
_COLUMN = label("Name a column of `data`.", words="the name of a column")
_POINTS = 200  # of a curve of numbers, in equal steps
_ROUNDING = 1e-4  # of the range of the predictor, which sums of float32 may be off by


@checked(columns=list_of(_COLUMN, hint="Leave `columns` out for all.").or_none())
def additive_curves(model: Model, data: RowsLike, *, columns: Sequence[str] | None = None) -> Curves:
    """Split the linear predictor of an additive model into a curve for each column.

    Parameters
    ----------
    model : net or GLM
        Fitted to a table, and additive in its columns: a net without hidden layers (`units=()`), whose
        columns have curves with `numbers="piecewise"`, or a GLM without interactions. Of a skip net with
        hidden layers the additive part is split, and `share` says how much of the predictor that is.
    data : data frame or array_like, shape (n_rows, n_features)
        Rows over which each curve is centred, best those trained on. Rows with missing values are left out.
    columns : list of str, optional
        By default all; columns of an array are named "x1", "x2" and so on.

    Returns
    -------
    Curves
        With `table`: column, curve (several classes or outcomes), value or level, part, and low and high,
        between which the members of an ensemble lie; `knots`, `intercept`, `share`, and `plot()`.

    Raises
    ------
    InputError
        If the model is not additive in its columns, has no linear predictor, or a column is not there.

    Notes
    -----
    Parts are of the mean linear predictor of an ensemble's members [1]_. For each row their sum and the
    intercept are that predictor: the log-odds of the event, the logarithm of a mean count, a predicted
    number. An offset counts as a part of its columns. Knots are known of columns that stand alone in the
    formula.

    References
    ----------
    .. [1] Hastie and Tibshirani (1986). *Statistical Science* 1(3), 297-310.

    Examples
    --------
    >>> import bineural as bn
    >>> iris = bn.load_dataset("iris")
    >>> line = bn.fit_glm("petal_width ~ petal_length + sepal_width", iris)
    >>> curves = additive_curves(line, iris)
    >>> curves.intercept.round(3).tolist(), curves.table["column"].unique().tolist()
    ([1.199], ['petal_length', 'sepal_width'])
    """
    split = _Split(model, data)
    names = split.choose(columns)
    parts = {name: split.part_of(name) for name in split.columns}
    split.check_sum([part.at_rows for part in parts.values()])
    return Curves([parts[name] for name in names], split)


class _Split:
    """A model, rows without gaps, and the linear predictor of the first of them, from which parts count."""

    def __init__(self, model, data):
        self.predictor = predictor_of(model, additive=True)
        self.preparation, self.named = model.preparation_, is_frame(data)
        frame = as_frame(data)
        self.columns = list(self.preparation.columns_) if self.named else list(frame.columns)
        missing = [name for name in self.columns if name not in frame.columns]
        if missing:
            raise InputError(
                "`data` must have the columns of training.", f"There is no {missing[0]!r}.", "Add it."
            )
        self.frame = frame[self.columns].dropna().reset_index(drop=True)
        if not len(self.frame):
            raise InputError(
                "`data` must have rows without missing values.", f"None of {len(frame)} is.", "Fill them."
            )
        self.n_rows, self.names, self.unit = len(self.frame), self.predictor.names, self.predictor.unit
        self.total = self.ask(self.frame)
        self.base = self.total[:1]
        self.mean = self.total.mean(axis=0)  # (n_members, n_curves)
        self.knots = _knots_of(model)
        self.share = 1.0 if self.predictor.whole else self._share(predictor_of(model))

    def ask(self, frame):
        """Return the linear predictor: (n_rows, n_members, n_curves)."""
        return self.predictor.ask(frame if self.named else frame.to_numpy())

    def choose(self, columns):
        """Return the columns that are asked for."""
        unknown = [name for name in columns or [] if name not in self.columns]
        if unknown:
            raise InputError(
                "A column must be among those that the model was fitted with.",
                f"Found {unknown[0]!r}.",
                near_names(unknown[0], self.columns),
            )
        return self.columns if columns is None else list(columns)

    def part_of(self, name):
        """Return the curve of a column, centred over the rows."""
        held, places = self.frame[name], None
        first = held.drop_duplicates()
        first = first.sort_values() if _is_number(held) or hasattr(held, "cat") else _by_text(first)
        at_first = self._set(name, first)
        places = pd.Index(first).get_indexer(held)
        mean = at_first[places].mean(axis=0)
        curve = Curve(name, _is_number(held), first, at_first - mean, held, at_first[places] - mean)
        if curve.numeric and len(first) > 2:
            curve = self._drawn_out(curve, mean)
        return curve

    def _drawn_out(self, curve, mean):
        """Return the curve at many values, the knots of its column among them."""
        low, high = curve.values.iloc[[0, -1]]
        curve.knots = self._knots_in(curve)
        if len(curve.values) <= _POINTS and curve.values.dtype.kind in "iu" and not len(curve.knots):
            return curve  # whole numbers only
        values = np.union1d(np.linspace(low, high, _POINTS), [*curve.values.iloc[[0, -1]], *curve.knots])
        curve.values = pd.Series(values)
        curve.parts = self._set(curve.column, curve.values) - mean
        return curve

    def _set(self, name, values):
        """Return by how much the predictor changes where a column is set to values, as `ask` does."""
        return self.ask(self._rows_with(name, values)) - self.base

    def _rows_with(self, name, values):
        """Return the first row once for each value, with a column set to it."""
        rows = self.frame.iloc[np.zeros(len(values), int)].reset_index(drop=True)
        return rows.assign(**{name: values.reset_index(drop=True)})

    def _knots_in(self, curve):
        """Return the knots of a column in its own unit; none where its prepared column is not it alone."""
        names = self.preparation.names_
        if self.knots is None or curve.column not in names or names.index(curve.column) not in self.knots:
            return np.empty(0)
        place, values = names.index(curve.column), curve.values
        rows = self._rows_with(curve.column, values)
        prepared = self.preparation.transform(rows if self.named else rows.to_numpy()).matrix[:, place]
        return np.unique(np.interp(self.knots[place], prepared.astype(np.float32), values.astype(float)))

    def check_sum(self, parts):
        """Refuse a model whose predictor is not the sum of its parts."""
        rest = self.total - self.mean - np.sum(parts, axis=0)
        most, reach = float(np.abs(rest).max()), float(np.ptp(self.total, axis=0).max())
        if most > _ROUNDING * max(reach, 1e-6):
            raise InputError(
                "The model must be additive in its columns, each with a curve of its own.",
                f"Set one by one, they leave up to {most:.2g} of a predictor that varies by {reach:.2g}.",
                "Fit with units=() and a formula without interactions, or use partial_dependence.",
            )

    def _share(self, whole):
        """Return how much of the whole predictor's variance over the rows the additive part is."""
        rows = self.frame if self.named else self.frame.to_numpy()
        total = whole.ask(rows).mean(axis=1)
        rest = total - self.total.mean(axis=1)
        return float(1 - rest.var(axis=0).sum() / max(total.var(axis=0).sum(), 1e-300))


def _knots_of(model):
    """Return the knots of prepared columns by position, of a net that reads numbers by pieces, or None."""
    fitted = getattr(model, "fitted_", None)
    if fitted is None or fitted.layout.get("numbers") != "piecewise":
        return None
    from bineural.nets.fitted import plan_of

    names = [variable.path for variable in plan_of(fitted).model.weights]
    place = next((i for i, name in enumerate(names) if name.endswith("pieces/knots")), None)
    if place is None:
        return None
    return dict(zip(fitted.input.preparation.number_columns_.tolist(), fitted.members[0].weights[place]))


def _is_number(values):
    return values.dtype.kind in "iuf"


def _by_text(values):
    return values.sort_values(key=lambda held: held.astype(str))
