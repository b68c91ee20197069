"""What a training makes small, and what is watched on rows that are not trained on.

An `RowLoss` says what each row costs by inputs, outcome and outputs; a `Monitor` says which epoch is best.
Everything here runs inside a graph.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from bineural._tensorflow import tf
from bineural.errors import InputError
from bineural.messages import listed
from bineural.training.losses import is_of_rows_only, loss_key, row_loss


@dataclass(frozen=True)
class RowLoss:
    """A loss over inputs, outcome and outputs.

    Attributes
    ----------
    name : str
    row_loss : callable (inputs, y, outputs) -> (batch,) or dict of str to (batch,)
        What each row costs. `outputs` is the nest that the model gives, in float32; `y` the nest of the
        outcome, () where there is none. With `parts`, a dict of them, whose sum is the loss.
    key : hashable
        Equal losses share a graph. None: those with the same function.
    parts : tuple of str
        Parts of the loss that are in the history beside it, for the rows trained on and those watched.
    rows_only : bool
        Whether what a row costs depends on no other row of the batch, so that replicas may share a call.
    """

    name: str
    row_loss: object = field(repr=False)  # nets whose losses are told alike by the key share a stack
    key: object = None
    parts: tuple = ()
    rows_only: bool = False

    def __post_init__(self):
        """Make the key where none is given."""
        if self.key is None:
            object.__setattr__(self, "key", (self.name, self.row_loss, tuple(self.parts)))

    def each_row(self, inputs, y, outputs):
        """Return {"loss": (batch,), and each of the parts: (batch,)}, float32."""
        costs = self.row_loss(inputs, y, outputs)
        if not self.parts:
            return {"loss": _rows_apart(costs, self.name)}
        if not isinstance(costs, dict) or set(costs) != set(self.parts):
            raise InputError(
                f"The loss {self.name!r} must give a dict with its parts {listed(self.parts)}.",
                f"It gave {listed(costs) if isinstance(costs, dict) else type(costs).__name__}.",
                "Return {part: costs of shape (batch,)}; their sum is the loss.",
            )
        costs = {part: _rows_apart(costs[part], part) for part in self.parts}
        return {"loss": tf.add_n(list(costs.values())), **costs}


def _rows_apart(costs, name):
    costs = tf.cast(costs, tf.float32)
    if costs.shape.rank not in (1, None):
        raise InputError(
            "A loss must give one number for each row.",
            f"{name!r} gives shape {tuple(costs.shape)}.",
            "Average or sum over all axes but the first.",
        )
    return costs


def read_row_loss(loss, from_logits=True):
    """Return the `RowLoss` that is meant.

    Parameters
    ----------
    loss : RowLoss, str, CompiledLoss, keras.Loss or callable (y, output)
        All but the first as `losses.row_loss` takes them, for a model of one output.
    from_logits : bool
        Whether the model's output is on the logit scale.
    """
    if isinstance(loss, RowLoss):
        return loss
    costs = _OfOneOutput(row_loss(loss, from_logits))
    return RowLoss(_name(loss), costs, (loss_key(loss), from_logits), rows_only=is_of_rows_only(loss))


class _OfOneOutput(NamedTuple):
    """A loss (y, output) -> (batch,) as one of (inputs, y, outputs)."""

    costs: object

    def __call__(self, inputs, y, outputs):
        lacks = isinstance(y, tuple) and not y
        if lacks or tf.nest.is_nested(outputs):
            raise InputError(
                "A loss of (y, output) must have an outcome and a model of one output.",
                f"Found {'no' if lacks else 'an'} outcome and {len(tf.nest.flatten(outputs))} outputs.",
                "Pass an RowLoss, whose row_loss takes (inputs, y, outputs).",
            )
        return self.costs(y, outputs)


def _name(loss):
    if isinstance(loss, str):
        return loss
    return str(getattr(loss, "name", None) or getattr(loss, "__name__", type(loss).__name__))


# ---- what is watched ----


class Monitor(NamedTuple):
    """What says which epoch is best.

    Attributes
    ----------
    name : str
        Of the column, in the history after "validation_".
    by_row : _OfOneOutput, or None
        (inputs, y, outputs) -> (batch,): a cost, or for the AUROC a score. None for a column that the step
        watches anyway, as the loss.
    ranks : bool
        Whether the rows are ranked by their score (higher is better) instead of averaged (lower is better).
    key : hashable
        Equal monitors share a graph.
    rows_only : bool
        As of a `RowLoss`.
    """

    name: str = "loss"
    by_row: object = None
    ranks: bool = False
    key: object = None
    rows_only: bool = False

    def each_row(self, inputs, y, outputs):
        """Return {name: (batch,)}, float32."""
        return {self.name: tf.cast(self.by_row(inputs, y, outputs), tf.float32)}


def read_monitor(monitor, from_logits=True, columns=("loss",)):
    """Return the `Monitor` that is meant.

    Parameters
    ----------
    monitor : str, keras.Loss or callable
        One of `columns`, "auroc", or as `losses.row_loss` takes it.
    from_logits : bool
        Whether the model's output is on the logit scale.
    columns : sequence of str
        What is watched anyway.
    """
    if monitor is None:
        return Monitor()
    if isinstance(monitor, str) and monitor in columns:
        return Monitor(monitor)
    if isinstance(monitor, str) and monitor == "auroc":
        return Monitor("auroc", _OfOneOutput(_score), True, "auroc", True)
    try:
        costs = row_loss(monitor, from_logits)
    except InputError:
        parts = "".join(f"{name!r}, " for name in columns)
        raise InputError(
            f"`monitor` must be {parts}'auroc', a Keras loss, its name, or a function of (y, output).",
            f"Found {monitor!r}.",
            "Use for example monitor='auroc'.",
        ) from None
    name = monitor if isinstance(monitor, str) else getattr(monitor, "name", None)
    name = str(name or getattr(monitor, "__name__", "monitor"))
    key = loss_key(monitor), from_logits
    return Monitor(name, _OfOneOutput(costs), False, key, is_of_rows_only(monitor))


def check_ranking(outcomes, n_outputs):
    """Refuse to watch an AUROC that is not defined.

    Parameters
    ----------
    outcomes : iterable of nests of ndarray
        The outcome of the rows that each replica watches, or nothing where none are watched.
    n_outputs : int or None
        Numbers that the model puts out for each row, where it is one array and known.
    """
    if (n_outputs or 1) > 2:
        raise InputError(
            "`monitor='auroc'` must have two classes.",
            f"The model has {n_outputs} outputs.",
            "Use monitor='loss'.",
        )
    for y in outcomes:
        values = set(map(float, y.ravel().tolist())) if hasattr(y, "ravel") else set()
        if values != {0.0, 1.0}:
            raise InputError(
                "The rows watched for `monitor='auroc'` must hold both classes, 0 and 1.",
                f"They hold {sorted(values)[:5]} (n = {len(y)}).",
                "Watch more rows, or use monitor='loss'.",
            )


def _score(y, output):
    """Return a score that grows with the odds of class 1."""
    return output[:, 1] - output[:, 0] if output.shape[-1] == 2 else tf.reshape(output, [-1])


def area_under_curve(score, y, weights):
    """Compute weighted areas under the ROC curve, ties counting one half.

    Parameters
    ----------
    score, y, weights : tensors of float32, shape (n_replicas, n_rows)
        `y` is 0 or 1; rows of weight 0 do not count.

    Returns
    -------
    tensor of float32, shape (n_replicas,)
    """
    order = tf.argsort(score, axis=1)
    score, y, weights = (tf.gather(a, order, batch_dims=1) for a in (score, y, weights))
    n_replicas, n_rows = tf.unstack(tf.shape(score))
    new = tf.cast(score[:, 1:] != score[:, :-1], tf.int32)
    group = tf.pad(tf.cumsum(new, axis=1), [[0, 0], [1, 0]]) + tf.range(n_replicas)[:, None] * n_rows

    def by_score(a):  # (n_replicas, n_rows): sums over rows of equal score, lowest score first
        return tf.reshape(
            tf.math.unsorted_segment_sum(tf.reshape(a, [-1]), tf.reshape(group, [-1]), n_replicas * n_rows),
            [n_replicas, n_rows],
        )

    events, others = by_score(weights * y), by_score(weights * (1 - y))
    below = tf.cumsum(others, axis=1, exclusive=True)
    pairs = tf.reduce_sum(events, 1) * tf.reduce_sum(others, 1)
    return tf.reduce_sum(events * (below + 0.5 * others), 1) / pairs
