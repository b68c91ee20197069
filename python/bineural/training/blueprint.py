"""A Keras model as a plan: how its variables are laid out and how each of them starts from a seed.

While a model is built, the initializer of every variable is noted; later the same variables are drawn again
for any seed, without building the model again. So initial weights depend on the seed and on the variable's
position, and on nothing that happened before in the process.
"""

import contextlib
import json
import threading

import numpy as np

from bineural._tensorflow import keras
from bineural.errors import InputError
from bineural.training.cache import Cache
from bineural.training.seeds import stream_seed

_plans = Cache(32)
_CONSTANT = (keras.initializers.Zeros, keras.initializers.Ones, keras.initializers.Constant)
_spying = threading.RLock()


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
        Values for the variables that are not drawn.
    """

    def __init__(self, model, key, starts, kept):
        self.model, self.key, self.starts, self.kept = model, key, starts, kept

    @classmethod
    def from_builder(cls, builder, *args, key=None, **options):
        """Make the plan of the model that `builder(*args, **options)` returns.

        With a hashable `key` that tells everything about the model, an equal plan is made only once.
        """

        def make():
            with _noted_initializers() as noted:
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
        """
        _check_model(model, None)
        key = _config_key(model)
        layout, noted = _plans.get(("rebuilt", key), lambda: _rebuild(model))
        starts = [None] * len(model.variables)
        if noted is not None and not keep_weights:
            redrawn = _redrawn(model)
            starts = [s if again else None for s, again in zip(_starts(layout, noted), redrawn)]
        return cls(layout, ("rebuilt", key), starts, _values(model))

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
        return Blueprint(self.model, self.key, starts, kept)

    def initial_values(self, seed, drawn=None):
        """Return the starting values of `model.variables` for one seed, as arrays.

        Parameters
        ----------
        seed : int
        drawn : dict, optional
            Keeps what does not depend on the seed between calls with seeds of one stack.

        Returns
        -------
        list of ndarray
            Random generators inside layers (dropout) get a state of their own from the same seed.
        """
        return [
            self._initial_value(i, variable, start, seed, {} if drawn is None else drawn)
            for i, (variable, start) in enumerate(zip(self.model.variables, self.starts))
        ]

    def _initial_value(self, i, variable, start, seed, drawn):
        if is_random_state(variable):
            return np.array([stream_seed(seed, "dropout", i), 0], dtype=np.asarray(self.kept[i]).dtype)
        if start is None:
            return self.kept[i]
        if hasattr(start, "seed") and hasattr(start, "get_config"):
            config = {**start.get_config(), "seed": stream_seed(seed, "weights", i)}
            start = type(start).from_config(config)
        elif isinstance(start, _CONSTANT):
            key = i, id(start)
            if key not in drawn:
                drawn[key] = np.asarray(start(tuple(variable.shape), dtype=variable.dtype))
            return drawn[key]
        return np.asarray(start(tuple(variable.shape), dtype=variable.dtype))

    def split(self, values):
        """Part values of `model.variables` into (trainable, the rest), as `stateless_call` takes them."""
        value = {id(v): x for v, x in zip(self.model.variables, values)}
        parts = self.model.trainable_variables, self.model.non_trainable_variables
        return tuple([value[id(v)] for v in part] for part in parts)

    def join(self, trainable, fixed):
        """Put the two parts back in the order of `model.variables`."""
        value = {id(v): x for v, x in zip(self.model.trainable_variables, trainable)}
        value.update({id(v): x for v, x in zip(self.model.non_trainable_variables, fixed)})
        return [value[id(v)] for v in self.model.variables]

    def weights_from(self, values):
        """Return values of `model.variables` in the order of `model.get_weights()`, without random states."""
        value = {id(v): x for v, x in zip(self.model.variables, values)}
        return [value[id(v)] for v in self.model.weights]

    def values_from(self, weights):
        """Return values of `model.variables` from weights in the order of `model.get_weights()`."""
        value = {id(v): x for v, x in zip(self.model.weights, weights, strict=True)}
        return [value.get(id(v), kept) for v, kept in zip(self.model.variables, self.kept)]


def is_random_state(variable):
    """Say whether a variable is the state of a random generator inside a layer."""
    return variable.name == "seed_generator_state"


@contextlib.contextmanager
def _noted_initializers():
    """Note id(variable) -> initializer for every variable made inside the block (Keras' private name)."""
    noted, original = {}, keras.Variable._initialize_with_initializer

    def note(variable, initializer):
        noted[id(variable)] = initializer
        return original(variable, initializer)

    with _spying:
        keras.Variable._initialize_with_initializer = note
        try:
            yield noted
        finally:
            keras.Variable._initialize_with_initializer = original


def _starts(model, noted):
    return [noted.get(id(v)) for v in model.variables]


def _values(model):
    return [np.asarray(v) for v in model.variables]


def _rebuild(model):
    """Return (an equal new model, its initializers), or (the model itself, None) where Keras can't."""
    try:
        with _noted_initializers() as noted:
            again = type(model).from_config(model.get_config())
            if not again.built:
                again(keras.ops.zeros((1, *model.get_build_config()["input_shape"][1:])))
    except Exception:  # a subclassed model without a configuration may raise anything
        return model, None
    same = [v.shape for v in again.variables] == [v.shape for v in model.variables]
    return (again, noted) if same else (model, None)


def _redrawn(model):
    """Say for each variable whether its layer learns it (frozen and adapted layers keep theirs)."""
    keeps = set()
    for layer in model._flatten_layers(include_self=False):
        if not layer.trainable or hasattr(layer, "adapt"):
            keeps.update(id(v) for v in layer.variables)
    return [id(v) not in keeps for v in model.variables]


def _config_key(model):
    """Return what tells the graph of a model: its configuration and the classes of its layers."""
    try:
        text = json.dumps(model.get_config(), sort_keys=True, default=repr)
    except (NotImplementedError, TypeError, ValueError):
        return model  # itself; the cache keeps it alive
    kinds = tuple(type(layer) for layer in model._flatten_layers())
    frozen = tuple(bool(v.trainable) for v in model.variables)
    return text, kinds, frozen, len(model.trainable_variables)


def _check_model(model, builder):
    if not isinstance(model, keras.Model):
        raise InputError(
            "`architecture` must be a Keras model or a function that returns one.",
            f"Found {type(model).__name__}" + ("." if builder is None else f" from {builder!r}."),
            "Return an uncompiled keras.Model.",
        )
    if not model.built:
        raise InputError(
            "A model must know its input shape before it is trained.",
            f"{model.name!r} is not built.",
            "Begin it with keras.Input(shape), or call model.build((None, n_features)).",
        )
