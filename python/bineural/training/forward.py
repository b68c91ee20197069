"""Predict with given weights: one traced graph for a model, whatever the rows and the weights.

Many nets of one layout predict in one call where the layout has a wide form and their rows are few; they
differ by float32 rounding from what each gives alone.
"""

from operator import itemgetter

import numpy as np

from bineural._tensorflow import tf
from bineural.training.blueprint import Blueprint, mode
from bineural.training.device import Cache, placed
from bineural.training.open_lengths import of_one_length, rows_key, rows_like, steps_of
from bineural.training.training_rows import (
    PANEL,
    as_trained,
    block_rows,
    count_rows,
    full_panels,
    some_rows,
)
from bineural.training.wide.call import Call
from bineural.training.wide.model import lacks, run_model

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
    key = (plan.key, rows_key(plan.model, inputs))
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


@placed
def predict_nets(plans, weights, inputs, *, device=None):
    """Predict with many nets, each for rows of its own.

    Parameters
    ----------
    plans : list of Blueprint
    weights : list of lists of ndarray
    inputs : list of nests of arrays, each of shape (n_rows, ...)
        Numbers of rows may differ.
    device : str, optional
        See `device.find_device`.

    Returns
    -------
    list of ndarray of float32, (n_rows, n_outputs) each, or nests of them
    """
    inputs = [tf.nest.map_structure(as_trained, part) for part in inputs]
    outputs, groups = [None] * len(plans), {}
    for i, (plan, part) in enumerate(zip(plans, inputs)):
        groups.setdefault((plan.key, rows_key(plan.model, part)), []).append(i)
    for key, members in groups.items():
        plan, longest = plans[members[0]], max(count_rows(inputs[i]) for i in members)
        size = -(-longest // PANEL) * PANEL
        most = max((inputs[i] for i in members), key=lambda part, plan=plan: steps_of(plan.model, part))
        at_once = block_rows(most) // max(size, 1)
        if len(members) < 2 or at_once < 2 or lacks(plan.model):
            for i in members:
                outputs[i] = predict_net(plans[i], weights[i], inputs[i], device=device)
            continue
        forward = _forwards.get(("wide", key), lambda p=plan, i=members[0]: _make_wide(p.model, inputs[i]))
        for some in (members[i : i + at_once] for i in range(0, len(members), at_once)):
            state = _together(plans[i].split(plans[i].values_from(weights[i])) for i in some)
            rows = of_one_length(plan.model, [inputs[i] for i in some])
            rows = _together(_filled(part, size) for part in rows)
            whole = tf.nest.map_structure(lambda a: a.numpy(), forward(*state, rows))
            for place, i in enumerate(some):
                own = tf.nest.map_structure(itemgetter(place), whole)
                outputs[i] = some_rows(own, slice(count_rows(inputs[i])))
    return outputs


def _together(nests):
    """Return one nest of tensors of the nests of many nets."""
    return tf.nest.map_structure(lambda *arrays: tf.constant(np.stack(arrays)), *nests)


def _filled(inputs, size):
    """Return inputs filled up with rows of zeros."""

    def fill(array):
        return np.pad(array, [(0, size - len(array)), *[(0, 0)] * (array.ndim - 1)])

    return tf.nest.map_structure(fill, inputs)


def _make_wide(model, inputs):
    variables = [*model.trainable_variables, *model.non_trainable_variables]

    def forward(trainable, fixed, inputs):
        return run_model(model, Call(variables, [*trainable, *fixed], training=False), inputs)

    spec = [
        [tf.TensorSpec([None, *v.shape], v.dtype) for v in part]
        for part in (model.trainable_variables, model.non_trainable_variables)
    ]
    like = tf.nest.map_structure(
        lambda row: tf.TensorSpec([None, *row.shape], row.dtype), rows_like(model, inputs)
    )
    return tf.function(forward, input_signature=[*spec, like], autograph=False).get_concrete_function()


def _make_forward(model, inputs):
    def forward(trainable, fixed, inputs):
        outputs, _ = model.stateless_call(trainable, fixed, inputs, **mode(model, False))
        return tf.nest.map_structure(lambda a: tf.cast(a, tf.float32), outputs)

    spec = [
        [tf.TensorSpec(v.shape, v.dtype) for v in part]
        for part in (model.trainable_variables, model.non_trainable_variables)
    ]
    like = rows_like(model, inputs)
    return tf.function(forward, input_signature=[*spec, like], autograph=False).get_concrete_function()
