"""What autoencoders share: sampled codes, a learnt noise, and the outputs side by side.

The output of an autoencoder is one row of numbers: the decoded row, the codes (their means), and of a
variational one the logarithms of the codes' variances and of the noise's variance.
"""

from bineural._tensorflow import keras, tf


@keras.saving.register_keras_serializable("bineural")
class SampledCodes(keras.layers.Layer):
    """Draw codes about their means in training, and give the means otherwise.

    The draw is mean + exp(log_variance / 2) * normal, so that gradients reach both (Kingma and Welling 2014).
    """

    def __init__(self, **options):
        super().__init__(**options)
        self.seed_generator = keras.random.SeedGenerator()

    def call(self, inputs, training=False):
        """Return (batch, n_codes) of means and log variances of that shape."""
        mean, log_variance = inputs
        if not training:
            return mean
        noise = keras.random.normal(tf.shape(mean), seed=self.seed_generator)
        return mean + tf.exp(log_variance / 2) * noise

    def call_replicas(self, call, inputs):
        """Do so for many nets at once, each with the numbers that it would draw alone."""
        mean, log_variance = inputs
        if not call.training:
            return mean
        noise = call.draw(self.seed_generator, tf.shape(mean)[1:], normal=True)
        return mean + tf.exp(log_variance / 2) * noise

    def compute_output_shape(self, shapes):
        """Return the shape of the means."""
        return shapes[0]


@keras.saving.register_keras_serializable("bineural")
class LearntNoise(keras.layers.Layer):
    """Give every row the one number that is learnt: the log variance of what decoding leaves unexplained."""

    def build(self, shape):
        """Start from a variance of 1."""
        self.log_variance = self.add_weight(shape=(1,), initializer="zeros", name="log_variance")

    def call(self, x):
        """Return (batch, 1)."""
        return tf.zeros_like(x[:, :1]) + self.log_variance

    def call_replicas(self, call, x):
        """Do so for many nets at once."""
        return tf.zeros_like(x[..., :1]) + call.along(self.log_variance, 3)

    def compute_output_shape(self, shape):
        """Return (batch, 1)."""
        return (shape[0], 1)


def noisy(x, noise):
    """Add normal numbers of this SD in training; nothing for 0."""
    return keras.layers.GaussianNoise(noise, name="noise")(x) if noise else x


def through_codes(inputs, features, decode, n_codes, variational, name):
    """Make the model of a net that decodes codes of features: see the top of this file.

    Parameters
    ----------
    inputs : keras tensor
    features : keras tensor, (batch, n_features)
    decode : callable
        Codes (batch, n_codes) -> (batch, n_values), its last layer named "decoded".
    n_codes : int
    variational : bool
    name : str

    Returns
    -------
    keras.Model
        Of outputs (batch, n_values + n_codes), or of a variational one
        (batch, n_values + 2 * n_codes + 1).
    """
    dense, more = keras.layers.Dense, []
    means = dense(n_codes, name="code_means" if variational else "codes")(features)
    codes = means
    if variational:
        log_variances = dense(n_codes, name="code_log_variances")(features)
        codes = SampledCodes(name="codes")([means, log_variances])
        more = [log_variances]
    decoded = decode(codes)
    if variational:
        more.append(LearntNoise(name="unexplained")(decoded))
    outputs = keras.layers.Concatenate(dtype="float32", name="outputs")([decoded, means, *more])
    return keras.Model(inputs, outputs, name=name)
