"""The records of how sure a measure is: an estimate with its interval, and two AUROCs compared."""

from dataclasses import asdict, dataclass

from bineural.messages import number_of


@dataclass(frozen=True)
class Interval:
    """An estimate and the interval around it.

    Attributes
    ----------
    estimate, low, high : float
    variance : float
        DeLong's variance of the estimate, or that of the bootstrap's draws; NaN when a class has a single
        row.
    level : float
        Confidence level.
    method : str
        "logit", "delong", "bootstrap", "exact" (the bound at an AUROC of 0 or 1) or "undefined" (low and
        high are NaN).
    n, n_events : int
        Rows, and events among them.
    measure : str
        What the estimate is of, as it is printed.
    """

    estimate: float
    low: float
    high: float
    variance: float
    level: float
    method: str
    n: int
    n_events: int
    measure: str = "AUROC"

    def __str__(self):
        """Say n and events first, then the estimate with its interval."""
        events = "" if self.n_events is None else f", events = {self.n_events}"
        return (
            f"n = {self.n}{events}: {self.measure} {self.estimate:.4g}, "
            f"{100 * self.level:g}% interval {self.low:.4g} to {self.high:.4g} ({self._how()})"
        )

    def _how(self):
        return self.method

    def to_dict(self):
        """Return the fields as a dict of plain values."""
        return asdict(self)


@dataclass(frozen=True)
class BootstrapInterval(Interval):
    """An estimate and the interval that the bootstrap gives it; the fields of `Interval`, and these.

    Attributes
    ----------
    n_events : int or None
        None where the outcome is not an event.
    n_boot, seed : int
        Draws, and what they started from.
    n_undefined : int
        Draws whose measure is NaN; they are left out.
    """

    n_boot: int = 0
    seed: int = 0
    n_undefined: int = 0

    def _how(self):
        undefined = f", {self.n_undefined} of them undefined" if self.n_undefined else ""
        return f"{self.method}, {number_of(self.n_boot, 'draw')}{undefined}"


@dataclass(frozen=True)
class AurocComparison:
    """Two scores of the same rows compared by their AUROCs.

    Attributes
    ----------
    auroc_a, auroc_b, difference : float
        The two areas, and a minus b.
    low, high : float
        Interval of the difference (normal, not clipped).
    statistic, p_value : float
        DeLong's z and its two-sided p.
    variance_a, variance_b, covariance : float
        DeLong's estimates.
    level : float
        Confidence level of the interval.
    n, n_events : int
        Rows, and events among them.
    """

    auroc_a: float
    auroc_b: float
    difference: float
    low: float
    high: float
    statistic: float
    p_value: float
    variance_a: float
    variance_b: float
    covariance: float
    level: float
    n: int
    n_events: int

    def __str__(self):
        """Say n and events first, then the difference with its interval."""
        return (
            f"n = {self.n}, events = {self.n_events}: AUROC {self.auroc_a:.4g} and {self.auroc_b:.4g}, "
            f"difference {self.difference:.4g}, {100 * self.level:g}% interval {self.low:.4g} to "
            f"{self.high:.4g} (DeLong, z = {self.statistic:.4g}, p = {self.p_value:.4g})"
        )

    def to_dict(self):
        """Return the fields as a dict of plain values."""
        return asdict(self)
