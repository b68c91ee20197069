"""Predict with given weights: one traced graph for a model, whatever the rows and the weights."""

import numpy as np

from bineural._tensorflow import tf
from bineural.training.blueprint import Blueprint, mode
from bineural.training.cache import Cache
from bineural.training.device import placed
from bineural.training.rows import as_trained, block_rows, full_panels, shape_key, some_rows

_forwards = Cache(32)


@placed
def predict_net(model, weights, inputs, *, device=None):
    """Predict with given weights.

    Parameters
    ----------
    model : keras.Model or Blueprint
        Layout.
    weights : list of ndarray
        In the order of `model.get_weights()`.
    inputs : array_like, or tuple or dict of them, each of shape (n_rows, ...)
    device : str, optional
        See `device.find_device`.

    Returns
    -------
    ndarray of float32, shape (n_rows, n_outputs)
        The model's output, computed in blocks of rows.
    """
    plan = model if isinstance(model, Blueprint) else Blueprint.from_model(model)
    inputs = tf.nest.map_structure(as_trained, inputs)
    key = (plan.key, shape_key(inputs))
    forward = _forwards.get(key, lambda: _make_forward(plan.model, inputs))
    state = tf.nest.map_structure(tf.convert_to_tensor, plan.split(plan.values_from(weights)))
    n_rows, block = len(tf.nest.flatten(inputs)[0]), block_rows(inputs)
    inputs = full_panels(inputs, n_rows)
    blocks = [slice(i, i + block) for i in range(0, max(n_rows, 1), block)]
    parts = [
        forward(*state, tf.nest.map_structure(tf.constant, some_rows(inputs, block))).numpy()
        for block in blocks
    ]
    return (parts[0] if len(parts) == 1 else np.concatenate(parts))[:n_rows]


def _make_forward(model, inputs):
    def forward(trainable, fixed, inputs):
        output, _ = model.stateless_call(trainable, fixed, inputs, **mode(model, False))
        return tf.cast(output, tf.float32)

    spec = [
        [tf.TensorSpec(v.shape, v.dtype) for v in part]
        for part in (model.trainable_variables, model.non_trainable_variables)
    ]
    like = tf.nest.map_structure(lambda a: tf.TensorSpec([None, *a.shape[1:]], a.dtype), inputs)
    return tf.function(forward, input_signature=[*spec, like], autograph=False).get_concrete_function()
