"""The loop of a long short-term memory over time, with its gradient written out.

Automatic differentiation keeps, and looks up, every number of every step. Of the gradient only what one step
hands to the step before has to be computed in order: the rest is done for all times at once.
"""

from bineural._tensorflow import tf
from bineural.training.own_gradient import own_gradient
from bineural.training.wide.dense import product


@own_gradient
def scan_lstm(z, recurrent, h, c):
    """Run over time: i, f, o = sigmoid(z + h U), g = tanh(z + h U), c = f c + i g, h = o tanh(c).

    Parameters
    ----------
    z : tensor, (n_times, n_replicas, batch, 4 * units)
        What the inputs contribute to i, f, g, o.
    recurrent : tensor, (n_replicas, units, 4 * units)
    h, c : tensors, (n_replicas, batch, units)
        Before the first step.

    Returns
    -------
    h, c : tensors, (n_times, n_replicas, batch, units)
    """
    n_times, parts = tf.shape(z)[0], tf.TensorArray(tf.float32, 0, dynamic_size=True).unstack(z)
    gates = tf.TensorArray(tf.float32, n_times, element_shape=z.shape[1:])
    cells = tf.TensorArray(tf.float32, n_times, element_shape=c.shape)

    def step(t, gates, cells, h, c):
        now = parts.read(t) + product(h, recurrent)
        i, f, g, o = _activate(now)
        c = f * c + i * g
        return t + 1, gates.write(t, now), cells.write(t, c), o * tf.tanh(c), c

    _, gates, cells, _, _ = _loop(n_times, step, gates, cells, h, c)
    i, f, g, o = _activate(gates.stack())
    cells = cells.stack()
    bent = tf.tanh(cells)
    states = o * bent

    def gradient(of_states, of_cells):
        before = tf.concat([c[None], cells[:-1]], 0)
        by_gate = tf.concat([g * i * (1 - i), before * f * (1 - f), i * (1 - g * g), bent * o * (1 - o)], -1)
        of_z, of_h, of_c = _scan_back(of_states, of_cells, by_gate, o * (1 - bent * bent), f, recurrent)
        earlier = _all_rows(tf.concat([h[None], states[:-1]], 0))
        return of_z, product(earlier, _all_rows(of_z), adj_x=True), of_h, of_c

    return (states, cells), gradient


def _activate(z):
    i, f, g, o = tf.split(z, 4, -1)
    return tf.sigmoid(i), tf.sigmoid(f), tf.tanh(g), tf.sigmoid(o)


def _scan_back(of_states, of_cells, by_gate, by_state, forget, recurrent):
    """Go back in time; return the gradients of z, of the first h and of the first c."""
    n_times = tf.shape(by_gate)[0]
    read = [
        tf.TensorArray(tf.float32, 0, dynamic_size=True).unstack(a)
        for a in (of_states, of_cells, by_gate, by_state, forget)
    ]
    of_z = tf.TensorArray(tf.float32, n_times, element_shape=by_gate.shape[1:])

    def step(k, of_z, of_h, of_c):
        state, cell, gate, through, kept = (array.read(n_times - 1 - k) for array in read)
        of_h = of_h + state
        of_c = of_c + cell + of_h * through
        now = tf.concat([of_c, of_c, of_c, of_h], -1) * gate
        return k + 1, of_z.write(n_times - 1 - k, now), product(now, recurrent, adj_y=True), of_c * kept

    nothing = tf.zeros_like(forget[0])
    _, of_z, of_h, of_c = _loop(n_times, step, of_z, nothing, nothing)
    return of_z.stack(), of_h, of_c


def _loop(n_times, step, *start):
    # a while loop of its own: nothing is kept for automatic differentiation
    return tf.while_loop(
        lambda t, *_: t < n_times, step, (tf.constant(0), *start), maximum_iterations=n_times
    )


def _all_rows(states):
    """Return (n_times, n_replicas, batch, n) as rows of each replica: (n_replicas, n_times * batch, n)."""
    by_replica = tf.transpose(states, [1, 0, 2, 3])
    return tf.reshape(by_replica, tf.stack([tf.shape(states)[1], -1, states.shape[-1]]))
