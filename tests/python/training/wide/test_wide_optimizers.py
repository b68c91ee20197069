"""A flat update of many replicas is Keras' own step of each."""

import numpy as np
import pytest

from bineural._tensorflow import keras, tf
from bineural.training.optimizers import PureOptimizer
from bineural.training.step import State
from bineural.training.wide.updates import FlatUpdate, VariableUpdate, make_update

kinds = keras.optimizers
R = 3
FLAT = {
    "sgd": lambda: kinds.SGD(0.1),
    "momentum": lambda: kinds.SGD(0.1, momentum=0.9),
    "nesterov": lambda: kinds.SGD(0.1, momentum=0.9, nesterov=True, weight_decay=0.1),
    "adam": lambda: kinds.Adam(0.1, clipnorm=0.5),
    "amsgrad": lambda: kinds.Adam(0.1, amsgrad=True, clipvalue=0.3),
    "adamw": lambda: kinds.AdamW(0.1, global_clipnorm=0.5),
    "rmsprop": lambda: kinds.RMSprop(0.1),
    "rmsprop with momentum": lambda: kinds.RMSprop(0.1, momentum=0.5),
    "schedule": lambda: kinds.Adam(kinds.schedules.CosineDecay(0.1, 4)),
}
OTHERS = {
    "average": lambda: kinds.Adam(0.1, use_ema=True),
    "centred": lambda: kinds.RMSprop(0.1, centered=True),
    "nadam": lambda: kinds.Nadam(0.1),
    "lion": lambda: kinds.Lion(0.1),
}


def check(make):
    """Take three steps, and compare with each replica's own."""
    rng = np.random.default_rng(3)
    norm = keras.constraints.MaxNorm(1.0)
    variables = [keras.Variable(np.zeros((2, 3), "float32")), keras.Variable(np.zeros(4, "float32"))]
    variables[0].constraint = norm
    pure = PureOptimizer(make(), variables)
    update = make_update(pure, variables)
    values = [rng.normal(size=(R, *v.shape)).astype("float32") for v in variables]
    start, rate = pure.initial_state()
    optimizer = [np.repeat(v[None], R, 0) for v in start]
    if rate is not None:
        optimizer[rate] = np.array([0.1, 0.02, 0.3], "float32")
    state = State([tf.constant(v) for v in values], [], [tf.constant(v) for v in optimizer])
    each = [([v[r] for v in state.trainable], [v[r] for v in state.optimizer]) for r in range(R)]
    state = update.enter(state)
    for _ in range(3):
        gradients = [tf.constant(rng.normal(size=(R, *v.shape)).astype("float32")) for v in variables]
        gradients[1] = tf.concat([tf.zeros_like(gradients[1][:1]), gradients[1][1:]], 0)  # a norm of 0
        state = update.apply(state, update.parts(state.trainable), gradients)
        each = [pure.apply(o, [g[r] for g in gradients], t) for r, (t, o) in enumerate(each)]
    left = update.leave(state)
    for r, (trainable, own) in enumerate(each):
        for a, b in zip([*left.trainable, *left.optimizer], [*trainable, *own], strict=True):
            np.testing.assert_allclose(a[r], b, atol=2e-6, rtol=2e-6)
    for a, b in zip(
        update.leave_kept(update.kept(state)), zip(*(pure.averaged(o, t) for t, o in each)), strict=True
    ):
        np.testing.assert_allclose(a, np.stack(b), atol=2e-6, rtol=2e-6)
    return update


@pytest.mark.parametrize("name", FLAT)
def test_a_rule_takes_the_steps_of_keras(name):
    assert isinstance(check(FLAT[name]), FlatUpdate)


@pytest.mark.parametrize("name", OTHERS)
def test_what_has_no_rule_is_updated_variable_by_variable(name):
    assert isinstance(check(OTHERS[name]), VariableUpdate)


def test_what_the_loss_does_not_depend_on_stays_as_it_is():
    variables = [keras.Variable(np.ones(n, "float32")) for n in (2, 3)]
    pure = PureOptimizer(kinds.AdamW(0.1, weight_decay=0.5), variables)
    update = make_update(pure, variables)
    optimizer = [tf.constant(np.repeat(v[None], R, 0)) for v in pure.initial_state()[0]]
    state = update.enter(State([tf.ones([R, 2]), tf.ones([R, 3])], [], optimizer))
    state = update.apply(state, update.parts(state.trainable), [tf.ones([R, 2]), None])
    a, b = update.leave(state).trainable
    assert (b.numpy() == 1).all() and (a.numpy() < 1).all()
