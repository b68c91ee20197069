"""Restricted Boltzmann machine: visible and hidden units that are 0 or 1, trained by contrastive divergence.

Shapes: (batch, n_columns) float32 of shares -> (batch, 1 + n_hidden): what a row costs, and the probabilities
of its hidden units.
"""

from bineural._tensorflow import keras
from bineural.checks import flag, whole
from bineural.options import Option
from bineural.zoo.architecture import Architecture, register_architecture

N_HIDDEN = Option(
    "n_hidden",
    64,
    whole(1, 10**6, hint="Use for example 64."),
    "int",
    "Hidden units.",
    in_r="count",
    range="whole",
)
STEPS = Option(
    "steps",
    1,
    whole(1, 10**4, hint="Use 1, or 10 for a gradient nearer to that of the likelihood."),
    "int",
    "Gibbs steps from the rows (or of the chains) in each step of training: the k of CD-k.",
    in_r="count",
    range="whole",
)
PERSISTENT = Option(
    "persistent",
    False,
    flag(),
    "bool",
    "Whether 100 chains go on from one step of training to the next, instead of starting from the rows.",
    in_r="flag",
)


def build_rbm(input_shape, n_outputs, *, n_hidden=64, steps=1, persistent=False):
    """Build a restricted Boltzmann machine, uncompiled.

    Parameters
    ----------
    input_shape : tuple (n_columns,)
    n_outputs : int
        Not used.
    n_hidden, steps : int
    persistent : bool

    Returns
    -------
    keras.Model
        Of one layer, "machine".
    """
    from bineural.zoo.parts.contrast import Contrast  # loads TensorFlow

    rows = keras.Input(input_shape, name="columns")
    return keras.Model(rows, Contrast(n_hidden, steps, persistent, name="machine")(rows), name="rbm")


register_architecture(
    Architecture(
        "rbm",
        build_rbm,
        inputs=("table",),
        options=(N_HIDDEN, STEPS, PERSISTENT),
        learns="hidden",
        batch_by_rows=((0, 10), (1000, 32)),
        learning_rate=0.05,
        title="Restricted Boltzmann machine",
        paper="Hinton. Training products of experts by minimizing contrastive divergence. Neural Computation "
        "14(8), 1771-1800.",
        year=2002,
    )
)
