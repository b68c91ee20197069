"""One stack under way: rounds of epochs through the graph; histories and leaving replicas between them."""

from dataclasses import dataclass

import numpy as np

from bineural._tensorflow import tf
from bineural.training.batches import draw_orders
from bineural.training.blueprint import each_initial_value
from bineural.training.checkpoint import flat_arrays, nest_like, whole_state
from bineural.training.run import Trained, not_finite, watched_history
from bineural.training.saved_state import check_best, check_stack
from bineural.training.shards import run_shards
from bineural.training.stack_rules import rows_stay_apart
from bineural.training.stacked import Table
from bineural.training.step import State

_ROUND_NUMBERS = 2**23  # row numbers in a round: what is drawn before anybody can interrupt
_ROUND_WORK = 2e10  # weights x rows in a round, about a second
_FEWEST_EPOCHS = 10  # in a round, where replicas may stop
_FEWEST_STEPS, _FEWEST_WORK = (
    150,
    6e8,
)  # up to which a round's own cost (some 20 ms) exceeds what stopping saves
_WATCHED = 16  # numbers of watched rows are filled up to a multiple, so that XLA meets few sizes


@dataclass
class Replicas:
    """What each replica of a stack has of its own; lists and arrays with an entry for each."""

    plans: list
    seeds: list
    table: Table
    own: object
    rows: list
    watched: Table
    watch_rows: list
    watch_own: object
    learning_rates: object = None
    rates: object = None
    names: object = None

    def take(self, which):
        """Return some of the replicas."""
        pick = lambda values: None if values is None else [values[i] for i in which]  # noqa: E731
        table, watched = self._take_table(self.table, self.own, which), None
        if self.watched is self.table:
            watched = table
        elif self.watched is not None:
            watched = self._take_table(self.watched, self.watch_own, which)
        return Replicas(
            *(pick(self.plans), pick(self.seeds), table, self.own, pick(self.rows)),
            *(watched, pick(self.watch_rows), self.watch_own),
            *(pick(self.learning_rates), tf.nest.map_structure(lambda a: a[which], self.rates)),
            pick(self.names),
        )

    @staticmethod
    def _take_table(table, own, which):
        some = lambda part, mine: tf.nest.map_structure(lambda a: a[which], part) if mine else part  # noqa: E731
        weights = tf.nest.map_structure(lambda a: a[which], table.weights)
        return Table(some(table.inputs, own.inputs), some(table.y, own.y), weights)

    def own_bytes(self):
        """Return how many bytes of rows each replica has of its own."""
        parts = ((self.table.inputs, self.own.inputs), (self.table.y, self.own.y), (self.table.weights, True))
        arrays = [a for part, mine in parts if mine for a in tf.nest.flatten(part)]
        return sum(a[0].nbytes for a in arrays)


class StackRun:
    """One stack under way.

    Parameters
    ----------
    stack : Stack
    replicas : Replicas
    settings : Settings
    """

    def __init__(self, stack, replicas, settings):
        n = len(replicas.seeds)
        self.stack, self.settings = stack, settings
        self.way = "stack, XLA" if stack.xla else "stack"
        self.here, filled = _at_least_two(np.arange(n))  # the replicas still in the stack; -1 is a copy
        self.replicas, self.all_plans = replicas.take(filled) if n == 1 else replicas, replicas.plans
        self.finished = [None] * n
        self.histories = [[] for _ in range(n)]
        self.done = 0
        self.apart = rows_stay_apart(stack.step.model)
        self.progress = stack.start(self._initial_state(), len(self.here))
        self._load()
        self.round_epochs = self._round_epochs()

    def go(self, tell):
        """Run until every replica is done; return a list of `Trained`."""
        n_epochs = self.round_epochs
        while len(self.here) and self.done < self.settings.epochs:
            now = min(n_epochs, self.settings.epochs - self.done)
            run = self._round(now, n_epochs)
            self._leave()
            tell(run)
        return self.results()

    def state(self):
        """Return all that the rest of the training depends on, for a checkpoint."""
        histories = [np.concatenate([np.zeros((0, 5)), *h]) for h in self.histories]
        return {
            "progress": flat_arrays(self.progress) if len(self.here) else [],
            "histories": histories,
            "done": self.done,
            "here": self.here.tolist(),
            "finished": [None if i in self.here else one for i, one in enumerate(self.finished)],
            "round_epochs": self.round_epochs,
            "way": self.way,
        }

    def restore(self, state):
        """Go on from a state of the same stack."""
        with whole_state():
            check_stack(state, self.all_plans)
        self.here = np.array(state["here"], int)
        self.done, self.round_epochs = state["done"], state["round_epochs"]
        self.histories, self.finished = [[h] for h in state["histories"]], state["finished"]
        if len(self.here):
            self.replicas = self.replicas.take(np.where(self.here < 0, self.here[0], self.here))
            self.progress = nest_like(self.progress, state["progress"], skip=1)
            with whole_state():
                check_best(self.progress, self.done)
            self._load()

    def results(self):
        """Return what has been reached: a list of `Trained`."""
        self._harvest(np.flatnonzero(self.here >= 0))
        return self.finished

    # ---- one round ----

    def _initial_state(self):
        replicas, optimizer = self.replicas, self.stack.step.optimizer
        parts = replicas.plans[0].split(each_initial_value(replicas.plans, replicas.seeds))
        rates = replicas.learning_rates
        begun = {rate: optimizer.initial_state(rate) for rate in set(rates)}
        states = [np.stack(values) for values in zip(*(begun[rate] for rate in rates))]
        return State(*([tf.constant(v) for v in part] for part in (*parts, states)))

    def _load(self):
        """Put the rows of the replicas that are still here where the graph reads them."""
        now, constant = self.replicas, lambda part: tf.nest.map_structure(tf.constant, part)
        self.sizes = np.array([len(r) for r in now.rows], np.int32)
        self.table = constant(now.table)
        self.watch = ()
        if now.watched is not None:
            table = self.table if now.watched is now.table else constant(now.watched)
            sizes = np.array([len(r) for r in now.watch_rows], np.int32)
            block = min(-(-sizes.max() // _WATCHED) * _WATCHED, 2**14)
            rows = np.zeros((len(sizes), -(-sizes.max() // block) * block), np.int32)
            for i, r in enumerate(now.watch_rows):
                rows[i, : len(r)] = r
            self.watch = (table, tf.constant(rows.reshape(len(sizes), -1, block)), tf.constant(sizes))

    def _places(self):
        """Return (place in the stack, number) of each replica that is still here, without the copy."""
        return [(place, i) for place, i in enumerate(self.here) if i >= 0]

    def _round_epochs(self):
        """Return the epochs of a round: from the work in it alone, so that results repeat to the bit."""
        rows, n = int(self.sizes.max()), len(self.sizes)
        weights = sum(int(np.prod(v.shape)) for v in self.stack.step.model.variables) + 1000
        work = rows * n * weights
        most = min(_ROUND_NUMBERS // (rows * n), _ROUND_WORK // work, self.settings.epochs)
        if self.watch and self.settings.patience < self.settings.epochs:
            small = min(_FEWEST_STEPS // -(-rows // self.settings.batch_size), _FEWEST_WORK // work)
            most = min(most, max(_FEWEST_EPOCHS, self.settings.patience // 2, small))
        return int(max(1, most))

    def _round(self, n_epochs, room):
        """Run one round; return the epochs run, summed over replicas."""
        settings, now = self.settings, self.replicas
        orders, last = self._orders(n_epochs, room)
        batch = orders.shape[3] if self.stack.xla else settings.batch_size
        arguments = (
            *(orders, last, np.int32(batch), self.sizes, np.int32(self.done), np.int32(n_epochs), self.table),
            *(now.rates, self.watch, (np.float32(settings.min_delta), np.int32(settings.patience))),
        )
        self.progress, done, history = run_shards(self.stack, self.progress, *arguments)
        self.done += done
        for place, i in self._places():
            self.histories[i].append(history[:done, place][history[:done, place, 4] > 0])
        self._check_finite()
        return int(history[:done, self.here >= 0, 4].sum())

    def _orders(self, n_epochs, room):
        """Draw the batches of a round: all rows in order, or parted into batches where XLA needs sizes."""
        longest, n = int(self.sizes.max()), len(self.sizes)
        orders = np.zeros((n, room if self.stack.xla else n_epochs, longest), np.int32)
        for i, (seed, rows) in enumerate(zip(self.replicas.seeds, self.replicas.rows)):
            orders[i, :n_epochs, : len(rows)] = rows[draw_orders(seed, len(rows), self.done, n_epochs)]
        if not self.stack.xla:
            return orders, ()
        batch = min(self.settings.batch_size, longest)
        if self.apart:
            orders = np.pad(orders, ((0, 0), (0, 0), (0, -longest % batch)))
            return orders.reshape(n, room, -1, batch), ()
        whole = longest // batch * batch
        return orders[:, :, :whole].reshape(n, room, -1, batch), orders[:, :, whole:]

    def _check_finite(self):
        if self.settings.diverged == "keep":
            return
        for place, i in self._places():
            losses = self.histories[i][-1][:, 0]
            if not np.isfinite(losses).all():
                raise not_finite(losses[~np.isfinite(losses)][0], f"in {self.replicas.names[place]}")

    # ---- replicas that are done ----

    def _leave(self):
        """Let replicas that have stopped leave, when enough of them have to make the stack smaller."""
        active = self.progress.active.numpy() & (self.here >= 0)
        n, left = int((self.here >= 0).sum()), int(active.sum())
        if left > (n // 8 if self.stack.xla else 0.75 * n):  # XLA compiles again for another size
            return
        self._harvest(np.flatnonzero(~active & (self.here >= 0)))
        self.here = self.here[active]
        if left:
            copied, stay = _at_least_two(np.flatnonzero(active))
            self.here = np.where(copied < 0, -1, np.resize(self.here, len(stay)))
            self.replicas = self.replicas.take(stay)
            self.progress = tf.nest.map_structure(lambda a: tf.gather(a, stay), self.progress)
            self._load()

    def _harvest(self, places):
        """Make `Trained` of replicas at these places in the stack."""
        if not len(places):
            return
        best = [[v.numpy() for v in part] for part in self.progress.best]
        best_epoch, active = self.progress.best_epoch.numpy(), self.progress.active.numpy()
        for place in places:
            i, plan = self.here[place], self.replicas.plans[place]
            values = plan.join(*([v[place].copy() for v in part] for part in best))
            history = np.concatenate([np.zeros((0, 5)), *self.histories[i]])
            watched = bool(self.watch)
            epoch = int(best_epoch[place]) + 1 if watched else len(history)
            stopped = watched and not active[place]
            weights = plan.weights_from(values)
            run = (len(history), epoch, bool(stopped), self.way)
            self.finished[i] = Trained(weights, self._named(history), *run)

    def _named(self, history):
        named = {"loss": history[:, 0].tolist()}
        if self.watch:
            named |= watched_history(history, self.stack.step.monitor)
        if history[:, 1].any():
            named["penalty"] = history[:, 1].tolist()
        return named


def _at_least_two(places):
    """Return (places, places with the first for -1), two of them where there is one.

    TensorFlow 2.21 vectorises some operations wrongly over a single replica (the bias of a convolution).
    """
    if len(places) != 1:
        return places, places
    return np.array([places[0], -1]), np.array([places[0], places[0]])
