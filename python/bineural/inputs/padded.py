"""Sequences for nets that make them again: filled up to one length, that of the longest training row."""

from dataclasses import dataclass

import numpy as np

from bineural.bundles.schema import whole
from bineural.inputs.filling import fill_steps
from bineural.inputs.input import Prepared
from bineural.inputs.kinds import register_input
from bineural.inputs.sequences import SequenceInput


@register_input
@dataclass(eq=False)
class PaddedSequences(SequenceInput):
    """Sequences of any lengths up to `max_length`, their values side by side; what fills up is `FILL`.

    Attributes
    ----------
    max_length : int
        Steps that every row has: what was asked for, or those of the longest training row. What is longer is
        cut off.
    """

    kind = "padded"
    SCHEMA = {**SequenceInput.SCHEMA, "max_length": whole(1, 2**31)}

    @classmethod
    def claims(cls, X):
        """Claim no rows: an architecture asks for this kind."""
        return False

    @classmethod
    def learn(cls, X, **options):
        """Learn features and length; see `SequenceInput.learn`."""
        learnt, prepared = super().learn(X, **options)
        asked = options.get("max_length")
        learnt.max_length = prepared.inputs.shape[1] if asked is None else int(asked)
        return learnt, learnt._filled(prepared)

    def apply(self, X):
        """Turn other sequences into numbers, of the length of training."""
        return self._filled(super().apply(X))

    def _filled(self, prepared):
        return Prepared(fill_steps(prepared.inputs, self.max_length), prepared.rows)

    def restore(self, values):
        """Return sequences of the full length: ndarray of float64, (n_rows, max_length, n_features)."""
        rows = np.asarray(values, np.float64).reshape(-1, *self.shape)
        return rows if self.centers is None else rows * self.scales + self.centers

    @property
    def shape(self):
        """Shape of one row: (max_length, n_features)."""
        return (self.max_length, self.n_features)
