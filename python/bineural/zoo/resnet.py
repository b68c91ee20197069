"""ResNet: four stages of residual blocks; 18 or 34 layers of two convolutions a block, 50 or more of three.

Shapes: (batch, height, width, n_channels) float32 -> (batch, n_outputs) logits; the paper's images are
224 x 224 x 3. Where a block changes the shape its shortcut is a 1 x 1 convolution. Blocks of three
convolutions halve the sides in the middle one, as is usual now; in the paper the first does.
"""

from bineural._tensorflow import keras
from bineural.checks import choice, flag
from bineural.options import Option
from bineural.zoo.architecture import Architecture, register_architecture
from bineural.zoo.parts.convolving import Convolving, logits
from bineural.zoo.parts.hidden_layers import make_penalty
from bineural.zoo.parts.image_inputs import WIDTH, image_input, scaled
from bineural.zoo.parts.residual_options import IDENTITY_START, RESIDUAL

DEPTHS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}
FILTERS = 64, 128, 256, 512
EXPANSION = 4  # of the channels by the last convolution of three


def build_resnet(
    input_shape,
    n_outputs,
    *,
    activation="relu",
    l1=0.0,
    l2=0.0,
    depth=50,
    residual=True,
    identity_start=False,
    bias=False,
    width=1.0,
):
    """Build a residual net, uncompiled; ResNet-50 has 25,557,032 trained weights at the paper's setting.

    Parameters
    ----------
    input_shape : tuple (height, width, n_channels)
        At least 32 x 32.
    n_outputs : int
    activation : str
    l1, l2 : float
        Penalties on every kernel; l2 is 0.00005 in the paper (a decay of 0.0001).
    depth : {18, 34, 50, 101, 152}
        Layers with weights, without those of shortcuts.
    residual : bool
        False leaves the shortcuts out: the plain net of that depth.
    identity_start : bool
        The last normalisation of each block starts at zero, so that the block begins as its shortcut.
    bias : bool
        Whether convolutions have a bias, as in `keras.applications`; the normalisation takes it out again.
    width : float
        Factor on the numbers of filters.

    Returns
    -------
    keras.Model
    """
    inputs, penalty = image_input("resnet", input_shape, 32), make_penalty(l1, l2)
    convolve = Convolving(activation, True, bias, penalty)
    start = {"gamma_initializer": "zeros"} if identity_start and residual else {}
    x = convolve(inputs, scaled(FILTERS[0], width), 7, "conv", strides=2)
    x = keras.layers.MaxPooling2D(3, 2, padding="same", name="pool")(x)
    for stage, (n_blocks, filters) in enumerate(zip(DEPTHS[depth], FILTERS), 1):
        for k in range(1, n_blocks + 1):
            strides = 2 if stage > 1 and k == 1 else 1
            name, n, before = f"stage_{stage}_{k}", scaled(filters, width), x
            if depth < 50:
                x = convolve(x, n, 3, f"{name}a", strides=strides)
                x = convolve(x, n, 3, f"{name}b", active=False, **start)
            else:
                x = convolve(x, n, 1, f"{name}a")
                x = convolve(x, n, 3, f"{name}b", strides=strides)
                x = convolve(x, EXPANSION * n, 1, f"{name}c", active=False, **start)
            if residual:
                if before.shape != x.shape:
                    before = convolve(
                        before, x.shape[-1], 1, f"{name}_shortcut", strides=strides, active=False
                    )
                x = keras.layers.Add(name=f"{name}_sum")([x, before])
            x = convolve.activate(x, f"{name}_active")
    x = keras.layers.GlobalAveragePooling2D(name="means")(x)
    return keras.Model(inputs, logits(x, n_outputs, penalty), name=f"resnet_{depth}")


register_architecture(
    Architecture(
        "resnet",
        build_resnet,
        inputs=("image",),
        reads=("activation", "l1", "l2"),
        options=(
            Option(
                "depth",
                50,
                choice(*DEPTHS),
                "{18, 34, 50, 101, 152}",
                "Layers with weights.",
                "count",
                range="whole",
            ),
            RESIDUAL,
            IDENTITY_START,
            Option(
                "bias", False, flag(), "bool", "Whether convolutions have a bias, as in Keras' own.", "flag"
            ),
            WIDTH,
        ),
        learning_rate=0.001,
        title="ResNet-18, 34, 50, 101, 152, and plain nets",
        paper="He, Zhang, Ren and Sun. Deep residual learning for image recognition. CVPR.",
        year=2016,
    )
)
