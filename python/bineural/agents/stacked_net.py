"""Nets of all seeds as one stack: they act in one call, and learn in one compiled loop of steps.

The layout comes from the zoo and the step from the engine: in its wide form, where all layers have one.
"""

import numpy as np

from bineural._tensorflow import tf
from bineural.training.blueprint import Blueprint
from bineural.training.row_losses import RowLoss
from bineural.training.step import Rates, State, StepMaker, SupervisedStep
from bineural.training.vectorised import VectorisedStep, over_replicas
from bineural.training.wide.call import Call
from bineural.training.wide.model import run_model
from bineural.training.wide.step import WideStep, why_not_wide


def make_plan(architecture, n_inputs, n_outputs, units):
    """Return the `Blueprint` of an agent's net.

    Parameters
    ----------
    architecture : str, keras.Model or callable (input_shape, n_outputs) -> keras.Model
    n_inputs, n_outputs : int
    units : tuple of int
        Hidden layers, where the architecture has any to choose.
    """
    from bineural.errors import InputError
    from bineural.zoo.architecture import as_architecture

    record = as_architecture(architecture)
    if record.learns != "outcome" or (record.inputs and "table" not in record.inputs):
        raise InputError(
            "`architecture` must be one for the columns of a table.",
            f"{record.name!r} is for {', '.join(record.inputs) or record.learns}.",
            "Use 'mlp', or a builder (input_shape, n_outputs) of a Keras model.",
        )
    options = {"units": tuple(units)} if "units" in record.reads else {}
    if "l2" in record.reads:
        options |= {"l1": 0.0, "l2": 0.0}
    plan = Blueprint.from_builder(record.build, (n_inputs,), n_outputs, **options)
    outputs = plan.model.outputs
    if len(outputs) != 1 or outputs[0].shape[1:] != (n_outputs,):
        raise InputError(
            f"The net of an agent must give {n_outputs} numbers for each observation.",
            f"It gives {[tuple(o.shape) for o in outputs]}.",
            "Let the builder end in a dense layer of `n_outputs`, without activation.",
        )
    return plan


class StackedNet:
    """Nets of one layout, one for each seed.

    Parameters
    ----------
    plan : Blueprint
    seeds : list of int
        Of the initial weights.
    loss : callable (inputs, y, outputs) -> (batch,)
    learning_rate : float
    optimizer : str or keras.Optimizer
    """

    def __init__(self, plan, seeds, loss, learning_rate, optimizer="adam"):
        self.plan, self.model, self.n = plan, plan.model, len(seeds)
        maker = StepMaker(SupervisedStep, {"optimizer": optimizer}, {"row_loss": loss})
        self.step = maker(self.model)
        self.is_wide = not why_not_wide(self.step)
        self.each = WideStep(self.step, True) if self.is_wide else VectorisedStep(self.step)
        starts = [plan.split(plan.initial_values(seed)) for seed in seeds]
        state = self.step.initial_optimizer_state((learning_rate,))
        together = [_stacked(parts) for parts in ([s[0] for s in starts], [s[1] for s in starts])]
        self.state = State(*together, [tf.constant(np.stack([v] * self.n)) for v in state])
        ones = tf.ones((self.n,))
        self.rates = Rates(ones)
        self._act = tf.function(self.outputs, autograph=False, jit_compile=True)

    # ---- in a graph ----

    def outputs(self, trainable, fixed, inputs):
        """Return what nets with these weights give for inputs (n_replicas, n, n_inputs), for prediction."""
        if self.is_wide:
            variables = [*self.model.trainable_variables, *self.model.non_trainable_variables]
            return run_model(self.model, Call(variables, [*trainable, *fixed], training=False), inputs)

        def one(elements):
            return self.model.stateless_call(*elements, training=False)[0]

        return over_replicas(one, (list(trainable), list(fixed), inputs))

    def entered(self, state):
        """Return a state as the step has it inside the graph."""
        return self.each.update.enter(state) if self.is_wide else state

    def left(self, state):
        """Undo `entered`."""
        return self.each.update.leave(state) if self.is_wide else state

    def learn(self, state, inputs, y, weights):
        """Take a step on a batch of each replica; return (state, losses (n_replicas,)).

        `state` is as `entered` gave it.
        """
        size = tf.fill([self.n], tf.shape(inputs)[1])
        state, numbers = self.each(state, inputs, y, weights, self.rates, size)
        return state, numbers["loss"]

    # ---- outside ----

    def act(self, inputs):
        """Return outputs for inputs (n_replicas, n, n_inputs) as an array."""
        return self._act(self.state.trainable, self.state.fixed, tf.constant(inputs)).numpy()

    def weights(self):
        """Return the weights of each net: a list of lists of arrays, as `model.get_weights()` orders them."""
        trainable = [v.numpy() for v in self.state.trainable]
        fixed = [v.numpy() for v in self.state.fixed]
        return [
            self.plan.weights_from([v[i] for v in trainable], [v[i] for v in fixed]) for i in range(self.n)
        ]


def _stacked(parts):
    return [tf.constant(np.stack(values)) for values in zip(*parts)]


class BestWeights:
    """The best weights of each seed so far, by the mean return of episodes played without exploring.

    Parameters
    ----------
    net : StackedNet
    """

    def __init__(self, net):
        self.net, self.returns, self.kept = net, np.full(net.n, -np.inf), None

    def judge(self, returns):
        """Keep the weights of the seeds that did at least as well as ever."""
        weights = self.net.weights()
        if self.kept is None:
            self.kept = weights
        for i in np.flatnonzero(returns >= self.returns):
            self.kept[i], self.returns[i] = weights[i], returns[i]


def row_loss(name, function):
    """Return a loss of rows that depends on no other row."""
    return RowLoss(name, function, key=name, rows_only=True)


def acting(architecture, n_inputs, n_outputs, units, weights):
    """Return a function of inputs (n_replicas, n, n_inputs) that nets with these weights answer."""
    plan = make_plan(architecture, n_inputs, n_outputs, units)
    net = StackedNet(plan, [0] * len(weights), row_loss("none", lambda inputs, y, outputs: y), 0.0)
    parts = [plan.split(plan.values_from(each)) for each in weights]
    net.state = net.state._replace(
        trainable=_stacked([p[0] for p in parts]), fixed=_stacked([p[1] for p in parts])
    )
    return net.act
