"""Tables: data frames, by a formula or by the types of their columns, and arrays of two axes."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bineural.bundles.schema import instance, optional, require
from bineural.errors import InputError
from bineural.inputs.axes import count_axes
from bineural.inputs.input import Input, Prepared
from bineural.inputs.kinds import register_input
from bineural.inputs.knots import column_knots
from bineural.inputs.preparation import Preparation
from bineural.inputs.saved import names_array
from bineural.inputs.text_rows import holds_texts
from bineural.tables.frames import as_matrix, is_frame


@register_input
@dataclass(eq=False)
class TableInput(Input):
    """Columns by a formula, or by their types: what a `Preparation` learnt of them, as float32 for a net.

    Attributes
    ----------
    preparation : Preparation
    names : ndarray of object, shape (n_raw_columns,), or None
        Raw columns of the training rows; None of an array.
    """

    preparation: Preparation
    names: np.ndarray | None = None

    kind = "table"
    parts = "columns"
    knots = None  # of the training rows, where a net starts from them; its weights keep them
    SCHEMA = {"preparation": instance("Preparation"), "names": optional(names_array)}

    @classmethod
    def claims(cls, X):
        """Say whether `X` is a frame, or an array or nested lists of at most two axes, but for texts."""
        if is_frame(X) or hasattr(X, "toarray"):
            return True
        return _is_array(X) and count_axes(X) <= 2 and not holds_texts(X)

    @classmethod
    def learn(
        cls,
        X,
        *,
        weights=None,
        formula=None,
        exclude=(),
        missing="error",
        unseen="warn",
        categories="onehot",
        scaling="standard",
        numbers="plain",
        **others,
    ):
        """Learn from training rows; see `Preparation` for what the options mean.

        Parameters
        ----------
        X : data frame or array_like of numbers, shape (n_rows, n_features)
        weights : ndarray of float64, shape (n_rows,), optional
            Rows of weight 0 teach nothing to means, SDs, medians and frequencies.
        formula : str, optional
            Right side of a formula.
        exclude : sequence of str
            Columns that `.` (and no formula) must leave out.
        missing : {"error", "drop", "impute"}
        unseen : {"warn", "error"}
        categories : {"onehot", "codes"}
            Codes go to an embedding.
        scaling : {"standard", "robust", "quantile"} or False
            Scale columns of numbers and leave out constant ones.
        numbers : {"plain", "piecewise", "periodic"}
            How a net reads numbers; "piecewise" needs the knots of each column.

        Returns
        -------
        TableInput, Prepared

        Raises
        ------
        ColumnError, FormulaError, InputError
            If the columns can't be used.
        """
        X = _as_table(X)
        preparation = Preparation(
            formula, missing=missing, unseen=unseen, categories=categories, scaling=scaling
        )
        rows = preparation.fit_transform(X, outcome=list(exclude), weights=weights)
        learnt = cls.of(preparation, named=is_frame(X) or formula is not None)
        prepared = learnt.convert(rows)
        if numbers == "piecewise":
            matrix = prepared.inputs[0] if learnt.level_counts else prepared.inputs
            numbers = matrix[:, preparation.number_columns_]
            learnt.knots = column_knots(numbers, None if weights is None else weights[prepared.rows])
        return learnt, prepared

    @classmethod
    def of(cls, preparation, named=True):
        """Make the input of a preparation that has been fitted, of rows in batches for example."""
        return cls(preparation, np.asarray(preparation.columns_, dtype=object) if named else None)

    def apply(self, X):
        """Turn other rows into numbers; see `Preparation.transform`."""
        return self.convert(self.preparation.transform(_as_table(X)))

    def convert(self, table_rows):
        """Turn what the preparation made of rows into what a net takes: float32, and codes beside it.

        Parameters
        ----------
        table_rows : TableRows

        Returns
        -------
        Prepared
            `inputs` is the matrix, float32 of shape (n_kept, n_columns), or the list of it and the codes,
            int32 of shape (n_kept, n_code_columns). Without any column it has one of zeros.
        """
        matrix = table_rows.matrix.astype(np.float32)
        if matrix.shape[1] == 0:  # only codes, or only the intercept
            matrix = np.zeros((len(matrix), 1), np.float32)
        inputs = [matrix, table_rows.codes] if self.level_counts else matrix
        return Prepared(inputs, table_rows.rows, table_rows.offset)

    def restore(self, values):
        """Return the prepared columns in their own units: an array where the training rows were one.

        Categories stay columns of shares. A scaling that is bent (robust, quantile) has no way back.
        """
        columns = self.preparation.restore(np.asarray(values, np.float64))
        return columns if self.names is not None else columns.to_numpy()

    def baseline_columns(self, X):
        """Return the prepared columns, with treatment contrasts: no column for a category's first level.

        An unseen level gets the mean of the training rows, as it does in the net.
        """
        preparation = self.preparation
        table_rows = preparation.transform(_as_table(X))
        columns = dict(zip(preparation.names_, table_rows.matrix.T))
        for place, name in enumerate(preparation.code_columns_):
            shares = preparation.level_frequencies_[name]
            levels = np.vstack([shares, np.eye(len(shares))])[table_rows.codes[:, place]]
            columns |= {f"{name}{level}": levels[:, k] for k, level in enumerate(preparation.levels_[name])}
        for name, levels in preparation.levels_.items():
            if preparation.categories != "contrast" and len(levels) > 1:
                columns.pop(f"{name}{levels[0]}", None)
        return pd.DataFrame(columns, index=table_rows.rows, dtype=np.float64)

    @property
    def shape(self):
        """Shape of one row: (n_columns,), at least one."""
        return (max(1, len(self.preparation.names_)),)

    @property
    def level_counts(self):
        """Number of levels of each column of codes, tuple of int; empty where categories are columns."""
        return tuple(int(n) for n in self.preparation.level_counts_)

    @property
    def level_shares(self):
        """How often each level was seen, a list of arrays (n_levels,), one for each column of codes."""
        return [self.preparation.level_frequencies_[name] for name in self.preparation.code_columns_]

    @property
    def builder_options(self):
        """The numbers of levels, where there are codes to embed; the columns of numbers, if not all are."""
        numbers = tuple(int(place) for place in self.preparation.number_columns_)
        told = {"level_counts": self.level_counts} if self.level_counts else {}
        return told if len(numbers) == self.shape[0] else {**told, "number_columns": numbers}

    @property
    def start_weights(self):
        """The shares of levels and the knots of columns, which the zoo's embeddings hold."""
        shares = {
            f"{layer}_{i}/shares": shares
            for i, shares in enumerate(self.level_shares)
            for layer in ("embedding", "effect")
        }
        return shares if self.knots is None or not len(self.knots) else {**shares, "pieces/knots": self.knots}

    @property
    def n_features_in(self):
        """Number of raw columns."""
        return len(self.preparation.columns_)

    @property
    def feature_names(self):
        """Names of the raw columns, or None where the training rows were an array."""
        return None if self.names is None else list(self.names)

    def check_state(self):
        """Check what holds between the attributes of an input from a file."""
        same = self.names is None or self.names.tolist() == self.preparation.columns_
        require(same, "the columns have other names than in training")


def _is_array(X):
    return hasattr(X, "__array__") or isinstance(X, (list, tuple))


def _as_table(X):
    """Return a frame as it is, anything else as a float64 array of two axes."""
    if is_frame(X):
        return X
    try:
        array = as_matrix(X)
        if array.dtype.kind not in "fiub":
            raise ValueError(f"found type {array.dtype}")
    except InputError:
        raise
    except (TypeError, ValueError) as error:
        words = str(error).rstrip(".")
        raise InputError(
            "Rows must be an array of numbers, shape (n_rows, n_features), or a data frame.",
            words[:1].upper() + words[1:] + ".",
            "Convert it, or pass a data frame with the columns' names.",
        ) from error
    return array.astype(np.float64, copy=False)
