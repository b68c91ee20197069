"""Where to call a row an event: the best threshold of a score, and what it does to calls and costs."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np

from bineural._typing import ArrayLike
from bineural.checks import checked, choice, sequence, share
from bineural.errors import InputError
from bineural.measures import arguments
from bineural.measures.curve_points import operating_points

CRITERIA = ("youden", "topleft", "cost", "accuracy")
NAMES = {
    "youden": "largest sensitivity + specificity",
    "topleft": "nearest to sensitivity 1 and specificity 1",
    "cost": "smallest expected cost",
    "accuracy": "largest accuracy",
}
EQUAL = 1e-12  # criteria that differ by less are equally good


@dataclass(frozen=True)
class Threshold:
    """Where to call a row an event, and what that does; made by `threshold`.

    Attributes
    ----------
    threshold : float
        Call a row an event when its score is at least this; -inf calls all, inf none.
    sensitivity, specificity : float
        Shares of events called events, and of others called others.
    ppv, npv, accuracy : float
        Shares of right calls among rows called events, among rows called others, and among all, at
        `prevalence`; NaN where no row gets that call.
    prevalence : float
        Share of events that these and the costs are for.
    cost : float
        Expected cost per row; NaN where no costs are named.
    cost_fp, cost_fn : float
        Costs of a false and of a missed event; NaN where not named.
    criterion : str
        What is best here.
    n_best : int
        Thresholds that are equally good; the highest sensitivity among them is taken.
    n, n_events : int
        Rows, and events among them.
    """

    threshold: float
    sensitivity: float
    specificity: float
    ppv: float
    npv: float
    accuracy: float
    prevalence: float
    cost: float
    cost_fp: float
    cost_fn: float
    criterion: str
    n_best: int
    n: int
    n_events: int

    def __str__(self):
        """Say n and events first, then the threshold and what it does."""
        lines = [
            f"n = {self.n}, events = {self.n_events}: call an event from {self.threshold:.6g} on "
            f"({NAMES[self.criterion]})",
            f"sensitivity {self.sensitivity:.4f}, specificity {self.specificity:.4f}",
            f"at prevalence {self.prevalence:.4g}: PPV {self.ppv:.4f}, NPV {self.npv:.4f}, "
            f"accuracy {self.accuracy:.4f}",
        ]
        if not math.isnan(self.cost):
            lines.append(
                f"expected cost per row {self.cost:.4g} (a false event costs {self.cost_fp:g}, "
                f"a missed one {self.cost_fn:g})"
            )
        if self.n_best > 1:
            lines.append(f"{self.n_best} thresholds are equally good; the most sensitive is given")
        return "\n".join(lines)

    def to_dict(self):
        """Return the fields as a dict of plain values."""
        return asdict(self)


@checked(
    criterion=choice(
        *CRITERIA, hint="Leave it out for Youden's, or for the smallest cost where costs are named."
    ).or_none(),
    prevalence=share(open_ends=True, hint="Pass for example 0.2.").or_none(),
)
def threshold(
    y_true: ArrayLike,
    score: ArrayLike,
    *,
    costs: tuple[float, float] | None = None,
    prevalence: float | None = None,
    weights: ArrayLike | None = None,
    criterion: Literal["youden", "topleft", "cost", "accuracy"] | None = None,
) -> Threshold:
    """Find the threshold from which rows are best called events.

    Parameters
    ----------
    y_true : array_like of int or bool, shape (n_rows,)
        1 where the event happened, 0 where it did not.
    score : array_like of float64, shape (n_rows,)
        Larger means the event is more likely; any monotone scale.
    costs : tuple of float, optional
        Cost of calling another row an event (false positive), and of missing an event (false negative).
    prevalence : float, optional
        Share of events where the threshold will be used; by default that of these rows. It enters PPV, NPV,
        accuracy and cost, and the choice where the criterion is "cost" or "accuracy".
    weights : array_like of float64, shape (n_rows,), optional
        Row weights.
    criterion : {"youden", "topleft", "cost", "accuracy"}, optional
        "youden": largest sensitivity + specificity [1]_; "topleft": nearest to the corner where both are 1;
        "cost": smallest expected cost; "accuracy": most right calls, which is "cost" with equal costs. By
        default "cost" where costs are named, else "youden".

    Returns
    -------
    Threshold
        With fields threshold, sensitivity, specificity, ppv, npv, accuracy, prevalence, cost, cost_fp,
        cost_fn, criterion, n_best, n, n_events.

    Raises
    ------
    InputError
        If `y_true` does not hold both classes, the score has NaN or another length, the costs are not two
        positive numbers, the prevalence is not strictly between 0 and 1, or "cost" lacks costs or another
        criterion gets them.

    Notes
    -----
    Candidates are the thresholds of `roc_points`. With prevalence p the expected cost of a row is
    p (1 - sensitivity) cost_fn + (1 - p) (1 - specificity) cost_fp: the choice of pROC's
    `coords(best.method = "youden", best.weights = c(cost_fn / cost_fp, p))`.

    A threshold chosen on the rows on which it is then judged looks better than it is: choose it on training
    rows, or out of fold.

    References
    ----------
    .. [1] Youden (1950). *Cancer* 3(1), 32-35.

    Examples
    --------
    >>> best = threshold([0, 0, 1, 0, 1, 1], [1, 2, 3, 4, 5, 6])
    >>> best.threshold, best.sensitivity, best.specificity
    (2.5, 1.0, 0.6666666666666666)
    >>> threshold([0, 0, 1, 0, 1, 1], [1, 2, 3, 4, 5, 6], costs=(5, 1)).threshold
    4.5
    """
    costs, criterion = _read_costs(costs, criterion)
    event, score, weights = arguments.check_scores(y_true, score, weights)
    if prevalence is None:
        prevalence = float(np.average(event, weights=weights))
    points = operating_points(event, score, weights)
    sensitivity, specificity = points["sensitivity"], points["specificity"]
    loss = _loss(criterion, sensitivity, specificity, prevalence, costs)
    best = np.flatnonzero(loss <= loss.min() + EQUAL * (1 + abs(loss.min())))
    sensitivity, specificity = float(sensitivity[best[0]]), float(specificity[best[0]])
    cost_fp, cost_fn = costs or (math.nan, math.nan)
    hits, misses = prevalence * sensitivity, prevalence * (1 - sensitivity)
    alarms, passes = (1 - prevalence) * (1 - specificity), (1 - prevalence) * specificity
    return Threshold(
        threshold=float(points["threshold"][best[0]]),
        sensitivity=sensitivity,
        specificity=specificity,
        ppv=hits / (hits + alarms) if hits + alarms > 0 else math.nan,
        npv=passes / (passes + misses) if passes + misses > 0 else math.nan,
        accuracy=hits + passes,
        prevalence=prevalence,
        cost=misses * cost_fn + alarms * cost_fp,
        cost_fp=cost_fp,
        cost_fn=cost_fn,
        criterion=criterion,
        n_best=best.size,
        n=event.size,
        n_events=int(np.count_nonzero(event)),
    )


def _loss(criterion, sensitivity, specificity, prevalence, costs):
    """Say how bad each point is by the criterion."""
    if criterion == "youden":
        return -(sensitivity + specificity)
    if criterion == "topleft":
        return np.square(1 - sensitivity) + np.square(1 - specificity)
    cost_fp, cost_fn = costs if criterion == "cost" else (1.0, 1.0)
    loss = prevalence * (1 - sensitivity) * cost_fn + (1 - prevalence) * (1 - specificity) * cost_fp
    return loss / max(cost_fp, cost_fn)


def _read_costs(costs, criterion):
    if criterion is None:
        criterion = "youden" if costs is None else "cost"
    if (costs is not None) != (criterion == "cost"):
        raise InputError(
            'Costs must be named for the criterion "cost", and for no other.',
            f"Found costs={costs!r} and criterion={criterion!r}.",
            "Leave `criterion` out and name the costs of a false and of a missed event.",
        )
    if costs is None:
        return None, criterion
    try:
        cost_fp, cost_fn = (float(cost) for cost in sequence().read(costs))
    except (TypeError, ValueError):
        cost_fp = cost_fn = math.nan
    if not (0 < cost_fp < math.inf and 0 < cost_fn < math.inf):
        raise InputError(
            "`costs` must be two positive numbers: of a false event, and of a missed one.",
            f"Found {costs!r}.",
            "Pass for example costs=(1, 5).",
        )
    return (cost_fp, cost_fn), criterion
