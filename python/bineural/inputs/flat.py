"""Rows of any shape laid out as columns, for a net of tables: the pixels of an image side by side."""

from dataclasses import dataclass

import numpy as np

from bineural.bundles.schema import require
from bineural.errors import InputError
from bineural.inputs.input import Input, Prepared
from bineural.inputs.kinds import choose_input, describe, register_input
from bineural.inputs.knots import column_knots


@register_input
@dataclass(eq=False)
class FlatInput(Input):
    """Rows that another kind of input prepares, images for example, each laid out as one row of numbers.

    Attributes
    ----------
    inner : Input
        What the rows are: it knows their shape, and standardises them by channel.
    """

    inner: Input

    kind = "flat"
    parts = "channels"
    knots = None  # of the training rows, where a net starts from them; its weights keep them
    SCHEMA = {"inner": lambda value: isinstance(value, Input) and value.kind not in ("flat", "table")}

    @classmethod
    def claims(cls, X):
        """Claim nothing: a net of tables asks for it, where rows are of another kind."""
        return False

    @classmethod
    def learn(cls, X, *, weights=None, numbers="plain", **options):
        """Learn as the kind of the rows does, and lay them out.

        Parameters
        ----------
        X : object
            Rows of a kind that becomes one array.
        weights : ndarray of float64, shape (n_rows,), optional
        numbers : {"plain", "piecewise", "periodic"}
            "piecewise" needs the knots of each column.

        Returns
        -------
        FlatInput, Prepared
            `inputs` is float32, (n_rows, n_values).

        Raises
        ------
        InputError
            If the rows are of no kind that becomes one array.
        """
        kind = choose_input(X)
        inner, prepared = kind.learn(X, weights=weights, **options)
        if not isinstance(prepared.inputs, np.ndarray) or None in inner.shape or kind.kind == "table":
            raise InputError(
                "A net of tables must be given a table, or rows that become one array.",
                f"Found {describe(X)}.",
                "Choose an architecture that takes such rows (list_architectures).",
            )
        learnt = cls(inner)
        prepared = learnt._lay_out(prepared)
        if numbers == "piecewise":
            counting = None if weights is None else weights[prepared.rows]
            learnt.knots = column_knots(prepared.inputs, counting)
        return learnt, prepared

    def apply(self, X):
        """Turn other rows into numbers, and lay them out."""
        return self._lay_out(self.inner.apply(X))

    def _lay_out(self, prepared):
        flat = prepared.inputs.reshape(len(prepared.inputs), -1).astype(np.float32, copy=False)
        return Prepared(flat, prepared.rows, prepared.offset)

    def restore(self, values):
        """Return rows of the kind that they are of."""
        return self.inner.restore(values)

    def baseline_columns(self, X):
        """Return the baseline columns of the kind that the rows are of."""
        return self.inner.baseline_columns(X)

    @property
    def shape(self):
        """Shape of one row: (n_values,)."""
        return (int(np.prod(self.inner.shape)),)

    @property
    def centers(self):
        """Means of the channels."""
        return getattr(self.inner, "centers", None)

    @property
    def scales(self):
        """SDs of the channels."""
        return getattr(self.inner, "scales", None)

    @property
    def start_weights(self):
        """The knots of columns, which the zoo's embeddings of numbers hold."""
        return {} if self.knots is None else {"pieces/knots": self.knots}

    def check_state(self):
        """Check what holds between the attributes of an input from a file."""
        if hasattr(self.inner, "check_state"):
            self.inner.check_state()
        require(len(self.inner.shape) > 1, "rows that are laid out have one axis")
