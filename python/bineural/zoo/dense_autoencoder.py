"""Dense autoencoder: hidden layers to the codes, and the same widths in reverse back to the row.

Shapes: (batch, n_columns) float32 -> see `parts/codes.py`.
"""

from bineural._tensorflow import keras
from bineural.zoo.architecture import Architecture, register_architecture
from bineural.zoo.parts.code_options import CODE_OPTIONS
from bineural.zoo.parts.hidden_layers import make_penalty, stack_hidden


def build_dense_autoencoder(
    input_shape,
    n_outputs,
    *,
    units,
    activation="elu",
    dropout=0.0,
    l1=0.0,
    l2=0.0,
    batch_normalization=False,
    n_codes=2,
    variational=False,
    noise=0.0,
):
    """Build an autoencoder of dense layers, uncompiled; without hidden layers it is linear, as PCA is.

    Parameters
    ----------
    input_shape : tuple (n_columns,)
    n_outputs : int
        Not used: outputs follow from columns and codes.
    units : sequence of int
        Hidden layers on the way to the codes; those on the way back have the same widths in reverse.
    activation : str
    dropout : float in [0, 1)
    l1, l2 : float
        Penalties on the hidden layers' kernels.
    batch_normalization : bool
    n_codes : int
    variational : bool
    noise : float

    Returns
    -------
    keras.Model
    """
    from bineural.zoo.parts.codes import noisy, through_codes  # loads TensorFlow

    inputs = keras.Input(input_shape, name="columns")
    how = activation, dropout, make_penalty(l1, l2), batch_normalization
    features = stack_hidden(noisy(inputs, noise), units, *how)

    def decode(codes):
        x = stack_hidden(codes, units[::-1], *how, prefix="back_")
        return keras.layers.Dense(input_shape[0], name="decoded")(x)

    return through_codes(inputs, features, decode, n_codes, variational, "dense_autoencoder")


register_architecture(
    Architecture(
        "dense_autoencoder",
        build_dense_autoencoder,
        inputs=("table",),
        reads=("units", "activation", "dropout", "l1", "l2", "batch_normalization"),
        options=CODE_OPTIONS,
        learns="rows",
        units_by_rows=((0, (64, 32)), (1000, (128, 64))),
        batch_by_rows=((0, 8), (1000, 32)),
        learning_rate=0.001,
        title="Dense autoencoder",
        paper="Hinton and Salakhutdinov. Reducing the dimensionality of data with neural networks. "
        "Science 313, 504-507.",
        year=2006,
    )
)
