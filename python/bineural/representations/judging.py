"""What rows that a generator makes are worth: told from real ones, copied, or of some classes only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bineural._typing import DataFrame, Labels, RowsLike, Seed
from bineural.checks import checked, seed
from bineural.errors import InputError
from bineural.not_models import called
from bineural.representations.collapse import spread_of
from bineural.representations.two_sample import TwoSample, two_sample_auroc

if TYPE_CHECKING:
    from bineural.representations.autoencoder import Autoencoder
    from bineural.representations.gan import GAN
    from bineural.representations.rbm import RBM

_ROWS = 200  # whose distances from one another are looked at
_AT_ONCE = 2**22  # distances held at a time


@dataclass(frozen=True)
class JudgedSamples:
    """What made rows are worth.

    Attributes
    ----------
    told_apart : TwoSample
        How well a classifier tells them from real rows: an AUROC of 0.5 is perfect.
    nearness : float
        Median distance of made rows from the nearest training row, over that of real rows that the generator
        was not trained on. Far below 1 training rows are copied.
    copied : float
        Share of made rows that are nearer to a training row than 95 in 100 of these real rows are.
    classes : pandas.DataFrame or None
        Columns label, real and made: the share of each class among real and made rows, the latter as a
        classifier takes them that was fitted to the real rows.
    coverage : float
        Sum over classes of the smaller of both shares: 1 where made rows have the classes of real ones, NaN
        without labels.
    spread : float
        Mean distance of made rows from one another, over that of real ones: far below 1 the generator has
        collapsed.
    """

    told_apart: TwoSample
    nearness: float
    copied: float
    classes: DataFrame | None
    coverage: float
    spread: float

    def __str__(self):
        """Write it in a few lines."""
        t = self.told_apart
        lines = [
            f"Told apart:  AUROC {t.auroc:.3f} (95% interval {t.lower:.3f} to {t.upper:.3f}); 0.5 is perfect",
            f"Copies:      {self.nearness:.2f} times as far from a training row as unseen real rows; "
            f"{self.copied:.0%} are nearer than 95 in 100 of these",
            f"Spread:      {self.spread:.2f} times that of real rows",
        ]
        if self.classes is not None:
            lines.append(f"Classes:     coverage {self.coverage:.2f} of 1")
            rows = self.classes.itertuples()
            lines += [
                f"  {row.label}: {row.made:.1%} of made rows, {row.real:.1%} of real ones" for row in rows
            ]
        return "\n".join(lines)


@checked(seed=seed())
def judge_samples(
    model: GAN | Autoencoder | RBM,
    real: RowsLike,
    train: RowsLike,
    labels: Labels | None = None,
    *,
    seed: Seed = 1,
) -> JudgedSamples:
    """Judge the rows that a generator makes, as many as there are real ones.

    Parameters
    ----------
    model : GAN, variational Autoencoder or RBM
        Fitted.
    real : data frame or array_like
        Real rows that the generator was not trained on.
    train : data frame or array_like
        The rows that it was trained on.
    labels : array_like, shape (n_real,), optional
        Classes of the real rows, for the coverage.
    seed : int, optional
        Of made rows and classifiers.

    Returns
    -------
    JudgedSamples

    Raises
    ------
    InputError
        If the model generates nothing, rows can't be used, or fewer than 20 are complete.

    Notes
    -----
    Distances are Euclidean, of values scaled as the generator has them. Both classifiers are random forests
    of 300 trees: the one that tells rows apart is asked about half of the rows, fitted to the other half; the
    one of classes is fitted to the real rows, and so the same for all generators that scale rows alike.

    References
    ----------
    Lopez-Paz and Oquab (2017). Revisiting classifier two-sample tests. *ICLR*.

    Examples
    --------
    >>> import bineural as bn
    >>> import numpy as np
    >>> x = np.random.default_rng(1).normal(4, 0.5, (200, 1))
    >>> gan = bn.fit_gan(x[:150], n_noise=4, units=(16,), epochs=60, seed=1)
    >>> 0 <= bn.judge_samples(gan, x[150:], x[:150]).told_apart.auroc <= 1
    True
    """
    from sklearn.ensemble import RandomForestClassifier

    if not getattr(model, "generates_", False):
        raise InputError(
            "`model` must generate rows: a variational autoencoder, a GAN or a Boltzmann machine.",
            f"Found {called(model)}.",
            "Fit one with fit_autoencoder(x, variational=True), fit_gan(x) or fit_rbm(x).",
        )
    values = model.prepared_values(real)
    complete = np.isfinite(values).all(axis=1)
    held, known = values[complete], model.prepared_values(train)
    known = known[np.isfinite(known).all(axis=1)]
    names = None if labels is None else _read_labels(labels, len(values))[complete]
    rng = np.random.default_rng(seed)
    made = model.draw_values(len(held), rng)
    apart = two_sample_auroc(held, made, seed=seed)
    near, usual = nearest_distances(made, known), nearest_distances(held, known)
    classes, coverage = None, float("nan")
    if names is not None:
        import pandas as pd

        forest = RandomForestClassifier(300, min_samples_leaf=3, random_state=0).fit(held, names)
        shares = pd.Series(forest.predict(made)).value_counts(normalize=True)
        of_real = pd.Series(names).value_counts(normalize=True).sort_index()
        columns = {"label": of_real.index, "real": of_real.to_numpy()}
        columns["made"] = shares.reindex(of_real.index).fillna(0).to_numpy()
        classes = pd.DataFrame(columns)
        coverage = float(np.minimum(classes["real"], classes["made"]).sum())
    middle = float(np.median(usual))
    return JudgedSamples(
        apart,
        float(np.median(near)) / middle if middle else float("nan"),
        float(np.mean(near < np.quantile(usual, 0.05))),
        classes,
        coverage,
        spread_of(held[rng.permutation(len(held))[:_ROWS]], made[:_ROWS]),
    )


def nearest_distances(rows, others):
    """Return the distance of each row from the nearest of the others: float64, (n_rows,)."""
    from scipy.spatial.distance import cdist

    at_once = max(1, _AT_ONCE // len(others))
    parts = [cdist(rows[i : i + at_once], others).min(axis=1) for i in range(0, len(rows), at_once)]
    return np.concatenate(parts)


def _read_labels(labels, n_rows):
    names = np.asarray(labels, dtype=object).ravel()
    if len(names) != n_rows or any(name is None or name != name for name in names):
        raise InputError(
            f"`labels` must name the class of each of the {n_rows} real rows.",
            f"Found {len(names)}, or some that are missing.",
            "Pass one for each row.",
        )
    return np.array([str(name) for name in names], dtype=object)
