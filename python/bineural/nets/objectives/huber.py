"""Numbers by a centre that outliers hardly move: squared error near it, absolute error far from it (Huber).

Reference: Huber (1964). Annals of Mathematical Statistics 35(1), 73-101.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import huber

from bineural.checks import number
from bineural.nets.objectives.objective import Objective, register_objective
from bineural.nets.objectives.standardising import IN_ITS_UNIT, unit_of
from bineural.options import Option

_NORMAL = 1.4826  # median absolute deviations in the SD of a normal distribution


class HuberLoss(NamedTuple):
    """Half the squared error up to `delta`, and the line that goes on from there."""

    delta: float

    def __call__(self, inputs, y, outputs):
        """Return what each row costs: (batch,)."""
        from bineural._tensorflow import tf

        error = tf.abs(y - outputs[:, 0])
        near = tf.minimum(error, self.delta)
        return near * (error - 0.5 * near)


def _median(y, weights=None):
    method = {} if weights is None else {"weights": weights, "method": "inverted_cdf"}
    return float(np.quantile(y, 0.5, **method))


def _learn_robustly(y, ending, own_unit, offset=None, weights=None):
    """Return median and robust SD of the outcome less its offset; the SD where more than half are equal."""
    y = y if offset is None else y - offset
    center = _median(y)
    spread = _NORMAL * float(np.median(np.abs(y - center)))
    return unit_of(center, spread or float(np.std(y)), ending, own_unit)


def _settle(delta):
    def learn(y, *how, **known):
        state = _learn_robustly(y, *how, **known)
        return {**state, "ignorant": float(np.mean(huber(delta, (y - state["center"]) / state["scale"])))}

    return {"loss": HuberLoss(delta), "learn": learn}


def _linear(missing):
    from sklearn.linear_model import HuberRegressor

    return "huber", HuberRegressor(alpha=0.0, max_iter=1000)


register_objective(
    Objective(
        "huber",
        "numbers",
        HuberLoss(1.345),
        title="numbers, hardly moved by outliers",
        unit="mean Huber loss of the standardised outcome",
        rows_only=True,
        may_change=True,
        learn=_learn_robustly,
        learn_moments=unit_of,
        predict=lambda output, ending, state: output[:, 0] * state["scale"] + state["center"],
        ignorant_loss=lambda state: state.get("ignorant"),
        constant=_median,
        measure="mae",
        baseline=_linear,
        options=(
            Option(
                "delta",
                1.345,
                number(0, above=True, hint="Pass for example 1.345."),
                "float",
                "Where errors begin to count by their size and no longer by its square (objective='huber'), "
                "in robust SDs of the outcome: 1.4826 times the median distance from the median.",
                in_r="number",
                range="number",
                cli_help="objective huber: where errors begin to count by their size, in robust SDs of the "
                "outcome (default: 1.345)",
                type="float",
            ),
        ),
        settle=_settle,
        **IN_ITS_UNIT,
    )
)
