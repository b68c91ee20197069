"""The model matrix of a formula as a table, as R's `model.matrix` gives it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from bineural._typing import DataFrame, RowsLike
from bineural.checks import checked, text
from bineural.formula.guard import split_formula
from bineural.formula.outcome import outcome_columns
from bineural.inputs.preparation import Preparation
from bineural.tables.frames import as_frame


@checked(formula=text('Write for example "~ a + b".', words="a formula, as text"))
def model_matrix(formula: str, data: RowsLike, contrasts: Mapping[str, Any] | None = None) -> DataFrame:
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
        float64, R's column names, "(Intercept)" first; the index of the kept rows. Levels without rows keep
        their columns, as in R.

    Examples
    --------
    >>> import bineural as bn
    >>> bn.model_matrix("~ species + sepal_width", bn.load_dataset("iris")).columns.tolist()
    ['(Intercept)', 'speciesversicolor', 'speciesvirginica', 'sepal_width']
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
