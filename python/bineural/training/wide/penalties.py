"""Penalties on weights, of each replica."""

from bineural._tensorflow import tf
from bineural.training.penalties import factors_of
from bineural.training.vectorised import over_replicas


def sum_penalties(variables, values, rates):
    """Return the sum of the regularisation losses of each replica, times `rates.penalty`: (n_replicas,).

    Parameters
    ----------
    variables : list of keras.Variable
        That are trained.
    values : list of tensors, (n_replicas, *shape)
    rates : Rates of (n_replicas,)
    """
    total = tf.zeros_like(rates.penalty)
    for variable, value in zip(variables, values):
        if variable.regularizer is None:
            continue
        factors = factors_of(variable.regularizer)
        if factors is None:
            total += over_replicas(variable.regularizer, value)
            continue
        for factor, rate, size in zip(factors, (rates.l1, rates.l2), (tf.abs, tf.square)):
            if factor:
                part = factor * tf.reduce_sum(size(value), list(range(1, value.shape.rank)))
                total += part if isinstance(rate, tuple) else rate * part
    return total * rates.penalty
