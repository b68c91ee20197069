"""Input: what training rows teach about turning a user's x into the numbers that a net takes.

Every kind of x (a table, images, texts, sequences) is a subclass of `Input`, registered in `kinds.py`. Nets,
files and comparisons know nothing of a kind but what stands here.
"""

import abc
from dataclasses import dataclass

import numpy as np

from bineural.errors import InputError


@dataclass(eq=False)
class Prepared:
    """Rows as a model takes them.

    Attributes
    ----------
    inputs : ndarray, or list, tuple or dict of them
        What the model is called with; the first axis of each array is that of the rows. Rows of different
        lengths are filled up, and an array beside them (a mask) says what is real.
    rows : ndarray of int64, shape (n_kept,)
        Positions of the kept rows among those that were given.
    offset : ndarray of float64, shape (n_kept,), or None
        Known part of the linear predictor, where a formula has one.
    """

    inputs: object
    rows: np.ndarray
    offset: np.ndarray | None = None

    def take(self, rows):
        """Return some of these rows, by their places here or by a slice."""
        offset = None if self.offset is None else self.offset[rows]
        return Prepared(take_inputs(self.inputs, rows), self.rows[rows], offset)

    def __len__(self):
        """Count the rows."""
        return len(self.rows)


def take_inputs(inputs, rows):
    """Take rows of every array in a nest of arrays."""
    if isinstance(inputs, dict):
        return {name: take_inputs(part, rows) for name, part in inputs.items()}
    if isinstance(inputs, (list, tuple)):
        return type(inputs)([take_inputs(part, rows) for part in inputs])
    return inputs[rows]


class Input(abc.ABC):
    """What is learnt from training rows to turn a user's x into numbers; one subclass for each kind of x.

    Whatever an input has learnt stands in its attributes, as plain values and arrays: that is what a file
    holds, as `SCHEMA` says (see `bundles/schema.py`). A subclass may be a dataclass.

    Attributes
    ----------
    kind : str
        Its name, in files and where an architecture says which kinds it takes.
    SCHEMA : dict of str to callable
        Attribute to check, of all attributes that there are.
    baseline_kind : str
        The kind of input whose columns a GLM of such rows takes, where they must be learnt; empty where
        `baseline_columns` says all.
    parts : str
        What is standardised, as it is called in a summary: "columns", "channels"; empty where nothing is.
    shortens : bool
        Whether rows have a length, of which `max_length` reads a part.
    """

    kind = ""
    parts = ""
    baseline_kind = ""
    shortens = False
    FAMILY = "input"  # files name its classes "input:<kind>", see `bundles/registry.py`

    @classmethod
    @abc.abstractmethod
    def claims(cls, X):
        """Say whether `X` is of this kind, at a glance."""

    @classmethod
    def accepts(cls, X):
        """Say whether `X`, which no kind claims, can be read as this kind where an architecture takes it."""
        return False

    @classmethod
    @abc.abstractmethod
    def learn(cls, X, *, weights=None, **options):
        """Learn from training rows.

        Parameters
        ----------
        X : object
            Rows of this kind.
        weights : ndarray of float64, shape (n_rows,), optional
            Rows of weight 0 teach nothing.
        **options
            Options of all kinds (`formula`, `exclude`, `missing`, `unseen`, `categories`, `numbers`,
            `max_length`, `cut`, and `scaling`: "standard", "robust", "quantile" or False); a kind names those
            that concern it and ignores the others.

        Returns
        -------
        Input, Prepared
            What was learnt, and the same rows as numbers.

        Raises
        ------
        InputError
            If the rows can't be used; it says why.
        """

    @abc.abstractmethod
    def apply(self, X):
        """Turn other rows into numbers, as the training rows were.

        Returns
        -------
        Prepared

        Raises
        ------
        InputError
            If they differ from the training rows in what must be equal; it says in what.
        """

    @property
    @abc.abstractmethod
    def shape(self):
        """Shape of one row as a builder is told it: (n_columns,), (28, 28, 1), (None, n_features).

        None is a length that differs from row to row.
        """

    @abc.abstractmethod
    def baseline_columns(self, X):
        """Return honest simple columns of the same rows, for a GLM or a model of scikit-learn.

        Returns
        -------
        pandas.DataFrame
            float64, its index the positions of the kept rows; what they are says each kind.
        """

    def restore(self, values):
        """Turn prepared numbers back into rows in the user's units; not every kind can.

        Parameters
        ----------
        values : ndarray, shape (n_rows, n_values)
            The numbers of a row side by side, as `apply` made them or as a net answers.

        Returns
        -------
        ndarray or data frame

        Raises
        ------
        InputError
            If this kind, or its scaling, has no way back.
        """
        raise InputError(
            "Rows must be of a kind that can be made from numbers again.",
            f"Found rows of the kind {self.kind!r}.",
            "Give a table or arrays.",
        )

    @property
    def builder_options(self):
        """Further arguments for a builder, beside shape and outputs: {"level_counts": (3, 5)}."""
        return {}

    @property
    def start_weights(self):
        """Values that layers start from because of their meaning: {name of the weights: array}."""
        return {}

    @property
    def n_features_in(self):
        """Number of features as scikit-learn counts them: columns, or values of a row."""
        return int(np.prod([size for size in self.shape if size is not None]))

    @property
    def feature_names(self):
        """Names of the raw columns, list of str; None where the rows had none."""
        return None
