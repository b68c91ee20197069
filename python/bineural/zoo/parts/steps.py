"""Inputs of a net over steps: sequences of numbers, or texts as numbers of words; what fills up is masked.

Shapes: sequences (batch, time, n_features) float32, filled up on the right with `FILL`; texts (batch, time)
int32, filled up on the right with 0 -> (batch, time, width) with Keras' mask (batch, time), which the layers
behind it pass on.
"""

from bineural._tensorflow import keras
from bineural.checks import whole
from bineural.errors import InputError
from bineural.inputs.filling import FILL
from bineural.options import Option

EMBEDDING = Option(
    "embedding",
    32,
    whole(1, 4096),
    "int",
    "Numbers that each word of a text is embedded in; sequences of numbers are read as they are.",
    in_r="count",
    range="whole",
)


def step_input(name, input_shape, vocabulary, embedding, penalty=None, trimmed=False):
    """Make the input of a net over steps, and mask the steps that fill a row up.

    Parameters
    ----------
    name : str
        Of the architecture, for the error.
    input_shape : tuple (time, n_features), or (time,) with `vocabulary`
        A `time` of None differs from batch to batch.
    vocabulary : int, optional
        Numbers that words have: 0 fills up, 1 is a word that training has not; None for sequences.
    embedding : int
        Numbers that each word is embedded in.
    penalty : keras.Regularizer, optional
        On the embeddings.
    trimmed : bool
        Cut each batch at its longest row, which saves a net that loops over time steps that are not there.
        XLA can't compile it.

    Returns
    -------
    inputs : keras tensor
    x : keras tensor (batch, time, width)
        It carries the mask.

    Raises
    ------
    InputError
        If rows are neither.
    """
    n_axes = 2 if vocabulary is None else 1
    if len(input_shape) != n_axes or (vocabulary is None and not input_shape[-1]):
        raise InputError(
            f"The architecture {name!r} takes sequences, (time, n_features), or texts and their vocabulary.",
            f"Found rows of shape {tuple(input_shape)} and vocabulary={vocabulary}.",
            "Pass for example (None, 3) for three features at each time, or (None,) and vocabulary=2000.",
        )
    if vocabulary is None:
        inputs = keras.Input(tuple(input_shape), name="steps")
        return inputs, keras.layers.Masking(mask_value=FILL, name="mask")(_trim(inputs, trimmed))
    inputs = keras.Input(tuple(input_shape), dtype="int32", name="word_numbers")
    words = keras.layers.Embedding(
        vocabulary, embedding, mask_zero=True, embeddings_regularizer=penalty, name="words"
    )
    return inputs, words(_trim(inputs, trimmed))


def _trim(inputs, trimmed):
    if not trimmed:
        return inputs
    from bineural.zoo.parts.trimmed_steps import TrimmedSteps

    return TrimmedSteps(name="trimmed")(inputs)


def drop(x, dropout, name):
    """Leave a share `dropout` of numbers out at random in training: of a sequence the same at all its steps.

    So what is left out of a sequence does not depend on how far it is filled up. Gal and Ghahramani (2016). A
    theoretically grounded application of dropout in recurrent neural networks. NeurIPS.
    """
    if not dropout:
        return x
    kind = keras.layers.SpatialDropout1D if len(x.shape) == 3 else keras.layers.Dropout
    return kind(dropout, name=name)(x)
