"""What a Keras model was compiled with, and what of it a net takes: loss, its weight, and optimizer.

Metrics are kept by Keras' own loop only; how a step is run (`run_eagerly`, `jit_compile`,
`steps_per_execution`) changes no number and is the engine's affair.
"""

from typing import NamedTuple

from bineural._tensorflow import keras, tf
from bineural.errors import InputError, UnusedWarning
from bineural.messages import warn
from bineural.training.losses import CompiledLoss, not_by_row

# Losses that a change of the outcome's unit only multiplies: the outcome may be standardised as without them.
_OF_ANY_UNIT = ("mean_squared_error", "mean_absolute_error")
# Settings with which Keras' losses are those that the engine takes by itself.
_PLAIN = {
    "binary_crossentropy": {"label_smoothing": 0.0, "axis": -1},
    "categorical_crossentropy": {"label_smoothing": 0.0, "axis": -1},
    "sparse_categorical_crossentropy": {"ignore_class": None, "axis": -1},
    "mean_squared_error": {},
}


class Compiled(NamedTuple):
    """What is taken of a compiled model.

    Attributes
    ----------
    loss : CompiledLoss or None
        None where there is none, or it is the one that the engine takes by itself.
    optimizer : keras.Optimizer or None
    """

    loss: object = None
    optimizer: object = None

    @property
    def minds_unit(self):
        """Whether the loss depends on the unit of the outcome other than by a factor."""
        return self.loss is not None and self.loss.name not in _OF_ANY_UNIT


def read_compiled(model, n_outputs, n_classes, output):
    """Return what a model was compiled with, as `Compiled`.

    Parameters
    ----------
    model : keras.Model
    n_outputs : int
    n_classes : int
        0 for a numeric outcome.
    output : str
        Activation of the last layer.

    Raises
    ------
    InputError
        If the loss does not fit the outcome or the last activation, or gives no number for each row.
    """
    if not getattr(model, "compiled", False):
        return Compiled()
    given = _only(model.loss, "loss")
    if given is None:
        return Compiled(None, model.optimizer)
    given = keras.losses.get(given)
    factor = _only(getattr(model._compile_loss, "_user_loss_weights", None), "loss_weights")
    loss = CompiledLoss(given, n_outputs if n_outputs > 1 else 0, 1.0 if factor is None else factor)
    if n_classes:
        _check_scale(given, loss.name, output, n_outputs)
    _check_by_row(loss, output)
    own = "mean_squared_error" if not n_classes else "binary_crossentropy"
    own = "categorical_crossentropy" if n_classes and n_outputs > 1 else own
    return Compiled(None if _is_plain(loss, own) else loss, model.optimizer)


def _only(value, what):
    """Return the one value of a list or dict, as for a model of one output."""
    values = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(values, (list, tuple)):
        return values
    if len(values) != 1:
        raise InputError(
            f"A model must be compiled with one `{what}`, as it has one output.",
            f"Found {len(values)}.",
            "Compile it with the one.",
        )
    return values[0]


def _check_scale(loss, name, output, n_outputs):
    """Refuse a loss that reads a classifier's output as something else than it is."""
    if n_outputs == 1 and "categorical" in name:
        raise InputError(
            "The loss with which a classifier was compiled must fit its last layer.",
            f"The model has one output, and {name!r} takes one for each class.",
            "Compile it with keras.losses.BinaryCrossentropy, or end it in two outputs.",
        )
    keras_own = type(loss).__module__.startswith("keras.") or getattr(loss, "__module__", "").startswith(
        "keras."
    )
    logits = bool(getattr(loss, "from_logits", False))
    if not keras_own or logits == (output == "linear"):
        return
    raise InputError(
        "The loss with which a classifier was compiled must fit its last layer.",
        f"The model ends in {'logits' if output == 'linear' else f'a {output}'}, and {name!r} takes "
        f"{'logits' if logits else 'probabilities'}.",
        "Compile it with keras.losses.BinaryCrossentropy(from_logits=True) or the like, or end it in a "
        "sigmoid or softmax."
        if output == "linear"
        else "Leave out from_logits=True, or end the model in a layer without activation.",
    )


def _check_by_row(loss, output):
    """Refuse a loss that does not give one number for each of two rows."""
    width = max(loss.n_classes, 1)
    score = tf.fill([2, width], 0.0 if output == "linear" else 1.0 / max(width, 2))
    if tuple(loss.by_row(tf.constant([0.0, 1.0]), score).shape) != (2,):
        raise not_by_row(loss.name)


def _is_plain(loss, own):
    """Say whether a loss is the one that the engine takes by itself."""
    name = loss.name.removeprefix("sparse_") if loss.name in _PLAIN else loss.name
    settings = {k: v for k, v in getattr(loss.loss, "_fn_kwargs", {}).items() if k != "from_logits"}
    return loss.factor == 1 and name == own and {**_PLAIN[loss.name], **settings} == _PLAIN[loss.name]


def say_unused(model, optimizer=None, learning_rate=None):
    """Warn where an option of the fit takes the place of what a model was compiled with."""
    if not getattr(model, "compiled", False) or (optimizer is None and learning_rate is None):
        return
    named = optimizer if isinstance(optimizer, str) else type(optimizer).__name__
    option = f"learning_rate={learning_rate}" if optimizer is None else f"optimizer={named!r}"
    warn(
        UnusedWarning,
        f"The model {model.name!r} is compiled with {type(model.optimizer).__name__}, and `{option}` "
        f"takes the place of {'its learning rate' if optimizer is None else 'it'}.\n"
        "Leave out the option to train the model as it was compiled.",
    )
