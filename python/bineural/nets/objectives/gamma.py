"""Positive numbers by their mean, under the gamma likelihood and the log link: errors in proportion."""

from bineural.nets.objectives.log_means import log_mean_fields
from bineural.nets.objectives.objective import Objective, register_objective


def gamma_loss(inputs, y, outputs):
    """Return half the unit deviance, y / mean - 1 - log(y / mean), of outputs that are log(mean)."""
    from bineural._tensorflow import tf

    log_ratio = tf.math.log(y) - outputs[:, 0]
    return tf.math.expm1(log_ratio) - log_ratio


register_objective(
    Objective(
        "gamma",
        "numbers",
        gamma_loss,
        title="positive numbers, by their log mean",
        **log_mean_fields("gamma"),
    )
)
