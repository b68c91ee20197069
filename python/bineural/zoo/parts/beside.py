"""A net of texts with columns of a table beside them: both are read by the last layer, alone and together.

Shapes: texts (batch, time) int32 and columns (batch, n_columns) float32 -> (batch, n_outputs) logits. What
the architecture makes of the words, `h`, and the columns `x` go to one hidden layer of 16 units; the logits
are linear in `h`, in `x` (as in a GLM), and in that layer, where words and columns meet.
"""

from bineural._tensorflow import keras
from bineural.errors import InputError

_UNITS = 16


def beside_columns(build):
    """Return a builder of the same net, which takes `n_columns` columns beside the texts.

    Parameters
    ----------
    build : callable
        `(input_shape, n_outputs, **options) -> keras.Model` with a dense layer "logits" at its end.

    Returns
    -------
    callable
        `(input_shape, n_outputs, n_columns=0, **options) -> keras.Model`, with 0 columns the net itself.
    """

    def build_beside(input_shape, n_outputs, n_columns=0, **options):
        model = build(input_shape, n_outputs, **options)
        return _joined(model, n_columns, n_outputs) if n_columns else model

    return build_beside


def _joined(model, n_columns, n_outputs):
    last = model.layers[-1]
    if last.name != "logits" or not isinstance(last, keras.layers.Dense) or len(model.inputs) != 1:
        raise InputError(
            "Columns can stand beside texts where an architecture ends in one dense layer called 'logits'.",
            f"{model.name!r} ends in {last.name!r}.",
            "Choose another architecture, or put nothing but text() into the formula.",
        )
    columns = keras.Input((n_columns,), name="columns")
    both = keras.layers.Concatenate(name="words_and_columns")([last.input, columns])
    penalty = last.kernel_regularizer
    hidden = keras.layers.Dense(_UNITS, "relu", kernel_regularizer=penalty, name="together")(both)
    every = keras.layers.Concatenate(name="all")([both, hidden])
    logits = keras.layers.Dense(n_outputs, kernel_regularizer=penalty, dtype="float32", name="logits")(every)
    return keras.Model([model.inputs[0], columns], logits, name=model.name)
