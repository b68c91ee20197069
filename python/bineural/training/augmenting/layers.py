"""The layers that change training images, in front of the model that is trained."""

import numpy as np
from keras.src.random.seed_generator import draw_seed

from bineural._tensorflow import keras, tf
from bineural.training.augmenting.registry import find_changes
from bineural.training.augmenting.warping import compose, warp
from bineural.training.philox import philox_normals, philox_uniform

_QUANTILES = 4096


@keras.saving.register_keras_serializable("bineural")
class ChangeImages(keras.layers.Layer):
    """Change images (batch, height, width, channels) at random in training; leave them as they are otherwise.

    Parameters
    ----------
    strengths : dict of str to object
        Strength of each change by its name, as `read_augmentation` returns them.
    centers, scales : sequence of float, optional
        Means and SDs of channels that are standardised by the net itself: the unit of what is painted.
    """

    def __init__(self, strengths, centers=(0.0,), scales=(1.0,), **kwargs):
        super().__init__(**{"dtype": "float32", **kwargs})
        self.strengths, changes = dict(strengths), find_changes()
        self.centers, self.scales = list(map(float, centers)), list(map(float, scales))
        self.moves = [changes[name] for name in self.strengths if changes[name].place]
        self.paints = [changes[name] for name in self.strengths if changes[name].paint]
        self.n_numbers = sum(change.n_numbers for change in (*self.moves, *self.paints))
        self.seed_generator = keras.random.SeedGenerator(0)

    def call(self, x, training=None):
        """Return changed images in training."""
        if not training:
            return x

        def uniform(shape):
            return philox_uniform(draw_seed(self.seed_generator), shape)

        def normal(shape):
            numbers = philox_normals(draw_seed(self.seed_generator)[None], tf.reduce_prod(shape))
            return tf.reshape(numbers[0], shape)

        return self._changed(x, tf.shape(x)[:1], uniform, normal)

    def call_replicas(self, call, x):
        """Return those of each replica (see `training.wide`)."""
        if not call.training:
            return x
        flat = tf.reshape(x, [-1, *x.shape[2:]])

        def draw(shape, normal=False):
            return tf.reshape(call.draw(self.seed_generator, shape, normal), tf.concat([[-1], shape[1:]], 0))

        changed = self._changed(flat, tf.shape(x)[1:2], draw, lambda shape: draw(shape, True))
        return tf.reshape(changed, tf.shape(x))

    def _changed(self, images, n_rows, uniform, normal):
        """Make all changes; `uniform` and `normal` draw numbers of a shape whose first size is `n_rows`."""
        used, numbers = 0, None
        if self.n_numbers:
            numbers = uniform(tf.concat([n_rows, [self.n_numbers]], 0))

        def own(change):
            nonlocal used
            used += change.n_numbers
            return numbers[:, used - change.n_numbers : used]

        height, width, _ = images.shape[1:]
        places = [c.place(own(c), self.strengths[c.name], height, width) for c in self.moves]
        if places:
            turn, move = places[0]
            for then in places[1:]:
                turn, move = compose((turn, move), then)
            images = warp(images, turn, move, all(change.whole for change in self.moves))
        if not self.paints:
            return images
        images = (images - self.centers) / self.scales
        for change in self.paints:
            drawn = own(change) if change.n_numbers else normal(tf.concat([n_rows, images.shape[1:]], 0))
            images = change.paint(images, drawn, self.strengths[change.name])
        return images * self.scales + self.centers

    def compute_output_shape(self, input_shape):
        """Return the shape that comes in."""
        return input_shape

    def get_config(self):
        """Return what `from_config` needs."""
        own = {"strengths": self.strengths, "centers": self.centers, "scales": self.scales}
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable("bineural")
class MixRows(keras.layers.Layer):
    """Holds what mixup needs: the step of training mixes rows and losses by it; the layer does nothing.

    Parameters
    ----------
    strength : float
        Of the Beta(strength, strength) distribution of shares.
    """

    mixes_rows = True

    def __init__(self, strength, **kwargs):
        super().__init__(**{"dtype": "float32", **kwargs})
        self.strength = float(strength)
        self.seed_generator = keras.random.SeedGenerator(0)

    def call(self, x):
        """Return what comes in."""
        return x

    def call_replicas(self, call, x):
        """Return what comes in."""
        return x

    def shares(self, numbers):
        """Return Beta(strength, strength) shares of uniform numbers: their quantiles, linear in between."""
        from scipy.stats import beta

        grid = beta.ppf(np.linspace(0, 1, _QUANTILES + 1), self.strength, self.strength).astype(np.float32)
        place = numbers * _QUANTILES
        low = tf.cast(tf.minimum(tf.floor(place), _QUANTILES - 1), tf.int32)
        below, above = tf.gather(grid, low), tf.gather(grid, low + 1)
        return below + (above - below) * (place - tf.cast(low, tf.float32))

    def compute_output_shape(self, input_shape):
        """Return the shape that comes in."""
        return input_shape

    def get_config(self):
        """Return what `from_config` needs."""
        return {**super().get_config(), "strength": self.strength}
