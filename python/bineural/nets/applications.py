"""Nets of `keras.applications` by name, with the preparation of images that each family was trained with."""

import numpy as np

from bineural._tensorflow import keras
from bineural.errors import InputError
from bineural.messages import near_names
from bineural.nets.pretrained import behind


def application_names():
    """Return the names of the nets that `keras.applications` builds."""
    return sorted(name for name, made in vars(keras.applications).items() if callable(made))


class ApplicationSource:
    """The features of a net of `keras.applications`.

    Parameters
    ----------
    name : str
        "ResNet50", "MobileNetV2", ...
    start : str
        "imagenet", which Keras downloads once, or a file of weights without the last layers.
    unit : float
        Factor that brings the pixels to 0 to 255.
    """

    input_kinds = ("image",)

    def __init__(self, name, start="imagenet", unit=1.0):
        if name not in application_names():
            raise InputError(
                "`net` must be a fitted net, a Keras model, or the name of a net of keras.applications.",
                f"Found {name!r}.",
                near_names(name, application_names()),
            )
        self.name, self.start, self.unit = name, start, float(unit)

    def features(self, input_shape):
        """Return a model from raw images to the means of the last maps."""
        make = getattr(keras.applications, self.name)
        shape = (*input_shape[:2], 3)
        try:
            model = make(weights=None, include_top=False, pooling="avg", input_shape=shape)
        except ValueError as error:
            raise InputError(
                f"Images must be of a size that {self.name} takes.",
                f"Found {input_shape}.",
                _first_line(error),
            ) from None
        self._load(make, model, shape)
        x = inputs = keras.Input(input_shape, name="raw")
        kernel, bias = affine_preparation(self._preparation(), input_shape[-1], self.unit)
        prepare = keras.layers.Conv2D(3, 1, trainable=False, name="prepare")  # learns nothing
        x = prepare(x)
        prepare.set_weights([kernel[None, None], bias])
        return behind(inputs, x, model)

    def _load(self, make, model, shape):
        if self.start != "imagenet":
            try:
                model.load_weights(self.start)
            except Exception as error:  # h5py, zip and Keras raise what they like
                raise InputError(
                    f"`start` must be a file of weights of {self.name} without its last layers.",
                    f"{str(self.start)!r}: {_first_line(error)}",
                    f"Write one by {self.name}(include_top=False).save_weights('name.weights.h5').",
                ) from error
            return
        try:
            trained = make(weights="imagenet", include_top=False, pooling="avg", input_shape=shape)
        except Exception as error:  # of the network, of whatever sort
            raise InputError(
                f"The weights of {self.name} must be in Keras' cache, or be downloaded.",
                _first_line(error),
                "Download them where there is a network, and pass the file as start='path.weights.h5'.",
            ) from error
        model.set_weights(trained.get_weights())

    def _preparation(self):
        made = getattr(keras.applications, self.name)
        module = made.__module__.rsplit(".", 1)[-1]
        return getattr(keras.applications, module).preprocess_input


def affine_preparation(preprocess, n_channels, unit):
    """Return the preparation of images of a family as a linear map of their channels.

    Parameters
    ----------
    preprocess : callable
        `keras.applications.<family>.preprocess_input`.
    n_channels : int
        1 for grey images, which count as equal red, green and blue.
    unit : float
        Factor that comes first.

    Returns
    -------
    kernel : ndarray of float32, shape (n_channels, 3)
    bias : ndarray of float32, shape (3,)
    """
    if n_channels not in (1, 3):
        raise InputError(
            "Nets of keras.applications take images of 1 or 3 channels.", f"Found {n_channels}.", "Pick some."
        )
    probes = np.zeros((4, 1, 1, 3), "float32")
    probes[1:] = 100 * np.eye(3)[:, None, None]
    seen = np.asarray(preprocess(probes)).reshape(4, 3)
    kernel = (seen[1:] - seen[0]) / 100 * unit
    return (kernel if n_channels == 3 else kernel.sum(0, keepdims=True)), seen[0]


def _first_line(error):
    return (str(error).strip() or type(error).__name__).splitlines()[0]
