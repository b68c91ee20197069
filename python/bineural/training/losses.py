"""What a row costs: losses as functions of (truth, output) that give one number for each row.

Keras' own losses average over the batch at once; the engine needs the rows apart, to weight them.
"""

from bineural._tensorflow import keras, tf
from bineural.errors import InputError
from bineural.messages import shown
from bineural.training.own_gradient import own_gradient

_EPSILON = 1e-7  # probabilities are kept this far from 0 and 1, as in Keras


def binary_crossentropy(y, output, from_logits=True):
    """Return -log-likelihood in nats of y (batch,) in {0, 1} under one logit or probability (batch, 1)."""
    score = tf.reshape(output, [-1])
    if from_logits:
        return _of_logits(y, score)
    probability = tf.clip_by_value(score, _EPSILON, 1 - _EPSILON)
    return -(y * tf.math.log(probability) + (1 - y) * tf.math.log(1 - probability))


@own_gradient
def _of_logits(y, score):
    """Return log(1 + exp(score)) - y * score, whose gradient is the probability minus y: a few operations."""
    cost = tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=score)
    return cost, lambda upstream: (-upstream * score, upstream * (tf.sigmoid(score) - y))


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
    loss : str, CompiledLoss, keras.Loss or callable
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
    if isinstance(loss, CompiledLoss):
        return loss.by_row
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
        if getattr(getattr(cost, "shape", None), "rank", 0) == 0:
            raise InputError(
                "A loss must give one number for each row.",
                f"It gave {shown(cost)}.",
                "Compute it from `y` and `output`, row by row.",
            )
        return (
            cost if cost.shape.rank == 1 else tf.reduce_mean(tf.reshape(cost, [tf.shape(y)[0], -1]), axis=1)
        )

    return each_row


def is_of_rows_only(loss):
    """Say whether it is certain that what a row costs depends on no other row."""
    return isinstance(loss, str) and loss in _NAMED


def loss_key(loss):
    """Return what tells equal losses: hashable. Keras' own configuration of a loss may leave settings out."""
    if not isinstance(loss, keras.Loss):
        return loss
    settings = sorted(getattr(loss, "_fn_kwargs", {}).items(), key=lambda item: item[0])
    return type(loss), repr(loss.get_config()), repr(settings)


class CompiledLoss:
    """A loss that a Keras model was compiled with, for the outcome as the engine has it.

    Parameters
    ----------
    loss : keras.Loss or callable (y, output) -> (batch, ...)
        Outcomes come as in Keras: a column for one output, one column for each class for several, class
        numbers (batch,) for the sparse losses.
    n_classes : int
        0 where the outcome is no class number.
    factor : float
        Of the loss (`loss_weights`).
    """

    def __init__(self, loss, n_classes=0, factor=1.0):
        self.loss, self.n_classes, self.factor = loss, n_classes, float(factor)
        self.name = str(getattr(loss, "name", None) or getattr(loss, "__name__", type(loss).__name__))
        self.sparse = self.name.startswith("sparse_")

    def by_row(self, y, output):
        """Return what each row costs: (batch,) float32."""
        if self.n_classes:
            y = tf.cast(tf.reshape(y, [-1]), tf.int32)
            y = y if self.sparse else tf.one_hot(y, self.n_classes, dtype=output.dtype)
        else:
            y = tf.reshape(y, tf.shape(output))
            y.set_shape(output.shape)
        cost = self.loss.call(y, output) if isinstance(self.loss, keras.Loss) else self.loss(y, output)
        cost = tf.cast(cost, tf.float32)
        if cost.shape.rank == 0:
            raise not_by_row(self.name)
        cost = (
            cost if cost.shape.rank == 1 else tf.reduce_mean(tf.reshape(cost, [tf.shape(y)[0], -1]), axis=1)
        )
        return self.factor * cost

    def get_config(self):
        """Return what tells this loss from others."""
        kwargs = getattr(self.loss, "_fn_kwargs", {})
        return {"loss": self.loss, "kwargs": kwargs, "n_classes": self.n_classes, "factor": self.factor}

    def _key(self):
        return loss_key(self.loss), self.n_classes, self.factor

    def __eq__(self, other):
        """Compare by settings, so that equal nets share a graph."""
        return isinstance(other, CompiledLoss) and self._key() == other._key()

    def __hash__(self):
        """Hash by settings."""
        return hash(self._key())

    def __repr__(self):
        """Write the settings."""
        return f"CompiledLoss{self._key()}"


def not_by_row(name):
    """Return the error of a loss that does not say what each row costs."""
    return InputError(
        "A loss that a model is compiled with must give one number for each row.",
        f"{name!r} gives one for the whole batch.",
        "Let it average over the last axis only, as Keras' own do; row weights need the rows apart.",
    )
