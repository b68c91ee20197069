"""Linear regression from TensorFlow's basic operations: matmul, subtract, square, mean, and one gradient.

The outcome is divided by its largest value, columns get mean 0 and standard deviation 1, all learnt from
training rows alone. The weights begin at 1, and every step takes all rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bineural._tensorflow import tf, traced_by_autograph
from bineural._typing import ArrayLike, Figure, Floats, PathLike
from bineural.checks import checked, choice, whole
from bineural.errors import InputError
from bineural.fundamentals.checking import POSITIVE
from bineural.fundamentals.descent_figure import draw_losses
from bineural.fundamentals.table_scaling import (
    TARGET_SCALES,
    Scaling,
    learn_scaling,
    least_squares,
    measure_fits,
    scaled_rows,
    with_ones,
)

KEPT = 1000  # most rows of the history


@dataclass(eq=False, repr=False)
class TensorRegression:
    """The result of `fit_tensors`.

    Attributes
    ----------
    weights : ndarray of float64, shape (1 + n_columns,)
        On the scale of training, the bias first.
    scaling : Scaling
        columns, means, sds, centre and spread, from the training rows.
    coefficients : pandas.DataFrame
        Columns term, descent and least_squares: on the outcome's own scale, the intercept first.
    history : pandas.DataFrame
        Columns epoch (0 is before the first step), train and, with test rows, test: the mean squared error of
        the scaled target. Every epoch, or a thousand.
    least_squares : dict of str to float
        The loss of ordinary least squares in the same rows: what training comes down to.
    measures : pandas.DataFrame
        Columns model, rows, mse (in the outcome's units, squared), r_squared.
    n_traces : int
        Graphs that were made of the step.

    Examples
    --------
    >>> import bineural as bn
    >>> fit = bn.fundamentals.fit_tensors([[1], [2], [3]], [2, 4, 6], learning_rate=0.1, epochs=500)
    >>> fit.predict([[10]]).round(6).tolist()
    [20.0]
    """

    weights: np.ndarray
    scaling: Scaling
    coefficients: object
    history: object
    least_squares: dict
    measures: object
    n_traces: int

    def __repr__(self):
        """Say the loss at the end and the floor, and show coefficients and errors."""
        last = self.history.iloc[-1]
        losses = [f"{part} {last[part]:.6g} ({floor:.6g})" for part, floor in self.least_squares.items()]
        number = {"index": False, "float_format": lambda value: f"{value:.6g}"}
        return "\n".join(
            [
                f"Linear regression from basic operations, {int(last['epoch'])} epochs",
                f"loss (of least squares): {', '.join(losses)}",
                self.coefficients.to_string(**number),
                self.measures.to_string(**number),
            ]
        )

    def predict(self, x: ArrayLike) -> Floats:
        """Predict the outcome of new rows.

        Parameters
        ----------
        x : array_like of float64, shape (n_rows, n_columns)

        Returns
        -------
        ndarray of float64, shape (n_rows,)
        """
        return predict_linear(self.weights, self.scaling, x)

    def plot(self, path: PathLike | None = None) -> Figure:
        """Draw the loss by epoch, over the floor of least squares.

        Parameters
        ----------
        path : str or path, optional
            PNG or SVG file to write.

        Returns
        -------
        matplotlib.figure.Figure
        """
        return draw_losses(self.history, self.least_squares, path)


@checked(target_scale=choice(*TARGET_SCALES), learning_rate=POSITIVE, epochs=whole(1))
def fit_tensors(
    x: ArrayLike,
    y: ArrayLike,
    test_x: ArrayLike | None = None,
    test_y: ArrayLike | None = None,
    target_scale: str = "max",
    learning_rate: float = 0.005,
    epochs: int = 2000,
) -> TensorRegression:
    """Fit a linear regression by gradient descent, from TensorFlow's basic operations alone.

    Parameters
    ----------
    x : array_like of float64, shape (n_rows, n_columns)
        Training rows: numbers only. Each column is standardised by their mean and standard deviation.
    y : array_like of float64, shape (n_rows,)
        Outcome.
    test_x : array_like of float64, shape (n_test_rows, n_columns), optional
        Rows on which the loss is followed, too; nothing is learnt from them.
    test_y : array_like of float64, shape (n_test_rows,), optional
        Their outcome.
    target_scale : str
        "max" divides the outcome by its largest value; "sd" takes off its mean and divides by its standard
        deviation.
    learning_rate : float
        Length of a step for a gradient of 1.
    epochs : int
        Steps, each on all rows.

    Returns
    -------
    TensorRegression
        With weights, scaling, coefficients, history, least_squares, measures, n_traces; `predict(x)`.

    Raises
    ------
    InputError
        If rows, columns and outcome do not go together, a column is constant, or descent runs away.

    Examples
    --------
    >>> import bineural as bn
    >>> houses = bn.load_dataset("sacramento")
    >>> fit = fit_tensors(houses[["beds", "baths", "sqft"]], houses["price"])
    >>> fit.n_traces, fit.history.iloc[-1].round(4).tolist()
    (1, [2000.0, 0.0087])
    """
    import pandas as pd

    scaling = learn_scaling(x, y, target_scale)
    inputs, outcomes = scaled_rows(scaling, x, y, test_x, test_y)
    targets = {part: scaling.target(outcome) for part, outcome in outcomes.items()}
    known, floor_fit = least_squares(inputs, targets)
    history, weights, n_traces = _descend(inputs, targets, learning_rate, epochs)
    fits = {
        "descent": {part: scaling.outcome(with_ones(rows) @ weights) for part, rows in inputs.items()},
        "least squares": {part: scaling.outcome(fit) for part, fit in floor_fit.items()},
    }
    terms = {"term": ["(Intercept)", *scaling.columns]}
    return TensorRegression(
        weights=weights,
        scaling=scaling,
        coefficients=pd.DataFrame(
            terms | {"descent": _unscaled(weights, scaling), "least_squares": _unscaled(known, scaling)}
        ),
        history=pd.DataFrame(history, columns=["epoch", *targets]),
        least_squares={part: float(np.mean((targets[part] - floor_fit[part]) ** 2)) for part in targets},
        measures=measure_fits(fits, outcomes),
        n_traces=n_traces,
    )


def predict_linear(weights, scaling, x):
    """Predict the outcome of rows from weights on the scale of training."""
    return scaling.outcome(with_ones(scaling.inputs(x)) @ np.ravel(weights))


def _descend(inputs, targets, learning_rate, epochs):
    """Take the steps; returns the history, the weights and how often the step was traced."""
    rows = {
        part: tf.constant(with_ones(values)) for part, values in inputs.items()
    }  # (n_rows, 1 + n_columns)
    truth = {part: tf.constant(values[:, None]) for part, values in targets.items()}  # (n_rows, 1)
    weights = tf.Variable(tf.ones((rows["train"].shape[1], 1), tf.float64))
    rate = tf.constant(learning_rate, tf.float64)

    def loss(part):
        error = tf.subtract(tf.matmul(rows[part], weights), truth[part])
        return tf.reduce_mean(tf.square(error))

    @tf.function
    def advance(n_steps):
        for _ in tf.range(n_steps):
            with tf.GradientTape() as tape:
                loss_now = loss("train")
            weights.assign_sub(tf.multiply(rate, tape.gradient(loss_now, weights)))
        return [loss(part) for part in rows]

    with traced_by_autograph():  # once, before the first step
        graph = advance.get_concrete_function(tf.TensorSpec([], tf.int32))
    every = -(-epochs // KEPT)
    epoch, history = 0, [(0, *(float(loss(part)) for part in rows))]
    while epoch < epochs:
        n_steps = min(every, epochs - epoch)
        epoch += n_steps
        history.append((epoch, *(float(value) for value in graph(tf.constant(n_steps)))))
        _check_loss(history[-1][1], epoch)
    return history, weights.numpy()[:, 0], advance.experimental_get_tracing_count()


def _check_loss(loss, epoch):
    if not loss < 1e100:
        raise InputError(
            "Descent must not run away.",
            f"The loss was {loss:g} after epoch {epoch}.",
            "Use a smaller `learning_rate`.",
        )


def _unscaled(weights, scaling):
    """Return intercept and slopes of the columns as they are."""
    slopes = scaling.spread * weights[1:] / scaling.sds
    return np.append(scaling.outcome(weights[0]) - slopes @ scaling.means, slopes)
