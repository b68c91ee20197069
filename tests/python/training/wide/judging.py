"""Judge wide layers and models by Keras: values, gradients, and what is changed on the way."""

import numpy as np

from bineural._tensorflow import keras, tf
from bineural.training.wide import registry
from bineural.training.wide.call import Call, mask_of
from bineural.training.wide.model import lacks, run_model

LOOPS = keras.layers.RNN, keras.layers.Bidirectional
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
    """Return what `run(values, inputs)` puts out and changes, masks of outputs, and the gradient of a sum."""
    floats = [v for v in [*values, *tf.nest.flatten(inputs)] if v.dtype.is_floating]
    with tf.GradientTape() as tape:
        tape.watch(floats)
        outputs, changed = run(values, inputs)
        flat = tf.nest.flatten(outputs)
        total = tf.add_n(
            [tf.reduce_sum(tf.sin(a) * (1 + tf.cos(tf.cast(i, tf.float32)))) for i, a in enumerate(flat)]
        )
    gradients = tape.gradient(total, floats, unconnected_gradients="zero")
    gradients = [tf.convert_to_tensor(g) for g in gradients]
    return flat, [tf.convert_to_tensor(c) for c in changed], [mask_of(x) for x in flat], gradients


def differentiate_in_graph(values, inputs, run):
    """Return the same from a graph that knows neither the number of replicas nor that of rows."""

    def free(nest, n):
        return tf.nest.map_structure(lambda a: tf.TensorSpec([None] * n + a.shape[n:], a.dtype), nest)

    signature = free(values, 1), free(inputs, 2)
    graph = tf.function(
        lambda *arguments: differentiate(*arguments, run), input_signature=signature, autograph=False
    )
    return graph(values, inputs)


def compare(subject, values, inputs, wide, keras_own):
    """Compare `wide(values, inputs)` with `keras_own(trained, fixed, inputs)` of each replica."""

    def with_changes(values, inputs):
        value = {id(v): x for v, x in zip(subject.variables, values)}
        trained, fixed = (
            [value[id(v)] for v in part]
            for part in (subject.trainable_variables, subject.non_trainable_variables)
        )
        outputs, after = keras_own(trained, fixed, inputs)
        value |= {id(v): x for v, x in zip(subject.non_trainable_variables, after)}
        return outputs, [value[id(v)] for v in subject.variables]

    loops = any(isinstance(part, LOOPS) for part in subject._flatten_layers())  # whose graphs take long
    whole = (differentiate if loops else differentiate_in_graph)(values, inputs, wide)
    for r in range(R):
        own = differentiate(one_of(values, r), one_of(inputs, r), with_changes)
        for ours, theirs in zip(whole, own, strict=True):
            for a, b in zip(ours, theirs, strict=True):
                assert (a is None) == (b is None)
                if a is not None:
                    np.testing.assert_allclose(a[r], b, atol=2e-5, rtol=2e-5)


def judge(layer, shape, training, compiled=False):
    """Compare the entry of a layer with Keras."""
    rng = np.random.default_rng(5)
    inputs = make_inputs(shape, rng)
    arguments = inputs if isinstance(inputs, tuple) else (inputs,)
    layer(*one_of(arguments, 0))
    how = {"training": training} if layer._call_has_training_arg else {}

    def wide(values, inputs):
        anything = values or [tf.nest.flatten(inputs)[0]]  # a layer without variables asks for none
        call = Call(layer.variables, anything, training, compiled=compiled)
        return registry.find_forward(layer)(call, *inputs), [call[v] for v in layer.variables]

    def keras_own(trained, fixed, inputs):
        return layer.stateless_call(trained, fixed, *inputs, **how)

    compare(layer, values_of(layer, rng), arguments, wide, keras_own)


def judge_model(model, inputs, training):
    """Compare a functional model over replicas with Keras' own call of each, the masks of its outputs too.

    Parameters
    ----------
    model : keras.Model
    inputs : tensor or list of them, (R, B, ...)
    training : bool
    """
    assert lacks(model) == ""

    def wide(values, inputs):
        call = Call(model.variables, values, training)
        return run_model(model, call, inputs), [call[v] for v in model.variables]

    def keras_own(trained, fixed, inputs):
        return model.stateless_call(trained, fixed, inputs, training=training)

    compare(model, values_of(model, np.random.default_rng(6)), inputs, wide, keras_own)
