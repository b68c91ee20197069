"""One training step of many nets of one layout: the wide form of `SupervisedStep`."""

from bineural._tensorflow import tf
from bineural.training.step import SupervisedStep
from bineural.training.vectorised import over_replicas
from bineural.training.wide.call import Call, fold, mask_of, set_mask
from bineural.training.wide.model import lacks, run_model
from bineural.training.wide.penalties import sum_penalties
from bineural.training.wide.updates import make_update


def why_not_wide(step):
    """Return what keeps a step from a wide form, "" where it has one."""
    return lacks(step.model) if type(step) is SupervisedStep else f"the step {type(step).__name__}"


class WideStep:
    """A step of many replicas.

    Everything has an axis of replicas in front. Inside the graph the weights are as `make_update` has them:
    `enter` and `leave` part them from, and join them to, the variables of the model.

    Parameters
    ----------
    step : SupervisedStep
        For which `why_not_wide` is "".
    compiled : bool
        Whether XLA compiles the graph.
    """

    def __init__(self, step, compiled=False):
        self.step, self.model, self.compiled = step, step.model, compiled
        self.trainable, self.fixed = self.model.trainable_variables, self.model.non_trainable_variables
        (group,) = step.groups.values()
        self.update = make_update(group.optimizer, self.trainable)

    def enter(self, progress):
        """Return progress as the wide step has it."""
        best, fixed = progress.best
        return progress._replace(
            state=self.update.enter(progress.state), best=[self.update.enter_kept(best), fixed]
        )

    def leave(self, progress):
        """Undo `enter`."""
        best, fixed = progress.best
        return progress._replace(
            state=self.update.leave(progress.state), best=[self.update.leave_kept(best), fixed]
        )

    def __call__(self, state, inputs, y, weights, rates, size):
        """Take one step on one batch of each replica; see `Step`."""
        values, parts = self.update.parts(state.trainable), [(y, weights)]
        if self.step.mixing is not None:
            fixed, inputs, parts = self.step.mixing(state.fixed, inputs, y, weights, size)
            state = state._replace(fixed=fixed)
        size = tf.cast(size, tf.float32)
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(values)
            outputs, fixed = self._outputs(values, state.fixed, inputs, True, rates.dropout)
            costs = [by_row(self.step.row_loss, inputs, y, outputs) for y, _ in parts]
            penalty = sum_penalties(self.trainable, values, rates)
        sums = [
            {name: tf.reduce_sum(weights * cost, 1) / size for name, cost in each.items()}
            for (_, weights), each in zip(parts, costs)
        ]
        numbers = {name: tf.add_n([each[name] for each in sums]) for name in sums[0]}
        numbers["penalty"] = penalty
        # the loss is linear in what the rows cost, so that its gradient begins with their weights
        upstream = [*(weights / size[:, None] for _, weights in parts), tf.ones_like(penalty)]
        gradients = tape.gradient([*(each["loss"] for each in costs), penalty], values, upstream)
        gradients = [None if g is None else tf.convert_to_tensor(g) for g in gradients]
        state = self.update.apply(state, values, gradients)
        return state._replace(fixed=fixed), numbers

    def watched(self, state, inputs, y):
        """Return what each row costs: a dict of (n_replicas, batch) tensors."""
        trainable, fixed = self.kept(state)
        outputs, _ = self._outputs(self.update.parts(trainable), fixed, inputs, False)
        numbers = by_row(self.step.row_loss, inputs, y, outputs)
        if self.step.monitor is not None:
            numbers |= by_row(self.step.monitor, inputs, y, outputs)
        return numbers

    def kept(self, state):
        """Return [trainable, fixed] to predict with."""
        return [self.update.kept(state), state.fixed]

    def _outputs(self, values, fixed, inputs, training, dropout=()):
        call = Call([*self.trainable, *self.fixed], [*values, *fixed], training, dropout, self.compiled)
        outputs = run_model(self.model, call, inputs)
        return outputs, [call[v] for v in self.fixed]


def by_row(costs, inputs, y, outputs):
    """Return what each row of each replica costs: a dict of (n_replicas, batch) tensors.

    Parameters
    ----------
    costs : RowLoss or Monitor
        With `rows_only`, over the rows of all replicas at once. A loss may read the masks that outputs carry.
    """
    if not costs.rows_only:
        flat = tf.nest.flatten(outputs)
        masks = {i: mask_of(x) for i, x in enumerate(flat) if mask_of(x) is not None}

        def of_one(elements):
            inputs, y, outputs, masks = elements
            for i, mask in masks.items():
                set_mask(tf.nest.flatten(outputs)[i], mask)
            return costs.each_row(inputs, y, outputs)

        return over_replicas(of_one, (inputs, y, outputs, masks))
    shape = tf.shape(tf.nest.flatten(outputs)[0])[:2]
    rows = tf.nest.map_structure(fold, (inputs, y, outputs))
    return {name: tf.reshape(cost, shape) for name, cost in costs.each_row(*rows).items()}
