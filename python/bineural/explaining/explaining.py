"""What a fitted model makes of its raw columns: permutation importance, and partial dependence.

Columns are changed before the model prepares them, so a column of three levels is one column and not two.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bineural._typing import ArrayLike, Label, Model, RowsLike, Seed
from bineural.checks import checked, label, list_of, seed, text, whole
from bineural.errors import InputError
from bineural.explaining.question import Question, ask_model
from bineural.explaining.records import Dependence, Importance
from bineural.messages import near_names
from bineural.repeated_warnings import merged_warnings
from bineural.training.seeds import check_seed, sequence

__all__ = ["Dependence", "Importance", "partial_dependence", "permutation_importance"]
_COLUMN = label("Name a column of `data`.", words="the name of a column")


@checked(
    columns=list_of(_COLUMN, hint="Leave `columns` out for all.").or_none(),
    measure=text("Use for example 'auroc'; list_measures() has them all.").or_none(),
    event=label().or_none(),
    repeats=whole(1, hint="Try 10."),
    seed=seed(),
)
@merged_warnings("predictions")
def permutation_importance(
    model: Model,
    data: RowsLike,
    y: str | ArrayLike | None = None,
    *,
    columns: Sequence[str] | None = None,
    measure: str | None = None,
    event: Label | None = None,
    repeats: int = 10,
    seed: Seed = None,
) -> Importance:
    """Measure how much worse a fitted model predicts when a column's values are shuffled [1]_.

    Parameters
    ----------
    model : estimator
        Fitted by `fit_glm` or `fit_net`, or any fitted scikit-learn classifier with `predict_proba`, or
        regressor (pipelines included).
    data : data frame or array_like, shape (n_rows, n_features)
        Rows to predict, best those the model has never seen.
    y : array_like, shape (n_rows,), or str, optional
        Outcome, or the column of `data` that holds it; by default the one named in the model's formula.
    columns : list of str, optional
        By default all but the outcome. Columns of an array are named "x1", "x2" and so on.
    measure : str, optional
        By default "auroc" where an event is predicted, "log_loss" for several classes, "rmse" for numbers;
        `list_measures` has them all.
    event : label, optional
        Class whose probability is measured; by default the one named when the model was fitted.
    repeats : int, default 10
        Shuffles of each column.
    seed : int, optional
        A column's shuffles follow from it and the column's name; drawn and kept if None.

    Returns
    -------
    Importance
        With `table`: column, importance (mean over shuffles, in units of the measure; positive means that the
        column matters), sd, and `plot()`.

    Raises
    ------
    InputError
        If a column is not there, or the model cannot predict the rows.

    Notes
    -----
    Columns that say the same share their importance: each can be shuffled while the other still tells. It is
    about this model and these rows, not about causes.

    References
    ----------
    .. [1] Breiman (2001). *Machine Learning* 45(1), 5-32.

    Examples
    --------
    >>> import bineural as bn
    >>> kyphosis = bn.load_dataset("kyphosis")
    >>> glm = bn.fit_glm("Kyphosis ~ Age + Start", kyphosis, event="present")
    >>> importance = permutation_importance(glm, kyphosis, seed=1)
    >>> importance.table["column"].tolist()
    ['Start', 'Age', 'Number']
    """
    question = ask_model(model, data, y, event, measure)
    names = _choose_columns(question, columns)
    seed = check_seed(seed)  # drawn if there is none
    estimate = question.score(question.frame)
    sign = 1.0 if question.measure.larger_is_better else -1.0
    drops = np.empty((len(names), repeats))
    for i, name in enumerate(names):
        for r in range(repeats):
            order = np.random.default_rng(sequence(seed, f"permute {name}", r)).permutation(question.n_rows)
            drops[i, r] = sign * (estimate - question.score(question.permuted(name, order)))
    return Importance(names, drops, estimate, question.measure, question.event, question.n_rows, seed)


@checked(column=_COLUMN, event=label().or_none(), n_points=whole(2, hint="Try 20."))
@merged_warnings("predictions")
def partial_dependence(
    model: Model, data: RowsLike, column: str, *, event: Label | None = None, n_points: int = 20
) -> Dependence:
    """Predict all rows with a column set to one value after the other, and average [1]_.

    Parameters
    ----------
    model : estimator
        As in `permutation_importance`.
    data : data frame or array_like, shape (n_rows, n_features)
        Rows to average over.
    column : str
        Raw column; columns of an array are named "x1", "x2" and so on.
    event : label, optional
        Class whose probability is averaged; by default the one named when the model was fitted, and for
        several classes all of them.
    n_points : int, default 20
        Values of a numeric column, at even quantiles, ends included; of text every level is taken.

    Returns
    -------
    Dependence
        With `table`: value, class (several classes) or curve (several labels or quantiles), mean, and low and
        high, between which the predictions of 80 of 100 rows lie; and `plot()`.

    Raises
    ------
    InputError
        If the column is not there, or the model cannot predict the rows.

    Notes
    -----
    Rows are made that may not exist: where columns hang together, a value may be set beside others that it
    never comes with.

    References
    ----------
    .. [1] Friedman (2001). *Annals of Statistics* 29(5), 1189-1232.

    Examples
    --------
    >>> import bineural as bn
    >>> kyphosis = bn.load_dataset("kyphosis")
    >>> glm = bn.fit_glm("Kyphosis ~ Age + Start", kyphosis, event="present")
    >>> dependence = partial_dependence(glm, kyphosis, "Start", n_points=3)
    >>> [round(value, 3) for value in dependence.table["mean"]]
    [0.675, 0.123, 0.042]
    """
    question = Question(model, data, event)
    _choose_columns(question, [column])
    places = question.values_of(column, n_points)
    values = question.frame[column].iloc[places]
    parts = []
    for place in places:
        every = np.full(question.n_rows, place)
        predicted = question.predict(question.permuted(column, every))
        predicted = predicted[:, None] if predicted.ndim == 1 else predicted
        predicted = predicted[~np.isnan(predicted).any(axis=1)]
        parts.append([predicted.mean(axis=0), *np.quantile(predicted, [0.1, 0.9], axis=0)])
    return Dependence(column, values, np.array(parts), question)


def _choose_columns(question, columns):
    """Return names of columns that are there, by default all predictors."""
    if columns is None:
        return question.predictors
    unknown = [name for name in columns if name not in question.predictors]
    if unknown:
        raise InputError(
            "A column must be among the predictors of `data`.",
            f"Found {unknown[0]!r}.",
            near_names(unknown[0], question.predictors),
        )
    return list(columns)
