"""From an architecture to a model that can be trained, and to what its output means.

The zoo's nets give logits. A model of the user's own may end in logits, a sigmoid or a softmax: the last
layer says which, and a shape or an ending that does not fit the outcome is an error, never a guess.
"""

import contextlib
import copy

from bineural._tensorflow import keras
from bineural.errors import InputError
from bineural.nets.too_small import refuse_small
from bineural.training import Blueprint
from bineural.training.blueprint import rebuild
from bineural.zoo.parts.beside import beside_columns

# Layers that pass logits on as logits.
_PLAIN = ("Add", "Average", "Subtract", "Flatten", "Reshape", "Rescaling", "Dropout", "Identity", "Squeeze")


def make_plan(fitted, options):
    """Make the plan of a net.

    Parameters
    ----------
    fitted : FittedNet
        With its architecture, the shape of one row, the number of outputs, `keep_weights` and `precision`
        (for the zoo and for builders; a model says itself what its layers compute in).
    options : dict
        For the builder; see `layout_options`.

    Returns
    -------
    Blueprint
    """
    record, head = fitted.architecture, fitted.objective.head
    if record.model is not None:
        return Blueprint.from_model(_with_head(record.model, fitted), fitted.keep_weights)
    build = _builder_of(fitted)

    def plan_for(input_shape):
        shape = input_shape, fitted.n_outputs
        if getattr(record.given, "keeps_weights", False):  # a builder of what has learnt before
            return Blueprint.from_model(build(*shape), keep_weights=True)
        if record.given is not None:
            return Blueprint.from_builder(build, *shape)
        key = (record.name, *shape, repr(sorted(options.items())), fitted.precision, head)
        return Blueprint.from_builder(build, *shape, key=key, **options)

    with computing_in(fitted.precision):
        try:
            plan = plan_for(fitted.input_shape)
        except ValueError as error:
            if fitted.input.kind != "image" or isinstance(error, InputError):
                raise
            refuse_small(plan_for, fitted.input_shape, record.name, error)
    return plan if record.given is not None else plan.starting_from(fitted.input.start_weights)


def _builder_of(fitted):
    """Return the builder of a net, with columns beside texts and the objective's head where there are any."""
    build = fitted.architecture.build
    if "n_columns" in fitted.input.builder_options:
        if fitted.architecture.given is not None:
            raise InputError(
                "Columns can stand beside texts in architectures of the zoo only.",
                f"Found {fitted.architecture.name!r} and a formula with text() and other terms.",
                "Put nothing but text() into the formula, or name an architecture of list_architectures().",
            )
        build = beside_columns(build)
    return build if fitted.objective.head is None else _headed(build, fitted)


def _headed(build, fitted):
    """Return a builder of the same net with one output, and the objective's head behind it."""

    def build_headed(input_shape, n_outputs, **options):
        return _with_head(build(input_shape, 1, **options), fitted)

    return build_headed


def _with_head(model, fitted):
    """Return a model with the objective's head behind it, where that has one."""
    if fitted.objective.head is None:
        return model
    if not getattr(model, "outputs", None) or read_output(model) != "linear":
        raise InputError(
            f"A net with objective={fitted.objective.name!r} must be a functional model of linear output.",
            f"{model.name!r} is none.",
            "End it with keras.layers.Dense(1).",
        )
    inputs = model.inputs[0] if len(model.inputs) == 1 else model.inputs
    head = fitted.objective.head(fitted.n_outputs)
    headed = keras.Model(inputs, head(model.outputs[0]), name=model.name)
    if getattr(model, "compiled", False):
        headed.compile(optimizer=model.optimizer, loss=getattr(model, "loss", None))
    return headed


def make_model(fitted, weights):
    """Make a Keras model of its own, with given weights, from a fitted net."""
    record = fitted.architecture
    with computing_in(fitted.precision):
        if record.model is not None:
            given = _with_head(record.model, fitted)
            model = rebuild(given)[0]
            model = copy.deepcopy(given) if model is given else model
        else:
            options = {} if record.given is not None else fitted.layout
            model = _builder_of(fitted)(fitted.input_shape, fitted.n_outputs, **options)
    model.set_weights(weights)
    return model


@contextlib.contextmanager
def computing_in(precision):
    """Let the layers that are made inside the block compute in float32, or "mixed": in bfloat16.

    Weights stay float32. Keras keeps its policy for each thread; the caller's is put back.
    """
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16" if precision == "mixed" else "float32")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def check_precision(record, precision):
    """Refuse `precision="mixed"` for a model that computes in float32: its layers are made already."""
    model = record.model
    if precision == "float32" or model is None:
        return
    computed = {layer.compute_dtype for layer in model._flatten_layers(include_self=False)}
    if computed <= {"float32"}:
        raise InputError(
            "`precision='mixed'` can't change a Keras model that exists.",
            f"The layers of {model.name!r} compute in float32.",
            "Build it of layers with dtype='mixed_bfloat16', or give a function that builds it.",
        )


def check_fit_of_shapes(model, input_shape, n_outputs):
    """Refuse a model whose input or output does not fit the data.

    Parameters
    ----------
    model : keras.Model
    input_shape : tuple of int
        Shape of one row of the data.
    n_outputs : tuple of int
        Numbers of outputs that would do.
    """
    own_shape = getattr(model, "input_shape", None)  # a subclassed model does not say
    if isinstance(own_shape, (tuple, list)) and own_shape and isinstance(own_shape[0], int | None):
        fits = len(own_shape) == len(input_shape) + 1 and all(
            a is None or a == b for a, b in zip(own_shape[1:], input_shape)
        )
        if not fits:
            raise InputError(
                f"The model must take rows of shape {input_shape}.",
                f"{model.name!r} takes {tuple(own_shape[1:])}.",
                "Categories and formula terms count as the columns they become; build it by a function "
                "(input_shape, n_outputs) -> keras.Model to follow them.",
            )
    shape = output_shape(model, input_shape)
    if not isinstance(shape, tuple) or len(shape) != 2 or shape[1] not in n_outputs:
        raise InputError(
            f"The model must have {' or '.join(str(n) for n in n_outputs)} output(s) for each row.",
            f"{model.name!r} gives shape {shape}.",
            "End it with keras.layers.Dense of that size.",
        )


def check_one_input(model):
    """Refuse a model of several inputs, and one whose input has a name, which an array has not."""
    structure = getattr(model, "_inputs_struct", None)  # of a functional model; others say nothing
    if structure is None or isinstance(structure, keras.KerasTensor):
        return
    n_inputs = len(model.inputs)
    if n_inputs == 1 and not isinstance(structure, dict):
        return
    slicing = (
        "Take one array and slice it within the model (x[:, :2], x[:, 2:]), or register a kind of input that "
        "prepares several arrays (bineural.inputs.register_input)."
    )
    raise InputError(
        "The model must take one input, an array of rows.",
        f"{model.name!r} takes {n_inputs} in a {type(structure).__name__}.",
        slicing if n_inputs > 1 else "Pass keras.Model(model.inputs[0], model.outputs[0]).",
    )


def output_shape(model, input_shape):
    """Return the shape of a model's output for rows of `input_shape`, first axis None."""
    shape = getattr(model, "output_shape", None)
    if shape is not None:
        return shape
    return model.compute_output_spec(keras.KerasTensor((None, *input_shape))).shape


def read_output(model):
    """Say what the output of a model is.

    Parameters
    ----------
    model : keras.Model

    Returns
    -------
    str
        "linear", "sigmoid", "softmax", or the name of another activation.

    Raises
    ------
    InputError
        If the last layer does not say.
    """
    layer = _last_layer(model)
    if isinstance(layer, keras.layers.Softmax):
        return "softmax"
    activation = getattr(layer, "activation", None)
    if activation is not None:
        return getattr(activation, "__name__", repr(activation))
    if type(layer).__name__ in _PLAIN:
        return "linear"
    if type(layer).__name__.lower() in ("sigmoid", "softmax"):
        return type(layer).__name__.lower()
    raise InputError(
        "The model's last layer must say whether its output is logits or probabilities.",
        f"{model.name!r} ends in {type(layer).__name__}.",
        "Put keras.layers.Activation('linear'), ('sigmoid') or ('softmax') after it.",
    )


def _last_layer(model):
    """Return the operation that makes the output, inside nested models too."""
    outputs = getattr(model, "outputs", None)
    history = getattr(outputs[0], "_keras_history", None) if outputs else None
    layer = history.operation if history is not None else (model.layers[-1] if model.layers else model)
    return _last_layer(layer) if isinstance(layer, keras.Model) else layer
