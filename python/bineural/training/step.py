"""One training step as a pure function: (state, batch) -> (state, numbers), for any Keras model.

The state is three lists of tensors: what is trained, what is not (batch-norm averages, random states), and
the optimizers' own. Nothing is assigned, so a step can be looped, stacked or repeated. `SupervisedStep` has
one optimizer and one `RowLoss`; a net that learns otherwise brings a `Step` of its own (`StepMaker`).
"""

import functools
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from bineural._tensorflow import tf
from bineural.errors import InputError
from bineural.messages import listed
from bineural.training.augmenting.mixing import Mixing
from bineural.training.blueprint import mode
from bineural.training.device import Cache
from bineural.training.optimizers import PureOptimizer, describe_optimizer
from bineural.training.penalties import scaled_penalties
from bineural.training.row_losses import Monitor, read_monitor, read_row_loss
from bineural.training.several_workers import sum_over_workers

steps = Cache(16)


class State(NamedTuple):
    """Everything that changes while a net is trained."""

    trainable: list
    fixed: list
    optimizer: list


class Rates(NamedTuple):
    """Scalars that replicas of one graph may differ in; () where the model's own settings hold.

    `penalty` multiplies all regularisation losses; `l1` and `l2` those parts of the penalties on weights;
    `dropout` is the rate of every dropout layer.
    """

    penalty: object
    l1: object = ()
    l2: object = ()
    dropout: object = ()


class Step:
    """The step of one model: what every way of training needs to know of it.

    A class of one's own sets the attributes and writes `__call__` and `watched`; everything is called while a
    graph is traced, under `tf.vectorized_map` in a stack. Random numbers must come from `keras.random` with
    the `SeedGenerator` of a layer of the model, whose state each net draws from its own seed.

    Parameters
    ----------
    model : keras.Model
        Layout; its own weights are not used.
    optimizers : dict of str to (str or keras.Optimizer)
    groups : dict of str to list of keras.Variable, optional
        The trainable variables of the model that each optimizer updates; None is all of them.

    Attributes
    ----------
    columns : tuple of str
        Names of the numbers that a step gives, "loss" among them; each epoch's means are in the history.
        "penalty" is left out of it where it is always 0.
    watched_columns : tuple of str
        Names of what `watched` gives, in the history after "validation_".
    rows_apart : bool
        Whether filling a batch up with rows of weight 0 changes nothing, if no layer lets rows meet.
    groups : dict of str to Group
        Of each optimizer.
    n_state : int
        Numbers in the optimizers' state.
    """

    columns = ("loss",)
    watched_columns = ("loss",)
    rows_apart = False

    def __init__(self, model, optimizers, groups=None):
        self.model, self.groups = model, {}
        self._initial, self._rate_places = [], []
        place = {id(v): i for i, v in enumerate(model.trainable_variables)}
        for name, optimizer in optimizers.items():
            variables = model.trainable_variables if groups is None else groups[name]
            if strangers := [v.path for v in variables if id(v) not in place]:
                raise InputError(
                    "An optimizer of a step must update trainable variables of the model.",
                    f"{name!r} is to update {listed(strangers)}.",
                    "Take them from layers of the model that the step is given.",
                )
            pure, begin = PureOptimizer(optimizer, variables), len(self._initial)
            initial, rate = pure.initial_state()
            self._initial += map(_lean, initial)
            self._rate_places.append(None if rate is None else begin + rate)
            own = slice(begin, len(self._initial))
            self.groups[name] = Group(pure, [place[id(v)] for v in variables], own)
        self.n_state = sum(np.size(v) for v in self._initial)

    def __call__(self, state, inputs, y, weights, rates, size):
        """Take one step on one batch.

        Parameters
        ----------
        state : State
        inputs, y : nests of tensors, (batch, ...)
            `y` is () where there is no outcome.
        weights : tensor of float32, shape (batch,)
            Mean one over the training rows; 0 for rows that only fill the batch up.
        rates : Rates
        size : int or scalar tensor of int32
            Number of rows, without those that fill up: sums over rows are divided by it.

        Returns
        -------
        state : State
        numbers : dict of str to scalar tensor
            One for each of `columns`.
        """
        raise NotImplementedError

    def watched(self, state, inputs, y):
        """Return what each row costs: a dict of (batch,) tensors, one for each of `watched_columns`.

        From what `predict` gives.
        """
        raise NotImplementedError

    def kept(self, state):
        """Return [trainable, fixed] to predict with: moving averages where an optimizer keeps them."""
        trainable = list(state.trainable)
        for group in self.groups.values():
            own = group.optimizer.averaged(state.optimizer[group.state], group.pick(trainable))
            for i, value in zip(group.variables, own):
                trainable[i] = value
        return [trainable, state.fixed]

    # ---- what a step is made of ----

    def call(self, state, inputs, training, rates=None):
        """Call the model.

        Parameters
        ----------
        state : State
        inputs : nest of tensors
        training : bool
        rates : Rates, optional
            Given in training, for the penalty.

        Returns
        -------
        outputs : nest of tensors of float32
        fixed : list of tensors
            What is not trained, after the call.
        penalty : scalar tensor of float32
            Sum of the model's regularisation losses, times `rates.penalty`; 0 without rates.
        """
        how, penalty = mode(self.model, training), 0.0
        if rates is None:
            outputs, fixed = self.model.stateless_call(state.trainable, state.fixed, inputs, **how)
        else:
            with scaled_penalties(self.model, rates):
                outputs, fixed, penalties = self.model.stateless_call(
                    state.trainable, state.fixed, inputs, return_losses=True, **how
                )
            penalty = tf.add_n([tf.constant(0.0), *(tf.cast(p, tf.float32) for p in penalties)])
            penalty *= rates.penalty
        outputs = tf.nest.map_structure(lambda a: tf.cast(a, tf.float32), outputs)
        return outputs, [tf.convert_to_tensor(v) for v in fixed], penalty

    def predict(self, state, inputs):
        """Return the outputs of what would be kept, the model called with training=False."""
        trainable, fixed = self.kept(state)
        return self.call(state._replace(trainable=trainable, fixed=fixed), inputs, training=False)[0]

    def apply(self, state, name, loss, tape):
        """Return the state after one step of an optimizer: only its group of variables changes.

        Parameters
        ----------
        state : State
            Its `trainable` are watched by the tape.
        name : str
            Of the optimizer.
        loss : scalar tensor
        tape : tf.GradientTape
        """
        group = self.groups[name]
        trainable, optimizer = list(state.trainable), list(state.optimizer)
        before = group.pick(trainable)
        gradients = tape.gradient(loss, before)
        gradients = [None if g is None else tf.convert_to_tensor(g) for g in gradients]
        gradients = _summed(gradients)
        for gradient, value in zip(gradients, before):  # that of a product may know only the rank
            if gradient is not None:
                gradient.set_shape(value.shape)
        after, optimizer[group.state] = group.optimizer.apply(optimizer[group.state], gradients, before)
        for i, value in zip(group.variables, after):
            trainable[i] = value
        return State(trainable, state.fixed, optimizer)

    def initial_optimizer_state(self, learning_rates=None):
        """Return the optimizers' variables before the first step, as arrays.

        Parameters
        ----------
        learning_rates : tuple of float or None, optional
            One for each optimizer; None where it has its own or a schedule.
        """
        state = list(self._initial)
        for place, rate in zip(self._rate_places, learning_rates or ()):
            if rate is not None:
                state[place] = np.asarray(rate, state[place].dtype)
        return state


def _summed(gradients):
    """Return gradients summed over workers, where there are any; None stays."""
    total = iter(sum_over_workers([g for g in gradients if g is not None]))
    return [None if g is None else next(total) for g in gradients]


def _lean(array):
    """Return an equal array that takes no memory where all its numbers are equal, as those of moments are."""
    if array.size < 2 or (array != array.flat[0]).any():
        return array
    return np.broadcast_to(array.flat[0], array.shape)


class Group(NamedTuple):
    """One optimizer of a step: the places of its variables, and of its state among the optimizers'."""

    optimizer: PureOptimizer
    variables: list
    state: slice

    def pick(self, trainable):
        """Return the tensors of the group."""
        return [trainable[i] for i in self.variables]


def pick_columns(numbers, columns):
    """Return what a step gives by its columns, in float32."""
    if lacking := [name for name in columns if name not in numbers]:
        raise InputError(
            "A step must give a number for each of its columns.",
            f"{listed(lacking)} are missing; it gave {listed(numbers)}.",
            "Return a dict with the names in `columns`, and from `watched` those in `watched_columns`.",
        )
    return {name: tf.cast(numbers[name], tf.float32) for name in columns}


class SupervisedStep(Step):
    """The step of one model, loss and optimizer.

    Parameters
    ----------
    model : keras.Model
    optimizers : dict of one
    row_loss : RowLoss
    monitor : Monitor, optional
        Something to watch besides the loss, from the outputs.
    """

    rows_apart = True

    def __init__(self, model, optimizers, row_loss, monitor=None):
        super().__init__(model, optimizers)
        self.row_loss, self.monitor, self.mixing = row_loss, monitor, Mixing.of_model(model)
        self.columns = ("loss", *row_loss.parts, "penalty")
        more = () if monitor is None else (monitor.name,)
        self.watched_columns = tuple(dict.fromkeys(("loss", *row_loss.parts, *more)))

    def __call__(self, state, inputs, y, weights, rates, size=None):
        """Take one step on one batch; see `Step`.

        The loss is the sum of weight x row loss over the number of rows: with weights of mean one over the
        training rows it is an unbiased estimate of the weighted mean, and on the full batch a weight of 2 is
        a row that stands there twice. Where rows are mixed (mixup), each of the two outcomes has its share of
        the weight.
        """
        size, parts = tf.shape(weights)[0] if size is None else size, [(y, weights)]
        if self.mixing is not None:
            fixed, inputs, parts = self.mixing(state.fixed, inputs, y, weights, size)
            state = state._replace(fixed=fixed)
        size = tf.cast(size, tf.float32)
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(state.trainable)
            outputs, fixed, penalty = self.call(state, inputs, True, rates)
            numbers = {}
            for y, weights in parts:
                for name, cost in self.row_loss.each_row(inputs, y, outputs).items():
                    numbers[name] = numbers.get(name, 0.0) + tf.reduce_sum(weights * cost) / size
            numbers["penalty"] = penalty
            total = numbers["loss"] + numbers["penalty"]
        state = self.apply(state, next(iter(self.groups)), total, tape)
        return state._replace(fixed=fixed), numbers

    def watched(self, state, inputs, y):
        """Return what each row costs, and its cost or score for the monitor."""
        outputs = self.predict(state, inputs)
        numbers = self.row_loss.each_row(inputs, y, outputs)
        return numbers if self.monitor is None else numbers | self.monitor.each_row(inputs, y, outputs)


# ---- how a step is asked for ----


@dataclass(frozen=True)
class StepMaker:
    """Makes the step of a model, once for each layout.

    Attributes
    ----------
    make : callable (model, optimizers, **settings) -> Step
        Usually the class of the step.
    optimizers : dict of str to (str or keras.Optimizer)
    settings : dict
        Hashable values, or records with a `key`, as an `RowLoss` has.
    key : hashable
        Equal makers share graphs; starting learning rates are not part of it.
    """

    make: object
    optimizers: dict
    settings: dict = field(default_factory=dict)
    key: object = field(init=False)
    descriptions: dict = field(init=False, repr=False)

    def __post_init__(self):
        """Read the optimizers, and make the key."""
        descriptions = {name: describe_optimizer(given) for name, given in self.optimizers.items()}
        optimizers = tuple((name, description.key) for name, description in descriptions.items())
        settings = tuple((name, getattr(v, "key", v)) for name, v in sorted(self.settings.items()))
        try:
            hash((self.make, settings))
        except TypeError:
            raise InputError(
                "Settings of a step must be hashable, or records with a `key`.",
                f"Found {listed(self.settings.values())}.",
                "Use numbers, text and tuples.",
            ) from None
        object.__setattr__(self, "descriptions", descriptions)
        object.__setattr__(self, "key", (self.make, optimizers, settings))

    def __call__(self, model):
        """Return the step of a model."""
        return self.make(model, self.optimizers, **self.settings)

    @property
    def name(self):
        """What an error calls the step."""
        return getattr(self.make, "__name__", type(self.make).__name__)

    @property
    def row_loss(self):
        """The loss of a supervised step; None for a step that has its losses in itself."""
        return self.settings["row_loss"] if self.make is SupervisedStep else None

    def step_of(self, plan):
        """Return the step of a plan, the same one for equal layouts."""
        return steps.get((plan.key, self.key), lambda: self(plan.model))

    def learning_rates(self, learning_rate, n):
        """Return the learning rates of n nets: a tuple for each net, with one for each optimizer.

        Parameters
        ----------
        learning_rate : None, float, sequence of n floats, or dict of these by the optimizer's name
            None is the optimizer's own.
        n : int
        """
        each = isinstance(learning_rate, dict)
        if unknown := set(learning_rate) - set(self.optimizers) if each else ():
            raise InputError(
                "`learning_rate` must name optimizers of the step.",
                f"Found {listed(sorted(unknown))}; there are {listed(self.optimizers)}.",
                "Pass a number for all of them, or a dict with a number for some.",
            )
        columns = []
        for name, description in self.descriptions.items():
            rate = learning_rate.get(name) if each else learning_rate
            if rate is not None and description.schedule:
                raise InputError(
                    "`learning_rate` can't be given beside an optimizer that has a schedule of its own.",
                    f"Found learning_rate={rate!r} and {description.schedule}.",
                    "Leave out one of them.",
                )
            rate = description.learning_rate if rate is None else rate
            columns.append([rate] * n if rate is None else np.broadcast_to(rate, n).tolist())
        return list(zip(*columns))


def read_step(step, loss, optimizer, monitor, from_logits):
    """Return (StepMaker, Monitor): of `step`, or of the loss and the optimizer.

    Parameters
    ----------
    step : StepMaker or None
    loss, optimizer, monitor, from_logits
        See `train_net`.
    """
    if step is None:
        names = all(value is None or isinstance(value, str) for value in (loss, optimizer, monitor))
        return (_read_names if names else _read_supervised)(loss, optimizer, monitor, from_logits)
    if not isinstance(step, StepMaker) or loss is not None or optimizer is not None:
        raise InputError(
            "`step` must be a StepMaker, which has its own optimizers and losses.",
            f"Found {type(step).__name__}, loss={loss!r} and optimizer={optimizer!r}.",
            "Leave out `loss` and `optimizer`, or `step`.",
        )
    if monitor is not None and not isinstance(monitor, str):
        raise InputError(
            "`monitor` must name a column that the step watches.",
            f"Found {monitor!r}.",
            "Leave it out to watch the loss.",
        )
    return step, Monitor(monitor or "loss")


def _read_supervised(loss, optimizer, monitor, from_logits):
    row_loss = read_row_loss(loss, from_logits)
    monitor = read_monitor(monitor, from_logits, ("loss", *row_loss.parts))
    settings = {"row_loss": row_loss, "monitor": monitor if monitor.by_row else None}
    optimizers = {"optimizer": "adam" if optimizer is None else optimizer}
    return StepMaker(SupervisedStep, optimizers, settings), monitor


_read_names = functools.cache(_read_supervised)  # of the ordinary fit, read once
