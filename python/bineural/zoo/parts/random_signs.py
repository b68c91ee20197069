"""Weights that start as -1 or 1, each as likely as the other."""

from bineural._tensorflow import keras


@keras.saving.register_keras_serializable("bineural")
class RandomSigns(keras.initializers.Initializer):
    """Draw -1 or 1.

    Parameters
    ----------
    seed : int, optional
    """

    def __init__(self, seed=None):
        self.seed = keras.initializers.RandomUniform(seed=seed).seed

    def __call__(self, shape, dtype=None):
        """Return an array of -1 and 1."""
        uniform = keras.initializers.RandomUniform(-1.0, 1.0, seed=self.seed)(shape, dtype=dtype)
        return keras.ops.where(uniform < 0, -keras.ops.ones_like(uniform), keras.ops.ones_like(uniform))

    def get_config(self):
        """Return what `from_config` needs."""
        return {"seed": self.seed}
