"""The rows themselves are learnt: by their reconstruction alone, or by the evidence lower bound.

The output of such a net is the decoded row, the means of the codes and, of a variational one, the logarithms
of the codes' variances and of the noise's variance (`zoo/parts/codes.py`).

Reference: Kingma and Welling (2014). Auto-encoding variational Bayes. ICLR.
"""

import math
from typing import NamedTuple

from bineural.checks import choice, number
from bineural.inputs.filling import FILL
from bineural.measures.row_errors import column_means
from bineural.nets.objectives.objective import Objective, register_objective
from bineural.options import Option

LIKELIHOOD = Option(
    "likelihood",
    "gaussian",
    choice("gaussian", "bernoulli"),
    '{"gaussian", "bernoulli"}',
    "What a value is about its reconstruction: normal, or 0 or 1 (rows then hold numbers from 0 to 1, or "
    "bytes).",
    in_r="text",
)
BETA = Option(
    "beta",
    1.0,
    number(0, 1000, hint="1 is the evidence lower bound."),
    "float",
    "Factor on the Kullback-Leibler divergence of a variational one.",
    in_r="number",
    range="number",
)


class Reconstruction(NamedTuple):
    """What rows cost by their reconstruction: mean squared error, or nats of numbers from 0 to 1."""

    likelihood: str
    masked: bool = False  # of sequences: steps that a row does not have cost nothing

    def __call__(self, inputs, y, outputs):
        """Return (batch,), of inputs (batch, ...) and outputs (batch, n_values + n_codes)."""
        from bineural._tensorflow import tf

        rows, decoded = _beside(inputs, outputs)
        if self.masked:
            rows, there = _there(rows)
            if self.likelihood == "bernoulli":
                costs = tf.nn.sigmoid_cross_entropy_with_logits(labels=rows, logits=decoded)
                return tf.reduce_sum(there * costs, axis=-1)
            squares = tf.reduce_sum(there * tf.math.squared_difference(rows, decoded), axis=-1)
            return squares / tf.reduce_sum(there, axis=-1)
        if self.likelihood == "bernoulli":
            return tf.reduce_sum(
                tf.nn.sigmoid_cross_entropy_with_logits(labels=rows, logits=decoded), axis=-1
            )
        return tf.reduce_mean(tf.math.squared_difference(rows, decoded), axis=-1)


class LowerBound(NamedTuple):
    """The negative evidence lower bound of rows: both parts are sums, over values and over codes."""

    likelihood: str
    beta: float
    masked: bool = False

    def __call__(self, inputs, y, outputs):
        """Return {"reconstruction", "kl"}, each (batch,), in nats; the divergence times beta."""
        from bineural._tensorflow import tf

        rows, decoded = _beside(inputs, outputs)
        rest = outputs[..., rows.shape[-1] :]
        n_codes = (rest.shape[-1] - 1) // 2
        mean, log_variance, noise = rest[..., :n_codes], rest[..., n_codes:-1], rest[..., -1]
        kl = tf.reduce_sum(tf.square(mean) + tf.exp(log_variance) - log_variance - 1, axis=-1) / 2
        rows, there = _there(rows) if self.masked else (rows, 1.0)
        n_values = tf.reduce_sum(there, axis=-1) if self.masked else rows.shape[-1]
        if self.likelihood == "bernoulli":
            costs = tf.nn.sigmoid_cross_entropy_with_logits(labels=rows, logits=decoded)
            cost = tf.reduce_sum(there * costs, axis=-1)
        else:
            squares = tf.reduce_sum(there * tf.math.squared_difference(rows, decoded), axis=-1)
            cost = (squares * tf.exp(-noise) + n_values * (noise + math.log(2 * math.pi))) / 2
        return {"reconstruction": cost, "kl": self.beta * kl}


def _beside(inputs, outputs):
    """Return rows (batch, n_values) and what was decoded of them, of the same shape."""
    from bineural._tensorflow import tf

    n_values = math.prod(inputs.shape[1:])
    return tf.reshape(inputs, (-1, n_values)), outputs[..., :n_values]


def _there(rows):
    """Return rows with 0 where they are filled up, and 1 where they are not."""
    from bineural._tensorflow import tf

    filled = tf.equal(rows, FILL)
    return tf.where(filled, tf.zeros_like(rows), rows), tf.cast(tf.logical_not(filled), rows.dtype)


def _settle_reconstruction(likelihood):
    unit = "nats a row" if likelihood == "bernoulli" else "mean squared error of scaled values"
    return {"loss": Reconstruction(likelihood), "unit": unit}


def _settle_bound(likelihood, beta):
    return {"loss": LowerBound(likelihood, beta)}


_SHARED = {
    "outcome": "rows",
    "title": "codes of rows",
    "endings": ("linear",),
    "rows_only": True,
    "predict": lambda output, ending, state: output,
    "task": "rows",
    "measure": "mse",
    "constant": column_means,
}
register_objective(
    Objective(
        "reconstruction",
        loss=Reconstruction("gaussian"),
        options=(LIKELIHOOD,),
        settle=_settle_reconstruction,
        **_SHARED,
    )
)
register_objective(
    Objective(
        "lower_bound",
        loss=LowerBound("gaussian", 1.0),
        parts=("reconstruction", "kl"),
        unit="nats a row: reconstruction and divergence",
        options=(LIKELIHOOD, BETA),
        settle=_settle_bound,
        **_SHARED,
    )
)
