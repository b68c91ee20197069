"""Preparation: all that is learnt from training rows to turn a table's columns into a matrix, as R's model.matrix.

What is learnt (levels, knots, means, SDs, medians, frequencies) comes from the rows given to `fit` alone; `transform`
treats every row by itself, so preparing rows one by one or together gives the same numbers.
"""

import copy
import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bineural.dense import all_finite, column_moments
from bineural.errors import ColumnError, DroppedWarning, FormulaError, InputError, UnseenLevelWarning
from bineural.formula.guard import split_formula
from bineural.formula.layout import bare_name, build_layout, fill_matrix
from bineural.formula.outcome import check_present, evaluate_outcome, outcome_columns
from bineural.formula.terms import Terms, read_terms
from bineural.formula.variables import learn_variables, use_variables
from bineural.frames import as_frame, as_matrix, column_kind, is_frame
from bineural.missing import learn_columns, read_columns

__all__ = ["Preparation", "Prepared", "evaluate_outcome", "model_matrix", "outcome_columns", "split_formula"]

_CHOICES = {
    "categories": ("contrast", "onehot", "codes"),
    "missing": ("error", "drop", "impute"),
    "unseen": ("warn", "error"),
}


@dataclass
class Prepared:
    """Rows as numbers.

    Attributes
    ----------
    matrix : ndarray of float64, shape (n_kept, p)
        Without a column for the intercept.
    codes : ndarray of int32, shape (n_kept, q)
        Places of levels, 0 for unseen ones; q = 0 unless `categories="codes"`.
    offset : ndarray of float64, shape (n_kept,), or None
    rows : ndarray of int64, shape (n_kept,)
        Positions of the kept rows in the table that was given.
    """

    matrix: np.ndarray
    codes: np.ndarray
    offset: np.ndarray | None
    rows: np.ndarray


class Preparation:
    """Turn columns into numbers, by a formula or by the columns' types.

    Parameters
    ----------
    formula : str, optional
        Right side of a formula ("Age + Number * Start", "." for all columns); without one, all columns by type:
        numbers stay, truths become 0/1 (`flagTRUE`), text and categories become contrasts.
    intercept : bool, default True
        Whether the model has an intercept; `-1` or `+0` in the formula takes it out too.
    categories : {"contrast", "onehot", "codes"}, default "contrast"
        What becomes of categories that stand alone: R's contrasts, one column per level, or integer codes (for an
        embedding; 0 is kept for unseen levels). Inside interactions they are always contrasts.
    contrasts : dict, optional
        Category to "treatment" (reference: the first level), "sum", "helmert", "poly" or a matrix (n_levels, m).
        By default "poly" for ordered categories and "treatment" for others, as in R.
    scale : bool, default False
        Standardise the columns without categories in them by mean and n-1 SD; drop constant columns.
    missing : {"error", "drop", "impute"}, default "error"
        Missing predictors: refuse, leave rows out, or put the median (most frequent level) and add an indicator
        column `<name>_missing` for each column that had missing values in training.
    unseen : {"warn", "error"}, default "warn"
        Levels that training never saw: one warning and the mean training row of that category, or an error.

    Attributes
    ----------
    names_ : list of str
        R's names of the p columns, without "(Intercept)".
    intercept_ : bool
    columns_ : list of str
        Raw columns that are needed.
    levels_ : dict of str to list of str
        By column (or call, such as "factor(x)").
    level_frequencies_ : dict of str to ndarray of float64, shape (n_levels,)
        Shares among the training rows.
    code_columns_ : list of str, and level_counts_ : list of int
        Columns of `codes` and how many levels each has (codes run from 0, unseen, to that number).
    centers_, scales_ : ndarray of float64, shape (p,)
        0 and 1 where nothing was standardised.
    dropped_ : list of str
        Constant columns that `scale=True` left out.

    Notes
    -----
    Levels that no training row has get no column (as in R's `glm`). Text levels are sorted by code point (R's order
    in the C locale). With `missing="drop"` bases such as `ns(x)` are learnt from the complete rows only; R lets them
    see the rows it then drops.
    """

    def __init__(
        self,
        formula=None,
        *,
        intercept=True,
        categories="contrast",
        contrasts=None,
        scale=False,
        missing="error",
        unseen="warn",
    ):
        for name, value in {"categories": categories, "missing": missing, "unseen": unseen}.items():
            if value not in _CHOICES[name]:
                raise InputError(f"`{name}` must be one of {list(_CHOICES[name])}.", f"Found {value!r}.")
        if formula is not None:
            left, formula = split_formula(formula)
            if left is not None:
                raise FormulaError(
                    "A preparation must be given a right side.", f"Found `{left} ~`.", "Leave out `y ~`."
                )
        self.formula, self.intercept, self.categories = formula, bool(intercept), categories
        self.contrasts, self.scale, self.missing, self.unseen = contrasts, bool(scale), missing, unseen
        self._keep_unused = False  # model.matrix keeps levels that no row has, glm does not

    def fit(self, data, outcome=None, weights=None):
        """Learn from training rows; see `fit_transform`. Returns self."""
        self.fit_transform(data, outcome, weights)
        return self

    def fit_transform(self, data, outcome=None, weights=None):
        """Learn from training rows and prepare them.

        Parameters
        ----------
        data : table or array_like, shape (n_rows, p)
        outcome : str or list of str, optional
            Columns that `.` (and no formula) must leave out.
        weights : array_like of float, shape (n_rows,), optional
            Rows of weight 0 teach nothing to means, SDs, medians and frequencies.

        Returns
        -------
        Prepared
            With a float64 array and neither formula nor scaling, `matrix` is that array, uncopied.

        Raises
        ------
        ColumnError, FormulaError
            Columns that are missing, doubled, infinite, of unusable type, or hold missing values.
        """
        counting = _counting(weights)
        table, array = self._table(data, fitting=True)
        self._plan(table, array, outcome)
        if array is not None:
            self._columns = {name: {"kind": "numeric"} for name in self.columns_}
            self._infos, self._learnt = [{"width": 1} for _ in self.columns_], {"levels": {}, "calls": {}}
            self._lay_out()
            prepared = _as_prepared(array)
        else:
            self._columns, values, rows, gaps = learn_columns(table, self.columns_, self.missing, counting)
            counting = counting if counting is None else counting[rows]
            values, self._infos, self._learnt, offsets = learn_variables(
                self._terms, values, counting, self._keep_unused, self.contrasts
            )
            for name, state in self._learnt["levels"].items():
                self._columns[name].update(state)
            self._lay_out()
            prepared = self._assemble(values, rows, gaps, offsets)
        self._learn_scaling(prepared.matrix, counting)
        prepared.matrix = self._standardise(prepared.matrix, is_ours=array is None)
        return prepared

    def transform(self, data):
        """Prepare rows as the training rows were prepared.

        Parameters
        ----------
        data : table or array_like, shape (n_rows, p)
            Columns are found by name, further columns are ignored; an array must have the columns of training.

        Returns
        -------
        Prepared
            With `missing="drop"`, `rows` says which rows are complete and therefore kept.
        """
        table, array = self._table(data, fitting=False)
        if array is not None:
            prepared = _as_prepared(array)
        else:
            check_present(self.columns_, table.columns, "predictors")
            values, rows, gaps, unseen = read_columns(table, self._columns, self.missing)
            values, offsets = use_variables(self._terms, values, self._infos, self._learnt, unseen)
            self._report_unseen(unseen)
            prepared = self._assemble(values, rows, gaps, offsets)
        prepared.matrix = self._standardise(prepared.matrix, is_ours=array is None)
        return prepared

    # ---- tables and arrays -------------------------------------------------------------------------------------

    def _table(self, data, fitting):
        """See data as (frame, None), or as (None, float64 array) where every column is a plain finite number."""
        if is_frame(data) or not _is_arraylike(data):
            return as_frame(data), None
        array = as_matrix(data)
        if not fitting and array.shape[1] != len(self.columns_) and self.formula is None:
            raise InputError(
                "Rows must have the columns of training.",
                f"X has {array.shape[1]} features, but this model is expecting {len(self.columns_)} features as input.",
                f"Training had {self.columns_[:10]}.",
            )
        names = (
            self.columns_
            if not fitting and self.formula is None
            else [f"x{i + 1}" for i in range(array.shape[1])]
        )
        if array.dtype == object:
            try:
                array = array.astype(np.float64)
            except (
                ValueError
            ):  # text; a TypeError (no number, no text) is left to the caller as numpy says it
                return pd.DataFrame(array, columns=names), None
        plain = fitting or all(
            c["kind"] == "numeric" and not c.get("indicator") for c in self._columns.values()
        )
        if self.formula is None and plain and array.dtype.kind in "fiub":
            numbers = array.astype(np.float64, copy=False)
            if all_finite(numbers):
                return None, numbers
            array = numbers
        return pd.DataFrame(array, columns=names, copy=False), None

    def _plan(self, table, array, outcome):
        """Settle the terms and the raw columns they need."""
        outcome = [outcome] if isinstance(outcome, str) else list(outcome or [])
        names = [f"x{i + 1}" for i in range(array.shape[1])] if array is not None else list(table.columns)
        others = [name for name in names if name not in outcome]
        if not others and self.formula in (None, "."):
            raise ColumnError("There must be predictors.", f"The table holds only {names}.", "Add a column.")
        self._terms = self._read_terms(others)
        self.columns_ = self._terms.columns
        if array is not None:
            return
        check_present(self.columns_, table.columns, "predictors")
        doubled = [name for name, tree in self._terms.variables if bare_name(tree) in outcome]
        if doubled:
            raise FormulaError(
                "The outcome can't be a predictor.", f"Found {doubled[0]} on both sides of `~`."
            )
        if self.formula is None or "." in self.formula:
            _refuse_identifiers(table, [name for name in self.columns_ if name in others])

    def _read_terms(self, others):
        self._others = list(others)
        if self.formula is None:
            variables = [(name, ("name", name)) for name in others]
            return Terms(self.intercept, variables, [(i,) for i in range(len(others))], [])
        return read_terms(self.formula, others, self.intercept)

    # ---- the matrix --------------------------------------------------------------------------------------------

    def _lay_out(self):
        """Derive names and fitted attributes from what was learnt."""
        self._layout = build_layout(self._terms, self._infos, self.categories)
        self.intercept_ = self._terms.intercept
        self._gap_columns = [name for name in self.columns_ if self._columns[name].get("indicator")]
        self._all_names = self._layout.names + [f"{name}_missing" for name in self._gap_columns]
        categories = {
            self._terms.variables[i][0]
            if bare_name(self._terms.variables[i][1]) is None
            else self._terms.variables[i][1][1]: info
            for i, info in enumerate(self._infos)
            if info is not None and "levels" in info
        }
        self.levels_ = {name: list(info["levels"]) for name, info in categories.items()}
        self.level_frequencies_ = {
            name: info["counts"] / max(1.0, info["counts"].sum()) for name, info in categories.items()
        }
        codes = self._layout.code_variables
        self.code_columns_ = [self._terms.variables[i][1][1] for i in codes]
        self.level_counts_ = [len(self._infos[i]["levels"]) for i in codes]
        self.fill_values_ = {
            name: state["levels"][state["fill"]] if state["kind"] == "category" else state["fill"]
            for name, state in self._columns.items()
            if "fill" in state
        }

    def _assemble(self, values, rows, gaps, offsets):
        matrix = np.empty((len(rows), len(self._all_names)), order="F")
        fill_matrix(matrix, self._layout, values)
        for j, name in enumerate(self._gap_columns):
            matrix[:, len(self._layout.names) + j] = gaps[name]
        codes = np.empty((len(rows), len(self._layout.code_variables)), dtype=np.int32, order="F")
        for j, variable in enumerate(self._layout.code_variables):
            places, k = values[variable].codes, len(self._infos[variable]["levels"])
            codes[:, j] = np.where(places == k, 0, places + 1)
        offset = sum(offsets) if offsets else None
        if offset is not None:
            offset = np.array(np.broadcast_to(offset, (len(rows),)), dtype=np.float64)
        return Prepared(matrix, codes, offset, rows)

    def _learn_scaling(self, matrix, counting):
        """Learn means and SDs of the numeric columns, and which columns vary."""
        p = matrix.shape[1]
        self._kept, centers, scales = np.ones(p, dtype=bool), np.zeros(p), np.ones(p)
        if self.scale and p:
            centers, scales = column_moments(matrix, counting)
            self._kept = scales > 0
            numeric = np.array(self._layout.numeric + [False] * len(self._gap_columns), dtype=bool)
            centers, scales = np.where(numeric, centers, 0.0), np.where(numeric, scales, 1.0)
        self._set_scaling(centers, scales)
        if self.dropped_ and not self.names_:
            raise ColumnError(
                "At least one column must vary.",
                f"All of {self.dropped_[:10]} are constant (n_samples = {len(matrix)}).",
                "Give more rows.",
            )
        if self.dropped_:
            warnings.warn(
                f"Left out constant columns: {', '.join(self.dropped_)}.", DroppedWarning, stacklevel=3
            )

    def _set_scaling(self, centers, scales):
        self.names_ = [name for name, kept in zip(self._all_names, self._kept) if kept]
        self.dropped_ = [name for name, kept in zip(self._all_names, self._kept) if not kept]
        self._centers, self._scales = centers, scales
        self.centers_, self.scales_ = centers[self._kept], scales[self._kept]

    def _standardise(self, matrix, is_ours):
        if not self._kept.all():
            matrix, is_ours = matrix[:, self._kept], True
        if not self.scale:
            return matrix
        matrix = matrix if is_ours else matrix.copy()
        matrix -= self.centers_
        matrix /= self.scales_
        return matrix

    def _report_unseen(self, unseen):
        """Give the one warning (or the error) about levels that training never saw."""
        if not unseen:
            return
        found = "; ".join(
            f"`{name}`: " + ", ".join(f"{label!r} ({count})" for label, count in list(counts.items())[:10])
            for name, counts in unseen.items()
        )
        if self.unseen == "error":
            raise ColumnError(
                "Levels must have been seen in training.",
                f"Found new levels (rows): {found}.",
                'Choose unseen="warn" to give them an average level\'s place.',
            )
        place = "code 0" if self.categories == "codes" else "the average level of the training rows"
        warnings.warn(
            f"Levels that training never saw (rows): {found}. They get {place}.",
            UnseenLevelWarning,
            stacklevel=3,
        )

    # ---- saving ------------------------------------------------------------------------------------------------

    def get_state(self):
        """Everything learnt, as a dict of plain values and arrays; `from_state` makes the same preparation of it."""
        options = ("formula", "intercept", "categories", "contrasts", "scale", "missing", "unseen")
        return copy.deepcopy(
            {
                "options": {name: getattr(self, name) for name in options},
                "others": self._others,
                "columns": self._columns,
                "calls": self._learnt["calls"],
                "infos": self._infos,
                "kept": self._kept.tolist(),
                "centers": self._centers,
                "scales": self._scales,
            }
        )

    @classmethod
    def from_state(cls, state):
        """Make the preparation that `get_state` described; the formula is read anew, what was learnt is put back."""
        state = copy.deepcopy(state)
        self = cls(**state["options"])
        self._terms = self._read_terms(state["others"])
        self.columns_ = self._terms.columns
        self._columns, self._infos = state["columns"], state["infos"]
        self._learnt = {"levels": {}, "calls": state["calls"]}
        self._lay_out()
        self._kept = np.asarray(state["kept"], dtype=bool)
        self._set_scaling(
            np.asarray(state["centers"], dtype=np.float64), np.asarray(state["scales"], dtype=np.float64)
        )
        return self


def model_matrix(formula, data, contrasts=None):
    """Build the model matrix of a formula, as R's `model.matrix`.

    Parameters
    ----------
    formula : str
        With or without a left side ("y ~ a * b", "~ poly(x, 2)", "a + b").
    data : table
        Anything that holds named columns; rows with missing values are left out, with a warning.
    contrasts : dict, optional
        As in `Preparation`.

    Returns
    -------
    pandas.DataFrame
        float64, R's column names, "(Intercept)" first; the index of the kept rows. Levels without rows keep their
        columns, as in R.
    """
    left, right = split_formula(formula)
    frame = as_frame(data)
    preparation = Preparation(right, contrasts=contrasts, missing="drop")
    preparation._keep_unused = True
    prepared = preparation.fit_transform(frame, outcome=outcome_columns(left) if left else None)
    matrix = pd.DataFrame(prepared.matrix, columns=preparation.names_, index=frame.index[prepared.rows])
    if preparation.intercept_:
        matrix.insert(0, "(Intercept)", 1.0, allow_duplicates=True)
    return matrix


def _counting(weights):
    """Which rows have a weight above 0; None where all have."""
    counting = None if weights is None else np.asarray(weights) > 0
    return None if counting is None or counting.all() or not counting.any() else counting


def _as_prepared(array):
    return Prepared(array, np.empty((len(array), 0), dtype=np.int32), None, np.arange(len(array)))


def _is_arraylike(data):
    return hasattr(data, "__array__") or isinstance(data, (list, tuple)) or hasattr(data, "toarray")


def _refuse_identifiers(table, names):
    """Refuse text columns that name rows: all values different, more than 20 of them."""
    for name in names:
        if len(table) > 20 and column_kind(table[name]) == "text" and table[name].nunique() == len(table):
            raise ColumnError(
                f"Column `{name}` can't be taken as a category.",
                f"Its {len(table)} values are all different, as names of rows are.",
                "Leave the column out, or name it in the formula if it is meant.",
            )
