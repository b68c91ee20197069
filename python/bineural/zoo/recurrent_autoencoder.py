"""Recurrent autoencoder: gated recurrent units read a sequence to its codes, others write it from them.

Shapes: (batch, time, n_features) float32, filled up on the right with `FILL`, behind a mask -> see
`parts/codes.py`; what is decoded has all steps, and those that a sequence does not have cost nothing.
"""

from bineural._tensorflow import keras
from bineural.errors import InputError
from bineural.inputs.filling import FILL
from bineural.zoo.architecture import Architecture, register_architecture
from bineural.zoo.parts.code_options import CODE_OPTIONS
from bineural.zoo.parts.hidden_layers import make_penalty


def build_recurrent_autoencoder(
    input_shape,
    n_outputs,
    *,
    units,
    l1=0.0,
    l2=0.0,
    n_codes=2,
    variational=False,
    noise=0.0,
):
    """Build an autoencoder of sequences, uncompiled.

    Parameters
    ----------
    input_shape : tuple (time, n_features)
    n_outputs : int
        Not used: outputs follow from steps, features and codes.
    units : sequence of int
        Sizes of the states of the layers that read; those that write have the same in reverse.
    l1, l2 : float
        Penalties on kernels and recurrent kernels.
    n_codes : int
    variational : bool
    noise : float

    Returns
    -------
    keras.Model
    """
    from bineural.zoo.parts.codes import noisy, through_codes  # loads TensorFlow

    if not units or len(input_shape) != 2 or None in input_shape:
        raise InputError(
            "The architecture 'recurrent_autoencoder' must have a layer, and rows (time, n_features).",
            f"Found units={tuple(units)} and rows of shape {tuple(input_shape)}.",
            "Use units=32, and sequences of numbers.",
        )
    penalty = make_penalty(l1, l2)
    how = {"kernel_regularizer": penalty, "recurrent_regularizer": penalty}
    length, n_features = input_shape
    inputs = keras.Input((length, n_features), name="steps")
    x = noisy(keras.layers.Masking(mask_value=FILL, name="mask")(inputs), noise)
    for i, width in enumerate(units):
        every = i < len(units) - 1
        x = keras.layers.GRU(width, return_sequences=every, name=f"read_{i}", **how)(x)

    def decode(codes):
        x = keras.layers.RepeatVector(length, name="repeat")(codes)
        for i, width in enumerate(units[::-1]):
            x = keras.layers.GRU(width, return_sequences=True, name=f"write_{i}", **how)(x)
        x = keras.layers.Dense(n_features, name="written")(x)
        return keras.layers.Flatten(name="decoded")(x)

    return through_codes(inputs, x, decode, n_codes, variational, "recurrent_autoencoder")


register_architecture(
    Architecture(
        "recurrent_autoencoder",
        build_recurrent_autoencoder,
        inputs=("padded",),
        reads=("units", "l1", "l2"),
        options=CODE_OPTIONS,
        learns="rows",
        units_by_rows=((0, (32,)),),
        learning_rate=0.005,
        title="Recurrent autoencoder",
        paper="Srivastava, Mansimov and Salakhutdinov. Unsupervised learning of video representations using "
        "LSTMs. ICML, 843-852.",
        year=2015,
    )
)
