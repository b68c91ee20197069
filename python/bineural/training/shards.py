"""A stack run as several smaller stacks at the same time, a thread each.

The products of small nets are too small to be shared out among cores one by one. How a stack is parted
depends on its size alone, not on the machine, so that results repeat to the bit.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from bineural._tensorflow import tf
from bineural.training.device import current_device, on_device

_FEWEST, _MANY, _MOST = 8, 32, 16  # replicas that are parted at all; in each of many shards; shards


def count_shards(n_replicas, xla):
    """Return into how many parts a stack is cut: a power of two, and equal ones under XLA."""
    shards = 2 if n_replicas >= _FEWEST else 1
    while shards < _MOST and n_replicas // (2 * shards) >= _MANY:
        shards *= 2
    while xla and n_replicas % shards:
        shards //= 2
    return shards


def run_shards(stack, progress, orders, last, batch, sizes, first, n_epochs, table, rates, watch, stopping):
    """Run epochs of a stack; see `Stack._train`.

    Returns
    -------
    progress : Progress
    done : int
        Epochs run, of the replica that ran longest.
    history : ndarray of float32, shape (n_epochs, n_replicas, 5)
    """

    n = len(sizes)
    ends = np.linspace(0, n, count_shards(n, stack.xla) + 1).astype(int)

    def cut(nest, has_axis=True):
        """Return a nest for each part."""
        leaves = [_cut(a, ends) if has_axis else [a] * (len(ends) - 1) for a in tf.nest.flatten(nest)]
        return [tf.nest.pack_sequence_as(nest, [a[i] for a in leaves]) for i in range(len(ends) - 1)]

    def cut_rows(table, own):
        parts = zip(cut(table.inputs, own.inputs), cut(table.y, own.y), cut(table.weights))
        return [type(table)(*part) for part in parts]

    watched = [()] * (len(ends) - 1)
    if watch:
        watched = list(zip(cut_rows(watch[0], stack.watch_own), cut(watch[1]), cut(watch[2])))
    each = zip(
        cut(progress), cut(orders), cut(last), cut(sizes), cut_rows(table, stack.own), cut(rates), watched
    )
    parts = [
        (state, order, end, batch, size, first, n_epochs, *more, stopping)
        for state, order, end, size, *more in each
    ]
    parts = [tf.nest.map_structure(tf.convert_to_tensor, p) for p in parts]
    stack.trace(*parts[0])
    if len(parts) == 1:
        found = [stack.graph(*parts[0])]
    else:
        device = current_device()  # of this thread

        def run(arguments):
            with on_device(device):
                return stack.graph(*arguments)

        with ThreadPoolExecutor(len(parts)) as pool:
            found = list(pool.map(run, parts))
    if len(found) == 1:
        progress = found[0][0]
    else:
        progress = tf.nest.map_structure(lambda *values: tf.concat(values, 0), *(f[0] for f in found))
    history = np.concatenate([f[2].numpy() for f in found], axis=1)
    return progress, max(int(f[1]) for f in found), history


def _cut(array, ends):
    """Return the parts of an array of which `ends` are the bounds."""
    if len(ends) == 2:
        return [array]
    if isinstance(array, tf.Tensor):
        return tf.split(array, np.diff(ends).tolist())
    return [array[begin:end] for begin, end in zip(ends, ends[1:])]
