"""Several labels at once, each there or not: one log-odds for each, of hidden units that they share.

A row costs the mean of its labels' cross-entropies. A net of zero weights predicts the share of each label in
the rows trained on.
"""

import numpy as np
from scipy.special import expit, logit

from bineural.errors import OutcomeError
from bineural.nets.objectives.objective import Objective, register_objective


def label_loss(inputs, y, outputs):
    """Return the mean cross-entropy of y (batch, n_labels) in {0, 1} under log-odds of the same shape."""
    from bineural._tensorflow import tf

    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=outputs), axis=1)


def _check(y):
    found = np.unique(y)
    if not np.isin(found, (0, 1)).all():
        raise OutcomeError(
            "Labels must be 0 or 1 (or False and True) in every row, a column for each label.",
            f"Found {found[~np.isin(found, (0, 1))][0]:g}.",
            "Code what is there as 1; for one outcome of several classes leave `objective` out.",
        )


def _learn(y, ending, own_unit, offset=None, weights=None):
    return {"shares": _shares(y, weights).tolist()}


def _shares(y, weights):
    return np.average(y, axis=0, weights=weights)


def _between(state):
    """Return the shares, none of them quite 0 or 1."""
    return np.clip(state["shares"], 1e-3, 1 - 1e-3)


def _linear(missing):
    from bineural.nets.objectives.linear.label_glms import LabelGLMs

    return "glms", LabelGLMs()


def _ignorant(state):
    share = _between(state)
    return float(-np.mean(share * np.log(share) + (1 - share) * np.log(1 - share)))


register_objective(
    Objective(
        "multilabel",
        "numbers",
        label_loss,
        title="several labels",
        several_outcomes=True,
        endings=("linear",),
        unit="nats a label",
        rows_only=True,
        count_outputs=lambda n_labels: n_labels,
        allow_outputs=lambda n_labels: (n_labels,),
        check=_check,
        learn=_learn,
        start=lambda state: logit(_between(state)),
        predict=lambda output, ending, state: expit(output),
        linear=lambda output, state: output,
        ignorant_loss=_ignorant,
        task="labels",
        constant=_shares,
        measure="label_log_loss",
        baseline=_linear,
    )
)
