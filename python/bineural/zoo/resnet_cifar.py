"""ResNet for small images: three stages of residual blocks; 20, 32, 44, 56, 110 or any 6 n + 2 layers deep.

Shapes: (batch, height, width, n_channels) float32 -> (batch, n_outputs) logits; the paper's images are
32 x 32 x 3. Shortcuts have no parameters ("option A": pixels left out, new channels of zeros). Without the
shortcuts it is the plain net of the same depth, which gets harder to train with depth.
"""

from bineural._tensorflow import keras
from bineural.checks import Check, is_whole
from bineural.options import Option
from bineural.zoo.architecture import Architecture, register_architecture
from bineural.zoo.parts.convolving import Convolving, logits
from bineural.zoo.parts.hidden_layers import make_penalty
from bineural.zoo.parts.image_inputs import WIDTH, image_input, scaled
from bineural.zoo.parts.residual_options import IDENTITY_START, RESIDUAL

FILTERS = 16, 32, 64


def build_resnet_cifar(
    input_shape,
    n_outputs,
    *,
    activation="relu",
    l1=0.0,
    l2=0.0,
    depth=20,
    residual=True,
    identity_start=False,
    width=1.0,
):
    """Build a residual net for small images, uncompiled; 269,722 trained weights at depth 20.

    Parameters
    ----------
    input_shape : tuple (height, width, n_channels)
        At least 4 x 4.
    n_outputs : int
    activation : str
    l1, l2 : float
        Penalties on every kernel; l2 is 0.00005 in the paper (a decay of 0.0001).
    depth : int, 6 n + 2
        Layers with weights.
    residual : bool
        False leaves the shortcuts out.
    identity_start : bool
        The last normalisation of each block starts at zero, so that the block begins as its shortcut.
    width : float
        Factor on the numbers of filters.

    Returns
    -------
    keras.Model
    """
    from bineural.zoo.parts.shortcut import Shortcut

    inputs, penalty = image_input("resnet_cifar", input_shape, 4), make_penalty(l1, l2)
    convolve = Convolving(activation, True, penalty=penalty)
    x = convolve(inputs, scaled(FILTERS[0], width), 3, "conv")
    for stage, filters in enumerate(FILTERS, 1):
        for k in range(1, (depth - 2) // 6 + 1):
            strides = 2 if stage > 1 and k == 1 else 1
            name, n = f"stage_{stage}_{k}", scaled(filters, width)
            before, start = x, {"gamma_initializer": "zeros"} if identity_start and residual else {}
            x = convolve(x, n, 3, f"{name}a", strides=strides)
            x = convolve(x, n, 3, f"{name}b", active=False, **start)
            if residual:
                if before.shape != x.shape:
                    before = Shortcut(n, strides, name=f"{name}_shortcut")(before)
                x = keras.layers.Add(name=f"{name}_sum")([x, before])
            x = convolve.activate(x, f"{name}_active")
    x = keras.layers.GlobalAveragePooling2D(name="means")(x)
    return keras.Model(inputs, logits(x, n_outputs, penalty), name=f"resnet_cifar_{depth}")


def _read_depth(value):
    if not is_whole(value) or value < 8 or (value - 2) % 6:
        raise ValueError
    return int(value)


register_architecture(
    Architecture(
        "resnet_cifar",
        build_resnet_cifar,
        inputs=("image",),
        reads=("activation", "l1", "l2"),
        options=(
            Option(
                "depth",
                20,
                Check(
                    "6 n + 2 layers, with n a whole number of at least 1", _read_depth, "Use 20, 32 or 56."
                ),
                "int, 6 n + 2",
                "Layers with weights: 20, 32, 44, 56, 110, or another 6 n + 2.",
                "count",
                range="whole",
            ),
            RESIDUAL,
            IDENTITY_START,
            WIDTH,
        ),
        learning_rate=0.001,
        title="ResNet-20, 32, 44, 56, 110 for small images, and plain nets",
        paper="He, Zhang, Ren and Sun. Deep residual learning for image recognition. CVPR, section 4.2.",
        year=2016,
    )
)
