"""What a fitted net has learnt to see: the outputs of its last hidden layer for given rows."""

import numpy as np
from sklearn.utils.validation import check_is_fitted

from bineural.errors import InputError
from bineural.tables.rows import count_rows


class HiddenFeatures:
    """The last hidden layer of a fitted net, as columns."""

    def predict_features(self, X):
        """Compute the outputs of the last hidden layer: the features that the net has learnt.

        Parameters
        ----------
        X : data frame or array_like, shape (n_rows, n_features)

        Returns
        -------
        ndarray of float64, shape (n_rows, n_units)
            As the net is used (nothing dropped out). Outputs of several axes are laid out as one row; members
            of an ensemble stand side by side.

        Raises
        ------
        InputError
            If the net has no hidden layer, or it can't be told which is the last.
        """
        check_is_fitted(self)
        prepared = self._prepare(X)
        features = [self._hidden(prepared, weights) for weights in self._members()]
        return self._spread(np.concatenate(features, axis=1), prepared, count_rows(X))

    def _hidden(self, prepared, weights):
        from bineural._tensorflow import keras
        from bineural.training import device_or_cpu, predict_net

        model = self._model_with(weights)
        part = keras.Model(model.inputs, last_hidden(model))
        device = device_or_cpu(getattr(self, "device", None))
        outputs = predict_net(part, part.get_weights(), self._inputs(prepared), device=device)
        return outputs.astype(np.float64).reshape(len(outputs), -1)


def last_hidden(model):
    """Return the tensor that the last layer with weights takes, of a Keras model.

    Layers without weights at the end (a softmax, a sum of logits) are passed; where several tensors meet, the
    way back goes on along the longest.
    """
    from bineural._tensorflow import keras

    if not getattr(model, "outputs", None):
        raise _no_features(f"{model.name!r} is a model whose layers can't be followed.")
    lengths, tensor = {}, model.outputs[0]
    while taken := _inputs_of(tensor):
        layer = tensor._keras_history.operation
        tensor = max(taken, key=lambda one: _length(one, lengths))
        if layer.weights:
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
        lengths[id(tensor)] = 1 + max((_length(one, lengths) for one in taken), default=-1)
    return lengths[id(tensor)]


def _no_features(found):
    return InputError(
        "Features must come from a last hidden layer.",
        found,
        "Fit a net with hidden units, or give a functional Keras model that ends in a dense layer.",
    )
