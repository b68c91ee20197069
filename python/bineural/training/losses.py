"""What one row costs: losses as functions of (truth, output) that give one number for each row.

Keras' own losses average over the batch at once; the engine needs the rows apart, to weight them.
"""

from bineural._tensorflow import keras, tf
from bineural.errors import InputError

_EPSILON = 1e-7  # probabilities are kept this far from 0 and 1, as in Keras


def binary_crossentropy(y, output, from_logits=True):
    """Return -log-likelihood in nats of y (batch,) in {0, 1} under one logit or probability (batch, 1)."""
    score = tf.reshape(output, [-1])
    if from_logits:
        return tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=score)
    probability = tf.clip_by_value(score, _EPSILON, 1 - _EPSILON)
    return -(y * tf.math.log(probability) + (1 - y) * tf.math.log(1 - probability))


def categorical_crossentropy(y, output, from_logits=True):
    """Return -log-likelihood in nats of class numbers y (batch,) under `output` (batch, n_classes)."""
    y = tf.cast(y, tf.int32)
    if from_logits:
        return tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=output)
    probability = tf.gather(output / tf.reduce_sum(output, -1, keepdims=True), y, batch_dims=1)
    return -tf.math.log(tf.clip_by_value(probability, _EPSILON, 1.0))


def mean_squared_error(y, output, from_logits=True):
    """Return the squared error of each row, averaged over outputs where there are several."""
    return tf.reduce_mean(tf.square(tf.reshape(y, tf.shape(output)) - output), axis=-1)


_NAMED = {
    "binary_crossentropy": binary_crossentropy,
    "categorical_crossentropy": categorical_crossentropy,
    "mean_squared_error": mean_squared_error,
}


def row_loss(loss, from_logits=True):
    """Return the function (y, output) -> (batch,) that `loss` names.

    Parameters
    ----------
    loss : str, keras.Loss or callable
        One of "binary_crossentropy", "categorical_crossentropy" (class numbers), "mean_squared_error", any
        other name that Keras knows, a Keras loss, or a function (y, output) -> (batch, ...), where `y` has as
        many axes as `output`.
    from_logits : bool
        Whether the model's output is on the logit scale (the first two losses).

    Returns
    -------
    callable

    Raises
    ------
    InputError
        If there is no such loss.
    """
    if isinstance(loss, str) and loss in _NAMED:
        named = _NAMED[loss]
        return lambda y, output: named(y, output, from_logits)
    try:
        loss = keras.losses.get(loss)
    except ValueError:
        loss = None
    if loss is None:
        raise InputError(
            "`loss` must be a Keras loss, its name, or a function of (y, output).",
            "It is none of these.",
            f"Use for example one of {', '.join(map(repr, _NAMED))}.",
        )
    by_row = loss.call if isinstance(loss, keras.Loss) else loss

    def each_row(y, output):
        if y.shape.rank is not None and output.shape.rank == y.shape.rank + 1:
            y = tf.expand_dims(y, -1)
        cost = by_row(y, output)
        return (
            cost if cost.shape.rank == 1 else tf.reduce_mean(tf.reshape(cost, [tf.shape(y)[0], -1]), axis=1)
        )

    return each_row
