"""One call of a wide model: the values of its variables, and what layers change, draw and cost on the way."""

from keras.src.backend import get_keras_mask as mask_of
from keras.src.backend import set_keras_mask as set_mask

from bineural._tensorflow import tf
from bineural.training.philox import philox_normals, philox_uniforms


class Call:
    """One call of a wide model.

    Parameters
    ----------
    variables : list of keras.Variable
    values : list of tensors, (n_replicas, *shape)
    training : bool
    dropout : tensor of float32 (n_replicas,), or ()
        In place of the rates that dropout layers have.
    compiled : bool
        Whether XLA compiles the graph.
    """

    def __init__(self, variables, values, training, dropout=(), compiled=False):
        self._values = {id(v): value for v, value in zip(variables, values)}
        self.training, self.dropout, self.compiled = training, dropout, compiled
        self.n_replicas = tf.shape(values[0])[0]

    def __getitem__(self, variable):
        """Return the value of a variable: (n_replicas, *shape)."""
        return self._values[id(variable)]

    def along(self, variable, rank):
        """Return a variable so that it can be added to (n_replicas, batch, ..., *shape), of this rank."""
        ones = [1] * (rank - 1 - len(variable.shape))
        return tf.reshape(self[variable], [-1, *ones, *variable.shape])

    def assign(self, variable, value):
        """Change a variable that is not trained."""
        self._values[id(variable)] = value

    def draw(self, generator, shape, normal=False):
        """Draw numbers of a shape (batch, ...) for each replica, as Keras would for it alone.

        They are uniform between 0 and 1, or standard normal.
        """
        seeds = self[generator.state]
        self.assign(generator.state, seeds + tf.constant([0, 1], seeds.dtype))
        numbers = (philox_normals if normal else philox_uniforms)(seeds, tf.reduce_prod(shape))
        return tf.reshape(numbers, tf.concat([tf.shape(seeds)[:1], shape], 0))

    def draw_times(self, generator, shape, times):
        """Draw uniform numbers several times, at once: (n_replicas, times, *shape)."""
        seeds = self[generator.state]
        self.assign(generator.state, seeds + tf.constant([0, times], seeds.dtype))
        each = seeds[:, None] + tf.constant([[0, i] for i in range(times)], seeds.dtype)
        numbers = philox_uniforms(tf.reshape(each, [-1, 2]), tf.reduce_prod(shape))
        return tf.reshape(numbers, tf.concat([tf.shape(each)[:2], shape], 0))


def fold(x):
    """Make rows of replicas plain rows: (n_replicas, batch, ...) -> (n_replicas * batch, ...), its mask too.

    None stays None.
    """
    return None if x is None else _keep_mask(x, tf.reshape(x, [-1, *inner_shape(x)]), fold)


def unfold(call, x):
    """Undo `fold`."""
    if x is None:
        return None
    whole = tf.reshape(x, tf.stack([call.n_replicas, -1, *inner_shape(x, 1)]))
    return _keep_mask(x, whole, lambda mask: unfold(call, mask))


def _keep_mask(x, reshaped, reshape):
    if (mask := mask_of(x)) is not None:
        set_mask(reshaped, reshape(mask))
    return reshaped


def inner_shape(x, skip=2):
    """Return the sizes of a row; one of them at most is known only at run time."""
    inner = x.shape[skip:].as_list()
    if None in inner:
        sizes = tf.shape(x)[skip:]
        return [sizes[i] if n is None else n for i, n in enumerate(inner)]
    return inner
