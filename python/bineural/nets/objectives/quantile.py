"""Quantiles of numbers, several at once: the pinball loss of quantiles that can't cross.

One output is the middle quantile; every other is the distance from its neighbour towards the middle, through
a softplus, so that it is positive whatever the weights. A net of zero weights predicts the quantiles of the
rows trained on.

References: Koenker and Bassett (1978). Econometrica 46(1), 33-50; Cannon (2018). Stochastic Environmental
Research and Risk Assessment 32(11), 3207-3225.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from bineural.checks import Check, Unfit, list_of, share
from bineural.messages import shown
from bineural.nets.objectives.objective import Objective, register_objective
from bineural.nets.objectives.standardising import IN_ITS_UNIT, learn_unit, unit_of
from bineural.options import Option

_LEAST_GAP = 0.01  # SDs of the outcome between neighbouring quantiles to start from, where rows are tied


def middle_of(quantiles):
    """Return the place of the quantile that is nearest to the median."""
    return int(np.argmin(np.abs(np.asarray(quantiles) - 0.5)))


class Pinball(NamedTuple):
    """The mean pinball loss of several quantiles."""

    quantiles: tuple

    def __call__(self, inputs, y, outputs):
        """Return what each row costs: (batch,)."""
        from bineural._tensorflow import tf

        level = tf.constant(self.quantiles, tf.float32)
        above = y[:, None] - self._ordered(tf, outputs)
        return tf.reduce_mean(tf.maximum(level * above, (level - 1.0) * above), axis=1)

    def _ordered(self, tf, outputs):
        """Return ascending quantiles (batch, n_quantiles) of outputs; see `ordered_quantiles`."""
        m = middle_of(self.quantiles)
        middle = outputs[:, m : m + 1]
        lower = middle - tf.cumsum(tf.math.softplus(outputs[:, :m]), axis=1, reverse=True)
        upper = middle + tf.cumsum(tf.math.softplus(outputs[:, m + 1 :]), axis=1)
        return tf.concat([lower, middle, upper], axis=1)


def ordered_quantiles(outputs, quantiles):
    """Return ascending quantiles of outputs: float64 (n_rows, n_quantiles), of the standardised outcome."""
    m = middle_of(quantiles)
    gaps, middle = np.logaddexp(0.0, outputs), outputs[:, m : m + 1]
    lower = middle - np.cumsum(gaps[:, :m][:, ::-1], axis=1)[:, ::-1]
    return np.hstack([lower, middle, middle + np.cumsum(gaps[:, m + 1 :], axis=1)])


def outputs_for(values, quantiles):
    """Return the outputs whose ordered quantiles are `values`, gaps below `_LEAST_GAP` widened to it."""
    m, gaps = middle_of(quantiles), np.maximum(np.diff(values), _LEAST_GAP)
    raw = np.log(np.expm1(gaps))
    return [*raw[:m].tolist(), float(values[m]), *raw[m:].tolist()]


def quantiles_of(y, weights, quantiles):
    """Return the quantiles of an outcome: float64 (n_quantiles,)."""
    method = {} if weights is None else {"weights": weights, "method": "inverted_cdf"}
    return np.quantile(y, quantiles, **method)


def _settle(quantiles):
    m, n = middle_of(quantiles), len(quantiles)

    def learn(y, ending, own_unit, offset=None, weights=None):
        unit = learn_unit(y, ending, own_unit, offset)
        y = y if offset is None else y - offset
        values = (quantiles_of(y, weights, quantiles) - unit["center"]) / unit["scale"]
        loss = _numpy_pinball((y - unit["center"]) / unit["scale"], values, quantiles, weights)
        return {**unit, "start": outputs_for(values, quantiles), "ignorant": loss}

    def learn_moments(mean, spread, ending, own_unit):
        unit = unit_of(mean, spread, ending, own_unit)
        values = (mean + spread * ndtri(quantiles) - unit["center"]) / unit["scale"]
        return {**unit, "start": outputs_for(values, quantiles)}

    def offset(offset, state):
        added = np.zeros((len(offset), n))
        added[:, m] = offset / state["scale"]
        return added

    def score(y, predicted, weights):
        from bineural.measures.quantile_losses import explained_pinball

        return explained_pinball(y, predicted, weights, quantiles)

    return {
        "loss": Pinball(tuple(quantiles)),
        "count_outputs": lambda n_classes: n,
        "allow_outputs": lambda n_classes: (n,),
        "learn": learn,
        "learn_moments": learn_moments,
        "offset": offset,
        "predict": lambda output, ending, state: (
            ordered_quantiles(output, quantiles) * state["scale"] + state["center"]
        ),
        "columns": tuple(f"{level:g}" for level in quantiles),
        "constant": lambda y, weights: quantiles_of(y, weights, quantiles),
        "known": {"quantiles": quantiles},
        "score": score,
        "baseline": lambda missing: _linear(quantiles),
    }


def _linear(quantiles):
    from bineural.nets.objectives.linear.linear_quantiles import LinearQuantiles

    return "quantile regression", LinearQuantiles(quantiles)


def _numpy_pinball(y, values, quantiles, weights):
    from bineural.measures.quantile_losses import mean_pinball

    return mean_pinball(y, np.tile(values, (len(y), 1)), weights, quantiles)


_levels = list_of(share(open_ends=True))


def _read_quantiles(value):
    levels = _levels.read(value)
    if list(levels) != sorted(set(levels)):
        raise Unfit(f"Found {shown(list(levels))}.", value)
    return tuple(float(level) for level in levels)


register_objective(
    Objective(
        "quantile",
        "numbers",
        Pinball((0.5,)),
        title="quantiles of numbers",
        endings=("linear",),
        unit="mean pinball loss of the standardised outcome",
        rows_only=True,
        may_change=True,
        start=lambda state: np.asarray(state["start"], dtype=np.float64),
        ignorant_loss=lambda state: state.get("ignorant") or None,
        task="quantiles",
        measure="pinball",
        options=(
            Option(
                "quantiles",
                (0.1, 0.5, 0.9),
                Check(
                    "numbers between 0 and 1, ascending, each once",
                    _read_quantiles,
                    "Use for example quantiles=[0.1, 0.5, 0.9].",
                ),
                "sequence of float",
                "Levels of the quantiles that are predicted, ascending (objective='quantile').",
                shared=True,
                cli_help="objective quantile: levels that are predicted (default: 0.1,0.5,0.9)",
                type="Sequence[float]",
            ),
        ),
        settle=_settle,
        targets=IN_ITS_UNIT["targets"],
    )
)
