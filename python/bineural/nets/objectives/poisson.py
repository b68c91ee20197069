"""Counts by their mean, under the Poisson likelihood and the log link."""

from bineural.nets.objectives.log_means import log_mean_fields
from bineural.nets.objectives.objective import Objective, register_objective


def poisson_loss(inputs, y, outputs):
    """Return half the unit deviance, y log(y / mean) - (y - mean), of outputs that are log(mean).

    Written by the distance to log(y), it keeps its digits for large counts.
    """
    from bineural._tensorflow import tf

    eta = outputs[:, 0]
    log_y = tf.math.log(tf.where(y > 0, y, 1.0))
    return tf.where(y > 0, y * (tf.math.expm1(eta - log_y) - (eta - log_y)), tf.exp(eta))


register_objective(
    Objective(
        "poisson", "numbers", poisson_loss, title="counts, by their log mean", **log_mean_fields("poisson")
    )
)
