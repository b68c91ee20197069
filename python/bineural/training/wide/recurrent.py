"""Recurrent layers: one loop over time for all replicas, in which a step is a batched product.

A step that the mask leaves out carries the states over. The layer then puts out again what it put out before
it (zeros where there was nothing), or zeros where Keras is asked for them.
"""

from bineural._tensorflow import keras, tf
from bineural.training.wide.cells import is_known_cell, steps_of
from bineural.training.wide.lstm_scan import scan_lstm
from bineural.training.wide.registry import find_forward, wide

layers = keras.layers
tree = keras.tree


def _is_known(layer):
    return (
        not layer.stateful and is_known_cell(layer.cell) and not (_is_stacked(layer) and layer.return_state)
    )


def _is_stacked(layer):
    return type(layer.cell) is layers.StackedRNNCells


@wide(layers.SimpleRNN, layers.LSTM, layers.GRU, layers.RNN, when=_is_known)
def recurrent(layer, call, x, initial_state=None, mask=None):
    """Run a cell, or several stacked ones, over time."""
    *below, cell = layer.cell.cells if _is_stacked(layer) else [layer.cell]
    live, back = _in_time(mask, layer.go_backwards), layer.go_backwards
    for other in below:  # a step left out changes no state, so what it passes on does not matter
        seen, _ = _run(call, other, x, back, None, live, True)
        x, back = tf.transpose(seen, [1, 2, 0, 3]), False
    every = layer.return_sequences
    outputs, states = _run(call, cell, x, back, initial_state, live, every)
    if live is not None:
        outputs = _shown(layer, outputs, live, initial_state is not None)
    outputs = tf.transpose(outputs, [1, 2, 0, 3]) if every else outputs
    return [outputs, *states] if layer.return_state else outputs


def _in_time(mask, back):
    """Return a mask in the order in which the steps are taken: bool (n_times, n_replicas, batch, 1)."""
    if mask is None:
        return None
    mask = tf.cast(mask if mask.shape.rank == 4 else mask[..., None], tf.bool)
    mask = tf.transpose(mask, [2, 0, 1, 3])
    return tf.reverse(mask, [0]) if back else mask


def _run(call, cell, x, back, states, live, every):
    """Loop a cell over time; return its output at every time, or at the last, and the last states."""
    z, step, plain_lstm = steps_of(call, cell, x)
    z = tf.reverse(z, [0]) if back else z
    if states is None:
        n_states = len(tree.flatten(cell.state_size))
        states = [tf.zeros(tf.stack([call.n_replicas, tf.shape(z)[2], cell.units]))] * n_states
    states = list(states) if isinstance(states, (list, tuple)) else [states]
    if plain_lstm:
        h, c = scan_lstm(z, call[cell.recurrent_kernel], *states, live)
        return h if every else h[-1], [h[-1], c[-1]]
    return _loop(z, step, states, live, every)


def _loop(z, step, states, live, every):
    """Loop a step (z at one time, states) -> states over time; return as `_run` does."""
    n_times, shape = tf.shape(z)[0], tf.TensorShape([None, None, states[0].shape[-1]])
    parts = tf.TensorArray(tf.float32, n_times, element_shape=z.shape[1:]).unstack(z)
    if live is not None:
        lives = tf.TensorArray(tf.bool, n_times, element_shape=live.shape[1:]).unstack(live)
    seen = tf.TensorArray(tf.float32, n_times if every else 0, element_shape=shape)

    def body(t, seen, *states):
        now = step(parts.read(t), states)
        if live is not None:
            here = lives.read(t)
            now = [tf.where(here, new, old) for new, old in zip(now, states)]
        return t + 1, seen.write(t, now[0]) if every else seen, *now

    _, seen, *states = tf.while_loop(
        lambda t, *_: t < n_times,
        body,
        (tf.constant(0), seen, *states),
        shape_invariants=(tf.TensorShape([]), tf.TensorShape(None), *[shape] * len(states)),
        maximum_iterations=n_times,
    )
    return seen.stack() if every else states[0], states


def _shown(layer, outputs, live, from_states):
    """Return what a layer puts out at steps that are left out, and after them."""
    every = layer.return_sequences
    if layer.zero_output_for_mask:
        # Keras forgets to turn the mask round where it unrolls the loop
        live = tf.reverse(live, [0]) if every and layer.unroll and layer.go_backwards else live
        return tf.where(live if every else live[-1], outputs, 0.0)
    if not from_states:
        return outputs
    begun = tf.cumsum(tf.cast(live, tf.int32)) > 0  # until then it has put out nothing, not the given state
    return tf.where(begun if every else begun[-1], outputs, 0.0)


@wide(layers.Bidirectional, when=lambda layer: _both_are_known(layer))
def bidirectional(layer, call, x, initial_state=None, mask=None):
    """Run one layer forward and one backward, and merge what they put out."""
    given = [None, None]
    if initial_state is not None:
        half = len(initial_state) // 2
        given = [initial_state[:half], initial_state[half:]]
    both = [layer.forward_layer, layer.backward_layer]
    outputs = [find_forward(part)(call, x, states, mask) for part, states in zip(both, given)]
    states = []
    if layer.return_state:
        states = [state for part in outputs for state in part[1:]]
        outputs = [part[0] for part in outputs]
    forward, backward = outputs
    backward = tf.reverse(backward, [2]) if layer.return_sequences else backward
    merge = {
        "concat": lambda a, b: [tf.concat([a, b], -1)],
        "sum": lambda a, b: [a + b],
        "ave": lambda a, b: [(a + b) / 2],
        "mul": lambda a, b: [a * b],
        None: lambda a, b: [a, b],
    }
    merged = [*merge[layer.merge_mode](forward, backward), *states]
    return merged if len(merged) > 1 else merged[0]


def _both_are_known(layer):
    both = layer.forward_layer, layer.backward_layer
    return not layer.stateful and all(type(part) in _PLAIN and find_forward(part) for part in both)


_PLAIN = (layers.SimpleRNN, layers.LSTM, layers.GRU, layers.RNN)
