"""What is added to the outputs of a net before they mean anything: where it starts from, and offsets.

An objective's start is what a net of zero weights says of all rows; an offset is a known part of the linear
predictor, row by row. Both differ between nets that are trained at once, so that they travel with the targets
as further columns, and the loss adds them to the outputs.
"""

from typing import NamedTuple

import numpy as np

from bineural.errors import InputError


def base_of(fitted, offset, n_rows):
    """Return what is added to the outputs for rows: float64 (n_rows, n_outputs); None for nothing.

    Parameters
    ----------
    fitted : FittedNet
    offset : ndarray of float64, shape (n_rows,), or None
    n_rows : int
    """
    start = fitted.objective.start(fitted.state)
    if start is None and offset is None:
        return None
    base = np.zeros((n_rows, fitted.n_outputs)) + (0.0 if start is None else start)
    return base if offset is None else base + fitted.objective.offset(offset, fitted.state)


def check_offset_fits(fitted):
    """Refuse an offset where outputs are no linear predictor that it could be added to."""
    if fitted.objective.offset is None:
        raise InputError(
            f"A net with objective={fitted.objective.name!r} can't take an offset.",
            "Found one.",
            "Give the column as a predictor, or use an objective with one linear predictor.",
        )
    if fitted.ending != "linear":
        raise InputError(
            "A net with an offset must end in a linear layer, to whose output it is added.",
            f"Found {fitted.ending!r}.",
            "Leave out the activation of its last layer.",
        )


def shifted_targets(fitted, y, base):
    """Return the targets of rows, with what is added to the outputs in further columns.

    Parameters
    ----------
    fitted : FittedNet
    y : ndarray, shape (n_rows,)
        Class positions or numbers.
    base : ndarray or None
        See `base_of`.
    """
    targets = fitted.objective.targets(y, fitted.state)
    return targets if base is None else np.column_stack([targets, base]).astype(np.float32)


def shifted_loss(loss, monitor, n_outputs, from_logits):
    """Return a loss for targets that hold what is added to the outputs.

    Parameters
    ----------
    loss : str, RowLoss, CompiledLoss, keras.Loss or callable
    monitor : str, keras.Loss or callable
        What is watched, which must be the loss.
    n_outputs : int
    from_logits : bool
    """
    from bineural.training.row_losses import RowLoss, read_row_loss

    if monitor not in (None, "loss"):
        raise InputError(
            "`monitor` must be 'loss' where an objective or an offset adds to the net's outputs.",
            f"Found {monitor!r}.",
            "Leave it out.",
        )
    plain = read_row_loss(loss, from_logits)
    key = ("shifted", n_outputs, plain.key)
    return RowLoss(plain.name, Shifted(plain.row_loss, n_outputs), key, plain.parts, plain.rows_only)


class Shifted(NamedTuple):
    """A loss of (inputs, y, outputs) whose `y` ends in columns that are added to the outputs first."""

    row_loss: object
    n_outputs: int

    def __call__(self, inputs, y, outputs):
        """Return what each row costs: (batch,)."""
        target, base = y[:, : -self.n_outputs], y[:, -self.n_outputs :]
        target = target[:, 0] if target.shape[-1] == 1 else target
        return self.row_loss(inputs, target, outputs + base)
