"""Ordered classes: the log-odds of being above each threshold, which one output moves up and down together.

Without hidden units it is the proportional-odds model. A net of zero weights predicts the shares of the
classes in the rows trained on.

Reference: McCullagh (1980). Journal of the Royal Statistical Society B 42(2), 109-142.
"""

import numpy as np
from scipy.special import expit

from bineural.nets.objectives.objective import Objective, register_objective

_LEAST_GAP = 0.01  # in log-odds, between thresholds that a class without rows lies between


def ordinal_loss(inputs, y, outputs):
    """Return -log P of classes y, by their places in the order, under outputs (batch, n_classes - 1).

    The first output is the log-odds of being above the first class, and the others, less the first, are
    softplus inverses of the gaps between thresholds. With a and b the log-odds of being above the class below
    and the class itself, P = s(a) s(-b) (1 - exp(b - a)), s being the logistic function: no difference of
    probabilities loses digits.
    """
    from bineural._tensorflow import tf

    gaps = tf.math.softplus(outputs[:, 1:] - outputs[:, :1])
    logits = tf.concat([outputs[:, :1], outputs[:, :1] - tf.cumsum(gaps, axis=1)], axis=1)
    nothing = tf.zeros_like(outputs[:, :1])
    not_below = tf.concat([nothing, tf.math.softplus(-logits)], axis=1)
    not_above = tf.concat([tf.math.softplus(logits), nothing], axis=1)
    between = tf.concat([nothing, -tf.math.log(-tf.math.expm1(-gaps)), nothing], axis=1)
    return tf.gather(not_below + not_above + between, tf.cast(y, tf.int32), batch_dims=1)


def _logits_above(output):
    """Return the log-odds of being above each class but the last: float64 (n_rows, n_classes - 1)."""
    gaps = np.logaddexp(0.0, output[:, 1:] - output[:, :1])
    return np.hstack([output[:, :1], output[:, :1] - np.cumsum(gaps, axis=1)])


def _probabilities(output, ending, state):
    """Return the probability of each class, in the order of their positions: (n_rows, n_classes)."""
    above = expit(_logits_above(output))
    edge = np.ones((len(above), 1))
    return -np.diff(np.hstack([edge, above, 0 * edge]), axis=1)[:, state["ranks"]]


def _learn(y, ending, own_unit, offset=None, weights=None):
    return {"class_weights": np.bincount(y, weights).astype(float).tolist()}


def _shares(state):
    """Return the share of each class in the rows trained on, in their order, none of them quite 0."""
    sums = np.zeros(len(state["ranks"]))
    sums[: len(state["class_weights"])] = state["class_weights"]
    shares = np.empty(len(sums))
    shares[state["ranks"]] = np.maximum(sums, 1e-3 * sums.sum())
    return shares / shares.sum()


def _start(state):
    above = 1 - np.cumsum(_shares(state))[:-1]
    logits = np.log(above) - np.log1p(-above)
    gaps = np.maximum(-np.diff(logits), _LEAST_GAP)
    return np.concatenate([logits[:1], logits[0] + np.log(np.expm1(gaps))])


def _linear(missing):
    from bineural.nets.objectives.linear.proportional_odds import ProportionalOdds

    return "proportional odds", ProportionalOdds()


def _thresholds(n_outputs):
    from bineural.zoo.parts.thresholds import Thresholds

    return Thresholds(n_outputs, dtype="float32", name="thresholds")


register_objective(
    Objective(
        "ordinal",
        "classes",
        ordinal_loss,
        title="ordered classes",
        ordered=True,
        endings=("linear",),
        unit="nats a row",
        rows_only=True,
        most_classes=100,
        count_outputs=lambda n_classes: n_classes - 1,
        allow_outputs=lambda n_classes: (n_classes - 1,),
        head=_thresholds,
        learn=_learn,
        targets=lambda y, state: np.asarray(state["ranks"])[y],
        start=_start,
        offset=lambda offset, state: np.tile(offset[:, None], (1, state["n_outputs"])),
        predict=_probabilities,
        linear=lambda output, state: output[:, :1],
        linear_unit="log-odds of a higher class",
        ignorant_loss=lambda state: float(-np.sum(_shares(state) * np.log(_shares(state)))),
        measure="log_loss",
        shows=("ranked_probability",),
        baseline=_linear,
    )
)
