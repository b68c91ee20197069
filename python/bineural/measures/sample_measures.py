"""How well made rows are told from real ones, see `representations/two_sample.py`; 0.5 is perfect."""

import numpy as np

from bineural.measures.registry import NAN, built_in

_LEAST = 20
_SEED = 1


def told_apart(y_true, prediction, weights=None):
    """Compute the AUROC of a forest, fitted to half of the real and the made rows, on the rest."""
    from scipy.stats import rankdata

    n, n_made = len(y_true), len(prediction)
    if min(n, n_made) < _LEAST:
        return NAN
    X, made = np.vstack([y_true, prediction]), np.repeat([0, 1], [n, n_made])
    score, rows = forest_scores(X, made, _SEED)
    ranks, made = rankdata(score), made[rows]
    n_pairs = made.sum() * (len(made) - made.sum())
    return float((ranks[made == 1].sum() - made.sum() * (made.sum() + 1) / 2) / n_pairs)


def forest_scores(X, y, seed):
    """Return what a forest, fitted to one half of the rows, says of the other half, and which rows that is.

    Parameters
    ----------
    X : ndarray of float64, shape (n_rows, n_values)
    y : ndarray of int, shape (n_rows,)
        1 for made rows.
    seed : int or None
    """
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.model_selection import train_test_split

    halves, trees = np.random.default_rng(seed).integers(0, 2**31, 2).tolist()
    train, test = train_test_split(np.arange(len(y)), test_size=0.5, stratify=y, random_state=halves)
    forest = RandomForestClassifier(300, min_samples_leaf=3, random_state=trees).fit(X[train], y[train])
    return forest.predict_proba(X[test])[:, 1], test


built_in(
    "two_sample",
    told_apart,
    label="two-sample AUROC",
    larger_is_better=False,
    range=(0.0, 1.0),
    takes_weights=False,
    tasks=("samples",),
    evaluated=("samples",),
    compared=("samples",),
    place=130,
    undefined=lambda y_true, prediction: (
        f"fewer than {_LEAST} rows are tested" if len(y_true) < _LEAST else None
    ),
    reference="Lopez-Paz and Oquab (2017). Revisiting classifier two-sample tests. ICLR.",
)
