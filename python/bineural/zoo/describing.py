"""Describe an architecture by building it: its layers, their shapes and parameters, and their graph."""

from __future__ import annotations

import collections
import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bineural._tensorflow import keras
from bineural._typing import KerasModel
from bineural.checks import checked, is_whole, whole
from bineural.errors import InputError
from bineural.zoo.architecture import as_architecture
from bineural.zoo.description import ArchitectureDescription

LARGEST = 2**53  # size of an axis: the whole numbers that R can count


@checked(n_outputs=whole(1, hint="Pass 1 for two classes or a number, else the number of classes."))
def describe_architecture(
    architecture: str | KerasModel | Callable[..., KerasModel],
    input_shape: int | Sequence[Any] | Mapping[str, Any],
    n_outputs: int = 1,
    **options: Any,
) -> ArchitectureDescription:
    """Describe an architecture: its layers, their shapes and parameters.

    Parameters
    ----------
    architecture : str, keras.Model or callable
        A name that `list_architectures` has, a Keras model, or a builder
        `(input_shape, n_outputs) -> keras.Model`.
    input_shape : int, sequence of int, or list or dict of them
        Shape of one row, such as 3 or (28, 28, 1); None in it for a length that varies. A list, or a dict by
        name, for a model of several inputs. None: that of a Keras model that is built.
    n_outputs : int, default 1
        One logit for two classes or a number, else one for each class; a Keras model has its own.
    **options
        Options of the architecture, such as `units`; `level_counts`, the levels of each category that comes
        as codes; and `vocabulary`, how many numbers the words of a text have.

    Returns
    -------
    ArchitectureDescription
        With `table`: layer, kind, output_shape, receptive_field (of images), trainable, parameters;
        `parameters`, `trainable`; `plot()`.

    Raises
    ------
    InputError
        If there is no such architecture or option, or it can't be built for this shape.

    Notes
    -----
    An architecture of the zoo is built without its weights, so that a large one takes no memory; a builder of
    your own is called as it is. A Keras model is left as it is. A layer that holds others is one row. Where a
    model's class has a `call` of its own, its layers are listed, and their shapes and graph can't be told.

    Examples
    --------
    >>> import bineural as bn
    >>> print(bn.describe_architecture("mlp", input_shape=3, units=(16, 8)))
    mlp: Multilayer perceptron
    (batch, 3) -> (batch, 1)
    <BLANKLINE>
    layer         kind        output shape  trainable  parameters
    matrix        InputLayer  (batch, 3)            0           0
    hidden_0      Dense       (batch, 16)          64          64
    activation_0  Activation  (batch, 16)           0           0
    hidden_1      Dense       (batch, 8)          136         136
    activation_1  Activation  (batch, 8)            0           0
    logits        Dense       (batch, 1)            9           9
    <BLANKLINE>
    209 parameters, all trainable
    """
    from bineural.keras_building import keep_random
    from bineural.training.device import on_device

    record = as_architecture(architecture)
    shape = _read_shape(input_shape)
    with on_device(None), keep_random(), _names_counted_afresh():
        model = _build(record, shape, n_outputs, options)
        return _describe(record, model, shape)


def _read_shape(given):
    """Return the shape of one row as a tuple; a list or dict of tuples for several inputs; or None."""
    if given is None:
        return None
    if isinstance(given, dict) and given:
        return {name: _one_shape(shape) for name, shape in given.items()}
    if isinstance(given, (list, tuple)) and given and all(isinstance(part, (list, tuple)) for part in given):
        return [_one_shape(shape) for shape in given]
    return _one_shape(given)


def _one_shape(given):
    sizes = [given] if is_whole(given) else given
    named = isinstance(sizes, (str, bytes, dict)) or not hasattr(sizes, "__iter__")
    if named or not all(size is None or (is_whole(size) and 1 <= size <= LARGEST) for size in sizes):
        raise InputError(
            "`input_shape` must hold the size of each axis of one row: whole numbers up to 2**53, or None.",
            f"Found {given!r}.",
            "Pass for example 3, or (28, 28, 1); the rows themselves are no axis of a row.",
        )
    return tuple(None if size is None else int(size) for size in sizes)


def _build(record, shape, n_outputs, options):
    if record.model is not None:
        record.own_options(options)
        return _built_copy(record.model, shape)
    if shape is None:
        raise InputError(
            "`input_shape` must be given for an architecture that is to be built.",
            "Found None.",
            "Pass for example 3 for three columns.",
        )
    arguments = _arguments(record, options)
    try:
        with _weightless() if record.kind == "registered" else contextlib.nullcontext():
            model = record.build(shape, n_outputs, **arguments)
    except InputError:
        raise
    except Exception as error:
        if record.kind == "own":  # its own errors stay its own
            raise
        raise InputError(
            f"The architecture {record.name!r} can't be built for this shape with these options.",
            f"{type(error).__name__}: {_first_line(error)}",
            f"Found input_shape={shape}, n_outputs={n_outputs}"
            + "".join(f", {name}={value!r}" for name, value in options.items())
            + ".",
        ) from error
    if not isinstance(model, keras.Model):
        raise InputError(
            "The builder of an architecture must return a Keras model.",
            f"{record.name!r} returned {type(model).__name__}.",
            "Return a keras.Model.",
        )
    return model if model.built else _called(model, shape)


@contextlib.contextmanager
def _weightless():
    """Have layers that are built inside the block note the shapes of their weights, and make none.

    Keras keeps a list of variables to be made later; those of the block are taken out of it again.
    """
    from keras.src.backend.common import global_state
    from keras.src.backend.common.stateless_scope import StatelessScope

    waiting = list(global_state.get_global_attribute("uninitialized_variables") or ())
    try:
        with StatelessScope(initialize_variables=False):
            yield
    finally:
        global_state.set_global_attribute("uninitialized_variables", waiting)


def _arguments(record, options):
    """Return the arguments of the builder: options in common as given, its own checked."""
    names = {
        *record.reads,
        *["level_counts"] * record.takes_codes,
        *["vocabulary"] * ("text" in record.inputs),
        *["symbols", "source_symbols"] * ("symbols" in record.inputs),
    }
    common = {name: value for name, value in options.items() if name in names}
    for name in common.keys() & {"units", "level_counts"}:  # one number is one layer, one category
        common[name] = (int(common[name]),) if is_whole(common[name]) else common[name]
    return common | record.own_options({k: value for k, value in options.items() if k not in names})


def _built_copy(model, shape):
    """Return the user's model, or a copy that is built where it is not; what is given is left as it is."""
    if not model.built:
        if shape is None:
            raise InputError(
                "`input_shape` must be given for a Keras model that is not built.",
                f"{model.name!r} does not know its input.",
                "Pass the shape of one row.",
            )
        return _called(_copy(model), shape)
    taken = [tuple(tensor.shape[1:]) for tensor in getattr(model, "inputs", None) or []]
    if shape is not None and taken and not _agree(_shapes(shape), taken):
        raise InputError(
            "`input_shape` must be the shape that the model takes.",
            f"Found {shape}; {model.name!r} takes {taken[0] if len(taken) == 1 else taken}.",
            "Pass that shape, or None.",
        )
    return model


def _copy(model):
    try:
        return type(model).from_config(model.get_config())
    except Exception as error:  # a class of the user's own may raise anything
        raise InputError(
            "A Keras model that is not built must be one that Keras can copy.",
            f"{model.name!r} is not: {type(error).__name__}: {_first_line(error)}",
            "Call it on some rows first, or give a function (input_shape, n_outputs) that builds it.",
        ) from error


def _agree(given, taken):
    if len(given) != len(taken):
        return False
    return all(
        len(a) == len(b) and all(i is None or j is None or i == j for i, j in zip(a, b))
        for a, b in zip(given, taken)
    )


def _shapes(shape):
    """Return the shapes of all inputs as a list."""
    if isinstance(shape, dict):
        return list(shape.values())
    return shape if isinstance(shape, list) else [shape]


def _called(model, shape):
    """Build a model by calling it on symbolic inputs of these shapes."""
    try:
        model(_symbolic(shape))
    except Exception as error:
        raise InputError(
            f"The model {model.name!r} can't be called on rows of `input_shape`.",
            f"{type(error).__name__}: {_first_line(error)}",
            f"Found input_shape={shape}.",
        ) from error
    return model


def _symbolic(shape):
    if isinstance(shape, dict):
        return {name: keras.Input(part, name=name) for name, part in shape.items()}
    return [keras.Input(part) for part in shape] if isinstance(shape, list) else keras.Input(shape)


def _first_line(error):
    return (str(error).strip() or "no message").splitlines()[0]


@contextlib.contextmanager
def _names_counted_afresh():
    """Have Keras number the names that it makes up (dense, dense_1) afresh inside the block.

    So a description does not depend on what was built before it. It is Keras' private state.
    """
    from keras.src.backend.common import global_state

    before = global_state.get_global_attribute("object_name_uids")
    global_state.set_global_attribute("object_name_uids", collections.defaultdict(int))
    try:
        yield
    finally:
        global_state.set_global_attribute("object_name_uids", before)


def _describe(record, model, shape):
    """Read the layers and calls of a built model."""
    import pandas as pd

    from bineural.zoo.bias_counts import other_counts
    from bineural.zoo.layer_graph import keeps_graph, layer_rows, read_calls

    trainable = {id(weight) for weight in model.trainable_weights}
    rows, counted = [], set()
    for name, kind, output_shape, weights, field in layer_rows(model):
        new = {id(weight): _size(weight) for weight in weights if id(weight) not in counted}
        counted |= set(new)
        learnt = sum(size for key, size in new.items() if key in trainable)
        rows.append((name, kind, output_shape, field, learnt, sum(new.values())))
    calls = read_calls(model)
    boxes = [
        (
            call.operation.name,
            type(call.operation).__name__,
            call.shape,
            sum(_size(weight) for weight in getattr(call.operation, "weights", [])),
        )
        for call in calls
    ]
    arrows = [(source + 1, place) for place, call in enumerate(calls, 1) for source in call.sources]
    untold = (
        [] if keeps_graph(model) else [f"What {type(model).__name__} does with its layers can't be told."]
    )
    columns = ["layer", "kind", "output_shape", "receptive_field", "trainable", "parameters"]
    table = pd.DataFrame(rows, columns=columns)
    return ArchitectureDescription(
        record.name,
        record.title,
        *_ends(model, shape),
        table,
        int(table["parameters"].sum()),
        int(table["trainable"].sum()),
        pd.DataFrame(boxes, columns=["layer", "kind", "output_shape", "parameters"]),
        pd.DataFrame(arrows, columns=["from_box", "to_box"], dtype="int64"),
        [*other_counts(model), *untold],
    )


def _size(weight):
    size = 1
    for axis in weight.shape:
        size *= axis
    return size


def _ends(model, shape):
    """Write the shapes of inputs and outputs; empty where they can't be told."""
    from bineural.zoo.layer_graph import keeps_graph, shape_text

    if keeps_graph(model):
        ends = model.inputs, model.outputs
    else:
        try:
            ends = [_symbolic(shape)], [model.compute_output_spec(_symbolic(shape))]
        except Exception:
            return "", ""
    return tuple(", ".join(shape_text(tensor.shape) for tensor in keras.tree.flatten(end)) for end in ends)
