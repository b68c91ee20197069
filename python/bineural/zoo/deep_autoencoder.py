"""Deep autoencoder: 1000-500-250 units to the codes and back, as Hinton and Salakhutdinov had it.

Shapes: (batch, n_columns) float32 -> see `parts/codes.py`.
"""

from bineural.zoo.architecture import Architecture, register_architecture
from bineural.zoo.dense_autoencoder import build_dense_autoencoder
from bineural.zoo.parts.code_options import CODE_OPTIONS
from bineural.zoo.parts.image_inputs import WIDTH, scaled

UNITS = 1000, 500, 250


def build_deep_autoencoder(input_shape, n_outputs, *, width=1.0, **options):
    """Build a deep autoencoder, uncompiled; with 30 codes 2,837,314 parameters for 784 columns.

    Parameters
    ----------
    input_shape : tuple (n_columns,)
    n_outputs : int
        Not used: outputs follow from columns and codes.
    width : float
        Factor on the hidden layers' widths.
    **options
        As of `build_dense_autoencoder`, without `units`.

    Returns
    -------
    keras.Model
    """
    units = [scaled(n, width) for n in UNITS]
    return build_dense_autoencoder(input_shape, n_outputs, units=units, **options)


register_architecture(
    Architecture(
        "deep_autoencoder",
        build_deep_autoencoder,
        inputs=("table",),
        reads=("activation", "dropout", "l1", "l2", "batch_normalization"),
        options=(*CODE_OPTIONS, WIDTH),
        learns="rows",
        learning_rate=0.0003,
        title="Deep autoencoder, 1000-500-250",
        paper="Hinton and Salakhutdinov. Reducing the dimensionality of data with neural networks. "
        "Science 313, 504-507.",
        year=2006,
    )
)
