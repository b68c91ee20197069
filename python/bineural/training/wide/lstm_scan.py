"""The loop of a long short-term memory over time, with its gradient written out.

Automatic differentiation keeps, and looks up, every number of every step. Of the gradient only what one step
hands to the step before has to be computed in order: the rest is done for all times at once.
"""

from bineural._tensorflow import tf
from bineural.training.own_gradient import own_gradient
from bineural.training.wide.dense import product


def scan_lstm(z, recurrent, h, c, live=None):
    """Run over time: i, f, o = sigmoid(z + h U), g = tanh(z + h U), c = f c + i g, h = o tanh(c).

    Parameters
    ----------
    z : tensor, (n_times, n_replicas, batch, 4 * units)
        What the inputs contribute to i, f, g, o.
    recurrent : tensor, (n_replicas, units, 4 * units)
    h, c : tensors, (n_replicas, batch, units)
        Before the first step.
    live : tensor of bool, (n_times, n_replicas, batch, 1), optional
        False where a step leaves h and c as they are.

    Returns
    -------
    h, c : tensors, (n_times, n_replicas, batch, units)
    """

    @own_gradient
    def scan(z, recurrent, h, c):
        gates, cells, states = _scan(z, recurrent, h, c, live)
        i, f, g, o = _activate(gates)
        before = tf.concat([c[None], cells[:-1]], 0)
        bent = tf.tanh(cells if live is None else f * before + i * g)
        states = o * bent if live is None else states

        def gradient(of_states, of_cells):
            slopes = [g * i * (1 - i), before * f * (1 - f), i * (1 - g * g), bent * o * (1 - o)]
            kept = o * (1 - bent * bent), f
            of_z, of_h, of_c = _scan_back(of_states, of_cells, tf.concat(slopes, -1), kept, recurrent, live)
            earlier = _all_rows(tf.concat([h[None], states[:-1]], 0))
            return of_z, product(earlier, _all_rows(of_z), adj_x=True), of_h, of_c

        return (states, cells), gradient

    return scan(z, recurrent, h, c)


def _scan(z, recurrent, h, c, live):
    """Return what goes into the gates, c and (with `live`, else None) h after each step."""
    n_times, parts = tf.shape(z)[0], tf.TensorArray(tf.float32, 0, dynamic_size=True).unstack(z)
    gates = tf.TensorArray(tf.float32, n_times, element_shape=z.shape[1:])
    cells = tf.TensorArray(tf.float32, n_times, element_shape=c.shape)

    def step(t, gates, cells, h, c):
        now = parts.read(t) + product(h, recurrent)
        i, f, g, o = _activate(now)
        c = f * c + i * g
        return t + 1, gates.write(t, now), cells.write(t, c), o * tf.tanh(c), c

    if live is None:
        _, gates, cells, _, _ = _loop(n_times, step, gates, cells, h, c)
        return gates.stack(), cells.stack(), None
    lives = tf.TensorArray(tf.bool, 0, dynamic_size=True).unstack(live)
    states = tf.TensorArray(tf.float32, n_times, element_shape=h.shape)

    def masked_step(t, gates, cells, states, h, c):
        here, now = lives.read(t), parts.read(t) + product(h, recurrent)
        i, f, g, o = _activate(now)
        new = f * c + i * g
        h, c = tf.where(here, o * tf.tanh(new), h), tf.where(here, new, c)
        return t + 1, gates.write(t, now), cells.write(t, c), states.write(t, h), h, c

    _, gates, cells, states, _, _ = _loop(n_times, masked_step, gates, cells, states, h, c)
    return gates.stack(), cells.stack(), states.stack()


def _activate(z):
    i, f, g, o = tf.split(z, 4, -1)
    return tf.sigmoid(i), tf.sigmoid(f), tf.tanh(g), tf.sigmoid(o)


def _scan_back(of_states, of_cells, by_gate, kept, recurrent, live):
    """Go back in time; return the gradients of z, of the first h and of the first c.

    Of the gradient of a step that is left out, all goes to the step before, and nothing to z.
    """
    n_times = tf.shape(by_gate)[0]
    arrays = [of_states, of_cells, by_gate, *kept, *([] if live is None else [tf.cast(live, tf.float32)])]
    arrays = [tf.TensorArray(tf.float32, 0, dynamic_size=True).unstack(a) for a in arrays]
    of_z = tf.TensorArray(tf.float32, n_times, element_shape=by_gate.shape[1:])

    def step(k, of_z, of_h, of_c):
        state, cell, gate, through, forget, *here = (array.read(n_times - 1 - k) for array in arrays)
        of_h, of_c = of_h + state, of_c + cell
        past_h, past_c = ((1 - here[0]) * of_h, (1 - here[0]) * of_c) if here else (None, None)
        if here:
            of_h, of_c = here[0] * of_h, here[0] * of_c
        of_c = of_c + of_h * through
        now = tf.concat([of_c, of_c, of_c, of_h], -1) * gate
        of_h, of_c = product(now, recurrent, adj_y=True), of_c * forget
        if here:
            of_h, of_c = of_h + past_h, of_c + past_c
        return k + 1, of_z.write(n_times - 1 - k, now), of_h, of_c

    nothing = tf.zeros_like(kept[1][0])
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
