"""Parameters of recurrent layers by the other convention: one bias to a gate, or two.

Keras has one in a simple recurrent net and a long short-term memory, and two in gated recurrent units;
PyTorch has two in all of them, and the paper of gated recurrent units has one.
"""

import math

from bineural._tensorflow import keras


def other_counts(model):
    """Return notes on how many parameters the recurrent layers of a model would have otherwise.

    Parameters
    ----------
    model : keras.Model

    Returns
    -------
    list of str
        A sentence for each convention; none without recurrent layers.
    """
    layers, kinds = keras.layers, {"two": [], "one": []}
    for layer in model.layers:
        both = isinstance(layer, layers.Bidirectional)
        parts = [layer.forward_layer, layer.backward_layer] if both else [layer]
        if not all(isinstance(part, layers.RNN) for part in parts):
            continue
        cells = [getattr(part.cell, "cell", part.cell) for part in parts]
        biases = [_bias_size(cell) for cell in cells]
        if not all(biases):
            continue
        one = type(cells[0]) is not layers.GRUCell or not cells[0].reset_after
        count = sum(math.prod(weight.shape) for weight in layer.weights)
        count += sum(biases) if one else -sum(biases) // 2
        kinds["two" if one else "one"].append(f"{count:,} in {layer.name}")
    sentences = {
        "two": "Keras has one bias to each gate. With two, as in PyTorch, there are {}.",
        "one": "Keras and PyTorch have two biases to each gate. With one, as in the paper, there are {}.",
    }
    return [sentences[kind].format(", ".join(counts)) for kind, counts in kinds.items() if counts]


def _bias_size(cell):
    bias = getattr(cell, "bias", None)
    return 0 if bias is None else math.prod(bias.shape)
