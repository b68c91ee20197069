"""Predict with given weights: one traced graph for a model, whatever the rows and the weights."""

import numpy as np

from bineural._tensorflow import tf
from bineural.training.blueprint import Blueprint, mode
from bineural.training.device import Cache, placed
from bineural.training.training_rows import (
    as_trained,
    block_rows,
    count_rows,
    full_panels,
    shape_key,
    some_rows,
)

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
    ndarray of float32, shape (n_rows, n_outputs), or a nest of them
        The model's outputs, computed in blocks of rows.
    """
    plan = model if isinstance(model, Blueprint) else Blueprint.from_model(model)
    inputs = tf.nest.map_structure(as_trained, inputs)
    key = (plan.key, shape_key(inputs))
    forward = _forwards.get(key, lambda: _make_forward(plan.model, inputs))
    state = tf.nest.map_structure(tf.convert_to_tensor, plan.split(plan.values_from(weights)))
    n_rows, block = count_rows(inputs), block_rows(inputs)
    inputs = full_panels(inputs, n_rows)
    parts = []
    for begin in range(0, max(n_rows, 1), block):
        rows = tf.nest.map_structure(tf.constant, some_rows(inputs, slice(begin, begin + block)))
        parts.append(tf.nest.map_structure(lambda a: a.numpy(), forward(*state, rows)))
    if len(parts) == 1:
        return some_rows(parts[0], slice(n_rows))
    return some_rows(tf.nest.map_structure(lambda *each: np.concatenate(each), *parts), slice(n_rows))


def _make_forward(model, inputs):
    def forward(trainable, fixed, inputs):
        outputs, _ = model.stateless_call(trainable, fixed, inputs, **mode(model, False))
        return tf.nest.map_structure(lambda a: tf.cast(a, tf.float32), outputs)

    spec = [
        [tf.TensorSpec(v.shape, v.dtype) for v in part]
        for part in (model.trainable_variables, model.non_trainable_variables)
    ]
    like = tf.nest.map_structure(lambda a: tf.TensorSpec([None, *a.shape[1:]], a.dtype), inputs)
    return tf.function(forward, input_signature=[*spec, like], autograph=False).get_concrete_function()
