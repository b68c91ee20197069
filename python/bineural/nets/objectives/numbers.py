"""Numbers by their mean: the squared error of the standardised outcome."""

from bineural.nets.objectives.objective import Objective, register_objective
from bineural.nets.objectives.standardising import IN_ITS_UNIT, learn_unit, unit_of


def _describe_unit(state):
    standardised = (state["center"], state["scale"]) != (0, 1)
    return f"mean squared error of the {'standardised ' if standardised else ''}outcome"


register_objective(
    Objective(
        "numbers",
        "numbers",
        "mean_squared_error",
        title="regression",
        unit="mean squared error",
        describe_unit=_describe_unit,
        may_change=True,
        learn=learn_unit,
        learn_moments=unit_of,
        predict=lambda output, ending, state: output[:, 0] * state["scale"] + state["center"],
        ignorant_loss=lambda state: 1.0 if state["scale"] != 1 else None,  # of a standardised outcome
        **IN_ITS_UNIT,
    )
)
