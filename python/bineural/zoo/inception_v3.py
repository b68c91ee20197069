"""Inception-V3: inception modules whose large filters are parted into small and into long, thin ones.

Shapes: (batch, height, width, n_channels) float32 -> (batch, n_outputs) logits; the paper's images are
299 x 299 x 3. 94 convolutions without bias, each normalised over the batch, without a scale of its own.
Differences from the paper: no auxiliary classifier, dropout is an option.
"""

from bineural._tensorflow import keras
from bineural.zoo.architecture import Architecture, register_architecture
from bineural.zoo.parts.convolving import Convolving, logits
from bineural.zoo.parts.hidden_layers import make_penalty
from bineural.zoo.parts.image_inputs import WIDTH, image_input, scaled


def build_inception_v3(input_shape, n_outputs, *, activation="relu", dropout=0.0, l1=0.0, l2=0.0, width=1.0):
    """Build Inception-V3, uncompiled; 23,851,784 weights at the paper's setting, 23,817,352 of them trained.

    Parameters
    ----------
    input_shape : tuple (height, width, n_channels)
        At least 75 x 75.
    n_outputs : int
    activation : str
    dropout : float in [0, 1)
        Of the means of the last maps.
    l1, l2 : float
        Penalties on every kernel.
    width : float
        Factor on the numbers of filters.

    Returns
    -------
    keras.Model
    """
    x = inputs = image_input("inception_v3", input_shape, 75)
    penalty = make_penalty(l1, l2)
    put = _Branches(Convolving(activation, True, penalty=penalty, scale=False), width)
    x = put.chain(x, "stem_1", (32, 3, 2, "valid"), (32, 3, 1, "valid"), (64, 3))
    x = put.chain(put.most(x, "pool_1"), "stem_2", (80, 1, 1, "valid"), (192, 3, 1, "valid"))
    x = put.most(x, "pool_2")
    for name, pooled in (("5b", 32), ("5c", 64), ("5d", 64)):
        x = put.beside(x, name, [(64, 1)], [(48, 1), (64, 5)], [(64, 1), (96, 3), (96, 3)], pooled=pooled)
    x = put.beside(x, "6a", [(384, 3, 2, "valid")], [(64, 1), (96, 3), (96, 3, 2, "valid")])
    for name, n in (("6b", 128), ("6c", 160), ("6d", 160), ("6e", 192)):
        wide, tall = (1, 7), (7, 1)
        twice = [(n, 1), (n, wide), (192, tall)]
        four_times = [(n, 1), (n, tall), (n, wide), (n, tall), (192, wide)]
        x = put.beside(x, name, [(192, 1)], twice, four_times, pooled=192)
    long = [(192, 1), (192, (1, 7)), (192, (7, 1)), (192, 3, 2, "valid")]
    x = put.beside(x, "7a", [(192, 1), (320, 3, 2, "valid")], long)
    for name in ("7b", "7c"):
        fork = {(384, (1, 3)), (384, (3, 1))}
        x = put.beside(x, name, [(320, 1)], [(384, 1), fork], [(448, 1), (384, 3), fork], pooled=192)
    x = keras.layers.GlobalAveragePooling2D(name="means")(x)
    if dropout:
        x = keras.layers.Dropout(dropout, name="dropout")(x)
    return keras.Model(inputs, logits(x, n_outputs, penalty), name="inception_v3")


class _Branches:
    """Chains of convolutions, given as (filters, size, strides, padding), and chains beside each other."""

    def __init__(self, convolve, width):
        self.convolve, self.width = convolve, width

    def most(self, x, name):
        """Halve the sides by the largest of 3 x 3."""
        return keras.layers.MaxPooling2D(3, 2, name=name)(x)

    def chain(self, x, name, *parts):
        """Put convolutions behind each other; a set of two at the end stands beside each other."""
        for i, part in enumerate(parts, 1):
            if isinstance(part, set):
                ends = [
                    self._one(x, f"{name}_{i}{place}", *end)
                    for place, end in zip("ab", sorted(part, key=str))
                ]
                return keras.layers.Concatenate(name=f"{name}_fork")(ends)
            x = self._one(x, f"{name}_{i}", *part)
        return x

    def beside(self, x, name, *chains, pooled=None):
        """Put chains and a pooling beside each other; without `pooled` filters it halves the sides."""
        ends = [self.chain(x, f"inception_{name}_{i}", *parts) for i, parts in enumerate(chains, 1)]
        if pooled is None:
            ends.append(self.most(x, f"inception_{name}_pool"))
        else:
            mean = keras.layers.AveragePooling2D(3, 1, padding="same", name=f"inception_{name}_pool")(x)
            ends.append(self.chain(mean, f"inception_{name}_pooled", (pooled, 1)))
        return keras.layers.Concatenate(name=f"inception_{name}")(ends)

    def _one(self, x, name, filters, size, strides=1, padding="same"):
        return self.convolve(x, scaled(filters, self.width), size, name, strides=strides, padding=padding)


register_architecture(
    Architecture(
        "inception_v3",
        build_inception_v3,
        inputs=("image",),
        reads=("activation", "dropout", "l1", "l2"),
        options=(WIDTH,),
        learning_rate=0.001,
        title="Inception-V3",
        paper="Szegedy, Vanhoucke, Ioffe, Shlens and Wojna. Rethinking the inception architecture for "
        "computer vision. CVPR.",
        year=2016,
    )
)
