"""The update rules of Keras' most used optimizers, for the flat weights of many replicas.

A rule is a function (settings, slots, gradient, rate, step) -> (slots, change of the weights), all of shape
(n_replicas, n_weights), but for `rate` and `step` (n_replicas, 1). It has the operations of Keras in Keras'
order; `test_wide_optimizers.py` compares each with Keras' own steps. An optimizer, or a setting, that is not
here updates the variables as `PureOptimizer` does, vectorised over replicas.
"""

from bineural._tensorflow import keras, tf

kinds = keras.optimizers


def sgd(settings, slots, gradient, rate, step):
    """Take a step of gradient descent, with (Nesterov) momentum or without."""
    if not settings.momentum:
        return [], -gradient * rate
    m = slots[0] * settings.momentum - gradient * rate
    return [m], m * settings.momentum - gradient * rate if settings.nesterov else m


def adam(settings, slots, gradient, rate, step):
    """Take a step of Adam. Kingma and Ba (2015). Adam: a method for stochastic optimization. ICLR."""
    m, v, *largest = slots
    alpha = rate * tf.sqrt(1 - settings.beta_2**step) / (1 - settings.beta_1**step)
    m += (gradient - m) * (1 - settings.beta_1)
    v += (tf.square(gradient) - v) * (1 - settings.beta_2)
    largest = [tf.maximum(part, v) for part in largest]
    return [m, v, *largest], -(m * alpha) / (tf.sqrt([v, *largest][-1]) + settings.epsilon)


def rmsprop(settings, slots, gradient, rate, step):
    """Take a step of RMSprop. Tieleman and Hinton (2012). Neural networks for machine learning, 6.5."""
    v = settings.rho * slots[0] + (1 - settings.rho) * tf.square(gradient)
    change = rate * gradient / tf.sqrt(v + settings.epsilon)
    if settings.momentum > 0:
        change += settings.momentum * slots[1]
        return [v, change], -change
    return [v], -change


def _adam_slots(optimizer):
    slots = [optimizer._momentums, optimizer._velocities]
    return [*slots, optimizer._velocity_hats] if optimizer.amsgrad else slots


def _rmsprop_slots(optimizer):
    if optimizer.centered:
        return None
    return [optimizer._velocities, *([optimizer._momentums] if optimizer.momentum > 0 else [])]


_RULES = {  # class of the optimizer: (rule, its slots, each a list of variables; None for unknown settings)
    kinds.SGD: (sgd, lambda optimizer: [optimizer.momentums] if optimizer.momentum else []),
    kinds.Adam: (adam, _adam_slots),
    kinds.AdamW: (adam, _adam_slots),
    kinds.RMSprop: (rmsprop, _rmsprop_slots),
}


def find_rule(kind, optimizer):
    """Return (rule, slots) of a built optimizer of a class of Keras', or None where there is none."""
    if kind not in _RULES or optimizer.use_ema:
        return None
    rule, read_slots = _RULES[kind]
    slots = read_slots(optimizer)
    return None if slots is None else (rule, slots)
