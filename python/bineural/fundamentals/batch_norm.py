"""Batch normalisation: units are standardised by their batch in training, by moving averages in use."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bineural._typing import ArrayLike, Figure, PathLike
from bineural.checks import checked, flag
from bineural.errors import InputError
from bineural.figures.canvas import COLOURS, FIGURE_FILE, new_figure, plain_axes, write_figure
from bineural.fundamentals.checking import POSITIVE, RATE, check_array, check_inputs, check_vector
from bineural.messages import number_of

MOMENTUM, EPSILON = 0.99, 0.001  # as in Keras


@dataclass(eq=False, repr=False)
class NormalisedBatch:
    """The result of `normalise_batch`.

    Attributes
    ----------
    values : ndarray of float64, shape (n_rows, n_units)
        Standardised, scaled and shifted.
    mean, variance : ndarray of float64, shape (n_units,)
        By which they were standardised: the batch's in training, the moving ones in use.
    moving_mean, moving_variance : ndarray of float64, shape (n_units,)
        After this batch.
    x : ndarray of float64, shape (n_rows, n_units)
        As they came.

    Examples
    --------
    >>> import bineural as bn
    >>> batch = bn.fundamentals.normalise_batch([[1.0], [3.0]], momentum=0.9)
    >>> batch.moving_mean, batch.moving_variance
    (array([0.2]), array([1.]))
    """

    values: np.ndarray
    mean: np.ndarray
    variance: np.ndarray
    moving_mean: np.ndarray
    moving_variance: np.ndarray
    x: np.ndarray

    def __repr__(self):
        """Say the size, and mean and variance of the first units."""
        n_rows, n_units = self.values.shape
        rows = [
            f"  {name}: {' '.join(f'{v:.4g}' for v in values[:6])}{' ...' if n_units > 6 else ''}"
            for name, values in (
                ("mean used", self.mean),
                ("variance used", self.variance),
                ("moving mean", self.moving_mean),
                ("moving variance", self.moving_variance),
            )
        ]
        return "\n".join(
            [
                f"Batch of {number_of(n_rows, 'row')} and {number_of(n_units, 'unit')}, normalised:",
                *rows,
            ]
        )

    @checked(path=FIGURE_FILE)
    def plot(self, path: PathLike | None = None) -> Figure:
        """Draw the values of each unit as they came and as they went.

        Parameters
        ----------
        path : str or path, optional
            PNG or SVG file to write.

        Returns
        -------
        matplotlib.figure.Figure
        """
        figure = new_figure(7.5, 3.6)
        parts = (("Before", self.x), ("After", self.values))
        for axes, (title, values) in zip(figure.subplots(1, 2), parts):
            unit = np.tile(np.arange(1, values.shape[1] + 1), len(values))
            axes.scatter(unit, values.ravel(), s=14, alpha=0.6, color=COLOURS[0])
            axes.set(title=title, xlabel="Unit", ylabel="Value", xlim=(0.5, values.shape[1] + 0.5))
            axes.xaxis.get_major_locator().set_params(integer=True)
            plain_axes(axes)
        return write_figure(figure, path)


@checked(x=check_inputs, momentum=RATE, epsilon=POSITIVE, training=flag())
def normalise_batch(
    x: ArrayLike,
    scale: ArrayLike = 1.0,
    shift: ArrayLike = 0.0,
    moving_mean: ArrayLike = 0.0,
    moving_variance: ArrayLike = 1.0,
    momentum: float = MOMENTUM,
    epsilon: float = EPSILON,
    training: bool = True,
) -> NormalisedBatch:
    """Standardise each unit over the rows of a batch, then scale and shift it [1]_.

    Variances divide by the number of rows. In training the moving averages become `momentum` times themselves
    plus `1 - momentum` times the batch's mean and variance; in use they stand in for the batch's.

    Parameters
    ----------
    x : array_like of float64, shape (n_rows, n_units)
        Values of units.
    scale, shift : float, or array_like of float64, shape (n_units,)
        What is learnt: gamma and beta.
    moving_mean, moving_variance : float, or array_like of float64, shape (n_units,)
        Before this batch.
    momentum : float
        Share of the moving averages that stays.
    epsilon : float
        Added to the variance.
    training : bool
        Whether the batch's own mean and variance are used.

    Returns
    -------
    NormalisedBatch
        With values, mean, variance, moving_mean, moving_variance.

    Raises
    ------
    InputError
        If a number for each unit is asked for and not given.

    References
    ----------
    .. [1] Ioffe and Szegedy (2015). *Proceedings of ICML* 37, 448-456.

    Examples
    --------
    >>> normalise_batch([[1.0, 10.0], [3.0, 10.0]], epsilon=1e-12).values
    array([[-1.,  0.],
           [ 1.,  0.]])
    >>> used = normalise_batch([[1], [3]], moving_mean=1, moving_variance=4, epsilon=1e-12, training=False)
    >>> used.values
    array([[0.],
           [1.]])
    """
    scale, shift, moving_mean, moving_variance = (
        _each(value, x.shape[1], name)
        for value, name in (
            (scale, "scale"),
            (shift, "shift"),
            (moving_mean, "moving_mean"),
            (moving_variance, "moving_variance"),
        )
    )
    if (moving_variance < 0).any():
        raise InputError(
            "`moving_variance` must not be negative.",
            f"Its least is {moving_variance.min():g}.",
            "Begin with 1.",
        )
    mean, variance = moving_mean, moving_variance
    if training:
        mean, variance = x.mean(axis=0), x.var(axis=0)
        moving_mean = momentum * moving_mean + (1 - momentum) * mean
        moving_variance = momentum * moving_variance + (1 - momentum) * variance
    values = scale * (x - mean) / np.sqrt(variance + epsilon) + shift
    return NormalisedBatch(values, mean, variance, moving_mean, moving_variance, x)


def _each(value, n_units, name):
    value = check_array(value, name)
    if value.ndim == 0:
        value = np.full(n_units, value)
    return check_vector(value, n_units, name, "one for each column of `x`")
