"""Mixup in a step of training: inputs are mixed with those of the next row, and so are the losses.

Written for a batch of one net and, with an axis in front, of many nets.
"""

from bineural._tensorflow import tf
from bineural.training.philox import philox_uniforms


class Mixing:
    """How a step mixes rows, read from its model.

    Parameters
    ----------
    layer : MixRows
    place : int
        Of the state of its random numbers among what is not trained.
    """

    def __init__(self, layer, place):
        self.layer, self.place = layer, place

    @classmethod
    def of_model(cls, model):
        """Return that of a model, None where it mixes no rows."""
        layers = [layer for layer in model._flatten_layers() if getattr(layer, "mixes_rows", False)]
        if not layers:
            return None
        states = [id(v) for v in model.non_trainable_variables]
        return cls(layers[0], states.index(id(layers[0].seed_generator.state)))

    def __call__(self, fixed, inputs, y, weights, size):
        """Mix each row with the next one of its batch, the last with the first.

        Parameters
        ----------
        fixed : list of tensors
            What is not trained, ([n_nets,] *shape).
        inputs, y : nests of tensors, ([n_nets,] batch, ...)
        weights : tensor, ([n_nets,] batch)
        size : tensor of int32, () or (n_nets,)
            Rows of the batch that are not there to fill it up.

        Returns
        -------
        fixed : list of tensors
        inputs : nest of tensors
            Mixed.
        parts : list of (y, weights)
            The outcomes of the rows that were mixed, with the weight that the loss of each has.
        """
        many, seeds = weights.shape.rank == 2, fixed[self.place]
        n_rows = tf.shape(weights)[-1]
        numbers = philox_uniforms(seeds if many else seeds[None], n_rows)
        share = self.layer.shares(numbers if many else numbers[0])
        size = tf.cast(tf.maximum(size, 1), tf.int32)
        size = size[:, None] if many else size
        partner, here = (tf.range(n_rows) + 1) % size, tf.range(n_rows) < size

        def of_partner(a):
            return tf.gather(a, partner, batch_dims=int(many))

        def mixed(a):
            if not a.dtype.is_floating:
                a = tf.cast(a, tf.float32)
            own = tf.reshape(
                share, tf.concat([tf.shape(share), tf.ones([a.shape.rank - share.shape.rank], tf.int32)], 0)
            )
            return of_partner(a) + own * (a - of_partner(a))

        fixed = list(fixed)
        fixed[self.place] = seeds + tf.constant([0, 1], seeds.dtype)
        others = tf.nest.map_structure(of_partner, y)
        parts = [(y, share * weights), (others, tf.where(here, (1 - share) * of_partner(weights), 0.0))]
        return fixed, tf.nest.map_structure(mixed, inputs), parts
