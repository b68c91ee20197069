"""Where a net that predicts sequences looks: the weights of its attention to the source."""

import numpy as np
import pandas as pd

from bineural.errors import InputError
from bineural.inputs.symbols import END_SIGN, split_symbols
from bineural.nets.fitted import keras_model_of

_MOST_SYMBOLS = 1000  # more weights than a million are no picture, and no table that anybody reads


def shown_symbols(text, unit, name):
    """Return the symbols of a text and the end, or say that they are too many to be looked at."""
    symbols = split_symbols(text, unit)
    if len(symbols) >= _MOST_SYMBOLS:
        raise InputError(
            f"`{name}` must have fewer than {_MOST_SYMBOLS:,} symbols to be looked at.",
            f"Found {len(symbols):,}.",
            "Pass a part of it.",
        )
    return [*symbols, END_SIGN]


def attention_of(model, source, target):
    """Return the weights as a table, see `SequenceModel.attention_to`."""
    from bineural._tensorflow import keras

    rows = model.rows_of([target], [source] if model.has_source_ else None)
    net = keras_model_of(model.fitted_)
    looks = [layer for layer in net.layers if layer.name == "look" or layer.name.endswith("_source_look")]
    if not looks:
        raise InputError(
            "The model must have attention to a source.",
            f"Its architecture {model.fitted_.architecture.name!r} has none.",
            "Fit it with a source and attention=True.",
        )
    unit = model.fitted_.input.unit
    said, read = (shown_symbols(text, unit, name) for name, text in (("target", target), ("source", source)))
    numbers = model.fitted_.input.apply(rows).inputs
    weights = []
    for layer in looks:
        queries, keys, _, symbols = keras.Model(net.inputs, layer.input)(numbers, training=False)
        weights.append(np.asarray(layer.weights_of(queries, keys, symbols))[0].mean(axis=0))
    weights = np.mean(weights, axis=0)
    said, read = said[: model.max_length], read[: model.max_length]
    weights = weights[: len(said), : len(read)].astype(np.float64)
    steps, places = np.indices(weights.shape)
    return pd.DataFrame(
        {
            "step": steps.ravel() + 1,
            "said": np.repeat(said, len(read)),
            "place": places.ravel() + 1,
            "read": np.tile(read, len(said)),
            "weight": weights.ravel(),
        }
    )
