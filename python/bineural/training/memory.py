"""How much memory a training takes, estimated before it starts, and said where that is too much.

At its peak a training holds the layout's own weights; weights and the optimizer's numbers before a step and
after it; gradients and what the update makes of them; the best weights. `benchmarks/bench_memory.py` has the
estimate beside what was measured.
"""

import numpy as np

from bineural._tensorflow import tf
from bineural.errors import LargeNetWarning
from bineural.messages import warn
from bineural.training.open_lengths import steps_of

_NUMBER = 4  # bytes of float32 and int32


def estimate_bytes(layout, n_state, batch_size, n_rows, n_bytes=0, n_steps=1):
    """Return the bytes that the training of one net takes at its peak, alone or as one of a stack.

    Parameters
    ----------
    layout : Layout
    n_state : int
        Numbers in the optimizers' state.
    batch_size, n_rows : int
    n_bytes : int
        Of the rows that the net has of its own.
    n_steps : int
        Of the rows, where a model takes any number of them.
    """
    units = min(batch_size, n_rows) * layout.count_units(n_steps)
    numbers = 6 * layout.n_weights + 3 * n_state + 4 * units + 16 * n_rows
    return _NUMBER * numbers + n_bytes


def estimate_alone(fit):
    """Return the bytes that the one net of a fit takes."""
    arrays = tf.nest.flatten((fit.nets.rows, fit.nets.watch or ()))
    n_state = fit.step().n_state
    return estimate_bytes(
        fit.nets.plan.layout,
        n_state,
        fit.batch_size,
        fit.nets.size,
        sum(a.nbytes for a in arrays),
        steps_of(fit.nets.plan.model, fit.nets.rows.inputs),
    )


def available_bytes():
    """Return the bytes of memory that this machine has left, None where it does not tell."""
    try:
        with open("/proc/meminfo") as lines:
            (line,) = (line for line in lines if line.startswith("MemAvailable"))
        return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        return None


def say_if_large(estimate, limit, of_what, layout):
    """Warn of a net whose training takes more memory than there is.

    Parameters
    ----------
    estimate : int
        Bytes.
    limit : int or None
        Bytes; None is not known.
    of_what : str
        What the limit is, to follow the number.
    layout : Layout
    """
    if limit is None or estimate <= limit:
        return
    size = f"{layout.n_weights:,} weights, {_shown(estimate)} of memory while it is trained"
    warn(
        LargeNetWarning,
        f"One net takes more memory than the {_shown(limit)} {of_what}: {size}.\n"
        "Make its layers or `batch_size` smaller, or train it where there is more; optimizer='sgd' "
        "takes half of Adam's.",
    )


def _shown(n_bytes):
    return f"{n_bytes / 1e9:.1f} GB" if n_bytes >= 1e8 else f"{np.ceil(n_bytes / 1e6):.0f} MB"
