"""A fit: what is trained, on which rows and how; read once by the doors, carried through all ways of it.

The ways are one net (`run`), a stack (`stack_run`, `one_by_one`), a stream (`streaming`) and Keras' own loop
(`by_keras`). What they share stands here: the rule that stops a training, the names in its history, what
tells graphs apart and what tells trainings apart.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from bineural._tensorflow import keras, tf
from bineural.errors import InputError
from bineural.messages import listed
from bineural.training.blueprint import Blueprint
from bineural.training.fingerprint import fingerprint_training
from bineural.training.open_lengths import rows_key
from bineural.training.row_losses import Monitor, check_ranking
from bineural.training.step import Rates, State, StepMaker
from bineural.training.training_rows import Own, Rows, make_rows, shape_key, some_rows

FOREVER = 2**31 - 1


@dataclass(eq=False)
class Fit:
    """What is trained and how.

    Attributes
    ----------
    nets : Net or Replicas
        What one net, or each net of a stack, has of its own.
    maker : StepMaker
    monitor : Monitor
    batch_size, epochs : int
    patience : int
        `FOREVER` where nothing stops a training.
    min_delta : float
    diverged : {"raise", "keep"}
    xla : bool or None
        None is by rule.
    callbacks : list of keras.callbacks.Callback
    checkpoint : Checkpoint or None
    progress : callable or None
        Called as progress(epochs_done, history), for a stack as progress(epochs_done, n_finished).
    compiling : callable or None
    memory : int
        Bytes that the nets trained at the same time may take.
    stop : (float32, int32)
        `min_delta` and `patience` as graphs take them.
    contest : callable or None
        By which some replicas of a stack end early, see `contest.losers`.
    by_keras : bool
        Whether it goes through Keras' own loop.
    rows_apart : bool
        Whether filling a batch up with rows of weight 0 changes nothing.
    """

    nets: object
    maker: StepMaker
    monitor: Monitor
    batch_size: int = 32
    epochs: int = 100
    patience: int = None
    min_delta: float = 0.0
    diverged: str = "raise"
    xla: object = None
    callbacks: object = ()
    checkpoint: object = None
    progress: object = None
    compiling: object = None
    memory: int = 2**30
    contest: object = None

    def __post_init__(self):
        """Check and convert what was given."""
        self.batch_size, self.epochs = int(self.batch_size), int(self.epochs)
        self.min_delta = float(self.min_delta)
        self.patience = FOREVER if self.patience is None else int(self.patience)
        self.stop = np.float32(self.min_delta), np.int32(self.patience)
        layout = self.nets.plan.layout
        self.by_keras = bool(self.callbacks) or layout.own_step
        self.rows_apart = getattr(self.maker.make, "rows_apart", False) and layout.rows_apart
        if self.by_keras:
            self._refuse_for_keras()
        if self.monitor.ranks:
            check_ranking(self.nets.watched_outcomes(), layout.n_outputs)

    def _refuse_for_keras(self):
        """Refuse what Keras' own loop can't do."""
        if self.checkpoint is not None:
            raise InputError(
                "`checkpoint` can't be kept by Keras' own loop, which callbacks and an own step need.",
                "Found both.",
                "Leave it out, and use the callback keras.callbacks.BackupAndRestore.",
            )
        if any(getattr(layer, "mixes_rows", False) for layer in self.nets.plan.layout.layers):
            raise InputError(
                "`augmentation` can't mix rows in Keras' own loop, which callbacks ask for.",
                "Found 'mixup' in it, and callbacks.",
                "Leave out one of them.",
            )
        if self.maker.row_loss is None:
            raise InputError(
                "`step` can't be taken by Keras' own loop, which callbacks and an own `train_step` ask for.",
                f"Found both; the step is {self.maker.name}.",
                "Leave out the callbacks, and give a model without a `train_step`.",
            )

    def step(self):
        """Return the step, the same one for equal fits."""
        step = self.maker.step_of(self.nets.plan)
        columns = step.columns if "loss" in step.watched_columns else ()
        if "loss" not in columns or not all(map(str.isidentifier, columns)):
            raise InputError(
                "The columns of a step must have names of letters and digits, 'loss' among them.",
                f"{self.maker.name} has {listed(step.columns)} and watches {listed(step.watched_columns)}.",
                "Set `columns` and `watched_columns`, or the parts of the loss.",
            )
        if self.monitor.name not in step.watched_columns:
            raise InputError(
                "`monitor` must name a column that the step watches.",
                f"Found {self.monitor.name!r}; there are {listed(step.watched_columns)}.",
                "Leave it out to watch the loss.",
            )
        return step

    def expected_epochs(self):
        """Return how many epochs are expected: nets for tables end after about twice their patience."""
        return min(self.epochs, 2 * self.patience) if self.nets.watches else self.epochs

    def graph_key(self, xla):
        """Return what tells graphs apart: equal fits of other rows, seeds and rates share one."""
        monitor = self.monitor.name, self.monitor.key
        return self.nets.plan.key, self.maker.key, monitor, self.nets.shapes(), bool(xla)

    def identity(self, *how, **more):
        """Return what tells trainings apart, for a checkpoint: a hash of each part.

        Parameters
        ----------
        *how, **more : plain values
            Settings, and parts, that matter in the way it is trained.
        """
        parts = self.nets.identity()
        settings = (self.batch_size, self.patience, self.min_delta, how, parts.pop("settings"))
        more |= {"monitor": (self.monitor.name, self.monitor.key), "settings": settings}
        return fingerprint_training(self.nets.plans, self.maker, **parts, **more)


def check_callbacks(callbacks):
    """Return the callbacks as a list: one, several or none.

    Parameters
    ----------
    callbacks : keras.callbacks.Callback, sequence of them or None

    Raises
    ------
    InputError
        If something else is among them.
    """
    if isinstance(callbacks, dict):  # a named list in R
        callbacks = list(callbacks.values())
    several = isinstance(callbacks, (list, tuple))
    callbacks = list(callbacks) if several else [] if callbacks is None else [callbacks]
    for callback in callbacks:
        if not isinstance(callback, keras.callbacks.Callback):
            raise InputError(
                "`callbacks` must hold Keras callbacks.",
                f"Found {callback!r}.",
                "Make them with for example keras.callbacks.LearningRateScheduler.",
            )
    return callbacks


class Net(NamedTuple):
    """What one net has of its own.

    Attributes
    ----------
    plan : Blueprint
    rows, watch : Rows
        Trained on, and watched (or None).
    seed : int
    learning_rates : tuple
        One for each optimizer.
    rates : Rates
    weighted : bool
        Whether weights were given.
    """

    plan: Blueprint
    rows: Rows
    watch: Rows
    seed: int
    learning_rates: tuple
    rates: Rates
    weighted: bool = False

    @property
    def plans(self):
        """The plan of each net: one."""
        return [self.plan]

    @property
    def size(self):
        """Number of rows trained on."""
        return len(self.rows.weights)

    def shapes(self):
        """Return text that is equal where rows have equal shapes and types."""
        return rows_key(self.plan.model, self.rows.inputs) + shape_key(self.rows[1:])

    def watched_outcomes(self):
        """Return the outcome of the rows watched, in a list; empty where there are none."""
        return [] if self.watch is None else [self.watch.y]

    def identity(self):
        """Return the parts that tell a training of this net from others."""
        parts = {"data": self.rows, "validation rows": self.watch, "seed": self.seed}
        return parts | {"settings": ["alone", self.learning_rates, self.rates]}


@dataclass(eq=False)
class Replicas:
    """What each net of a stack has of its own; lists and arrays with an entry for each.

    Attributes
    ----------
    plans, seeds, names : list
    table : Rows
        From which all take theirs; `own` says which of its parts have a replica axis.
    own : Own
    rows : list of ndarray of int
    watched, watch_own, watch_rows
        The same for the rows watched; all None where there are none.
    learning_rates : list of tuple
    rates : Rates of arrays
    sides : list of Side or None, or None
        Where some replicas end because others do better; None for one that has no part in it.
    """

    plans: list
    seeds: list
    table: Rows
    own: Own
    rows: list
    watched: Rows = None
    watch_own: Own = None
    watch_rows: list = None
    learning_rates: list = None
    rates: Rates = None
    names: list = None
    sides: list = None

    def __post_init__(self):
        """Note what all share: the plan of the layout, and the largest number of rows trained on."""
        self.plan, self.size = self.plans[0], max(map(len, self.rows))

    @property
    def watches(self):
        """Whether rows are watched."""
        return self.watched is not None

    def shapes(self):
        """Return text that is equal where tables have equal shapes and the same rates are given."""
        tables = [(self.table, self.own)]
        tables += tables if self.watched is None else [(self.watched, self.watch_own)]
        shape = lambda array, mine: (array.shape[1 + mine :], str(array.dtype))  # noqa: E731
        shapes = [
            (rows_key(self.plan.model, table.inputs, 1 + own.inputs), table.map(shape, own)[1:], own)
            for table, own in tables
        ]
        return repr((shapes, [isinstance(rate, tuple) for rate in self.rates]))

    def watched_outcomes(self):
        """Return the outcome of the rows that each of them watches."""
        if self.watched is None:
            return []
        y, own = self.watched.y, self.watch_own.y
        each = [tf.nest.map_structure(lambda a, i=i: a[i], y) if own else y for i in range(len(self.seeds))]
        return [some_rows(part, rows) for part, rows in zip(each, self.watch_rows)]

    def identity(self):
        """Return the parts that tell a training of these nets from others."""
        watched = () if self.watched is self.table or self.watched is None else self.watched
        parts = {"data": self.table, "rows": self.rows, "seed": self.seeds}
        parts |= {"validation rows": [watched, self.watch_rows]}
        return parts | {"settings": ["stack", self.own, self.watch_own, self.learning_rates, self.rates]}

    def take(self, which):
        """Return some of the replicas."""
        some = lambda array, mine: array[which] if mine else array  # noqa: E731
        table = self.table.map(some, self.own)
        watched = table if self.watched is self.table else self.watched
        if watched is not table and watched is not None:
            watched = watched.map(some, self.watch_own)
        lists = {name: getattr(self, name) for name in ("plans", "seeds", "rows", "learning_rates", "names")}
        more = {"watch_rows": self.watch_rows, "sides": self.sides}
        lists |= {name: values for name, values in more.items() if values is not None}
        picked = {name: [values[i] for i in which] for name, values in lists.items()}
        rates = tf.nest.map_structure(lambda a: a[which], self.rates)
        return replace(self, table=table, watched=watched, rates=rates, **picked)

    def net(self, i):
        """Return what one of them has, as a net that is trained alone."""

        def rows_of(table, own, rows):
            part = table.map(lambda array, mine: (array[i] if mine else array)[rows], own)
            return make_rows(*part[:2], None if isinstance(part.weights, tuple) else part.weights)

        watch = None if self.watched is None else rows_of(self.watched, self.watch_own, self.watch_rows[i])
        return Net(
            self.plans[i],
            rows_of(self.table, self.own, self.rows[i]),
            watch,
            self.seeds[i],
            self.learning_rates[i],
            Rates(self.rates.penalty[i]),
            not isinstance(self.table.weights, tuple),
        )


# ---- how far a training has come ----


class Progress(NamedTuple):
    """Where training stands between two epochs: `best` holds what is kept of the best one.

    Scalar tensors, with an axis of replicas in a stack.
    """

    state: State
    best: list
    best_loss: object
    best_epoch: object
    wait: object
    active: object


def has_improved(cost, best, wait, min_delta, patience, where=tf.where):
    """Apply the rule that stops a training to the newest epoch.

    Parameters
    ----------
    cost, best : tensors or floats
        Of this epoch and of the best one before; lower is better.
    wait : tensor or int
        Epochs since the best one.
    min_delta, patience : tensors or numbers
    where : callable
        `tf.where`, or `numpy.where` for numbers.

    Returns
    -------
    better, wait, goes_on
        Whether this epoch is the best one, how long it is since then, whether training goes on.
    """
    better = cost + min_delta < best
    wait = where(better, 0, wait + 1)
    return better, wait, better | (wait < patience)


def judge(progress, kept, cost, epoch, stop, choose):
    """Keep what has become better, and end what is out of patience.

    Parameters
    ----------
    progress : Progress
        After the epoch; `active` says whether its loss was finite.
    kept : list
        What would be kept.
    cost : tensor
        By which epochs are compared.
    epoch : scalar tensor
    stop : (min_delta, patience)
    choose : callable (better, kept, best)
    """
    better, wait, goes_on = has_improved(cost, progress.best_loss, progress.wait, *stop)
    better &= progress.active
    return Progress(
        progress.state,
        choose(better, kept, progress.best),
        tf.where(better, cost, progress.best_loss),
        tf.where(better, epoch, progress.best_epoch),
        wait,
        progress.active & goes_on,
    )


def name_history(table, step, watching):
    """Return a history by name: a list of numbers for each column.

    Parameters
    ----------
    table : ndarray, shape (n_epochs, at least the columns of the step and those it watches)
    step : Step
    watching : bool
        Whether rows are watched.
    """
    columns = dict(zip((*step.columns, *(f"validation_{c}" for c in step.watched_columns)), table.T))
    penalty = columns.pop("penalty", np.zeros(0))
    shown = list(columns) if watching else [c for c in step.columns if c != "penalty"]
    history = {name: columns[name].tolist() for name in shown}
    if penalty.any():
        history["penalty"] = penalty.tolist()
    return history
