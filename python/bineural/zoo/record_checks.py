"""What must hold of the record of an architecture."""

import inspect
import keyword
import sys

from bineural.checks import choice, number, whole
from bineural.errors import InputError
from bineural.messages import listed
from bineural.options import Option

# Options of a net that a builder may read, each an argument of the same name.
COMMON = ("units", "activation", "dropout", "l1", "l2", "batch_normalization", "numbers")

_FIXED = (
    "input_shape",
    "n_outputs",
    "level_counts",
    "number_columns",
    "vocabulary",
    "n_columns",
    "symbols",
    "source_symbols",
)  # arguments that nets give a builder themselves
_reserved = {*COMMON, *_FIXED}


def reserve_option_names(names):
    """Keep names of options of every net from being those of an architecture's own options."""
    _reserved.update(names)


def is_reserved(name):
    """Say whether a name is that of an option of every net, or of an argument that nets give builders."""
    return name in _reserved


def count_reserved():
    """Return how many names are reserved; a record is checked anew when they have become more."""
    return len(_reserved)


def check_record(architecture):
    """Refuse a record that contradicts itself, or whose options have names of other options."""
    name = architecture.name
    if not _is_identifier(name):
        raise InputError(
            "The name of an architecture must be an identifier: letters, digits and underscores.",
            f"Found {name!r}.",
            "Choose for example 'my_net'.",
        )
    _check_tuples(architecture)
    _check_option_names(architecture)
    number(0, above=True).or_none()(architecture.learning_rate, "learning_rate")
    number(0).or_none()(architecture.prior_precision, "prior_precision")
    whole(1)(architecture.members, "members")
    whole().or_none()(architecture.year, "year")
    choice("outcome", "rows", "samples", "hidden", "sequences")(architecture.learns, "learns")
    arguments = [*architecture.reads, *(option.name for option in architecture.options)]
    arguments += ["level_counts"] * architecture.takes_codes
    arguments += ["number_columns"] * ("numbers" in architecture.reads)
    arguments += ["vocabulary"] * ("text" in architecture.inputs)
    check_builder(architecture.build, "build", arguments)


def _check_tuples(architecture):
    texts = ("inputs", "default_for", "reads", "hidden_weights")
    for field, kind in (*((field, str) for field in texts), ("options", Option)):
        values = getattr(architecture, field)
        if not isinstance(values, tuple) or not all(isinstance(value, kind) for value in values):
            raise InputError(
                f"`{field}` of an architecture must be a tuple of {kind.__name__}.",
                f"Found {values!r} for {architecture.name!r}.",
                "Mind the comma in a tuple of one.",
            )
    unknown = [name for name in architecture.reads if name not in COMMON]
    if unknown:
        raise InputError(
            f"`reads` must hold options that nets have in common: {listed(COMMON, len(COMMON))}.",
            f"Found {listed(unknown)} for {architecture.name!r}.",
            "Declare others as `options` of its own.",
        )


def _check_option_names(architecture):
    names = [option.name for option in architecture.options]
    for name in names:
        if not _is_identifier(name) or names.count(name) > 1:
            raise InputError(
                "Options of an architecture must have identifiers as names, each once.",
                f"Found {name!r} for {architecture.name!r}.",
                "Choose another name.",
            )
        if name in _reserved:
            raise InputError(
                "An option of an architecture's own must not have the name of an option of every net.",
                f"Found `{name}` for {architecture.name!r}.",
                f"Add it to `reads`: {name!r}." if name in COMMON else "Choose another name.",
            )


def check_builder(build, argument, options=()):
    """Refuse a builder that can't be called with a shape, a number of outputs and options of these names."""
    wanted = ", ".join(["input_shape", "n_outputs", *options])
    hint = f"Write `def build({wanted}):`, which returns a keras.Model."
    if not callable(build):
        raise InputError(f"`{argument}` must be a function of ({wanted}).", f"Found {build!r}.", hint)
    try:
        signature = inspect.signature(build)
    except (TypeError, ValueError):  # some callables tell nothing
        return
    try:
        signature.bind((1,), 1, **dict.fromkeys(options))
    except TypeError as error:
        raise InputError(
            f"`{argument}` must be a function of ({wanted}).", f"Found one of {signature}: {error}.", hint
        ) from None


def _is_identifier(name):
    return isinstance(name, str) and name.isidentifier() and not keyword.iskeyword(name)


def check_plain(value, name):
    """Refuse a value that can't go into a file or a grid as it is."""
    parts = value if isinstance(value, (list, tuple)) else [value]
    if not all(part is None or isinstance(part, (bool, int, float, str)) for part in parts):
        raise InputError(
            f"`{name}` must be plain data: a number, text, True or False, None, or a tuple of these.",
            f"Found {value!r}.",
            "Build what is more than that inside the builder.",
        )


def is_keras(value, kind):
    """Say whether a value is a Keras "Model" or "Layer", without importing Keras for that."""
    keras = sys.modules.get("keras")
    return keras is not None and isinstance(value, keras.Model if kind == "Model" else keras.layers.Layer)


def name_of(builder):
    """Return the name of a builder, that of the function inside where only some arguments are given."""
    return getattr(getattr(builder, "func", builder), "__name__", type(builder).__name__)
