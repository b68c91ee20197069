"""The one layer of a restricted Boltzmann machine: what contrastive divergence descends."""

from typing import NamedTuple

from bineural._tensorflow import keras, tf

N_CHAINS = 100  # that go on from step to step, where they are persistent


class Weights(NamedTuple):
    """Weights of a machine as tensors; of many with an axis of machines in front, biases (n, 1, units)."""

    kernel: object
    visible: object
    hidden: object


@keras.saving.register_keras_serializable("bineural")
class Contrast(keras.layers.Layer):
    """The free energy of rows less that of rows that the machine makes.

    Its gradient is that of contrastive divergence: products of visible units with the probabilities of hidden
    ones, of the rows less of the made rows. Hidden units are drawn on the way, visible ones are means (Hinton
    2010, A practical guide to training restricted Boltzmann machines). Visible units are 0 or 1, or with
    `gaussian` normal with an SD of 1.
    """

    def __init__(self, n_hidden, steps=1, persistent=False, gaussian=False, **options):
        super().__init__(**options)
        self.n_hidden, self.steps, self.persistent, self.gaussian = n_hidden, steps, persistent, gaussian
        self.seed_generator = keras.random.SeedGenerator()

    def build(self, shape):
        """Start from small weights and no biases."""
        start = keras.initializers.RandomNormal(stddev=0.01)
        self.kernel = self.add_weight(shape=(shape[-1], self.n_hidden), initializer=start, name="kernel")
        self.visible_bias = self.add_weight(shape=(shape[-1],), initializer="zeros", name="visible_bias")
        self.hidden_bias = self.add_weight(shape=(self.n_hidden,), initializer="zeros", name="hidden_bias")
        if self.persistent:
            self.chains = self.add_weight(
                shape=(N_CHAINS, shape[-1]), initializer="zeros", trainable=False, name="chains"
            )

    def call(self, rows, training=False):
        """Return (batch, 1 + n_hidden)."""
        weights = self._weights()
        made = None
        if training:
            made = tf.stop_gradient(self._gibbs(self.chains if self.persistent else rows))
            if self.persistent:
                self.chains.assign(made)
        return self._cost_and_units(weights, rows, made)

    def call_replicas(self, call, rows):
        """Do so for many machines at once, each with the numbers that it would draw alone."""
        visible, hidden = (call.along(bias, 3) for bias in (self.visible_bias, self.hidden_bias))
        weights, made = Weights(call[self.kernel], visible, hidden), None
        if call.training:
            draw = lambda units: call.draw(self.seed_generator, tf.shape(units)[1:])  # noqa: E731
            made = self._gibbs(call[self.chains] if self.persistent else rows, weights, draw)
            made = tf.stop_gradient(made)
            if self.persistent:
                call.assign(self.chains, made)
        return self._cost_and_units(weights, rows, made)

    def _weights(self):
        kernel, visible, hidden = (
            tf.convert_to_tensor(w) for w in (self.kernel, self.visible_bias, self.hidden_bias)
        )
        return Weights(kernel, visible, hidden)

    def _cost_and_units(self, weights, rows, made):
        """Return what rows cost, less made ones where there are, and the probabilities of hidden units."""
        cost = self._free_energy(weights, rows)
        if made is not None:
            theirs = self._free_energy(weights, made)
            cost -= tf.reduce_mean(theirs, axis=-1, keepdims=True) if self.persistent else theirs
        return tf.concat([cost[..., None], tf.sigmoid(_inputs_of_hidden(weights, rows))], axis=-1)

    def _free_energy(self, weights, rows):
        """Return -log of the sum over hidden units of exp(-energy), up to a constant: (..., batch)."""
        softplus = tf.reduce_sum(tf.nn.softplus(_inputs_of_hidden(weights, rows)), axis=-1)
        if self.gaussian:
            return tf.reduce_sum((rows - weights.visible) ** 2, axis=-1) / 2 - softplus
        return -tf.reduce_sum(rows * weights.visible, axis=-1) - softplus

    def _gibbs(self, rows, weights=None, draw=None):
        """Return rows after some Gibbs steps; `draw` gives uniform numbers in the shape of units."""
        weights = self._weights() if weights is None else weights
        if draw is None:
            draw = lambda units: keras.random.uniform(tf.shape(units), seed=self.seed_generator)  # noqa: E731
        for _ in range(self.steps):
            hidden = tf.sigmoid(_inputs_of_hidden(weights, rows))
            on = tf.cast(draw(hidden) < hidden, rows.dtype)
            rows = tf.matmul(on, weights.kernel, transpose_b=True) + weights.visible
            rows = rows if self.gaussian else tf.sigmoid(rows)
        return rows

    def compute_output_shape(self, shape):
        """Return (batch, 1 + n_hidden)."""
        return (shape[0], 1 + self.n_hidden)

    def get_config(self):
        """Return what `from_config` needs."""
        how = {"n_hidden": self.n_hidden, "steps": self.steps, "persistent": self.persistent}
        return {**super().get_config(), **how, "gaussian": self.gaussian}


def _inputs_of_hidden(weights, rows):
    return tf.matmul(rows, weights.kernel) + weights.hidden
