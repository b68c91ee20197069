"""Records of a permutation test and of an optimism bootstrap; they print themselves, n and events first."""

from dataclasses import dataclass, field, fields

import numpy as np

from bineural.messages import number_of
from bineural.notebook import Shown


class _Record(Shown):
    def to_dict(self):
        """Return the fields as a dict."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def _penalised(self):
        """Say how many fits are no maximum likelihood."""
        if not self.n_penalised:
            return []
        return [
            f"{self.n_penalised} of {self.n_fits} fits were separated or did not converge: a ridge chosen "
            "within their rows stands in."
        ]

    def __repr__(self):
        """Say what was found, n and events first."""
        return str(self)


@dataclass(frozen=True, eq=False, repr=False)
class PermutationTest(_Record):
    """A cross-validated measure beside what it is when predictors and outcome are strangers.

    Attributes
    ----------
    observed : float
        Mean over the folds.
    p_value : float
        (1 + permutations that do as well or better) / (1 + n_permutations).
    permuted : ndarray of float64, shape (n_permutations,)
        The measure under each permutation.
    measure, label : str
        Name of the measure, and what it is called in print.
    larger_is_better : bool
    n, n_events : int
        Rows, and events among them.
    event : label
    n_folds, n_undefined : int
        Test folds that were measured, and those left out because a class was absent.
    n_permutations : int
    seed : int
    n_fits, n_penalised : int
        Fits in all, and those of them with a ridge in place of maximum likelihood.
    """

    observed: float
    p_value: float
    permuted: np.ndarray = field(repr=False)
    measure: str
    n: int
    n_events: int
    event: object
    n_folds: int
    n_undefined: int
    n_permutations: int
    seed: int
    n_fits: int = 0
    n_penalised: int = 0
    label: str = "AUROC"
    larger_is_better: bool = True

    def __str__(self):
        """Say n and events first, then the measure beside the permutations."""
        best = self.permuted.max() if self.larger_is_better else self.permuted.min()
        left_out = f" ({self.n_undefined} without both classes left out)" if self.n_undefined else ""
        folds, permutations = number_of(self.n_folds, "fold"), number_of(self.n_permutations, "permutation")
        return (
            f"n = {self.n}, events = {self.n_events}: {self.label} {self.observed:.4f} over "
            f"{folds}{left_out}\n{permutations}: mean "
            f"{self.permuted.mean():.4f}, best {best:.4f}; p = {self.p_value:.4g} for no signal at all"
            + "".join(f"\n{line}" for line in self._penalised())
        )


@dataclass(frozen=True, eq=False, repr=False)
class OptimismBootstrap(_Record):
    """What a model's measures on its own rows owe to having seen them.

    Attributes
    ----------
    n, n_events : int
        Rows, and events among them.
    event : label
    n_boot, n_undefined : int
        Bootstrap samples used, and those left out because a class was absent.
    auroc_apparent, auroc_optimism, auroc_corrected : float
        On the model's own rows; what the samples' fits lose from their own rows to all rows, on average;
        the first less the second.
    brier_apparent, brier_optimism, brier_corrected : float
        Likewise; the Brier score's optimism is negative, as small is good.
    brier_loo : float
        Leave-one-out bootstrap: each row judged by the fits that did not see it; NaN if all saw all rows.
    brier_632, brier_632_plus : float
        Efron and Tibshirani's averages of that and the apparent score.
    seed : int
    rng : {"R", "pcg64"}
    n_fits, n_penalised : int
        Fits in all, and those of them with a ridge in place of maximum likelihood.
    """

    n: int
    n_events: int
    event: object
    n_boot: int
    n_undefined: int
    auroc_apparent: float
    auroc_optimism: float
    auroc_corrected: float
    brier_apparent: float
    brier_optimism: float
    brier_corrected: float
    brier_loo: float
    brier_632: float
    brier_632_plus: float
    seed: int
    rng: str
    n_fits: int = 0
    n_penalised: int = 0

    def __str__(self):
        """Say n and events first, then the measures as a table."""
        left_out = f" ({self.n_undefined} without both classes left out)" if self.n_undefined else ""
        lines = [
            f"n = {self.n}, events = {self.n_events}; {number_of(self.n_boot, 'bootstrap sample')}{left_out}",
            "",
            *self._table_lines(),
            "",
            f"Brier by rows left out {self.brier_loo:.4f}, .632 {self.brier_632:.4f}, "
            f".632+ {self.brier_632_plus:.4f}",
            *self._penalised(),
        ]
        return "\n".join(lines)

    def _table_lines(self):
        lines = ["measure  apparent  optimism  corrected"]
        for name in ("AUROC", "Brier"):
            values = (
                getattr(self, f"{name.lower()}_{word}") for word in ("apparent", "optimism", "corrected")
            )
            lines.append(f"{name:<7}  {next(values):8.4f}  {next(values):8.4f}  {next(values):9.4f}")
        return lines
