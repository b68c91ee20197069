"""What a fitted net has learnt to see: the outputs of its last hidden layer for given rows."""

import numpy as np

from bineural.errors import InputError


def hidden_features(fitted, inputs):
    """Return the outputs of the last hidden layer, members side by side: float64 (n_rows, n_units)."""
    return np.concatenate([_of_member(fitted, inputs, member.weights) for member in fitted.members], axis=1)


def _of_member(fitted, inputs, weights):
    from bineural._tensorflow import keras
    from bineural.nets.layouts import make_model
    from bineural.training import device_or_cpu, predict_net

    model = make_model(fitted, weights)
    part = keras.Model(model.inputs, last_hidden(model))
    outputs = predict_net(part, part.get_weights(), inputs, device=device_or_cpu(fitted.device))
    return outputs.astype(np.float64).reshape(len(outputs), -1)


def last_hidden(model):
    """Return the tensor that the last layer with weights takes, of a Keras model.

    Layers without weights at the end (a softmax, a sum of logits) and the head of an objective are passed;
    where several tensors meet, the way back goes on along the longest.
    """
    from bineural._tensorflow import keras

    if not getattr(model, "outputs", None):
        raise _no_features(f"{model.name!r} is a model whose layers can't be followed.")
    lengths, tensor = {}, model.outputs[0]
    while taken := _inputs_of(tensor):
        layer = tensor._keras_history.operation
        tensor = max(taken, key=lambda tensor: _length(tensor, lengths))
        if layer.weights and not getattr(layer, "is_head", False):
            if isinstance(layer, keras.Model):
                raise _no_features(f"{model.name!r} ends in a model of its own, {layer.name!r}.")
            if _inputs_of(tensor):
                return tensor
    raise _no_features(f"{model.name!r} has no hidden layer.")


def _inputs_of(tensor):
    """Return the tensors that the layer which made a tensor took; none for an input."""
    history = tensor._keras_history
    return history.operation._inbound_nodes[history.node_index].input_tensors


def _length(tensor, lengths):
    """Count the layers on the longest way from an input to a tensor, each tensor once."""
    if id(tensor) not in lengths:
        taken = _inputs_of(tensor)
        lengths[id(tensor)] = 1 + max((_length(part, lengths) for part in taken), default=-1)
    return lengths[id(tensor)]


def _no_features(reason):
    return InputError(
        "Features must come from a last hidden layer.",
        reason,
        "Fit a net with hidden units, or give a functional Keras model that ends in a dense layer.",
    )
