"""Any step for many nets at once: `tf.vectorized_map` converts its operations one by one."""

from bineural._tensorflow import tf
from bineural.training.philox import repeatable_dropout


def over_replicas(function, elements):
    """Call a function of one replica's tensors for all replicas at once.

    Parameters
    ----------
    function : callable (elements) -> nest of tensors
    elements : nest of tensors, (n_replicas, ...)
    """
    log = tf.get_logger()
    level = log.level
    log.setLevel("ERROR")  # it warns of each operation without a vectorised form
    try:
        return tf.vectorized_map(function, elements, fallback_to_while_loop=True, warn=False)
    finally:
        log.setLevel(level)


class VectorisedStep:
    """Any step over many replicas, with the face of `wide.step.WideStep`.

    Parameters
    ----------
    step : Step
    """

    def __init__(self, step):
        self.step = step

    def enter(self, progress):
        """Return progress as the step has it."""
        return progress

    leave = enter

    def __call__(self, state, inputs, y, weights, rates, size):
        """Take one step on one batch of each replica."""

        def one(elements):
            state, inputs, y, weights, rates, size = elements
            with repeatable_dropout(rates.dropout, written_out=True):
                return self.step(state, inputs, y, weights, rates, size)

        return over_replicas(one, (state, inputs, y, weights, rates, size))

    def watched(self, state, inputs, y):
        """Return what each row costs: a dict of (n_replicas, batch) tensors."""
        return over_replicas(lambda elements: self.step.watched(*elements), (state, inputs, y))

    def kept(self, state):
        """Return [trainable, fixed] to predict with."""
        return self.step.kept(state)
