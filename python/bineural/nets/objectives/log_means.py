"""What objectives with a log link share: outputs are logarithms of means, from the mean rate on.

A net whose weights are 0 predicts the mean rate of the rows trained on: all outcomes over all exposures.
"""

import numpy as np

from bineural.errors import InputError, OutcomeError
from bineural.irls.families import get_family


def log_mean_fields(name):
    """Return the fields of an objective for the mean of a GLM's family under the log link.

    Parameters
    ----------
    name : {"poisson", "gamma"}
    """
    family = get_family(name, "log")

    def check(y):
        if len(y) and not family.in_range(np.min(y), np.max(y)):
            raise OutcomeError(
                f"The outcome must be {family.range_rule} for objective={name!r}.",
                f"Its values run from {np.min(y):g} to {np.max(y):g}.",
                "Leave those rows out, or use objective='numbers'.",
            )

    def learn(y, ending, own_unit, offset=None, weights=None):
        each = np.ones(len(y)) if weights is None else weights
        exposure = np.ones(len(y)) if offset is None else np.exp(offset)
        log_rate = _log_rate(float(each @ y), float(each @ exposure))
        deviances = family.unit_deviance(y, exposure * np.exp(log_rate))
        return {"log_rate": log_rate, "ignorant": float(np.average(deviances, weights=each)) / 2}

    return {
        "endings": ("linear",),
        "unit": f"half the mean {name} deviance",
        "rows_only": True,
        "check": check,
        "learn": learn,
        "learn_moments": lambda mean, spread, ending, own_unit: {"log_rate": _log_rate(mean, 1.0)},
        "start": lambda state: np.array([state["log_rate"]]),
        "offset": lambda offset, state: offset[:, None],
        "predict": lambda output, ending, state: np.exp(output[:, 0]),
        "linear": lambda output, state: output[:, :1],
        "linear_unit": "log mean",
        "ignorant_loss": lambda state: state.get("ignorant") or None,
        "family": name,
        "link": "log",
        "measure": "mean_deviance",
    }


def _log_rate(total, exposure):
    if not total > 0:
        raise InputError(
            "The outcome must be above 0 in some of the rows trained on.",
            "It is 0 in all of them.",
            "Get more rows: no rate can be learnt where nothing has happened.",
        )
    return float(np.log(total) - np.log(exposure))
