"""One step of the optimizer of many replicas: on flat weights by a rule, or as Keras does, vectorised."""

from bineural._tensorflow import tf
from bineural.training.vectorised import over_replicas
from bineural.training.wide.flat import Flat
from bineural.training.wide.optimizers import find_rule


def make_update(pure, variables):
    """Return the update of a model's variables by an optimizer.

    Parameters
    ----------
    pure : PureOptimizer
    variables : list of keras.Variable
    """
    floats = all(v.dtype == "float32" for v in variables) and variables
    found = find_rule(pure.kind, pure.built) if floats else None
    return VariableUpdate(pure) if found is None else FlatUpdate(pure.built, variables, *found)


class VariableUpdate:
    """Update variable by variable, as Keras does for each replica.

    Parameters
    ----------
    pure : PureOptimizer
    """

    def __init__(self, pure):
        self.pure = pure

    def enter(self, state):
        """Return the state as the update has it."""
        return state

    leave = enter

    def enter_kept(self, kept):
        """Return weights that are kept as the update has them."""
        return kept

    leave_kept = enter_kept

    def parts(self, trainable):
        """Return the value of each variable."""
        return trainable

    def kept(self, state):
        """Return the weights to predict with: moving averages where the optimizer keeps them."""
        return self.pure.averaged(state.optimizer, state.trainable)

    def apply(self, state, values, gradients):
        """Return the state after one step.

        Parameters
        ----------
        state : State
        values, gradients : lists of tensors, (n_replicas, *shape)
            Of each variable; None for one that the loss does not depend on.
        """
        given = [g for g in gradients if g is not None]

        def one(elements):
            optimizer, given, values = elements
            given = iter(given)
            return self.pure.apply(optimizer, [None if g is None else next(given) for g in gradients], values)

        trainable, optimizer = over_replicas(one, (state.optimizer, given, values))
        return state._replace(trainable=trainable, optimizer=optimizer)


class FlatUpdate:
    """Update all weights of all replicas at once by a rule.

    The state holds one tensor of weights, and of the optimizer steps taken, rate (where it has no schedule)
    and one tensor for each slot.

    Parameters
    ----------
    optimizer : keras.Optimizer
        Built for the variables.
    variables : list of keras.Variable
    rule : callable
        See `optimizers`.
    slots : list of lists of keras.Variable
    """

    def __init__(self, optimizer, variables, rule, slots):
        self.optimizer, self.variables, self.rule, self.flat = optimizer, variables, rule, Flat(variables)
        place = {id(v): i for i, v in enumerate(optimizer.variables)}
        numbers = [optimizer._iterations, optimizer._learning_rate]
        self.numbers = [place[id(v)] for v in numbers if id(v) in place]
        self.slots = [[place[id(v)] for v in slot] for slot in slots]
        self.schedule = None if len(self.numbers) > 1 else optimizer._learning_rate
        self.decays = [float(optimizer.weight_decay or 0) * optimizer._use_weight_decay(v) for v in variables]

    def enter(self, state):
        """Return the state as the update has it."""
        numbers = [state.optimizer[i] for i in self.numbers]
        slots = [self.flat.join([state.optimizer[i] for i in slot]) for slot in self.slots]
        return state._replace(trainable=[self.flat.join(state.trainable)], optimizer=[*numbers, *slots])

    def leave(self, state):
        """Undo `enter`."""
        count = len(self.numbers)
        values = dict(zip(self.numbers, state.optimizer))
        for slot, rows in zip(self.slots, state.optimizer[count:]):
            values |= zip(slot, self.flat.part(rows))
        return state._replace(
            trainable=self.flat.part(state.trainable[0]), optimizer=[values[i] for i in sorted(values)]
        )

    def enter_kept(self, kept):
        """Return weights that are kept as the update has them."""
        return [self.flat.join(kept)]

    def leave_kept(self, kept):
        """Undo `enter_kept`."""
        return self.flat.part(kept[0])

    def parts(self, trainable):
        """Return the value of each variable."""
        return self.flat.part(trainable[0])

    def kept(self, state):
        """Return the weights to predict with."""
        return state.trainable

    def apply(self, state, values, gradients):
        """Return the state after one step; see `VariableUpdate.apply`."""
        count = len(self.numbers)
        numbers, slots = state.optimizer[:count], state.optimizer[count:]
        step = tf.cast(numbers[0] + 1, tf.float32)[:, None]
        rate = numbers[1] if self.schedule is None else over_replicas(self.schedule, numbers[0])
        rate = tf.cast(rate, tf.float32)[:, None]
        gradient = self._clipped(values, gradients)
        before = self._decayed(state.trainable[0], gradients, rate)
        slots, change = self.rule(self.optimizer, slots, gradient, rate, step)
        weights = self._constrained(before + change)
        return state._replace(trainable=[weights], optimizer=[numbers[0] + 1, *numbers[1:], *slots])

    def _clipped(self, values, gradients):
        """Return the gradient of each replica, clipped as the optimizer's settings say: one tensor."""
        settings = self.optimizer
        gradients = [tf.zeros_like(v) if g is None else g for v, g in zip(values, gradients)]
        if settings.clipnorm:
            gradients = [_clip_by_norm(g, settings.clipnorm) for g in gradients]
        gradient = self.flat.join(gradients)
        if settings.global_clipnorm:
            norm, most = (
                tf.sqrt(tf.reduce_sum(tf.square(gradient), 1, keepdims=True)),
                settings.global_clipnorm,
            )
            gradient *= most * tf.minimum(1.0 / norm, 1.0 / most) + (norm - norm)
        elif settings.clipvalue:
            gradient = tf.clip_by_value(gradient, -settings.clipvalue, settings.clipvalue)
        return gradient

    def _decayed(self, weights, gradients, rate):
        decays = [decay if g is not None else 0.0 for decay, g in zip(self.decays, gradients)]
        return weights - weights * self.flat.spread(decays) * rate if any(decays) else weights

    def _constrained(self, weights):
        """Apply the variables' constraints, as of the largest norm."""
        if all(v.constraint is None for v in self.variables):
            return weights
        values = self.flat.part(weights)
        for i, variable in enumerate(self.variables):
            if variable.constraint is not None:
                values[i] = over_replicas(variable.constraint, values[i])
        return self.flat.join(values)


def _clip_by_norm(gradient, most):
    axes = list(range(1, gradient.shape.rank))
    square = tf.reduce_sum(tf.square(gradient), axes, keepdims=True)
    norm = tf.where(square > 0, tf.sqrt(tf.where(square > 0, square, tf.ones_like(square))), square)
    return gradient * most / tf.maximum(norm, most)
