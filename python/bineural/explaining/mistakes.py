"""The rows that a classifier gets wrong, the surest mistakes first."""

from __future__ import annotations

import numpy as np

from bineural._typing import ArrayLike, DataFrame, Model, RowsLike
from bineural.checks import checked, whole
from bineural.errors import InputError, OutcomeError
from bineural.measures.class_columns import class_codes
from bineural.measures.model_answers import ask_model, rows_kept, task_of


@checked(most=whole(1).or_none())
def list_errors(
    model: Model, data: RowsLike, y: str | ArrayLike | None = None, *, most: int | None = None
) -> DataFrame:
    """List the rows whose most probable class is another than theirs, the surest mistakes first.

    Parameters
    ----------
    model : estimator
        Fitted classifier: a net, a GLM, or any of scikit-learn with `predict_proba`.
    data : data frame or array_like, or rows in batches
        Rows, images for example, best those the model has never seen.
    y : array_like, shape (n_rows,), or str, optional
        Outcome, or the column of `data` that holds it; by default the one named in the model's formula.
    most : int, optional
        List at most so many.

    Returns
    -------
    pandas.DataFrame
        `row` (position, from 0), `truth`, `predicted`, `probability` (of what was predicted) and
        `probability_of_truth`; no rows where nothing is wrong.

    Raises
    ------
    InputError
        If the model is no classifier.

    Examples
    --------
    >>> import bineural as bn
    >>> kyphosis = bn.load_dataset("kyphosis")
    >>> glm = bn.fit_glm("Kyphosis ~ Age + Start", kyphosis, event="present")
    >>> bn.list_errors(glm, kyphosis, most=2).round(3)
       row    truth predicted  probability  probability_of_truth
    0   10  present    absent        0.911                 0.089
    1    9  present    absent        0.888                 0.112
    """
    import pandas as pd

    if task_of(model) != "classification":
        raise InputError(
            "`model` must be a classifier.",
            f"{type(model).__name__} predicts numbers.",
            "Look at the largest differences of y and model.predict(data) instead.",
        )
    classes = np.asarray(model.classes_).tolist()
    answers = ask_model(model, data, y, None, classes)
    rows, _ = rows_kept(answers.y, answers.predicted, None)
    codes = class_codes(answers.y[rows], classes, "The outcome", OutcomeError)
    probability = answers.predicted[rows]
    guesses = np.argmax(probability, axis=1)
    wrong = np.flatnonzero(guesses != codes)
    wrong = wrong[np.argsort(-probability[wrong, guesses[wrong]], kind="stable")][:most]
    labels = np.asarray(model.classes_)
    columns = {
        "row": rows[wrong],
        "truth": labels[codes[wrong]],
        "predicted": labels[guesses[wrong]],
        "probability": probability[wrong, guesses[wrong]],
        "probability_of_truth": probability[wrong, codes[wrong]],
    }
    return pd.DataFrame(columns)
