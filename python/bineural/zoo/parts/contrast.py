"""The one layer of a restricted Boltzmann machine: what contrastive divergence descends."""

from bineural._tensorflow import keras, tf

N_CHAINS = 100  # that go on from step to step, where they are persistent


@keras.saving.register_keras_serializable("bineural")
class Contrast(keras.layers.Layer):
    """The free energy of rows less that of rows that the machine makes.

    Its gradient is that of contrastive divergence: products of visible units with the probabilities of hidden
    ones, of the rows less of the made rows. Hidden units are drawn on the way, visible ones are probabilities
    (Hinton 2010, A practical guide to training restricted Boltzmann machines).
    """

    def __init__(self, n_hidden, steps=1, persistent=False, **options):
        super().__init__(**options)
        self.n_hidden, self.steps, self.persistent = n_hidden, steps, persistent
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
        hidden = tf.sigmoid(self._inputs_of_hidden(rows))
        if not training:
            return tf.concat([self.free_energy(rows)[:, None], hidden], axis=1)
        made = self.chains if self.persistent else rows
        made = tf.stop_gradient(self._gibbs(made))
        if self.persistent:
            self.chains.assign(made)
        theirs = self.free_energy(made)
        theirs = tf.reduce_mean(theirs) if self.persistent else theirs
        return tf.concat([(self.free_energy(rows) - theirs)[:, None], hidden], axis=1)

    def free_energy(self, rows):
        """Return -log of the sum over hidden units of exp(-energy): (batch,)."""
        softplus = tf.reduce_sum(tf.nn.softplus(self._inputs_of_hidden(rows)), axis=-1)
        return -tf.linalg.matvec(rows, self.visible_bias) - softplus

    def _inputs_of_hidden(self, rows):
        return tf.matmul(rows, self.kernel) + self.hidden_bias

    def _gibbs(self, rows):
        for _ in range(self.steps):
            hidden = tf.sigmoid(self._inputs_of_hidden(rows))
            drawn = keras.random.uniform(tf.shape(hidden), seed=self.seed_generator)
            on = tf.cast(drawn < hidden, rows.dtype)
            rows = tf.sigmoid(tf.matmul(on, self.kernel, transpose_b=True) + self.visible_bias)
        return rows

    def compute_output_shape(self, shape):
        """Return (batch, 1 + n_hidden)."""
        return (shape[0], 1 + self.n_hidden)

    def get_config(self):
        """Return what `from_config` needs."""
        how = {"n_hidden": self.n_hidden, "steps": self.steps, "persistent": self.persistent}
        return {**super().get_config(), **how}
