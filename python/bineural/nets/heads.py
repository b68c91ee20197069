"""Nets of several heads, (batch, n_heads, n_outputs): each head is trained, and means something, by itself.

The loss of a row is the mean of the losses of its heads, not the loss of their mean; the mean of what the
heads predict predicts.
"""

from typing import NamedTuple

import numpy as np

from bineural.errors import InputError


def over_heads(loss, monitor, from_logits):
    """Return the loss of one head as that of several.

    Parameters
    ----------
    loss : str, RowLoss, keras.Loss or callable
    monitor : str, keras.Loss or callable
        What is watched, which must be the loss.
    from_logits : bool
    """
    from bineural.training.row_losses import RowLoss, read_row_loss

    if monitor not in (None, "loss"):
        raise InputError(
            "`monitor` must be 'loss' for a net of several heads.",
            f"Found {monitor!r}.",
            "Leave it out.",
        )
    plain = read_row_loss(loss, from_logits)
    return RowLoss(plain.name, OverHeads(plain.row_loss), ("heads", plain.key), plain.parts, plain.rows_only)


class OverHeads(NamedTuple):
    """A loss of (inputs, y, outputs) as the mean over the heads of outputs (batch, n_heads, n_outputs)."""

    row_loss: object

    def __call__(self, inputs, y, outputs):
        """Return what each row costs, (batch,), or a dict of it for each part."""
        from bineural._tensorflow import tf

        n_heads = outputs.shape[1]
        each = [tf.nest.map_structure(lambda a: tf.repeat(a, n_heads, axis=0), part) for part in (inputs, y)]
        costs = self.row_loss(*each, tf.reshape(outputs, [-1, outputs.shape[2]]))
        return tf.nest.map_structure(lambda a: tf.reduce_mean(tf.reshape(a, [-1, n_heads]), 1), costs)


def add_base(output, base):
    """Add what is added to the outputs of rows, (n_rows, n_outputs) or None, to those of each head."""
    if base is None:
        return output
    return output + (base[:, None] if output.ndim == 3 else base)


def mean_over_heads(meaning, output):
    """Return the mean over heads of what their outputs mean.

    Parameters
    ----------
    meaning : callable (n_rows, n_outputs) -> (n_rows, ...)
    output : ndarray, shape (n_rows, n_outputs) or (n_rows, n_heads, n_outputs)
    """
    if output.ndim == 2:
        return meaning(output)
    means = meaning(output.reshape(-1, output.shape[2]))
    return means.reshape(*output.shape[:2], *np.shape(means)[1:]).mean(axis=1)
