"""A Keras model as a plan: how its variables are laid out and how each of them starts from a seed.

While a model is built, the initializer of every variable is noted; later the same variables are drawn again
for any seed, without building the model again. So initial weights depend on the seed and on the variable's
position, and on nothing that happened before in the process.
"""

import contextlib
import inspect
import json
import re
import warnings

import numpy as np
from keras.src.utils.naming import to_snake_case

from bineural._tensorflow import keras
from bineural.errors import InputError
from bineural.keras_building import keep_random, watching_variables
from bineural.training.adapting_layers import adapted_key, learnt_by_adapting, pass_on
from bineural.training.device import Cache, on_device
from bineural.training.initial_weights import each_initial_value
from bineural.training.layouts import Layout, inner_operations

_plans = Cache(32)


class Blueprint:
    """A model to be trained many times.

    Attributes
    ----------
    model : keras.Model
        The layout; its own weights are never changed.
    key : hashable
        Equal for plans that compile to the same graph.
    starts : list
        For each of `model.variables`: an initializer, or None to start from `kept`.
    kept : list of ndarray or None
        Values for the variables that are not drawn; None for the others.
    source : keras.Model
        The model that was given or built; it may be compiled.
    layout : Layout
        Facts about the model.
    """

    def __init__(self, model, key, starts, kept, source=None, layout=None):
        self.model, self.key, self.starts = model, key, starts
        self.source = model if source is None else source
        self.layout = Layout(model) if layout is None else layout
        drawn = [start is not None and not random for start, random in zip(starts, self.layout.random)]
        self.kept = [None if is_drawn else value for is_drawn, value in zip(drawn, kept)]

    @classmethod
    def from_builder(cls, builder, *args, key=None, **options):
        """Make the plan of the model that `builder(*args, **options)` returns.

        With a hashable `key` that tells everything about the model, an equal plan is made only once.
        """

        def make():
            _check_arguments(builder, args, options)
            own = contextlib.nullcontext() if key is None else keep_random()  # a user's builder may draw
            with on_device(None), _noted_initializers() as noted, own:
                model = builder(*args, **options)
            _check_model(model, builder)
            identity = key if key is not None else _config_key(model)
            return cls(model, ("built", identity), _starts(model, noted), _values(model))

        return make() if key is None else _plans.get(("built", key), make)

    @classmethod
    def from_model(cls, model, keep_weights=False):
        """Make the plan of a model that exists.

        Weights start afresh from the seed, except in frozen layers (`trainable = False`) and layers that have
        adapted to data (`Normalization`), which keep what they have. With `keep_weights` all keep it, and so
        does a model that Keras can't build again from its configuration.

        Parameters
        ----------
        model : keras.Model
            Built, compiled or not. It is not changed.
        keep_weights : bool
            Layers with a true attribute `starts_afresh` do not.
        """
        _check_model(model, None)
        key = _config_key(model)
        copy, noted, layout = _plans.get(("rebuilt", key), lambda: _rebuilt(model))
        starts = [None] * len(model.variables)
        if noted is not None:
            redrawn = _begun_afresh(model) if keep_weights else _redrawn(model)
            starts = [s if again else None for s, again in zip(_starts(copy, noted), redrawn)]
        return cls(copy, ("rebuilt", key), starts, _values(model), model, layout)

    def starting_from(self, values):
        """Return the same plan with other fixed starting values.

        Parameters
        ----------
        values : dict of str to array
            By the path of the variable in `model` ("layer/variable").
        """
        starts, kept = list(self.starts), list(self.kept)
        for i, variable in enumerate(self.model.variables):
            if variable.path in values:
                starts[i], kept[i] = None, np.asarray(values[variable.path], variable.dtype)
        return Blueprint(self.model, self.key, starts, kept, self.source, self.layout)

    def initial_values(self, seed):
        """Return the starting values of `model.variables` for one seed, as arrays.

        Parameters
        ----------
        seed : int

        Returns
        -------
        list of ndarray
            Random generators inside layers (dropout) get a state of their own from the same seed.
        """
        return [value[0] for value in each_initial_value([self], [seed])]

    def split(self, values):
        """Part values of `model.variables` into (trainable, the rest), as `stateless_call` takes them."""
        return tuple([values[i] for i in part] for part in (self.layout.trainable, self.layout.fixed))

    def weights_from(self, trainable, fixed):
        """Put the two parts in the order of `model.get_weights()`, which has no random states."""
        value = dict(zip((*self.layout.trainable, *self.layout.fixed), (*trainable, *fixed)))
        return [value[i] for i in self.layout.weights]

    def values_from(self, weights):
        """Return values of `model.variables` from weights in the order of `model.get_weights()`."""
        value = dict(zip(self.layout.weights, weights, strict=True))
        return [value.get(i, kept) for i, kept in enumerate(self.kept)]


def mode(model, training):
    """Return the `training` argument for a call of the model: nothing where it takes none, as in Keras."""
    return {"training": training} if model._call_has_training_arg else {}


@contextlib.contextmanager
def _noted_initializers():
    """Note id(variable) -> initializer for every variable made inside the block."""
    noted = {}
    with watching_variables(lambda variable, initializer: noted.__setitem__(id(variable), initializer)):
        yield noted


def _starts(model, noted):
    return [noted.get(id(v)) for v in model.variables]


def _values(model):
    return [np.asarray(v) for v in model.variables]


def rebuild(model):
    """Return (an equal new model, its initializers), or (the model itself, None) where Keras can't."""
    for again_from in (_from_configuration, _from_layers):
        try:
            with on_device(None), _noted_initializers() as noted, warnings.catch_warnings(), keep_random():
                warnings.simplefilter("ignore")  # about reading lambdas from a file; nothing is read here
                again = again_from(model)
                pass_on(learnt_by_adapting(model), again)
        except Exception:  # a subclassed model without a configuration may raise anything
            continue
        same = [v.shape for v in again.variables] == [v.shape for v in model.variables]
        if same and type(again) is type(model):
            return again, noted
    return model, None


def _rebuilt(model):
    """Return what `rebuild` does, and the layout; none for a model that stays the user's and may change."""
    copy, noted = rebuild(model)
    return copy, noted, None if noted is None else Layout(copy)


def _from_configuration(model):
    again = type(model).from_config(model.get_config())
    if not again.built:
        again(keras.ops.zeros((1, *model.get_build_config()["input_shape"][1:])))
    return again


def _from_layers(model):
    """Copy layer by layer, for lambdas, which Keras does not read from a configuration."""

    def copied(layer):
        lambda_layer = isinstance(layer, keras.layers.Lambda)
        return layer if lambda_layer else type(layer).from_config(layer.get_config())

    return keras.models.clone_model(model, clone_function=copied)


def _redrawn(model):
    """Say for each variable whether its layer learns it (frozen and adapted layers keep theirs)."""
    keeps = set()
    for layer in model._flatten_layers(include_self=False):
        if not layer.trainable or hasattr(layer, "adapt"):
            keeps.update(id(v) for v in layer.variables)
    return [id(v) not in keeps for v in model.variables]


def _begun_afresh(model):
    """Say for each variable whether its layer starts afresh where the others keep their weights."""
    fresh = [layer for layer in model._flatten_layers() if getattr(layer, "starts_afresh", False)]
    again = {id(v) for layer in fresh for v in layer.variables}
    return [id(v) in again for v in model.variables]


def _config_key(model):
    """Return what tells the graph of a model: its configuration and the classes of its layers."""
    layers = list(model._flatten_layers())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about reading lambdas from a file; nothing is read here
            config = model.get_config()
        text = json.dumps(
            _without_counters(config, [*layers, *inner_operations(layers)]), sort_keys=True, default=repr
        )
        text += adapted_key(learnt_by_adapting(model))
    except (NotImplementedError, TypeError, ValueError):
        return model  # itself; the cache keeps it alive
    kinds = tuple(type(layer) for layer in layers)
    frozen = tuple(bool(v.trainable) for v in model.variables)
    return text, kinds, frozen, len(model.trainable_variables)


def _without_counters(config, operations):
    """Return a configuration in which names that Keras made up (dense_7) count from 0 in this model.

    Operations outside of layers have such names too (x + y, and what masks are made by), and the two layers
    of a bidirectional one.
    """
    names = {}
    for operation in operations:
        kind = to_snake_case(type(operation).__name__)
        if re.fullmatch(rf"(forward_|backward_)?{kind}(_\d+)?", operation.name):
            names.setdefault(operation.name, f"{kind}:{len(names)}")

    def renamed(part):
        if isinstance(part, dict):
            return {
                k: names.get(v, v) if k == "name" and _is_text(v) else renamed(v) for k, v in part.items()
            }
        if not isinstance(part, (list, tuple)):
            return part
        part = [renamed(p) for p in part]
        link = len(part) == 3 and _is_text(part[0]) and [type(n) for n in part[1:]] == [int, int]
        return [names.get(part[0], part[0]), *part[1:]] if link else part  # (layer, call, output)

    return renamed(config)


def _is_text(value):
    return isinstance(value, str)


def _check_arguments(builder, args, options):
    """Refuse a builder that can't be called so, before it is called: its own errors stay its own."""
    try:
        parameters = inspect.signature(builder)
    except (TypeError, ValueError):  # some callables tell nothing
        return
    try:
        parameters.bind(*args, **options)
    except TypeError as error:
        raise InputError(
            "`architecture` must be a function of (input_shape, n_outputs).",
            f"Found one of {parameters}: {error}.",
            "Write def builder(input_shape, n_outputs), and return a keras.Model.",
        ) from None


def _check_model(model, builder):
    if not isinstance(model, keras.Model):
        raise InputError(
            "`architecture` must be a Keras model or a function that returns one.",
            f"Found {type(model).__name__}."
            if builder is None
            else f"Yours returned {type(model).__name__}.",
            "Return an uncompiled keras.Model.",
        )
    if not model.built:
        raise InputError(
            "A model must know its input shape before it is trained.",
            f"{model.name!r} is not built.",
            "Begin it with keras.Input(shape), or call model.build((None, n_features)).",
        )
