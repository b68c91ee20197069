"""Functions with a gradient written out, for a `tf.GradientTape` around them.

`tf.custom_gradient` enters each use of such a function in a graph into a table of TensorFlow's, for
`tf.gradients`, and takes nothing out again: all graphs of a session would be kept.
"""

import functools

from bineural._tensorflow import tf


def own_gradient(function):
    """Let tapes take the gradient that a function brings.

    Parameters
    ----------
    function : callable
        (*tensors) -> (results, gradient), and gradient(*upstream), one for each result, -> one gradient for
        each tensor.

    Returns
    -------
    callable
        (*tensors) -> results.
    """
    from tensorflow.python.eager import record

    @functools.wraps(function)
    def call(*tensors):
        tensors = [tf.convert_to_tensor(tensor) for tensor in tensors]
        with record.stop_recording():
            results, gradient = function(*tensors)
            outputs = [tf.identity(result) for result in tf.nest.flatten(results)]

        def backward(*upstream):
            return tf.nest.flatten(gradient(*upstream))

        record.record_operation(function.__name__, outputs, tensors, backward)
        return tf.nest.pack_sequence_as(results, outputs)

    return call
