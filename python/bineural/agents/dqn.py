"""Deep Q-learning: a net of action values, learnt from a memory of moves against a copy that lags behind.

References
----------
Mnih et al. (2015). Nature 518, 529-533. Double targets: van Hasselt, Guez and Silver (2016), AAAI, 2094-2100.
"""

import numpy as np

from bineural._tensorflow import tf
from bineural.agents.evaluating import Watch
from bineural.agents.stacked_net import BestWeights, StackedNet, make_plan, row_loss
from bineural.agents.tabular import epsilon_at, explore
from bineural.agents.worlds import Draws, Worlds, episodes_table
from bineural.training.seeds import stream


def _huber(inputs, y, outputs):
    """Return Huber's loss of the value of the action taken from its target; y is (action, target)."""
    actions, targets = y[:, 0], y[:, 1]
    taken = tf.one_hot(tf.cast(actions, tf.int32), outputs.shape[-1])
    gap = tf.abs(tf.reduce_sum(taken * outputs, axis=-1) - targets)
    return tf.where(gap < 1.0, 0.5 * gap**2, gap - 0.5)


class Memory:
    """The last moves of every seed.

    Parameters
    ----------
    n_seeds, size, n_inputs : int
    """

    def __init__(self, n_seeds, size, n_inputs):
        self.size, self.filled, self.at = size, 0, 0
        self.before = np.zeros((n_seeds, size, n_inputs), np.float32)
        self.after = np.zeros((n_seeds, size, n_inputs), np.float32)
        self.numbers = np.zeros((n_seeds, size, 3), np.float32)  # action, reward, whether it was the end

    def add(self, before, actions, rewards, after, ended):
        """Add moves (n_seeds, n, ...) in the place of the oldest."""
        place = (self.at + np.arange(before.shape[1])) % self.size
        self.before[:, place], self.after[:, place] = before, after
        self.numbers[:, place] = np.stack([actions, rewards, ended], axis=-1)
        self.at = (self.at + before.shape[1]) % self.size
        self.filled = min(self.size, self.filled + before.shape[1])

    def draw(self, streams, n_batches, batch_size):
        """Draw batches: arrays (n_batches, n_seeds, batch_size, ...)."""
        chosen = np.stack([s.integers(0, self.filled, (n_batches, batch_size)) for s in streams], axis=1)
        seeds = np.arange(len(streams))[None, :, None]
        return tuple(part[seeds, chosen] for part in (self.before, self.numbers, self.after))


class Learner:
    """The net of action values, its lagging copy, and the compiled loop over batches.

    Parameters
    ----------
    plan : Blueprint
    seeds : list of int
    gamma : float
    settings : dict
        learning_rate, double.
    """

    def __init__(self, plan, seeds, gamma, settings):
        self.net = StackedNet(plan, seeds, row_loss("action_value", _huber), settings["learning_rate"])
        self.target, self.gamma, self.double = list(self.net.state.trainable), gamma, settings["double"]
        self._run = tf.function(self._graph, autograph=False, jit_compile=True)

    def learn(self, batches):
        """Take a step on each of some batches; return the mean loss of each seed."""
        self.net.state, losses = self._run(self.net.state, self.target, *map(tf.constant, batches))
        return losses.numpy()

    def renew_target(self):
        """Let the lagging copy catch up."""
        self.target = list(self.net.state.trainable)

    def _graph(self, state, target, before, numbers, after):
        net, n_batches = self.net, before.shape[0]
        fixed = state.fixed

        def body(i, state, losses):
            actions, rewards, ended = tf.unstack(numbers[i], axis=-1)
            ahead = net.outputs(target, fixed, after[i])
            if self.double:  # the net chooses, the copy says what it is worth
                own = net.each.update.parts(state.trainable) if net.is_wide else state.trainable
                choice = tf.argmax(net.outputs(own, fixed, after[i]), axis=-1)
                ahead = tf.reduce_sum(tf.one_hot(choice, ahead.shape[-1]) * ahead, axis=-1)
            else:
                ahead = tf.reduce_max(ahead, axis=-1)
            y = tf.stack([actions, rewards + self.gamma * (1.0 - ended) * ahead], axis=-1)
            state, loss = net.learn(state, before[i], y, tf.ones_like(rewards))
            return i + 1, state, losses + loss

        start = (tf.constant(0), net.entered(state), tf.zeros((net.n,)))
        _, state, losses = tf.while_loop(lambda i, *_: i < n_batches, body, start, parallel_iterations=1)
        return net.left(state), losses / n_batches


def learn_dqn(environment, seeds, steps, gamma, settings, look=None, progress=None):
    """Learn a net of action values by acting.

    Parameters
    ----------
    environment : Environment
    seeds : list of int
    steps : int
        Of each seed, in all its worlds together.
    gamma : float
    settings : dict
        architecture, units, learning_rate, batch_size, memory, worlds, warm_up, train_every, updates,
        target_every, epsilon, double, truncated.
    look, progress : callable, optional
        See `learn_table`; progress(steps done, mean return of the last episodes).

    Returns
    -------
    weights : list of lists of ndarray
        Of each seed.
    plan : Blueprint
    history : pandas.DataFrame
    watched : pandas.DataFrame
        Mean returns of the episodes played to choose the weights.
    """
    n_worlds, every = settings["worlds"], settings["train_every"]
    plan = make_plan(settings["architecture"], environment.n_inputs, environment.n_actions, settings["units"])
    learner = Learner(plan, seeds, gamma, settings)
    worlds = Worlds(environment, seeds, n_worlds)
    draws = Draws([stream(seed, "explore") for seed in seeds], n_worlds, 3)
    batches = [stream(seed, "memory") for seed in seeds]
    memory = Memory(len(seeds), min(settings["memory"], steps), environment.n_inputs)
    rounds = -(-steps // n_worlds)
    epsilon = epsilon_at(settings["epsilon"], rounds)
    best, watch, updates = BestWeights(learner.net), Watch(environment, seeds, steps), 0
    per_train, since = max(1, every // n_worlds), 0
    try:
        for i in range(rounds):
            seen = environment.encode(worlds.observations)
            values = learner.net.act(seen)
            moves = worlds.step(explore(values, epsilon[i], draws()))
            ended = moves.terminated
            if settings["truncated"] == "terminal":
                ended = ended | moves.truncated
            memory.add(seen, moves.actions, moves.rewards, environment.encode(moves.after), ended)
            done = (i + 1) * n_worlds
            since += 1
            if done >= settings["warm_up"] and since >= per_train:
                since = 0
                learner.learn(memory.draw(batches, settings["updates"], settings["batch_size"]))
                updates += settings["updates"]
                if updates >= settings["target_every"]:
                    updates = 0
                    learner.renew_target()
            if watch.is_due(done):
                best.judge(watch.play(lambda seen: learner.net.act(seen).argmax(axis=-1), done))
                if progress is not None:
                    progress(done, best.returns)
                if watch.is_enough(best.returns):
                    break
            if look is not None:
                look()
    except KeyboardInterrupt:
        if best.kept is None:
            raise
    return best.kept, plan, episodes_table(worlds.finished, seeds), watch.table()


def learn_from_moves(moves, environment, seeds, steps, gamma, settings, look=None):
    """Learn a net of action values from recorded moves alone; return the weights of each seed.

    Parameters
    ----------
    moves : Experience
    environment, seeds, gamma, settings, look
        See `learn_dqn`.
    steps : int
        Moves that each seed learns from, `batch_size` at a time.
    """
    plan = make_plan(settings["architecture"], environment.n_inputs, environment.n_actions, settings["units"])
    learner = Learner(plan, seeds, gamma, settings)
    memory = Memory(len(seeds), len(moves.rewards), environment.n_inputs)
    each = (len(seeds), *(1,) * 2)
    before, after = (np.tile(environment.encode(part)[None], each) for part in (moves.states, moves.after))
    numbers = (np.tile(part[None], (len(seeds), 1)) for part in (moves.actions, moves.rewards, moves.done))
    actions, rewards, done = numbers
    memory.add(before, actions, rewards, after, done)
    batches = [stream(seed, "memory") for seed in seeds]
    n_batches, since = max(1, steps // settings["batch_size"]), 0
    at_once = min(settings["updates"], n_batches)
    try:
        for _ in range(max(1, n_batches // at_once)):
            learner.learn(memory.draw(batches, at_once, settings["batch_size"]))
            since += at_once
            if since >= settings["target_every"]:
                since = 0
                learner.renew_target()
            if look is not None:
                look()
    except KeyboardInterrupt:
        pass
    return learner.net.weights()
