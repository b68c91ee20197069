"""What is watched on the validation rows: the loss trained on, another loss, or the area under the ROC curve.

Everything here runs inside a graph, with a leading replica axis.
"""

from typing import NamedTuple

from bineural._tensorflow import tf
from bineural.errors import InputError
from bineural.training.losses import row_loss


class Monitor(NamedTuple):
    """Something to watch besides the loss trained on.

    Attributes
    ----------
    name : str
        Of its column in the history, after "validation_".
    by_row : callable
        (y, output) -> (batch,): a cost, or for the AUROC a score.
    ranks : bool
        Whether the rows are ranked by their score (higher is better) instead of averaged (lower is better).
    """

    name: str
    by_row: object
    ranks: bool


def read_monitor(monitor, from_logits=True):
    """Return the `Monitor` that is meant, or None for the loss trained on.

    Parameters
    ----------
    monitor : str, keras.Loss or callable
        "loss", "auroc", or as `losses.row_loss` takes it.
    from_logits : bool
        Whether the model's output is on the logit scale.
    """
    if monitor is None or (isinstance(monitor, str) and monitor == "loss"):
        return None
    if isinstance(monitor, str) and monitor == "auroc":
        return Monitor("auroc", _score, True)
    try:
        cost = row_loss(monitor, from_logits)
    except InputError:
        raise InputError(
            "`monitor` must be 'loss', 'auroc', a Keras loss, its name, or a function of (y, output).",
            f"Found {monitor!r}.",
            "Use for example monitor='auroc'.",
        ) from None
    name = monitor if isinstance(monitor, str) else getattr(monitor, "name", None)
    return Monitor(str(name or getattr(monitor, "__name__", "monitor")), cost, False)


def check_monitor(monitor, outcomes, model):
    """Refuse to watch an AUROC that is not defined.

    Parameters
    ----------
    monitor : Monitor or None
    outcomes : iterable of ndarray
        The outcome of the rows that each replica watches, or nothing where none are watched.
    model : keras.Model
    """
    if monitor is None or not monitor.ranks:
        return
    n_outputs = model.output_shape[-1] if hasattr(model, "output_shape") else 1
    if n_outputs > 2:
        raise InputError(
            "`monitor='auroc'` must have two classes.",
            f"The model has {n_outputs} outputs.",
            "Use monitor='loss'.",
        )
    for y in outcomes:
        if set(map(float, set(y.ravel().tolist()))) != {0.0, 1.0}:
            raise InputError(
                "The rows watched for `monitor='auroc'` must hold both classes, 0 and 1.",
                f"They hold {sorted(set(y.ravel().tolist()))[:5]} (n = {len(y)}).",
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
