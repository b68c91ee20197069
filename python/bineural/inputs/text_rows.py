"""Texts as rows: a list, array or column of strings, or a table with a column of them and others beside it.

What the inputs of texts share (`texts.py` for nets, `tfidf.py` for GLMs): which column the texts are in, what
becomes of those that are missing, and the table of the other terms.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from bineural.bundles.schema import optional, require, text
from bineural.data.picture_files import is_picture_path
from bineural.errors import ColumnError, DroppedWarning, InputError
from bineural.formula.outcome import check_present
from bineural.formula.texts import split_text
from bineural.inputs.input import Input, Prepared
from bineural.inputs.kinds import describe, find_input
from bineural.messages import number_of, shown, warn
from bineural.tables.frames import as_frame, is_frame
from bineural.tables.rows import take_rows


def _table(value):
    return isinstance(value, Input) and value.kind == "table"


class RowsRead(NamedTuple):
    """Rows read: the texts of those that are kept, their places, and the table beside them (or None)."""

    texts: list
    rows: np.ndarray
    table: Prepared | None

    @property
    def offset(self):
        """Known part of the linear predictor, or None."""
        return None if self.table is None else self.table.offset

    @property
    def columns(self):
        """The columns beside the texts, ndarray (n_kept, n_columns), or None."""
        return None if self.table is None else self.table.inputs


@dataclass(eq=False)
class TextRows(Input):
    """What both inputs of texts learn of where the texts stand.

    Attributes
    ----------
    column : str or None
        The column of a table that holds them; None where they were given by themselves.
    table : TableInput or None
        The other terms of the formula, standardised.
    missing : {"error", "drop", "impute"}
        Missing texts: refuse, leave the rows out, or read them as texts without a word.
    lowercase : bool
        Whether capitals count as small letters.
    """

    column: str | None
    table: Input | None
    missing: str
    lowercase: bool

    ROWS_SCHEMA = {
        "column": optional(text),
        "table": optional(_table),
        "missing": lambda value: value in ("error", "drop", "impute"),
        "lowercase": lambda value: isinstance(value, bool),
    }

    @classmethod
    def claims(cls, X):
        """Claim nothing by itself."""
        return False

    @classmethod
    def read_training(cls, X, *, formula=None, weights=None, missing="error", exclude=(), **others):
        """Read training rows: find the texts, and learn the table of the other terms.

        Returns
        -------
        column : str or None
        table : TableInput or None
        RowsRead
        """
        column, terms = (None, None) if formula is None else split_text(formula)
        texts, rows, beside = _kept_texts(X, column, missing)
        table = prepared = None
        if terms is not None:
            kept = take_rows(beside, rows)
            how = {**others, "missing": missing, "exclude": [*exclude, column], "formula": terms}
            how["weights"] = None if weights is None else weights[rows]
            table, prepared = find_input("table").learn(kept, **how)
            texts, rows, prepared = _joined(texts, rows, prepared)
        return column, table, RowsRead(texts, rows, prepared)

    def read_again(self, X):
        """Read other rows as the training rows were: `RowsRead`."""
        texts, rows, beside = _kept_texts(X, self.column, self.missing)
        if self.table is None:
            return RowsRead(texts, rows, None)
        return RowsRead(*_joined(texts, rows, self.table.apply(take_rows(beside, rows))))

    @property
    def n_columns(self):
        """Columns beside the texts."""
        return 0 if self.table is None else len(self.table.preparation.names_)

    @property
    def n_features_in(self):
        """Number of raw columns: one of texts, and those beside it."""
        return 1 + (0 if self.table is None else self.table.n_features_in)

    @property
    def feature_names(self):
        """Names of the raw columns; None where the texts were given by themselves."""
        if self.column is None:
            return None
        beside = [] if self.table is None else [n for n in self.table.feature_names if n != self.column]
        return [self.column, *beside]

    def check_rows(self):
        """Check what holds between the attributes of an input from a file."""
        require(self.table is None or self.column is not None, "a table stands beside texts without a column")
        if self.table is not None:
            self.table.check_state()
            require(not self.table.level_counts, "the table beside texts has codes")


def _joined(texts, rows, prepared):
    """Keep of the texts those whose rows the table has kept."""
    return [texts[k] for k in prepared.rows], rows[prepared.rows], prepared


def holds_texts(X):
    """Say at a glance whether rows are texts: strings in a list, an array of one axis or a column."""
    if isinstance(X, (str, bytes)) or is_frame(X):
        return False
    shape = getattr(X, "shape", None)
    if shape is None and not isinstance(X, (list, tuple)):
        return False
    if shape is not None and len(shape) != 1:
        return False
    first = next((value for value in X if not _is_gap(value)), None)
    return isinstance(first, str) and not is_picture_path(first)


def missing_texts(X):
    """Say which of some texts are missing: ndarray of bool, shape (n_rows,)."""
    return np.array([_is_gap(value) for value in X], dtype=bool)


def _is_gap(value):
    return value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value))


def _kept_texts(X, column, missing):
    """Return the texts that are kept, their places, and the table that they stand in."""
    frame = None
    if column is not None:
        if not is_frame(X):
            raise InputError(
                f"Rows must be a table with the column {column!r}, as in training.",
                f"Found {describe(X)}.",
                f"Pass a data frame, such as pandas.DataFrame({{{column!r}: texts}}).",
            )
        frame = as_frame(X)
        check_present([column], frame.columns, "predictors")
        X = frame[column]
    elif is_frame(X):
        raise InputError(
            "Texts must be a list or a column of strings.",
            f"Found a table with {number_of(len(as_frame(X).columns), 'column')}.",
            "Pass the column of texts, or write text(column) in a formula.",
        )
    if isinstance(X, str):
        raise InputError("Texts must be a list of strings.", f"Found {shown(X)}.", f"Pass [{shown(X)}].")
    texts = list(X)
    gaps = missing_texts(texts)
    name = "Texts" if column is None else f"The texts of `{column}`"
    _check_strings(texts, gaps, name)
    n_gaps = int(gaps.sum())
    if not n_gaps:
        return texts, np.arange(len(texts)), frame
    if missing == "error":
        raise ColumnError(
            f"{name} must not be missing.",
            f"Found {n_gaps} missing of {number_of(len(texts), 'row')}.",
            'Choose missing="drop" (leave those rows out) or missing="impute" (a text without a word).',
        )
    if missing == "impute":
        return ["" if gap else value for value, gap in zip(texts, gaps)], np.arange(len(texts)), frame
    if gaps.all():
        raise ColumnError("At least one row must have a text.", f"All {len(texts)} are missing.", "Check it.")
    warn(DroppedWarning, f"Left out {n_gaps} of {len(texts)} rows with a missing text.")
    rows = np.flatnonzero(~gaps)
    return [texts[k] for k in rows], rows, frame


def _check_strings(texts, gaps, name):
    if not texts:
        raise InputError(f"{name} must have rows.", "Found none.", "Check the filter that made them.")
    odd = next((value for value, gap in zip(texts, gaps) if not gap and not isinstance(value, str)), None)
    if odd is not None:
        raise InputError(
            f"{name} must be strings.",
            f"Found {shown(odd)} of type {type(odd).__name__}.",
            "Convert them, for example by column.astype(str).",
        )
