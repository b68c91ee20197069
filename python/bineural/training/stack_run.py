"""One stack under way: rounds of epochs through the graph; histories and leaving replicas between them."""

import numpy as np

from bineural._tensorflow import tf
from bineural.training.checkpoint import flat_arrays, nest_like, whole_state
from bineural.training.contest import losers, lowest
from bineural.training.fit import FOREVER, name_history
from bineural.training.run import Trained, check_finite, start
from bineural.training.saved_state import check_best, check_stack
from bineural.training.seeds import draw_orders

_ROUND_NUMBERS = 2**23  # row numbers in a round: what is drawn before anybody can interrupt
_ROUND_WORK = 2e10  # weights x rows in a round, about a second
_FEWEST_EPOCHS = 10  # in a round, where replicas may stop
_FEWEST_STEPS, _FEWEST_WORK = (
    150,
    6e8,
)  # up to which a round's own cost (some 20 ms) exceeds what stopping saves
_WATCHED = 16  # numbers of watched rows are filled up to a multiple, so that XLA meets few sizes


class StackRun:
    """One stack under way.

    Parameters
    ----------
    stack : Stack
    fit : Fit
        Of `Replicas`.
    """

    def __init__(self, stack, fit):
        n = len(fit.nets.seeds)
        self.stack, self.fit, self.all_plans = stack, fit, fit.nets.plans
        self.way = f"stack{', vectorised' * bool(stack.why_not_wide)}{', XLA' * stack.xla}"
        here, stay = _at_least_two(np.arange(n))
        self.here = here  # numbers of the replicas in the stack, -1 for a copy that only fills it
        self.replicas = fit.nets if n > 1 else fit.nets.take(stay)
        self.finished = [None] * n
        self.histories, self.done = [[np.zeros((0, stack.n_columns + 1))] for _ in range(n)], 0
        nets = self.replicas
        self.progress = start(stack.step, nets.plans, nets.seeds, nets.learning_rates)
        self._load()
        self.round_epochs = self._round_epochs()

    def go(self, tell):
        """Run until every replica is done; return a list of `Trained`."""
        n_epochs = self.round_epochs
        while len(self.here) and self.done < self.fit.epochs:
            now = min(n_epochs, self.fit.epochs - self.done, self._until_contest())
            run = self._round(now, n_epochs)
            self._leave(forced=self._end_contests())
            tell(run)
        return self.results()

    def state(self):
        """Return all that the rest of the training depends on, for a checkpoint."""
        return {
            "progress": flat_arrays(self.progress) if len(self.here) else [],
            "histories": [np.concatenate(h) for h in self.histories],
            "done": self.done,
            "here": self.here.tolist(),
            "finished": [None if i in self.here else net for i, net in enumerate(self.finished)],
            "round_epochs": self.round_epochs,
            "way": self.way,
        }

    def restore(self, state):
        """Go on from a state of the same stack."""
        with whole_state():
            check_stack(state, self.all_plans, self.stack.n_columns + 1)
        self.here = np.array(state["here"], int)
        self.done, self.round_epochs = state["done"], state["round_epochs"]
        self.histories, self.finished = [[h] for h in state["histories"]], state["finished"]
        if len(self.here):
            self.replicas = self.replicas.take(np.where(self.here < 0, self.here[0], self.here))
            self.progress = nest_like(self.progress, state["progress"], skip=1)
            with whole_state():
                check_best(self.progress, self.done)
            self._load()

    # ---- one round ----

    def _load(self):
        """Put the rows of the replicas that are still here where the graph reads them."""
        now, constant = self.replicas, lambda part: tf.nest.map_structure(tf.constant, part)
        self.sizes = np.array([len(r) for r in now.rows], np.int32)
        self.table = constant(now.table)
        self.watching = now.watched is not None
        if not self.watching:  # the same graph, with no rows; XLA and an area need one, of no weight
            blocks = int(self.fit.monitor.ranks or self.stack.xla)
            self.watch = (
                self.table,
                np.zeros((len(self.sizes), blocks, 1), np.int32),
                np.zeros_like(self.sizes),
            )
        else:
            table = self.table if now.watched is now.table else constant(now.watched)
            sizes = np.array([len(r) for r in now.watch_rows], np.int32)
            block = min(-(-sizes.max() // _WATCHED) * _WATCHED, 2**14)
            rows = np.zeros((len(sizes), -(-sizes.max() // block) * block), np.int32)
            for i, r in enumerate(now.watch_rows):
                rows[i, : len(r)], rows[i, len(r) :] = r, r[0]
            self.watch = (table, tf.constant(rows.reshape(len(sizes), -1, block)), tf.constant(sizes))

    def _round_epochs(self):
        """Return the epochs of a round: from the work in it alone, so that results repeat to the bit."""
        rows, n, fit = int(self.sizes.max()), len(self.sizes), self.fit
        work = rows * n * (self.replicas.plan.layout.n_weights + 1000)
        most = min(_ROUND_NUMBERS // (rows * n), _ROUND_WORK // work, fit.epochs)
        if self.watching and fit.patience < fit.epochs:
            small = min(_FEWEST_STEPS // -(-rows // fit.batch_size), _FEWEST_WORK // work)
            most = min(most, max(_FEWEST_EPOCHS, fit.patience // 2, small))
        return int(max(1, most))

    def _round(self, n_epochs, room):
        """Run one round; return the epochs run, summed over replicas."""
        orders, last = self._orders(n_epochs, room)
        batch = orders.shape[3] if self.stack.xla else self.fit.batch_size
        self.progress, done, history = self.stack.run(
            *(self.progress, orders, last, np.int32(batch), self.sizes, np.int32(self.done)),
            *(np.int32(n_epochs), self.table, self.replicas.rates, self.watch, self.fit.stop),
        )
        self.done += done
        for place in np.flatnonzero(self.here >= 0):  # without the copy
            i = self.here[place]
            self.histories[i].append(history[:done, place][history[:done, place, -1] > 0])
            if self.fit.diverged == "raise":
                check_finite(self.histories[i][-1], self.stack.step, f"in {self.replicas.names[place]}")
        return int(history[:done, self.here >= 0, -1].sum())

    def _orders(self, n_epochs, room):
        """Draw the batches of a round: all rows in order, or parted into batches where XLA needs sizes."""
        longest, n = int(self.sizes.max()), len(self.sizes)
        orders = np.zeros((n, room if self.stack.xla else n_epochs, longest), np.int32)
        for i, (seed, rows) in enumerate(zip(self.replicas.seeds, self.replicas.rows)):
            orders[i, :n_epochs, : len(rows)] = rows[draw_orders(seed, len(rows), self.done, n_epochs)]
            orders[i, :, len(rows) :] = rows[0]  # one of its own, of weight 0: 0 times NaN would be NaN
        if not self.stack.xla:
            return orders, ()
        batch = min(self.fit.batch_size, longest)
        if self.fit.rows_apart:
            orders = np.pad(orders, ((0, 0), (0, 0), (0, -longest % batch)), mode="edge")
            return orders.reshape(n, room, -1, batch), ()
        whole = longest // batch * batch
        return orders[:, :, :whole].reshape(n, room, -1, batch), orders[:, :, whole:]

    # ---- replicas that are done ----

    def _until_contest(self):
        """Return the epochs until the next contest is decided, so that a round ends there."""
        sides = [] if self.fit.contest is None else self.fit.nets.sides
        epochs = [side.epoch for side in sides if side is not None and side.epoch > self.done]
        return min(epochs, default=FOREVER) - self.done

    def _end_contests(self):
        """End the replicas that lose a contest which is decided now; return whether there are any."""
        if self.fit.contest is None:
            return False
        ended = losers(self.fit.nets.sides, self.done, self._lowest, self.fit.contest)
        goes_on = ~np.isin(self.here, ended)
        self.progress = self.progress._replace(active=self.progress.active & tf.constant(goes_on))
        return bool(ended)

    def _lowest(self, i):
        """Return the lowest loss that a replica watched, whether it is still here or not."""
        history = np.concatenate(self.histories[i])
        return lowest(name_history(history, self.stack.step, self.watching))

    def _leave(self, forced=False):
        """Let replicas that have stopped leave: where they are many, or `forced`."""
        active = self.progress.active.numpy() & (self.here >= 0)
        n, left = int((self.here >= 0).sum()), int(active.sum())
        most = n // 8 if self.stack.xla else 0.75 * n  # XLA compiles again for another size
        if left > most and not forced:
            return
        self.results(np.flatnonzero(~active & (self.here >= 0)))
        self.here = self.here[active]
        if left:
            copied, stay = _at_least_two(np.flatnonzero(active))
            self.here = np.where(copied < 0, -1, np.resize(self.here, len(stay)))
            self.replicas = self.replicas.take(stay)
            self.progress = tf.nest.map_structure(lambda a: tf.gather(a, stay), self.progress)
            self._load()

    def results(self, places=None):
        """Return what has been reached: a list of `Trained`, renewed for these places in the stack (all)."""
        places = np.flatnonzero(self.here >= 0) if places is None else places
        if not len(places):
            return self.finished
        best = [[v.numpy() for v in part] for part in self.progress.best]
        best_epoch, active = self.progress.best_epoch.numpy(), self.progress.active.numpy()
        watching = self.watching
        for place in places:
            i, history = self.here[place], np.concatenate(self.histories[self.here[place]])
            weights = self.replicas.plan.weights_from(*([v[place].copy() for v in part] for part in best))
            self.finished[i] = Trained(
                weights,
                name_history(history, self.stack.step, watching),
                len(history),
                int(best_epoch[place]) + 1 if watching else len(history),
                bool(watching and not active[place]),
                self.way,
                self.stack.why_not_wide,
            )
        return self.finished


def _at_least_two(places):
    """Return (places, places with the first for -1), two of them where there is one.

    TensorFlow 2.21 vectorises some operations wrongly over a single replica (the bias of a convolution).
    """
    if len(places) != 1:
        return places, places
    return np.array([places[0], -1]), np.array([places[0], places[0]])
