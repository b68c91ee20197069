"""A convolution with what stands around it: normalised over the batch or not, then an activation."""

from bineural._tensorflow import keras
from bineural.zoo.parts.hidden_layers import known_activation


class Convolving:
    """How all convolutions of a net are made.

    Parameters
    ----------
    activation : str or None
    normalised : bool
        Normalise over the batch between convolution and activation.
    bias : bool, optional
        Whether convolutions have one; None: those that are not normalised, as the normalisation takes it out.
    penalty : keras.Regularizer or None
        On kernels.
    **normalisation
        Arguments of `keras.layers.BatchNormalization`.
    """

    def __init__(self, activation="relu", normalised=False, bias=None, penalty=None, **normalisation):
        self.activation = known_activation(activation)
        self.normalised, self.normalisation = normalised, normalisation
        self.bias = (not normalised) if bias is None else bias
        self.penalty = penalty

    def __call__(self, x, filters, size, name, *, strides=1, padding="same", groups=1, active=True, **norm):
        """Convolve `x` (batch, height, width, channels) by `filters` filters of `size` pixels on a side.

        `active` False leaves the activation out; `norm` are arguments of this normalisation alone.
        """
        x = keras.layers.Conv2D(
            filters,
            size,
            strides,
            padding,
            groups=groups,
            use_bias=self.bias,
            kernel_regularizer=self.penalty,
            kernel_initializer="he_normal" if self.activation == "relu" else "glorot_uniform",
            name=name,
        )(x)
        if self.normalised:
            x = keras.layers.BatchNormalization(name=f"{name}_normalised", **self.normalisation, **norm)(x)
        return self.activate(x, f"{name}_active") if active else x

    def activate(self, x, name):
        """Apply the activation."""
        return keras.layers.Activation(self.activation, name=name)(x)


def dense_head(x, units, activation, dropout, penalty):
    """Put dense layers on `x`, each with its activation and, with `dropout`, a share of it left out."""
    for i, n in enumerate(units):
        x = keras.layers.Dense(n, kernel_regularizer=penalty, name=f"dense_{i}")(x)
        x = keras.layers.Activation(known_activation(activation), name=f"dense_{i}_active")(x)
        if dropout:
            x = keras.layers.Dropout(dropout, name=f"dropout_{i}")(x)
    return x


def logits(x, n_outputs, penalty):
    """Put the last layer on `x`: (batch, n_outputs) logits in float32."""
    return keras.layers.Dense(n_outputs, kernel_regularizer=penalty, dtype="float32", name="logits")(x)
