"""What the cells of recurrent layers do in a step, as a batched product of all replicas.

What the inputs contribute does not depend on the steps before, so it is one product over all times. The sums
are those of Keras' cells; dropout leaves the same numbers of inputs and states out at all times.
"""

from typing import NamedTuple

from bineural._tensorflow import keras, tf
from bineural.training.truncated import TruncatedCell
from bineural.training.wide.activations import activate, is_known_activation
from bineural.training.wide.dense import affine, product
from bineural.training.wide.dropout import rate_and_scale

layers = keras.layers


class Steps(NamedTuple):
    """A cell over a sequence.

    Attributes
    ----------
    z : tensor, (n_times, n_replicas, batch, n)
        What the inputs contribute.
    step : callable (z at one time, states) -> states
    plain_lstm : bool
        Whether `scan_lstm` does the same.
    """

    z: object
    step: object
    plain_lstm: bool = False


def is_known_cell(cell):
    """Say whether a cell has steps here."""
    if type(cell) is layers.StackedRNNCells:
        return all(map(is_known_cell, cell.cells))
    if type(cell) is TruncatedCell:
        return is_known_cell(cell.cell)
    return (
        type(cell) in _STEPS
        and cell.compute_dtype == cell.variable_dtype == "float32"
        and is_known_activation(cell.activation)
        and is_known_activation(getattr(cell, "recurrent_activation", None))
        and max(cell.dropout, cell.recurrent_dropout) < 1
    )


def steps_of(call, cell, x):
    """Return the `Steps` of a cell over x (n_replicas, batch, time, n)."""
    if type(cell) is TruncatedCell:
        return _truncated(call, cell, x)
    return _STEPS[type(cell)](call, cell, x, *_draw_masks(call, cell, x))


def _simple(call, cell, x, dropped, dropped_states):
    """Run h = activation(x W + h U + b)."""
    recur = _recurrence(call[cell.recurrent_kernel], dropped_states)

    def step(z, states):
        return [activate(cell.activation, z + recur(states[0]))]

    return Steps(_project(call, cell, x, _value(call, cell.bias), dropped), step)


def _lstm(call, cell, x, dropped, dropped_states):
    """Run a long short-term memory. Hochreiter and Schmidhuber (1997). Neural Computation 9, 1735-1780."""
    recur, gate = _recurrence(call[cell.recurrent_kernel], dropped_states), cell.recurrent_activation

    def step(z, states):
        h, c = states
        i, f, new, o = tf.split(z + recur(h), 4, -1)
        c = activate(gate, f) * c + activate(gate, i) * activate(cell.activation, new)
        return [activate(gate, o) * activate(cell.activation, c), c]

    usual = (cell.activation, gate) == (keras.activations.tanh, keras.activations.sigmoid)
    z = _project(call, cell, x, _value(call, cell.bias), dropped)
    return Steps(z, step, usual and dropped_states is None)


def _gru(call, cell, x, dropped, dropped_states):
    """Run a gated recurrent unit. Cho et al. (2014). Learning phrase representations. EMNLP."""
    recurrent, gate = call[cell.recurrent_kernel], cell.recurrent_activation
    bias, own = _biases(call, cell)
    if cell.reset_after:
        recur = _recurrence(recurrent, dropped_states)
    else:
        gates, last = recurrent[:, :, : 2 * cell.units], recurrent[:, :, 2 * cell.units :]
        both = (None, None) if dropped_states is None else (dropped_states[:, :2], dropped_states[:, 2:])
        recur, recur_last = _recurrence(gates, both[0]), _recurrence(last, both[1])

    def step(z, states):
        h = states[0]
        update, reset, new = tf.split(z, 3, -1)
        if cell.reset_after:
            inner = recur(h) if own is None else recur(h) + own[:, None]
            u, r, inner = tf.split(inner, 3, -1)
            reset = activate(gate, reset + r)
            inner = reset * inner
        else:
            u, r = tf.split(recur(h), 2, -1)
            inner = recur_last(activate(gate, reset + r) * h)
        update = activate(gate, update + u)
        return [update * h + (1 - update) * activate(cell.activation, new + inner)]

    return Steps(_project(call, cell, x, bias, dropped), step)


def _truncated(call, cell, x):
    """Run the cell inside; where a window starts, the gradient does not go back to the states before."""
    inside, place = steps_of(call, cell.cell, x[..., :-2]), -1 if cell.backward else -2
    starts = tf.transpose(x[..., place], [2, 0, 1])[..., None]

    def step(z, states):
        here = z[..., -1:] > 0
        return inside.step(z[..., :-1], [tf.where(here, tf.stop_gradient(state), state) for state in states])

    return Steps(tf.concat([inside.z, starts], -1), step)


_STEPS = {layers.SimpleRNNCell: _simple, layers.LSTMCell: _lstm, layers.GRUCell: _gru}


def _biases(call, cell):
    """Return the bias of the inputs and that of the state: (n_replicas, 3 * units) each, or None."""
    if not cell.use_bias:
        return None, None
    bias = call[cell.bias]
    return (bias[:, 0], bias[:, 1]) if cell.reset_after else (bias, None)


def _value(call, variable):
    return None if variable is None else call[variable]


# ---- products, and what dropout leaves out of them ----


def _draw_masks(call, cell, x):
    """Return what to multiply inputs and states by: (n_replicas, n, batch, width) each, or None.

    n is 1, for all gates, or their number. Keras draws them whether or not it trains.
    """
    n = getattr(cell, "dropout_mask_count", None) or 1
    batch = tf.shape(x)[1]

    def draw(rate, width):
        if not rate:
            return None
        numbers = call.draw_times(cell.seed_generator, tf.stack([batch, width]), n)
        numbers = tf.ensure_shape(numbers, [None, n, None, width])
        rate, scale = rate_and_scale(call, rate, 4)
        return tf.where(numbers >= rate, scale, 0.0) if call.training else None

    return draw(cell.dropout, x.shape[-1]), draw(cell.recurrent_dropout, cell.units)


def _recurrence(recurrent, dropped):
    """Return the function h -> h U of one step, with what dropout leaves of h for each gate."""
    if dropped is None:
        return lambda h: product(h, recurrent)
    n = dropped.shape[1]
    parts = tf.stack(tf.split(recurrent, n, -1), 1)  # (n_replicas, n, units, ...)
    return lambda h: tf.concat(tf.unstack(product(h[:, None] * dropped, parts), n, 1), -1)


def _project(call, cell, x, bias, dropped):
    """Return x W + b at all times: (n_times, n_replicas, batch, n)."""
    kernel, n_times = call[cell.kernel], tf.shape(x)[2]
    kept = [x] if dropped is None else [x * part[:, :, None] for part in tf.unstack(dropped, axis=1)]
    kept = [tf.reshape(part, tf.stack([call.n_replicas, -1, x.shape[-1]])) for part in kept]
    if len(kept) == 1:
        z = product(kept[0], kernel) if bias is None else affine(kept[0], kernel, bias)
    else:
        by_gate = zip(kept, tf.split(kernel, len(kept), -1))
        z = tf.concat([product(*pair) for pair in by_gate], -1)
        z = z if bias is None else z + bias[:, None]
    z = tf.reshape(z, tf.stack([call.n_replicas, -1, n_times, kernel.shape[-1]]))
    return tf.ensure_shape(tf.transpose(z, [2, 0, 1, 3]), [x.shape[2], None, None, kernel.shape[-1]])
