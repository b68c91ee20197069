"""The record of an additive model's curves: tables and text."""

from dataclasses import dataclass, field

import numpy as np

from bineural.drawn import Drawn
from bineural.messages import number_of
from bineural.notebook import Shown
from bineural.printable import printable

_BAND = "Band: lowest and highest member. "


@dataclass
class Curve:
    """What a column adds to the linear predictor, centred over rows.

    Attributes
    ----------
    column : str
    numeric : bool
        Whether its values are numbers; else they are levels.
    values : pandas.Series, shape (n_values,)
    parts : ndarray of float64, shape (n_values, n_members, n_curves)
    held : pandas.Series, shape (n_rows,)
        The values of the rows.
    at_rows : ndarray of float64, shape (n_rows, n_members, n_curves)
    knots : ndarray of float64
    """

    column: str
    numeric: bool
    values: object
    parts: np.ndarray
    held: object
    at_rows: np.ndarray
    knots: np.ndarray = field(default_factory=lambda: np.empty(0))


class Curves(Shown, Drawn):
    """What each column adds to a linear predictor, from `additive_curves`; printing it shows how much.

    Attributes
    ----------
    table : pandas.DataFrame
        `column`, `curve` (the class or outcome, where there are several), `value` (of numbers) and `level`
        (of others), `part` (mean over members), `low`, `high` (lowest and highest member).
    knots : pandas.DataFrame
        `column`, `value`: where straight pieces of a curve meet.
    rows : pandas.DataFrame
        `column`, `value`: the numbers of the rows, each once.
    intercept : ndarray of float64, shape (n_curves,)
        Mean predictor of the rows; with the parts of a row it gives that row's predictor.
    unit : str
        What the predictor is in, in words.
    share : float
        Of the predictor's variance over the rows, what the curves are; 1 unless a hidden part was left out.
    n_rows, n_members

    Examples
    --------
    >>> import bineural as bn
    >>> iris = bn.load_dataset("iris")
    >>> line = bn.fit_glm("petal_width ~ petal_length", iris)
    >>> curves = bn.additive_curves(line, iris)
    >>> curves.table["part"].iloc[[0, -1]].round(3).tolist(), curves.unit
    ([-1.147, 1.306], 'prediction')
    """

    def __init__(self, curves, split):
        self._curves, self.unit, self.share = curves, split.unit, split.share
        self._names = split.names
        self.n_rows, self.n_members = split.n_rows, split.mean.shape[0]
        self.intercept = split.mean.mean(axis=0)

    @property
    def table(self):
        """A row for each column, curve and value."""
        import pandas as pd

        return pd.concat([self._table_of(curve) for curve in self._curves], ignore_index=True)

    def _table_of(self, curve):
        import pandas as pd

        n_values, _, n_curves = curve.parts.shape
        places = np.tile(np.arange(n_values), n_curves)
        held = curve.values.iloc[places].reset_index(drop=True)
        lowest, mean, highest = (f(curve.parts, axis=1).T.ravel() for f in (np.min, np.mean, np.max))
        columns = {"column": curve.column}
        if self._names:
            columns["curve"] = np.repeat(np.array(self._names, dtype=object), n_values)
        columns["value"] = held.astype(float) if curve.numeric else np.full(len(held), np.nan)
        columns["level"] = np.full(len(held), None) if curve.numeric else held.astype(str).astype(object)
        return pd.DataFrame({**columns, "part": mean, "low": lowest, "high": highest})

    @property
    def knots(self):
        """A row for each column and knot."""
        return self._values(lambda curve: curve.knots)

    @property
    def rows(self):
        """A row for each column and number."""
        return self._values(lambda curve: np.unique(curve.held.astype(float)) if curve.numeric else [])

    def _values(self, pick):
        import pandas as pd

        parts = {curve.column: np.asarray(pick(curve), dtype=float) for curve in self._curves}
        names = np.repeat(np.array(list(parts), dtype=object), [len(v) for v in parts.values()])
        return pd.DataFrame({"column": names, "value": np.concatenate([*parts.values()])})

    @property
    def label(self):
        """What the parts are of."""
        return f"Part of the {self.unit}"

    @property
    def note(self):
        """What a reader must know of the curves, in a sentence or two."""
        band = _BAND if self.n_members > 1 else ""
        part = f"The curves are {self.share:.1%} of the variance: the hidden part is left out."
        return f"{band}{part if self.share < 1 else ''}".rstrip()

    def __str__(self):
        """Say what was split, then how far each column moves it."""
        heading = f"{self.label}, each column centred over {number_of(self.n_rows, 'row')}:"
        notes = ["", self.note.removeprefix(_BAND)] if self.share < 1 else []
        return printable("\n".join([heading, "", *self._table_lines(), *notes]))

    __repr__ = __str__

    def _table_lines(self):
        table = self.table
        by = ["column", "curve"] if self._names else ["column"]
        reach = table.groupby(by, sort=False)["part"].agg(["min", "max"]).reset_index()
        reach = reach.rename(columns={"min": "lowest", "max": "highest"})
        return reach.to_string(index=False, float_format=lambda v: f"{v:.4f}").splitlines()

    def to_dict(self):
        """Return everything as plain values and data frames; `text` is what print shows."""
        names = ("table", "knots", "rows", "unit", "label", "note", "share", "n_rows", "n_members")
        plain = {name: getattr(self, name) for name in names}
        return {**plain, "intercept": self.intercept.tolist(), "text": str(self)}
