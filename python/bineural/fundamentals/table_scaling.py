"""A table on the scale of its training rows, its least squares, and errors on the outcome's own scale."""

from dataclasses import dataclass

import numpy as np

from bineural.errors import InputError
from bineural.fundamentals.checking import check_inputs, check_vector
from bineural.messages import listed

TARGET_SCALES = ("max", "sd")


@dataclass(eq=False)
class Scaling:
    """What was learnt from training rows to bring columns and outcome to one scale.

    Attributes
    ----------
    columns : list of str
    means, sds : ndarray of float64, shape (n_columns,)
        Standard deviations divide by the number of rows.
    centre, spread : float
        A scaled target is (y - centre) / spread.

    Examples
    --------
    >>> scaling = learn_scaling([[1], [3]], [10, 20], "max")
    >>> scaling.inputs([[5]]), scaling.target(30)
    (array([[3.]]), 1.5)
    """

    columns: list
    means: np.ndarray
    sds: np.ndarray
    centre: float
    spread: float

    def inputs(self, x, name="x"):
        """Return rows on the scale of the training rows; columns of a data frame are found by name."""
        if hasattr(x, "columns"):
            missing = [column for column in self.columns if column not in map(str, x.columns)]
            if missing:
                raise InputError(
                    f"`{name}` must have the columns of the training rows.",
                    f"It lacks {listed(missing)}.",
                    "Names are compared letter by letter.",
                )
            x = x.set_axis([str(column) for column in x.columns], axis=1)[self.columns]
        array = check_inputs(x, name)
        if array.shape[1] != len(self.columns):
            raise InputError(
                f"`{name}` must have {len(self.columns)} columns, those of the training rows.",
                f"It has {array.shape[1]}.",
                "Pass a row for each case.",
            )
        return (array - self.means) / self.sds

    def target(self, y):
        """Return the scaled target."""
        return (y - self.centre) / self.spread

    def outcome(self, scaled):
        """Return a scaled target on the outcome's own scale."""
        return self.centre + self.spread * scaled


def learn_scaling(x, y, target_scale):
    """Learn means, standard deviations and the scale of the outcome from training rows.

    Raises
    ------
    InputError
        If a column, or the outcome, can't be scaled.
    """
    array = check_inputs(x)
    columns = (
        [str(c) for c in x.columns] if hasattr(x, "columns") else [f"x{j + 1}" for j in range(array.shape[1])]
    )
    y = check_vector(y, len(array), "y", "one for each row of `x`")
    means, sds = array.mean(axis=0), array.std(axis=0)
    same = [column for column, values in zip(columns, array.T) if values.min() == values.max()]
    if same:
        raise InputError(
            "Every column must vary over the training rows.", f"{listed(same)} is constant.", "Leave it out."
        )
    centre, spread = (0.0, y.max()) if target_scale == "max" else (y.mean(), y.std())
    if not spread > 0:
        raise InputError(
            "The outcome must vary, and its maximum be above 0 where it is divided by it.",
            f"Its mean is {y.mean():g}, its maximum {y.max():g}.",
            "Use the other `target_scale`.",
        )
    return Scaling(columns, means, sds, float(centre), float(spread))


def scaled_rows(scaling, x, y, test_x, test_y):
    """Return dicts of the scaled inputs and of the outcomes (own scale), keyed "train" and perhaps "test"."""
    if (test_x is None) != (test_y is None):
        raise InputError(
            "`test_x` and `test_y` must be given together.",
            f"`{'test_x' if test_x is None else 'test_y'}` is missing.",
            "Give both, or neither.",
        )
    inputs = {"train": scaling.inputs(x)}
    outcomes = {"train": check_vector(y, len(inputs["train"]), "y", "one for each row of `x`")}
    if test_x is not None:
        inputs["test"] = scaling.inputs(test_x, "test_x")
        why = "one for each row of `test_x`"
        outcomes["test"] = check_vector(test_y, len(inputs["test"]), "test_y", why)
    return inputs, outcomes


def with_ones(inputs):
    """Put a column of ones, for the bias, before the inputs."""
    return np.column_stack([np.ones(len(inputs)), inputs])


def least_squares(inputs, targets):
    """Solve ordinary least squares on the training rows: weights, the bias first, and the fit of all rows."""
    weights = np.linalg.lstsq(with_ones(inputs["train"]), targets["train"], rcond=None)[0]
    return weights, {part: with_ones(rows) @ weights for part, rows in inputs.items()}


def measure_fits(fits, outcomes):
    """Make a table of mean squared error and R squared of each fit, in training and test rows.

    Parameters
    ----------
    fits : dict of str to dict of str to ndarray
        Predictions on the outcome's own scale, by model and part.
    outcomes : dict of str to ndarray
    """
    import pandas as pd

    from bineural.measures.explained import r_squared

    rows = [
        (model, part, float(np.mean((y - predicted[part]) ** 2)), float(r_squared(y, predicted[part])))
        for model, predicted in fits.items()
        for part, y in outcomes.items()
    ]
    return pd.DataFrame(rows, columns=["model", "rows", "mse", "r_squared"])
