"""The last layer of a net that is tuned to another outcome: it alone starts afresh from the net's seed."""

from bineural._tensorflow import keras


@keras.saving.register_keras_serializable("bineural")
class NewLogits(keras.layers.Dense):
    """A dense layer whose weights are drawn by the seed, where all others start from what they have learnt.

    Parameters
    ----------
    units : int
    starts_afresh : bool
        False once it has learnt too.
    """

    def __init__(self, units, starts_afresh=True, **kwargs):
        super().__init__(units, **kwargs)
        self.starts_afresh = bool(starts_afresh)

    def call_replicas(self, call, x):
        """Return the logits of each replica (see `training.wide`)."""
        from bineural.training.wide.dense import dense

        return dense(self, call, x)

    def get_config(self):
        """Return what `from_config` needs."""
        return {**super().get_config(), "starts_afresh": self.starts_afresh}
