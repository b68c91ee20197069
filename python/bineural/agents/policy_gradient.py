"""Policies learnt by their own gradient: REINFORCE from whole episodes, and an actor with a critic.

References
----------
Williams (1992). Machine Learning 8, 229-256. Mnih et al. (2016), ICML, 1928-1937 (advantage actor-critic).
"""

import numpy as np

from bineural._tensorflow import tf
from bineural.agents.evaluating import Watch
from bineural.agents.returns import advantages_of, discounted
from bineural.agents.stacked_net import BestWeights, StackedNet, make_plan, row_loss
from bineural.agents.worlds import Draws, Worlds, episodes_table
from bineural.training.seeds import stream

_CRITIC = 0.5  # what the critic's squared error counts beside the actor's loss


def actor_loss(n_actions, entropy, with_critic):
    """Return the loss of rows: y is (action, advantage, return), outputs logits and perhaps a value."""

    def costs(inputs, y, outputs):
        logits = outputs[:, :n_actions]
        log_chances = tf.nn.log_softmax(logits)
        taken = tf.reduce_sum(tf.one_hot(tf.cast(y[:, 0], tf.int32), n_actions) * log_chances, axis=-1)
        spread = -tf.reduce_sum(tf.exp(log_chances) * log_chances, axis=-1)
        loss = -y[:, 1] * taken - entropy * spread
        return loss + _CRITIC * tf.square(outputs[:, n_actions] - y[:, 2]) if with_critic else loss

    return row_loss(("actor", n_actions, entropy, with_critic), costs)


def sample_actions(logits, uniforms):
    """Draw actions by their chances: logits (..., n_actions), uniform numbers (...)."""
    chances = np.exp(logits - logits.max(axis=-1, keepdims=True))
    cumulative = np.cumsum(chances, axis=-1)
    return (
        (uniforms[..., None] * cumulative[..., -1:] >= cumulative).sum(axis=-1).clip(max=logits.shape[-1] - 1)
    )


class Actors:
    """Nets that act by chance, and the compiled step that improves them.

    Parameters
    ----------
    environment : Environment
    seeds : list of int
    settings : dict
        architecture, units, learning_rate, entropy.
    with_critic : bool
        Whether the net gives a value beside the logits.
    """

    def __init__(self, environment, seeds, settings, with_critic):
        self.n_actions = environment.n_actions
        plan = make_plan(
            settings["architecture"],
            environment.n_inputs,
            self.n_actions + with_critic,
            settings["units"],
        )
        loss = actor_loss(self.n_actions, settings["entropy"], with_critic)
        self.net = StackedNet(plan, seeds, loss, settings["learning_rate"])
        self._run = tf.function(self._graph, autograph=False, jit_compile=True)

    def best(self, seen):
        """Return the likeliest action for encoded observations (n_seeds, n, n_inputs)."""
        return self.net.act(seen)[..., : self.n_actions].argmax(axis=-1)

    def learn(self, inputs, y, weights):
        """Take steps: inputs (n_batches, n_seeds, n, n_inputs), y (..., 3), weights without the last axis."""
        self.net.state = self._run(self.net.state, *map(tf.constant, (inputs, y, weights)))

    def _graph(self, state, inputs, y, weights):
        net, n_batches = self.net, inputs.shape[0]

        def body(i, state):
            state, _ = net.learn(state, inputs[i], y[i], weights[i])
            return i + 1, state

        start = tf.constant(0), net.entered(state)
        return net.left(tf.while_loop(lambda i, _: i < n_batches, body, start, parallel_iterations=1)[1])


def learn_policy(environment, seeds, steps, gamma, settings, look=None, progress=None):
    """Learn a policy by its gradient, all seeds as one stack.

    Parameters
    ----------
    environment, seeds, steps, gamma, look, progress
        See `learn_dqn`.
    settings : dict
        method ("reinforce" or "actor_critic"), architecture, units, learning_rate, worlds, horizon (steps of
        each world between two updates), entropy, trace (of advantages), truncated.

    Returns
    -------
    weights, plan, history, watched
        As of `learn_dqn`.
    """
    with_critic = settings["method"] == "actor_critic"
    actors = Actors(environment, seeds, settings, with_critic)
    n_worlds, horizon = settings["worlds"], settings["horizon"]
    worlds = Worlds(environment, seeds, n_worlds)
    draws = Draws([stream(seed, "explore") for seed in seeds], n_worlds, 1)
    best, watch = BestWeights(actors.net), Watch(environment, seeds, steps)
    gather, done = _Rollout(environment, actors, worlds, draws), 0
    learn = _actor_critic_batch if with_critic else _reinforce_batch
    batches = [stream(seed, "batches") for seed in seeds]
    try:
        while done < steps:
            rollout = gather(horizon)
            done += horizon * n_worlds
            actors.learn(*learn(rollout, actors, gamma, settings, batches))
            if watch.is_due(done):
                best.judge(watch.play(actors.best, done))
                if progress is not None:
                    progress(done, best.returns)
                if watch.is_enough(best.returns):
                    break
            if look is not None:
                look()
    except KeyboardInterrupt:
        if best.kept is None:
            raise
    return best.kept, actors.net.plan, episodes_table(worlds.finished, seeds), watch.table()


class _Rollout:
    """Acts for some steps; what was seen, done and got are arrays (n_steps, n_seeds, n_worlds, ...)."""

    def __init__(self, environment, actors, worlds, draws):
        self.environment, self.actors, self.worlds, self.draws = environment, actors, worlds, draws

    def __call__(self, n_steps):
        parts = []
        for _ in range(n_steps):
            seen = self.environment.encode(self.worlds.observations)
            outputs = self.actors.net.act(seen)
            actions = sample_actions(outputs[..., : self.actors.n_actions], self.draws()[..., 0])
            moves = self.worlds.step(actions)
            after = self.environment.encode(moves.after)
            each = (seen, actions, moves.rewards, after, moves.terminated, moves.truncated)
            parts.append(each)
        return [np.stack(part) for part in zip(*parts)]


def _critic_values(actors, seen):
    """Return the critic's values of encoded observations (n_steps, n_seeds, n_worlds, n_inputs)."""
    n_steps, n_seeds, n_worlds, width = seen.shape
    flat = seen.swapaxes(0, 1).reshape(n_seeds, n_steps * n_worlds, width)
    values = actors.net.act(flat)[..., actors.n_actions]
    return values.reshape(n_seeds, n_steps, n_worlds).swapaxes(0, 1)


def _actor_critic_batch(rollout, actors, gamma, settings, streams):
    seen, actions, rewards, after, terminated, truncated = rollout
    values, following = _critic_values(actors, seen), _critic_values(actors, after)
    if settings["truncated"] == "terminal":
        terminated = terminated | truncated
    advantages = advantages_of(rewards, values, following, terminated, truncated, gamma, settings["trace"])
    targets = advantages + values
    scale = advantages.std(axis=(0, 2), keepdims=True) + 1e-8
    advantages = (advantages - advantages.mean(axis=(0, 2), keepdims=True)) / scale
    inputs, y = _rows(seen), _rows(np.stack([actions, advantages, targets], axis=-1).astype(np.float32))
    return inputs[None], y[None], np.ones((1, *y.shape[:2]), np.float32)


def _reinforce_batch(rollout, actors, gamma, settings, streams):
    """Return the moves of episodes that are over, each with its return less the mean return of its seed.

    A truncated episode counts with what it got: REINFORCE has nothing to say what would have followed.
    """
    seen, actions, rewards, _, terminated, truncated = rollout
    over = terminated | truncated
    returns = discounted(rewards, over, gamma, np.zeros(rewards.shape[1:]))
    complete = np.flip(
        np.maximum.accumulate(np.flip(over, 0), axis=0), 0
    )  # an end follows within the rollout
    weights = complete.astype(np.float64)
    n = np.maximum(weights.sum(axis=(0, 2), keepdims=True), 1)
    mean = (weights * returns).sum(axis=(0, 2), keepdims=True) / n
    scale = np.sqrt((weights * (returns - mean) ** 2).sum(axis=(0, 2), keepdims=True) / n) + 1e-8
    advantages = (returns - mean) / scale
    inputs = _rows(seen)
    y = _rows(np.stack([actions, advantages, np.zeros_like(advantages)], axis=-1).astype(np.float32))
    weights = _rows((weights * weights.shape[0] * weights.shape[2] / n)[..., None].astype(np.float32))[..., 0]
    return inputs[None], y[None], weights[None]


def _rows(part):
    """Lay out (n_steps, n_seeds, n_worlds, n) as (n_seeds, rows, n)."""
    n_steps, n_seeds, n_worlds, width = part.shape
    return np.ascontiguousarray(part.swapaxes(0, 1).reshape(n_seeds, n_steps * n_worlds, width))
