"""Several numbers at once, such as the next steps of a series: the mean of their squared errors.

Each column is standardised by its own mean and SD in the rows trained on. Hidden units are shared.
"""

import numpy as np

from bineural.nets.objectives.objective import Objective, register_objective


def _learn(y, ending, own_unit, offset=None, weights=None):
    if own_unit or ending != "linear":
        return {"centers": np.zeros(y.shape[1]).tolist(), "scales": np.ones(y.shape[1]).tolist()}
    spread = np.std(y, axis=0, ddof=1) if len(y) > 1 else np.zeros(y.shape[1])
    return {
        "centers": np.mean(y, axis=0).tolist(),
        "scales": np.where(spread > 0, spread, 1.0).tolist(),
    }


def _targets(y, state):
    return (y - np.asarray(state["centers"])) / np.asarray(state["scales"])


def _predict(output, ending, state):
    return output * np.asarray(state["scales"]) + np.asarray(state["centers"])


register_objective(
    Objective(
        "steps",
        "numbers",
        "mean_squared_error",
        title="several numbers",
        several_outcomes=True,
        endings=("linear",),
        unit="mean squared error of the standardised columns",
        count_outputs=lambda n_columns: n_columns,
        allow_outputs=lambda n_columns: (n_columns,),
        learn=_learn,
        targets=_targets,
        predict=_predict,
        linear=_predict,
        linear_unit="prediction",
        ignorant_loss=lambda state: 1.0,
        task="steps",
        constant=lambda y, weights: np.average(y, axis=0, weights=weights),
        measure="steps_rmse",
    )
)
