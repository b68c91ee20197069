"""Level embedding: each level of a category is a learnt point, and a level never seen is the average level.

Codes (batch,) int, 0 for an unseen level, 1 ... n_levels for those of training -> (batch, n_units) float32.
Row 0 is not learnt: it is the mean of the levels' rows, weighted by how often each was seen in training.
"""

import numpy as np

from bineural._tensorflow import keras
from bineural.errors import InputError


@keras.saving.register_keras_serializable("bineural")
class LevelEmbedding(keras.layers.Layer):
    """Look up the row of each level code; code 0 is the training-frequency-weighted mean row.

    Parameters
    ----------
    n_levels : int
        Levels seen in training.
    n_units : int
        Length of a row.
    frequencies : sequence of float, length n_levels, optional
        How often each level was seen; only proportions matter. Equal when None.
    embeddings_initializer, embeddings_regularizer
        As in `keras.layers.Embedding`.
    """

    def __init__(
        self,
        n_levels,
        n_units,
        frequencies=None,
        embeddings_initializer="uniform",
        embeddings_regularizer=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.n_levels, self.n_units = int(n_levels), int(n_units)
        self.frequencies = None if frequencies is None else [float(f) for f in frequencies]
        if self.frequencies is not None and (
            len(self.frequencies) != self.n_levels
            or min(self.frequencies) < 0
            or not sum(self.frequencies) > 0
        ):
            raise InputError(
                "`frequencies` must hold one non-negative number for each level, not all zero.",
                f"Found {self.frequencies} for {self.n_levels} levels.",
                "Pass the counts of the training rows.",
            )
        self.embeddings_initializer = keras.initializers.get(embeddings_initializer)
        self.embeddings_regularizer = keras.regularizers.get(embeddings_regularizer)

    def build(self, input_shape=None):
        """Make the rows, and the frequencies as a weight that is not trained."""
        self.embeddings = self.add_weight(
            name="embeddings",
            shape=(self.n_levels, self.n_units),
            initializer=self.embeddings_initializer,
            regularizer=self.embeddings_regularizer,
        )
        frequencies = np.ones(self.n_levels) if self.frequencies is None else np.asarray(self.frequencies)
        shares = (frequencies / frequencies.sum()).astype("float32")
        self.shares = self.add_weight(
            name="shares",
            shape=(self.n_levels,),
            initializer=lambda shape, dtype: keras.ops.convert_to_tensor(shares, dtype),
            trainable=False,
        )
        self.built = True

    def call(self, codes):
        """Return the rows of `codes`."""
        rows = keras.ops.convert_to_tensor(self.embeddings)
        average = keras.ops.matmul(keras.ops.expand_dims(self.shares, 0), rows)  # (1, n_units)
        return keras.ops.take(keras.ops.concatenate([average, rows]), keras.ops.cast(codes, "int32"), axis=0)

    def call_replicas(self, call, codes):
        """Return the rows of `codes` of each replica (see `training.wide`)."""
        from bineural._tensorflow import tf

        rows, shares = call[self.embeddings], call[self.shares]
        average = tf.matmul(shares[:, None], rows)  # (n_replicas, 1, n_units)
        return tf.gather(tf.concat([average, rows], 1), tf.cast(codes, tf.int32), axis=1, batch_dims=1)

    def compute_output_shape(self, input_shape):
        """Return the shape of the rows of codes of `input_shape`."""
        return (*input_shape, self.n_units)

    def get_config(self):
        """Return what `from_config` needs."""
        return {
            **super().get_config(),
            "n_levels": self.n_levels,
            "n_units": self.n_units,
            "frequencies": self.frequencies,
            "embeddings_initializer": keras.initializers.serialize(self.embeddings_initializer),
            "embeddings_regularizer": keras.regularizers.serialize(self.embeddings_regularizer),
        }
