"""Builders of nets that have learnt before: the features of a net, and a new last layer behind them."""

import numpy as np

from bineural._tensorflow import keras
from bineural.errors import InputError
from bineural.messages import near_names
from bineural.nets.features import last_hidden
from bineural.training.blueprint import rebuild


class Tuned:
    """A builder `(input_shape, n_outputs) -> keras.Model` of a net with features that were learnt before.

    Parameters
    ----------
    source : FittedSource or ApplicationSource
        Has `features(input_shape)`: a model of raw rows; `name`; and `input_kinds`, the kinds of rows that it
        takes, none for any.
    freeze : "features", int, or sequence of str
        Layers that stay as they are: those of maps (all where there are none), the first so many that have
        weights, or those of these names.
    """

    keeps_weights = True  # what it builds starts from the weights that it has, the last layer apart

    def __init__(self, source, freeze):
        self.source, self.freeze, self.input_kinds = source, freeze, source.input_kinds
        self.__name__ = f"tuned_{source.name}"

    def __call__(self, input_shape, n_outputs):
        """Return the features, frozen as asked for, and a new last layer behind them."""
        from bineural.zoo.parts.new_logits import NewLogits

        features = self.source.features(tuple(input_shape))
        x = features.outputs[0]
        x = x if len(x.shape) == 2 else keras.layers.GlobalAveragePooling2D(name="means")(x)
        head = NewLogits(n_outputs, dtype="float32", name="new_logits")
        model = keras.Model(features.inputs[0], head(x), name=self.__name__)
        freeze_layers(model, self.freeze)
        return model


class Continued:
    """A builder of a net that goes on from the weights of another fit, with other layers frozen.

    Parameters
    ----------
    model : keras.Model
    freeze, input_kinds : as of `Tuned`
    """

    keeps_weights = True

    def __init__(self, model, freeze, input_kinds=()):
        self.model, self.freeze, self.input_kinds, self.__name__ = model, freeze, input_kinds, model.name

    def __call__(self, input_shape, n_outputs):
        """Return a copy of the model, frozen as asked for."""
        model = copy_of(self.model)
        for layer in model.layers:
            layer.trainable = True
            if hasattr(layer, "starts_afresh"):
                layer.starts_afresh = False
        freeze_layers(model, self.freeze)
        return model


class FittedSource:
    """The features of a fitted net, or of a Keras model with weights.

    Parameters
    ----------
    model : keras.Model
    centers, scales : ndarray of float, shape (n_channels,), or None
        By which the model's rows were standardised.
    kind : str, optional
        Of the rows that it has learnt from. None: images where the model takes grey or coloured ones.
    """

    def __init__(self, model, centers=None, scales=None, kind=None):
        self.model, self.centers, self.scales, self.name = model, centers, scales, model.name
        taken = model.inputs[0].shape if kind is None and getattr(model, "inputs", None) else ()
        if len(taken) == 4 and taken[-1] in (1, 3):
            kind = "image"
        self.input_kinds = () if kind is None else (kind,)

    def features(self, input_shape):
        """Return a model from raw rows to what the last layer with weights took."""
        model = copy_of(self.model)
        taken = tuple(model.inputs[0].shape[1:])
        if len(taken) != len(input_shape) or any(a not in (None, b) for a, b in zip(taken, input_shape)):
            raise InputError(
                "Rows must have the shape that the net has learnt from.",
                f"It has learnt from {taken}; these have {input_shape}.",
                "Resize them.",
            )
        part = keras.Model(model.inputs, last_hidden(model))
        if self.centers is None:
            return part
        x = inputs = keras.Input(input_shape, name="raw")
        variance = np.asarray(self.scales, float) ** 2
        x = keras.layers.Normalization(mean=self.centers, variance=variance, name="standardise")(x)
        return behind(inputs, x, part)


def behind(inputs, x, part):
    """Return a model from `inputs` that puts the layers of a functional model on `x`, one by one."""
    flat = keras.Model(inputs, part._run_through_graph([x], operation_fn=lambda operation: operation))
    return copy_of(flat)


def copy_of(model):
    """Return a copy of a functional or sequential model, with its weights."""
    copied, noted = rebuild(model)
    if noted is None or not getattr(copied, "outputs", None):
        raise InputError(
            "A net that is tuned must be a functional or sequential Keras model that Keras can copy.",
            f"{model.name!r} is not.",
            "Build it by keras.Model(inputs, outputs) of Keras' own layers.",
        )
    copied.set_weights(model.get_weights())
    return copied


def freeze_layers(model, freeze):
    """Freeze layers of a model; the last one with weights is trained in any case.

    Raises
    ------
    InputError
        If there is no layer of a name, or there are fewer layers.
    """
    learning = [layer for layer in learning_layers(model) if not hasattr(layer, "starts_afresh")]
    names = [layer.name for layer in learning]
    if freeze == "features":
        of_maps = [layer.name for layer in learning if makes_maps(layer)]
        freeze = of_maps or names
    if isinstance(freeze, int):
        if freeze > len(learning):
            raise InputError(
                f"`freeze` must be at most {len(learning)}, the layers with weights before the last.",
                f"Found {freeze}.",
                "Use freeze='features' for all that make maps.",
            )
        frozen = names[:freeze]
    else:
        frozen = list(freeze)
        for name in frozen:
            if name not in names:
                raise InputError(
                    "`freeze` must name layers with weights before the last.",
                    f"Found {name!r}.",
                    near_names(name, names),
                )
    for layer in learning:
        if layer.name in frozen:
            layer.trainable = False


def learning_layers(model):
    """Return the layers of a model that have weights, inside nested models too, in their order."""
    layers = []
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            layers += learning_layers(layer)
        elif layer.weights:
            layers.append(layer)
    return layers


def makes_maps(layer):
    """Say whether a layer's output has more axes than those of rows and of numbers."""
    try:
        return len(layer.output.shape) > 2
    except (AttributeError, ValueError):  # called many times, or never
        return False
