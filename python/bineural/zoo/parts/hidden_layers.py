"""Hidden layers of dense units, their activation and their penalty."""

from bineural._tensorflow import keras
from bineural.errors import InputError


def stack_hidden(x, units, activation, dropout, penalty, batch_normalization, prefix=""):
    """Put the hidden layers on `x`: (batch, anything) -> (batch, units[-1]); names begin with `prefix`."""
    for i, width in enumerate(units):
        x = keras.layers.Dense(
            width, use_bias=not batch_normalization, kernel_regularizer=penalty, name=f"{prefix}hidden_{i}"
        )(x)
        if batch_normalization:
            x = keras.layers.BatchNormalization(name=f"{prefix}normalise_{i}")(x)
        x = keras.layers.Activation(known_activation(activation), name=f"{prefix}activation_{i}")(x)
        if dropout:
            x = keras.layers.Dropout(dropout, name=f"{prefix}dropout_{i}")(x)
    return x


def known_activation(activation):
    """Return the activation, or say that Keras has none of that name."""
    try:
        keras.activations.get(activation)
    except ValueError:
        raise InputError(
            "`activation` must be the name of a Keras activation.",
            f"Found {activation!r}.",
            "Use for example 'relu', 'tanh', 'gelu' or 'selu'.",
        ) from None
    return activation


def make_penalty(l1, l2):
    """Return the Keras regulariser of two strengths, or None when both are 0."""
    return keras.regularizers.L1L2(l1, l2) if l1 or l2 else None
