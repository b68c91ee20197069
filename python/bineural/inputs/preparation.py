"""Preparation: what training rows teach about turning a table's columns into a matrix, as R's model.matrix.

Levels, knots, means, SDs, medians and frequencies come from the rows given to `fit` alone; `transform` treats
every row by itself, so preparing rows one by one or together gives the same numbers.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from bineural._typing import ArrayLike, DataFrame, Floats, Missing, RowsLike, Unseen
from bineural.bundles.schema import require
from bineural.checks import checked, choice, flag
from bineural.errors import ColumnError, DroppedWarning, FormulaError, InputError
from bineural.formula.batches import BatchLearner
from bineural.formula.design import Design, TableRows
from bineural.formula.guard import split_formula
from bineural.formula.layout import bare_name
from bineural.formula.outcome import check_present
from bineural.formula.saved import PREPARATION, check_design, check_formula, try_design, with_arrays
from bineural.formula.terms import Terms, read_terms
from bineural.messages import listed, shown, warn
from bineural.tables.columns import refuse_identifiers, report_unseen
from bineural.tables.dense import all_finite
from bineural.tables.frames import as_frame, as_matrix, is_arraylike, is_frame, position_names
from bineural.tables.scaling import SCALINGS, Scaling

_OPTIONS = ("formula", "intercept", "categories", "contrasts", "scaling", "missing", "unseen")


def right_side(formula):
    """Return a formula's right side; a left side must not be there."""
    left, right = split_formula(formula)
    if left is not None:
        raise FormulaError(
            "`formula` must be the right side of a formula where the outcome is given apart from it.",
            f"Found both sides, {shown(formula)}.",
            f"Write {shown(right)}; fit_glm, fit_net and make_net take both sides.",
        )
    return right


class Preparation:
    """Turn columns into numbers, by a formula or by the columns' types.

    Parameters
    ----------
    formula : str, optional
        Right side of a formula ("Age + Number * Start", "." for all columns); without one, all columns by
        type: numbers stay, truths become 0/1 (`flagTRUE`), text and categories become contrasts.
    intercept : bool, default True
        Whether the model has an intercept; `-1` or `+0` in the formula takes it out too.
    categories : {"contrast", "onehot", "codes"}, default "contrast"
        What becomes of categories that stand alone: R's contrasts, one column per level, or integer codes
        (for an embedding; 0 is kept for unseen levels). Inside interactions they are always contrasts.
    contrasts : dict, optional
        Category to "treatment" (reference: the first level), "SAS" (the last), "sum", "helmert", "poly" or a
        matrix (n_levels, m). "." stands for all others: one contrast for the unordered, or a pair with that
        of the ordered; by default ("treatment", "poly"), as in R.
    scaling : {"standard", "robust", "quantile"} or False, default False
        Scale the columns without categories in them: by mean and n-1 SD; by median and quartiles, outliers
        bent to less than 3 (`RobustScaling`); or to normal quantiles (`QuantileScaling`). Constant columns
        are then left out.
    missing : {"error", "drop", "impute"}, default "error"
        Missing predictors: refuse, leave rows out, or put the median (most frequent level) and add an
        indicator column `<name>_missing` for each column that had missing values in training.
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
    code_columns_ : list of str
        Columns of `codes`.
    level_counts_ : list of int
        How many levels each of them has (codes run from 0, unseen, to that number).
    fill_values_ : dict of str to float, bool or str
        What missing values become under `missing="impute"`.
    centers_, scales_ : ndarray of float64, shape (p,)
        0 and 1 where nothing was standardised, and with "quantile".
    dropped_ : list of str
        Constant columns that `scaling` left out.

    Notes
    -----
    Levels that no training row has get no column (as in R's `glm`). Text levels are sorted by code point (R's
    order in the C locale). With `missing="drop"` bases such as `ns(x)` are learnt from the complete rows
    only; R lets them see the rows it then drops.

    Examples
    --------
    >>> import bineural as bn
    >>> kyphosis = bn.load_dataset("kyphosis")
    >>> preparation = Preparation("Age + Number", scaling="standard").fit(kyphosis[:60])
    >>> preparation.names_, preparation.transform(kyphosis[60:]).matrix.shape
    (['Age', 'Number'], (21, 2))
    """

    @checked(
        intercept=flag(),
        categories=choice("contrast", "onehot", "codes"),
        scaling=choice(*SCALINGS, False),
        missing=choice("error", "drop", "impute"),
        unseen=choice("warn", "error"),
    )
    def __init__(
        self,
        formula: str | None = None,
        *,
        intercept: bool = True,
        categories: Literal["contrast", "onehot", "codes"] = "contrast",
        contrasts: Mapping[str, Any] | None = None,
        scaling: Literal["standard", "robust", "quantile", False] = False,
        missing: Missing = "error",
        unseen: Unseen = "warn",
    ) -> None:
        self.formula = None if formula is None else right_side(formula)
        self.intercept, self.categories = intercept, categories
        self.contrasts, self.scaling, self.missing, self.unseen = contrasts, scaling, missing, unseen
        self._keep_unused = False  # model.matrix keeps levels that no row has, glm does not

    def fit(self, data, outcome=None, weights=None):
        """Learn from training rows; see `fit_transform`. Returns self."""
        self.fit_transform(data, outcome, weights)
        return self

    def fit_transform(
        self, data: RowsLike, outcome: str | Sequence[str] | None = None, weights: ArrayLike | None = None
    ) -> TableRows:
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
        TableRows
            With a float64 array and neither formula nor scaling, `matrix` is that array, uncopied.

        Raises
        ------
        ColumnError, FormulaError
            Columns that are missing, doubled, infinite, of unusable type, or hold missing values.
        """
        counting = None if weights is None else np.asarray(weights) > 0
        counting = None if counting is None or counting.all() or not counting.any() else counting
        self._by_position = not is_frame(data)
        table, array = self._read(data, learning=True)
        outcome = [outcome] if isinstance(outcome, str) else list(outcome or [])
        self._plan(position_names(array) if table is None else list(table.columns), outcome, table)
        if table is None:
            self._design.learn_numbers()
            prepared = TableRows.whole(array)
        else:
            prepared = self._design.learn(table, self.missing, counting, self._keep_unused, self.contrasts)
        self._describe()
        self._learn_scaling(prepared.matrix, counting)
        prepared.matrix = self._scaling.apply(prepared.matrix, in_place=array is None)
        return prepared

    def begin_batches(self, names: Sequence[str], outcome: Sequence[str], moments: bool = True) -> Any:
        """Return the `BatchLearner` that learns from training rows in batches; then call `finish_batches`.

        Parameters
        ----------
        names : list of str
            Columns of the batches.
        outcome : list of str
            Columns that `.` (and no formula) must leave out.
        moments : bool
            Whether means and SDs are learnt, which `scaling` needs.
        """
        self._by_position = False
        self._plan(list(names), list(outcome), None)
        unnamed = self.columns_ if self.formula is None or self._design.terms.has_dot else ()
        return BatchLearner(self._design, self.missing, unnamed, self.contrasts, moments)

    def finish_batches(self, mean, spread, n_rows):
        """Take what the learner has learnt, and the moments of the design's columns."""
        self._describe()
        if self.scaling:
            self._take_scaling(Scaling.from_moments(mean, spread, self._design.numeric), n_rows)
        else:
            self._set_scaling(Scaling.none(len(self._design.names)))

    def leave_unscaled(self):
        """Take back that columns are standardised and constant ones left out."""
        self.scaling = False
        self._set_scaling(Scaling.none(len(self._design.names)))

    def transform(self, data: RowsLike) -> TableRows:
        """Prepare rows as the training rows were prepared.

        Parameters
        ----------
        data : table or array_like, shape (n_rows, p)
            Columns are found by name and others ignored; an array must have the columns of training.

        Returns
        -------
        TableRows
            With `missing="drop"`, `rows` says which rows are complete and therefore kept.
        """
        table, array = self._read(data, learning=False)
        if table is None:
            prepared = TableRows.whole(array)
        else:
            check_present(self.columns_, table.columns, "predictors")
            prepared, unseen = self._design.use(table, self.missing)
            place = (
                "code 0, which a net reads as the average level"
                if self.categories == "codes"
                else "the average level of the training rows"
            )
            report_unseen(unseen, self.unseen, place)
        prepared.matrix = self._scaling.apply(prepared.matrix, in_place=array is None)
        return prepared

    def restore(self, matrix: Floats) -> DataFrame:
        """Return prepared columns in their own units, the constant ones as well.

        Parameters
        ----------
        matrix : ndarray of float64, shape (n_rows, len(names_))

        Returns
        -------
        pandas.DataFrame
            The columns of the design: a category is columns of its levels.
        """
        return pd.DataFrame(self._scaling.restore(matrix), columns=self._design.names)

    def scale(self, columns: DataFrame) -> Floats:
        """Scale columns of the design that `restore` made, of the same rows or by another preparation.

        Parameters
        ----------
        columns : pandas.DataFrame
            A column that is missing counts as 0.

        Returns
        -------
        ndarray of float64, shape (n_rows, len(names_))
        """
        matrix = columns.reindex(columns=self._design.names, fill_value=0.0).to_numpy(np.float64)
        return self._scaling.apply(matrix, in_place=False)

    def term_columns(self):
        """Return [(variables, columns)]: what each term multiplies, and its places in the matrix."""
        return self._design.term_columns()

    def get_state(self):
        """Return all that was learnt as a dict of plain values and arrays, for `from_state`."""
        state = {
            "options": {name: getattr(self, name) for name in _OPTIONS},
            "by_position": self._by_position,
            "others": self._others,
            "design": {name: getattr(self._design, name) for name in ("columns", "infos", "calls")},
            "scaling": {name: np.asarray(value, dtype=float) for name, value in vars(self._scaling).items()},
        }
        return copy.deepcopy(state)

    SCHEMA = PREPARATION  # of the state, in a file

    @classmethod
    def from_state(cls, state):
        """Make the preparation that `get_state` described; the formula's text is read anew.

        Raises
        ------
        Mismatch, FormulaError
            If what was learnt does not fit the formula.
        """
        state = with_arrays(copy.deepcopy(state))
        options = state["options"]
        if "scale" in options:  # of version 0.1.0
            options["scaling"] = "standard" if options.pop("scale") else False
        check_formula(options["formula"])
        self = cls(**state["options"])
        self._by_position = bool(state["by_position"])
        self._set_terms(state["others"])
        least = check_design(self._design.terms, state["design"], state["options"])
        scaling = {name: np.asarray(value, dtype=float) for name, value in state["scaling"].items()}
        require(least <= len(scaling["kept"]), "the terms make more columns than were learnt")
        self._design.put_back(**state["design"])
        quantiles = scaling.pop("quantiles", None)
        widths = {len(self._design.names), *map(len, scaling.values())}
        require(len(widths) == 1, "the columns are not as many as their means")
        self._describe()
        self._set_scaling(_scaling_of(self.scaling, scaling, quantiles))
        try_design(self._design)
        return self

    def _read(self, data, learning):
        """See data as (frame, None), or (None, float64 array) where all is plain finite numbers."""
        if is_frame(data) or not is_arraylike(data):
            frame = as_frame(data)
            if learning or not self._by_position or self.formula is not None:
                return frame, None
            self._check_width(frame.shape[1])
            return frame.set_axis(self.columns_, axis=1), None
        array = as_matrix(data)
        names = position_names(array)
        if not learning and self.formula is None:
            self._check_width(array.shape[1])
            names = self.columns_
        is_plain = learning or all(
            c["kind"] == "numeric" and not c.get("indicator") for c in self._design.columns.values()
        )
        if array.dtype.kind in "fiub":
            array = array.astype(np.float64, copy=False)
            if self.formula is None and is_plain and all_finite(array):
                return None, array
        return pd.DataFrame(array, columns=names, copy=False), None

    def _check_width(self, width):
        expected = len(self.columns_)
        if width != expected:
            raise InputError(
                "Rows must have the columns of training.",
                f"X has {width} features, but this model is expecting {expected} features as input.",
                f"Training had {self.columns_[:10]}.",
            )

    def _plan(self, names, outcome, table):
        """Settle the terms and the raw columns they need."""
        others = [name for name in names if name not in outcome]
        if not others and self.formula in (None, "."):
            raise ColumnError("There must be predictors.", f"The table holds only {names}.", "Add a column.")
        self._set_terms(others)
        check_present(self.columns_, names, "predictors")
        doubled = [name for name, tree in self._design.terms.variables if bare_name(tree) in outcome]
        if doubled:
            raise FormulaError(
                "The outcome can't be a predictor.", f"Found {doubled[0]} on both sides of `~`."
            )
        if table is not None and (self.formula is None or self._design.terms.has_dot):
            refuse_identifiers(table, [name for name in self.columns_ if name in others])

    def _set_terms(self, others):
        self._others = list(others)
        if self.formula is None:
            variables = [(name, ("name", name)) for name in others]
            terms = Terms(self.intercept, variables, [(i,) for i in range(len(others))], [])
        else:
            terms = read_terms(self.formula, others, self.intercept)
        self._design = Design(terms, self.categories)
        self.columns_, self.intercept_ = terms.columns, terms.intercept

    def _describe(self):
        """Show what was learnt as fitted attributes."""
        categories, codes = self._design.categories_learnt(), self._design.code_columns()
        self.levels_ = {name: list(info["levels"]) for name, info in categories.items()}
        self.level_frequencies_ = {
            name: np.asarray(info["counts"]) / max(1.0, np.sum(info["counts"]))
            for name, info in categories.items()
        }
        self.code_columns_, self.level_counts_ = list(codes), list(codes.values())
        self.fill_values_ = {
            name: state["levels"][state["fill"]] if "levels" in state else state["fill"]
            for name, state in self._design.columns.items()
            if "fill" in state
        }

    def _learn_scaling(self, matrix, counting):
        """Learn means and SDs of the numeric columns and which columns vary; say what is left out."""
        lonely = [name for name, levels in self.levels_.items() if len(levels) == 1]
        if lonely and self.categories == "contrast":
            warn(DroppedWarning, f"Categories with one level only: {listed(lonely)}.")
        if not (self.scaling and matrix.shape[1]):
            return self._set_scaling(Scaling.none(matrix.shape[1]))
        learnt = SCALINGS[self.scaling].learn(matrix, counting, self._design.numeric)
        self._take_scaling(learnt, len(matrix))

    def _take_scaling(self, scaling, n_rows):
        """Scale by what was learnt; say which constant columns are left out."""
        self._set_scaling(scaling)
        if not self.names_ and not self.code_columns_:
            raise ColumnError(
                "At least one column must vary.",
                f"All of {self.dropped_[:10]} are constant (n_samples = {n_rows}).",
                "Give more rows.",
            )
        if self.dropped_:
            warn(DroppedWarning, f"Left out constant columns: {listed(self.dropped_)}.")

    def _set_scaling(self, scaling):
        self._scaling, names = scaling, self._design.names
        self.names_ = [name for name, kept in zip(names, scaling.kept) if kept]
        self.dropped_ = [name for name, kept in zip(names, scaling.kept) if not kept]
        self.centers_, self.scales_ = scaling.centers[scaling.kept], scaling.scales[scaling.kept]

    @property
    def number_columns_(self):
        """Positions among `names_` of columns of numbers, not of levels: ndarray of int."""
        return np.flatnonzero(np.asarray(self._design.numeric, bool)[self._scaling.kept])


def _scaling_of(name, arrays, quantiles):
    """Make the scaling of a file of its arrays."""
    flags = {key: value != 0 for key, value in arrays.items() if key in ("kept", "numeric")}
    arrays = {**arrays, **flags} | ({} if quantiles is None else {"quantiles": quantiles})
    cls = SCALINGS.get(name, Scaling)
    require(set(arrays) == set(cls.__dataclass_fields__), "the columns were scaled otherwise than it says")
    scaling = cls(**arrays)
    wrong = scaling.check()
    require(not wrong, wrong)
    return scaling
