"""Number embedding: several numbers for each number of a row, so that a net bends where it must.

Piecewise: how much of each piece of a column lies below the number, from 0 to 1 (Gorishniy and others,
NeurIPS 2022). A linear function of the pieces is a continuous function of the column that is straight within
each piece and constant beyond the training rows. Periodic: cosines of learnt frequencies. Each column then
has a linear map of its own to a few units, and keeps the number itself beside them.
"""

import math

from bineural._tensorflow import keras
from bineural.inputs.knots import N_PIECES

N_WAVES = 16
WAVE_SCALE = 0.1  # SD of the frequencies at the start, for columns of SD 1


@keras.saving.register_keras_serializable("bineural")
class Pieces(keras.layers.Layer):
    """How much of each piece lies below a number: (batch, n_columns) -> (batch, n_columns, n_pieces).

    The weight `knots` (n_columns, n_pieces + 1), not trained, has the ends of the pieces; it starts from -3
    to 3 in equal steps, and nets for tables begin with those of the training rows (`inputs/knots.py`).
    An empty piece gives 0. Where `columns` holds positions, only those columns are read.
    """

    def __init__(self, n_pieces=N_PIECES, columns=None, **kwargs):
        super().__init__(**kwargs)
        self.n_pieces, self.columns = int(n_pieces), columns if columns is None else tuple(columns)

    def build(self, input_shape):
        """Make the knots."""

        def even(shape, dtype):
            ends = keras.ops.linspace(-3.0, 3.0, shape[1], dtype=dtype)
            return keras.ops.broadcast_to(ends, shape)

        self.knots = self.add_weight(
            name="knots",
            shape=(count(self, input_shape), self.n_pieces + 1),
            initializer=even,
            trainable=False,
        )
        self.built = True

    def call(self, x):
        """Return the share of each piece that lies below."""
        return below(keras.ops.convert_to_tensor(self.knots), chosen(self, x))

    def call_replicas(self, call, x):
        """Return the shares for each replica (see `training.wide`)."""
        return below(call[self.knots][:, None], chosen(self, x))

    def compute_output_shape(self, input_shape):
        """Return (batch, n_columns, n_pieces)."""
        return (*input_shape[:-1], count(self, input_shape), self.n_pieces)

    def get_config(self):
        """Return what `from_config` needs."""
        return {**super().get_config(), "n_pieces": self.n_pieces, "columns": self.columns}


def count(layer, input_shape):
    """Return how many columns a layer reads."""
    return input_shape[-1] if layer.columns is None else len(layer.columns)


def chosen(layer, x):
    """Return the columns that a layer reads, of x (..., n_columns)."""
    return x if layer.columns is None else keras.ops.take(x, list(layer.columns), axis=-1)


def below(knots, x):
    """Return the share of each piece below `x` (..., n_columns), for knots (..., n_columns, n_pieces + 1)."""
    ops = keras.ops
    begin, width = knots[..., :-1], knots[..., 1:] - knots[..., :-1]
    slope = ops.where(width > 0, 1 / ops.where(width > 0, width, 1), 0)
    return ops.clip((x[..., None] - begin) * slope, 0, 1)


@keras.saving.register_keras_serializable("bineural")
class Waves(keras.layers.Layer):
    """Cosines of each column: (batch, n_columns) -> (batch, n_columns, n_waves), cos(2 pi f x + phase).

    Frequencies start normal with SD `scale`, phases uniform over a whole turn; both are learnt.
    """

    def __init__(self, n_waves=N_WAVES, scale=WAVE_SCALE, columns=None, **kwargs):
        super().__init__(**kwargs)
        self.n_waves, self.scale = int(n_waves), float(scale)
        self.columns = columns if columns is None else tuple(columns)

    def build(self, input_shape):
        """Make frequencies and phases."""
        shape, initializers = (count(self, input_shape), self.n_waves), keras.initializers
        self.frequency = self.add_weight(
            name="frequency", shape=shape, initializer=initializers.RandomNormal(0.0, self.scale)
        )
        self.phase = self.add_weight(
            name="phase", shape=shape, initializer=initializers.RandomUniform(-math.pi, math.pi)
        )
        self.built = True

    def call(self, x):
        """Return the cosines."""
        return _cosine(keras.ops.convert_to_tensor(self.frequency), self.phase, chosen(self, x))

    def call_replicas(self, call, x):
        """Return the cosines for each replica (see `training.wide`)."""
        return _cosine(call[self.frequency][:, None], call[self.phase][:, None], chosen(self, x))

    def compute_output_shape(self, input_shape):
        """Return (batch, n_columns, n_waves)."""
        return (*input_shape[:-1], count(self, input_shape), self.n_waves)

    def get_config(self):
        """Return what `from_config` needs."""
        return {**super().get_config(), "n_waves": self.n_waves, "scale": self.scale, "columns": self.columns}


def _cosine(frequency, phase, x):
    return keras.ops.cos(2 * math.pi * frequency * x[..., None] + phase)
