"""Judge wide layers and models by Keras: values, gradients, and what is changed on the way."""

import numpy as np

from bineural._tensorflow import tf
from bineural.training.wide import registry
from bineural.training.wide.call import Call, mask_of
from bineural.training.wide.model import lacks, run_model

R, B = 3, 4  # replicas, rows of each
COLUMNS, SERIES, IMAGES, CODES = (5,), (6, 3), (7, 6, 2), (4,)


def make_inputs(shape, rng):
    """Return arrays (R, B, ...) in the structure that the layer takes, as a list or as its arguments."""
    if isinstance(shape, (list, tuple)) and shape and isinstance(shape[0], tuple):
        return type(shape)(make_inputs(part, rng) for part in shape)
    if shape in (CODES, ()):
        return tf.constant(rng.integers(0, 7, (R, B, *shape)).astype("int32"))
    return tf.constant(rng.normal(size=(R, B, *shape)).astype("float32"))


def one_of(nest, r):
    return tf.nest.map_structure(lambda a: a[r], nest)


def values_of(layer, rng):
    """Return other values of the layer's variables for each replica."""
    values = []
    for v in layer.variables:
        if v.name == "seed_generator_state":
            values.append(tf.constant(rng.integers(0, 2**30, (R, 2)), v.dtype))
        else:
            drawn = rng.normal(size=(R, *v.shape)) * 0.5
            values.append(tf.constant(np.abs(drawn) + 0.1 if "variance" in v.name else drawn, tf.float32))
    return values


def differentiate(values, inputs, run):
    """Return the outputs of `run(values, inputs)`, its changes, and the gradient of a sum of the outputs."""
    floats = [v for v in [*values, *tf.nest.flatten(inputs)] if v.dtype.is_floating]
    with tf.GradientTape() as tape:
        tape.watch(floats)
        outputs, changed = run(values, inputs)
        flat = tf.nest.flatten(outputs)
        total = tf.add_n(
            [tf.reduce_sum(tf.sin(a) * (1 + tf.cos(tf.cast(i, tf.float32)))) for i, a in enumerate(flat)]
        )
    gradients = tape.gradient(total, floats, unconnected_gradients="zero")
    return (
        [a.numpy() for a in flat],
        [np.asarray(c) for c in changed],
        [np.asarray(tf.convert_to_tensor(g)) for g in gradients],
    )


def judge(layer, shape, training, compiled=False):
    """Compare the entry of a layer with Keras."""
    rng = np.random.default_rng(5)
    inputs = make_inputs(shape, rng)
    arguments = inputs if isinstance(inputs, tuple) else (inputs,)
    layer(*one_of(arguments, 0))
    values = values_of(layer, rng)
    forward = registry.find_forward(layer)

    def wide(values, inputs):
        call = (
            Call(layer.variables, values, training, compiled=compiled)
            if values
            else NoValues(training, compiled)
        )
        outputs = forward(call, *inputs)
        return outputs, [call[v] for v in layer.variables]

    def keras_own(values, inputs):
        value = {id(v): x for v, x in zip(layer.variables, values)}
        trained = [value[id(v)] for v in layer.trainable_variables]
        fixed = [value[id(v)] for v in layer.non_trainable_variables]
        how = {"training": training} if layer._call_has_training_arg else {}
        outputs, after = layer.stateless_call(trained, fixed, *inputs, **how)
        value |= {id(v): x for v, x in zip(layer.non_trainable_variables, after)}
        return outputs, [value[id(v)] for v in layer.variables]

    whole = differentiate(values, arguments, wide)
    for r in range(R):
        own = differentiate(one_of(values, r), one_of(arguments, r), keras_own)
        equal(whole, own, r)


class NoValues(Call):
    """A call of a layer that has no variables."""

    def __init__(self, training, compiled):
        self.training, self.compiled, self.dropout, self.n_replicas = training, compiled, (), R


def judge_model(model, inputs, training):
    """Compare a functional model over replicas with Keras' own call of each, the masks of its outputs too.

    Parameters
    ----------
    model : keras.Model
    inputs : tensor or list of them, (R, B, ...)
    training : bool
    """
    assert lacks(model) == ""
    values = values_of(model, np.random.default_rng(6))
    masks = []

    def with_masks_noted(outputs):
        masks.append([mask_of(x) for x in tf.nest.flatten(outputs)])
        return outputs

    def wide(values, inputs):
        call = Call(model.variables, values, training)
        outputs = with_masks_noted(run_model(model, call, inputs))
        return outputs, [call[v] for v in model.variables]

    def keras_own(values, inputs):
        value = {id(v): x for v, x in zip(model.variables, values)}
        trained = [value[id(v)] for v in model.trainable_variables]
        fixed = [value[id(v)] for v in model.non_trainable_variables]
        outputs, after = model.stateless_call(trained, fixed, inputs, training=training)
        value |= {id(v): x for v, x in zip(model.non_trainable_variables, after)}
        return with_masks_noted(outputs), [value[id(v)] for v in model.variables]

    whole = differentiate(values, inputs, wide)
    for r in range(R):
        equal(whole, differentiate(one_of(values, r), one_of(inputs, r), keras_own), r)
        for ours, theirs in zip(masks[0], masks[-1], strict=True):
            assert (ours is None) == (theirs is None)
            if ours is not None:
                np.testing.assert_array_equal(ours[r], theirs)


def equal(whole, own, r):
    """Compare what `differentiate` gives of replica r."""
    for ours, theirs in zip(whole, own, strict=True):
        for a, b in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(a[r], b, atol=2e-5, rtol=2e-5)
