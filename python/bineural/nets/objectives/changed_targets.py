"""Outcomes of numbers learnt in another form: held in their range, as logarithms or normal quantiles.

What is learnt, and standardised, is the changed outcome; a prediction is changed back, member by member. The
mean of a changed outcome is not the changed mean: `exp` of a mean logarithm is below the mean, and is the
median where logarithms are spread evenly about theirs. Quantiles are the same in every form.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from bineural.checks import choice
from bineural.errors import InputError, OutcomeError
from bineural.tables.scaling import normal_quantiles, quantiles_at_steps, values_at


class Change(NamedTuple):
    """A form of the outcome.

    Attributes
    ----------
    learn : callable
        Outcome of the rows trained on -> dict of plain values.
    there, back : callable
        (values, state) -> values in that form, and in the outcome's own unit again.
    words : str
        What the loss is then of, after "outcome"; "" if the outcome itself.
    check : callable
        Outcome of all rows -> None; raises where it has no such form.
    """

    learn: object
    there: object
    back: object
    words: str = ""
    check: object = lambda y: None


def _check_positive(y):
    if len(y) and np.min(y) <= 0:
        raise OutcomeError(
            "The outcome must be above 0 for target='log'.",
            f"Its lowest value is {np.min(y):g}.",
            "Leave those rows out, add a constant, or use target='quantile'.",
        )


def _learn_quantiles(y):
    quantiles = quantiles_at_steps(np.asarray(y, dtype=np.float64))
    if quantiles[0] == quantiles[-1]:
        raise OutcomeError(
            "The outcome must vary in the rows trained on for target='quantile'.",
            f"All its values are {quantiles[0]:g}.",
            "Get more rows, or leave `target` out.",
        )
    return {"target_quantiles": quantiles.tolist()}


CHANGES = {
    "clipped": Change(
        learn=lambda y: {"target_low": float(np.min(y)), "target_high": float(np.max(y))},
        there=lambda y, state: y,
        back=lambda values, state: np.clip(values, state["target_low"], state["target_high"]),
    ),
    "log": Change(
        learn=lambda y: {},
        there=lambda y, state: np.log(y),
        back=lambda values, state: np.exp(values),
        words="'s logarithm",
        check=_check_positive,
    ),
    "quantile": Change(
        learn=_learn_quantiles,
        there=lambda y, state: normal_quantiles(y, np.asarray(state["target_quantiles"])),
        back=lambda values, state: values_at(values, np.asarray(state["target_quantiles"])),
        words="'s normal quantiles",
    ),
}


_target = choice(*CHANGES)


def with_target(objective, target):
    """Return an objective that learns its outcome in another form.

    Parameters
    ----------
    objective : Objective
    target : {"clipped", "log", "quantile"}

    Raises
    ------
    InputError
        If the objective is not of numbers that may be changed.
    """
    target = _target(target, "target")
    if not objective.may_change:
        raise InputError(
            f"`target` can't be changed for objective={objective.name!r}.",
            f"Found target={target!r}; it is for numbers learnt by their mean, centre or quantiles.",
            "Leave it out.",
        )
    change = CHANGES[target]

    def check(y):
        objective.check(y)
        change.check(y)

    def learn(y, ending, own_unit, offset=None, weights=None):
        learnt = change.learn(y)
        return {**objective.learn(change.there(y, learnt), ending, own_unit, offset, weights), **learnt}

    return replace(
        objective,
        check=check,
        learn=learn,
        learn_moments=None,
        targets=lambda y, state: objective.targets(change.there(y, state), state),
        predict=lambda output, ending, state: change.back(objective.predict(output, ending, state), state),
        linear_unit=f"{objective.linear_unit}{f' of the outcome{change.words}' if change.words else ''}",
        describe_unit=lambda state: f"{objective.written_unit(state)}{change.words}",
        may_change=False,
        settings={**objective.settings, "target": target},
    )
