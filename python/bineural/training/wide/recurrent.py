"""Recurrent layers: one loop over time for all replicas, in which a step is a batched product.

What the inputs contribute does not depend on the steps before, so it is one product over all times. Sequences
without masks, cells without dropout; the sums are those of Keras' cells.
"""

from bineural._tensorflow import keras, tf
from bineural.training.wide.activations import activate, is_known_activation
from bineural.training.wide.dense import affine, product
from bineural.training.wide.lstm_scan import scan_lstm
from bineural.training.wide.registry import find_forward, wide

layers = keras.layers


def _is_plain(layer):
    known = is_known_activation(layer.activation)
    known = known and is_known_activation(getattr(layer, "recurrent_activation", None))
    return known and not (layer.stateful or layer.cell.dropout or layer.cell.recurrent_dropout)


@wide(layers.SimpleRNN, when=_is_plain)
def simple_rnn(layer, call, x, initial_state=None):
    """Run h = activation(x W + h U + b)."""
    cell = layer.cell
    recurrent = call[cell.recurrent_kernel]

    def step(z, states):
        h = activate(cell.activation, z + product(states[0], recurrent))
        return [h]

    return _run(layer, call, _project(call, cell, x, cell.bias), step, initial_state)


@wide(layers.LSTM, when=_is_plain)
def lstm(layer, call, x, initial_state=None):
    """Run a long short-term memory. Hochreiter and Schmidhuber (1997). Neural Computation 9, 1735-1780."""
    cell = layer.cell
    recurrent, gate = call[cell.recurrent_kernel], cell.recurrent_activation
    z = _project(call, cell, x, cell.bias)
    if (cell.activation, gate) == (keras.activations.tanh, keras.activations.sigmoid):
        z, states = _begin(layer, call, z, initial_state)
        h, c = scan_lstm(z, recurrent, *states)
        return _output(layer, h if layer.return_sequences else h[-1], [h[-1], c[-1]])

    def step(z, states):
        h, c = states
        i, f, new, o = tf.split(z + product(h, recurrent), 4, -1)
        c = activate(gate, f) * c + activate(gate, i) * activate(cell.activation, new)
        return [activate(gate, o) * activate(cell.activation, c), c]

    return _run(layer, call, z, step, initial_state)


@wide(layers.GRU, when=_is_plain)
def gru(layer, call, x, initial_state=None):
    """Run a gated recurrent unit. Cho et al. (2014). Learning phrase representations. EMNLP."""
    cell = layer.cell
    recurrent, gate = call[cell.recurrent_kernel], cell.recurrent_activation
    bias, own = _biases(call, cell)

    def step(z, states):
        h = states[0]
        update, reset, new = tf.split(z, 3, -1)
        if cell.reset_after:
            inner = product(h, recurrent) if own is None else product(h, recurrent) + own[:, None]
            u, r, inner = tf.split(inner, 3, -1)
            reset = activate(gate, reset + r)
            inner = reset * inner
        else:
            gates, last = recurrent[:, :, : 2 * cell.units], recurrent[:, :, 2 * cell.units :]
            u, r = tf.split(product(h, gates), 2, -1)
            inner = product(activate(gate, reset + r) * h, last)
        update = activate(gate, update + u)
        return [update * h + (1 - update) * activate(cell.activation, new + inner)]

    return _run(layer, call, _project(call, cell, x, bias), step, initial_state)


def _biases(call, cell):
    """Return the bias of the inputs and that of the state: (n_replicas, 3 * units) each, or None."""
    if not cell.use_bias:
        return None, None
    bias = call[cell.bias]
    return (bias[:, 0], bias[:, 1]) if cell.reset_after else (bias, None)


def _project(call, cell, x, bias):
    """Return x W + b at all times: (n_times, n_replicas, batch, n)."""
    n_times, width = tf.shape(x)[2], x.shape[-1]
    rows, kernel = tf.reshape(x, tf.stack([call.n_replicas, -1, width])), call[cell.kernel]
    bias = call[bias] if isinstance(bias, keras.Variable) else bias
    z = product(rows, kernel) if bias is None else affine(rows, kernel, bias)
    z = tf.reshape(z, tf.stack([call.n_replicas, -1, n_times, kernel.shape[-1]]))
    return tf.ensure_shape(tf.transpose(z, [2, 0, 1, 3]), [x.shape[2], None, None, kernel.shape[-1]])


def _begin(layer, call, z, states):
    """Return what the loop begins with: the inputs in the order they are read, and the states."""
    if states is None:
        states = [tf.zeros(tf.stack([call.n_replicas, tf.shape(z)[2], layer.units]))] * len(layer.state_size)
    states = list(states) if isinstance(states, (list, tuple)) else [states]
    return tf.reverse(z, [0]) if layer.go_backwards else z, states


def _output(layer, outputs, states):
    """Return what the layer puts out, of outputs with time in front where it returns all of them."""
    outputs = tf.transpose(outputs, [1, 2, 0, 3]) if layer.return_sequences else outputs
    return [outputs, *states] if layer.return_state else outputs


def _run(layer, call, z, step, states):
    """Loop a step (z at one time, states) -> states over time; return what the layer puts out."""
    z, states = _begin(layer, call, z, states)
    n_times, every = tf.shape(z)[0], layer.return_sequences
    shape = tf.TensorShape([None, None, layer.units])
    parts = tf.TensorArray(tf.float32, n_times, element_shape=z.shape[1:]).unstack(z)
    seen = tf.TensorArray(tf.float32, n_times if every else 0, element_shape=shape)

    def body(t, seen, *states):
        states = step(parts.read(t), states)
        return t + 1, seen.write(t, states[0]) if every else seen, *states

    _, seen, *states = tf.while_loop(
        lambda t, *_: t < n_times,
        body,
        (tf.constant(0), seen, *states),
        shape_invariants=(tf.TensorShape([]), tf.TensorShape(None), *[shape] * len(states)),
        maximum_iterations=n_times,
    )
    return _output(layer, seen.stack() if every else states[0], states)


@wide(layers.Bidirectional, when=lambda layer: _both_are_known(layer))
def bidirectional(layer, call, x):
    """Run one layer forward and one backward, and merge what they put out."""
    forward = find_forward(layer.forward_layer)(call, x)
    backward = find_forward(layer.backward_layer)(call, x)
    backward = tf.reverse(backward, [2]) if layer.return_sequences else backward
    merge = {
        "concat": lambda a, b: tf.concat([a, b], -1),
        "sum": lambda a, b: a + b,
        "ave": lambda a, b: (a + b) / 2,
        "mul": lambda a, b: a * b,
    }
    return merge[layer.merge_mode](forward, backward)


def _both_are_known(layer):
    both = layer.forward_layer, layer.backward_layer
    return layer.merge_mode and not layer.return_state and all(find_forward(part) for part in both)
