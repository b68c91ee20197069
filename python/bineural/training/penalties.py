"""Penalties on weights with factors that replicas of one graph may differ in."""

import contextlib
import threading

from bineural._tensorflow import keras, tf

_setting = threading.RLock()
_PENALTIES = (keras.regularizers.L1L2, keras.regularizers.L1, keras.regularizers.L2)


@contextlib.contextmanager
def scaled_penalties(model, rates):
    """Multiply the L1 and L2 factors of a model's weight penalties while its graph is traced."""
    own = [(v, v.regularizer) for v in model.trainable_variables if factors_of(v.regularizer)]
    if isinstance(rates.l1, tuple) and isinstance(rates.l2, tuple):
        own = []
    with _setting:
        try:
            for variable, penalty in own:
                variable.regularizer = _Scaled(penalty, rates)
            yield
        finally:
            for variable, penalty in own:
                variable.regularizer = penalty


def factors_of(penalty):
    """Return the factors (of the L1 part, of the L2 part) of a weight penalty, None for another kind."""
    if type(penalty) not in _PENALTIES:
        return None
    return float(getattr(penalty, "l1", 0.0)), float(getattr(penalty, "l2", 0.0))


class _Scaled(keras.regularizers.Regularizer):
    """A weight penalty with factors on its two parts."""

    def __init__(self, penalty, rates):
        self.parts = list(zip(factors_of(penalty), (rates.l1, rates.l2), (tf.abs, tf.square)))

    def __call__(self, weights):
        weights = tf.convert_to_tensor(weights)
        total = tf.constant(0.0)
        for factor, rate, size in self.parts:
            if factor:
                own = 1.0 if isinstance(rate, tuple) else rate
                total += factor * own * tf.reduce_sum(size(weights))
        return total
