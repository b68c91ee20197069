"""Whether probabilities mean what they say: the logistic recalibration, and observed shares in bins.

Reference: Van Calster, McLernon, van Smeden, Wynants and Steyerberg (2019). BMC Medicine 17, 230.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np

from bineural._typing import ArrayLike
from bineural.checks import checked, choice, share, whole
from bineural.drawn import Drawn
from bineural.measures import arguments
from bineural.measures.cross_entropy import SMALLEST
from bineural.messages import number_of
from bineural.notebook import Shown

STRATEGIES = ("uniform", "quantile")
_NOT_CONVERGED = "the regression did not converge"


@dataclass(eq=False, repr=False)
class Calibration(Shown, Drawn):
    """How far probabilities agree with what happened; made by `calibration`.

    Attributes
    ----------
    slope, intercept : float
        Of the logistic recalibration: log-odds of the event = intercept + slope * logit(probability). 1 and 0
        are perfect; a slope below 1 says that the probabilities are too extreme. NaN where undefined.
    slope_low, slope_high, intercept_low, intercept_high : float
        Wald intervals of the two.
    in_the_large, in_the_large_low, in_the_large_high : float
        The intercept with the slope held at 1, and its Wald interval: above 0, events are commoner than said.
    ece : float
        Expected calibration error: the mean over rows of the distance between mean probability and observed
        share in the row's bin.
    bins : pandas.DataFrame
        One row for each bin that holds rows: `lower`, `upper` (its edges), `n`, `mean_predicted`, `observed`
        (share of events), `low`, `high` (Wilson's interval of that share).
    undefined : dict of str to str
        Why "slope" and "intercept", or "in_the_large", are NaN.
    n, n_events, n_certain : int
        Rows, events, and rows whose probability is 0 or 1.
    level : float
        Confidence level of the intervals.
    strategy : str
        How the bins were cut.
    """

    slope: float
    slope_low: float
    slope_high: float
    intercept: float
    intercept_low: float
    intercept_high: float
    in_the_large: float
    in_the_large_low: float
    in_the_large_high: float
    ece: float
    bins: object
    undefined: dict
    n: int
    n_events: int
    n_certain: int
    level: float
    strategy: str

    def __str__(self):
        """Say n and events first, then the recalibration, then the error and what is undefined."""
        bins = number_of(len(self.bins), "bin")
        lines = [f"n = {self.n}, events = {self.n_events}, {bins} ({self.strategy})", ""]
        lines += self._table_lines()
        if self.n_certain:
            lines += ["", f"{self.n_certain} probabilities are 0 or 1; their logit is cut at 36.04."]
        reasons = {}
        for name, reason in self.undefined.items():
            reasons.setdefault(reason, []).append(name.replace("in_the_large", "intercept at slope 1"))
        for reason, names in reasons.items():
            lines += ["", f"Undefined: {' and '.join(names)} ({reason})."]
        return "\n".join(lines)

    __repr__ = __str__

    def _table_lines(self):
        lines = []
        level = f"{100 * self.level:g}% interval"
        for label, name in (
            ("slope", "slope"),
            ("intercept", "intercept"),
            ("intercept at slope 1", "in_the_large"),
        ):
            value, *limits = (_rounded(getattr(self, name + end)) for end in ("", "_low", "_high"))
            limits = "" if value == "NaN" else f"  {level} {' to '.join(limits)}"
            lines.append(f"{label:<26}{value:>9}{limits}")
        return [*lines, f"{'expected calibration error':<26}{self.ece:>9.4f}"]

    def to_dict(self):
        """Return the fields as plain values; `bins` as a dict of lists."""
        return {**vars(self), "undefined": dict(self.undefined), "bins": self.bins.to_dict("list")}


@checked(
    bins=whole(1, hint="Leave it at 10."),
    strategy=choice(*STRATEGIES),
    level=share(open_ends=True, hint="Pass for example 0.95."),
)
def calibration(
    y_true: ArrayLike,
    probability: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    bins: int = 10,
    strategy: Literal["uniform", "quantile"] = "uniform",
    level: float = 0.95,
) -> Calibration:
    """Measure how far predicted probabilities agree with what happened [1]_.

    Parameters
    ----------
    y_true : array_like of int or bool, shape (n_rows,)
        1 where the event happened, 0 where it did not.
    probability : array_like of float64, shape (n_rows,)
        Predicted probability of the event, 0 to 1.
    weights : array_like of float64, shape (n_rows,), optional
        How much each row stands for, such as one over its chance of being in the sample.
    bins : int, default 10
        Bins of the calibration error and of the plot.
    strategy : {"uniform", "quantile"}, default "uniform"
        Bins of equal width, or with about equally many rows. A probability on an edge counts below it; equal
        probabilities share a bin, so "quantile" may give fewer.
    level : float, default 0.95
        Confidence level of the intervals.

    Returns
    -------
    Calibration
        With fields slope, intercept, in_the_large, ece (each NaN where `undefined` says why), intervals,
        bins (table) and more.

    Raises
    ------
    InputError
        If a probability is NaN or outside [0, 1], the lengths differ, or `bins` or `strategy` is not as said.

    Notes
    -----
    The recalibration is a logistic regression of the event on logit(probability), with the digits of R's
    `glm`. Probabilities are kept 2.2e-16 away from 0 and 1 for the logit, as in `log_loss`, and `n_certain`
    counts them: they weigh heavily on the slope.

    Slope and intercept are undefined where all rows have one probability, and where the probabilities
    separate the classes (all events at or above a value, all others at or below it, or the other way round):
    then no finite slope fits best. With one class in the rows, all three are undefined. `ece` always is
    defined; it shrinks with wider bins and is above 0 by chance, so compare it on equal bins and rows.

    Intervals of slope and intercepts are Wald's, with weights from the sandwich variance; Wilson's take with
    weights Kish's effective number of rows.

    References
    ----------
    .. [1] Cox (1958). *Biometrika* 45(3/4), 562-565.

    Examples
    --------
    >>> import bineural as bn
    >>> kyphosis = bn.load_dataset("kyphosis")
    >>> glm = bn.fit_glm("Kyphosis ~ Start", kyphosis, event="present")
    >>> evaluation = bn.evaluate_model(glm, kyphosis)
    >>> result = calibration(evaluation.y_true, evaluation.score, strategy="quantile", bins=4)
    >>> round(result.slope, 6), round(abs(result.in_the_large), 6)
    (1.0, 0.0)
    >>> result.bins["n"].tolist()
    [22, 24, 16, 19]
    """
    event, probability, weights = arguments.check_probabilities(y_true, probability, weights)
    table = bin_table(event, probability, weights, bins, strategy, level)
    of_rows = table.pop("share")
    return Calibration(
        **_recalibrate(event, probability, weights, level),
        ece=float(np.sum(of_rows * np.abs(table["mean_predicted"] - table["observed"]))),
        bins=table,
        n=event.size,
        n_events=int(np.count_nonzero(event)),
        n_certain=int(np.count_nonzero((probability == 0) | (probability == 1))),
        level=level,
        strategy=strategy,
    )


def bin_table(event, probability, weights, bins, strategy, level):
    """Make the table of bins, with each bin's share of the weight."""
    import pandas as pd

    edges = np.linspace(0, 1, bins + 1)
    if strategy == "quantile":
        how = {} if weights is None else {"weights": weights, "method": "inverted_cdf"}
        edges = np.quantile(probability, edges, **how)
    inner = np.unique(edges[1:-1])
    edges = np.concatenate([edges[:1], inner, edges[-1:]])
    codes = np.searchsorted(inner, probability)
    held, codes = np.unique(codes, return_inverse=True)
    given = np.ones(event.size) if weights is None else weights
    total = np.bincount(codes, given)
    observed = np.bincount(codes, given * event) / total
    low, high = wilson_interval(observed, total**2 / np.bincount(codes, np.square(given)), level)
    return pd.DataFrame(
        {
            "lower": edges[held],
            "upper": edges[held + 1],
            "n": np.bincount(codes),
            "mean_predicted": np.bincount(codes, given * probability) / total,
            "observed": observed,
            "low": low,
            "high": high,
            "share": total / total.sum(),
        }
    )


def wilson_interval(share, n_rows, level):
    """Compute Wilson's score interval of a share, shapes alike.

    Reference: Wilson (1927). Journal of the American Statistical Association 22(158), 209-212.
    """
    z = NormalDist().inv_cdf((1 + level) / 2)
    shrink = 1 + z**2 / n_rows
    centre = (share + z**2 / (2 * n_rows)) / shrink
    reach = z / shrink * np.sqrt(share * (1 - share) / n_rows + z**2 / (4 * n_rows**2))
    return np.maximum(centre - reach, 0.0), np.minimum(centre + reach, 1.0)


def _recalibrate(event, probability, weights, level):
    """Fit the two recalibrations; return their coefficients with intervals and what is undefined."""
    kept = np.clip(probability, SMALLEST, 1 - SMALLEST)
    x = np.log(kept) - np.log1p(-kept)
    undefined, reason = {}, _without_slope(event, x)
    one_class = event.all() or not event.any()
    line = None if reason else _fit(event, x, weights, None, level)
    shift = None if one_class else _fit(event, None, weights, x, level)
    if line is None:
        line = np.full((2, 3), np.nan)
        undefined = dict.fromkeys(("slope", "intercept"), reason or _NOT_CONVERGED) | undefined
    if shift is None:
        shift = np.full((1, 3), np.nan)
        undefined["in_the_large"] = reason if one_class else _NOT_CONVERGED
    coefficients = {}
    for name, row in zip(("intercept", "slope", "in_the_large"), np.vstack([line, shift]).tolist()):
        coefficients |= dict(zip((name, f"{name}_low", f"{name}_high"), row))
    return {**coefficients, "undefined": undefined}


def _without_slope(event, x):
    """Say why no finite slope fits best, or return None."""
    if event.all() or not event.any():
        return f"all {event.size} rows are {'events' if event[0] else 'without the event'}"
    if x.min() == x.max():
        return "all rows have the same probability"
    events, others = x[event], x[~event]
    if others.max() <= events.min() or events.max() <= others.min():
        return "the probabilities separate events from other rows"
    return None


def _fit(event, x, weights, offset, level):
    """Fit event ~ x, or event ~ 1 with an offset; return estimate, low, high of each coefficient, or None."""
    from bineural.irls import fit_irls

    columns = np.empty((event.size, 0)) if x is None else x[:, None]
    fit = fit_irls(columns, event.astype(float), weights=weights, offset=offset)
    if not fit.converged:
        return None
    covariance = fit.vcov
    if weights is not None:
        design = np.column_stack([np.ones(event.size), columns])
        scores = design * (weights * (event - fit.fitted))[:, None]
        information = (design.T * (weights * fit.fitted * (1 - fit.fitted))) @ design
        influence = scores @ np.linalg.inv(information)  # (n_rows, n_coefficients)
        covariance = influence.T @ influence  # no variance below 0, whatever the rounding
    reach = NormalDist().inv_cdf((1 + level) / 2) * np.sqrt(np.diag(covariance))
    return np.stack([fit.coef, fit.coef - reach, fit.coef + reach], axis=1)


def _rounded(value):
    """Write a number with four decimals, and no minus before zeros."""
    return "NaN" if math.isnan(value) else f"{round(value, 4) + 0.0:.4f}"
